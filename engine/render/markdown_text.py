"""Text inside Markdown: escaped so that it reads as it stands, and can neither format nor carry HTML.

CommonMark 0.31 (sections 2.4, 4.5, 6.1) and the tables of GitHub Flavored Markdown are the ground.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from engine.render.visible import prose, visible

# An underscore inside a word formats nothing, a hash only after white space, a closing bracket only with an open one:
# they stay, for people read tickets unrendered too (RECVD_PKT_INV_SPI, seed#matrix).
_SPECIAL = re.compile(r"[\\`*\[~|]|(?<![^\W_])_|_(?![^\W_])|(?<!\S)#")
_TICKS = re.compile(r"`+")
# What would make a paragraph into a list or a heading: a bullet, a number with a dot, an underline.
_LEADING = re.compile(r"([-+=]|\d{1,9}(?=[.)]))")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def inline(text: str) -> str:
    """One line of running text."""
    return _SPECIAL.sub(r"\\\g<0>", prose(text)).translate(_ENTITIES)


def paragraph(text: str) -> str:
    """Running text at the beginning of a line, where a hyphen or a number would begin a list."""
    escaped = inline(text)
    match = _LEADING.match(escaped)
    if match is None:
        return escaped
    if match[1].isdigit():
        return f"{match[1]}\\{escaped[match.end() :]}"
    return f"\\{escaped}"


def code(text: str) -> str:
    """A code span, its delimiters longer than any run of backticks inside; "" for nothing but white space."""
    content = visible(" ".join(text.split()))
    if not content:
        return ""
    ticks = "`" * (_longest_ticks(content) + 1)
    blank = " " if content[0] == "`" or content[-1] == "`" else ""
    return f"{ticks}{blank}{content}{blank}{ticks}"


def fence(lines: Iterable[str], *, info: str = "text") -> list[str]:
    """A fenced block; the fence is longer than any run of backticks inside, so that nothing closes it early."""
    content = [visible(line) for line in lines]
    longest = max((_longest_ticks(line) for line in content), default=0)
    ticks = "`" * max(3, longest + 1)
    return [f"{ticks}{info}", *content, ticks]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; its cells are escaped here."""
    return [_row(head), _row(["---"] * len(head), escape=False), *(_row(row) for row in rows)]


def _row(cells: Sequence[str], *, escape: bool = True) -> str:
    return "| " + " | ".join(inline(cell) if escape else cell for cell in cells) + " |"


def _longest_ticks(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)
