"""What the two peers say to each other over IKE."""

from __future__ import annotations

from engine.evidence.source import Place
from engine.facts import ConfigSetup, IkeNotify, IkeSa
from engine.observe.subject import UNKNOWN, Observation, Subject, places
from engine.relate.views import DeviceView


def pair_uses_ikev2(subject: Subject) -> Observation:
    """Whether the two peers use IKEv2 with each other, as either side's setup says, or an IKEv2 row of one of them."""
    flow = subject.flow
    if flow is None:
        return UNKNOWN
    for setup in (flow.sender_setup, flow.setup):
        if setup is not None and setup.uses_ikev2 is not None:
            return Observation(setup.uses_ikev2, setup.quotes)
    for device, peer in ((flow.receiver, flow.src), (flow.sender, flow.dst)):
        rows = device.facts.where(IkeSa, "ike", "ikev2") if device is not None else []
        mine = [sa for sa in rows if peer in sa.ends]
        if mine:
            return Observation(True, places(mine[0].at))
    return UNKNOWN


def invalid_syntax_answered(subject: Subject) -> Observation:
    """Whether the sender answers INVALID_SPI with INVALID_SYNTAX.

    A debug that shows both is enough. The counters are box-wide and run since boot, so they count only where both
    grow between two readings and the device has a single IKEv2 peer.
    """
    flow = subject.flow
    if flow is None or flow.sender is None:
        return UNKNOWN
    notes = [n for n in flow.sender.facts.of(IkeNotify) if n.peer in {None, flow.dst}]
    got = [n for n in notes if n.notify == "INVALID_SPI" and n.direction == "received" and n.count is None]
    sent = [n for n in notes if n.notify == "INVALID_SYNTAX" and n.direction == "sent" and n.count is None]
    for first in got:
        answer = next((s for s in sent if s.at.source == first.at.source and s.at.line > first.at.line), None)
        if answer is not None:
            return Observation(True, places(first.at, answer.at))
    grown_spi = _growth(notes, "INVALID_SPI", "received")
    grown_syntax = _growth(notes, "INVALID_SYNTAX", "sent")
    if grown_spi and grown_syntax and _single_ikev2_peer(flow.sender):
        return Observation(True, places(*grown_spi, *grown_syntax))
    return UNKNOWN


def _growth(notes: list[IkeNotify], notify: str, direction: str) -> list[Place]:
    read = [n for n in notes if n.notify == notify and n.direction == direction and n.count is not None]
    grown = len(read) >= 2 and (read[-1].count or 0) > (read[0].count or 0)
    return [read[0].at, read[-1].at] if grown else []


def _single_ikev2_peer(device: DeviceView) -> bool:
    peers = {sa.peer for sa in device.facts.of(IkeSa) if sa.ike == "ikev2" and sa.peer}
    named = {p.address for s in device.facts.of(ConfigSetup) if "ikev2" in s.ike for p in s.peers}
    return len(peers | named) == 1
