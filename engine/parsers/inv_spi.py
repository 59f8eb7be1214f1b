"""The invalid SPI message, wherever in a source it stands.

    Sep  2 13:36:47.287: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet
       has invalid spi for destaddr=192.0.2.1, prot=50, spi=0x1A2B3C4D(439041101),
       srcaddr=198.51.100.7, input interface=GigabitEthernet0/0

Template: Cisco IOS System Message Guide, CRYPTO-4-RECVD_PKT_INV_SPI; older releases print no interface, the
oldest no source. Documents, mail and tickets wrap it at any white space, mask its addresses and change its
apostrophe. The mnemonic is searched literally, and only the neighbourhood of each hit is decoded, so that the
cost follows the number of messages and not the size of the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from engine.evidence.search import INV_SPI
from engine.evidence.source import Place, Source
from engine.facts import InvSpi
from engine.parsers.addresses import canonical
from engine.parsers.syslog import (
    HEADER,
    Head,
    head,
    lines_above,
    opens_head,
    rest_and_below,
    skipper,
    text_before,
)

__all__ = ["scan"]

# Lines with text in a wrapped message, and all lines with the blank ones between them.
_RECORD_LINES = 6
_ALL_LINES = 24
_HEAD_LINES = 4
_HEAD_LENGTH = 400
_FACILITY_LENGTH = 80

_FACILITY = re.compile(r"%?>?\s?([A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)*[0-7]-)$")
# EEM writes the message that triggered an applet into the log a second time.
_ECHO = re.compile(r"%HA_EM-\d-")
_QUOTE = re.compile(r"^(?:[>|]\s?)+")
_PROMPT = re.compile(r"[A-Za-z][\w.-]*(?:\([^)\s]*\))?[#>]")
# How a further line of a wrapped message can begin: with a word of the template, or in the middle of `key= value ,`.
_CONTINUES = re.compile(
    r"(?:decaps|rec\S{1,6}d\b|IPSEC(?:\s+packet|$)|packet\b|has\b|invalid\b|spi\b|for\b|destaddr|prot\b|srcaddr|input\b|"
    r"interface\s*=|[,=(]|0x)",
    re.IGNORECASE,
)

# What can follow the mnemonic where it is a message: the text, or the end of the line.
_OPENS = re.compile(rf"{INV_SPI.decode()}[\w-]*\s*:?\s*(?:$|{_CONTINUES.pattern})", re.IGNORECASE)

_DESTINATION = re.compile(r"\bdestaddr\s*=\s*([^\s,=]*(?=[\s,]|$))")
_PROTOCOL = re.compile(r"\bprot\s*=\s*(\d{1,3}|esp|ah)\b", re.IGNORECASE)
_SPI = re.compile(
    r"\bspi\s*=\s*(?:0x([0-9A-Fa-f]{1,8})(?![0-9A-Za-z*?])|([^\s,(\[]+))\s*(?:\(\s*(\d+)\s*\))?"
)
_SOURCE = re.compile(r"\bsrcaddr\s*=\s*([^\s,=]*(?=[\s,]|$))")
_INTERFACE = re.compile(r"\binput\s+interface\s*=\s*([^\s,;\"'\\]+)")
_INTERFACE_FOLLOWS = re.compile(r",|input\b|interface\s*=")
_PROTOCOLS = {"esp": 50, "ah": 51}
_PUNCTUATION = "\"'`;.)]}\\!"


def scan(source: Source, skip: Sequence[tuple[int, int]] = ()) -> list[InvSpi]:
    """Every invalid SPI message of a source, in the order of its lines.

    Args:
        source: where to search.
        skip: ranges of lines (1-based, inclusive) that are not output of a device at work, such as the
            running-config with its EEM patterns.

    A mention of the message without values (a template, a pattern, prose) is not a message, nor is the copy that
    an EEM applet logs of a message that stands in the same source.
    """
    found: list[InvSpi] = []
    echoes: list[InvSpi] = []
    skipped = skipper(skip)
    for at in source.offsets_of(INV_SPI):
        line = source.line_at(at)
        if skipped(line):
            continue
        before = text_before(source.data, at)
        fact = _record(source, at, line, before)
        if fact is not None:
            (echoes if _ECHO.search(before, max(0, len(before) - _HEAD_LENGTH)) else found).append(fact)
    if echoes:
        known = {(f.stamp, f.text) for f in found}
        found += [e for e in echoes if (e.stamp, e.text) not in known]
        found.sort(key=lambda f: f.at)
    return found


def _record(source: Source, at: int, line: int, before: str) -> InvSpi | None:
    facility = _FACILITY.search(before, max(0, len(before) - _FACILITY_LENGTH))
    if facility is None:
        return None
    pieces = _pieces(rest_and_below(source.data, at))
    body = " ".join(pieces)
    fields = _fields(body)
    if fields is None:
        return None
    last = line + _lines_used(pieces, fields.end)
    stamp_and_host, lines_up = _head_of(source, at, before[: facility.start()])
    if not fields.trusted and stamp_and_host.stamp is None:
        return None
    return InvSpi(
        at=Place(source.path, line - lines_up, last),
        stamp=stamp_and_host.stamp,
        host=stamp_and_host.host,
        src=fields.src,
        dst=fields.dst,
        protocol=fields.protocol,
        spi=fields.spi,
        interface=fields.interface,
        decimal_disagrees=fields.decimal_disagrees,
        text=" ".join(f"%{facility[1]}{body[: fields.end]}".split()),
    )


def _pieces(lines: Iterator[str]) -> list[str]:
    """The rest of the message's line and the further lines that belong to it, blank ones as empty pieces."""
    pieces: list[str] = []
    body = ""
    filled = 0
    for text in islice(lines, _ALL_LINES):
        if not pieces and not _OPENS.match(text):
            break
        piece = text if not pieces else _QUOTE.sub("", text.strip()).strip()
        if pieces and piece and (filled == _RECORD_LINES or not _belongs(piece, body)):
            break
        following = HEADER.search(piece)
        if following:
            piece = piece[: following.start()]
        filled += bool(piece.strip())
        pieces.append(piece)
        body += " " + piece
        if following or _INTERFACE.search(body):
            break
    return pieces


