"""What there is in a knowledge base: entries with their titles, as written, and by the sources that they cite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from engine.inference.formula import atoms
from engine.knowledge.examine import Examined
from engine.knowledge.faults import Document, Keys
from engine.knowledge.model import Knowledge
from engine.knowledge.rules import rule_base
from engine.knowledge.written import Text


class Entry(msgspec.Struct, frozen=True):
    """An entry: the part that it is in, its id, and its title in one language."""

    part: str
    id: str
    title: str


class Written(msgspec.Struct, frozen=True):
    """An entry as written: its part, file and line, the lines themselves, and what uses it."""

    part: str
    place: str
    lines: list[str]
    users: list[str]


def entries(kb: Knowledge, lang: str) -> list[Entry]:
    """Every entry in the order of the knowledge base."""
    parts: dict[str, dict[str, Any]] = {
        "bugs": kb.bugs, "causes": kb.causes, "findings": kb.findings, "conditions": kb.conditions,
        "tables": kb.tables, "remedies": kb.remedies, "matrix": {**kb.matrix.rows, **kb.matrix.outside},
        "sources": kb.sources, "seed": kb.seed, "symptoms": kb.symptoms, "interview": kb.interview, "eem": kb.eem,
    }  # fmt: skip
    return [Entry(part, name, _title(e, lang)) for part, group in parts.items() for name, e in group.items()]


def written(examined: Examined, name: str) -> list[Written]:
    """Every entry of an id as its file has it; upper and lower case are the same."""
    found = []
    used = _users(examined.kb)
    for (part, entry), (document, keys) in examined.index.entries.items():
        if entry.lower() == name.lower():
            line, _ = document.place(keys, key=True)
            users = sorted(used.get(entry, ())) if part in {"conditions", "tables"} else []
            found.append(Written(part, f"{document.path}:{line or 1}", _lines(document, keys), users))
    for bug, document, _ in examined.index.more_releases:
        if bug.lower() == name.lower():
            found.append(
                Written("releases", f"{document.path}:1", document.text.rstrip("\n").split("\n"), [])
            )
    return found


def citing(kb: Knowledge) -> dict[str, dict[str, list[str]]]:
    """By source and place in it, the ids of the entries that cite it."""
    found: dict[str, dict[str, list[str]]] = {}
    for part in (
        kb.conditions,
        kb.bugs,
        kb.causes,
        kb.findings,
        kb.tables,
        kb.remedies,
        kb.matrix.rows,
        kb.matrix.outside,
        kb.symptoms,
        kb.eem,
    ):
        for name, entry in part.items():
            for cited in dict.fromkeys(sources_in(entry)):
                source, _, place = cited.partition("#")
                found.setdefault(source, {}).setdefault(place, []).append(name)
    return {source: dict(sorted(places.items(), key=_by_number)) for source, places in found.items()}


def sources_in(thing: Any) -> Iterator[str]:
    """Every source that is cited inside an entry."""
    if isinstance(thing, msgspec.Struct):
        for field in thing.__struct_fields__:
            value = getattr(thing, field)
            if field == "source" and isinstance(value, str):
                yield value
            else:
                yield from sources_in(value)
    elif isinstance(thing, dict | list):
        for value in thing.values() if isinstance(thing, dict) else thing:
            yield from sources_in(value)


def _by_number(item: tuple[str, list[str]]) -> tuple[str, int, str]:
    """S2 before S10."""
    letters = item[0].rstrip("0123456789")
    digits = item[0][len(letters) :]
    return letters, int(digits or 0), item[0]


def _title(entry: Any, lang: str) -> str:
    title = getattr(entry, "title", None) or getattr(entry, "text", "")
    return title(lang) if isinstance(title, Text) else str(title)


def _lines(document: Document, keys: Keys) -> list[str]:
    """The lines of an entry, its indentation taken off; the whole file where the file is the entry."""
    lines = document.text.rstrip("\n").split("\n")
    if not keys:
        return lines
    first, column = document.place(keys, key=True)
    indent = column - 1
    body = [lines[first - 1][indent:]]
    for line in lines[first:]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        body.append(line[indent:])
    while body and not body[-1].strip():
        body.pop()
    return body


def _users(kb: Knowledge) -> dict[str, set[str]]:
    """By name of a condition or table, the entries whose formulas use it."""
    base = rule_base(kb)
    found: dict[str, set[str]] = {}
    for rule in (*base.judge, *base.advise):
        for atom in atoms(rule.body):
            found.setdefault(atom.name, set()).add(rule.source)
    return found
