"""Logs: `show logging` and bare syslog files. What they cover, and the messages in them that matter to IPsec.

    Syslog logging: enabled (0 messages dropped, 12 messages rate-limited, 0 flushes, 0 overruns)
        Buffer logging:  level informational, 5501 messages logged, xml disabled,
                        filtering disabled
    Log Buffer (8192 bytes):
    *Sep  2 13:36:47.287: %CRYPTO-4-IKMP_NO_SA: IKE message from 198.51.100.7 has no SA and is not an initialization offer

The invalid SPI message itself is read by `inv_spi`, wherever it stands. A log can have millions of lines, so
one pass of two patterns over its bytes finds hosts and messages, and only few lines are decoded.
"""

from __future__ import annotations

import re
from itertools import islice

import msgspec

from engine.evidence.source import Section, decode
from engine.facts import Coverage, Fact, LogMessage, LogWindow
from engine.parsers.addresses import canonical
from engine.parsers.syslog import HEADER, Head, head, rest_and_below, text_before
from engine.stamp import Stamp

__all__ = ["parse"]

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
_LINE = re.compile(
    rb"^(?:<\d{1,3}>)?(?:1 )?(?:"
    + (_DATE + rb"[ \t]" + _HOST + _NUMBERS + rb"[ \t]+" + _OWN + rb"|")
    + (_DATE + rb"[ \t]" + _HOST + rb"(?=[ \t])(?:" + _NUMBERS + rb"[ \t]+(?=%))?|")
    + (_OWN + rb"|")
    + rb"(?:\d{1,10}: )?(?=%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)*[0-7]-[A-Z])())",
    re.MULTILINE,
)
# HSRP, VRRP and redundancy tell of a failover, SYS-5 of a reload, GDOI of group keys; the others are IPsec itself.
# On QFP platforms the message stands inside another: `%IOSXE-3-PLATFORM: R0/0: cpp_cp: ... %IPSEC-3-REPLAY_ERROR: ...`.
_MESSAGE = re.compile(
    rb"%(?:CRYPTO-(?!(?:[A-Z0-9_]+-)*[0-7]-RECVD_PKT_INV_SPI)|IKEV2-|IPSEC-|ISAKMP[A-Z_]*-|GDOI-|[HV]RRP-|HSRP-\d-STATE"
    rb"|REDUNDANCY[A-Z_]*-|SYS-5-RE(?:START|LOAD)|(?:ASA|PIX|FTD)-\d-4021)"
)
_PEER = re.compile(
    r"(?:\bpeer(?: address| at)?|\bfrom(?: peer)?|\bsrc_addr|\bremote(?: address)?)\s*[=:]?\s*([0-9A-Fa-f\[][0-9A-Fa-f.:\]]+)",
    re.IGNORECASE,
)
_BUFFER = re.compile(rb"^\s*Log Buffer \(\d+ bytes\):", re.MULTILINE)
_RATE_LIMITED = re.compile(r"\b(\d+) messages rate-limited")
_BUFFER_LEVEL = re.compile(r"Buffer logging:\s*(?:level (\w+)|(disabled))", re.IGNORECASE)
_REDUCED = re.compile(r"filtering enabled|discriminator", re.IGNORECASE)
_SEVERITIES = (
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "informational",
    "debugging",
)
# Other outputs of the same command: counts, the history table, trace and onboard failure logs.
_NO_LOG = frozenset(
    {"count", "history", "onboard", "process", "profile", "reload", "smartlog", "xml", "statistics"}
)
_PREAMBLE = 65536
_CONTINUATION_LINES = 3


def parse(section: Section) -> list[Fact]:
    """What a log says of IPsec, and how far it reaches.

    `show logging` gives one window without host; a bare file one for each host that it names. Coverage is whole
    where the head of the buffer was seen (a bare file has none), no pipe or logging filter leaves lines out, and
    the buffer is recorded at all. Sections under any other command give their messages only.
    """
    words = section.command.split()
    begin, end = _extent(section)
    if words[:2] != ["show", "logging"] and words[:1] != ["syslog"]:
        return list(_messages(section, begin, end))
    if any(word.lower() in _NO_LOG for word in words[2:3]):
        return []
    bare = words[0] == "syslog"
    facts: list[Fact] = []
    whole = not section.filtered
    if bare:
        facts.extend(_windows(section, begin, end))
    else:
        buffer = _BUFFER.search(section.source.data, begin, min(end, begin + _PREAMBLE))
        setup = _setup(
            decode(section.source.data[begin : buffer.start() if buffer else min(end, begin + _PREAMBLE)])
        )
        begin = buffer.end() if buffer else begin
        facts.append(_buffer_window(section, begin, end, setup))
        whole = whole and buffer is not None and setup.complete
    facts.extend(_messages(section, begin, end))
    facts.append(Coverage(at=section.whole_place, family="log", whole=whole))
    return facts


