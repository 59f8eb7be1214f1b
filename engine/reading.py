"""Steps 2 and 3 for one source: split it, parse what can matter, find messages wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal

import msgspec

from engine.evidence.open import Trouble
from engine.evidence.redact import redact
from engine.evidence.search import INV_SPI
from engine.evidence.source import BIG, Section, Source
from engine.evidence.split import split
from engine.facts import Clock, Coverage, Fact, InvSpi
from engine.parsers import parser_for
from engine.parsers.listing import cut_by_pager, torn_line

Kind = Literal["show-tech", "show-output", "config", "syslog", "debug", "ticket", "unknown"]

# One of these is in every notification that `ike_notify` reads. Long literals are searched faster than short ones.
_DEBUG_LITERALS = (
    b"ignoring request to send delete notify",
    b"INVALID_S",
    b"DELETE INFO message for IPsec SA",
)
_TECH_LITERAL = b"------------------ show "


class Reading(msgspec.Struct, frozen=True):
    """What one source says.

    Attributes:
        source: the bytes it was read from.
        kind: what sort of source it is.
        sections: all of them, each with its status.
        facts: (section index, fact); the index is -1 for a fact that stands in no section.
        troubles: what could not be read.
        warnings: doubts about single lines.
    """

    source: Source
    kind: Kind
    sections: list[Section]
    facts: list[tuple[int, Fact]]
    troubles: list[Trouble]
    warnings: list[Trouble]


def read(source: Source) -> Reading:
    """Read one source. Never raises: a parser that fails leaves a trouble and a section marked failed."""
    sections = split(source)
    facts: list[tuple[int, Fact]] = []
    troubles: list[Trouble] = []
    for index, section in enumerate(sections):
        facts.extend((index, fact) for fact in _parse(section, troubles))
    skip = [(s.first_line, s.last_line) for s in sections if s.command.startswith("show running-config")]
    facts.extend((_section_at(sections, fact.at.line), fact) for fact in _anywhere(source, sections, skip))
    warnings = [
        Trouble("decimal-disagrees", source.path, fact.at.line)
        for _, fact in facts
        if isinstance(fact, InvSpi) and fact.decimal_disagrees
    ]
    return Reading(source, _kind(sections, facts), sections, facts, troubles, warnings)


def _parse(section: Section, troubles: list[Trouble]) -> list[Fact]:
    from engine.parsers.clock import prologue

    facts: list[Fact] = []
    clock: Clock | None = prologue(section)
    if clock is not None:
        facts.append(clock)
    parse = parser_for(section.command or "syslog")
    if parse is None:
        return facts
    try:
        facts.extend(parse(section))
    except Exception as error:  # noqa: BLE001  one torn section must not hide the rest of the case
        section.status = "failed"
        detail = {"command": section.command, "why": redact(f"{type(error).__name__}: {error}")}
        troubles.append(Trouble("parser-failed", section.source.path, section.first_line, detail))
        return facts
    # Lines under no command may hold messages; whatever else stands there is kept unread.
    section.status = "parsed" if section.command else "kept"
    coverage = [fact for fact in facts if isinstance(fact, Coverage)]
    if coverage and not section.closed and not section.filtered and not any(c.whole for c in coverage):
        section.status = "truncated"
        if _is_torn(section, coverage, [f for f in facts if not isinstance(f, Coverage)]):
            troubles.append(
                Trouble("section-torn", section.source.path, section.last_line, {"command": section.command})
            )
    return facts


def _is_torn(section: Section, coverage: list[Coverage], facts: list[Fact]) -> bool:
    """Whether an output visibly ends too early; a part of a configuration, or a limited list, is no accident."""
    if cut_by_pager(section):
        return True
    if section.command == "show running-config":
        return any("Current configuration" in text for text in islice(_filled(section, 1), 4))
    end = next(_filled(section, -1), "")
    last = torn_line(section)
    if last is not None and section.command.startswith(("show crypto isakmp sa", "show crypto ikev2 sa")):
        # The file ends inside a line that is neither a heading nor a row that could be read.
        return bool(end) and "Crypto" not in end and not any(f.at.last_line >= last for f in facts)
    if section.command.startswith("show crypto ipsec sa") and all(c.toward is None for c in coverage):
        # Every block of IOS ends with this heading. ASA, which has none, writes `current_peer:`.
        return section.source.data.find(b"current_peer ", *section.extent) >= 0 and end != "outbound pcp sas:"
    return False


def _filled(section: Section, step: int) -> Iterator[str]:
    """The lines of a section that are not blank, from its first one down or from its last one up."""
    numbers = range(section.first_line, section.last_line + 1)[::step]
    return (text for number in numbers if (text := section.source.line(number).strip()))


def _anywhere(source: Source, sections: list[Section], skip: list[tuple[int, int]]) -> list[Fact]:
    """Messages and notifications are where they are: in a buffer, a file, between prompts, in a mail.

    In a big log that was not read line by line, notifications are looked for around the messages only.
    """
    found: list[Fact] = []
    hits = source.offsets_of(INV_SPI)
    if hits:
        from engine.parsers import inv_spi

        found.extend(inv_spi.scan(source, skip))
    size = len(source.data)
    within = [(0, size)]
    if size >= BIG and [s.command for s in sections] == ["syslog"]:
        from engine.parsers.syslog import windows

        within = windows(hits, 0, size)
    if any(source.data.find(literal, *part) >= 0 for part in within for literal in _DEBUG_LITERALS):
        from engine.parsers import ike_notify

        found.extend(ike_notify.scan(source, skip, within))
    return found


def _section_at(sections: list[Section], line: int) -> int:
    low, high = 0, len(sections)
    while low < high:
        middle = (low + high) // 2
        if sections[middle].last_line < line:
            low = middle + 1
        else:
            high = middle
    return low if low < len(sections) and sections[low].first_line <= line else -1


def _kind(sections: list[Section], facts: list[tuple[int, Fact]]) -> Kind:
    known = [s for s in sections if s.command]
    source = sections[0].source if sections else None
    if source is not None and len(known) > 1 and source.data.find(_TECH_LITERAL) >= 0:
        return "show-tech"
    commands = {s.command for s in known}
    if not commands:
        return "syslog" if any(isinstance(f, InvSpi) for _, f in facts) else "unknown"
    if commands == {"syslog"}:
        return "syslog"
    if commands <= {"debug", "syslog"}:
        return "debug"
    if all(s.command == "show running-config" and s.device is None for s in known):
        return "config"
    return "show-output"
