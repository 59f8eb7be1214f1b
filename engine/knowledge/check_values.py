"""Checks of what a field is compared with: the operator fits the field, and the value is one that it can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from engine.facts import (
    ConfigSetup,
    Hostname,
    IkeNotify,
    IkeSa,
    IpsecSa,
    LogMessage,
    NhrpPeer,
    Session,
    Version,
)
from engine.knowledge.near import near
from engine.relate.views import DeviceView, SetupView

Way = tuple[str | int, ...]
_OS = ("ios", "ios-xe", "asa", "nx-os", "ios-xr", "other")
_IKE = ("ikev1", "ikev2")
_DPD = ("periodic", "on-demand", "off", "unknown")
# Texts of which only these occur; engine/facts describes each.
_VALUES: dict[tuple[type, str], tuple[str, ...]] = {
    (DeviceView, "os"): _OS,
    (Version, "os"): _OS,
    (SetupView, "dpd"): _DPD,
    (ConfigSetup, "dpd"): _DPD,
    (Hostname, "basis"): ("prompt", "configuration", "version", "relay"),
    (IkeNotify, "direction"): ("received", "sent", "unknown"),
    (IkeSa, "ike"): _IKE,
    (IpsecSa, "direction"): ("inbound", "outbound"),
    (IpsecSa, "protocol"): ("esp", "ah"),
    (NhrpPeer, "kind"): ("static", "dynamic", "incomplete"),
    (Session, "ike"): _IKE,
}
_NAMES = {str: "a text", int: "a number", float: "a number", bool: "true or false", tuple: "a list"}


class Kind(msgspec.Struct, frozen=True):
    """What a field holds.

    Attributes:
        types: str, int, float, bool, tuple, ...; empty where nobody can say.
        values: all texts that it can be; None where any.
        mnemonic: it is the mnemonic of a message.
    """

    types: frozenset[type] = frozenset()
    values: tuple[str, ...] | None = None
    mnemonic: bool = False

    def __str__(self) -> str:
        return " or ".join(sorted({_NAMES.get(one, one.__name__) for one in self.types}))

    def has(self, *wanted: type) -> bool:
        """Whether the field holds one of these, or nobody can say."""
        return not self.types or bool(self.types & {*wanted})


def kind_of(owner: type, field: str) -> Kind:
    """What a field of a view or a fact holds, by its name in the rule language."""
    name = str(field).replace("-", "_")
    found = getattr(owner, name, None)
    if isinstance(found, property):
        hint = get_type_hints(found.fget).get("return")
    else:
        hint = get_type_hints(owner).get(name)
    plain = list(_plain(hint)) if hint is not None else []
    listed = [value for one in plain if get_origin(one) is Literal for value in get_args(one)]
    types = {str if get_origin(one) is Literal else get_origin(one) or one for one in plain}
    values = tuple(listed) or _VALUES.get((owner, name))
    return Kind(frozenset(types), values, (owner, name) == (LogMessage, "mnemonic"))


def _plain(hint: Any) -> Iterator[Any]:
    """The parts of a union, without None."""
    if get_origin(hint) in {Literal, tuple} or not get_args(hint):
        yield from () if hint is NoneType else (hint,)
    else:
        for part in get_args(hint):
            yield from _plain(part)


def wanted_faults(kind: Kind, want: Any, report: Callable[..., None], way: Way) -> None:
    """What `where` wants of a field: a value, or a mapping of operators and nothing else."""
    if not isinstance(want, dict):
        _literal(kind, want, report, way)
        return
    for key in want:
        if key not in _COMPARED:
            message = f"nothing is compared by {key!r}{near(str(key), _COMPARED)}"
            report("kb-test", message, *way, key, key=True)
    value_faults(kind, want, report, way)


def value_faults(kind: Kind, test: dict[str, Any], report: Callable[..., None], way: Way) -> None:
    """What a field is compared with is of the right kind, and can be."""
    for key, value in test.items():
        known = _COMPARED.get(key)
        fits = _FITTING.get(key)
        if known is not None and not known[0](value):
            report("kb-test", f"{key} needs {known[1]}", *way, key)
        elif fits is not None and not kind.has(*fits):
            names = " or ".join(dict.fromkeys(_NAMES[one] for one in fits))
            report("kb-test", f"{key} is for {names}, and this field is {kind}", *way, key)
        elif key == "in":
            for number, one in enumerate(value):
                _literal(kind, one, report, (*way, key, number))
        elif key == "is":
            _literal(kind, value, report, (*way, key))
        elif key in {"has", "prefix"} and not str(value).startswith("$"):
            if kind.types == {str} and not isinstance(value, str):
                report("kb-test", f"{key} needs a text here; write it in quotes", *way, key)
            _percent(kind, value, report, (*way, key))


def _literal(kind: Kind, value: Any, report: Callable[..., None], way: Way) -> None:
    """A value that a field is to be equal to."""
    if isinstance(value, str) and value.startswith("$"):
        return
    if isinstance(value, list):
        report("kb-test", "a field is never equal to a list; write {in: [...]}", *way)
    elif not kind.has(type(value), *((float,) if type(value) is int else ())):
        quotes = "; write it in quotes" if kind.has(str) and value is not None else ""
        report("kb-test", f"this field is {kind}, never {value!r}{quotes}", *way)
    elif kind.values is not None and value not in kind.values:
        known = ", ".join(kind.values)
        report("kb-test", f"this field is never {value!r} ({known}){near(str(value), kind.values)}", *way)
    else:
        _percent(kind, value, report, way)


def _percent(kind: Kind, value: Any, report: Callable[..., None], way: Way) -> None:
    if kind.mnemonic and "%" in str(value):
        report("kb-test", f"a mnemonic is written without %: {str(value).replace('%', '')}", *way)


def _number(value: Any) -> bool:
    """A number, or a text such as "0xFF000000"."""
    if isinstance(value, str):
        try:
            int(value, 0)
        except ValueError:
            return False
        return True
    return isinstance(value, int) and not isinstance(value, bool)


_COMPARED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "in": (lambda v: isinstance(v, list), "a list"),
    "range": (lambda v: isinstance(v, list) and len(v) == 2 and all(map(_number, v)), "two numbers"),
    "at-least": (lambda v: isinstance(v, int | float) and not isinstance(v, bool), "a number"),
    "at-most": (lambda v: isinstance(v, int | float) and not isinstance(v, bool), "a number"),
    "prefix": (lambda v: isinstance(v, str), "a text"),
    "has": (lambda v: not isinstance(v, list | dict), "one value"),
    "known": (lambda v: isinstance(v, bool), "true or false"),
}
# What the field has to hold for an operator to mean something.
_FITTING: dict[str, tuple[type, ...]] = {
    "range": (int, float),
    "at-least": (int, float),
    "at-most": (int, float),
    "prefix": (str,),
    "has": (str, tuple),
}
