"""The two SA lists beside each other: what they hold, how old their SAs are, and when they were taken."""

from __future__ import annotations

from engine.observe.observers.lifetimes import least_age, lifetime, most_age
from engine.observe.subject import UNKNOWN, Observation, Subject
from engine.relate.flows import inbound, lists, outbound
from engine.relate.timeline import Taken, seconds_after, taken, was_after
from engine.relate.views import DeviceView, FlowView, Quote
from engine.stamp import seconds_between

CLOSE_SECONDS = 60.0


def sa_shown_younger(subject: Subject) -> Observation:
    """Whether the inbound SA was made after the last message, by its remaining lifetime when the list was taken."""
    flow, receiver = subject.flow, subject.receiver
    if flow is None or receiver is None or flow.last is None:
        return Observation(False)
    for sa in inbound(receiver, flow):
        at = taken(receiver.facts, sa.at, subject.case.sections)
        age = most_age(receiver, sa)
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
        age = most_age(flow.sender, sa) if lifetime(flow.sender, sa.tag) is not None else None
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
    return any((age := least_age(flow, sa)) is not None and age >= apart for sa in outbound(sender, flow))
