"""What is wrong with the shape of an entry, and where: msgspec's sentence made precise.

msgspec names the way as `$.necessary[0].source`, and keys of a mapping only as `[...]`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from engine.knowledge import model
from engine.knowledge.near import near

_UNKNOWN = re.compile(r"unknown field `(?P<name>.*?)`")
_WAY = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<way>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(?P<field>[^.\[]+)|\[(?P<number>\d+)\]|\[\.\.\.\]")


def explained(error: Exception, data: Any, kind: Any) -> tuple[str, tuple[str | int, ...], bool]:
    """(sentence, way to the value, whether its key is meant) of a validation error."""
    found = _WAY.match(str(error))
    assert found is not None  # the pattern takes any text
    way = _way(found["way"] or "", str(error), data, kind)
    unknown = _UNKNOWN.search(found["what"])
    if unknown is None:
        at = f" (at {'.'.join(map(str, way))})" if way else ""
        return f"{found['what']}{at}", way, False
    return f"unknown field {unknown['name']}{near(unknown['name'], _fields())}", (*way, unknown["name"]), True


def _way(text: str, whole: str, data: Any, kind: Any) -> tuple[str | int, ...]:
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


def _fields() -> set[str]:
    """Every field that some entry may have."""
    kinds = [k for k in vars(model).values() if isinstance(k, type) and issubclass(k, msgspec.Struct)]
    return {field.encode_name for kind in kinds for field in msgspec.structs.fields(kind)}
