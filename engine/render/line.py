"""Lines of a terminal: spans of text, each with a role; wrapped by display width, painted at the very end.

The layout is the same with and without colour, and colour never carries meaning alone: each role that has a
colour has a word beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, TypeAlias

from engine.render.visible import visible
from engine.render.width import display_width

_TOKEN = re.compile(r"\s+|\S+")

# Only the sixteen colours that a terminal's own theme defines, so that every theme keeps its contrast.
_STYLES = {
    "strong": "bold",
    "head": "bold underline",
    "dim": "dim",
    "command": "bold green",
    "place": "cyan",
    "confirmed": "bold red",
    "likely": "bold yellow",
    "possible": "bold magenta",
    "undetermined": "bold blue",
    "ruled_out": "bold green",
    "yes": "bold",
    "no": "bold",
    "unknown": "bold blue",
    "alarm": "bold red",
}


class Span(NamedTuple):
    """A stretch of text and its role (a key of the style table; "" for plain text)."""

    text: str
    role: str = ""


Line: TypeAlias = list[Span]


def span(text: str, role: str = "") -> Span:
    """A span of harmless text: controls shown as escapes, tabs as blanks up to the next multiple of eight."""
    return Span(visible(text).expandtabs(8), role)


def blank() -> Line:
    """An empty line."""
    return []


def wrap(spans: Iterable[Span], width: int, *, indent: int = 0, hang: int = 0) -> list[Line]:
    """Spans laid out in lines of at most `width` columns, broken at white space only.

    A word wider than the line stays whole, for an address, path or command cut in two cannot be copied.

    Args:
        spans: text without line breaks.
        width: columns; 0 for no limit.
        indent: blanks before the first line.
        hang: blanks before the others, counted from the indent.
    """
    lines: list[Line] = [[Span(" " * indent)]]
    used, fresh, gap = indent, True, list[Span]()
    for word, is_gap in _words(spans):
        if is_gap:
            gap = word
            continue
        room = sum(display_width(s.text) for s in gap)
        size = sum(display_width(s.text) for s in word)
        if width and not fresh and used + room + size > width:
            lines.append([Span(" " * (indent + hang))])
            used, gap, room = indent + hang, [], 0
        lines[-1] += [*gap, *word]
        used, fresh, gap = used + room + size, False, []
    return lines


def _words(spans: Iterable[Span]) -> Iterator[tuple[list[Span], bool]]:
    """Words and the white space between them; neighbouring spans without white space between are one word."""
    current: list[Span] = []
    current_is_gap = False
    for text, role in spans:
        for token in _TOKEN.findall(text):
            is_gap = token[0].isspace()
            if current and is_gap != current_is_gap:
                yield current, current_is_gap
                current = []
            current.append(Span(token, role))
            current_is_gap = is_gap
    if current:
        yield current, current_is_gap


def paint(lines: Iterable[Line], *, colour: bool) -> Iterator[str]:
    """Lines as text, without line endings; with terminal colours only where asked for."""
    if not colour:
        for line in lines:
            yield "".join(s.text for s in line).rstrip()
        return
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {role: Style.parse(definition) for role, definition in _STYLES.items()}
    for line in lines:
        painted = ""
        for role, group in groupby(line, key=lambda s: s.role):
            text = "".join(s.text for s in group)
            painted += (
                styles[role].render(text, color_system=ColorSystem.STANDARD) if role in styles else text
            )
        yield painted.rstrip()
