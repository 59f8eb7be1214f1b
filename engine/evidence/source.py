"""Sources, sections and places: bytes with line numbers that survive.

A source is one named input (a file, standard input). A section is a range of its lines under one command. A
place is where a fact was read; its text is fetched from the source only when somebody wants to quote it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

import msgspec

from engine.evidence.helper import Helper
from engine.evidence.look import BLOCK, feeds_in
from engine.evidence.search import INV_SPI, Data, search

BIG = 32 << 20
"""Bytes from which a file is mapped instead of read, and a log is searched instead of read line by line."""

LONGEST_LINE = 1 << 16
"""Bytes of a line that are looked at. No device prints one that long; a damaged file can be a single line."""

# Line feeds are counted block by block, once; those of a source that is not big only as far as somebody asked.
# What is remembered: blocks cut into lines, and the beginnings of lines that were asked for by their offset, because
# a fact that was read there is mostly quoted later.
_BLOCKS_KEPT = 256
_LINES_KEPT = 100_000

# A pager prompt, and the backspaces and blanks with which the terminal wiped it out.
_PAGER = re.compile(r" ?-{1,2} ?More ?-{1,2} ?(?:\x08+ *\x08*|\r *\r)*")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Place(msgspec.Struct, frozen=True, order=True):
    """Where something was read: source path as given, first and last line (1-based, inclusive)."""

    source: str
    line: int
    last_line: int


class Source:
    """One named input: its path as the user gave it, its bytes, and its lines, each decoded when asked for.

    Attributes:
        path: as shown.
        data: UTF-8-compatible text, read or mapped.
        size: bytes of the input as it was read, before transcoding.
    """

    def __init__(
        self, path: str, data: Data, size: int | None = None, *, helper: Helper | None = None
    ) -> None:
        """Nothing is looked at yet.

        Args:
            path: see above.
            data: see above.
            size: see above; that of `data` where it is not given.
            helper: what already searches the file that `data` is mapped from.
        """
        self.path = path
        self.data = data
        self.size = len(data) if size is None else size
        self._helper = helper
        self._searched = len(data) < BIG  # only big sources have a pass of their own
        self._counted = array("Q", [0])  # line feeds before each block, as far as counted
        self._last_count = (0, 0)  # an offset, and the line feeds before it
        self._blocks: dict[
            int, array[int]
        ] = {}  # the offset at which each line behind a line feed of a block begins
        self._starts: dict[int, int] = {}  # the offset at which a line begins
        self._line_count = 0
        self._found: dict[bytes, array[int]] = {}

    @property
    def line_count(self) -> int:
        """Number of lines; an empty source has one empty line. Counts to the end."""
        if not self._line_count:
            size = len(self.data)
            feeds = self._feeds_before(size)
            self._line_count = max(1, feeds if self.data[size - 1 : size] == b"\n" else feeds + 1)
        return self._line_count

    def line_at(self, offset: int) -> int:
        """The 1-based number of the line that holds this byte offset."""
        offset = max(0, min(offset, len(self.data) - 1))
        number = 1 + self._feeds_before(offset)
        if number not in self._starts and len(self._starts) < _LINES_KEPT:
            feed = self.data.rfind(b"\n", max(0, offset - LONGEST_LINE), offset)
            if feed >= 0:
                self._starts[number] = feed + 1
        return number

    def start(self, number: int) -> int:
        """The byte offset at which a line (1-based) begins; the end of the source for a number behind the last."""
        known = self._starts.get(number)
        if known is not None:
            return known
        feed, size = number - 1, len(self.data)
        if feed < 1:
            return 0
        self._search()
        counted = self._counted
        while counted[-1] < feed and (len(counted) - 1) * BLOCK < size:
            self._count_to(len(counted))
        if counted[-1] < feed:
            return size
        block = bisect_left(counted, feed) - 1
        return self._behind_feeds(block)[feed - counted[block]]

    def line(self, number: int) -> str:
        """The text of one line (1-based), without its line ending, pager prompts and terminal escapes.

        At most LONGEST_LINE bytes of it.
        """
        return self.rest_of_line(self.start(number))

    def rest_of_line(self, offset: int) -> str:
        """The text from this offset to the end of its line, as `line` gives it."""
        ceiling = min(len(self.data), offset + LONGEST_LINE)
        end = self.data.find(b"\n", offset, ceiling)
        return clean(decode(self.data[offset : end if end >= 0 else ceiling]))

    def text(self, place: Place) -> str:
        """The lines of a place, joined with line feeds. Not redacted: evidence goes through `quote`."""
        return "\n".join(self.line(n) for n in range(place.line, min(place.last_line, self.line_count) + 1))

    def offsets_of(self, literal: bytes) -> Sequence[int]:
        """Where this literal stands, in order. Searched once, however often it is asked for."""
        self._search()
        found = self._found.get(literal)
        if found is None:
            found = self._found[literal] = array("Q")
            find, at = self.data.find, self.data.find(literal)
            while at >= 0:
                found.append(at)
                at = find(literal, at + len(literal))
        return found

    def _search(self) -> None:
        """The one pass over a big source, once: where the message stands, and all line feeds."""
        if not self._searched:
            self._found[INV_SPI], self._counted = search(self.data, self._helper)
            self._searched, self._helper = True, None

    def _feeds_before(self, offset: int) -> int:
        """Line feeds before an offset, counted on from the last one asked for where that is in the same block."""
        block = offset // BLOCK
        self._count_to(block)
        begin, feeds = self._last_count
        if not block * BLOCK <= begin <= offset:
            begin, feeds = block * BLOCK, self._counted[block]
        feeds += feeds_in(self.data[begin:offset])
        self._last_count = (offset, feeds)
        return feeds

    def _count_to(self, block: int) -> None:
        self._search()
        counted, data = self._counted, self.data
        for begin in range((len(counted) - 1) * BLOCK, block * BLOCK, BLOCK):
            counted.append(counted[-1] + feeds_in(data[begin : begin + BLOCK]))

    def _behind_feeds(self, block: int) -> array[int]:
        known = self._blocks.get(block)
        if known is None:
            if len(self._blocks) >= _BLOCKS_KEPT:
                self._blocks.clear()
            known = self._blocks[block] = starts_in(self.data, block * BLOCK, BLOCK)
        return known


def starts_in(data: Data, begin: int, size: int) -> array[int]:
    """The offset of a block of bytes, and those behind each of its line feeds.

    The last one is behind what follows the last line feed.
    """
    lengths = map(len, data[begin : begin + size].split(b"\n"))
    return array("Q", accumulate(lengths, lambda at, length: at + length + 1, initial=begin))


def decode(raw: bytes) -> str:
    """Bytes as text: UTF-8, or Windows-1252 where it is not; never fails."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def clean(text: str) -> str:
    """A line as the reader saw it: no line ending, pager prompt, escape sequence or rubbed-out character."""
    text = text.rstrip("\r\n")
    if "More" in text:
        text = _PAGER.sub("", text)
    if "\x1b" in text:
        text = _ESCAPE.sub("", text)
    return _rubbed_out(text).rstrip("\r\n") if "\x08" in text else text


