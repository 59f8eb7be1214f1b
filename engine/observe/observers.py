"""Observers: conditions that the test grammar cannot say, one small function each.

Each takes a subject and returns an observation. docs/rules.md lists them; they should stay few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

from engine.evidence.source import Place
from engine.facts import ConfigSetup, DropCounter, IkeNotify, IkeSa, InvSpi, IpsecSa, LogWindow, RunningConfig
from engine.observe.subject import UNKNOWN, Observation, Subject, places
from engine.relate.flows import inbound, lists, outbound
from engine.relate.readings import in_time
from engine.relate.timeline import Taken, seconds_after, taken, was_after
from engine.relate.views import DeviceView, FlowView, Quote
from engine.stamp import seconds_between

CLOSE_SECONDS = 60.0
APART_SECONDS = 600.0
# IOS default of `crypto ipsec security-association lifetime seconds`, as show crypto map prints it.
DEFAULT_LIFETIME_SECONDS = 3600
NOT_FOUND = (
    "IN_US_V4_PKT_SA_NOT_FOUND_SPI",
    "IN_TRANS_V4_IPSEC_PKT_NOT_FOUND_SPI",
    "IN_US_V6_PKT_SA_NOT_FOUND_SPI",
)

Observer = Callable[[Subject], Observation]


def said_to_repeat(subject: Subject) -> Observation:
    """Whether a person answered that the message comes again, where the log given shows it once."""
    said = [a for a in subject.answers if a.condition == "spi-repeats" and a.subject in {None, subject.id}]
    return Observation(bool(said) and said[-1].value == "yes", (), None, said[-1].by if said else "evidence")


def no_setup_takes_source(subject: Subject) -> Observation:
    """Whether the receiver's whole configuration has nothing that leads to, or could accept, the source."""
    flow = subject.flow
    if flow is None or flow.receiver is None or flow.src is None:
        return UNKNOWN
    if flow.setup is not None or flow.source_known:
        return Observation(False, flow.setup_quotes or flow.source_quotes)
    nothing_names_it = flow.receiver.complete_config and flow.source_known is False
    return Observation(True, flow.source_quotes) if nothing_names_it else UNKNOWN


def three_spis_apart(subject: Subject) -> Observation:
    """Three or more SPIs of a pair whose first messages are each ten minutes or more after the one before."""
    known = [f for f in subject.flows if f.first is not None and f.spi is not None]
    if len(known) < 3 or known[0].first is None:
        return Observation(False)
    base = known[0].first
    timed = [
        (t, f) for f in known if f.first is not None and (t := seconds_between(base, f.first)) is not None
    ]
    chosen: list[FlowView] = []
    last: float | None = None
    for at, flow in sorted(timed, key=lambda pair: pair[0]):
        if last is None or at - last >= APART_SECONDS:
            chosen.append(flow)
            last = at
    quotes = tuple(f.quotes[0] for f in chosen)
    return Observation(len(chosen) >= 3, quotes if len(chosen) >= 3 else ())


def decaps_rising(subject: Subject) -> Observation:
    """Whether the decapsulation counter of the SA with the flow's SPI grows between two readings."""
    flow, receiver = subject.flow, subject.receiver
    if flow is None or receiver is None:
        return Observation(False)
    spis = [sa for sa in receiver.facts.ever(IpsecSa) if sa.spi == flow.spi and sa.direction == "inbound"]
    read = in_time([sa for sa in spis if sa.decaps is not None], receiver.facts, subject.case.sections)
    for earlier, later in pairwise(read):
        if earlier.decaps is not None and later.decaps is not None and later.decaps > earlier.decaps:
            return Observation(True, places(earlier.at, later.at))
    return Observation(False)


