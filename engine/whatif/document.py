"""The documents of suppositions, version 1: what flips, and the smallest change that clears a finding."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.diagnosis.document import KbRef, Lang, Subject, Target, Tool, Verdict

WHATIF_SCHEMA = "ipsecdx/whatif/1"
SMALLEST_SCHEMA = "ipsecdx/smallest/1"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of these documents."""


class Supposed(_Part, frozen=True, kw_only=True):
    """One supposition as it was given; `device` is whose it is, null where it is about every flow."""

    text: str
    device: str | None


class FindingFlip(_Part, frozen=True, kw_only=True):
    """A verdict that is another one under the suppositions."""

    id: str
    title: str
    subject: Subject
    before: Verdict
    after: Verdict


class OutcomeFlip(_Part, frozen=True, kw_only=True):
    """What the receiver of a flow does, before and after; values of `recovery.outcome`."""

    flow: str
    device: str | None
    src: str | None
    before: str
    after: str


class ActionFlip(_Part, frozen=True, kw_only=True):
    """An action that is offered, withdrawn, or offered with other commands or another risk."""

    id: str
    change: Literal["offered", "withdrawn", "changed"]
    title: str
    target: Target
    commands: list[str]
    risk_before: str | None
    risk_after: str | None


class WhatIf(_Part, frozen=True, kw_only=True):
    """What flips under the suppositions; lists are empty where nothing does."""

    schema: str
    tool: Tool
    kb: KbRef
    case: str
    lang: Lang
    supposed: list[Supposed]
    summary_before: str
    summary_after: str
    findings: list[FindingFlip]
    outcomes: list[OutcomeFlip]
    actions: list[ActionFlip]


class Change(_Part, frozen=True, kw_only=True):
    """One change, or one thing that may be learned; `set` is how `--set` says it, null where it cannot."""

    condition: str
    value: str
    kind: Literal["change", "learn"]
    title: str
    set: str | None


class Way(_Part, frozen=True, kw_only=True):
    """Changes that together lower the verdict, and to what."""

    changes: list[Change]
    after: Verdict


class SmallestFor(_Part, frozen=True, kw_only=True):
    """The smallest ways for one subject of the finding, the most effective first; empty where there is none.

    `tried` are the levers that could be another way for this subject: what is known and cannot be changed is not.
    """

    subject: Subject
    before: Verdict
    ways: list[Way]
    tried: list[str] = []


class Smallest(_Part, frozen=True, kw_only=True):
    """The smallest changes that clear or lower one finding. `levers` were tried for some subject."""

    schema: str
    tool: Tool
    kb: KbRef
    case: str
    lang: Lang
    finding: str
    title: str
    most_changes: int
    levers: list[str]
    subjects: list[SmallestFor]
