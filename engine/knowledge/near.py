"""Near names, for faults that name something unknown."""

from __future__ import annotations

from collections.abc import Iterable

_NEAR = 70


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for a near name, else nothing."""
    from rapidfuzz import fuzz, process

    names = list(known)
    # A slip of the pen first: a part of a longer name is like it, too, but further away.
    best = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=_NEAR)
    best = best or process.extractOne(name, names, score_cutoff=_NEAR)
    return f"; did you mean {best[0]}?" if best else ""
