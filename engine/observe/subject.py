"""Subjects: what is judged, and who fills which role for it."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.evidence.source import Place
from engine.relate.devices import DeviceFacts
from engine.relate.views import CaseView, DeviceView, FlowView, Quote


class Answered(msgspec.Struct, frozen=True):
    """What a person said of a condition: its value ("yes", "no", a category value) and where it was said."""

    condition: str
    value: str
    source: str
    subject: str | None = None
    by: str = "answer"


class Subject(msgspec.Struct, kw_only=True):
    """One thing that rules are judged for.

    Attributes:
        kind: flow, pair (all flows of one receiver, source and destination) or device.
        flow: the flow; for a pair its first; for a device None.
        flows: the flows of a pair.
        device: the device of a device subject.
        case: the case it belongs to.
        answers: what a person said.
        asked: a person is there who can speak of it.
    """

    kind: str
    flow: FlowView | None
    flows: list[FlowView]
    device: DeviceView | None
    case: CaseView
    answers: tuple[Answered, ...] = ()
    asked: bool = False

    @property
    def id(self) -> str:
        """What it is called in messages and questions."""
        if self.flow is not None:
            return self.flow.id
        return self.device.name if self.device is not None else ""

    @property
    def told(self) -> bool:
        """Whether all that is known of the flow is what a person says: no message of it is in the case."""
        return self.flow is not None and not self.flow.count and self.asked

    @property
    def receiver(self) -> DeviceView | None:
        """The device in the role of receiver; for a device subject the device itself."""
        return self.flow.receiver if self.flow is not None else self.device

    def role(self, role: str) -> tuple[DeviceFacts | None, Any]:
        """(facts, object) of a role; (None, None) where nobody fills it."""
        flow = self.flow
        if role == "device":
            device = self.device or self.receiver
            return (device.facts, device) if device else (None, None)
        if role == "receiver":
            device = self.receiver
            return (device.facts, device) if device else (None, None)
        if flow is None or role == "case":
            return None, self.case if role == "case" else None
        if role in {"flow", "pair"}:
            return (flow.receiver.facts if flow.receiver else None), flow
        if role == "sender":
            return (flow.sender.facts, flow.sender) if flow.sender else (None, None)
        setup = flow.setup if role == "receiver-setup" else flow.sender_setup
        return (setup.device.facts, setup) if setup else (None, None)


class Observation(msgspec.Struct, frozen=True):
    """What was found of a condition.

    Attributes:
        truth: True, False, None unknown; for a category None where its value is unknown.
        value: of a category.
        quotes: the lines, or the sections that lack it.
        by: evidence, assumed (an output that names no device), answer or prose: how far a verdict may rest on it.
    """

    truth: bool | None
    quotes: tuple[Quote, ...] = ()
    value: str | None = None
    by: str = "evidence"


UNKNOWN = Observation(None)

# Fields of flows that rest on other lines than the messages.
_FIELD_QUOTES = {
    "setup": "setup_quotes",
    "basis": "setup_quotes",
    "dpd": "dpd_quotes",
    "source_known": "source_quotes",
    "ike_sa": "ike_quotes",
    "state": "state_quotes",
    "others_close": "close_quotes",
    "same_spi": "same_spi_quotes",
    "recovery": "recovery_quotes",
}


def field_of(thing: Any, name: str) -> tuple[Any, tuple[Quote, ...]]:
    """A field of a view by its name in the rule language, with the lines it rests on."""
    attribute = name.replace("-", "_")
    value = getattr(thing, attribute, None)
    quotes = getattr(thing, _FIELD_QUOTES.get(attribute, "quotes"), ()) or getattr(thing, "quotes", ())
    return value, quotes


def places(*found: Place) -> tuple[Quote, ...]:
    """Quotes of places, each once."""
    return tuple(Quote(place) for place in dict.fromkeys(found))
