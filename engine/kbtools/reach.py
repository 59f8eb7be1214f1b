"""What a formula needs to be true, and whether that can ever be.

A formula becomes its ways: each a set of known truths under which it holds, whatever else is unknown. Derived names
(tables, the matrix) are written out. A way that contradicts itself, or needs a condition to be what it never is,
is none. Where there are too many ways, nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.inference.formula import All, Atom, Formula, Not, Rule, Truth, truth_of

Way = frozenset[tuple[Atom, bool]]
MOST_WAYS = 4000


class TooManyError(Exception):
    """The formula has more ways than anybody should look through."""


class Reach:
    """The ways of formulas over the rules of a knowledge base.

    Attributes:
        rules: derived atoms with what makes them true.
        values: of categories, by name.
        never: truths that a condition cannot have: (atom, truth).
    """

    def __init__(
        self, rules: Mapping[Atom, Rule], values: Mapping[str, list[str]], never: frozenset[tuple[Atom, bool]]
    ) -> None:
        self.rules = rules
        self.values = values
        self.never = never

    def ways(self, formula: Formula) -> list[Way]:
        """Every way in which a formula can be true; empty where it never can.

        Raises:
            TooManyError: there are more than `MOST_WAYS`.
        """
        return self._ways(formula, True)

    def holds(self, formula: Formula, way: Way) -> Truth:
        """The truth of a formula where nothing but a way is known."""
        return truth_of(formula, lambda atom: self._known(atom, way))

    def _known(self, atom: Atom, way: Way) -> Truth:
        if atom in self.rules:
            return self.holds(self.rules[atom].body, way)
        for other, truth in way:
            if other == atom:
                return truth
            if truth and other.name == atom.name:  # another value of the same category
                return False
        return None

    def _ways(self, formula: Formula, wanted: bool) -> list[Way]:
        if isinstance(formula, Atom):
            if formula in self.rules:
                return self._ways(self.rules[formula].body, wanted)
            return [] if (formula, wanted) in self.never else [frozenset({(formula, wanted)})]
        if isinstance(formula, Not):
            return self._ways(formula.part, not wanted)
        if isinstance(formula, All) is wanted:
            found: list[Way] = [frozenset()]
            for part in formula.parts:
                inner = self._ways(part, wanted)
                found = _limited(way for one in found for two in inner if self._agree(way := one | two))
            return found
        return _limited(way for part in formula.parts for way in self._ways(part, wanted))

    def _agree(self, way: Way) -> bool:
        """Whether a set of truths contradicts itself nowhere."""
        value: dict[str, str] = {}
        for atom, truth in way:
            if (atom, not truth) in way:
                return False
            if truth and atom.value is not None and value.setdefault(atom.name, atom.value) != atom.value:
                return False
        denied: dict[str, set[str]] = {}
        for atom, truth in way:
            if not truth and atom.value is not None:
                denied.setdefault(atom.name, set()).add(atom.value)
        return not any(set(self.values.get(name, [])) == gone for name, gone in denied.items())


def _limited(ways: Iterator[Way]) -> list[Way]:
    found: dict[Way, None] = {}
    for way in ways:
        found[way] = None
        if len(found) > MOST_WAYS:
            raise TooManyError
    return list(found)
