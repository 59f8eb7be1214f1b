"""Whether the receiver has an IKE SA with a peer.

Present needs a row that is up, and known to be this peer's where several share its address. Absent needs the list of
each IKE version that the setup uses, seen whole.
"""

from __future__ import annotations

from typing import Literal

from engine.facts import Coverage, IkeSa, Session
from engine.relate.timeline import Sections, seconds_after, taken, was_after
from engine.relate.views import DeviceView, FlowView, Quote, SetupView
from engine.stamp import Stamp

IkeState = Literal["present", "absent", "unknown"]
_LISTS = {"ikev1": "isakmp-sa", "ikev2": "ikev2-sa"}


def ike_sa_with(
    device: DeviceView,
    peer: str | None,
    setup: SetupView | None,
    since: Stamp | None,
    sections: Sections,
    *,
    flow: FlowView | None = None,
) -> tuple[IkeState, tuple[Quote, ...]]:
    """The IKE SA of a device with a peer, and the rows or lists that say so.

    Args:
        device: whose lists are asked.
        peer: the other end.
        setup: toward the peer; tells which IKE versions count.
        since: the first message; a list that is older, or may be, says nothing of the state in which it was logged.
        sections: first and last line of every section, by source.
        flow: that asks: where several peers share its source, the rows of the lists do not say whose they are.
    """
    if peer is None:
        return "unknown", ()
    facts = device.facts
    shared = flow is not None and flow.source_shared
    port = flow.source_port if flow is not None and shared else None
    logs = {m.at.source for m in flow.messages} if flow is not None else set()

    def in_time(fact: IkeSa | Coverage) -> bool:
        at = taken(facts, fact.at, sections)
        if at.not_after is None and fact.at.source not in logs:
            # Only a clock before it, and that before the message: the list may be older, and nothing says otherwise.
            begun = seconds_after(at.not_before, since, facts)
            if begun is not None and begun < 0:
                return False
        return was_after(at, since, facts) is not False

    rows = [sa for sa in facts.of(IkeSa) if peer in sa.ends and in_time(sa)]
    up = [sa for sa in rows if sa.up]
    if up and shared:
        return _by_session(device, peer, [Quote(sa.at) for sa in up], shared, port)
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
            return _by_session(device, peer, quotes, shared, port)
        if not any(sa.ike == version for sa in rows):
            quotes.append(Quote(lists[-1].at, "absence"))
    return "absent", tuple(quotes)


def _by_session(
    device: DeviceView, peer: str, quotes: list[Quote], shared: bool, port: int | None
) -> tuple[IkeState, tuple[Quote, ...]]:
    """Where the lists cannot tell, a session with an active IKE SA does; behind a shared address, one at the port."""
    active = [s for s in device.facts.where(Session, "peer", peer) if s.active]
    if shared:
        active = [s for s in active if port is not None and s.port == port]
    return ("present", tuple(Quote(s.at) for s in active)) if active else ("unknown", tuple(quotes))
