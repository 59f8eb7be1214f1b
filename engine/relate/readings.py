"""Several readings of one list: the later one says what is, the earlier ones what was.

A later list replaces an earlier one of the same device as far as it reaches: a whole list replaces all of it, a
whole list toward one peer replaces what it said of that peer. Later means further down in the same source, or taken
later by the device's clock. Where neither tells, both stand: then a missing entry has to be missing in both.
"""

from __future__ import annotations

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
from engine.relate.timeline import taken
from engine.stamp import seconds_between

_ENTRIES: dict[str, tuple[type[Fact], ...]] = {
    "ipsec-sa": (IpsecSa,),
    "isakmp-sa": (IkeSa,),
    "ikev2-sa": (IkeSa,),
    "running-config": (RunningConfig, ConfigInterface, ConfigSetup, RecoveryCommand),
    "session": (Session,),
    "nhrp-peer": (NhrpPeer,),
}
Sections = dict[str, list[tuple[int, int]]]


def current(facts: DeviceFacts, sections: Sections) -> DeviceFacts:
    """The facts that later readings leave standing; what was replaced is kept as their `earlier`."""
    lists = facts.of(Coverage)
    gone: set[int] = set()
    for old in lists:
        for new in lists:
            if (
                new is old
                or new.family != old.family
                or not new.whole
                or not _later(facts, old, new, sections)
            ):
                continue
            if new.toward is None or new.toward == old.toward:
                gone.update(id(f) for f in [old, *_entries(facts, old)])
            else:
                gone.update(id(f) for f in _entries(facts, old) if new.toward in _peers(f))
    if not gone:
        return facts
    kept = DeviceFacts(facts.name)
    for fact in facts.all():
        (kept.earlier if id(fact) in gone else kept).add(fact)
    return kept


def _entries(facts: DeviceFacts, cover: Coverage) -> list[Fact]:
    """The facts that stand in the section of a list."""
    return [
        fact for kind in _ENTRIES.get(cover.family, ()) for fact in facts.of(kind) if _within(fact, cover)
    ]


def _within(fact: Fact, cover: Coverage) -> bool:
    at, place = fact.at, cover.at
    return at.source == place.source and place.line <= at.line <= place.last_line


def _peers(fact: Fact) -> tuple[str | None, ...]:
    if isinstance(fact, IkeSa):
        return fact.ends
    if isinstance(fact, IpsecSa | Session):
        return (fact.peer,)
    return (fact.nbma,) if isinstance(fact, NhrpPeer) else ()


def _later(facts: DeviceFacts, old: Coverage, new: Coverage, sections: Sections) -> bool:
    """Whether one list is known to have been taken after another."""
    if old.at.source == new.at.source:
        return new.at.line > old.at.line
    before, after = taken(facts, old.at, sections), taken(facts, new.at, sections)
    # In different captures the later one has to begin after the earlier one's clock reading, with nothing between.
    first, last = before.not_after or before.not_before, after.not_before
    apart = None if first is None or last is None else seconds_between(first, last)
    return apart is not None and apart > 0
