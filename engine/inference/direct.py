"""The second engine: formulas evaluated as they are written, under Kleene's strong three-valued logic.

It shares nothing with the compiled clauses, so a fault of the compiler or of durable_rules shows as a difference.
It needs microseconds where a durable_rules session needs milliseconds, so it also answers hypotheticals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.inference.closure import Closure, Known, Proof
from engine.inference.formula import Any, Atom, Formula, Not, Rule, Truth, truth_of
from engine.inference.order import RuleError, order

__all__ = ["Direct", "RuleError", "evaluate", "order", "proof"]


def evaluate(formula: Formula, facts: Mapping[Atom, bool]) -> Truth:
    """The truth of a formula where atoms that `facts` lacks are unknown."""
    return truth_of(formula, facts.get)


class Direct:
    """Evaluates a rule set, rule by rule.

    Raises:
        RuleError: from the constructor, where the rules have no order (see `order`).
    """

    name = "direct"

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = order(rules)

    def truths(self, facts: Mapping[Atom, bool]) -> dict[Atom, bool]:
        """The heads that become known, without proofs: the fast way for hypotheticals."""
        known = self._known(facts)
        return {rule.head: known[rule.head] for rule in self.rules if rule.head in known}

    def close(self, facts: Mapping[Atom, bool]) -> Closure:
        """The heads that become known, each with its proof."""
        known = self._known(facts)
        truths: dict[Atom, bool] = {}
        proofs: dict[Known, Proof] = {}
        for rule in self.rules:
            truth = known.get(rule.head)
            if truth is not None:
                truths[rule.head] = truth
                proofs[rule.head, truth] = proof(rule, truth, known)
        return Closure(truths, proofs)

    def _known(self, facts: Mapping[Atom, bool]) -> dict[Atom, bool]:
        known = dict(facts)
        for rule in self.rules:
            # every user of a head comes after it, so a truth given for it is replaced before anyone looks
            truth = evaluate(rule.body, known)
            if truth is None:
                known.pop(rule.head, None)
            else:
                known[rule.head] = truth
        return known


def proof(rule: Rule, truth: bool, known: Mapping[Atom, bool]) -> Proof:
    """The proof of a rule's head, given its truth."""
    because = tuple(dict.fromkeys(_because(rule.body, truth, known)))
    return Proof(rule.head, truth, rule.source, because)


def _because(formula: Formula, truth: bool, known: Mapping[Atom, bool]) -> list[Known]:
    """The known atoms that make a formula true or false, given that it is."""
    if isinstance(formula, Atom):
        return [(formula, truth)]
    if isinstance(formula, Not):
        return _because(formula.part, not truth, known)
    if truth is isinstance(formula, Any):
        settling = next(part for part in formula.parts if evaluate(part, known) is truth)
        return _because(settling, truth, known)
    return [line for part in formula.parts for line in _because(part, truth, known)]
