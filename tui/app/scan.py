"""Searching the lines of a source: what is looked for, and a scan that finds it piece by piece in a thread."""

from __future__ import annotations

import re
import warnings
from array import array
from bisect import bisect_left, bisect_right

from engine.evidence.redact import redact
from engine.evidence.source import LONGEST_LINE, clean, decode
from tui.app.lines import Lines, harmless

# Bytes searched at a time: so few that the screen never waits long for its turn.
_PIECE = 1 << 15
# Matches of a piece that are looked at one by one before the whole piece is.
_FEW = 16
# What a regular expression looks at of a line: some take time that grows with its square.
_LONGEST_MATCHED = 4_000


class PatternError(ValueError):
    """A regular expression that cannot be used; the message is a key of the texts."""


class Pattern:
    """What is looked for: plain text, or a regular expression; in any case where it is written in lower case.

    Raises:
        PatternError: it is no regular expression, or one that could run forever.
    """

    def __init__(self, text: str, *, regex: bool = False) -> None:
        self.text = text
        self.regex = regex
        self.any_case = text == text.lower()
        if regex and may_run_away(text):
            raise PatternError("evidence.regex_endless")
        flags = re.IGNORECASE if self.any_case else re.NOFLAG
        try:
            with warnings.catch_warnings():  # `[[` has a meaning in other languages; `re` warns of it
                warnings.simplefilter("ignore", FutureWarning)
                self.look = re.compile(text if regex else re.escape(text), flags)
        except (re.error, OverflowError, RecursionError):
            raise PatternError("evidence.regex_wrong") from None

    @property
    def literal(self) -> bytes | None:
        """The bytes to look for, in lower case where any case will do; None for a regular expression."""
        return None if self.regex else self.text.encode("utf-8", errors="replace")

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it stands in a shown line."""
        text = text[:_LONGEST_MATCHED] if self.regex else text
        return [found.span() for found in self.look.finditer(text) if found.end() > found.start()]

    def holds(self, text: str) -> bool:
        """Whether it stands in a line."""
        return self.look.search(text[:_LONGEST_MATCHED] if self.regex else text) is not None


class Scan:
    """The lines that a pattern stands in, found from the first to the last.

    One thread works (`step`); any thread may read. A line counts where the pattern stands in what is shown of it, so
    that nobody can find a secret by looking for it.

    Attributes:
        numbers: of the lines found so far, in order.
        done: the whole source was searched.
    """

    def __init__(self, lines: Lines, pattern: Pattern) -> None:
        self.pattern = pattern
        self.numbers = array("Q")
        self._data = lines.data
        self._at = 0
        self._number = 1  # of the line that begins at _at
        self.done = not len(self._data)

    @property
    def progress(self) -> float:
        """How much was searched, 0 to 1."""
        return 1.0 if self.done else self._at / len(self._data)

    def step(self) -> bool:
        """Search one more piece; False where nothing is left."""
        if self.done:
            return False
        data, begin = self._data, self._at
        end = begin + _PIECE
        feed = data.rfind(b"\n", begin, end)
        if feed < 0:  # one line longer than a piece
            feed = data.find(b"\n", end)
        end = feed + 1 if feed >= 0 and end < len(data) else len(data)
        piece = data[begin : min(end, begin + _PIECE + LONGEST_LINE)]
        literal = self.pattern.literal
        # A tab is shown as blanks: only what stands between the blanks of the text stands in the piece as it is.
        tabbed = literal is not None and b" " in literal and b"\t" in piece
        if literal is not None and tabbed:
            literal = max(literal.split(b" "), key=len)
        if literal:
            self._literal(piece, literal, exact=not tabbed)
        else:
            self._lines(piece)
        self._number += piece.count(b"\n") if len(piece) == end - begin else 1
        self._at = end
        self.done = end >= len(data)
        return not self.done

    def _literal(self, piece: bytes, literal: bytes, *, exact: bool) -> None:
        """Find the lines with a literal; where it is not exactly what is looked for, each line is looked at."""
        searched = piece.lower() if self.pattern.any_case else piece
        number, counted, at, found = self._number, 0, searched.find(literal), 0
        is_plain = False
        while at >= 0:
            start = piece.rfind(b"\n", 0, at) + 1
            number += piece.count(b"\n", counted, start)
            counted, found = start, found + 1
            end = piece.find(b"\n", at)
            if found == _FEW and exact:
                is_plain = _is_plain(piece)
            if is_plain or self._is_shown(piece[start : end if end >= 0 else len(piece)]):
                self.numbers.append(number)
            at = searched.find(literal, end) if end >= 0 else -1

    def _lines(self, piece: bytes) -> None:
        holds = self.pattern.holds
        tabbed = b"\t" in piece  # shown as blanks, which a pattern may hold
        for number, raw in enumerate(piece.removesuffix(b"\n").split(b"\n"), self._number):
            if (tabbed or holds(decode(raw[:LONGEST_LINE]))) and self._is_shown(raw):
                self.numbers.append(number)

    def _is_shown(self, raw: bytes) -> bool:
        return self.pattern.holds(harmless(redact(clean(decode(raw[:LONGEST_LINE])))))

    def after(self, number: int) -> int | None:
        """The index of the first match behind a line; None where there is none (yet)."""
        index = bisect_right(self.numbers, number)
        return index if index < len(self.numbers) else None

    def before(self, number: int) -> int | None:
        """The index of the last match before a line; None where there is none."""
        index = bisect_left(self.numbers, number) - 1
        return index if index >= 0 else None

    def next(self, number: int, direction: int, sieve: Scan | None) -> int | None:
        """The line of the next match behind (1) or before (-1) a line that the filter lets through, if there is one."""
        index = self.after(number) if direction > 0 else self.before(number)
        while index is not None and 0 <= index < len(self.numbers):
            found = self.numbers[index]
            if sieve is None or sieve.index_of(found) is not None:
                return found
            index += direction
        return None

    def index_of(self, number: int) -> int | None:
        """The index of the match in this very line; None where it has none."""
        index = bisect_left(self.numbers, number)
        return index if index < len(self.numbers) and self.numbers[index] == number else None


def _is_plain(piece: bytes) -> bool:
    """Whether all of a piece is shown as it stands: nothing in it is redacted or cleaned away."""
    if any(mark in piece for mark in (b"\x1b", b"\x08", b"More")):
        return False
    text = decode(piece)
    return redact(text) is text


_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|[()|*+?]|.", re.DOTALL)
_REPEATS = frozenset("*+")


def may_run_away(text: str) -> bool:
    """Whether a regular expression repeats a group that itself repeats or chooses, such as `(a+)+`.

    Python's `re` may try such ones in exponentially many ways and cannot be interrupted; none is needed in a log.
    """
    groups: list[bool] = []  # of each open group: whether it repeats or chooses
    closed = False  # whether the token before is the end of a group that does
    for token in _TOKEN.findall(text):
        repeats = token in _REPEATS or (token[0] == "{" and len(token) > 1)
        if repeats and closed:
            return True
        closed = False
        if token == "(":  # noqa: S105  no password
            groups.append(False)
        elif token == ")" and groups:  # noqa: S105  no password
            closed = groups.pop()
            if groups:
                groups[-1] = groups[-1] or closed
        elif groups and (repeats or token == "|"):  # noqa: S105  no password
            groups[-1] = True
    return False
