"""Why a verdict, and why not a better one: the settled and unsettled conditions behind a hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from engine.advise.fill import fill
from engine.diagnosis.document import Missing, Reason
from engine.diagnosis.quoting import Quoter
from engine.inference.formula import All, Any, Atom, Formula, Not, Rule
from engine.judge import Judged
from engine.knowledge.formulas import parse
from engine.knowledge.model import Hypothesis, Knowledge


class Leaf(msgspec.Struct, frozen=True):
    """An observed atom in a formula: the truth that the formula wants of it, and the truth it has."""

    atom: Atom
    wanted: bool
    truth: bool | None


class Reasons(msgspec.Struct, frozen=True):
    """What stands in a finding: for, against, missing."""

    because: list[Reason]
    against: list[Reason]
    missing: list[Missing]


class Reasoner:
    """Turns the formulas of hypotheses into reasons, for one language and case."""

    def __init__(self, kb: Knowledge, rules: Iterable[Rule], quoter: Quoter, lang: str) -> None:
        self._kb = kb
        self._bodies = {rule.head: rule.body for rule in rules}
        self._quoter = quoter
        self._lang = lang

    def reasons(self, hypothesis: Hypothesis, judged: Judged, *, ruled_out: bool) -> Reasons:
        """The reasons of one hypothesis for one subject."""
        asked = [Atom(n.condition) for n in hypothesis.necessary]
        wanted: list[Leaf] = []
        for formula in [*asked, *map(parse, filter(None, [hypothesis.signature, hypothesis.proof]))]:
            wanted.extend(self.leaves(formula, judged))
        supporting = [
            leaf
            for f in map(parse, hypothesis.for_)
            if self.truth(f, judged)
            for leaf in self.leaves(f, judged)
        ]
        opposing = [
            leaf
            for f in map(parse, hypothesis.against)
            if self.truth(f, judged)
            for leaf in self.leaves(f, judged)
        ]
        yes = [x for x in [*wanted, *supporting] if x.truth is x.wanted]
        no = [x for x in wanted if x.truth is not None and x.truth is not x.wanted]
        no += [x for x in opposing if x.truth is x.wanted]
        unknown = [] if ruled_out else [x for x in wanted if x.truth is None]
        return Reasons(
            self._reasons(yes, judged),
            self._reasons(no, judged),
            [self._missing(a, judged) for a in _atoms(unknown)],
        )

    def leaves(self, formula: Formula, judged: Judged, *, wanted: bool = True) -> Iterator[Leaf]:
        """The observed atoms of a formula; where one branch of an alternative holds, only those that hold."""
        if isinstance(formula, Not):
            yield from self.leaves(formula.part, judged, wanted=not wanted)
        elif isinstance(formula, All | Any):
            parts = list(formula.parts)
            if isinstance(formula, Any) is wanted:
                held = [part for part in parts if self.truth(part, judged) is wanted]
                parts = held or parts
            for part in parts:
                yield from self.leaves(part, judged, wanted=wanted)
        elif formula in self._bodies:
            yield from self.leaves(self._bodies[formula], judged, wanted=wanted)
        else:
            yield Leaf(formula, wanted, judged.truth(formula))

    def truth(self, formula: Formula, judged: Judged) -> bool | None:
        """The truth of a formula for a subject."""
        if isinstance(formula, Atom):
            return judged.truth(formula)
        if isinstance(formula, Not):
            inner = self.truth(formula.part, judged)
            return None if inner is None else not inner
        truths = [self.truth(part, judged) for part in formula.parts]
        decisive = isinstance(formula, Any)
        if decisive in truths:
            return decisive
        return None if None in truths else not decisive

    def title(self, atom: Atom) -> str:
        """The condition of an atom as a sentence."""
        condition = self._kb.conditions.get(atom.name)
        text = condition.title(self._lang) if condition is not None else atom.name
        return text if atom.value is None else f"{text}: {self.value(atom)}"

    def value(self, atom: Atom) -> str:
        """The value of a category in the reader's language, itself where there is no word for it."""
        value = atom.value or ""
        if atom.name == "setup-kind":
            text = self._kb.matrix.titles().get(value)
        else:
            text = self._kb.texts.get(f"value.{atom.name}.{value}")
        return value if text is None else text(self._lang)

    def collect(self, atom: Atom, judged: Judged) -> list[str]:
        """The commands that would settle an atom, filled for the subject."""
        condition = self._kb.conditions.get(atom.name)
        commands = (
            [fill(c.command, judged.subject) for c in condition.collect] if condition is not None else []
        )
        return [command for command in commands if command is not None]

    def _reasons(self, leaves: Iterable[Leaf], judged: Judged) -> list[Reason]:
        found = []
        for atom in _atoms(leaves):
            truth = judged.truth(atom)
            quotes = judged.observations[atom.name].quotes if atom.name in judged.observations else ()
            condition = self._kb.conditions.get(atom.name)
            closed = condition is not None and condition.complete == "always"
            # That nothing in the case shows a thing is no reason worth reading; that something does is.
            if truth is None or (closed and not truth and not quotes):
                continue
            found.append(
                Reason(
                    condition=str(atom),
                    title=self.title(atom),
                    value="yes" if truth else "no",
                    evidence=self._quoter.evidence(quotes),
                )
            )
        return found

    def _missing(self, atom: Atom, judged: Judged) -> Missing:
        return Missing(condition=str(atom), title=self.title(atom), collect=self.collect(atom, judged))


def _atoms(leaves: Iterable[Leaf]) -> list[Atom]:
    return list(dict.fromkeys(leaf.atom for leaf in leaves))
