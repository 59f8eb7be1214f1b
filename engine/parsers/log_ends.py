"""How far a log reaches: the first and the last stamped line of each host.

    <189>Sep  2 13:36:47 r1.example.net 1207: R1: *Sep  2 13:36:47.287: %SYS-5-CONFIG_I: ...

One pattern over the bytes tells the lines and what names their host; only the first and the last head of each are
decoded. Of a big log only its two ends are read; of a host that logged the invalid SPI message and does not stand
there, the name is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

import msgspec

from engine.evidence.search import INV_SPI, Data
from engine.evidence.source import BIG, Source, decode
from engine.parsers.syslog import Head, head
from engine.stamp import Stamp

__all__ = ["Ends", "ends", "ends_of_hosts"]

_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = (
    rb"(?:" + _MONTH + rb" {1,2}\d\d?(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d{1,9})?"
    rb"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)"
)
_HOST = rb"([\w.:-]{0,252}[\w.-])"
_NUMBERS = rb"(?: (?:-|\d{1,10}:?)){0,8}"
# What the device itself writes: number, origin-id, stamp, a name before the message.
_OWN = (
    rb"(?:\d{1,10}: ){0,2}(?:([\w.-]{1,253}): )?"
    rb"(?:[*.]?" + _DATE + rb"(?: ?[A-Z]{1,5}(?=:))?|(?:\d{1,4}:\d\d:\d\d|(?:\d{1,4}[ywdh]){1,2})(?=:))"
    rb"(?:[: ]{1,4}(?!\d+:?[ \t])" + _HOST + rb":?[ \t:]{0,4}(?=%))?[: ]{0,4}"
)
# The beginning of a stamped or marked line: relay and device, relay only, device only, no stamp at all. What the
# groups hold is only a key: `head` decides, once per key, which host it means.
_LINE_FORM = (
    rb"(?:<\d{1,3}>)?(?:1 )?(?:"
    + (_DATE + rb"[ \t]" + _HOST + _NUMBERS + rb"[ \t]+" + _OWN + rb"|")
    + (_DATE + rb"[ \t]" + _HOST + rb"(?=[ \t])(?:" + _NUMBERS + rb"[ \t]+(?=%))?|")
    + (_OWN + rb"|")
    + rb"(?:\d{1,10}: )?(?=%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)*[0-7]-[A-Z])())"
)
# Behind a line feed, which is searched much faster than the beginning of a line.
_LINE, _NEXT_LINE = re.compile(_LINE_FORM), re.compile(rb"\n" + _LINE_FORM)
# What is read of either end of a big log.
_AN_END = 256 << 10
# Hosts whose name is searched in a big log, and lines that may hold the name of a host without being its own.
_HOSTS_SEARCHED = 32
_LINES_TRIED = 8
# Bytes in front of a message in which its line begins.
_HEAD = 400

Key = tuple[bytes | None, ...]
Range = tuple[int, int]


class Ends(msgspec.Struct):
    """What a log has of one host.

    Attributes:
        first, last: stamps of its first and last stamped line; None where no line is stamped, or where a big log
            would have to be read for it.
        lines: lines read.
    """

    first: Stamp | None = None
    last: Stamp | None = None
    lines: int = 0


class _Span:
    """First and last stamped line of one key, as byte ranges of their heads, and the number of lines."""

    __slots__ = ("first", "last", "lines")

    def __init__(self, first: Range) -> None:
        self.first = self.last = first
        self.lines = 1


def ends(source: Source, begin: int, end: int) -> Ends:
    """The ends of a log that is one device's, whatever its lines name."""
    ranges = [(begin, end)] if end - begin < BIG else [(begin, begin + _AN_END), (end - _AN_END, end)]
    return _of(source.data, list(_spans(source.data, ranges).values()))


def ends_of_hosts(source: Source, begin: int, end: int) -> dict[str | None, Ends]:
    """The ends of a log by host. Of a big log, those of hosts that stand at both ends or logged the invalid SPI."""
    if end - begin >= BIG:
        return _BigLog(source, begin, end).ends()
    by_host: dict[str | None, list[_Span]] = {}
    for span in _spans(source.data, [(begin, end)]).values():
        by_host.setdefault(_head(source.data, span.first).host, []).append(span)
    return {host: _of(source.data, spans) for host, spans in by_host.items()}