def _rubbed_out(text: str) -> str:
    kept: list[str] = []
    for character in text:
        if character != "\x08":
            kept.append(character)
        elif kept:
            kept.pop()
    return "".join(kept)


class Section:
    """The lines of one command's output (or of a log, or of nothing known) within a source.

    Attributes:
        source: where it was read.
        command: the command in full words, lower case up to its arguments ("show crypto ipsec sa peer
            192.0.2.1"); "" for lines under no known command; "syslog" and "running-config file" for bare files.
        first_line, last_line: the body, 1-based, inclusive; the header or prompt line is not part of it.
            last_line is first_line - 1 where the body is empty.
        device: host name from the prompt, where there was one.
        closed: something that comes after the output was seen (the next header, prompt or section), so that
            the section cannot have been cut off at its end by the end of the file.
        filtered: a pipe (`| include ...`) or a selection leaves lines out, so absence proves nothing.
    """

    __slots__ = ("closed", "command", "device", "filtered", "first_line", "last_line", "source", "status")

    def __init__(
        self,
        source: Source,
        command: str,
        first_line: int,
        last_line: int,
        *,
        device: str | None = None,
        closed: bool = False,
        filtered: bool = False,
    ) -> None:
        self.source = source
        self.command = command
        self.first_line = first_line
        self.last_line = last_line
        self.device = device
        self.closed = closed
        self.filtered = filtered
        self.status = "kept"

    @property
    def extent(self) -> tuple[int, int]:
        """Byte offsets of the body: of its first byte, and behind its last."""
        if self.last_line < self.first_line:
            return 0, 0
        return self.source.start(self.first_line), self.source.start(self.last_line + 1)

    def lines(self) -> list[tuple[int, str]]:
        """(1-based line number in the source, text) of every line of the body."""
        source, first, last = self.source, self.first_line, min(self.last_line, self.source.line_count)
        begin, end = self.extent
        if end - begin > LONGEST_LINE * (last - first + 1):
            return [(number, source.line(number)) for number in range(first, last + 1)]
        raw = source.data[begin:end]
        try:
            texts = raw.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            texts = [decode(line) for line in raw.split(b"\n")]
        return [(first + i, clean(t)) for i, t in enumerate(texts[: last - first + 1])]

    def place(self, line: int, last_line: int | None = None) -> Place:
        """The place of one line of this section, or of a range of lines."""
        return Place(self.source.path, line, last_line if last_line is not None else line)

    @property
    def whole_place(self) -> Place:
        """The place of the section from its first to its last line."""
        return Place(self.source.path, self.first_line, max(self.first_line, self.last_line))

    def __repr__(self) -> str:
        return f"Section({self.source.path}:{self.first_line}-{self.last_line} {self.command!r})"
