"""Builds the explanation of a finding: the formulas of its hypothesis as a tree, settled leaf by leaf."""

from __future__ import annotations

from typing import Literal

from engine.diagnosis.document import Citation, Finding
from engine.diagnosis.explain import Explanation, ProofNode
from engine.diagnosis.quoting import Quoter
from engine.diagnosis.reasons import Reasoner
from engine.inference.formula import All, Any, Atom, Formula, Not, Rule
from engine.judge import Judge, Judged, release_status
from engine.knowledge.formulas import parse
from engine.knowledge.model import Hypothesis, Necessary
from engine.knowledge.written import Statement


class Explainer:
    """Explains findings of one case in one language."""

    def __init__(self, judge: Judge, reasoner: Reasoner, quoter: Quoter, lang: str) -> None:
        self._kb = judge.kb
        self._bodies: dict[Atom, Rule] = {rule.head: rule for rule in judge.core}
        self._reasoner = reasoner
        self._quoter = quoter
        self._lang = lang

    def explain(self, finding: Finding, hypothesis: Hypothesis, judged: Judged) -> Explanation:
        """The proof of a finding, why-not included."""
        parts: list[tuple[str, ProofNode]] = [
            ("necessary", self._needed(needed, judged)) for needed in hypothesis.necessary
        ]
        for role, formula in (("signature", hypothesis.signature), ("proof", hypothesis.proof)):
            if formula is not None:
                parts.append((role, self._node(parse(formula), judged)))
        parts += [("for", self._node(parse(f), judged)) for f in hypothesis.for_]
        parts += [("against", self._node(parse(f), judged)) for f in hypothesis.against]
        return Explanation(finding=finding, decision=self._decision(finding, hypothesis, judged), parts=parts)

    def _decision(self, finding: Finding, hypothesis: Hypothesis, judged: Judged) -> str:
        key: str = finding.verdict
        if key == "ruled_out":
            key = "release-clear" if release_status(hypothesis, judged.subject) == "clear" else "excluded"
        elif key == "confirmed" and finding.kind == "bug":
            key = "confirmed-bug"
        sentences = [self._kb.texts[f"decision.{key}"](self._lang)]
        grounds = judged.grounds.get(finding.id)
        if grounds is not None and grounds.cap is not None and key in {"likely", "possible"}:
            sentences.append(self._kb.texts["decision.capped"](self._lang))
        if finding.note:
            sentences.append(finding.note)
        return " ".join(sentences)

    def _needed(self, needed: Necessary, judged: Judged) -> ProofNode:
        return self._leaf(Atom(needed.condition), judged, needed.statement, needed.source)

    def _node(self, formula: Formula, judged: Judged) -> ProofNode:
        if isinstance(formula, Atom):
            rule = self._bodies.get(formula)
            if rule is None:
                return self._leaf(formula, judged, None, None)
            return ProofNode(
                text=self._derived(formula),
                name=str(formula),
                connective="rule",
                truth=_word(judged.truth(formula)),
                children=[self._node(rule.body, judged)],
            )
        connective: Literal["all", "any", "not"]
        if isinstance(formula, Not):
            connective, parts = "not", [formula.part]
        else:
            connective, parts = ("all" if isinstance(formula, All) else "any"), list(formula.parts)
        return ProofNode(
            text=self._kb.texts[connective](self._lang),
            name="",
            connective=connective,
            truth=_word(self._reasoner.truth(formula, judged)),
            children=[self._node(part, judged) for part in self._shown(formula, parts, judged)],
        )

    def _shown(self, formula: Formula, parts: list[Formula], judged: Judged) -> list[Formula]:
        """All parts, but of an alternative between rows of the matrix only those that hold, where one does."""
        if isinstance(formula, Any) and len(parts) > 3:
            held = [part for part in parts if self._reasoner.truth(part, judged)]
            return held or parts
        return parts

    def _leaf(self, atom: Atom, judged: Judged, statement: Statement | None, source: str | None) -> ProofNode:
        condition = self._kb.conditions.get(atom.name)
        if condition is not None:
            statement, source = statement or condition.statement, source or condition.source
        name, _, locator = (source or "").partition("#")
        truth = judged.truth(atom)
        observation = judged.observations.get(atom.name)
        return ProofNode(
            text=self._reasoner.title(atom),
            name=str(atom),
            connective="leaf",
            truth=_word(truth),
            statement=statement,
            citation=Citation(source=name, locator=locator, statement=statement)
            if source and statement
            else None,
            evidence=self._quoter.evidence(observation.quotes)
            if observation is not None and truth is not None
            else [],
            collect=self._reasoner.collect(atom, judged) if truth is None else [],
        )

    def _derived(self, atom: Atom) -> str:
        table = self._kb.tables.get(atom.name)
        if table is not None:
            return f"{table.title(self._lang)}: {self._reasoner.value(atom)}"
        row = self._kb.matrix.rows.get(atom.value or "") if atom.name == "matrix-row" else None
        if row is not None:
            return row.title(self._lang)
        key = f"derived.{atom.name}"
        text = self._kb.texts[key](self._lang) if key in self._kb.texts else atom.name
        return f"{text}: {self._reasoner.value(atom)}"


def _word(truth: bool | None) -> Literal["yes", "no", "unknown"]:
    return "unknown" if truth is None else "yes" if truth else "no"
