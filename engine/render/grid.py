"""Tables in columns for the terminal; cells wrap where a table is too wide, and rows become paragraphs where it is hopeless."""

from __future__ import annotations

from collections.abc import Sequence

from engine.render.line import Line, Span, span, wrap
from engine.render.width import display_width, pad

_GAP = 2
# A row that would need more lines than this reads better as a paragraph.
_TALLEST = 6
EMPTY = "-"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, indent: int = 2) -> list[Line]:
    """The table in lines of at most `width` columns; 0 for no limit."""
    cells = [[span(cell).text.strip() for cell in row] for row in rows]
    columns = list(zip(head, *cells, strict=True))
    widths = [max(map(display_width, column)) for column in columns]
    room = width - indent - _GAP * (len(widths) - 1)
    if width and sum(widths) > room:
        least = [
            max(display_width(word) for cell in column for word in cell.split() or [""]) for column in columns
        ]
        if sum(least) > room:
            return _records(head, cells, width, indent)
        widths = _narrowed(widths, least, room)
    drawn = [_row(row, widths, indent, "") for row in cells]
    if max(map(len, drawn), default=0) > _TALLEST:
        return _records(head, cells, width, indent)
    return [line for row in [_row(head, widths, indent, "dim"), *drawn] for line in row]


def _narrowed(widths: list[int], least: list[int], room: int) -> list[int]:
    """Widths that fit the room: the widest columns give way first, none below its longest word."""
    low, high = 0, max(widths)
    while low < high:  # the greatest common limit under which the table fits
        limit = (low + high + 1) // 2
        fits = sum(max(least[i], min(widths[i], limit)) for i in range(len(widths))) <= room
        low, high = (limit, high) if fits else (low, limit - 1)
    return [max(least[i], min(widths[i], low)) for i in range(len(widths))]


def _row(row: Sequence[str], widths: Sequence[int], indent: int, role: str) -> list[Line]:
    wrapped = [_texts(cell, columns) for cell, columns in zip(row, widths, strict=True)]
    lines: list[Line] = []
    for number in range(max(map(len, wrapped))):
        parts = [texts[number] if number < len(texts) else "" for texts in wrapped]
        text = (" " * _GAP).join(pad(part, columns) for part, columns in zip(parts, widths, strict=True))
        lines.append([Span(" " * indent), Span(text.rstrip(), role)])
    return lines


def _texts(cell: str, columns: int) -> list[str]:
    return ["".join(s.text for s in line) for line in wrap([Span(cell)], columns)]


def _records(head: Sequence[str], rows: Sequence[Sequence[str]], width: int, indent: int) -> list[Line]:
    """Each row as a paragraph under its first cell, its other cells named by the head; empty ones left out."""
    lines: list[Line] = []
    for row in rows:
        named = "; ".join(
            f"{name}: {cell}" for name, cell in zip(head[1:], row[1:], strict=True) if cell != EMPTY
        )
        lines += wrap([Span(row[0], "strong")], width, indent=indent)
        lines += wrap([Span(named)], width, indent=indent + 4)
    return lines
