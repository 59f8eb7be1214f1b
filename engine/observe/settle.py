"""Every condition of the knowledge base, settled for one subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from engine.evidence.source import Place
from engine.inference.formula import Atom
from engine.knowledge.model import Condition
from engine.observe.observers import OBSERVERS
from engine.observe.subject import UNKNOWN, Answered, Observation, Subject, field_of
from engine.observe.tests import run, whole_list
from engine.relate.views import Quote

_OF_MESSAGES = frozenset({"flow", "pair"})
_DEVICE_ROLES = frozenset({"receiver", "sender", "device"})
_NO = Observation(False)


def settle(conditions: Mapping[str, Condition], subject: Subject) -> dict[str, Observation]:
    """What the evidence, and then the answers, say of each condition."""
    found: dict[str, Observation] = {}
    for name, condition in conditions.items():
        observation = _of_device(name, condition, subject) or _observe(condition, subject)
        if subject.told and (condition.of in _OF_MESSAGES or _not_seen(condition, observation)):
            observation = UNKNOWN  # no message of it was seen: there are only a person's words
        if observation.truth is None and observation.value is None:
            answer = _answer(name, subject)
            observation = _from_answer(condition, answer) if answer is not None else observation
        found[name] = _weighed(observation, condition, subject)
    return found


def _of_device(name: str, condition: Condition, subject: Subject) -> Observation | None:
    """The observation of a condition about a device alone, made once per device; None for any other condition.

    A hub has thousands of flows, and whether it runs IOS XE is the same for all of them.
    """
    if condition.of not in _DEVICE_ROLES or condition.observer is not None or condition.values is not None:
        return None
    _, device = subject.role(condition.of)
    memo = subject.case.memo
    alone = memo.get(("alone", name))
    if alone is None:
        alone = memo["alone", name] = not _refers(condition)
    if device is None or not alone:
        return None
    known = memo.get(("settled", name, device.name))
    if known is None:
        known = memo["settled", name, device.name] = _observe(condition, subject)
    return cast("Observation", known)


def _refers(condition: Condition) -> bool:
    """Whether a condition refers to another role of its subject (`$flow.src`)."""
    stack: list[Any] = [condition.yes, condition.no, condition.complete]
    while stack:
        part = stack.pop()
        if isinstance(part, str) and part.startswith("$"):
            return True
        stack.extend(part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())
    return False


def _weighed(observation: Observation, condition: Condition, subject: Subject) -> Observation:
    """What rests on something assumed about the evidence is marked so: no verdict is confirmed by it alone.

    Assumed is that an output which names no device is of the only one there is, and that two prints of one stamped
    text are two messages.
    """
    if observation.by != "evidence":
        return observation
    assumed = subject.case.assumed
    nameless = bool(assumed) and any(q.place.source in assumed for q in observation.quotes)
    if nameless or _rests_on_copies(observation, condition, subject):
        return msgspec.structs.replace(observation, by="assumed")
    return observation


def _rests_on_copies(observation: Observation, condition: Condition, subject: Subject) -> bool:
    """Whether a condition of the messages would be settled otherwise if no text counted for two prints of it."""
    flow = subject.flow
    if flow is None or not flow.copies or condition.of not in _OF_MESSAGES or condition.observer is not None:
        return False
    fewer = msgspec.structs.replace(flow, count=flow.count - flow.copies, copies=0)
    found = _observe(condition, msgspec.structs.replace(subject, flow=fewer))
    return (found.truth, found.value) != (observation.truth, observation.value)


def atoms_of(conditions: Mapping[str, Condition], found: Mapping[str, Observation]) -> dict[Atom, bool]:
    """The known truths as atoms: one for a proposition, one per value for a category whose value is known."""
    truths: dict[Atom, bool] = {}
    for name, observation in found.items():
        values = conditions[name].values
        if values is not None:
            if observation.value is not None:
                truths.update({Atom(name, v): v == observation.value for v in values})
        elif observation.truth is not None:
            truths[Atom(name)] = observation.truth
    return truths


def _observe(condition: Condition, subject: Subject) -> Observation:
    if condition.values is not None:
        return _category(condition, subject)
    if condition.observer is not None:
        found = OBSERVERS[condition.observer](subject)
        return _closed(found, condition, subject) if condition.complete == "always" else found
    assert condition.yes is not None
    found = run(condition.yes, condition.of, subject)
    if found.truth:
        return found
    if condition.no is not None:
        no = run(condition.no, condition.of, subject)
        return Observation(False, no.quotes) if no.truth else UNKNOWN
    if condition.complete == "always":
        return _closed(found, condition, subject)
    if found.truth is None or not _looks_for_facts(condition.yes):
        return found
    return _absence(condition, subject)


def _absence(condition: Condition, subject: Subject) -> Observation:
    """A missing fact is a no only where the list that would hold it was seen whole."""
    complete = condition.complete
    facts, _ = subject.role(condition.of)
    if not isinstance(complete, dict) or facts is None:
        return UNKNOWN
    seen = whole_list(facts, complete, condition.of, subject)
    return Observation(False, seen.quotes) if seen.truth else UNKNOWN


def _category(condition: Condition, subject: Subject) -> Observation:
    _, thing = subject.role(condition.of)
    if thing is None or condition.field is None:
        return UNKNOWN
    value, quotes = field_of(thing, condition.field)
    return (
        Observation(None, quotes, value) if value in (condition.values or ()) else Observation(None, quotes)
    )


def _closed(found: Observation, condition: Condition, subject: Subject) -> Observation:
    """A proposition about the evidence in hand: what is not shown is not so.

    Of a receiver that nobody names it cannot be said what the case shows: its lines may be among those of nobody.
    """
    if found.truth is not None:
        return found
    nameless = condition.of in _DEVICE_ROLES - {"sender"} and subject.receiver is None
    return UNKNOWN if nameless else _NO


def _not_seen(condition: Condition, observation: Observation) -> bool:
    """Whether a condition is a no because what would show it is not there (an observer looks around messages)."""
    return observation.truth is False and (condition.observer is not None or condition.complete == "always")


def _looks_for_facts(test: dict[str, Any]) -> bool:
    if "fact" in test:
        return True
    parts = test.get("all") or test.get("any") or ([test["not"]] if "not" in test else [])
    return any(_looks_for_facts(part) for part in parts)


def _answer(name: str, subject: Subject) -> Answered | None:
    if not subject.answers:
        return None
    found = [a for a in subject.answers if a.condition == name and a.subject in {None, subject.id}]
    return found[-1] if found and found[-1].value != "unknown" else None


def _from_answer(condition: Condition, answer: Answered) -> Observation:
    quote = Quote(Place(answer.source, 0, 0), "answer", answer.value)
    if condition.values is not None:
        return Observation(
            None, (quote,), answer.value if answer.value in condition.values else None, answer.by
        )
    truth = {"yes": True, "no": False}.get(answer.value)
    return Observation(truth, (quote,), None, answer.by)
