"""Checks of a condition: what makes it true is of the test grammar, and names fields that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec

from engine.knowledge.check_values import kind_of, value_faults, wanted_faults
from engine.knowledge.model import Condition
from engine.knowledge.near import near
from engine.observe.observers import OBSERVERS
from engine.observe.tests import FACTS, TestError, check
from engine.relate.views import CaseView, DeviceView, FlowView, SetupView

VIEWS: dict[str, type[msgspec.Struct]] = {
    "flow": FlowView, "pair": FlowView, "receiver": DeviceView, "sender": DeviceView, "device": DeviceView,
    "receiver-setup": SetupView, "sender-setup": SetupView, "case": CaseView,
}  # fmt: skip
Way = tuple[str | int, ...]


def condition_faults(condition: Condition, report: Callable[..., None]) -> None:
    """Report what is wrong with how a condition is settled."""
    ways = [w for w in ("yes", "observer", "values") if getattr(condition, w) is not None]
    if len(ways) != 1:
        report("kb-condition", "exactly one of yes, observer and values says what makes it true")
    if condition.values is not None and condition.field is None:
        report("kb-condition", "a category needs the field that holds its value", "values")
    if condition.field is not None:
        _field(condition.of, condition.field, report, ("field",))
    if condition.observer is not None and condition.observer not in OBSERVERS:
        hint = near(condition.observer, OBSERVERS)
        report("kb-observer", f"no observer {condition.observer!r}{hint}", "observer")
    for field in ("yes", "no"):
        test = getattr(condition, field)
        if test is not None:
            _test(condition.of, test, report, (field,))
    if isinstance(condition.complete, dict):
        if "list" not in condition.complete:
            message = "complete names a list: {list: ipsec-sa, toward: $flow.src}, or is always"
            report("kb-test", message, "complete")
        _references(condition.complete, report, ("complete",))


def parts(test: Any, way: Way = ()) -> Iterator[tuple[dict[str, Any], Way]]:
    """Every plain test inside a test, with the way to it."""
    if not isinstance(test, dict):
        return
    for key in ("all", "any"):
        if isinstance(test.get(key), list):
            for number, part in enumerate(test[key]):
                yield from parts(part, (*way, key, number))
            return
    if "not" in test:
        yield from parts(test["not"], (*way, "not"))
    else:
        yield test, way


def _test(role: str, test: Any, report: Callable[..., None], way: Way) -> None:
    try:
        check(test)
    except (TestError, TypeError, AttributeError) as error:
        # The innermost part that is wrong by itself is where to look.
        for part, inner in parts(test, way):
            try:
                check(part)
            except TestError as inside:
                report("kb-test", str(inside), *inner)
                return
            except (TypeError, AttributeError):
                report("kb-test", "this part has a value of the wrong kind", *inner)
                return
        report("kb-test", str(error), *way)
        return
    for part, inner in parts(test, way):
        if "field" in part:
            _field(role, part["field"], report, (*inner, "field"))
            value_faults(kind_of(VIEWS[role], part["field"]), part, report, inner)
        _fact_values(part, report, inner)
        _references(part, report, inner)


def _fact_values(test: dict[str, Any], report: Callable[..., None], way: Way) -> None:
    """`where` and `count` of a test of facts."""
    if "fact" not in test:
        return
    where, count = test.get("where", {}), test.get("count", {"at-least": 1})
    if not isinstance(where, dict):
        report("kb-test", "where is a mapping of fields", *way, "where")
        return
    for key, want in where.items():
        wanted_faults(kind_of(FACTS[test["fact"]], key), want, report, (*way, "where", key))
    if not (isinstance(count, dict) and set(count) == {"at-least"} and isinstance(count["at-least"], int)):
        report("kb-test", "count is {at-least: NUMBER}", *way, "count")


def _field(role: str, name: Any, report: Callable[..., None], way: Way) -> None:
    known = _fields(role)
    if name not in known:
        report("kb-field", f"{role} has no field {name!r}{near(str(name), known)}", *way)


def _references(thing: Any, report: Callable[..., None], way: Way) -> None:
    """`$role.field`: the role and the field exist."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            _references(value, report, (*way, str(key)))
    elif isinstance(thing, list):
        for number, value in enumerate(thing):
            _references(value, report, (*way, number))
    elif isinstance(thing, str) and thing.startswith("$"):
        role, _, name = thing[1:].partition(".")
        if role not in VIEWS:
            report("kb-field", f"no role {role!r}{near(role, VIEWS)}", *way)
        else:
            _field(role, name, report, way)


@cache
def _fields(role: str) -> frozenset[str]:
    """The fields of a role in the rule language."""
    view = VIEWS[role]
    names = {*view.__struct_fields__, *(n for n, v in vars(view).items() if isinstance(v, property))}
    return frozenset(name.replace("_", "-") for name in names)