def sa_shown_younger(subject: Subject) -> Observation:
    """Whether the inbound SA was made after the last message, by its remaining lifetime when the list was taken."""
    flow, receiver = subject.flow, subject.receiver
    if flow is None or receiver is None or flow.last is None:
        return Observation(False)
    for sa in inbound(receiver, flow):
        at = taken(receiver.facts, sa.at, subject.case.sections)
        age = _most_age(receiver, sa)
        # Made at the earliest (time of the list - age); younger where even that is after the last message.
        earliest = seconds_after(at.not_before, flow.last, receiver.facts)
        if age is not None and earliest is not None and earliest - age > 0:
            return Observation(True, (Quote(sa.at), *map(Quote, at.places), *flow.quotes[-1:]))
    return Observation(False)


def sender_sa_new(subject: Subject) -> Observation:
    """Whether the sender's SA was made within a minute of the first message: the SPI is of a rekey just done."""
    flow = subject.flow
    if flow is None or flow.sender is None or flow.receiver is None or flow.first is None:
        return UNKNOWN
    for sa in outbound(flow.sender, flow):
        at = taken(flow.sender.facts, sa.at, subject.case.sections)
        age = _most_age(flow.sender, sa) if _lifetime(flow.sender, sa.tag) is not None else None
        if age is None or not at.synchronised or flow.first.mark or at.not_before != at.not_after:
            continue
        since_first = seconds_after(at.not_before, flow.first, flow.receiver.facts)
        if since_first is not None:
            new = abs(since_first - age) <= CLOSE_SECONDS
            return Observation(new, (Quote(sa.at), *map(Quote, at.places), *flow.quotes[:1]))
    return UNKNOWN


def lists_fit_in_time(subject: Subject) -> Observation:
    """Whether both SA lists were taken after the last message, or the sender's SA existed when the receiver's was."""
    found = _list_times(subject)
    if found is None:
        return UNKNOWN
    flow, receiver, sender, of_receiver, of_sender = found
    quotes = tuple(map(Quote, dict.fromkeys([*of_receiver.places, *of_sender.places])))
    after = was_after(of_receiver, flow.last, receiver.facts)
    after_sender = was_after(of_sender, flow.last, receiver.facts, other=True)
    if after and after_sender:
        return Observation(True, (*quotes, *flow.quotes[-1:]))
    if _overlap(flow, sender, of_receiver, of_sender):
        return Observation(True, quotes)
    return Observation(False, quotes) if after is False or after_sender is False else UNKNOWN


def lists_too_early(subject: Subject) -> Observation:
    """Whether the receiver's or the sender's list is shown to be older than the last message, with no overlap."""
    fit = lists_fit_in_time(subject)
    return Observation(fit.truth is False, fit.quotes if fit.truth is False else ())


def desync_shown(subject: Subject) -> Observation:
    """Whether the sender's list holds the SPI and the receiver's whole list lacks it."""
    flow = subject.flow
    if flow is None or flow.receiver is None or flow.sender is None or flow.spi is None:
        return Observation(False)
    held = outbound(flow.sender, flow)
    lacking = lists(flow.receiver, flow.src)
    if held and lacking and not inbound(flow.receiver, flow) and not lists_too_early(subject).truth:
        return Observation(True, (Quote(held[0].at), Quote(lacking[-1].at, "absence")))
    return Observation(False)


def pair_uses_ikev2(subject: Subject) -> Observation:
    """Whether the two peers use IKEv2 with each other, as either side's setup says."""
    flow = subject.flow
    if flow is None:
        return UNKNOWN
    for setup in (flow.sender_setup, flow.setup):
        if setup is not None and setup.uses_ikev2 is not None:
            return Observation(setup.uses_ikev2, setup.quotes)
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


def _list_times(subject: Subject) -> tuple[FlowView, DeviceView, DeviceView, Taken, Taken] | None:
    flow = subject.flow
    if flow is None or flow.receiver is None or flow.sender is None:
        return None
    held = outbound(flow.sender, flow)
    lacking = lists(flow.receiver, flow.src)
    if not held or not lacking:
        return None
    sections = subject.case.sections
    of_receiver = taken(flow.receiver.facts, lacking[-1].at, sections)
    of_sender = taken(flow.sender.facts, held[-1].at, sections)
    return flow, flow.receiver, flow.sender, of_receiver, of_sender


