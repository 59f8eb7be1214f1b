"""The order in which rules can be evaluated, and the checks that a rule set has one."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from engine.inference.formula import All, Any, Atom, Formula, Not, Rule, atoms

MAX_DEPTH = 64
"""Formulas nested deeper are refused: no person can read them, and both engines walk them recursively."""


class RuleError(ValueError):
    """A rule set that cannot be used; the message names the rule and says what to change."""


def order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, each after the rules whose heads its body uses; the same rules give the same order.

    Raises:
        RuleError: two rules with one head, rules that depend on each other in a circle (the message names the
            circle), or a formula nested deeper than `MAX_DEPTH`.
    """
    by_head: dict[Atom, Rule] = {}
    for rule in rules:
        other = by_head.setdefault(rule.head, rule)
        if other is not rule:
            raise RuleError(
                f"{rule.head} is derived twice, by {other.source} and by {rule.source}:"
                " join the two formulas with `any` in one rule"
            )
        _check_depth(rule)
    graph = {head: [atom for atom in atoms(rule.body) if atom in by_head] for head, rule in by_head.items()}
    try:
        heads = tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        # graphlib names the circle against the arrows: each element is used by the next one
        circle = " needs ".join(str(atom) for atom in reversed(error.args[1]))
        raise RuleError(f"rules need each other in a circle: {circle}") from None
    return tuple(by_head[head] for head in heads)


def _check_depth(rule: Rule) -> None:
    """Walk level by level, so that the check itself cannot exhaust the stack."""
    level: list[Formula] = [rule.body]
    for _ in range(MAX_DEPTH):
        level = [part for formula in level for part in _parts(formula)]
        if not level:
            return
    raise RuleError(f"the formula of {rule.head} ({rule.source}) is nested deeper than {MAX_DEPTH} levels")


def _parts(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()
