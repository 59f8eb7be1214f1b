"""Formulas of the rule language: atoms combined with all, any, not, under Kleene's strong three-valued logic.

An atom is a proposition about a subject. It has a name (a condition id) and, where the condition is a category,
the value asked for: `ike-sa = absent`. Its truth is yes, no or unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec


class Atom(msgspec.Struct, frozen=True):
    """A condition, or one value of a category (`value` is None for a plain yes/no condition)."""

    name: str
    value: str | None = None

    def __str__(self) -> str:
        return self.name if self.value is None else f"{self.name}={self.value}"


class All(msgspec.Struct, frozen=True):
    """Every part is true. Empty: true."""

    parts: tuple[Formula, ...]


class Any(msgspec.Struct, frozen=True):
    """At least one part is true. Empty: false."""

    parts: tuple[Formula, ...]


class Not(msgspec.Struct, frozen=True):
    """The part is false."""

    part: Formula


Formula: TypeAlias = Atom | All | Any | Not


class Rule(msgspec.Struct, frozen=True):
    """`head` is true when `body` is. One rule per head; a head is itself an atom that other bodies may use.

    Attributes:
        head: the derived atom.
        body: what makes it true.
        source: id of the knowledge base entry that the rule comes from, for the proof.
    """

    head: Atom
    body: Formula
    source: str


Truth: TypeAlias = bool | None
"""True yes, False no, None unknown."""


def atoms(formula: Formula) -> Iterator[Atom]:
    """Every atom of a formula, in order, repeated as often as it stands there."""
    if isinstance(formula, Atom):
        yield formula
    elif isinstance(formula, Not):
        yield from atoms(formula.part)
    else:
        for part in formula.parts:
            yield from atoms(part)


def truth_of(formula: Formula, known: Callable[[Atom], Truth]) -> Truth:
    """The truth of a formula, where `known` tells that of its atoms (None: unknown)."""
    if isinstance(formula, Atom):
        return known(formula)
    if isinstance(formula, Not):
        inner = truth_of(formula.part, known)
        return None if inner is None else not inner
    decisive = isinstance(formula, Any)  # one true part settles `any`, one false part settles `all`
    truth: Truth = not decisive
    for part in formula.parts:
        found = truth_of(part, known)
        if found is decisive:
            return decisive
        if found is None:
            truth = None
    return truth
