"""The diagnosis document, version 1: the interface that every face draws and other people's tools rely on.

`ipsecdx schema diagnosis` prints the JSON Schema of these types. Fields may be added within version 1; none may
change meaning. Lists are sorted by `id`, or by source and line where they have none.
"""

from __future__ import annotations

from typing import Literal

import msgspec

SCHEMA = "ipsecdx/diagnosis/1"

Lang = Literal["en", "ko"]
Verdict = Literal["confirmed", "likely", "possible", "undetermined", "ruled_out"]
Severity = Literal["info", "warning", "error"]
Support = Literal["yes", "no", "not_applicable", "not_stated"]
Outcome = Literal[
    "delete_over_existing_ike_sa", "new_ike_sa_then_delete", "no_effect", "not_applicable", "unknown"
]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of the document."""


class Evidence(_Part, frozen=True, kw_only=True):
    """A quotation: redacted text with its source and 1-based lines.

    `kind`: line; absence (a whole section that lacks it); answer (a person said so); derived.
    """

    source: str
    line: int
    last_line: int
    kind: Literal["line", "absence", "answer", "derived"]
    text: str


class Tool(_Part, frozen=True, kw_only=True):
    """The program; `engine` is the inference back end that decided."""

    name: str
    version: str
    engine: str


class KbRef(_Part, frozen=True, kw_only=True):
    """The knowledge base as loaded; `digest` is a sha256 over its content, overlays included."""

    version: str
    digest: str


class Problem(_Part, frozen=True, kw_only=True):
    """Something that could not be read or decided; `code` is stable and documented in docs/problems.md."""

    code: str
    source: str | None
    line: int | None
    message: str


class SectionRef(_Part, frozen=True, kw_only=True):
    """A section of a source, read or merely kept."""

    command: str
    first_line: int
    last_line: int
    status: Literal["parsed", "kept", "truncated", "failed"]


class SourceWarning(_Part, frozen=True, kw_only=True):
    """A doubt about one line of a source."""

    code: str
    line: int
    message: str


class SourceRef(_Part, frozen=True, kw_only=True):
    """One input."""

    path: str
    kind: Literal["show-tech", "show-output", "config", "syslog", "debug", "ticket", "unknown"]
    device: str | None
    bytes: int
    sections: list[SectionRef]
    warnings: list[SourceWarning]


class Device(_Part, frozen=True, kw_only=True):
    """A device of the case. `version` is normalised and null where it cannot be compared."""

    name: str
    os: Literal["ios", "ios-xe", "asa", "nx-os", "ios-xr", "other"] | None
    version: str | None
    train: str | None
    platform: str | None
    uptime_seconds: int | None
    captured: str | None
    clock_offset_seconds: float | None
    complete_config: bool
    evidence: list[Evidence]


class SetupRecovery(_Part, frozen=True, kw_only=True):
    """Invalid SPI recovery for a setup: what the matrix says, our inference where it is silent, the command."""

    support: Support
    row: str | None
    inferred: Literal["yes", "no", "not_applicable"] | None
    configured: bool | None


class Setup(_Part, frozen=True, kw_only=True):
    """A crypto setup: one per crypto-map sequence, one per tunnel interface and kind of NHRP mapping."""

    id: str
    device: str
    kind: str
    interface: str | None
    name: str | None
    peers: list[str]
    vrf: str | None
    ike: list[Literal["ikev1", "ikev2"]]
    dpd: Literal["periodic", "on-demand", "off", "unknown"]
    applied: bool
    recovery: SetupRecovery
    evidence: list[Evidence]


class FlowRecovery(_Part, frozen=True, kw_only=True):
    """What the receiver does about this flow's invalid SPI."""

    support: Support | None
    configured: bool | None
    ike_sa: Literal["present", "absent", "unknown"]
    outcome: Outcome


