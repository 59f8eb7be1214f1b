"""Whether the receiver has an IKE SA with a peer.

Present needs a row that is up. Absent needs the list of each IKE version that the setup uses, seen whole.
"""

from __future__ import annotations

from typing import Literal

from engine.facts import Coverage, IkeSa, Session
from engine.relate.timeline import Sections, taken, was_after
from engine.relate.views import DeviceView, Quote, SetupView
from engine.stamp import Stamp

IkeState = Literal["present", "absent", "unknown"]
_LISTS = {"ikev1": "isakmp-sa", "ikev2": "ikev2-sa"}


def ike_sa_with(
    device: DeviceView, peer: str | None, setup: SetupView | None, since: Stamp | None, sections: Sections
) -> tuple[IkeState, tuple[Quote, ...]]:
    """The IKE SA of a device with a peer, and the rows or lists that say so.

    Args:
        device: whose lists are asked.
        peer: the other end.
        setup: toward the peer; tells which IKE versions count.
        since: the first message; a list known to be older says nothing of the state in which it was logged.
        sections: first and last line of every section, by source.
    """
    if peer is None:
        return "unknown", ()
    facts = device.facts

    def in_time(fact: IkeSa | Coverage) -> bool:
        return was_after(taken(facts, fact.at, sections), since, facts) is not False

    rows = [sa for sa in facts.of(IkeSa) if peer in sa.ends and in_time(sa)]
    up = [sa for sa in rows if sa.up]
    if up:
        return "present", tuple(Quote(sa.at) for sa in up)
    quotes: list[Quote] = [Quote(sa.at) for sa in rows]
    if any(sa.status == "STDBY" for sa in rows):
        return "unknown", tuple(quotes)  # the active box of the pair has it
    for version in (setup.ike if setup is not None else ()) or tuple(_LISTS):
        lists = [
            c
            for c in facts.of(Coverage)
            if c.family == _LISTS[version] and c.whole and c.toward in {None, peer} and in_time(c)
        ]
        if not lists:
            return _by_session(device, peer, quotes)
        if not any(sa.ike == version for sa in rows):
            quotes.append(Quote(lists[-1].at, "absence"))
    return "absent", tuple(quotes)


def _by_session(device: DeviceView, peer: str, quotes: list[Quote]) -> tuple[IkeState, tuple[Quote, ...]]:
    """Where the lists of IKE SAs are not there to ask, a session with an active IKE SA shows that there is one."""
    active = [s for s in device.facts.where(Session, "peer", peer) if s.active]
    return ("present", tuple(Quote(s.at) for s in active)) if active else ("unknown", tuple(quotes))
