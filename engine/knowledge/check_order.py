"""Check that the rules of a knowledge base have an order: none needs itself, however far around."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError

from engine.inference.order import RuleError, order
from engine.knowledge.build import Index
from engine.knowledge.faults import Fault
from engine.knowledge.model import Knowledge
from engine.knowledge.rules import rule_base


def cycle_faults(kb: Knowledge, index: Index) -> Iterator[Fault]:
    """Rules that need each other in a circle, or are nested too deep to have an order."""
    base = rule_base(kb)
    for rules in (base.judge, base.advise):
        try:
            order(rules)
        except RuleError as error:
            yield Fault(*_place(error, index), "kb-cycle", str(error))


def _place(error: RuleError, index: Index) -> tuple[str, int, int]:
    """Where the first table value of the circle is written: only tables can need each other."""
    circle = error.__context__
    for atom in reversed(circle.args[1]) if isinstance(circle, CycleError) else ():
        document, keys = index.entries.get(("tables", atom.name), (None, ()))
        if document is not None:
            line, column = document.place((*keys, "values", str(atom.value), "when"))
            return document.path, line or 1, column or 1
    return "kb", 0, 0
