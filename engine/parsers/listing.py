"""What the three SA lists share: how far the command was limited, and whether the text was cut off.

A missing entry proves something only in a list that was seen whole, so every doubt here counts against that.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.evidence.source import LONGEST_LINE, Section
from engine.parsers.addresses import canonical

__all__ = ["IkeList", "Scope", "cut_by_pager", "is_preamble", "scope", "torn_line"]

_PAGER = re.compile(rb"-{1,2} ?More ?-{1,2}")
_PAGER_AT_END = re.compile(rb"-{1,2} ?More ?-{1,2}[\x08 \r\n]*\Z")
# More blank lines than any reader leaves behind a pager.
_BLANK_LINES = 100
# `%CRYPTO-4-RECVD_PKT_INV_SPI: ...`, logged to the console between the lines of an output.
_SYSLOG = re.compile(r"%[A-Z][A-Z0-9_]*-(?:\w+-)?[0-7]-\w+")


class Scope(NamedTuple):
    """How far a command limits its list.

    Attributes:
        toward: the peer that it asks for, in canonical text, None where it asks for none.
        narrowed: it is limited in another way, or it is not known how far.
    """

    toward: str | None
    narrowed: bool


def scope(command: str, base: str, peer_word: str) -> Scope:
    """How far `command` limits the list of `base` ("show crypto ipsec sa").

    `detail` and `detailed` show more of the same list. `peer_word` ("peer", "remote") with an address limits it
    to that peer. Whatever else follows (`vrf`, `interface`, `count`, a pipe) narrows it, and so does a command
    that is not `base` at all, the unknown command of a pasted text included.
    """
    words, expected = command.split(), base.split()
    if [w.lower() for w in words[: len(expected)]] != expected:
        return Scope(None, narrowed=True)
    toward: str | None = None
    narrowed = False
    rest = iter(words[len(expected) :])
    for word in rest:
        if word.lower() == peer_word and toward is None:
            toward = canonical(next(rest, ""))
            narrowed = narrowed or toward is None
        elif word.lower() not in {"detail", "detailed"}:
            narrowed = True
    return Scope(toward, narrowed)


def torn_line(section: Section) -> int | None:
    """The section's last line, where the file ends in the middle of it; None where it ends with a line feed."""
    source = section.source
    if section.closed or section.last_line < max(section.first_line, source.line_count):
        return None
    return None if source.data[-1:] == b"\n" else section.last_line


def cut_by_pager(section: Section) -> bool:
    """Whether a reader left the pager before the end of the output.

    IOS asks `--More--` only where more is to come. So an output was cut where the prompt follows on the pager's
    own line, and where the text ends with the pager.
    """
    source, after = section.source, section.last_line + 1
    if after <= source.line_count and _PAGER.search(_raw(section, after)):
        return not source.line(after).startswith("----")  # a banner of show tech comes with the next page
    for number in range(section.last_line, max(section.first_line, section.last_line - _BLANK_LINES) - 1, -1):
        if _PAGER_AT_END.search(_raw(section, number)):
            return True
        if source.line(number).strip():
            return False
    return False


def _raw(section: Section, number: int) -> bytes:
    source = section.source
    begin = source.start(number)
    return source.data[begin : min(source.start(number + 1), begin + LONGEST_LINE)]


def is_preamble(text: str) -> bool:
    """Whether a line before or inside an output is none of it.

    With `terminal exec prompt timestamp` IOS prints the load and the clock first, and log messages go to the
    console at any time.
    """
    return text.startswith(("Load for ", "Time source is ")) or bool(_SYSLOG.search(text))


class IkeList:
    """How far a list of IKE SAs was seen: both IKE versions head it `IPv4 Crypto ... SA` and `IPv6 Crypto ... SA`.

    Attributes:
        torn: something is known to be lost, inside or at the end.
    """

    def __init__(self, section: Section, name: str) -> None:
        """`name` is how the headings call the list: "ISAKMP" or "IKEv2"."""
        self.torn = False
        self.torn_line = torn_line(section)
        self._closed = section.closed
        self._heading = re.compile(rf"IPv([46]) Crypto {name} +SA")
        self._none = re.compile(rf"(?:there are )?no (?:{name} )?sas?\b", re.IGNORECASE)
        self._head: bool | None = None
        self._ipv4 = self._ipv6 = False
        self._none_seen = self._text_seen = self._ends_with_heading = False

    def is_heading(self, text: str) -> bool:
        """Take a line; whether it is a heading, or the message that there is nothing to list."""
        self._text_seen = True
        heading = self._heading.fullmatch(text)
        self._ends_with_heading = heading is not None
        if heading:
            self._ipv4 = self._ipv4 or heading[1] == "4"
            self._ipv6 = self._ipv6 or heading[1] == "6"
            self.begin(at_the_head=heading[1] == "4")
            return True
        if self._none.match(text):
            self._none_seen = True
            return True
        return False

    def begin(self, *, at_the_head: bool) -> None:
        """Take note of what the list begins with; only the first call counts."""
        if self._head is None:
            self._head = at_the_head

    def whole(self, *, rows: bool) -> bool:
        """Whether the list was read from its first heading to its end, with nothing lost between."""
        if not self._text_seen:
            return self._closed  # a command that had nothing to list
        if self._none_seen:
            return not rows and not self.torn
        if not self._head or self.torn:
            return False
        if self._closed:
            return True
        if self.torn_line is not None:
            return self._ipv6 and self._ends_with_heading
        # Where the IPv4 heading is printed the IPv6 one follows. People cut it off, which harms no row; but that
        # there is no row at all is too strong a claim for a text that may just end too early.
        return self._ipv6 or rows or not self._ipv4
