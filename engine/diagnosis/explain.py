"""Explanations: the proof tree of one finding, with what is still unknown; what a case says of one condition."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.diagnosis.document import Citation, Evidence, Finding, Subject, Verdict


class ProofNode(msgspec.Struct, frozen=True, kw_only=True):
    """One proposition of a proof.

    Attributes:
        text: the proposition in the chosen language ("The SPI starts with 0xFF"), or all of / any of / not.
        name: condition or rule id; "" for a connective.
        connective: all, any or not where the node joins its children; rule where the children are the body of
            a named rule; leaf where evidence settles it.
        truth: yes, no, unknown.
        statement: stated or inferred; None for connectives.
        citation: where the claim comes from; None for connectives.
        evidence: the lines that settled a leaf.
        collect: commands that would settle an unknown leaf.
        children: what it rests on.
    """

    text: str
    name: str
    connective: Literal["all", "any", "not", "rule", "leaf"]
    truth: Literal["yes", "no", "unknown"]
    statement: Literal["stated", "inferred"] | None = None
    citation: Citation | None = None
    evidence: list[Evidence] = []
    collect: list[str] = []
    children: list[ProofNode] = []


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a finding has its verdict, or why not a better one.

    Attributes:
        finding: the finding, verdict included.
        decision: one sentence in the chosen language: which line of the verdict table decided.
        parts: (role, tree): role is necessary, signature, proof, for, against, release.
    """

    finding: Finding
    decision: str
    parts: list[tuple[str, ProofNode]]


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """A hypothesis that looks at a condition.

    Attributes:
        id, title: of the hypothesis.
        roles: in which of its formulas: necessary, signature, proof, for, against.
        through: the table or matrix answer by which it looks at it; "" where it names it itself.
        verdict: the best that it has for a subject of the explanation; undetermined where it is judged for none.
    """

    id: str
    title: str
    roles: list[str]
    through: str
    verdict: Verdict


class ConditionExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """What a case says of one condition, for the subjects for which it says the same.

    Attributes:
        id, title: of the condition; of a category the title says its value.
        truth: yes, no, unknown; of a category yes where its value is known.
        citation: where its meaning comes from.
        subjects: for whom; empty where it is about the case, or a case without a flow.
        evidence: the lines that settled it, or the sections that lack it.
        assumed: it rests on something assumed of the evidence, or on prose, so verdicts are held down.
        ask: the question to a person; None where there is none.
        answers: what can be answered (`--answer ID=VALUE`).
        collect: commands that would settle it.
        uses: the hypotheses that look at it.
    """

    id: str
    title: str
    truth: Literal["yes", "no", "unknown"]
    citation: Citation
    subjects: list[Subject]
    evidence: list[Evidence]
    assumed: bool
    ask: str | None
    answers: list[str]
    collect: list[str]
    uses: list[Use]