def _spans(data: Data, ranges: Iterable[Range]) -> dict[Key, _Span]:
    spans: dict[Key, _Span] = {}
    for begin, end in ranges:
        first = _LINE.match(data, begin, end) if data[max(0, begin - 1) : begin] in {b"", b"\n"} else None
        for m in chain((first,) if first else (), _NEXT_LINE.finditer(data, begin, end)):
            key = m.groups()
            span = spans.get(key)
            if span is None:
                spans[key] = _Span(m.span())
            else:
                span.last = m.span()
                span.lines += 1
    return spans


def _of(data: Data, spans: list[_Span]) -> Ends:
    first = _stamp(data, sorted(s.first for s in spans))
    last = _stamp(data, sorted((s.last for s in spans), reverse=True))
    return Ends(first, last, sum(s.lines for s in spans))


def _stamp(data: Data, heads: list[Range]) -> Stamp | None:
    return next((stamp for at in heads if (stamp := _head(data, at).stamp) is not None), None)


def _head(data: Data, at: Range) -> Head:
    return head(decode(data[at[0] : at[1]]).lstrip("\n"))


class _BigLog:
    """The two ends of a big log, and the lines of invalid SPI messages between them."""

    def __init__(self, source: Source, begin: int, end: int) -> None:
        self.data = source.data
        self.middle = (begin + _AN_END, end - _AN_END)
        self.hosts: dict[Key, str | None] = {}
        self.head = self._by_host([(begin, self.middle[0])])
        self.tail = self._by_host([(self.middle[1], end)])
        self.hits = self._by_host(self._line(at) for at in source.offsets_of(INV_SPI) if begin <= at < end)
        self.searches = 0

    def ends(self) -> dict[str | None, Ends]:
        """By host, in the order in which they were met."""
        found: dict[str | None, Ends] = {}
        for host in [*self.hits, *(h for h in self.head if h in self.tail and h not in self.hits)]:
            spans = [part[host] for part in (self.head, self.hits, self.tail) if host in part]
            of_all = _of(self.data, [span for part in spans for span in part])
            if host not in self.head:
                of_all.first = self._search(host, self.hits[host], forward=True)
            if host not in self.tail:
                of_all.last = self._search(host, self.hits[host], forward=False)
            found[host] = of_all
        return found

    def _by_host(self, ranges: Iterable[Range]) -> dict[str | None, list[_Span]]:
        found: dict[str | None, list[_Span]] = {}
        for key, span in _spans(self.data, ranges).items():
            found.setdefault(self._host(key, span.first), []).append(span)
        return found

    def _host(self, key: Key, at: Range) -> str | None:
        if key not in self.hosts:
            self.hosts[key] = _head(self.data, at).host
        return self.hosts[key]

    def _line(self, at: int) -> Range:
        return self.data.rfind(b"\n", max(0, at - _HEAD), at) + 1, at

    def _search(self, host: str | None, hits: list[_Span], *, forward: bool) -> Stamp | None:
        """The stamp of the host's first line before its hits, or of its last line behind them."""
        self.searches += 1
        if host is None or self.searches > _HOSTS_SEARCHED:
            return None
        own = sorted(span.first if forward else span.last for span in hits)
        hit = own[0] if forward else own[-1]
        low, high = (self.middle[0], hit[0]) if forward else (hit[1], self.middle[1])
        name, find = host.encode(), self.data.find if forward else self.data.rfind
        for _ in range(_LINES_TRIED):
            at = find(name, low, high)
            if at < 0:
                return _stamp(self.data, [hit])
            line = _LINE.match(self.data, self._line(at)[0])
            if line is not None and self._host(line.groups(), line.span()) == host:
                return _head(self.data, line.span()).stamp
            low, high = (at + 1, high) if forward else (low, at)
        return None
