"""Logs: `show logging` and bare syslog files. What they cover, and the messages in them that matter to IPsec.

    Syslog logging: enabled (0 messages dropped, 12 messages rate-limited, 0 flushes, 0 overruns)
        Buffer logging:  level informational, 5501 messages logged, xml disabled,
                        filtering disabled
    Log Buffer (8192 bytes):
    *Sep  2 13:36:47.287: %CRYPTO-4-IKMP_NO_SA: IKE message from 198.51.100.7 has no SA and is not an initialization offer

The invalid SPI message itself is read by `inv_spi`, wherever it stands. A log can have millions of lines, so
one pass of two patterns over its bytes finds hosts and messages, and only few lines are decoded. A log that is
big (`engine.evidence.source.BIG`) is not even passed over: how far it reaches is read at its two ends
(`engine.parsers.log_ends`), and messages are looked for around the invalid SPI messages only.
"""

from __future__ import annotations

import re
from itertools import islice

import msgspec

from engine.evidence.search import INV_SPI
from engine.evidence.source import BIG, Section, decode
from engine.facts import Coverage, Fact, LogMessage, LogWindow
from engine.parsers.addresses import canonical
from engine.parsers.log_ends import Ends, ends, ends_of_hosts
from engine.parsers.syslog import HEADER, head, rest_and_below, text_before, windows

__all__ = ["parse"]

# HSRP, VRRP and redundancy tell of a failover, SYS-5 of a reload, GDOI of group keys, and command logs and applets of
# what somebody cleared; the others are IPsec itself.
# On QFP platforms the message stands inside another: `%IOSXE-3-PLATFORM: R0/0: cpp_cp: ... %IPSEC-3-REPLAY_ERROR: ...`.
_MESSAGE = re.compile(
    rb"%(?:CRYPTO-(?!(?:[A-Z0-9_]+-)*[0-7]-RECVD_PKT_INV_SPI)|IKEV2-|IPSEC-|ISAKMP[A-Z_]*-|GDOI-|[HV]RRP-|HSRP-\d-STATE"
    rb"|REDUNDANCY[A-Z_]*-|SYS-5-RE(?:START|LOAD)|(?:ASA|PIX|FTD)-\d-4021"
    rb"|(?:PARSER-5-CFGLOG_LOGGEDCMD|HA_EM-6-LOG):[^\n]{0,200}?\bclear crypto )"
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
    begin, end = section.extent
    if words[:2] != ["show", "logging"] and words[:1] != ["syslog"]:
        return list(_messages(section, begin, end))
    if any(word.lower() in _NO_LOG for word in words[2:3]):
        return []
    bare = words[0] == "syslog"
    facts: list[Fact] = []
    whole = not section.filtered
    if bare:
        found = ends_of_hosts(section.source, begin, end)
        facts.extend(
            _window(section, host, found[host])
            for host in sorted(found, key=lambda n: (n is not None, n or ""))
        )
    else:
        buffer = _BUFFER.search(section.source.data, begin, min(end, begin + _PREAMBLE))
        setup = _setup(
            decode(section.source.data[begin : buffer.start() if buffer else min(end, begin + _PREAMBLE)])
        )
        begin = buffer.end() if buffer else begin
        window = _window(section, None, ends(section.source, begin, end))
        facts.append(
            msgspec.structs.replace(window, severity=setup.severity, rate_limited=setup.rate_limited)
        )
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


def _window(section: Section, host: str | None, found: Ends) -> LogWindow:
    return LogWindow(at=section.whole_place, host=host, first=found.first, last=found.last, lines=found.lines)


def _messages(section: Section, begin: int, end: int) -> list[LogMessage]:
    source = section.source
    ranges = [(begin, end)]
    if end - begin >= BIG:
        ranges = windows(source.offsets_of(INV_SPI), begin, end)
    matches = (m for low, high in ranges for m in _MESSAGE.finditer(source.data, low, high))
    return [fact for m in matches if (fact := _message(section, m.start())) is not None]


def _message(section: Section, at: int) -> LogMessage | None:
    source = section.source
    pieces = list(islice(rest_and_below(source.data, at), _CONTINUATION_LINES + 1))
    header = HEADER.match(pieces[0])
    if header is None:
        return None
    lines = _own_lines(pieces)
    text = " ".join(" ".join(lines)[header.end() :].lstrip(": ").split())
    before = text_before(source.data, at)
    outer = HEADER.search(before)
    read = head(before[: outer.start()] if outer else before)
    line = source.line_at(at)
    return LogMessage(
        at=section.place(line, line + len(lines) - 1),
        stamp=read.stamp,
        host=read.host,
        mnemonic=header[0].lstrip("%>"),
        peer=_peer(text),
        text=text,
    )


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
