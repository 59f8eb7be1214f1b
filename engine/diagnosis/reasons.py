"""Why a verdict, and why not a better one: the settled and unsettled conditions behind a hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from engine.advise.fill import fill
from engine.diagnosis.document import Missing, Reason
from engine.diagnosis.quoting import Quoter
from engine.inference.formula import All, Any, Atom, Formula, Not, Rule, truth_of
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


class _Sides(msgspec.Struct, frozen=True):
    """Atoms that speak for a hypothesis, against it, and those that are not known, each once in order."""

    yes: tuple[Atom, ...]
    no: tuple[Atom, ...]
    unknown: tuple[Atom, ...]


class Reasoner:
    """Turns the formulas of hypotheses into reasons, for one language and case."""

    def __init__(self, kb: Knowledge, rules: Iterable[Rule], quoter: Quoter, lang: str) -> None:
        self._kb = kb
        self._bodies = {rule.head: rule.body for rule in rules}
        self._quoter = quoter
        self._lang = lang
        self._known: dict[tuple[int, str, int], _Sides] = {}
        self._titles: dict[Atom, tuple[str, str]] = {}

    def reasons(self, hypothesis: Hypothesis, judged: Judged, *, ruled_out: bool) -> Reasons:
        """The reasons of one hypothesis for one subject."""
        sides = self._sides(hypothesis, judged)
        unknown = () if ruled_out else sides.unknown
        return Reasons(
            self._reasons(sides.yes, judged),
            self._reasons(sides.no, judged),
            [self._missing(atom, judged) for atom in unknown],
        )

    def _sides(self, hypothesis: Hypothesis, judged: Judged) -> _Sides:
        """The settled and unsettled atoms of a hypothesis; worked out once for subjects of the same truths."""
        # Subjects of one kind with the same truths share their closure.
        key = id(hypothesis), judged.subject.kind, id(judged.closure)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._weighed(hypothesis, judged)
        return known

    def _weighed(self, hypothesis: Hypothesis, judged: Judged) -> _Sides:
        asked = [Atom(n.condition) for n in hypothesis.necessary]
        wanted: list[Leaf] = []
        for formula in [*asked, *map(parse, filter(None, [hypothesis.signature, hypothesis.proof]))]:
            wanted.extend(self.leaves(formula, judged))
        supporting, opposing = (
            [leaf for f in map(parse, side) if self.truth(f, judged) for leaf in self.leaves(f, judged)]
            for side in (hypothesis.for_, hypothesis.against)
        )
        yes = [x for x in [*wanted, *supporting] if x.truth is x.wanted]
        no = [x for x in wanted if x.truth is not None and x.truth is not x.wanted]
        no += [x for x in opposing if x.truth is x.wanted]
        return _Sides(_atoms(yes), _atoms(no), _atoms(x for x in wanted if x.truth is None))

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
        return truth_of(formula, judged.truth)

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

    def _named(self, atom: Atom) -> tuple[str, str]:
        """An atom as it is called and as a sentence; the same texts for every subject."""
        known = self._titles.get(atom)
        if known is None:
            known = self._titles[atom] = (str(atom), self.title(atom))
        return known

    def _reasons(self, atoms: Iterable[Atom], judged: Judged) -> list[Reason]:
        found = []
        for atom in atoms:
            truth = judged.truth(atom)
            quotes = judged.observations[atom.name].quotes if atom.name in judged.observations else ()
            condition = self._kb.conditions.get(atom.name)
            closed = condition is not None and condition.complete == "always"
            # That nothing in the case shows a thing is no reason worth reading; that something does is.
            if truth is None or (closed and not truth and not quotes):
                continue
            name, title = self._named(atom)
            found.append(
                Reason(
                    condition=name,
                    title=title,
                    value="yes" if truth else "no",
                    evidence=self._quoter.evidence(quotes),
                )
            )
        return found

    def _missing(self, atom: Atom, judged: Judged) -> Missing:
        name, title = self._named(atom)
        return Missing(condition=name, title=title, collect=self.collect(atom, judged))


def _atoms(leaves: Iterable[Leaf]) -> tuple[Atom, ...]:
    return tuple(dict.fromkeys(leaf.atom for leaf in leaves))
