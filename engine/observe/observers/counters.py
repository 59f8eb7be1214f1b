"""Counters read twice, and the log beside them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from engine.facts import DropCounter, InvSpi, IpsecSa, LogWindow
from engine.observe.subject import UNKNOWN, Observation, Subject, places
from engine.relate.readings import in_time
from engine.relate.timeline import seconds_after, taken
from engine.relate.views import Quote

NOT_FOUND = (
    "IN_US_V4_PKT_SA_NOT_FOUND_SPI",
    "IN_TRANS_V4_IPSEC_PKT_NOT_FOUND_SPI",
    "IN_US_V6_PKT_SA_NOT_FOUND_SPI",
)


def decaps_rising(subject: Subject) -> Observation:
    """Whether the decapsulation counter of the SA with the flow's SPI grows between two readings."""
    flow, receiver = subject.flow, subject.receiver
    if flow is None or receiver is None:
        return Observation(False)
    ever = (
        *receiver.facts.earlier.where(IpsecSa, "spi", flow.spi),
        *receiver.facts.where(IpsecSa, "spi", flow.spi),
    )
    spis = [sa for sa in ever if sa.direction == "inbound"]
    read = in_time([sa for sa in spis if sa.decaps is not None], receiver.facts, subject.case.sections)
    for earlier, later in pairwise(read):
        if earlier.decaps is not None and later.decaps is not None and later.decaps > earlier.decaps:
            return Observation(True, places(earlier.at, later.at))
    return Observation(False)


def spi_not_found_rising(subject: Subject) -> Observation:
    """Whether a counter of packets with an unknown SPI grows between two readings; unknown with one reading."""
    device = subject.device or subject.receiver
    if device is None:
        return UNKNOWN
    readings: dict[str, list[DropCounter]] = defaultdict(list)
    for counter in device.facts.of(DropCounter):
        if counter.name in NOT_FOUND:
            readings[counter.name].append(counter)
    ordered = [in_time(r, device.facts, subject.case.sections) for r in readings.values()]
    twice = [r for r in ordered if len(r) >= 2]
    for read in twice:
        if read[-1].packets > read[0].packets:
            return Observation(True, places(read[0].at, read[-1].at))
    return Observation(False, places(*(r[-1].at for r in twice))) if twice else UNKNOWN


def log_without_message(subject: Subject) -> Observation:
    """Whether a log of the device covers the time between two counter readings and lacks the message.

    A buffer filtered below severity 4 cannot show it, and says nothing.
    """
    device = subject.device or subject.receiver
    if device is None:
        return UNKNOWN
    messages = device.facts.of(InvSpi)
    if messages:
        return Observation(False, places(*(m.at for m in messages[:1])))
    counters = [c for c in device.facts.of(DropCounter) if c.name == NOT_FOUND[0]]
    counters = in_time(counters, device.facts, subject.case.sections)
    if len(counters) < 2:
        return UNKNOWN
    start = taken(device.facts, counters[0].at, subject.case.sections).not_before
    end = taken(device.facts, counters[-1].at, subject.case.sections).not_before
    for window in device.facts.of(LogWindow):
        if (
            window.first is None
            or window.last is None
            or (window.severity is not None and window.severity < 4)
        ):
            continue
        before = seconds_after(start, window.first, device.facts)
        after = seconds_after(end, window.last, device.facts)
        if before is not None and after is not None and before >= 0 >= after:
            return Observation(True, (Quote(window.at, "absence"),))
    return UNKNOWN
