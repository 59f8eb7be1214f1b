"""What a person answered, and what each answer says of the conditions of the knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from engine.case import Investigation
from engine.knowledge.model import Condition, Knowledge
from engine.observe.subject import Answered, Subject
from engine.observe.tests import run
from engine.relate.devices import DeviceFacts
from engine.relate.views import CaseView, DeviceView
from engine.release import Release, parse

UNKNOWN = "unknown"
# Conditions about a device whose tests look at nothing else can be settled by a release that somebody names.
_OF_A_RELEASE = frozenset({"os", "version", "train", "ios-release"})
# What else is the router's own, whatever it receives.
_OF_A_ROUTER = _OF_A_RELEASE | {"platform", "recovery"}


class Given(msgspec.Struct, frozen=True):
    """One answer of the guide.

    Attributes:
        question: id: of the interview, or of a condition.
        answer: id of the option (several joined by `+` where the question takes several), `unknown`, or what was typed where the question takes a release.
        about: id of the flow that was spoken of; None where the case has one flow or none.
    """

    question: str
    answer: str
    about: str | None = None


def answers_of(given: Iterable[Given], kb: Knowledge, case: CaseView | None = None) -> tuple[Answered, ...]:
    """What the answers say, in their order; a later one overrides an earlier one on the same condition.

    Args:
        given: the answers.
        kb: the questions they answer, and the conditions these speak of.
        case: where answers are about one flow of several, the case that has it.
    """
    return tuple(
        Answered(name, value, f"answer/{one.question}", subject)
        for one in given
        for name, value in says(one, kb).items()
        for subject in _subjects(one.about, kb.conditions[name], case)
    )


def _subjects(about: str | None, condition: Condition, case: CaseView | None) -> list[str | None]:
    """Whom an answer about one flow concerns: the flow, the pair it belongs to, its receiver.

    What is the receiver's own is so for all that it receives.
    """
    flow = next((f for f in case.flows if f.id == about), None) if case is not None else None
    if flow is None or case is None:
        return [None]
    subjects: list[str | None] = [flow.id]
    of = condition.of
    if of_the_router(condition):
        subjects += [f.id for f in case.flows if f.receiver is flow.receiver]
    if of == "pair":
        subjects.append(next(f.id for f in case.flows if f.pair == flow.pair))
    if of == "device":
        subjects.append(flow.receiver.name if flow.receiver is not None else "")
    return list(dict.fromkeys(subjects))


def says(given: Given, kb: Knowledge) -> dict[str, str]:
    """The value of each condition that one answer says; nothing for `unknown`."""
    if given.answer == UNKNOWN:
        return {}
    topic = kb.interview.get(given.question)
    if topic is None:
        return {given.question: given.answer} if given.question in kb.conditions else {}
    chosen = given.answer.split("+") if topic.several else [given.answer]
    if all(option in topic.options for option in chosen):
        told: dict[str, str] = {}
        for option in chosen:  # what one of them says to be so is not denied by another
            told |= {n: v for n, v in topic.options[option].says.items() if told.get(n) != "yes"}
        return told
    release = parse(given.answer) if topic.free == "release" else None
    return of_release(release, kb) if release is not None else {}


def of_release(release: Release, kb: Knowledge) -> dict[str, str]:
    """What a release says: every condition about a device whose tests look only at release and system."""
    facts = DeviceFacts(None)
    device = DeviceView(name="", facts=facts, os=release.os, version=str(release), train=release.train_name)
    subject = Subject(
        kind="device", flow=None, flows=[], device=device,
        case=CaseView(devices={}, nameless=facts, setups=[], flows=[], sections={}),
    )  # fmt: skip
    found = {}
    for name, condition in kb.conditions.items():
        if condition.of in {"receiver", "device"} and _looks_only_at(_OF_A_RELEASE, condition):
            truth = _truth(condition, subject)
            if truth is not None:
                found[name] = "yes" if truth else "no"
    return found


def _truth(condition: Condition, subject: Subject) -> bool | None:
    assert condition.yes is not None
    if run(condition.yes, "device", subject).truth:
        return True
    return False if condition.no is not None and run(condition.no, "device", subject).truth else None


def of_the_router(condition: Condition) -> bool:
    """Whether a condition is the receiver's own, whichever flow is spoken of."""
    return condition.of == "device" or (
        condition.of == "receiver" and _looks_only_at(_OF_A_ROUTER, condition)
    )


def _looks_only_at(wanted: frozenset[str], condition: Condition) -> bool:
    fields: set[str] = set()
    stack: list[object] = [condition.yes, condition.no]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if "fact" in part or "list" in part:
                return False
            fields |= {part["field"]} if "field" in part else set()
            stack.extend(part.values())
        elif isinstance(part, list):
            stack.extend(part)
    return bool(fields) and fields <= wanted


class Contradiction(msgspec.Struct, frozen=True):
    """A person said one thing of a condition, the evidence or a later answer says another.

    Attributes:
        condition: its id.
        question: of the answer that is contradicted.
        said, found: the two values.
        by: question of the later answer; None where the evidence says it, which then counts.
    """

    condition: str
    question: str
    said: str
    found: str
    by: str | None


def contradictions(given: Sequence[Given], investigation: Investigation) -> list[Contradiction]:
    """Answers against the evidence (which wins) and against each other (the later one wins)."""
    kb = investigation.judge.kb
    found: list[Contradiction] = []
    said: dict[tuple[str, str | None], Given] = {}
    for one in given:
        for name, value in says(one, kb).items():
            # Of two flows it is no contradiction.
            before = said.get((name, one.about)) or said.get((name, None))
            if before is not None and before.question != one.question:
                earlier = says(before, kb)[name]
                if earlier != value:
                    found.append(Contradiction(name, before.question, earlier, value, one.question))
            said[name, one.about] = one
    shown = _shown(investigation, kb)
    for (name, _), one in said.items():
        value = says(one, kb)[name]
        if name in shown and value not in shown[name]:
            found.append(Contradiction(name, one.question, value, min(shown[name]), None))
    return found


def denied(condition: Condition) -> bool:
    """Whether a no of a condition is more than that nothing shows it: a value that says no, or a list seen whole."""
    return (
        condition.no is not None
        or isinstance(condition.complete, dict)
        or (condition.yes is not None and "field" in condition.yes)
    )


def _shown(investigation: Investigation, kb: Knowledge) -> dict[str, set[str]]:
    """The values that the evidence gives each condition, for any subject."""
    shown: dict[str, set[str]] = {}
    for judged in investigation.judged:
        for name, observation in judged.observations.items():
            if observation.by == "answer":
                continue
            if judged.subject.told and kb.conditions[name].of in {"flow", "pair"}:
                continue  # of a message that is not in the case
            if observation.truth is False and not denied(kb.conditions[name]):
                continue  # "not shown by what is in hand" does not contradict a person who saw it
            if observation.value is not None:
                shown.setdefault(name, set()).add(observation.value)
            elif observation.truth is not None:
                shown.setdefault(name, set()).add("yes" if observation.truth else "no")
    return shown
