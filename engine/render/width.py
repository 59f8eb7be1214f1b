"""How many columns a text takes on a terminal: Korean letters take two, combining marks none."""

from __future__ import annotations

from unicodedata import category, east_asian_width

# Medial vowels and final consonants of decomposed Hangul join the initial consonant before them.
_JOINING_JAMO = range(0x1160, 0x1200)
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})


def display_width(text: str) -> int:
    """Columns that a text takes; ambiguous characters count as one, as terminals outside legacy code pages do.

    The text is expected without control characters (`engine.render.visible`).
    """
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if char.isascii():
        return 1
    if ord(char) in _JOINING_JAMO or category(char) in _NO_WIDTH:
        return 0
    return 2 if east_asian_width(char) in {"W", "F"} else 1


def pad(text: str, columns: int) -> str:
    """The text with blanks behind it up to a number of columns."""
    return text + " " * (columns - display_width(text))