def _overlap(flow: FlowView, sender: DeviceView, receiver_at: Taken, sender_at: Taken) -> bool:
    """Whether the sender's SA, by its least age, existed already when the receiver's list was taken."""
    if not (
        receiver_at.synchronised and sender_at.synchronised and receiver_at.not_before and sender_at.not_after
    ):
        return False
    apart = seconds_between(receiver_at.not_before, sender_at.not_after)
    if apart is None or apart < 0:
        return False
    return any((age := _least_age(flow, sa)) is not None and age >= apart for sa in outbound(sender, flow))


def _lifetime(device: DeviceView, tag: str | None) -> int | None:
    """The configured lifetime of an SA's setup, the global one, or the default where the whole configuration was seen."""
    for setup in device.facts.of(ConfigSetup):
        tagged = tag is not None and setup.name is not None and setup.name.split()[0] == tag
        tunnel = (
            tag is not None and setup.interface is not None and tag.startswith(f"{setup.interface}-head-")
        )
        if (tagged or tunnel) and setup.lifetime_seconds is not None:
            return setup.lifetime_seconds
    config = next(iter(device.facts.of(RunningConfig)), None)
    if config is not None and config.lifetime_seconds is not None:
        return config.lifetime_seconds
    return DEFAULT_LIFETIME_SECONDS if config is not None and config.whole else None


def _most_age(device: DeviceView, sa: IpsecSa) -> float | None:
    """The age that an SA has at most: its lifetime, at most the configured one, less what remains.

    Without a configuration the default is taken where what remains fits into it: this only ever lowers a verdict.
    """
    if sa.remaining_seconds is None:
        return None
    life = _lifetime(device, sa.tag) or DEFAULT_LIFETIME_SECONDS
    return float(life - sa.remaining_seconds) if sa.remaining_seconds <= life else None


def _least_age(flow: FlowView, sa: IpsecSa) -> float | None:
    """The age that an SA has at least: IKEv1 settles on the lower lifetime of both, so both have to be known."""
    if sa.remaining_seconds is None or flow.sender is None or flow.receiver is None:
        return None
    lives = [_lifetime(flow.sender, sa.tag), flow.setup.lifetime_seconds if flow.setup else None]
    lives[1] = lives[1] if lives[1] is not None else _lifetime(flow.receiver, None)
    known = [life for life in lives if life is not None]
    return float(min(known) - sa.remaining_seconds) if len(known) == 2 else None


def _growth(notes: list[IkeNotify], notify: str, direction: str) -> list[Place]:
    read = [n for n in notes if n.notify == notify and n.direction == direction and n.count is not None]
    grown = len(read) >= 2 and (read[-1].count or 0) > (read[0].count or 0)
    return [read[0].at, read[-1].at] if grown else []


def _single_ikev2_peer(device: DeviceView) -> bool:
    peers = {sa.peer for sa in device.facts.of(IkeSa) if sa.ike == "ikev2" and sa.peer}
    named = {p.address for s in device.facts.of(ConfigSetup) if "ikev2" in s.ike for p in s.peers}
    return len(peers | named) == 1


OBSERVERS: dict[str, Observer] = {
    "said-to-repeat": said_to_repeat,
    "no-setup-takes-source": no_setup_takes_source,
    "three-spis-apart": three_spis_apart,
    "decaps-rising": decaps_rising,
    "sa-shown-younger": sa_shown_younger,
    "sender-sa-new": sender_sa_new,
    "lists-fit-in-time": lists_fit_in_time,
    "lists-too-early": lists_too_early,
    "desync-shown": desync_shown,
    "pair-uses-ikev2": pair_uses_ikev2,
    "invalid-syntax-answered": invalid_syntax_answered,
    "spi-not-found-rising": spi_not_found_rising,
    "log-without-message": log_without_message,
}
