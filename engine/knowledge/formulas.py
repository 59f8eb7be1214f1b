"""Formulas as written in kb/ become formula objects.

spi-installed-inbound                       a condition
{ike-sa: absent}, {setup-kind: [a, b]}      a value, or one of several values, of a category or table
{finding: CSCvp16730, at-least: likely}     a verdict (only where actions and summaries are chosen);
                                            with `on: device` for any flow of the same device
{all: [...]}, {any: [...]}, {not: ...}      combinations
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any as Anything

from engine.inference.formula import All, Any, Atom, Formula, Not

VERDICTS_UP = ("possible", "likely", "confirmed")
Way = tuple[str | int, ...]


class FormulaError(ValueError):
    """A formula is not of the language; the message says which part, `way` leads to it."""

    def __init__(self, message: str, way: Way = ()) -> None:
        super().__init__(message)
        self.way = way


def parse(data: Anything, way: Way = ()) -> Formula:
    """The formula object of a formula as read from YAML.

    Raises:
        FormulaError: where it has a shape that the language does not know.
    """
    if isinstance(data, str):
        return Atom(data)
    if isinstance(data, bool) or not isinstance(data, dict) or not data:
        raise FormulaError(f"{data!r} is neither a condition nor all, any, not or a category", way)
    if "finding" in data:
        return _finding(data, way)
    if len(data) != 1:
        raise FormulaError(f"one key is expected, not {', '.join(map(str, data))}", way)
    ((key, value),) = data.items()
    if key in {"all", "any"}:
        if not isinstance(value, list) or not value:
            raise FormulaError(f"{key} needs a list with at least one part", (*way, key))
        parts = tuple(parse(part, (*way, key, number)) for number, part in enumerate(value))
        return All(parts) if key == "all" else Any(parts)
    if key == "not":
        return Not(parse(value, (*way, "not")))
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(v, str) for v in values):
        raise FormulaError(f"{key} needs a value or a list of values", (*way, str(key)))
    found = tuple(Atom(str(key), v) for v in values)
    return found[0] if len(found) == 1 else Any(found)


def walk(data: Anything, way: Way = ()) -> Iterator[tuple[Way, Atom]]:
    """Every atom of a formula that `parse` takes, with the way to where it is written."""
    if isinstance(data, str):
        yield way, Atom(data)
        return
    if "finding" in data:
        yield (*way, "finding"), _finding(data, way)
        return
    ((key, value),) = data.items()
    if key in {"all", "any"}:
        for number, part in enumerate(value):
            yield from walk(part, (*way, key, number))
    elif key == "not":
        yield from walk(value, (*way, "not"))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield (*way, key, number), Atom(str(key), one)
    else:
        yield (*way, key), Atom(str(key), value)


def _finding(data: dict[str, Anything], way: Way) -> Atom:
    at_least = data.get("at-least", "likely")
    on = data.get("on", "subject")
    if (
        set(data) - {"finding", "at-least", "on"}
        or at_least not in VERDICTS_UP
        or on not in {"subject", "device"}
    ):
        raise FormulaError(
            "a finding is written {finding: ID, at-least: possible|likely|confirmed}, perhaps on: device", way
        )
    return verdict_atom(str(data["finding"]), at_least, on=on)


def verdict_atom(hypothesis: str, at_least: str, *, on: str = "subject") -> Atom:
    """The atom that says that a hypothesis has at least this verdict, here or anywhere on the same device."""
    return Atom(f"finding:{hypothesis}" if on == "subject" else f"device-finding:{hypothesis}", at_least)
