"""The documents of the generators, version 1: the collection plan and the EEM applets, as JSON has them.

Like the diagnosis: fields may be added within version 1, none may change meaning; the same case gives the same bytes.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.diagnosis.document import Citation, KbRef, Lang, Target, Tool

PLAN_SCHEMA = "ipsecdx/plan/1"
EEM_SCHEMA = "ipsecdx/eem/1"
Side = Literal["receiver", "sender"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of these documents."""


class Step(_Part, frozen=True, kw_only=True):
    """One read-only command.

    Attributes:
        command: a complete line.
        gain: weight of the verdicts that its output could move, divided by its cost; coarse, for ordering only.
        settles: the hypotheses that it could move.
        answers: the open conditions that it answers, or what it is for, as sentences.
        twice: its output says something only where it is read again a minute later.
    """

    command: str
    gain: float
    settles: list[str]
    answers: list[str]
    twice: bool = False


class DebugBlock(_Part, frozen=True, kw_only=True):
    """A debug for one peer: what to type on both ends, and what to type after the next loss.

    Attributes:
        start: the condition first, then the debugs.
        stop: their undo, the conditions last.
        check: what shows that it is armed, or off again.
    """

    title: str
    start: list[str]
    stop: list[str]
    check: list[str]
    note: str | None


class DevicePlan(_Part, frozen=True, kw_only=True):
    """What to collect on one device, or on the router with an address where it is not in the case.

    Attributes:
        sides: the parts it plays in the flows of the case.
        opening, closing: commands around the others, which bracket them in time.
        notes: what keeps commands from being listed.
    """

    target: Target
    sides: list[Side]
    opening: list[str]
    steps: list[Step]
    closing: list[str]
    debugs: list[DebugBlock]
    notes: list[str]


class CollectionPlan(_Part, frozen=True, kw_only=True):
    """What to collect, device by device, the most informative device first."""

    schema: str
    tool: Tool
    kb: KbRef
    case: str
    lang: Lang
    devices: list[DevicePlan]


class Applet(_Part, frozen=True, kw_only=True):
    """One EEM applet for one router and one peer.

    Attributes:
        id: target, template and peer.
        name: of the applet on the router.
        peer: the address it waits for.
        debug: it turns debugs on, and off again.
        config: lines for configuration mode, comments included; plain ASCII.
        undo: configuration lines that remove it.
        undo_exec: exec lines for the case that it was ended while it ran.
        notes: what to know before arming it.
    """

    id: str
    template: str
    name: str
    target: Target
    side: Side
    peer: str
    debug: bool
    title: str
    config: list[str]
    undo: list[str]
    undo_exec: list[str]
    notes: list[str]
    citations: list[Citation]


class EemPlan(_Part, frozen=True, kw_only=True):
    """The applets of a case."""

    schema: str
    tool: Tool
    kb: KbRef
    case: str
    lang: Lang
    applets: list[Applet]
