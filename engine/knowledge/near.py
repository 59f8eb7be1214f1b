"""Near names, for faults that name something unknown."""

from __future__ import annotations

from collections.abc import Iterable

_NEAR = 70


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for a near name, else nothing."""
    from rapidfuzz import process

    best = process.extractOne(name, list(known), score_cutoff=_NEAR)
    return f"; did you mean {best[0]}?" if best else ""
