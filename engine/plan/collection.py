"""The collection plan: what to type where, the most informative read-only commands first, debugs last.

For every open condition of every flow, the verdicts that some answer would move are weighed (`engine.plan.gain`). The
commands that answer it are filled for the flow and merged per device: what one output settles together is divided by
what it costs. A filtered output (`| include`) is left out where the whole one is asked for anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from engine.advise.fill import fill
from engine.case import Investigation
from engine.diagnosis.document import Action, Diagnosis, Target
from engine.facts import Coverage
from engine.judge import Judge, Judged
from engine.knowledge.asides import Plan
from engine.observe.subject import Subject
from engine.plan.document import PLAN_SCHEMA, CollectionPlan, DebugBlock, DevicePlan, Side, Step
from engine.plan.gain import is_open, moved, weight
from engine.plan.safety import reads_only, split_debug
from engine.relate.views import DeviceView

# Alike flows ask for alike commands; the first few speak for the rest, and a scan must not fill the plan.
MOST_SUBJECTS = 20
_TERMINAL = re.compile(r"terminal (?:length|width) \d{1,3}")
_OF_PEER = re.compile(r" (?:peer|remote) \{peer\}")
_SIDES: tuple[Side, Side] = ("receiver", "sender")


class _Command(msgspec.Struct):
    """What is known of one command on one device while the plan is made."""

    command: str
    cost: float
    settles: set[str] = msgspec.field(default_factory=set)
    answers: dict[str, None] = msgspec.field(default_factory=dict)
    why: str = ""


class _Place(msgspec.Struct):
    """One device, or one address, while the plan is made."""

    target: Target
    sides: set[str] = msgspec.field(default_factory=set)
    commands: dict[str, _Command] = msgspec.field(default_factory=dict)
    debugs: dict[str, DebugBlock] = msgspec.field(default_factory=dict)
    notes: dict[str, None] = msgspec.field(default_factory=dict)


class Planner:
    """Makes the collection plan of one case."""

    def __init__(self, investigation: Investigation) -> None:
        self._judge: Judge = investigation.judge
        self._plan: Plan = investigation.judge.kb.plan
        self._lang = investigation.lang
        self._investigation = investigation
        self._places: dict[tuple[str, str], _Place] = {}
        self._refused = _refusals(investigation.judged)
        self._nowhere = False

    def plan(self, document: Diagnosis) -> CollectionPlan:
        """The plan; `document` is the diagnosis of the same case."""
        subjects = self._investigation.judged[:MOST_SUBJECTS]
        # Without a device and without an address, the router that logs is asked, whichever it is.
        self._nowhere = not any(_target(one.subject, side) for one in subjects for side in _SIDES)
        for one in subjects:
            self._open_conditions(one)
        for one in subjects:
            self._base(one)
        for action in sorted(document.actions, key=lambda a: (a.order, a.id)):
            self._debug(action)
        devices = [self._device(place) for place in self._places.values()]
        kept = [d for d in devices if d.steps or d.debugs or d.notes]
        kept.sort(
            key=lambda d: (-sum(s.gain for s in d.steps), d.target.device or "", d.target.address or "")
        )
        return CollectionPlan(
            schema=PLAN_SCHEMA, tool=document.tool, kb=document.kb, case=document.case, lang=document.lang,
            devices=kept,
        )  # fmt: skip

    def _open_conditions(self, one: Judged) -> None:
        """Add the commands that answer what is open and would move a verdict."""
        for name, observation in one.observations.items():
            condition = self._judge.kb.conditions[name]
            if not condition.collect or not is_open(observation):
                continue
            hypotheses = moved(self._judge, one, name)
            if not hypotheses:
                continue
            for collect in condition.collect:
                command = fill(collect.command, one.subject)
                if command is None or not self._fits(command, one.subject, collect.on):
                    continue
                place = self._place(one, collect.on)
                if place is not None:
                    entry = place.commands.setdefault(command, _Command(command, float("inf")))
                    entry.cost = min(entry.cost, self._judge.kb.ranking.cost[collect.cost])
                    entry.settles.update(hypotheses)
                    entry.answers[condition.title(self._lang)] = None

    def _fits(self, command: str, subject: Subject, side: str) -> bool:
        """Whether a command only reads, and the device of that side is not known to lack it."""
        device = _device_of(subject, side)
        known = device.os if device is not None else None
        if known not in {None, "ios", "ios-xe"}:
            return False
        lacks = known == "ios" and command.startswith(tuple(self._plan.only_ios_xe))
        return reads_only(command) and not lacks

    def _base(self, one: Judged) -> None:
        """What every case needs of both ends of a flow, unless it is there."""
        flow = one.subject.flow
        if flow is None or one.subject.kind != "flow":
            return
        ends = (("receiver", flow.receiver, flow.src), ("sender", flow.sender, flow.dst))
        for side, device, peer in ends:
            place = self._place(one, side)
            for base in self._plan.base if place is not None else ():
                if "{peer}" in base.command and peer is None and not self._nowhere:
                    continue
                text = _OF_PEER.sub("", base.command) if peer is None else base.command
                command = text.replace("{peer}", peer or "")
                fits = self._fits(command, one.subject, side)
                if place is None or not fits or _has(device, base.unless, peer):
                    continue
                entry = place.commands.setdefault(command, _Command(command, 1.0))
                entry.why = base.why(self._lang)

    def _debug(self, action: Action) -> None:
        """The conditional debugs that the report advises, as they are."""
        parts = split_debug(action.commands) if action.kind == "collect" else None
        place = self._places.get(_key(action.target))
        if parts is None or place is None or action.side == "both":
            return
        check = [c for c in action.verify if reads_only(c)]
        place.debugs[action.id] = DebugBlock(
            title=action.title, start=parts[0], stop=parts[1], check=check, note=action.note
        )

    def _place(self, one: Judged, side: str) -> _Place | None:
        """Where the commands of a side are typed; None where nothing may be asked of it."""
        target = _target(one.subject, side)
        if target is None and self._nowhere and side == "receiver":
            target = Target(device=None, address=None)
        if target is None:
            return None
        place = self._places.setdefault(_key(target), _Place(target))
        if one.subject.flow is not None:  # a device as such plays no part
            place.sides.add(side)
        flow = one.subject.flow
        if self._nowhere and flow is not None:
            kb = self._judge.kb
            why = kb.words["unknown.address"] if flow.count else kb.summary.case["none"]
            place.notes[why(self._lang)] = None
        refused = self._refused.get(flow.pair) if side == "sender" and flow is not None else None
        if refused is not None:
            place.notes[self._plan.words[refused](self._lang)] = None
            return None
        return place

    def _device(self, place: _Place) -> DevicePlan:
        steps = [self._step(c) for c in _whole_ones(place.commands.values())]
        steps.sort(key=lambda s: (-s.gain, s.command))
        brackets = bool(steps)
        around = {*self._plan.opening, *self._plan.closing}
        return DevicePlan(
            target=place.target,
            sides=[s for s in _SIDES if s in place.sides],
            opening=_around(self._plan.opening) if brackets else [],
            steps=[s for s in steps if s.command not in around],
            closing=_around(self._plan.closing) if brackets else [],
            debugs=list(place.debugs.values()),
            notes=list(place.notes),
        )

    def _step(self, entry: _Command) -> Step:
        return Step(
            command=entry.command,
            gain=round(weight(self._judge, entry.settles) / entry.cost, 3),
            settles=sorted(entry.settles),
            answers=list(entry.answers) or [entry.why],
            twice=entry.command.startswith(tuple(self._plan.twice)),
        )


def _refusals(judged: Iterable[Judged]) -> dict[tuple[str | None, ...], str]:
    """Why nothing is asked of a sender, by pair: its commands are others, or nobody says that it is a peer."""
    found: dict[tuple[str | None, ...], str] = {}
    for one in judged:
        flow = one.subject.flow
        if one.subject.kind != "flow" or flow is None:
            continue
        for name, reason in (
            ("sender-is-other", "plan.other-system"),
            ("source-shown-unknown", "plan.stranger"),
        ):
            observation = one.observations.get(name)
            if observation is not None and observation.truth:
                found.setdefault(flow.pair, reason)
    return found


def _key(target: Target) -> tuple[str, str]:
    return target.device or "", target.address or ""


def _target(subject: Subject, side: str) -> Target | None:
    device, flow = _device_of(subject, side), subject.flow
    if device is not None:
        return Target(device=device.name, address=None)
    address = None if flow is None else (flow.dst if side == "receiver" else flow.src)
    return Target(device=None, address=address) if address else None


def _device_of(subject: Subject, side: str) -> DeviceView | None:
    if side == "receiver":
        return subject.receiver
    return subject.flow.sender if subject.flow is not None else None


def _around(commands: Iterable[str]) -> list[str]:
    """What may stand around the others: what only reads, and the length and width of the own terminal."""
    return [c for c in commands if reads_only(c) or _TERMINAL.fullmatch(c)]


def _has(device: DeviceView | None, unless: str, peer: str | None) -> bool:
    """Whether the case already has what a base command shows."""
    if device is None:
        return False
    if unless == "version":
        return device.version is not None
    lists = [c for c in device.facts.of(Coverage) if c.family == unless and c.whole]
    return any(c.toward in {None, peer} for c in lists)


def _whole_ones(commands: Iterable[_Command]) -> list[_Command]:
    """The commands without those that another one shows whole; what those settle goes to the whole one."""
    by_text = {c.command: c for c in commands}
    kept: list[_Command] = []
    for entry in by_text.values():
        whole = by_text.get(entry.command.partition(" | ")[0])
        if whole is None or whole is entry:
            kept.append(entry)
            continue
        whole.settles.update(entry.settles)
        whole.cost = min(whole.cost, entry.cost)
        whole.answers.update(entry.answers)
    return kept


def plan_of(investigation: Investigation, document: Diagnosis) -> CollectionPlan:
    """The collection plan of a case; `document` is its diagnosis."""
    return Planner(investigation).plan(document)
