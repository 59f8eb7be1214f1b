"""The knowledge base as rules for the inference: two strata.

`judge` derives the matrix, the tables and, per hypothesis, the grounds of its verdict. The verdict table then
decides outside the rules (it says "nothing against", which no monotone rule can). `advise` sees those verdicts as
atoms and derives severities, actions, risks and the sentence on top.
"""

from __future__ import annotations

from typing import Any as Anything

import msgspec

from engine.inference.formula import Any, Atom, Formula, Not, Rule
from engine.knowledge.formulas import parse
from engine.knowledge.model import Hypothesis, Knowledge

SUPPORT = "recovery-support"
INFERRED = "recovery-inferred"
ROW = "matrix-row"
GROUNDS = ("excluded", "signature", "proof", "for", "against")
"""Atoms derived per hypothesis, as `GROUND:ID`; `release` grounds are observed, not derived."""


class RuleBase(msgspec.Struct, frozen=True):
    """The rules of both strata and the role of each atom's name.

    Attributes:
        judge, advise: the rules.
        roles: condition or table name to role, for the facts.
    """

    judge: tuple[Rule, ...]
    advise: tuple[Rule, ...]
    roles: dict[str, str]


def rule_base(kb: Knowledge) -> RuleBase:
    """The rules of a knowledge base.

    Raises:
        FormulaError: where a formula is not of the language (`engine.knowledge.check` finds it first).
    """
    judge = [*_matrix(kb), *_tables(kb)]
    advise: list[Rule] = []
    for name, (_, hypothesis) in kb.hypotheses().items():
        judge.extend(_grounds(name, hypothesis))
        advise.extend(_severities(name, hypothesis))
    for name, remedy in kb.remedies.items():
        advise.append(Rule(Atom(f"remedy:{name}"), parse(remedy.when), f"remedy {name}"))
        advise.extend(
            Rule(Atom(f"risk:{name}", r.risk), parse(r.when), f"remedy {name}") for r in remedy.risk_when
        )
    for name, line in kb.summary.flow.items():
        advise.append(Rule(Atom(f"summary:{name}"), parse(line.when), f"summary {name}"))
    roles: dict[str, str] = {name: condition.of for name, condition in kb.conditions.items()}
    return RuleBase(tuple(judge), tuple(advise), roles)


def _matrix(kb: Knowledge) -> list[Rule]:
    rules = [Rule(Atom(ROW, row), Atom("setup-kind", row), f"matrix {row}") for row in kb.matrix.rows]
    for support in ("yes", "no", "not_applicable"):
        rows = tuple(Atom(ROW, row) for row, entry in kb.matrix.rows.items() if entry.support == support)
        rules.append(Rule(Atom(SUPPORT, support), Any(rows), "matrix"))
        outside = tuple(
            Atom("setup-kind", k) for k, entry in kb.matrix.outside.items() if entry.inferred == support
        )
        rules.append(Rule(Atom(INFERRED, support), Any(outside), "matrix"))
    return rules


def _tables(kb: Knowledge) -> list[Rule]:
    return [
        Rule(Atom(table, value), parse(entry.when), f"table {table}")
        for table, content in kb.tables.items()
        for value, entry in content.values.items()
    ]


def _grounds(name: str, hypothesis: Hypothesis) -> list[Rule]:
    """Rules for the grounds of a verdict. Only a stated necessary condition excludes."""
    bodies: dict[str, Formula] = {}
    stated = tuple(Not(Atom(n.condition)) for n in hypothesis.necessary if n.statement == "stated")
    if stated:
        bodies["excluded"] = Any(stated)
    if hypothesis.signature is not None:
        bodies["signature"] = parse(hypothesis.signature)
    if hypothesis.proof is not None:
        bodies["proof"] = parse(hypothesis.proof)
    if hypothesis.for_:
        bodies["for"] = Any(tuple(map(parse, hypothesis.for_)))
    if hypothesis.against:
        bodies["against"] = Any(tuple(map(parse, hypothesis.against)))
    return [Rule(Atom(f"{ground}:{name}"), body, name) for ground, body in bodies.items()]


def _severities(name: str, hypothesis: Hypothesis) -> list[Rule]:
    if isinstance(hypothesis.severity, str):
        return []
    by_value: dict[str, list[Formula]] = {}
    for entry in hypothesis.severity:
        by_value.setdefault(entry.severity, []).append(parse(entry.when))
    return [Rule(Atom(f"severity:{name}", value), Any(tuple(f)), name) for value, f in by_value.items()]


def formulas_of(hypothesis: Hypothesis) -> dict[str, Anything]:
    """The formulas of a hypothesis by role, as written, for explanations: necessary, signature, proof, for, against."""
    return {
        "necessary": [n.condition for n in hypothesis.necessary],
        "signature": hypothesis.signature,
        "proof": hypothesis.proof,
        "for": hypothesis.for_,
        "against": hypothesis.against,
    }
