"""What a back end answers: the heads that became known, and the proof of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

import msgspec

from engine.inference.formula import Atom

Known: TypeAlias = tuple[Atom, bool]
"""An atom and its known truth: one line of a proof."""


class Proof(msgspec.Struct, frozen=True):
    """Why a head is known: one firing, read as "`head` is `truth` because of all of `because`, by `rule`".

    Every atom named in `because` is an observed condition or a head with a proof of its own, in the order in which
    the rule names them; helper propositions of the compiler never show. Where several parts of an `any` would do
    (or several parts of an `all` are false), the first that is known stands for all.

    Attributes:
        head: the derived atom.
        truth: yes or no.
        rule: `Rule.source`, the knowledge base entry.
        because: what the firing used; empty only where the rule holds whatever is known.
    """

    head: Atom
    truth: bool
    rule: str
    because: tuple[Known, ...]


class Closure(msgspec.Struct, frozen=True):
    """Everything that follows from a set of known truths.

    Attributes:
        truths: heads that became known; a head that is missing here is unknown.
        proofs: one proof for each of them, keyed by head and truth.
    """

    truths: dict[Atom, bool]
    proofs: dict[Known, Proof]


class Backend(Protocol):
    """Something that closes known truths under a rule set."""

    @property
    def name(self) -> str:
        """What the document calls it (`tool.engine`)."""

    def close(self, facts: Mapping[Atom, bool]) -> Closure:
        """Derive the heads from the known truths of the leaf atoms.

        Atoms that no rule uses are ignored, and so is a truth given for a head: heads are derived.
        """
