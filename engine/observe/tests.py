"""The test grammar of conditions: what `yes`, `no` and `complete` may say in kb/conditions.

    {field: os, is: ios-xe}                     a field of the role; also in, at-least, at-most, range, prefix, known
    {fact: ipsec-sa, where: {spi: $flow.spi}}   a fact of the role's device; count: {at-least: 2}
    {list: ipsec-sa, toward: $flow.src}         a list seen whole (toward that peer)
                                                both: not-before: $flow.first leaves out what is known to be older
    {all: [...]}, {any: [...]}, {not: ...}      combinations

A value is a literal, a reference `$flow.spi`, or a mapping with `in`, `prefix`, `range`, `at-least`, `at-most`, `has`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import msgspec

from engine import facts as fact_types
from engine.facts import Coverage, Fact
from engine.observe.subject import UNKNOWN, Observation, Subject, field_of
from engine.relate.devices import DeviceFacts
from engine.relate.timeline import taken, was_after
from engine.relate.views import Quote

FACTS: dict[str, type[Fact]] = {
    kind.__struct_config__.tag: kind  # type: ignore[misc]
    for kind in vars(fact_types).values()
    if isinstance(kind, type) and issubclass(kind, Fact) and kind is not Fact
}
_FIELD_TESTS = frozenset({"is", "in", "at-least", "at-most", "range", "prefix", "has", "known"})
_KEYS = {
    "field": _FIELD_TESTS,
    "fact": frozenset({"where", "count", "not-before"}),
    "list": frozenset({"toward", "not-before"}),
}
# Quotes of a fact test: enough to prove it, whatever the number of facts.
_MOST_FOUND = 50


class TestError(ValueError):
    """A test is not of the grammar; the message says which part."""

    __test__ = False  # not a pytest class


def run(test: dict[str, Any], role: str, subject: Subject) -> Observation:
    """Evaluate a test for a role of a subject. A role that nobody fills gives unknown."""
    if "all" in test or "any" in test:
        return _combine(test, role, subject)
    if "not" in test:
        inner = run(test["not"], role, subject)
        return Observation(None if inner.truth is None else not inner.truth, inner.quotes)
    facts, thing = subject.role(role)
    if thing is None:
        return UNKNOWN
    if "field" in test:
        value, quotes = field_of(thing, test["field"])
        if "known" in test:
            return Observation(
                (value is not None) is bool(test["known"]), quotes if value is not None else ()
            )
        return Observation(None if value is None else _matches(value, test, subject), quotes)
    if facts is None:
        return UNKNOWN
    if "list" in test:
        return whole_list(facts, test, role, subject)
    return _facts(facts, test, role, subject)


def whole_list(facts: DeviceFacts, test: dict[str, Any], role: str, subject: Subject) -> Observation:
    """Whether a list was seen whole, or whole toward one peer; the quote is of the list, as lacking something."""
    toward = resolve(test.get("toward"), subject)
    for cover in facts.of(Coverage):
        if cover.family != test["list"] or not cover.whole or cover.toward not in {None, toward}:
            continue
        if _in_time(cover, facts, test, role, subject):
            return Observation(True, (Quote(cover.at, "absence"),))
    return Observation(False)


def _in_time(fact: Fact, facts: DeviceFacts, test: dict[str, Any], role: str, subject: Subject) -> bool:
    """Whether a fact is not known to have been read before the moment that the test names."""
    since = resolve(test.get("not-before"), subject)
    receiver = subject.receiver
    if since is None or receiver is None:
        return True
    at = taken(facts, fact.at, subject.case.sections)
    return was_after(at, since, receiver.facts, other=role.startswith("sender")) is not False


def _facts(facts: DeviceFacts, test: dict[str, Any], role: str, subject: Subject) -> Observation:
    where = test.get("where", {})
    kind = FACTS[test["fact"]]
    wanted = test.get("count", {}).get("at-least", 1)
    # A plain value narrows the search by an index; the rest is tested fact by fact. An address or SPI of the subject
    # leaves few of a hub's thousands of SAs, a word such as `inbound` half of them.
    plains = [key for key, want in where.items() if not isinstance(want, dict | list)]
    plain = next((key for key in plains if str(where[key]).startswith("$")), plains[0] if plains else None)
    candidates = (
        facts.of(kind)
        if plain is None
        else facts.where(kind, plain.replace("-", "_"), resolve(where[plain], subject))
    )
    matching = (
        fact
        for fact in candidates
        if all(
            _matches_value(getattr(fact, key.replace("-", "_")), want, subject) for key, want in where.items()
        )
        and _in_time(fact, facts, test, role, subject)
    )
    found = list(islice(matching, max(wanted, _MOST_FOUND)))
    return Observation(len(found) >= wanted, tuple(Quote(f.at) for f in found))


def _combine(test: dict[str, Any], role: str, subject: Subject) -> Observation:
    key = "all" if "all" in test else "any"
    parts = [run(part, role, subject) for part in test[key]]
    decisive = key == "any"
    hits = [p for p in parts if p.truth is decisive]
    if hits:
        return Observation(decisive, hits[0].quotes)
    if any(p.truth is None for p in parts):
        return UNKNOWN
    return Observation(not decisive, tuple(dict.fromkeys(q for p in parts for q in p.quotes)))


def resolve(value: Any, subject: Subject) -> Any:
    """A reference such as `$flow.src` resolved; anything else as it is."""
    if isinstance(value, str) and value.startswith("$"):
        role, _, name = value[1:].partition(".")
        thing = subject.role(role)[1]
        return None if thing is None else field_of(thing, name)[0]
    return value


def _matches_value(value: Any, want: Any, subject: Subject) -> bool:
    if isinstance(want, dict):
        return value is not None and _matches(value, want, subject)
    wanted = resolve(want, subject)
    return wanted is not None and bool(value == wanted)


def _matches(value: Any, test: dict[str, Any], subject: Subject) -> bool:
    """Whether a value is what a test wants; one of another kind is not."""
    try:
        return all(check(value, test[key], subject) for key, check in _CHECKS if key in test)
    except (TypeError, ValueError):
        return False


def number(value: Any) -> int:
    """A number, or a text such as "0xFF000000"."""
    return value if isinstance(value, int) else int(str(value), 0)


def check(test: Any) -> None:
    """Refuse a test that is not of the grammar.

    Raises:
        TestError: naming the part.
    """
    if not isinstance(test, dict):
        raise TestError(f"{test!r} is not a test")
    for key in ("all", "any"):
        if key in test:
            if set(test) != {key} or not isinstance(test[key], list) or not test[key]:
                raise TestError(f"{key} stands alone and needs a list")
            for part in test[key]:
                check(part)
            return
    if "not" in test:
        check(test["not"])
        return
    kinds = [key for key in _KEYS if key in test]
    if len(kinds) != 1:
        raise TestError("a test has exactly one of field, fact, list, all, any, not")
    unknown = set(test) - {kinds[0]} - _KEYS[kinds[0]]
    if unknown:
        raise TestError(f"{kinds[0]} does not know {', '.join(sorted(unknown))}")
    if kinds[0] == "fact":
        _check_fact(test)
    elif kinds[0] == "field" and not set(test) & _FIELD_TESTS:
        raise TestError("a field needs one of " + ", ".join(sorted(_FIELD_TESTS)))


def _check_fact(test: dict[str, Any]) -> None:
    kind = FACTS.get(test["fact"])
    if kind is None:
        raise TestError(f"{test['fact']!r} is no kind of fact ({', '.join(sorted(FACTS))})")
    fields = {f.name.replace("_", "-") for f in msgspec.structs.fields(kind)}
    for key in test.get("where", {}):
        if key not in fields:
            raise TestError(f"{test['fact']} has no {key!r} ({', '.join(sorted(fields))})")


# Value, what is wanted of it, and the subject that references are resolved for.
_CHECKS: tuple[tuple[str, Callable[[Any, Any, Subject], bool]], ...] = (
    ("is", lambda value, want, subject: bool(value == resolve(want, subject))),
    ("in", lambda value, want, _: value in want),
    ("has", lambda value, want, subject: resolve(want, subject) in value),
    ("at-least", lambda value, want, _: bool(value >= want)),
    ("at-most", lambda value, want, _: bool(value <= want)),
    ("prefix", lambda value, want, _: str(value).startswith(str(want))),
    ("range", lambda value, want, _: number(want[0]) <= value <= number(want[1])),
)