def _belongs(piece: str, body: str) -> bool:
    """Whether a line continues a message that was read so far; behind the source only an interface follows."""
    tail = body.rstrip()
    if tail.endswith(("=", "(")):
        return not _PROMPT.match(piece)
    if _SOURCE.search(body) and _SPI.search(body):
        return bool(_INTERFACE_FOLLOWS.match(piece)) or tail.endswith("input")
    return bool(_CONTINUES.match(piece)) and not _PROMPT.match(piece)


def _lines_used(pieces: list[str], end: int) -> int:
    """Lines below the first one that the record reaches into, up to this offset of its joined text."""
    reached = -1
    for number, piece in enumerate(pieces):
        reached += len(piece) + 1
        if reached >= end:
            return number
    return len(pieces) - 1


class _Fields:
    """The values of one message. `end` is the offset behind the last of them; `trusted` means not a template."""

    __slots__ = ("decimal_disagrees", "dst", "end", "interface", "protocol", "spi", "src", "trusted")

    def __init__(self, body: str, spi: re.Match[str]) -> None:
        dst, src = _DESTINATION.search(body), _SOURCE.search(body)
        protocol, interface = _PROTOCOL.search(body), _INTERFACE.search(body)
        self.dst = _address(dst)
        self.src = _address(src)
        self.spi = int(spi[1], 16) if spi[1] else None
        self.decimal_disagrees = self.spi is not None and spi[3] is not None and int(spi[3]) != self.spi
        self.protocol = None
        if protocol:
            number = _PROTOCOLS.get(protocol[1].lower())
            self.protocol = number if number is not None else int(protocol[1])
        name = interface[1].rstrip(_PUNCTUATION) if interface else ""
        self.interface = name or None
        self.end = max(*(m.end() for m in (dst, protocol, spi) if m), _value_end(src), _value_end(interface))
        self.trusted = self.spi is not None or (self.protocol is not None and bool(self.dst or self.src))


def _fields(body: str) -> _Fields | None:
    spi = _SPI.search(body)
    # A pattern for the message (EEM, grep) names its fields with wildcards between them.
    if spi is None or ".*" in body[: spi.end()] or "\\S" in body[: spi.end()]:
        return None
    fields = _Fields(body, spi)
    return fields if fields.spi is not None or fields.protocol is not None else None


def _value_end(found: re.Match[str] | None) -> int:
    """Where a value ends, without the quotation marks, full stops and ping marks that are glued to it."""
    if found is None:
        return 0
    return found.start(1) + len(found[1].rstrip(_PUNCTUATION) or found[1])


def _address(found: re.Match[str] | None) -> str | None:
    return canonical(found[1].strip(_PUNCTUATION)) if found else None


def _head_of(source: Source, at: int, before: str) -> tuple[Head, int]:
    """The head of the message and the number of lines above it that the head was wrapped over."""
    before = before[-_HEAD_LENGTH:]
    glued = list(HEADER.finditer(before))
    if glued:
        return head(before[glued[-1].end() :]), 0
    before = _QUOTE.sub("", before.lstrip())
    own = head(before)
    has_date = own.stamp is not None and own.stamp.uptime is None
    if has_date and own.host is not None:
        return own, 0
    joined, best, lines_up, filled = before, own, 0, 0
    for taken, line in enumerate(islice(lines_above(source.data, at), 2 * _HEAD_LINES), 1):
        above = _QUOTE.sub("", line.strip())
        if not above:
            continue
        filled += 1
        joined = f"{above} {joined}"
        if filled > _HEAD_LINES or len(joined) > _HEAD_LENGTH or "%" in above:
            break
        if opens_head(joined):
            read = head(joined)
            gained_date = not has_date and read.stamp is not None and read.stamp.uptime is None
            if gained_date or (read.host is not None and best.host is None):
                best, lines_up, has_date = read, taken, has_date or gained_date
    return best, lines_up
