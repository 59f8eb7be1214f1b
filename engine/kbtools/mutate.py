"""Do the cases notice? Every part of every rule is left out or inverted, one at a time, and the cases run again.

A change that no case notices is a survivor: a part of a rule that nothing holds in place. Each case is read, related
and settled once; for a mutant only the formulas that it can reach are evaluated again, and only a case in which one of
them comes out otherwise is judged, composed and compared with what it expects anew.

Mutated are, leaf by leaf, the grounds of every hypothesis (necessary, signature, proof, for, against) and every formula
of a table, and row by row the matrix with what is inferred outside it. The tests of conditions are not mutated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any as Anything

import msgspec

from engine.advise.questions import questions_of
from engine.case import Investigation
from engine.diagnosis.compose import Composer
from engine.evidence.open import Trouble, open_case
from engine.inference.closure import Closure
from engine.inference.direct import Direct
from engine.inference.engine import Inference
from engine.inference.formula import All, Any, Atom, Formula, Not, Rule, atoms
from engine.inference.verdict import Verdict, decide
from engine.judge import Judge, Judged
from engine.kbtools.cases import EXPECT, Case, Cases
from engine.knowledge.model import Knowledge
from engine.knowledge.rules import GROUNDS, INFERRED, ROW, SUPPORT, RuleBase
from engine.observe.subject import Answered
from engine.relate.views import SetupView

NEVER = Any(())
"""What is left of a formula whose last part was left out: it never holds."""


class Mutant(msgspec.Struct, frozen=True):
    """A rule base with one part changed.

    Attributes:
        part: bugs, causes, findings, tables or matrix.
        entry: the id, table or setup kind that the part belongs to.
        name: what was done where, in one line: `bugs/CSCvp16730 signature: drop spi-repeats`. A leaf that stands in a
            formula more than once has its number behind it.
        bodies: the changed formulas, by head.
    """

    part: str
    entry: str
    name: str
    bodies: dict[Atom, Formula]


class Trial(msgspec.Struct, frozen=True):
    """A case in hand, read and settled.

    Attributes:
        entry: (part, id) of the entry that the case stands beside; None for a case of its own.
        label: what it is called.
        investigation: the case as the unchanged rules judge it.
        troubles: what could not be opened.
        questions: those of its document, by the unchanged rules.
        failures: everything in which a document is not what the case expects.
    """

    entry: tuple[str, str] | None
    label: str
    investigation: Investigation
    troubles: Sequence[Trouble]
    questions: list[dict[str, Anything]]
    failures: Callable[[dict[str, Anything]], list[str]]


def mutants_of(judge: Judge) -> Iterator[Mutant]:
    """Every mutant of a knowledge base, in the order of its rules."""
    yield from _of_matrix(judge.kb)
    for rule in judge.rules.judge:
        place = _place(rule.head, judge)
        if place is not None:
            part, entry, formula = place
            for what, body in changes_of(rule.body, necessary=formula == "necessary"):
                yield Mutant(part, entry, f"{part}/{entry} {formula}: {what}", {rule.head: body})


def changes_of(body: Formula, *, necessary: bool = False) -> Iterator[tuple[str, Formula]]:
    """Every leaf left out, and inverted, each with a name. A negated atom is one leaf.

    The body of `necessary` holds the negated conditions; named are the conditions as they are written.
    """
    met: dict[Formula, int] = {}
    for number, leaf in enumerate(_leaves(body)):
        met[leaf] = met.get(leaf, 0) + 1
        written = leaf.part if necessary and isinstance(leaf, Not) else leaf
        name = _text(written) + (f" #{met[leaf]}" if met[leaf] > 1 else "")
        yield f"drop {name}", _replaced(body, number, None) or NEVER
        inverted = _replaced(body, number, leaf.part if isinstance(leaf, Not) else Not(leaf))
        yield f"invert {name}", inverted or NEVER


def trial(
    label: str,
    files: Iterable[Path],
    judge: Judge,
    *,
    failures: Callable[[dict[str, Anything]], list[str]],
    answers: Sequence[Answered] = (),
    entry: tuple[str, str] | None = None,
) -> Trial:
    """Read and settle a case.

    Args:
        label: what it is called.
        files: the evidence.
        judge: the unchanged rules.
        failures: everything in which a document is not what the case expects.
        answers: what a person says in it.
        entry: (part, id) of the entry that it stands beside.
    """
    opened = open_case([str(p) for p in files])
    investigation = Investigation(opened.sources, judge, answers=answers)
    questions = msgspec.to_builtins(questions_of(judge, investigation.judged, "en"))
    return Trial(entry, label, investigation, opened.troubles, questions, failures)


def trials_of(cases: Cases) -> list[Trial]:
    """The cases beside the rules, read and settled."""
    return [_of_case(case, cases) for case in cases.all]


def killer_of(mutant: Mutant, trials: Iterable[Trial], judge: Judge) -> str | None:
    """The label of the first case that notices a mutant; None where it survives."""
    mutated = _Mutated(judge, mutant)
    for trial in sorted(trials, key=lambda t: t.entry != (mutant.part, mutant.entry)):
        if mutated.matters(trial.investigation) and trial.failures(mutated.document(trial)):
            return trial.label
    return None


def failures_of(mutant: Mutant, trial: Trial, judge: Judge) -> list[str]:
    """Everything in which a case, judged by a mutant, is not what it expects."""
    return trial.failures(_Mutated(judge, mutant).document(trial))


def survivors_of(judge: Judge, trials: Sequence[Trial]) -> list[str]:
    """The names of the mutants that no case notices."""
    return [m.name for m in mutants_of(judge) if killer_of(m, trials, judge) is None]


class _Mutated(Judge):
    """A judge with the rules of a mutant, judged by the second engine."""

    def __init__(self, judge: Judge, mutant: Mutant) -> None:
        self.__dict__.update(judge.__dict__)
        rules = [Rule(r.head, mutant.bodies.get(r.head, r.body), r.source) for r in judge.rules.judge]
        self.rules = RuleBase(tuple(rules), judge.rules.advise, judge.rules.roles)
        self.core = tuple(Rule(r.head, mutant.bodies.get(r.head, r.body), r.source) for r in judge.core)
        self._inference = Inference(rules, judge.rules.roles, prefer="direct")
        self._kind = mutant.entry if mutant.part == "matrix" else None
        self._reached = Direct(_reached(rules, set(mutant.bodies)))

    def matters(self, investigation: Investigation) -> bool:
        """Whether anything that is judged comes out otherwise: a verdict, a table, what the matrix says of a setup."""
        if any(setup.kind == self._kind for setup in investigation.case.setups):
            return True
        return any(self._differs(one) for one in investigation.judged)

    def document(self, trial: Trial) -> dict[str, Anything]:
        """The diagnosis of a case by these rules."""
        again = _Again(trial.investigation, self)
        found: dict[str, Anything] = msgspec.to_builtins(again.document(trial.label, trial.troubles))
        return {**found, "questions": trial.questions}

    def suppose(self, judged: Judged, extra: dict[Atom, bool]) -> dict[str, Verdict]:  # noqa: ARG002  not asked
        """Nothing new: what is worth asking takes most of a diagnosis, and is not what the mutants are about."""
        return dict(judged.verdicts)

    def support(self, setup: SetupView) -> Closure:
        """What the matrix of these rules says of a setup."""
        kinds = self.kb.conditions["setup-kind"].values or []
        return self._inference.close({Atom("setup-kind", kind): kind == setup.kind for kind in kinds})

    def again(self, judged: Judged) -> Judged:
        """The same subject with the same truths, judged by these rules."""
        closure = self._inference.close(judged.facts)
        grounds = {name: self.grounds(name, judged, closure) for name in judged.verdicts}
        verdicts = {name: decide(found) for name, found in grounds.items()}
        return msgspec.structs.replace(
            judged, closure=closure, grounds=grounds, verdicts=verdicts, disputes=[]
        )

    def _differs(self, judged: Judged) -> bool:
        before = judged.closure.truths
        truths = self._reached.truths({**judged.facts, **before})
        heads = [r.head for r in self._reached.rules if truths.get(r.head) is not before.get(r.head)]
        if any(":" not in head.name for head in heads):
            return True
        # The proof may differ where no truth does, and with it how far the verdict may rest on what a person said.
        if not heads and all(o.by == "evidence" for o in judged.observations.values()):
            return False
        return _shown(self.again(judged)) != _shown(judged)


class _Again(Investigation):
    """A case that was read and settled before, judged by other rules."""

    def __init__(self, first: Investigation, judge: _Mutated) -> None:
        self.__dict__.update(first.__dict__)
        self.judge = judge
        self.judged = [judge.again(one) for one in first.judged]
        self.judgements = self._advise()
        self.composer = Composer(judge, self.case, self.attribution, self.readings, self.lang)


class _Given(Cases):
    """The cases, compared with a document that was made elsewhere."""

    def __init__(self, cases: Cases, document: dict[str, Anything]) -> None:
        super().__init__(cases.judge, cases.roots)
        self._given = document

    def document(self, folder: Path) -> dict[str, Anything]:  # noqa: ARG002  there is but one
        return self._given


def _of_case(case: Case, cases: Cases) -> Trial:
    files = [p for p in sorted(case.folder.iterdir()) if p.name != EXPECT]
    return trial(
        case.label, files, cases.judge,
        failures=lambda document: _Given(cases, document).failures(case), entry=(case.part, case.entry),
    )  # fmt: skip


def _shown(judged: Judged) -> dict[str, tuple[Verdict, bool]]:
    """The verdicts, and of each whether it is one that is left out of the findings."""
    return {
        name: (verdict, bool(judged.grounds[name].excluded and not judged.grounds[name].some_for))
        for name, verdict in judged.verdicts.items()
    }


def _place(head: Atom, judge: Judge) -> tuple[str, str, str] | None:
    """Part, entry and formula that a rule is written in; None for those of the matrix, which no formula writes."""
    ground, colon, name = head.name.partition(":")
    if colon and ground in GROUNDS:
        part = {"bug": "bugs", "cause": "causes", "condition": "findings"}[judge.hypotheses[name][0]]
        return part, name, "necessary" if ground == "excluded" else ground
    if head.name in judge.kb.tables:
        return "tables", head.name, str(head.value)
    return None


def _reached(rules: Sequence[Rule], heads: set[Atom]) -> list[Rule]:
    """The rules of these heads, and those that use them, at however many removes."""
    found = set(heads)
    while more := {r.head for r in rules if not found.isdisjoint(atoms(r.body))} - found:
        found |= more
    return [rule for rule in rules if rule.head in found]


def _leaves(formula: Formula) -> Iterator[Formula]:
    if isinstance(formula, Atom) or (isinstance(formula, Not) and isinstance(formula.part, Atom)):
        yield formula
    else:
        for part in _parts(formula):
            yield from _leaves(part)


def _parts(formula: Formula) -> tuple[Formula, ...]:
    if isinstance(formula, Not):
        return (formula.part,)
    return () if isinstance(formula, Atom) else formula.parts


def _replaced(formula: Formula, number: int, by: Formula | None) -> Formula | None:
    """The formula with another leaf, counted from 0, or without it; None where nothing is left."""
    if next(_leaves(formula), None) is formula:
        return by if number == 0 else formula
    parts: list[Formula] = []
    for part in _parts(formula):
        size = sum(1 for _ in _leaves(part))
        found = _replaced(part, number, by) if 0 <= number < size else part
        number -= size
        parts += [] if found is None else [found]
    if not parts:
        return None
    if isinstance(formula, Not):
        return Not(parts[0])
    return All(tuple(parts)) if isinstance(formula, All) else Any(tuple(parts))


def _text(leaf: Formula) -> str:
    return f"not {leaf.part}" if isinstance(leaf, Not) else str(leaf)


def _of_matrix(kb: Knowledge) -> Iterator[Mutant]:
    """Every row says nothing, or the other thing; and so for what is inferred outside the rows."""
    values = ("yes", "no", "not_applicable")
    stated = {kind: row.support for kind, row in kb.matrix.rows.items()}
    inferred = {kind: row.inferred for kind, row in kb.matrix.outside.items()}
    for head, leaf, said in ((SUPPORT, ROW, stated), (INFERRED, "setup-kind", inferred)):
        for kind, value in said.items():
            for other in (None, "yes" if value == "no" else "no"):
                if other != value:
                    now = {**said, kind: other}
                    bodies: dict[Atom, Formula] = {
                        Atom(head, v): Any(tuple(Atom(leaf, k) for k, is_ in now.items() if is_ == v))
                        for v in values
                    }
                    yield Mutant("matrix", kind, f"matrix/{kind} {head}: {value} becomes {other}", bodies)
