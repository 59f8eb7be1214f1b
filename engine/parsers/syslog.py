"""The head of a Cisco log line, and bounded reading around a byte offset.

A line has passed through up to three hands, and each may have written its own head in front of the message:

    <188>Sep  2 13:36:48 r1.example.net 1207: R1: *Sep  2 13:36:47.287 UTC: %CRYPTO-4-...
    PRI  relay's stamp   relay's name   seq   origin-id  mark, device's own stamp

Grammar after Cisco's "System Message Logging" guide (`service timestamps`, `service sequence-numbers`,
`logging origin-id`), RFC 3164 and RFC 5424 for what relays add, and lines seen in public captures. Heads are
read loosely: what is not recognised is passed over, and a stamp or a host is given only where one was printed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

import msgspec

from engine.evidence.search import Data
from engine.evidence.source import clean, decode
from engine.parsers.addresses import canonical
from engine.stamp import MONTH, Stamp, month_number

__all__ = [
    "HEADER",
    "WINDOW",
    "Head",
    "head",
    "lines_above",
    "opens_head",
    "rest_and_below",
    "skipper",
    "text_before",
    "windows",
]

HEADER = re.compile(r"%>?[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)*[0-7]-[A-Z0-9_]+")
"""Facility, severity and mnemonic of a message; mail programs that quote leave `%>`."""

WINDOW = 2048
"""Bytes read on either side of a hit: the longest record is a tenth of it, whatever the length of the line."""

# What is read around the hits of a log too big to be read, in all and at each of them.
_READ_AROUND = 16 << 20
_LEAST_AROUND, _MOST_AROUND = 4 << 10, 256 << 10

_HEAD_LENGTH = 400

# Zone names that are known without the colon behind them. Others count only directly before a colon or glued to
# the time, because a relay writes a host name in the same place.
_ZONES = (
    "UTC|GMT|[ECMP][SD]T|AK[SD]T|HST|[AN][SD]T|BRS?T|ART|CLT|WES?T|BST|CES?T|EES?T|MSK|SAST|IST|PKT|ICT|SGT|HKT|"
    "PHT|JST|KST|A[ECW][SD]T|NZ[SD]T"
)
_ZONE = (
    r"(?:(?P<glued>[A-Z]{1,5})(?=[\s:]|$)"
    r"|\s?(?P<offset>[+-]\d\d:?\d\d)(?=[\s:]|$)"
    rf"|\s(?P<known>(?:{_ZONES})(?:[+-]\d\d?)?)(?=[\s:]|$)"
    r"|\s(?P<named>[A-Z]{3,5})(?=:))?"
)
_STAMP = re.compile(
    r"(?<![A-Za-z0-9_])(?P<mark>[*.]?)(?:(?P<year_first>(?:19|20)\d\d)\s+)?"
    rf"(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:,?\s+(?P<year>(?:19|20)\d\d))?,?\s+"
    r"(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?" + _ZONE + r"|"
    r"(?<![\w-])(?P<iso_year>\d{4})[-/](?P<iso_month>\d\d)[-/](?P<iso_day>\d\d)(?:T|\s+)"
    r"(?P<iso_hour>\d\d):(?P<iso_minute>\d\d):(?P<iso_second>\d\d)(?:[.,](?P<iso_fraction>\d{1,9}))?"
    r"(?:\s?(?P<iso_zone>Z|UTC|[+-]\d\d:?\d\d)(?![\w:]))?"
)
_UPTIME = re.compile(
    r"(?:(?<=[\s>])|^)(?P<mark>[*.]?)(?P<uptime>\d{1,4}:\d\d:\d\d|(?:\d{1,4}[ywdh]){1,2})(?=:)"
)

# A date before it says that it is the time of a stamp that could not be.
_MONTH_WORD = re.compile(rf"\b{MONTH}\b")

_PRIORITY = re.compile(r"<\d{1,3}>(?:1\s)?")
_WORD = re.compile(r"\[[^\]]*\]|\S+")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_MASKED = re.compile(r"(?i:(?:x{1,3}\.){3}x{1,3}|(?:[a-z]\.){3}[a-z])")
_FACILITY = re.compile(r"(?i:local[0-7]|user|kern|daemon|syslog)\.[A-Za-z]+")
# Members of a chassis or stack, and words of a ticket, that stand where an origin-id would.
_NOT_A_HOST = re.compile(
    r"(?i:[SR]P|STBY|SW\d+(?:_\w+)?|SLOT\d+|DFC\d+|logs?|syslog|logging|console|buffer|messages?|errors?|output|"
    r"examples?|router|device)"
)
_QUOTED = re.compile(r"(?:[>|\s\"'\ufeff])+")


class Head(msgspec.Struct, frozen=True):
    """What stands before a message.

    Attributes:
        stamp: the device's own time stamp; the relay's where the device printed none; None where there is none.
        host: the device that logged, as named by its origin-id, else by the relay; None where nothing names it.
    """

    stamp: Stamp | None
    host: str | None


def head(text: str) -> Head:
    """Read the text between the beginning of a line and the percent sign of its message.

    The stamp nearest to the message is the device's own. Host names stand at four places: before the stamp with
    a colon (`R1: *Sep  2 ...`), after the relay's stamp (`Sep  2 13:36:48 r1 1207: ...`, RFC 5424 likewise),
    and after the stamp with or without a colon. A console prompt (`R1#`) is never a host.
    """
    text = text[-_HEAD_LENGTH:]
    stamps = [(m, s) for m in _STAMP.finditer(text) if (s := _calendar(m)) is not None]
    begin, end, stamp = (
        (stamps[-1][0].start(), stamps[-1][0].end(), stamps[-1][1]) if stamps else (0, 0, None)
    )
    relay_end = _relay_end(text, stamps[-2][0]) if len(stamps) > 1 else None
    uptimes = list(_UPTIME.finditer(text, end))
    if uptimes and not _MONTH_WORD.search(text, end, uptimes[-1].start()):
        relay_end = _relay_end(text, stamps[-1][0]) if stamps else None
        begin, end = uptimes[-1].span()
        stamp = Stamp(0, 0, 0, 0, 0, mark=uptimes[-1]["mark"], uptime=uptimes[-1]["uptime"])
    if stamp is None:
        return Head(None, _before(text, relayed=False))
    host = _after(text[end:])
    if host is None:
        host = _before(text[relay_end or 0 : begin], relayed=relay_end is not None)
    return Head(stamp, host)


def opens_head(text: str) -> bool:
    """Whether this text is the beginning of a head and nothing else: priority, number, stamps, names.

    Tells a head that was wrapped onto a line of its own from any other line above a message.
    """
    text = _QUOTED.sub("", text[:1]) + text[1:_HEAD_LENGTH]
    text = text.strip()
    bare = _PRIORITY.sub(" ", text)
    words = _WORD.findall(_UPTIME.sub(" ", _STAMP.sub(" ", bare)))
    names = [w for w in words if _name(w.rstrip(":")) is not None]
    if len(names) > 2 or not all(w in names or _is_filler(w) for w in words):
        return False
    return text.startswith("<") or bool(re.match(r"(?:\d+:\s*)?", bare) and _opens_with_stamp(bare.lstrip()))


def _opens_with_stamp(text: str) -> bool:
    number = re.match(r"\d+:\s*", text)
    rest = text[number.end() :] if number else text
    return _STAMP.match(rest) is not None or _UPTIME.match(rest) is not None


def _relay_end(text: str, stamp: re.Match[str]) -> int | None:
    # A device ends its stamp with a colon; a relay does not. A device's stamp there means that two lines are glued.
    return None if text.startswith(":", stamp.end()) else stamp.end()


def _calendar(m: re.Match[str]) -> Stamp | None:
    if m["month"]:
        month, day, year = month_number(m["month"]), int(m["day"]), m["year"] or m["year_first"]
        hour, minute, second, fraction = m["hour"], m["minute"], m["second"], m["fraction"]
        zone = m["glued"] or m["offset"] or m["known"] or m["named"]
    else:
        month, day, year = int(m["iso_month"]), int(m["iso_day"]), m["iso_year"]
        hour, minute, second, fraction = m["iso_hour"], m["iso_minute"], m["iso_second"], m["iso_fraction"]
        zone = m["iso_zone"]
    # 60 is a leap second.
    if not (
        1 <= month <= 12 and 1 <= day <= 31 and int(hour) <= 23 and int(minute) <= 59 and int(second) <= 60
    ):
        return None
    return Stamp(
        month, day, int(hour), int(minute), int(second), fraction or "", int(year) if year else None, zone, m["mark"] or ""
    )  # fmt: skip


def _is_filler(word: str) -> bool:
    """Whether a word of a head says nothing about the host: numbers, dashes, colons, structured data."""
    bare = word.rstrip(":")
    return (
        not bare or bare == "-" or bare.isdigit() or word.startswith("[") or bool(_FACILITY.fullmatch(bare))
    )


def _name(word: str) -> str | None:
    if _NOT_A_HOST.fullmatch(word) or _MASKED.fullmatch(word) or _FACILITY.fullmatch(word):
        return None
    return word if _NAME.fullmatch(word) or (canonical(word) is not None and "/" not in word) else None


def _names(words: list[str]) -> tuple[list[str], list[str]] | None:
    """Host names among the words (those with a colon behind them, the others); None where a word is neither."""
    with_colon: list[str] = []
    plain: list[str] = []
    for word in words:
        name = _name(word.removesuffix(":"))
        if name is not None:
            (with_colon if word.endswith(":") else plain).append(name)
        elif not _is_filler(word) and not _NOT_A_HOST.fullmatch(word.rstrip(":")):
            return None
    return with_colon, plain


def _after(text: str) -> str | None:
    words = _WORD.findall(text)
    names = _names(words)
    if names is None:
        return None
    origin, plain = names
    if origin:
        return origin[-1]
    return plain[0] if plain and words[0] != "-" else None


def _before(text: str, *, relayed: bool) -> str | None:
    words = _WORD.findall(_PRIORITY.sub(" ", _QUOTED.sub("", text[:1]) + text[1:]))
    while words and _FACILITY.fullmatch(words[0]):
        del words[0]
    names = _names(words)
    if relayed:
        if names and names[0]:
            return names[0][-1]
        return _name(words[0]) if words else None
    if names is None:
        return None
    origin, plain = names
    if len(origin) == 1 and not plain:
        # `r1.log:*Sep  2 ...` is a file name that grep put there.
        return origin[0] if text[-1:].isspace() else None
    # A collector that puts the sender's address in front of what it received.
    return plain[0] if len(plain) == 1 and words[0] == plain[0] and canonical(plain[0]) else None


def text_before(data: Data, offset: int) -> str:
    """The line up to this offset, at most WINDOW bytes of it."""
    floor = max(0, offset - WINDOW)
    begin = data.rfind(b"\n", floor, offset) + 1
    if begin == 0 and floor > 0:
        begin = floor
        while begin < offset and data[begin] & 0xC0 == 0x80:  # not in the middle of a UTF-8 character
            begin += 1
    return clean(decode(data[begin:offset]))


def lines_above(data: Data, offset: int) -> Iterator[str]:
    """The lines above the one that holds this offset, nearest first, from at most WINDOW bytes."""
    floor = max(0, offset - WINDOW)
    end = data.rfind(b"\n", floor, offset)
    while end > floor:
        begin = data.rfind(b"\n", floor, end) + 1
        if begin == 0 and floor > 0:
            return
        yield clean(decode(data[begin:end]))
        end = begin - 1


def rest_and_below(data: Data, offset: int) -> Iterator[str]:
    """The rest of the line from this offset on, then the lines below it, from at most WINDOW bytes."""
    ceiling = min(len(data), offset + WINDOW)
    while offset < ceiling:
        end = data.find(b"\n", offset, ceiling)
        if end < 0:
            end = ceiling
            while offset < end < len(data) and data[end] & 0xC0 == 0x80:
                end -= 1
        yield clean(decode(data[offset:end]))
        offset = end + 1


def windows(hits: Sequence[int], begin: int, end: int) -> list[tuple[int, int]]:
    """Byte ranges around these offsets, within `begin` and `end`, ordered and apart: the more hits, the narrower."""
    reach = min(_MOST_AROUND, max(_LEAST_AROUND, _READ_AROUND // (2 * max(1, len(hits)))))
    found: list[tuple[int, int]] = []
    for at in hits[bisect_left(hits, begin) : bisect_left(hits, end)]:
        low, high = max(begin, at - reach), min(end, at + reach)
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def skipper(ranges: Sequence[tuple[int, int]]) -> Callable[[int], bool]:
    """A test whether a line lies in one of these ranges (1-based, inclusive, not overlapping)."""
    ordered = sorted(ranges)
    firsts = [first for first, _ in ordered]

    def skipped(line: int) -> bool:
        index = bisect_right(firsts, line) - 1
        return index >= 0 and line <= ordered[index][1]

    return skipped
