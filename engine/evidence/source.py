"""Sources, sections and places: bytes with line numbers that survive.

A source is one named input (a file, standard input). A section is a range of its lines under one command. A
place is where a fact was read; its text is fetched from the source only when somebody wants to quote it.
"""

from __future__ import annotations

import re
from bisect import bisect_right

import msgspec

# A pager prompt, and the backspaces and blanks with which the terminal wiped it out.
_PAGER = re.compile(r" ?-{1,2} ?More ?-{1,2} ?(?:\x08+ *\x08*|\r *\r)*")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_RUBOUT = re.compile(r"[^\x08]\x08")


class Place(msgspec.Struct, frozen=True, order=True):
    """Where something was read: source path as given, first and last line (1-based, inclusive)."""

    source: str
    line: int
    last_line: int


class Source:
    """One named input: its path as the user gave it, its bytes, and its lines, each decoded when asked for."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Byte offset at which each line begins."""
        if self._starts is None:
            data = self.data
            starts = [0]
            find = data.find
            at = find(b"\n")
            while at >= 0:
                starts.append(at + 1)
                at = find(b"\n", at + 1)
            if len(starts) > 1 and starts[-1] >= len(data):
                starts.pop()
            self._starts = starts
        return self._starts

    @property
    def line_count(self) -> int:
        """Number of lines; an empty source has one empty line."""
        return len(self.starts)

    def line_at(self, offset: int) -> int:
        """The 1-based number of the line that holds this byte offset."""
        return bisect_right(self.starts, offset)

    def line(self, number: int) -> str:
        """The text of one line (1-based), without its line ending, pager prompts and terminal escapes."""
        starts = self.starts
        begin = starts[number - 1]
        end = starts[number] if number < len(starts) else len(self.data)
        return clean(decode(self.data[begin:end]))

    def text(self, place: Place) -> str:
        """The lines of a place, joined with line feeds. Not redacted: evidence goes through `quote`."""
        return "\n".join(self.line(n) for n in range(place.line, min(place.last_line, self.line_count) + 1))


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
    while "\x08" in text:
        shorter = _RUBOUT.sub("", text)
        text = shorter if shorter != text else text.replace("\x08", "")
    return text


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

    def lines(self) -> list[tuple[int, str]]:
        """(1-based line number in the source, text) of every line of the body."""
        source = self.source
        starts = source.starts
        if self.last_line < self.first_line:
            return []
        begin = starts[self.first_line - 1]
        end = starts[self.last_line] if self.last_line < len(starts) else len(source.data)
        texts = decode(source.data[begin:end]).split("\n")
        number = self.first_line
        return [(number + i, clean(t)) for i, t in enumerate(texts[: self.last_line - self.first_line + 1])]

    def place(self, line: int, last_line: int | None = None) -> Place:
        """The place of one line of this section, or of a range of lines."""
        return Place(self.source.path, line, last_line if last_line is not None else line)

    @property
    def whole_place(self) -> Place:
        """The place of the section from its first to its last line."""
        return Place(self.source.path, self.first_line, max(self.first_line, self.last_line))

    def __repr__(self) -> str:
        return f"Section({self.source.path}:{self.first_line}-{self.last_line} {self.command!r})"
