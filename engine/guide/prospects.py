"""What would make each hypothesis likely: the ways to it, as literals over conditions, and how near it is.

A way is one conjunction of a signature's disjunctive normal form (of what speaks for it, where there is no signature),
with table and matrix rules unfolded to the conditions they rest on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from engine.inference.formula import All, Any, Atom, Formula, Not
from engine.judge import Judge
from engine.knowledge.formulas import parse
from engine.knowledge.model import Hypothesis

Way = dict[Atom, bool]
# Signatures are small; one that unfolds into more ways is represented by the first of them.
MOST_WAYS = 48


class Prospect(msgspec.Struct, frozen=True):
    """One hypothesis as the guide sees it.

    Attributes:
        name: its id.
        ways: what would make it likely, each way on its own.
        against: atoms that speak against it.
        prior: coarse weight before anything is known; a class, never a percentage.
    """

    name: str
    ways: tuple[Way, ...]
    against: tuple[Atom, ...]
    prior: float


def prospects(judge: Judge) -> list[Prospect]:
    """Every cause and bug that has a way to it; the conditions that are reported beside them follow on the way."""
    rules = {rule.head: rule.body for rule in judge.core}
    weights = judge.kb.ranking.class_weight
    found = []
    for name, (kind, hypothesis) in judge.hypotheses.items():
        if kind == "condition":
            continue
        ways = tuple(islice(_ways(hypothesis, rules), MOST_WAYS))
        if ways:
            against = [parse(part) for part in hypothesis.against]
            plain = tuple(part for part in against if isinstance(part, Atom))
            found.append(Prospect(name, ways, plain, float(weights[hypothesis.weight])))
    return found


def _ways(hypothesis: Hypothesis, rules: Mapping[Atom, Formula]) -> Iterator[Way]:
    target: Formula
    if hypothesis.signature is not None:
        target = parse(hypothesis.signature)
    else:
        target = Any(tuple(map(parse, hypothesis.for_)))
    needed = tuple(Atom(n.condition) for n in hypothesis.necessary)
    yield from _dnf(All((*needed, target)), True, rules)


def _dnf(formula: Formula, sign: bool, rules: Mapping[Atom, Formula]) -> Iterator[Way]:
    if isinstance(formula, Not):
        yield from _dnf(formula.part, not sign, rules)
    elif isinstance(formula, Atom):
        body = rules.get(formula)
        if body is None:
            yield {formula: sign}
        else:
            yield from _dnf(body, sign, rules)
    elif isinstance(formula, All) is sign:  # a conjunction, or a denied disjunction
        yield from _products(formula.parts, sign, rules)
    else:
        for part in formula.parts:
            yield from _dnf(part, sign, rules)


def _products(parts: tuple[Formula, ...], sign: bool, rules: Mapping[Atom, Formula]) -> Iterator[Way]:
    ways: list[Way] = [{}]
    for part in parts:
        more = list(islice(_dnf(part, sign, rules), MOST_WAYS))
        joined = (_joined(way, other) for way in ways for other in more)
        ways = list(islice((way for way in joined if way is not None), MOST_WAYS))
    yield from ways


def _joined(one: Way, other: Way) -> Way | None:
    """Both ways at once; None where they contradict each other, or ask two values of one category."""
    joined = dict(one)
    for atom, sign in other.items():
        if joined.setdefault(atom, sign) is not sign:
            return None
    held = [atom.name for atom, sign in joined.items() if sign and atom.value is not None]
    return joined if len(held) == len(set(held)) else None


def open_ways(prospect: Prospect, known: Mapping[Atom, bool]) -> list[Way]:
    """The ways that nothing known contradicts."""
    return [way for way in prospect.ways if all(known.get(a, sign) is sign for a, sign in way.items())]


def missing(way: Way, known: Mapping[Atom, bool]) -> list[Atom]:
    """The atoms of a way that are not known yet."""
    return [atom for atom in way if atom not in known]


def groups(atoms: Iterable[Atom], homes: Mapping[str, str]) -> float | None:
    """How many questions it takes to learn some atoms, where one question can settle several conditions.

    None where no question settles one of them: only an output does.
    """
    asked = [homes.get(atom.name) for atom in atoms]
    return None if None in asked else float(len(set(asked)))
