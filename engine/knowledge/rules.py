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
    """All rules of a knowledge base; a diagnosis takes those that it needs (`engine.knowledge.choosing`).

    Raises:
        FormulaError: where a formula is not of the language (`engine.knowledge.check` finds it first).
    """
    judge, advise = core_rules(kb), advice_rules(kb)
    for name, (_, hypothesis) in kb.hypotheses().items():
        judge.extend(ground_rules(name, hypothesis))
        advise.extend(severity_rules(name, hypothesis))
    return RuleBase(tuple(judge), tuple(advise), roles_of(kb))


def roles_of(kb: Knowledge) -> dict[str, str]:
    """The role that each condition is judged for."""
    return {name: condition.of for name, condition in kb.conditions.items()}


def core_rules(kb: Knowledge) -> list[Rule]:
    """The matrix and the tables: what hypotheses may rest on."""
    return [*_matrix(kb), *_tables(kb)]


def advice_rules(kb: Knowledge) -> list[Rule]:
    """Actions, risks and the sentence on top: what rests on verdicts."""
    rules: list[Rule] = []
    for name, remedy in kb.remedies.items():
        rules.append(Rule(Atom(f"remedy:{name}"), parse(remedy.when), f"remedy {name}"))
        rules.extend(
            Rule(Atom(f"risk:{name}", r.risk), parse(r.when), f"remedy {name}") for r in remedy.risk_when
        )
    for name, line in kb.summary.flow.items():
        rules.append(Rule(Atom(f"summary:{name}"), parse(line.when), f"summary {name}"))
    return rules


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


def ground_rules(name: str, hypothesis: Hypothesis) -> list[Rule]:
    """Rules for the grounds of a verdict."""
    bodies: dict[str, Formula] = {}
    needed = stated(hypothesis)
    if needed:
        bodies["excluded"] = exclusion(needed)
    if hypothesis.signature is not None:
        bodies["signature"] = parse(hypothesis.signature)
    if hypothesis.proof is not None:
        bodies["proof"] = parse(hypothesis.proof)
    if hypothesis.for_:
        bodies["for"] = Any(tuple(map(parse, hypothesis.for_)))
    if hypothesis.against:
        bodies["against"] = Any(tuple(map(parse, hypothesis.against)))
    return [Rule(Atom(f"{ground}:{name}"), body, name) for ground, body in bodies.items()]


def stated(hypothesis: Hypothesis) -> tuple[str, ...]:
    """The necessary conditions that a source states: only those exclude."""
    return tuple(needed.condition for needed in hypothesis.necessary if needed.statement == "stated")


def exclusion(conditions: tuple[str, ...]) -> Formula:
    """That one of the conditions is known not to hold."""
    return Any(tuple(Not(Atom(condition)) for condition in conditions))


def severity_rules(name: str, hypothesis: Hypothesis) -> list[Rule]:
    """Rules for the severities of a hypothesis that has several."""
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
