"""docs/seed.md and kb/ agree: every statement cited is listed, and what is said to carry it does."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from engine.knowledge.load import load
from tests.docs.quoted import text_of

SEED = text_of("docs/seed.md")
ROWS = {row[0]: row[1] for row in re.findall(r"^\| (S\d+) \|[^|]*\| ([^|]*) \|$", SEED, flags=re.MULTILINE)}


def strings(thing: Any) -> Iterator[str]:
    """Every string inside an entry."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for part in thing.values():
            yield from strings(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from strings(part)


def cited() -> dict[str, set[str]]:
    """By entry of kb/, the statements that it cites."""
    kb = load()
    parts = (
        kb.conditions, kb.bugs, kb.causes, kb.findings, kb.tables, kb.remedies, kb.matrix.rows, kb.matrix.outside,
        kb.eem,
    )  # fmt: skip
    found: dict[str, set[str]] = {}
    for part in parts:
        for name, entry in part.items():
            places = re.findall(r"\bseed#(S\d+)\b", " ".join(strings(msgspec.to_builtins(entry))))
            found.setdefault(name, set()).update(places)
    return found


def test_the_statements_are_numbered_s1_to_s25() -> None:
    assert list(ROWS) == [f"S{n}" for n in range(1, 26)]


def test_every_statement_that_the_knowledge_base_cites_is_listed() -> None:
    assert set().union(*cited().values()) <= set(ROWS)


def test_what_carries_a_statement_cites_it() -> None:
    known = cited()
    for number, carried in ROWS.items():
        for name in re.findall(r"`([^`]+)`", carried):
            if not name.startswith("engine."):
                assert number in known[name], f"{name} does not cite {number}"


def test_what_is_not_carried_yet_is_said_to_be_so() -> None:
    open_ones = {number for number, carried in ROWS.items() if carried.startswith("not yet")}
    assert open_ones == set(ROWS) - set().union(*cited().values())
