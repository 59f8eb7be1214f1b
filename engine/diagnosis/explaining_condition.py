"""Builds the explanation of a condition: what the case says of it, for whom, and which hypotheses look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from engine.advise.fill import fill
from engine.diagnosis.document import Citation, Subject, Verdict
from engine.diagnosis.explain import ConditionExplanation, Use
from engine.diagnosis.quoting import Quoter
from engine.diagnosis.reasons import Reasoner
from engine.inference.formula import Atom, atoms
from engine.judge import Judge, Judged
from engine.knowledge.formulas import walk
from engine.knowledge.model import Condition
from engine.knowledge.rules import core_rules, formulas_of
from engine.observe.settle import settle
from engine.observe.subject import UNKNOWN, Observation

_OF_MESSAGES = frozenset({"flow", "pair"})
_KINDS = {"pair": "pair", "device": "device"}
_BEST: tuple[Verdict, ...] = ("confirmed", "likely", "possible", "undetermined", "ruled_out")
_NAMED = ""
"""A hypothesis names the condition itself."""


class _Said(msgspec.Struct, frozen=True):
    """What the case says of a condition for some subjects, and what would settle it for them."""

    observation: Observation
    collect: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether nobody knows."""
        return self.observation.truth is None and self.observation.value is None


class _Around:
    """The verdicts of what a subject belongs to: a flow to its pair, both to their device."""

    def __init__(self, judged: Iterable[Judged]) -> None:
        self._best: dict[tuple[object, ...], dict[str, Verdict]] = defaultdict(dict)
        for one in judged:
            for key in _keys(one):
                best = self._best[key]
                for name, verdict in one.told().items():
                    best[name] = min(verdict, best.get(name, verdict), key=_BEST.index)

    def verdict(self, hypothesis: str, one: Judged) -> Verdict:
        """That of the subject; where it is not judged for it, the best of its pair, else of its device."""
        for verdicts in (one.verdicts, *(self._best[key] for key in _keys(one))):
            if hypothesis in verdicts:
                return verdicts[hypothesis]
        return "undetermined"


def _keys(one: Judged) -> list[tuple[object, ...]]:
    flow, receiver = one.subject.flow, one.subject.receiver
    pair = [flow.pair] if flow is not None else []
    return [*pair, ("device", receiver.name if receiver is not None else None)]


class ConditionExplainer:
    """Explains the conditions of one case in one language."""

    def __init__(self, judge: Judge, reasoner: Reasoner, quoter: Quoter, lang: str) -> None:
        self._judge = judge
        self._reasoner = reasoner
        self._quoter = quoter
        self._lang = lang

    def explain(self, name: str, judged: Iterable[Judged]) -> list[ConditionExplanation]:
        """What a case says of a condition: one explanation for each different thing that it says.

        Args:
            name: id of the condition.
            judged: every subject of the case.

        Raises:
            KeyError: there is no such condition.
        """
        condition = self._judge.kb.conditions[name]
        known = list(judged)
        around = _Around(known)
        groups: dict[_Said, list[Judged]] = defaultdict(list)
        for one in _about(condition, known):
            collect = tuple(self._reasoner.collect(Atom(name), one))
            groups[_Said(_observation(name, condition, one), collect)].append(one)
        looking = dict(self._looking(name))
        return [
            self._explanation(name, said, group, self._uses(looking, around, group))
            for said, group in groups.items()
        ]

    def _explanation(
        self, name: str, said: _Said, group: list[Judged], uses: list[Use]
    ) -> ConditionExplanation:
        condition, found = self._judge.kb.conditions[name], said.observation
        source, _, locator = condition.source.partition("#")
        subjects = [_subject(one) for one in group if condition.of != "case"]
        return ConditionExplanation(
            id=name,
            title=self._reasoner.title(Atom(name, found.value)),
            truth="unknown" if said.open else "no" if found.truth is False else "yes",
            citation=Citation(source=source, locator=locator, statement=condition.statement),
            subjects=[s for s in dict.fromkeys(subjects) if s is not None],
            evidence=[] if said.open else self._quoter.evidence(found.quotes),
            assumed=found.by in {"assumed", "prose"},
            ask=fill(condition.ask(self._lang), group[0].subject) if condition.ask is not None else None,
            answers=condition.values or ["yes", "no"],
            collect=list(said.collect) if said.open else [],
            uses=uses,
        )

    def _uses(
        self, looking: dict[str, tuple[list[str], str]], around: _Around, group: list[Judged]
    ) -> list[Use]:
        """The hypotheses that look at it, those with the best verdicts for the group first."""
        found = []
        for hypothesis, (roles, through) in looking.items():
            title = self._judge.hypotheses[hypothesis][1].title(self._lang)
            best = min((around.verdict(hypothesis, one) for one in group), key=_BEST.index)
            found.append(Use(id=hypothesis, title=title, roles=roles, through=through, verdict=best))
        return sorted(found, key=lambda use: (_BEST.index(use.verdict), use.through, use.id))

    def _looking(self, name: str) -> Iterator[tuple[str, tuple[list[str], str]]]:
        """By hypothesis, the formulas that look at a condition, and the derived name by which they do."""
        through = {name: _NAMED} | self._derived(name)
        for hypothesis, (_, entry) in self._judge.hypotheses.items():
            roles: dict[str, str] = {}
            for role, formulas in formulas_of(entry).items():
                for formula in formulas if isinstance(formulas, list) else [formulas]:
                    used = {atom.name for _, atom in walk(formula)} if formula is not None else set()
                    for atom in used & through.keys():
                        roles[role] = min(roles.get(role, through[atom]), through[atom])
            if roles:
                yield hypothesis, (list(roles), min(roles.values()))

    def _derived(self, name: str) -> dict[str, str]:
        """Tables and answers of the matrix that rest on a condition, each leading to its own name."""
        found: dict[str, str] = {}
        rules = core_rules(self._judge.kb)
        while True:
            known = {name, *found}
            more = {r.head.name for r in rules if known & {atom.name for atom in atoms(r.body)}} - known
            if not more:
                return found
            found |= {one: one for one in more}


def _observation(name: str, condition: Condition, one: Judged) -> Observation:
    """What was found of it; where there is no flow, nothing is known of its messages, not even that they are few."""
    flow = one.subject.flow
    if condition.of in _OF_MESSAGES and flow is not None and not flow.count and not one.subject.told:
        return UNKNOWN
    return one.observations.get(name) or settle({name: condition}, one.subject)[name]


def _about(condition: Condition, judged: list[Judged]) -> list[Judged]:
    """The subjects that a condition is settled for; all of them stand for a case without such."""
    kind = _KINDS.get(condition.of, "flow")
    chosen = [one for one in judged if one.subject.kind == kind] or judged
    return chosen[:1] if condition.of == "case" else chosen


def _subject(one: Judged) -> Subject | None:
    """Whom it is about; None for the flow that stands for a case without flows."""
    subject, flow = one.subject, one.subject.flow
    device = subject.receiver.name if subject.receiver is not None else None
    if flow is None:
        return Subject(device=device)
    if not flow.count:
        return None
    return Subject(device=device, flow=flow.id if subject.kind == "flow" else None, peer=flow.src)
