"""Several readings of one list: the later one says what is, the earlier ones what was.

A later list replaces an earlier one of the same device as far as it reaches: a whole list replaces all of it, a
whole list toward one peer replaces what it said of that peer. Later means further down in the same source, or taken
later by the device's clock. Where neither tells, both stand: then a missing entry has to be missing in both.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from engine.facts import (
    ConfigInterface,
    ConfigSetup,
    Coverage,
    Fact,
    IkeSa,
    IpsecSa,
    NhrpPeer,
    RecoveryCommand,
    RunningConfig,
    Session,
)
from engine.relate.devices import DeviceFacts
from engine.relate.timeline import Sections, Taken, taken
from engine.stamp import seconds_between

F = TypeVar("F", bound=Fact)
_ENTRIES: dict[str, tuple[type[Fact], ...]] = {
    "ipsec-sa": (IpsecSa,),
    "isakmp-sa": (IkeSa,),
    "ikev2-sa": (IkeSa,),
    "running-config": (RunningConfig, ConfigInterface, ConfigSetup, RecoveryCommand),
    "session": (Session,),
    "nhrp-peer": (NhrpPeer,),
}


def current(facts: DeviceFacts, sections: Sections) -> DeviceFacts:
    """The facts that later readings leave standing; what was replaced is kept as their `earlier`."""
    by_family: dict[str, list[Coverage]] = {}
    for cover in facts.of(Coverage):
        if cover.family in _ENTRIES:
            by_family.setdefault(cover.family, []).append(cover)
    gone: set[int] = set()
    for family, covers in by_family.items():
        if len(covers) > 1:
            entries = _entries(facts, family, covers)
            times = {id(c): taken(facts, c.at, sections) for c in covers}
            for new in covers:
                if new.whole:
                    olds = [c for c in covers if c is not new and _later(c, new, times)]
                    gone.update(_replaced(new, olds, entries))
    if not gone:
        return facts
    kept = DeviceFacts(facts.name)
    for fact in facts.all():
        (kept.earlier if id(fact) in gone else kept).add(fact)
    return kept


def _replaced(new: Coverage, olds: list[Coverage], entries: dict[int, list[Fact]]) -> Iterator[int]:
    """Ids of the facts that a later list replaces."""
    for old in olds:
        if new.toward is None or new.toward == old.toward:
            yield id(old)
            yield from map(id, entries[id(old)])
        else:
            yield from (id(f) for f in entries[id(old)] if new.toward in _peers(f))


def _entries(facts: DeviceFacts, family: str, covers: list[Coverage]) -> dict[int, list[Fact]]:
    """The facts that stand in the section of each list, by the list's id."""
    spans: dict[str, list[Coverage]] = {}
    for cover in sorted(covers, key=lambda c: c.at):
        spans.setdefault(cover.at.source, []).append(cover)
    found: dict[int, list[Fact]] = {id(cover): [] for cover in covers}
    for kind in _ENTRIES[family]:
        for fact in facts.of(kind):
            mine = spans.get(fact.at.source, [])
            index = bisect_right(mine, fact.at.line, key=lambda c: c.at.line) - 1
            if index >= 0 and fact.at.line <= mine[index].at.last_line:
                found[id(mine[index])].append(fact)
    return found


def _peers(fact: Fact) -> tuple[str | None, ...]:
    if isinstance(fact, IkeSa):
        return fact.ends
    if isinstance(fact, IpsecSa | Session):
        return (fact.peer,)
    return (fact.nbma,) if isinstance(fact, NhrpPeer) else ()


def _later(old: Coverage, new: Coverage, times: dict[int, Taken]) -> bool:
    """Whether one list is known to have been taken after another."""
    if old.at.source == new.at.source:
        return new.at.line > old.at.line
    return is_later(times[id(old)], times[id(new)])


def is_later(before: Taken, after: Taken) -> bool:
    """Whether an output of one capture is known to have been taken after that of another, on the same clock."""
    first, last = before.not_after or before.not_before, after.not_before
    apart = None if first is None or last is None else seconds_between(first, last)
    return apart is not None and apart > 0


def in_time(read: Sequence[F], facts: DeviceFacts, sections: Sections) -> list[F]:
    """Readings of one thing in the order in which they were taken; only the last source's where that is unknown.

    Inside a source that is the order of the lines, between sources that of the clocks.
    """
    by_source: dict[str, list[F]] = {}
    for fact in read:
        by_source.setdefault(fact.at.source, []).append(fact)
    groups = sorted(by_source.values(), key=lambda g: g[0].at)
    if len(groups) < 2:
        return list(read)
    times = [(taken(facts, g[0].at, sections), g) for g in groups]
    ordered = sorted(times, key=lambda t: t[0].not_before.iso() if t[0].not_before is not None else "")
    if all(is_later(a[0], b[0]) for a, b in pairwise(ordered)):
        return [fact for _, group in ordered for fact in group]
    return groups[-1]
