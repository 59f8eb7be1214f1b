"""IKE notifications about SPIs: in debugs and event traces wherever they stand, and in the IKEv2 counters.

    ISAKMP-ERROR: (0):ignoring request to send delete notify (no ISAKMP sa) src 192.0.2.1 dst 198.51.100.7 for SPI 0x1A2B3C4D
    ISAKMP: (1003):processing NOTIFY INVALID_SPI protocol 3
            spi 439041101, message ID = 2718281828, sa = 0x7F0011223344

    IKEv2:(SESSION ID = 7,SA ID = 1):Received Packet [From 198.51.100.7:500/To 192.0.2.1:500/VRF i0:f0]
    Payload contents:
     NOTIFY(INVALID_SPI)  Next payload: NONE, reserved: 0x0, length: 12
        Security protocol id: Unknown - 0, spi size: 0, type: INVALID_SPI

    SA ID:2 SESSION ID:1 Remote: 198.51.100.7/500 Local: 192.0.2.1/500  Sending DELETE INFO message for IPsec SA [SPI: 0x1A2B3C4D]

The first line proves that the router had no IKE SA to the peer and that recovery did not act (Cisco document
115801 and public captures). Lines are found by literal search, as in `inv_spi`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from engine.evidence.source import Place, Section, Source
from engine.facts import Fact, IkeNotify
from engine.parsers.addresses import canonical
from engine.parsers.syslog import head, lines_above, rest_and_below, skipper, text_before
from engine.stamp import Stamp

__all__ = ["parse", "scan"]

# Lines around a notification that belong to the same packet.
_ABOVE = 12
_BELOW = 3

_IGNORED = re.compile(
    r"ignoring request to send delete notify \(no ISAKMP sa\)\s+src\s+(?P<src>\S+)\s+dst\s+(?P<dst>\S+)"
    r"(?:\s+for\s+SPI\s+0x(?P<spi>[0-9A-Fa-f]{1,8})\b)?"
)
_IKEV1 = re.compile(r"NOTIFY INVALID_SPI protocol \d+\s+spi (?P<spi>0x[0-9A-Fa-f]{1,8}|\d{1,10})\b")
_IKEV1_VERB = re.compile(r"\b(processing|sending)\s*$", re.IGNORECASE)
_IKEV2 = re.compile(r"NOTIFY\((?P<notify>INVALID_SPI|INVALID_SYNTAX)\)")
_SPI_SIZE = re.compile(r"\bspi size:\s*(\d{1,3})\b")
_NEXT_PAYLOAD = re.compile(r"Next payload:.*?Next payload:|\bNOTIFY\(", re.DOTALL)
_DELETE = re.compile(r"DELETE INFO message for IPsec SA \[SPI: (?P<spis>[0-9A-Fa-fx, ]+)\]")
_DELETE_VERB = re.compile(r"\b(Sending|Processing)\s+$")
_REMOTE = re.compile(r"\bRemote:\s*(\S+)")

# What says which way a packet went: IKEv2 and IKEv1 packet lines (these name the peer), and what is done with it.
_TRAFFIC = re.compile(
    r"Received Packet \[From (?P<from>\S+?)/To |Sending Packet \[To (?P<to>\S+?)/From |"
    r"received packet from (?P<from1>\S+)|sending packet to (?P<to1>\S+)|"
    r"(?P<in>\b(?:Parse|Parsing|Processing)\b)|(?P<out>\b(?:Construct|Constructing|Building packet)\b)"
)
_TAG = re.compile(r"\b(?:ISAKMP|IKEv2|IPSEC|SA ID)\b")


def scan(
    source: Source, skip: Sequence[tuple[int, int]] = (), within: Sequence[tuple[int, int]] | None = None
) -> list[IkeNotify]:
    """Every notification about an SPI that a debug or event trace of this source shows, in the order of its lines.

    `skip` holds ranges of lines (1-based, inclusive) that are no device output, such as a running-config;
    `within` the ranges of bytes to search, None for all. `direction` is "unknown" where no line near an IKEv2 or IKEv1 notification says which way the packet went.
    """
    skipped = skipper(skip)
    data = source.data
    found: list[IkeNotify] = []
    for begin, end in within if within is not None else [(0, len(data))]:
        for literal, read in _READERS:
            at = data.find(literal, begin, end)
            while at >= 0:
                line = source.line_at(at)
                if not skipped(line):
                    found.extend(read(source, at, line))
                at = data.find(literal, at + len(literal), end)
    found.sort(key=lambda fact: fact.at)
    return found


def _ignored(source: Source, at: int, line: int) -> list[IkeNotify]:
    text, ends = _joined(source, at)
    m = _IGNORED.match(text)
    if not m:
        return []
    spi = int(m["spi"], 16) if m["spi"] else None
    return [
        IkeNotify(
            at=_place(source, line, ends, m.end()),
            notify="DELETE",
            direction="sent",
            peer=canonical(m["dst"]),
            spi=spi,
            spi_size=None,
            outcome="ignored-no-ike-sa",
            count=None,
            stamp=_stamp(text_before(source.data, at)),
        )
    ]


def _ikev1(source: Source, at: int, line: int) -> list[IkeNotify]:
    text, ends = _joined(source, at)
    m = _IKEV1.match(text)
    if not m:
        return []
    before = text_before(source.data, at)
    verb = _IKEV1_VERB.search(before)
    direction, peer = _traffic(source, at)
    if verb:
        direction = "received" if verb[1].lower() == "processing" else "sent"
    value = int(m["spi"], 0) if m["spi"].startswith("0x") else int(m["spi"])
    return [
        IkeNotify(
            at=_place(source, line, ends, m.end()),
            notify="INVALID_SPI",
            direction=direction,
            peer=peer,
            spi=value if 0 < value < 1 << 32 else None,
            spi_size=None,
            outcome=None,
            count=None,
            stamp=_stamp(before),
        )
    ]


def _ikev2(source: Source, at: int, line: int) -> list[IkeNotify]:
    text, ends = _joined(source, at)
    m = _IKEV2.match(text)
    if not m:
        return []
    following = _NEXT_PAYLOAD.search(text, m.end())
    size = _SPI_SIZE.search(text, m.end(), following.end() if following else len(text))
    direction, peer = _traffic(source, at)
    return [
        IkeNotify(
            at=_place(source, line, ends, size.end() if size else m.end()),
            notify=m["notify"],
            direction=direction,
            peer=peer,
            spi=None,
            spi_size=int(size[1]) if size else None,
            outcome=None,
            count=None,
            stamp=_stamp(text_before(source.data, at)),
        )
    ]


def _delete(source: Source, at: int, line: int) -> list[IkeNotify]:
    text, ends = _joined(source, at)
    m = _DELETE.match(text)
    before = text_before(source.data, at)
    verb = _DELETE_VERB.search(before)
    if not m or not verb:
        return []
    remote = _REMOTE.search(before)
    sent = verb[1] == "Sending"
    return [
        IkeNotify(
            at=_place(source, line, ends, m.end()),
            notify="DELETE",
            direction="sent" if sent else "received",
            peer=canonical(remote[1]) if remote else None,
            spi=int(spi, 16),
            spi_size=None,
            outcome="sent" if sent else None,
            count=None,
            stamp=_stamp(before),
        )
        for spi in re.findall(r"0x([0-9A-Fa-f]{1,8})\b", m["spis"])
    ]


_READERS: tuple[tuple[bytes, Callable[[Source, int, int], list[IkeNotify]]], ...] = (
    (b"ignoring request to send delete notify", _ignored),
    (b"NOTIFY INVALID_SPI", _ikev1),
    (b"NOTIFY(INVALID_S", _ikev2),
    (b"DELETE INFO message for IPsec SA", _delete),
)


def _joined(source: Source, at: int) -> tuple[str, list[int]]:
    """The text from a hit on, with the lines below it, white space folded; and where each line ends in it."""
    text = ""
    ends: list[int] = []
    for piece in islice(rest_and_below(source.data, at), _BELOW + 1):
        folded = " ".join(piece.split())
        text += f" {folded}" if text and folded else folded
        ends.append(len(text))
    return text, ends


def _place(source: Source, line: int, ends: list[int], end: int) -> Place:
    last = next((n for n, reached in enumerate(ends) if reached >= end), 0)
    return Place(source.path, line, line + last)


def _traffic(source: Source, at: int) -> tuple[str, str | None]:
    """Which way the packet of this hit went and who is at its other end, by the nearest line that says it."""
    direction: str | None = None
    for text in (text_before(source.data, at), *islice(lines_above(source.data, at), _ABOVE)):
        for m in reversed(list(_TRAFFIC.finditer(text))):
            incoming, outgoing = m["from"] or m["from1"], m["to"] or m["to1"]
            way = "received" if incoming or m["in"] else "sent"
            direction = direction or way
            if way != direction:
                return direction, None  # the line belongs to an earlier packet
            if incoming or outgoing:
                return direction, canonical((incoming or outgoing).strip("[]"))
    return direction or "unknown", None


def _stamp(before: str) -> Stamp | None:
    tag = _TAG.search(before)
    return head(before[: tag.start()] if tag else before).stamp


_ROW = re.compile(r"\s*(INVALID_SPI|INVALID_SYNTAX)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*$")


def parse(section: Section) -> list[Fact]:
    """The INVALID_SPI and INVALID_SYNTAX rows of `show crypto ikev2 stats exchange`, one fact per direction.

        EXCHANGE/NOTIFY                   TX(REQ)    TX(RES)    RX(REQ)    RX(RES)

        ERROR NOTIFY

        INVALID_SPI                             0          0         12          0

    Requests and responses are added. The counters are box-wide and run since boot or the last clear.
    """
    facts: list[Fact] = []
    for number, text in section.lines():
        m = _ROW.match(text)
        if not m:
            continue
        counts = {"sent": int(m[2]) + int(m[3]), "received": int(m[4]) + int(m[5])}
        facts.extend(
            IkeNotify(
                at=section.place(number),
                notify=m[1],
                direction=direction,
                peer=None,
                spi=None,
                spi_size=None,
                outcome=None,
                count=count,
                stamp=None,
            )
            for direction, count in counts.items()
        )
    return facts
