"""The configurations of both ends beside each other, and what the age of the sender's SA makes of a difference."""

from __future__ import annotations

from engine.facts import Coverage
from engine.observe.observers.ike import pair_uses_ikev2
from engine.observe.observers.lifetimes import fact_of, idle_of, least_age, life_of
from engine.observe.subject import UNKNOWN, Observation, Subject
from engine.relate.flows import outbound
from engine.relate.timeline import seconds_after, taken
from engine.relate.views import FlowView, Quote, SetupView


def lifetimes_differ(subject: Subject) -> Observation:
    """Whether the two ends are configured with different SA lifetimes; unknown where one configuration is."""
    flow = subject.flow
    if flow is None:
        return UNKNOWN
    lives = life_of(flow.setup), life_of(flow.sender_setup)
    return UNKNOWN if None in lives else Observation(lives[0] != lives[1], _lifetime_lines(flow))


def sender_sa_outlived(subject: Subject) -> Observation:
    """Whether the sender's SA is older than the receiver's lifetime allows.

    Only with IKEv2, which does not negotiate lifetimes: with IKEv1 an SA has the lower one of both, so that the
    sender's configuration does not tell how old its SA is.
    """
    flow = subject.flow
    if flow is None or flow.sender is None or not pair_uses_ikev2(subject).truth:
        return UNKNOWN
    of_receiver, of_sender = life_of(flow.setup), life_of(flow.sender_setup)
    if of_receiver is None or of_sender is None:
        return UNKNOWN
    held = [sa for sa in outbound(flow.sender, flow) if sa.remaining_seconds is not None]
    for sa in held:
        if of_sender - (sa.remaining_seconds or 0) > of_receiver:
            return Observation(True, (Quote(sa.at), *_lifetime_lines(flow)))
    return Observation(False, tuple(Quote(sa.at) for sa in held)) if held else UNKNOWN


def idle_timer_shorter(subject: Subject) -> Observation:
    """Whether the receiver deletes idle SAs and the sender does not, or only later."""
    flow = subject.flow
    if flow is None:
        return UNKNOWN
    of_receiver, of_sender = idle_of(flow.setup), idle_of(flow.sender_setup)
    if of_receiver == 0:
        return Observation(False, _idle_lines(flow))
    if of_receiver is None or of_sender is None:
        return UNKNOWN
    return Observation(of_sender == 0 or of_sender > of_receiver, _idle_lines(flow))


def sender_sa_older_than_idle(subject: Subject) -> Observation:
    """Whether the sender's SA was at least as old as the receiver's idle time when the first message came."""
    flow = subject.flow
    idle = idle_of(flow.setup) if flow is not None else None
    if flow is None or flow.sender is None or flow.receiver is None or not idle:
        return UNKNOWN
    for sa in outbound(flow.sender, flow):
        at = taken(flow.sender.facts, sa.at, subject.case.sections)
        age = least_age(flow, sa)
        since_first = seconds_after(at.not_after or at.not_before, flow.first, flow.receiver.facts)
        if age is None or since_first is None or not at.synchronised:
            continue
        if age - since_first >= idle:
            return Observation(True, (Quote(sa.at), *map(Quote, at.places), *flow.quotes[:1]))
    return UNKNOWN


def _lifetime_lines(flow: FlowView) -> tuple[Quote, ...]:
    return tuple(_line_or_lack(s, "lifetime_at") for s in (flow.setup, flow.sender_setup) if s is not None)


def _idle_lines(flow: FlowView) -> tuple[Quote, ...]:
    return tuple(_line_or_lack(s, "idle_at") for s in (flow.setup, flow.sender_setup) if s is not None)


def _line_or_lack(setup: SetupView, attribute: str) -> Quote:
    """The line of a setup that sets a timer; else the whole configuration that lacks one, else the setup itself."""
    fact = fact_of(setup)
    line = getattr(fact, attribute) if fact is not None else None
    if line is not None:
        return Quote(line)
    whole = [c.at for c in setup.device.facts.of(Coverage) if c.family == "running-config" and c.whole]
    return Quote(whole[-1], "absence") if whole else setup.quotes[0]
