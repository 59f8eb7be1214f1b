"""The types of the knowledge base: what a YAML file in kb/ may say. Unknown fields are refused.

docs/rules.md shows each of them by example.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from engine.knowledge.asides import EemTemplate, Plan, Symptom, Topic
from engine.knowledge.written import Cite, Entry, Statement, Text

Role = Literal["flow", "receiver", "receiver-setup", "sender", "sender-setup", "pair", "device", "case"]


class SourceDocument(Entry, frozen=True, kw_only=True):
    """A document that claims may cite."""

    title: str
    url: str | None = None
    note: str | None = None


class Collect(Entry, frozen=True, kw_only=True):
    """A command that settles a condition. `on` is the role whose device it is typed on.

    `cost` orders questions: show (a show command), config (read the configuration), debug, wait (recurrence).
    """

    command: str
    cost: Literal["show", "config", "debug", "wait"] = "show"
    on: Literal["receiver", "sender"] = "receiver"


class Condition(Entry, frozen=True, kw_only=True):
    """A proposition about a role of a subject, and what makes it true or false.

    Attributes:
        of: the role it looks at.
        title: the proposition as a sentence.
        yes: test that makes it true (`engine.observe.tests` is its grammar).
        no: test that makes it false; where absent, it is false where `yes` fails and `complete` holds.
        complete: the list that has to be seen whole before absence means no; "always" for a proposition about
            the evidence in hand ("nothing in this case shows ...").
        observer: name of an observer in engine.observe.observers, in place of `yes`.
        values: for a category: the values it can take; `field` then names where the value stands.
        field: see values.
        statement, source: where the proposition's meaning comes from.
        ask: the question to put to a person; collect: what answers it from a device.
    """

    of: Role
    title: Text
    statement: Statement
    source: str
    yes: dict[str, Any] | None = None
    no: dict[str, Any] | None = None
    complete: dict[str, Any] | Literal["always"] | None = None
    observer: str | None = None
    values: list[str] | None = None
    field: str | None = None
    ask: Text | None = None
    collect: list[Collect] = []


class Necessary(Entry, frozen=True, kw_only=True):
    """A condition without which a hypothesis cannot be. Only a stated one excludes."""

    condition: str
    statement: Statement
    source: str


class Releases(Entry, frozen=True, kw_only=True):
    """Affected and fixed releases of a bug as a source lists them. Empty means not public: never a verdict.

    Attributes:
        affected: entries of `engine.release.span`.
        fixed: first releases with the fix, each of its own train.
        note: what the source says of releases and a list cannot (whole trains without a fix, sources that
            disagree); shown where the lists do not decide.
    """

    affected: list[str] = []
    fixed: list[str] = []
    note: Text | None = None


class MoreReleases(Entry, frozen=True, kw_only=True):
    """bugs/ID/releases.yaml: releases that are added to those of the bug's rule, and who lists them."""

    affected: list[str] = []
    fixed: list[str] = []
    cites: list[Cite]


class SeverityWhen(Entry, frozen=True, kw_only=True):
    """A severity that holds under a formula; the first that holds counts."""

    when: Any
    severity: Literal["info", "warning", "error"]


class Hypothesis(Entry, frozen=True, kw_only=True):
    """A bug, a cause, or a condition reported as a finding.

    Attributes:
        of: what it is judged for: flow, pair (all flows of one source and destination), device.
        subject: the role whose device is named in the finding; its peer is the other end.
        axis: trigger (what put the SAs out of step), recovery (why they stay so), defect, state (what is).
        weight: how often it is met, coarse and marked as a judgement: common, occasional, rare.
        always: listed whatever the verdict, once for the case where no flow makes it possible (seed bugs).
        relation: of a bug: seed (of the document this rests on), direct (about this message), near (takes SAs or IKE
            away), far (takes the device down), look-alike (another symptom), other-os (a twin on another system).
            None for causes and conditions.
        workaround: of a bug: what its source does about it, as far as it is no action of ours.
        necessary, signature, proof, for_, against, releases: see docs/rules.md.
    """

    of: Literal["flow", "pair", "device"]
    title: Text
    severity: Literal["info", "warning", "error"] | list[SeverityWhen]
    axis: Literal["trigger", "recovery", "defect", "state"]
    weight: Literal["common", "occasional", "rare"]
    subject: Literal["receiver", "sender"] = "receiver"
    always: bool = False
    relation: Literal["seed", "direct", "near", "far", "look-alike", "other-os"] | None = None
    workaround: Text | None = None
    necessary: list[Necessary] = []
    signature: Any = None
    proof: Any = None
    for_: list[Any] = msgspec.field(name="for", default_factory=list)
    against: list[Any] = []
    releases: Releases | None = None
    cites: list[Cite]


class MatrixRow(Entry, frozen=True, kw_only=True):
    """A row of the recovery matrix as the seed has it."""

    title: Text
    support: Literal["yes", "no", "not_applicable"]
    source: str


class OutsideRow(Entry, frozen=True, kw_only=True):
    """A setup kind that the matrix does not list: our inference, never mixed with support."""

    title: Text
    inferred: Literal["yes", "no", "not_applicable"] | None
    why: Text
    source: str


