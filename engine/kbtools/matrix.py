"""The decision table of invalid SPI recovery, asked both ways: by setup, and by what it answers.

The cells are concluded by the rules themselves, so the table cannot differ from a diagnosis.
"""

from __future__ import annotations

import msgspec

from engine.inference.formula import Atom
from engine.judge import Judge, support_of
from engine.knowledge.written import Cite, Text

OUTCOME = "outcome"
# What is known in a column, beside the setup kind: IKE SA, command, IKEv2 only.
_COLUMNS: dict[str, tuple[str, bool, bool]] = {
    "present": ("present", False, False),
    "configured": ("absent", True, False),
    "configured-ikev2": ("absent", True, True),
    "not-configured": ("absent", False, False),
}


class Cell(msgspec.Struct, frozen=True):
    """A value with where it comes from; no citation where nothing is stated or inferred."""

    value: str
    cites: list[Cite]


class Row(msgspec.Struct, frozen=True):
    """One setup kind.

    Attributes:
        setup: its id; title: what it is called.
        stated: whether it is a row of the document's matrix.
        support: yes, no, not_applicable; not_stated outside the matrix.
        inferred: what we infer where the matrix is silent; why: the reasoning.
        outcomes: what the receiver does, by column: present (an IKE SA), configured and not-configured (no IKE SA),
            configured-ikev2 (likewise, with a setup that uses IKEv2 only).
    """

    setup: str
    title: Text
    stated: bool
    support: Cell
    inferred: Cell | None
    why: Text | None
    outcomes: dict[str, Cell]


def rows(judge: Judge, *, support: str | None = None, setup: str | None = None) -> list[Row]:
    """The rows whose support (or inference) is `support`, and whose setup kind is `setup`.

    Raises:
        KeyError: the knowledge base has no such setup kind.
    """
    matrix = judge.kb.matrix
    kinds = [*matrix.rows, *matrix.outside]
    if setup is not None and setup not in kinds:
        raise KeyError(setup)
    found = [_row(judge, kind) for kind in kinds if setup in {None, kind}]
    return [
        row
        for row in found
        if support in {None, row.support.value}
        or (row.inferred is not None and row.inferred.value == support)
    ]


def _row(judge: Judge, kind: str) -> Row:
    row = judge.kb.matrix.rows.get(kind)
    outside = judge.kb.matrix.outside.get(kind)
    setup = {Atom("setup-kind", k): k == kind for k in judge.kb.conditions["setup-kind"].values or []}
    stated = support_of(judge.judging.suppose(setup)) or "not_stated"
    inferred = None
    if outside is not None and outside.inferred is not None:
        inferred = Cell(outside.inferred, [Cite(source=outside.source, statement="inferred")])
    entry = row or outside
    assert entry is not None  # every kind is in one of the two
    cites = [Cite(source=row.source, statement="stated")] if row is not None else []
    outcomes = {column: _outcome(judge, setup, *known) for column, known in _COLUMNS.items()}
    why = outside.why if outside is not None else None
    return Row(kind, entry.title, row is not None, Cell(stated, cites), inferred, why, outcomes)


def _outcome(judge: Judge, setup: dict[Atom, bool], ike_sa: str, configured: bool, ikev2_only: bool) -> Cell:
    facts = {
        **setup,
        Atom("ike-sa", "present"): ike_sa == "present",
        Atom("ike-sa", "absent"): ike_sa == "absent",
        Atom("recovery-configured"): configured,
        Atom("setup-ikev2-only"): ikev2_only,
    }
    table = judge.kb.tables[OUTCOME]
    truths = judge.judging.suppose(facts).truths
    value = next((v for v in table.values if truths.get(Atom(OUTCOME, v))), None)
    return Cell(table.otherwise, []) if value is None else Cell(value, table.values[value].cites)
