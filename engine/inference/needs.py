"""What has to be known before a formula can have a truth: the least that an index of rules needs to know.

    needs(a and (b or not c), True)  ->  {a yes}, {b yes, c no}
    needs(a and (b or not c), False) ->  {a no, b no}

Each set is a need: one of its literals must be known. All needs met does not make the formula true (it is coarser than
the formula), but a need that is not met keeps it from being true, whatever else is known. So a rule whose needs are
not met can be left out without changing an answer.
"""

from __future__ import annotations

from typing import TypeAlias

from engine.inference.closure import Known
from engine.inference.formula import Any, Atom, Formula, Not

Need: TypeAlias = frozenset[Known]
"""Literals of which one must be known; empty: the formula can never have that truth."""


def needs(formula: Formula, truth: bool) -> tuple[Need, ...]:
    """The needs of a formula for a truth, each once; none where it has that truth whatever is known."""
    if isinstance(formula, Atom):
        return (frozenset(((formula, truth),)),)
    if isinstance(formula, Not):
        return needs(formula.part, not truth)
    parts = [needs(part, truth) for part in formula.parts]
    if isinstance(formula, Any) is not truth:  # every part is needed: a conjunction, or a denied disjunction
        return tuple(dict.fromkeys(need for part in parts for need in part))
    if not all(parts):
        return ()  # one part holds anyhow
    if len(parts) == 1:
        return parts[0]
    # One part is needed, and of each part one need: the smallest, so that the union says most.
    return (frozenset().union(*(min(part, key=len) for part in parts)),)
