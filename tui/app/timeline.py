"""The moments of a case on one time axis: messages of each flow, and what the logs and lists say happened beside them.

Nothing is concluded here. Moments are taken from stamps of one device's clock, and left out where two stamps cannot be
compared (`engine.stamp.seconds_between`). The birth of an SA is reckoned back from its age, or from its configured
lifetime less what remains of it, where the clock beside the list was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Literal

import msgspec

from engine.facts import IkeSa, IpsecSa, LogMessage, Version
from engine.observe.observers.lifetimes import lifetime
from engine.relate.timeline import seconds_after, taken
from engine.stamp import Stamp, seconds_between

if TYPE_CHECKING:
    from engine.relate.views import CaseView, DeviceView, FlowView

Kind = Literal["restart", "clear", "session", "ike", "rekey", "taken"]
# What can be told apart in a terminal's width; of millions of messages more would only take time.
MOST = 2_000
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("SYS-5-RESTART", "restart"),
    ("SYS-5-RELOAD", "restart"),
    ("CRYPTO-5-SESSION_STATUS", "session"),
    ("CRYPTO-5-IKEV2_SESSION_STATUS", "session"),
    ("PARSER-5-CFGLOG_LOGGEDCMD", "clear"),
    ("HA_EM-6-LOG", "clear"),
)
_CLEAR = re.compile(r"clear crypto (?:sa|session|ikev2 sa|isakmp)\b")
# Events further away would press the messages into one column.
_NEAR = 7_200.0


class Event(msgspec.Struct, frozen=True):
    """Something beside the messages: seconds from the first message, its kind, and the line that says it."""

    at: float
    kind: Kind
    source: str
    line: int


class Track(msgspec.Struct, frozen=True):
    """One flow: the seconds of its messages from its first one, and the events around them."""

    flow: str
    first: Stamp | None
    messages: tuple[float, ...]
    events: tuple[Event, ...]

    @property
    def span(self) -> tuple[float, float]:
        """First and last second: those of the messages, widened by events that are near."""
        moments = [*self.messages, *(event.at for event in self.events)]
        return (min(moments), max(moments)) if moments else (0.0, 0.0)


def tracks(case: CaseView, most: int) -> list[Track]:
    """The flows with the most messages, each with its moments."""
    flows = sorted(case.flows, key=lambda flow: (-flow.count, flow.id))[:most]
    return [_track(flow, case) for flow in flows]


def _track(flow: FlowView, case: CaseView) -> Track:
    first = flow.first
    if first is None:
        return Track(flow.id, None, (), ())
    step = max(1, len(flow.messages) // MOST)
    seconds = (seconds_between(first, m.stamp) for m in flow.messages[::step] if m.stamp is not None)
    messages = tuple(second for second in seconds if second is not None)
    end = flow.span_seconds or 0.0
    margin = max(_NEAR, end)
    events = sorted(
        {event for event in _events(flow, first, case) if -margin <= event.at <= end + margin},
        key=lambda event: (event.at, event.kind, event.source, event.line),
    )
    return Track(flow.id, first, messages, tuple(events))


def _events(flow: FlowView, first: Stamp, case: CaseView) -> Iterator[Event]:
    receiver = flow.receiver
    if receiver is None:
        return
    yield from _logged(flow, first, receiver)
    for message in receiver.facts.of(Version)[-1:]:
        later = _clock(receiver, message, first, receiver, case)
        if later is not None and message.uptime_seconds is not None:
            yield Event(later - message.uptime_seconds, "restart", message.at.source, message.at.line)
    for device, peer in ((receiver, flow.src), (flow.sender, flow.dst)):
        if device is not None and peer is not None:
            yield from _born(device, peer, first, receiver, case)


def _logged(flow: FlowView, first: Stamp, receiver: DeviceView) -> Iterator[Event]:
    for mnemonic, kind in _KINDS:
        for message in islice(receiver.facts.where(LogMessage, "mnemonic", mnemonic), MOST):
            if kind == "clear" and not _CLEAR.search(message.text):
                continue
            if kind == "session" and message.peer not in {None, flow.src}:
                continue
            at = seconds_between(first, message.stamp) if message.stamp is not None else None
            if at is not None:
                yield Event(at, kind, message.at.source, message.at.line)


def _born(
    device: DeviceView, peer: str, first: Stamp, receiver: DeviceView, case: CaseView
) -> Iterator[Event]:
    """When the SAs of a device with a peer were made, as far as lists, lifetimes and clocks tell."""
    for ipsec in islice(device.facts.where(IpsecSa, "peer", peer), MOST):
        life = lifetime(device, ipsec.tag)
        later = _clock(device, ipsec, first, receiver, case)
        if later is not None and life is not None and ipsec.remaining_seconds is not None:
            age = life - ipsec.remaining_seconds
            if age >= 0:
                yield Event(later - age, "rekey", ipsec.at.source, ipsec.at.line)
        if later is not None:
            yield Event(later, "taken", ipsec.at.source, ipsec.at.line)
    for ike in device.facts.of(IkeSa):
        if peer in ike.ends and ike.age_seconds is not None:
            later = _clock(device, ike, first, receiver, case)
            if later is not None:
                yield Event(later - ike.age_seconds, "ike", ike.at.source, ike.at.line)


def _clock(
    device: DeviceView, fact: IpsecSa | IkeSa | Version, first: Stamp, receiver: DeviceView, case: CaseView
) -> float | None:
    """Seconds from the first message to the clock reading nearest to a fact."""
    at = taken(device.facts, fact.at, case.sections)
    if device is not receiver and not at.synchronised:
        return None
    return seconds_after(at.not_before or at.not_after, first, receiver.facts)
