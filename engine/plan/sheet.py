"""A sheet: headings, sentences and commands in order, drawn for a terminal or as Markdown.

Plans, applets and suppositions are laid out once, as blocks; how a block looks is decided here only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from engine.render.line import Line, Span, blank, paint, span, wrap
from engine.render.markdown_text import fence, inline, paragraph
from engine.render.visible import prose

Kind = Literal["title", "head", "part", "text", "note", "item", "foot", "commands"]


class Block(NamedTuple):
    """One block; `commands` has a line per command, every other kind one line of text."""

    kind: Kind
    lines: tuple[str, ...]


def block(kind: Kind, *lines: str) -> Block:
    """A block of the kind."""
    return Block(kind, lines)


def terminal(blocks: Iterable[Block], *, width: int, colour: bool) -> Iterator[str]:
    """The blocks line by line, without line endings; commands are never broken, so that they can be copied."""
    return paint(_lines(blocks, width), colour=colour)


def _lines(blocks: Iterable[Block], width: int) -> Iterator[Line]:
    first = True
    for kind, lines in blocks:
        if kind in {"title", "head", "part", "foot"} and not first:
            yield blank()
        first = False
        if kind == "commands":
            yield from ([Span("    "), span(line, "command")] for line in lines)
            continue
        role = {"title": "strong", "head": "head", "part": "strong", "note": "dim", "foot": "dim"}.get(
            kind, ""
        )
        indent = {"title": 0, "head": 0, "foot": 0, "note": 6}.get(kind, 2)
        mark = [Span("- ")] if kind == "item" else []
        for line in lines:
            yield from wrap([*mark, span(prose(line), role)], width, indent=indent, hang=2)


def markdown(blocks: Iterable[Block]) -> str:
    """The blocks for a ticket; commands in fenced blocks, neighbouring ones in one."""
    parts: list[str] = []
    pending: list[str] = []
    for kind, lines in blocks:
        if kind == "commands":
            pending.extend(lines)
            continue
        parts += _fenced(pending)
        pending = []
        marks = {"title": "## ", "head": "### ", "part": "#### ", "item": "- "}
        for line in lines:
            mark = marks.get(kind, "")
            parts += [mark + inline(line) if mark else paragraph(line), ""]
    parts += _fenced(pending)
    return "\n".join(parts).rstrip("\n") + "\n"


def _fenced(lines: list[str]) -> list[str]:
    return [*fence(lines), ""] if lines else []
