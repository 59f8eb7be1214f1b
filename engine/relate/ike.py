"""Whether the receiver has an IKE SA with a peer.

Present needs a row that is up. Absent needs the list of each IKE version that the setup uses, seen whole.
"""

from __future__ import annotations

from typing import Literal

from engine.facts import Coverage, IkeSa, Session
from engine.relate.views import DeviceView, Quote, SetupView

IkeState = Literal["present", "absent", "unknown"]
_LISTS = {"ikev1": "isakmp-sa", "ikev2": "ikev2-sa"}


def ike_sa_with(
    device: DeviceView, peer: str | None, setup: SetupView | None
) -> tuple[IkeState, tuple[Quote, ...]]:
    """The IKE SA of a device with a peer, and the rows or lists that say so."""
    if peer is None:
        return "unknown", ()
    rows = [sa for sa in device.facts.of(IkeSa) if peer in sa.ends]
    up = [sa for sa in rows if sa.up]
    if up:
        return "present", tuple(Quote(sa.at) for sa in up)
    versions = (setup.ike if setup is not None else ()) or tuple(_LISTS)
    quotes: list[Quote] = [Quote(sa.at) for sa in rows]
    for version in versions:
        lists = [
            c
            for c in device.facts.of(Coverage)
            if c.family == _LISTS[version] and c.whole and c.toward in {None, peer}
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
