"""What is wrong with the shape of an entry, and where: msgspec's sentence made precise.

msgspec names the way as `$.necessary[0].source`, and keys of a mapping only as `[...]`. What may stand at that place
is read off the types, and listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import inspect

from engine.knowledge.near import near

_UNKNOWN = re.compile(r"unknown field `(?P<name>.*?)`")
_ENUM = re.compile(r"^Invalid enum value '?(?P<value>.*?)'?$", re.DOTALL)
_UNQUOTED = re.compile(r"Expected `str`, got `(?:int|float|bool|datetime|date)`")
_WAY = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<way>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(?P<field>[^.\[]+)|\[(?P<number>\d+)\]|\[\.\.\.\]")
Steps = tuple[str | int, ...]


def explained(error: Exception, data: Any, kind: Any) -> tuple[str, Steps, bool]:
    """(sentence, way to the value, whether its key is meant) of a validation error."""
    found = _WAY.match(str(error))
    assert found is not None  # the pattern takes any text
    way = _way(found["way"] or "", str(error), data, kind)
    here = list(_kinds(inspect.type_info(kind), way))
    unknown = _UNKNOWN.search(found["what"])
    if unknown is not None:
        name = unknown["name"]
        fields = [f.encode_name for k in here if isinstance(k, inspect.StructType) for f in k.fields]
        return f"unknown field {name}{_instead(name, fields)}", (*way, name), True
    at = f" (at {'.'.join(map(str, way))})" if way else ""
    wrong = _ENUM.match(found["what"])
    values = [v for k in here if isinstance(k, inspect.LiteralType) for v in k.values]
    instead = _instead(wrong["value"], map(str, values)) if wrong is not None else ""
    instead = instead or ("; write it in quotes" if _UNQUOTED.match(found["what"]) else "")
    return f"{found['what']}{at}{instead}", way, False


def _instead(name: str, allowed: Iterable[str]) -> str:
    """All that is allowed, and the nearest of it."""
    known = list(dict.fromkeys(allowed))
    return f"; allowed: {', '.join(known)}{near(name, known)}" if known else ""


def _kinds(kind: Any, way: Steps) -> Iterator[Any]:
    """The types that a value may have at the end of the way."""
    if isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _kinds(one, way)
    elif not way:
        yield kind
    elif isinstance(kind, inspect.StructType):
        for field in kind.fields:
            if field.encode_name == way[0]:
                yield from _kinds(field.type, way[1:])
    elif isinstance(kind, inspect.ListType):
        yield from _kinds(kind.item_type, way[1:])
    elif isinstance(kind, inspect.DictType):
        yield from _kinds(kind.value_type, way[1:])


def _way(text: str, whole: str, data: Any, kind: Any) -> Steps:
    steps: list[str | int] = []
    for step in _STEP.finditer(text):
        if step["field"]:
            steps.append(step["field"])
        elif step["number"]:
            steps.append(int(step["number"]))
        else:
            key = _guilty(steps, whole, data, kind)
            if key is None:
                break
            steps.append(key)
    return tuple(steps)


def _guilty(steps: list[str | int], whole: str, data: Any, kind: Any) -> str | None:
    """Which key of the mapping at the end of the steps gives the same error when it stands there alone."""
    mapping = data
    for step in steps:
        mapping = mapping[step]
    for key in mapping if isinstance(mapping, dict) else ():
        try:
            msgspec.convert(_only(data, steps, key), kind)
        except msgspec.ValidationError as error:
            if str(error) == whole:
                return str(key)
    return None


def _only(data: Any, steps: list[str | int], key: Any) -> Any:
    """The data with nothing but one key in the mapping at the end of the steps."""
    if not steps:
        return {key: data[key]}
    inner = _only(data[steps[0]], steps[1:], key)
    if isinstance(data, list):
        return [inner if number == steps[0] else item for number, item in enumerate(data)]
    return {**data, steps[0]: inner}
