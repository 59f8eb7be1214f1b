"""What the invalid SPI messages of a peer say together, and what a person says of them."""

from __future__ import annotations

from engine.observe.subject import UNKNOWN, Observation, Subject
from engine.relate.views import FlowView
from engine.stamp import seconds_between

# An SPI that comes ten minutes after another one is not the same loss.
APART_SECONDS = 600.0


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