class Matrix(Entry, frozen=True, kw_only=True):
    """The invalid SPI recovery matrix, and what lies outside it."""

    rows: dict[str, MatrixRow]
    outside: dict[str, OutsideRow]

    def titles(self) -> dict[str, Text]:
        """What each setup kind is called."""
        return {k: row.title for k, row in self.rows.items()} | {
            k: row.title for k, row in self.outside.items()
        }


class TableValue(Entry, frozen=True, kw_only=True):
    """One value of a derived table and the formula that gives it."""

    when: Any
    cites: list[Cite]


class Table(Entry, frozen=True, kw_only=True):
    """A derived category: the first value, in order, whose formula holds; `otherwise` where none does."""

    title: Text
    otherwise: str
    values: dict[str, TableValue]


class RiskWhen(Entry, frozen=True, kw_only=True):
    """A risk that replaces the usual one under a formula, with what to say about it."""

    when: Any
    risk: Literal["none", "low", "medium", "high"]
    note: Text


class Remedy(Entry, frozen=True, kw_only=True):
    """An action: when it is offered, what to type, what it disrupts, its risk, the way back, the check.

    Attributes:
        of: flow or device: the subject that `when` is about; equal actions of several flows are one.
        once: what makes two of them one: device, peer (device and peer), interface (device and input interface: the
            commands of several sources are joined line by line), or flow.
        when: formula over conditions, tables and findings (`{finding: ID, at-least: likely}`).
        because: findings that are its reason, as far as they hold.
        order: place among the actions, 0 first.
        platform: "ios-xe" where the commands exist only there.
    """

    of: Literal["flow", "device"]
    kind: Literal["collect", "fix", "workaround", "upgrade", "monitor"]
    side: Literal["receiver", "sender", "both"]
    mode: Literal["exec", "config"]
    title: Text
    when: Any
    because: list[str]
    commands: list[str]
    disrupts: Literal["nothing", "this_peer", "all_peers"]
    risk: Literal["none", "low", "medium", "high"]
    risk_when: list[RiskWhen] = []
    rollback: list[str] = []
    verify: list[str] = []
    note: Text | None = None
    order: int
    once: Literal["device", "peer", "interface", "flow"] = "peer"
    cites: list[Cite]


class SummaryLine(Entry, frozen=True, kw_only=True):
    """A sentence for the top of the document, and when it is the right one; the first that holds counts."""

    when: Any
    text: Text


class Summary(Entry, frozen=True, kw_only=True):
    """Sentences for a flow, and for a case without one."""

    flow: dict[str, SummaryLine]
    case: dict[str, Text]


class ShownBy(Entry, frozen=True, kw_only=True):
    """What of a diagnosis shows a statement of the seed: any of these, by id.

    Attributes:
        findings: hypotheses; actions: remedies; setups: setup kinds; outcomes: values of the outcome table; counters:
            drop counters.
    """

    findings: list[str] = []
    actions: list[str] = []
    setups: list[str] = []
    outcomes: list[str] = []
    counters: list[str] = []


class SeedStatement(Entry, frozen=True, kw_only=True):
    """A numbered statement of the seed document in our words, and what of a diagnosis shows it."""

    text: Text
    shown_by: ShownBy


class Ranking(Entry, frozen=True, kw_only=True):
    """The order of findings and the weights behind the gain of a question."""

    verdicts: list[str]
    severities: list[str]
    kinds: list[str]
    severity_weight: dict[str, float]
    class_weight: dict[str, float]
    cost: dict[str, float]


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """The knowledge base as loaded.

    Attributes:
        digest: sha256 over every file's name and content.
        bugs, causes, findings: hypotheses by id.
        places: file of each entry id, for messages.
        seed: the statements of the seed by number.
        interview: questions of the guide.
        plan, eem: the data of the generators.
    """

    version: str
    digest: str
    sources: dict[str, SourceDocument]
    conditions: dict[str, Condition]
    bugs: dict[str, Hypothesis]
    causes: dict[str, Hypothesis]
    findings: dict[str, Hypothesis]
    matrix: Matrix
    tables: dict[str, Table]
    remedies: dict[str, Remedy]
    summary: Summary
    ranking: Ranking
    words: dict[str, Text]
    problems: dict[str, Text]
    texts: dict[str, Text]
    releases: dict[str, Any]
    places: dict[str, str]
    seed: dict[str, SeedStatement] = {}
    symptoms: dict[str, Symptom] = {}
    interview: dict[str, Topic] = {}
    plan: Plan = Plan()
    eem: dict[str, EemTemplate] = {}

    def hypotheses(self) -> dict[str, tuple[Literal["bug", "condition", "cause"], Hypothesis]]:
        """Every hypothesis with its kind, in the order bugs, conditions, causes."""
        found: dict[str, tuple[Literal["bug", "condition", "cause"], Hypothesis]] = {}
        found.update({i: ("bug", h) for i, h in self.bugs.items()})
        found.update({i: ("condition", h) for i, h in self.findings.items()})
        found.update({i: ("cause", h) for i, h in self.causes.items()})
        return found
