"""Flows: refused packets of one receiver, source, destination and SPI, counted, timed and placed.

The message is limited to one per minute, so the count is of messages, never of packets.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import pairwise

from engine.facts import Coverage, InvSpi, IpsecSa, LogWindow
from engine.relate.devices import DeviceFacts
from engine.relate.timeline import Sections, Taken, seconds_after, section_of, taken, was_after
from engine.relate.views import DeviceView, FlowView, Quote
from engine.stamp import Stamp, seconds_between

QUIET_SECONDS = 600.0
CLOSE_SECONDS = 60.0
# One message a minute is the limit; a log that ends sooner after the last one than twice that is no quiet.
GOING_ON_SECONDS = 120.0

Key = tuple[str | None, str | None, str | None, int | None]


def flows_of(devices: dict[str, DeviceView], nameless: DeviceFacts, sections: Sections) -> list[FlowView]:
    """The flows of a case, in the order of their keys."""
    found: list[FlowView] = []
    for receiver, facts in [*((d, d.facts) for d in devices.values()), (None, nameless)]:
        groups: dict[Key, list[InvSpi]] = defaultdict(list)
        for message in facts.of(InvSpi):
            groups[receiver.name if receiver else None, message.src, message.dst, message.spi].append(message)
        found.extend(_flow(receiver, key, *_once(messages, sections)) for key, messages in groups.items())
    return sorted(found, key=lambda f: f.id)


def _once(messages: list[InvSpi], sections: Sections) -> tuple[list[InvSpi], int]:
    """The messages of one flow, each once, and how many of them may be a second print of another.

    What stands in several sources, with one stamp and text, counts as often as in the source that has it most; inside
    one source every line counts. Two outputs of a source that show one stamped text may yet show one message: a buffer
    that was printed again, or a live message and the buffer that holds it.
    """
    if len(messages) == 1:
        return messages, 0
    by_text: dict[tuple[Stamp | None, str], list[InvSpi]] = defaultdict(list)
    for message in messages:
        by_text[message.stamp, message.text].append(message)
    counted: list[InvSpi] = []
    copies = 0
    for (stamp, _), alike in by_text.items():
        in_source: dict[str, list[InvSpi]] = defaultdict(list)
        for message in alike:
            in_source[message.at.source].append(message)
        most = max(in_source.values(), key=len)
        counted += most
        if stamp is not None and len(most) > 1:
            copies += len(most) - max(Counter(_output(m, sections) for m in alike).values())
    return counted, copies


def _output(message: InvSpi, sections: Sections) -> tuple[str, tuple[int, int] | None]:
    """The output that a message stands in; the whole source where its sections are not known."""
    source = message.at.source
    return source, section_of(message.at, sections) if source in sections else None


def _flow(receiver: DeviceView | None, key: Key, messages: list[InvSpi], copies: int) -> FlowView:
    name, src, dst, spi = key
    ordered = _in_time(messages)
    first, last = ordered[0].stamp, ordered[-1].stamp
    span = seconds_between(first, last) if first is not None and last is not None else None
    return FlowView(
        id="/".join([name or "-", "flow", src or "-", dst or "-", spi_text(spi) or "-"]),
        receiver=receiver,
        src=src,
        dst=dst,
        protocol=next((m.protocol for m in ordered if m.protocol is not None), None),
        spi=spi,
        interface=next((m.interface for m in ordered if m.interface is not None), None),
        messages=tuple(ordered),
        count=len(ordered),
        copies=copies,
        first=first,
        last=last,
        span_seconds=span,
        quotes=tuple(Quote(m.at) for m in ordered),
    )


def _in_time(messages: list[InvSpi]) -> list[InvSpi]:
    """Messages in the order of their stamps where all can be compared, else as read."""
    stamps = [m.stamp for m in messages]
    first = stamps[0]
    if first is None or None in stamps:
        return messages
    offsets = [seconds_between(first, s) for s in stamps if s is not None]
    if None in offsets:
        return messages
    order = sorted(range(len(messages)), key=lambda i: (offsets[i], i))
    return [messages[i] for i in order]


def compare(flows: list[FlowView]) -> None:
    """What flows say of each other: others within a minute, and other sources with the same SPI."""
    by_spi: dict[tuple[str | None, int | None], list[FlowView]] = defaultdict(list)
    by_receiver: dict[str | None, list[FlowView]] = defaultdict(list)
    for flow in flows:
        by_spi[flow.pair[0], flow.spi].append(flow)
        by_receiver[flow.pair[0]].append(flow)
    for flow in flows:
        same = (
            [f for f in by_spi[flow.pair[0], flow.spi] if f.src != flow.src] if flow.spi is not None else []
        )
        if same:
            flow.same_spi_quotes = (*flow.quotes[:1], *(f.quotes[0] for f in same[:4]))
    for group in by_receiver.values():
        _mark_close(group)


def _mark_close(flows: list[FlowView]) -> None:
    """Mark each flow with a message of another one within a minute, and count those in ten minutes after its last."""
    stamped = [(m.stamp, f, m.at) for f in flows for m in f.messages if m.stamp is not None]
    if not stamped:
        return
    base = stamped[0][0]
    timed = [
        (at, flow, place)
        for stamp, flow, place in stamped
        if (at := seconds_between(base, stamp)) is not None
    ]
    timed.sort(key=lambda entry: entry[0])
    for before, after in pairwise(timed):
        if before[1] is not after[1] and after[0] - before[0] <= CLOSE_SECONDS:
            before[1].close_quotes = before[1].close_quotes or (Quote(after[2]),)
            after[1].close_quotes = after[1].close_quotes or (Quote(before[2]),)
    # Lines of one moment are prints of one message, which uses up the limit once.
    moments = sorted({at for at, _, _ in timed})
    last = {id(flow): at for at, flow, _ in timed}
    for flow in flows:
        if id(flow) in last:
            at = last[id(flow)]
            flow.others_after = bisect_right(moments, at + QUIET_SECONDS) - bisect_right(moments, at)


def settle_state(flow: FlowView, sections: Sections) -> None:
    """Whether the flow goes on: by a later SA list of the sender, else by how long the log stays quiet."""
    if flow.receiver is None or flow.last is None:
        return
    if flow.sender is not None and flow.spi is not None and _by_sender(flow, flow.sender, sections):
        return
    for window in flow.receiver.facts.of(LogWindow):
        if all(m.at.source != window.at.source for m in flow.messages):
            continue
        facts = flow.receiver.facts
        printed = taken(facts, window.at, sections)
        quiet = _quiet_seconds(flow, window, printed, facts)
        if quiet is None:
            continue
        if quiet >= QUIET_SECONDS:
            # One message a minute is logged for all flows together: others may have taken its place.
            crowded = flow.others_after >= QUIET_SECONDS / CLOSE_SECONDS - 2
            flow.state = "unknown" if crowded else "ended"
            flow.state_quotes = () if crowded else (Quote(window.at, "absence"),)
            return
        latest = seconds_after(printed.not_after, flow.last, facts)
        if latest is not None and latest > GOING_ON_SECONDS:
            continue  # the log may have been printed long after its last line
        if flow.count - flow.copies >= 2 and 0 <= quiet <= GOING_ON_SECONDS:
            flow.state, flow.state_quotes = "ongoing", flow.quotes[-1:]


def _quiet_seconds(flow: FlowView, window: LogWindow, printed: Taken, facts: DeviceFacts) -> float | None:
    """Seconds from the last message to the end of the log: its last line, or when the buffer was printed."""
    assert flow.last is not None
    ends = [seconds_between(flow.last, window.last) if window.last is not None else None]
    ends.append(seconds_after(printed.not_before, flow.last, facts))
    known = [end for end in ends if end is not None]
    return max(known) if known else None


def _by_sender(flow: FlowView, sender: DeviceView, sections: Sections) -> bool:
    receiver = flow.receiver
    assert receiver is not None
    held = outbound(sender, flow)
    for sa in held:
        if was_after(taken(sender.facts, sa.at, sections), flow.last, receiver.facts, other=True):
            flow.state, flow.state_quotes = "ongoing", (Quote(sa.at),)
            return True
    for cover in lists(sender, flow.dst):
        if not held and was_after(
            taken(sender.facts, cover.at, sections), flow.last, receiver.facts, other=True
        ):
            flow.state, flow.state_quotes = "ended", (Quote(cover.at, "absence"),)
            return True
    return False


def outbound(device: DeviceView, flow: FlowView) -> list[IpsecSa]:
    """The device's outbound SAs with the flow's SPI toward its destination."""
    return [
        sa
        for sa in device.facts.where(IpsecSa, "spi", flow.spi)
        if sa.direction == "outbound" and flow.dst in {None, sa.peer}
    ]


def inbound(device: DeviceView, flow: FlowView) -> list[IpsecSa]:
    """The device's inbound SAs with the flow's SPI."""
    return [sa for sa in device.facts.where(IpsecSa, "spi", flow.spi) if sa.direction == "inbound"]


def lists(device: DeviceView, peer: str | None) -> list[Coverage]:
    """The device's SA lists that were seen whole, as far as this peer goes."""
    return [
        c
        for c in device.facts.of(Coverage)
        if c.family == "ipsec-sa" and c.whole and (c.toward is None or c.toward == peer)
    ]


def spi_text(spi: int | None) -> str | None:
    """An SPI as the document writes it: 0x and eight upper-case hexadecimal digits."""
    return None if spi is None else f"0x{spi:08X}"
