"""Explanations: the proof tree of one finding, read off the firings, with what is still unknown."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.diagnosis.document import Citation, Evidence, Finding


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
