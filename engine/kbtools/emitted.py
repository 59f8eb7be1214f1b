"""What the parsers can give: kinds of facts, and lists that they can say were seen whole. Read off their code."""

from __future__ import annotations

import ast
from functools import cache
from importlib.resources import files

from engine.observe.tests import FACTS


@cache
def fact_kinds() -> frozenset[str]:
    """Kinds of facts, by their names in the rule language, that some parser makes."""
    by_class = {kind.__name__: name for name, kind in FACTS.items()}
    called = {
        node.func.id
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return frozenset(name for kind, name in by_class.items() if kind in called)


@cache
def families() -> frozenset[str]:
    """Every word that a parser may give as the family of a list: the constants of modules that make `Coverage`."""
    found: set[str] = set()
    for tree in _trees():
        nodes = list(ast.walk(tree))
        if any(isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Coverage" for n in nodes):
            found |= {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return frozenset(word for word in found if word and word.replace("-", "").isalnum())


@cache
def _trees() -> tuple[ast.Module, ...]:
    """The code that makes facts."""
    engine = files("engine")
    modules = [*(m for m in engine.joinpath("parsers").iterdir() if m.name.endswith(".py"))]
    modules.append(engine.joinpath("reading.py"))
    return tuple(ast.parse(m.read_text(encoding="utf-8")) for m in sorted(modules, key=lambda m: m.name))