class _Setup(msgspec.Struct, frozen=True):
    """What `show logging` says before the buffer. `complete` is False where the buffer leaves messages out."""

    severity: int | None
    rate_limited: int | None
    complete: bool


def _setup(text: str) -> _Setup:
    limited = _RATE_LIMITED.search(text.split("\n\n", 1)[0])
    level = _BUFFER_LEVEL.search(text)
    severity = None
    if level and level[1] and level[1].lower() in _SEVERITIES:
        severity = _SEVERITIES.index(level[1].lower())
    # The settings of the buffer go on over further lines, up to those of the next kind of logging.
    complete = not level or not (level[2] or _REDUCED.search(text[level.end() :].split("ogging:", 1)[0]))
    return _Setup(severity, int(limited[1]) if limited else None, complete)


def _extent(section: Section) -> tuple[int, int]:
    starts, data = section.source.starts, section.source.data
    if section.last_line < section.first_line:
        return 0, 0
    return starts[section.first_line - 1], starts[section.last_line] if section.last_line < len(
        starts
    ) else len(data)


class _Span:
    """First and last stamped line of one key, as byte ranges of their heads, and the number of lines."""

    __slots__ = ("first", "last", "lines")

    def __init__(self, first: tuple[int, int]) -> None:
        self.first = self.last = first
        self.lines = 1


def _spans(section: Section, begin: int, end: int) -> dict[tuple[bytes | None, ...], _Span]:
    spans: dict[tuple[bytes | None, ...], _Span] = {}
    for m in _LINE.finditer(section.source.data, begin, end):
        key = m.groups()
        span = spans.get(key)
        if span is None:
            spans[key] = _Span(m.span())
        else:
            span.last = m.span()
            span.lines += 1
    return spans


def _read(section: Section, at: tuple[int, int]) -> Head:
    return head(decode(section.source.data[at[0] : at[1]]))


def _windows(section: Section, begin: int, end: int) -> list[LogWindow]:
    by_host: dict[str | None, list[_Span]] = {}
    for span in _spans(section, begin, end).values():
        by_host.setdefault(_read(section, span.first).host, []).append(span)
    return [
        _window(section, host, by_host[host])
        for host in sorted(by_host, key=lambda name: (name is not None, name or ""))
    ]


def _buffer_window(section: Section, begin: int, end: int, setup: _Setup) -> LogWindow:
    window = _window(section, None, list(_spans(section, begin, end).values()))
    return msgspec.structs.replace(window, severity=setup.severity, rate_limited=setup.rate_limited)


def _window(section: Section, host: str | None, spans: list[_Span]) -> LogWindow:
    first = _stamps(section, sorted(s.first for s in spans))
    last = _stamps(section, sorted((s.last for s in spans), reverse=True))
    return LogWindow(
        at=section.whole_place, host=host, first=first, last=last, lines=sum(s.lines for s in spans)
    )


def _stamps(section: Section, heads: list[tuple[int, int]]) -> Stamp | None:
    return next((stamp for at in heads if (stamp := _read(section, at).stamp) is not None), None)


def _messages(section: Section, begin: int, end: int) -> list[LogMessage]:
    source = section.source
    found: list[LogMessage] = []
    for m in _MESSAGE.finditer(source.data, begin, end):
        pieces = list(islice(rest_and_below(source.data, m.start()), _CONTINUATION_LINES + 1))
        header = HEADER.match(pieces[0])
        if header is None:
            continue
        lines = _own_lines(pieces)
        text = " ".join(" ".join(lines)[header.end() :].lstrip(": ").split())
        before = text_before(source.data, m.start())
        outer = HEADER.search(before)
        read = head(before[: outer.start()] if outer else before)
        line = source.line_at(m.start())
        found.append(
            LogMessage(
                at=section.place(line, line + len(lines) - 1),
                stamp=read.stamp,
                host=read.host,
                mnemonic=header[0].lstrip("%>"),
                peer=_peer(text),
                text=text,
            )
        )
    return found


def _own_lines(pieces: list[str]) -> list[str]:
    """The lines of one message: the rest of its own, and indented ones below it, up to the next message."""
    following = HEADER.search(pieces[0], 1)
    if following:
        return [pieces[0][: following.start()]]
    lines = pieces[:1]
    for piece in pieces[1:]:
        if (
            not piece[:1].isspace()
            or not piece.strip()
            or HEADER.search(piece)
            or head(piece).stamp is not None
        ):
            break
        lines.append(piece)
    return lines


def _peer(text: str) -> str | None:
    for m in _PEER.finditer(text):
        address = canonical(m[1])
        if address is not None:
            return address
    return None
