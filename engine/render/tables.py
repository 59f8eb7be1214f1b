"""The tables of the document as rows of plain text; each format draws them its own way."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence
from typing import NamedTuple

from engine.diagnosis.document import Counter, Device, Flow, Setup, SourceRef
from engine.render.grid import EMPTY
from engine.render.phrases import Phrases
from engine.render.quotes import Quote
from engine.render.words import Words


class Table(NamedTuple):
    """Column heads and rows; every row is as long as the head."""

    head: list[str]
    rows: list[list[str]]


def _table(words: Words, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table without the columns that are empty in every row; an empty cell elsewhere is a hyphen."""
    kept = [i for i, _ in enumerate(columns) if any(row[i] for row in rows)]
    return Table([words(columns[i]) for i in kept], [[row[i] or EMPTY for i in kept] for row in rows])


def flows(items: Sequence[Flow], phrases: Phrases) -> Table:
    """Flows: who refused what from whom, how often, and what the receiver does about it."""
    words = phrases.words
    columns = (
        "column.flow", "column.dst", "column.messages", "column.period", "column.sender", "column.setup",
        "column.ike-sa", "column.recovery",
    )  # fmt: skip
    rows = [
        (
            phrases.flow(f),
            " ".join(filter(None, (f.dst, phrases.protocol(f), f.interface))),
            phrases.messages(f),
            " .. ".join(dict.fromkeys(filter(None, (f.first, f.last)))),
            f.sender or "",
            _with_basis(f, phrases),
            words(f"ike-sa.{f.recovery.ike_sa}"),
            phrases.flow_recovery(f.recovery),
        )
        for f in items
    ]
    return _table(words, columns, rows)


def _with_basis(flow: Flow, phrases: Phrases) -> str:
    setup = phrases.setup_by_id(flow.setup)
    if not setup or flow.setup_basis is None:
        return setup
    return f"{setup}, {phrases.words(f'basis.{flow.setup_basis}')}"


def setups(items: Sequence[Setup], phrases: Phrases) -> Table:
    """Setups, each with what the recovery matrix says for it."""
    columns = (
        "column.setup", "column.peers", "column.ike", "column.dpd", "column.matrix", "column.row", "column.command",
    )  # fmt: skip
    rows = [
        (
            _setup(s, phrases),
            _peers(s.peers, phrases.words),
            ", ".join(version.replace("ikev", "IKEv") for version in s.ike),
            phrases.words(f"dpd.{s.dpd}"),
            phrases.support(s.recovery),
            "" if s.recovery.row == s.kind else s.recovery.row or "",
            phrases.configured(s.recovery.configured),
        )
        for s in items
    ]
    return _table(phrases.words, columns, rows)


def _setup(setup: Setup, phrases: Phrases) -> str:
    words = phrases.words
    notes = (
        setup.name if setup.interface else None,
        words("vrf", name=setup.vrf) if setup.vrf else None,
        None if setup.applied else words("not-applied"),
    )
    return ", ".join(filter(None, (f"{setup.device} {phrases.setup(setup)}", *notes)))


def _peers(peers: Sequence[str], words: Words) -> str:
    shown = ", ".join(peers[:3])
    return f"{shown} {words('more', n=len(peers) - 3)}" if len(peers) > 3 else shown


def devices(items: Sequence[Device], phrases: Phrases) -> Table:
    """Devices of the case."""
    words = phrases.words
    columns = (
        "column.device", "column.os", "column.version", "column.train", "column.platform", "column.uptime",
        "column.captured", "column.clock-offset", "column.config",
    )  # fmt: skip
    rows = [
        (
            d.name,
            words(f"os.{d.os}") if d.os else "",
            d.version or "",
            d.train or "",
            d.platform or "",
            phrases.duration(d.uptime_seconds),
            d.captured or "",
            "" if d.clock_offset_seconds is None else f"{d.clock_offset_seconds:+g} s",
            words("config.whole" if d.complete_config else "config.part"),
        )
        for d in items
    ]
    return _table(words, columns, rows)


def counters(items: Sequence[Counter], phrases: Phrases) -> Table:
    """Drop counters; growth only where there are two readings."""
    columns = ("column.counter", "column.device", "column.value", "column.delta", "column.at")
    rows = [
        (c.name, c.device or "", f"{c.value}", "" if c.delta is None else f"{c.delta:+d}", c.at or "")
        for c in items
    ]
    return _table(phrases.words, columns, rows)


def sources(items: Sequence[SourceRef], phrases: Phrases) -> Table:
    """Inputs, and how much of each was read."""
    words = phrases.words
    columns = (
        "column.path", "column.kind", "column.device", "column.bytes", "column.sections", "column.warnings",
    )  # fmt: skip
    rows = [
        (
            s.path,
            words(f"source-kind.{s.kind}"),
            s.device or "",
            str(s.bytes),
            _sections(s, words),
            str(len(s.warnings)) if s.warnings else "",
        )
        for s in items
    ]
    return _table(words, columns, rows)


def _sections(source: SourceRef, words: Words) -> str:
    tally = Tally(section.status for section in source.sections)
    return ", ".join(
        words(f"section-status.{status}", n=tally[status])
        for status in ("parsed", "kept", "truncated", "failed")
        if tally[status]
    )


def doubts(items: Sequence[SourceRef], words: Words) -> list[Quote]:
    """Sections that were cut off or could not be read, and warnings about single lines, by source and line."""
    rows: list[Quote] = []
    for source in items:
        found = [
            (w.line, Quote(f"{source.path}:{w.line}", f"{w.code}: {w.message}")) for w in source.warnings
        ]
        for section in source.sections:
            if section.status in {"truncated", "failed"}:
                where = f"{source.path}:{section.first_line}-{section.last_line}"
                text = words(f"doubt.{section.status}", command=section.command or words("unknown.command"))
                found.append((section.first_line, Quote(where, text)))
        rows += [quote for _, quote in sorted(found)]
    return rows