class Flow(_Part, frozen=True, kw_only=True):
    """Refused packets of one source, destination and SPI, as the receiver logged them."""

    id: str
    device: str | None
    src: str | None
    dst: str | None
    protocol: int | None
    spi: str | None
    interface: str | None
    count: int
    first: str | None
    last: str | None
    span_seconds: float | None
    pattern: Literal["transient", "persistent"]
    state: Literal["ongoing", "ended", "unknown"]
    sender: str | None
    setup: str | None
    setup_basis: Literal["configured", "observed", "assumed"] | None
    recovery: FlowRecovery
    evidence: list[Evidence]


class Counter(_Part, frozen=True, kw_only=True):
    """A drop counter; `delta` is the growth between the first and last reading, null with one reading."""

    device: str | None
    name: str
    value: int
    delta: int | None
    at: str | None
    evidence: list[Evidence]


class Subject(_Part, frozen=True, kw_only=True):
    """What a finding is about; null where not meant."""

    device: str | None = None
    flow: str | None = None
    setup: str | None = None
    peer: str | None = None


class Reason(_Part, frozen=True, kw_only=True):
    """A settled condition with the evidence that settled it; `title` is the condition as a sentence."""

    condition: str
    title: str
    value: Literal["yes", "no"]
    evidence: list[Evidence]


class Missing(_Part, frozen=True, kw_only=True):
    """An unsettled condition, as a sentence too, and the commands that would settle it."""

    condition: str
    title: str
    collect: list[str]


class Citation(_Part, frozen=True, kw_only=True):
    """Where a claim of the knowledge base comes from."""

    source: str
    locator: str
    statement: Literal["stated", "inferred"]


class Finding(_Part, frozen=True, kw_only=True):
    """A verdict on one hypothesis for one subject; `note` says what limits it (releases that are not public)."""

    id: str
    kind: Literal["bug", "condition", "cause"]
    verdict: Verdict
    rank: int
    severity: Severity
    subject: Subject
    title: str
    because: list[Reason]
    against: list[Reason]
    missing: list[Missing]
    citations: list[Citation]
    note: str | None = None


class Target(_Part, frozen=True, kw_only=True):
    """Where an action is carried out: a device of the case, or the address of one outside it."""

    device: str | None
    address: str | None


class Action(_Part, frozen=True, kw_only=True):
    """Something to do: complete single command lines, what they disrupt, their risk, the way back, the check.

    `order` is the place among the actions, smallest first; `note` holds the caveats.
    """

    id: str
    kind: Literal["collect", "fix", "workaround", "upgrade", "monitor"]
    target: Target
    side: Literal["receiver", "sender", "both"]
    mode: Literal["exec", "config"]
    title: str
    commands: list[str]
    disrupts: Literal["nothing", "this_peer", "all_peers"]
    risk: Literal["none", "low", "medium", "high"]
    rollback: list[str]
    verify: list[str]
    because_of: list[str]
    citations: list[Citation]
    note: str | None = None
    order: int = 0


class Question(_Part, frozen=True, kw_only=True):
    """What would move a verdict if it were known; highest gain first."""

    id: str
    text: str
    answers: list[str]
    gain: float
    settles: list[str]
    collect: list[str]


class Answer(_Part, frozen=True, kw_only=True):
    """What a person answered, in guided use."""

    question: str
    answer: str
    source: str


class Diagnosis(_Part, frozen=True, kw_only=True):
    """One case, diagnosed."""

    schema: str
    tool: Tool
    kb: KbRef
    case: str
    lang: Lang
    status: Literal["ok", "partial", "error"]
    problems: list[Problem]
    summary: str
    sources: list[SourceRef]
    devices: list[Device]
    setups: list[Setup]
    flows: list[Flow]
    counters: list[Counter]
    findings: list[Finding]
    actions: list[Action]
    questions: list[Question]
    answers: list[Answer]


def json_schema() -> bytes:
    """JSON Schema (2020-12) of the document, indented, with a final line feed."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Diagnosis)), indent=2) + b"\n"
