"""`show crypto ipsec sa`, plain or detailed, whole or toward one peer.

    interface: Tunnel0
        Crypto map tag: Tunnel0-head-0, local addr 192.0.2.1

       protected vrf: (none)
       local  ident (addr/mask/prot/port): (192.0.2.1/255.255.255.255/47/0)
       remote ident (addr/mask/prot/port): (198.51.100.7/255.255.255.255/47/0)
       current_peer 198.51.100.7 port 4500
         PERMIT, flags={origin_is_acl,}
        #pkts encaps: 410, #pkts encrypt: 410, #pkts digest: 410
        #pkts decaps: 349, #pkts decrypt: 349, #pkts verify: 349

         local crypto endpt.: 192.0.2.1, remote crypto endpt.: 198.51.100.7
         current outbound spi: 0x4D2A91C0(1294635456)

         inbound esp sas:
          spi: 0x9C0417EE(2617513966)
            in use settings ={Transport UDP-Encaps, }
            sa timing: remaining key lifetime (k/sec): (4607998/3205)
            Status: ACTIVE(ACTIVE)

         inbound ah sas:
         ...
         outbound pcp sas:

Indentation is not relied on: captures lose it. Known from published captures of IOS 12.4 to IOS XE 17: IPv6
endpoints on two lines, lifetimes `(sec): 94`, `1 hours, 10 mins` and `is not applicable`, `spi: [Not Available]`
for keys that IKE did not make (SD-WAN), `0x0(0)` for no SA, `No SAs found` where there is none at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.evidence.source import Section
from engine.facts import Coverage, Fact, IpsecSa
from engine.parsers.addresses import canonical
from engine.parsers.listing import Scope, cut_by_pager, is_preamble, scope, torn_line

__all__ = ["parse"]

_SPI = re.compile(r"spi ?:\s*(?:0[xX])?([0-9A-Fa-f]{1,8})\s*(?:\(|$)")
_ENDPOINT = re.compile(r"(local|remote) crypto endpt\.?:\s*([^,\s]+)", re.IGNORECASE)
_LOCAL_ADDR = re.compile(r"\blocal addr[.:]?\s+([^,\s]+)")
_KILO_SECONDS = re.compile(r"\(kb?/sec\):\s*\((\d{1,12})/(\d{1,12})\)", re.IGNORECASE)
_SECONDS = re.compile(r"\(sec\):\s*\(?(\d{1,12})\b", re.IGNORECASE)
_SPAN = re.compile(r"\b(\d{1,6}) (day|hour|min|sec)")
_SPAN_SECONDS = {"day": 86400, "hour": 3600, "min": 60, "sec": 1}
_HEADINGS = 6  # inbound and outbound, each of esp, ah and pcp: IOS prints them all, empty or not


def parse(section: Section) -> list[Fact]:
    """Every SA of the list, in its order, and how much of the list was seen.

    The place of an SA is its `spi:` line. SAs without a readable SPI are left out, and then the list does not
    count as whole: a missing SPI may be one of them. Never raises.
    """
    reader = _Reader(section)
    torn = torn_line(section)
    for number, line in section.lines():
        text = line.strip()
        # A line that breaks off tells the truth only where its last character shows that it is complete.
        if text and (number != torn or text.endswith((":", ")", "found"))):
            reader.read(number, text)
    reader.end_block()
    limits = scope(section.command, "show crypto ipsec sa", "peer")
    coverage = Coverage(
        at=section.whole_place,
        family="ipsec-sa",
        whole=reader.reached_its_end() and _unlimited(section, limits),
        toward=limits.toward,
    )
    return [*reader.facts, coverage]


def _unlimited(section: Section, limits: Scope) -> bool:
    return not (limits.narrowed or section.filtered or cut_by_pager(section))


class _Block:
    """What one ident block says before and between its SAs."""

    def __init__(self, interface: str | None, tag: str | None, local_addr: str | None) -> None:
        self.interface = interface
        self.tag = tag
        self.local_addr = local_addr
        self.begun = False  # past `interface:` and `Crypto map tag:`, which serve several blocks
        self.vrf: str | None = None
        self.local_ident: str | None = None
        self.remote_ident: str | None = None
        self.peer: str | None = None
        self.peer_port: int | None = None
        self.endpoints: dict[str, str | None] = {}
        self.encaps: int | None = None
        self.decaps: int | None = None
        self.outbound_spi: int | None = None
        self.headings: set[tuple[str, str]] = set()
        self.direction = ""
        self.protocol = ""

    @property
    def whole(self) -> bool:
        return len(self.headings) == _HEADINGS


class _Sa:
    """An SA whose lines are being read."""

    def __init__(self, line: int, spi: int | None) -> None:
        self.line = line
        self.spi = spi
        self.settings: str | None = None
        self.seconds: int | None = None
        self.kilobytes: int | None = None
        self.status: str | None = None


class _Reader:
    """Reads the list line by line; the first word of a line says what the line is."""

    def __init__(self, section: Section) -> None:
        self.facts: list[Fact] = []
        self._section = section
        self._head: bool | None = None  # whether the first line of the list is one with which it begins
        self._none = False  # `No SAs found`
        self._torn = False
        self._block = _Block(None, None, None)
        self._sa: _Sa | None = None
        self._by_word: dict[str, Callable[[int, str], None]] = {
            "interface:": self._interface,
            "crypto": self._crypto_map_tag,
            "protected": self._protected_vrf,
            "local": self._local,
            "remote": self._remote,
            "current_peer": self._current_peer,
            "current_peer:": self._current_peer,
            "#pkts": self._packets,
            "current": self._current_spi,
            "inbound": self._heading,
            "outbound": self._heading,
            "spi:": self._spi,
            "transform:": self._transform,
            "in": self._in_use_settings,
            "sa": self._sa_timing,
            "status:": self._status,
        }

    def read(self, number: int, text: str) -> None:
        """Take one line, stripped and not empty."""
        word = text.split(None, 1)[0].lower()
        if self._head is None and not is_preamble(text):
            self._none = text.rstrip(".").lower() == "no sas found"
            self._head = word == "interface:" or self._none
        handler = self._by_word.get(word)
        if handler is not None:
            handler(number, text)

    def end_block(self) -> None:
        """Finish what is open."""
        self._end_sa()
        if self._block.begun and not self._block.whole:
            self._torn = True

    def reached_its_end(self) -> bool:
        """Whether the list was read from its head to the end of its last block, with nothing lost between."""
        if self._head is None:
            return self._section.closed  # no output at all: a command that had nothing to list
        if self._none:
            return not self.facts and not self._torn
        return self._head and not self._torn and (self._block.begun or self._section.closed)

    def _next_block(self) -> None:
        self.end_block()
        self._block = _Block(self._block.interface, self._block.tag, self._block.local_addr)

    def _interface(self, _number: int, text: str) -> None:
        self.end_block()
        self._block = _Block(text[len("interface:") :].strip() or None, None, None)

    def _crypto_map_tag(self, _number: int, text: str) -> None:
        label, _, value = text.partition(":")
        if label.lower() != "crypto map tag":
            return
        if self._block.begun:
            self._next_block()
        self._block.tag = value.partition(",")[0].strip() or None
        address = _LOCAL_ADDR.search(value)
        self._block.local_addr = canonical(address[1]) if address else None

    def _protected_vrf(self, _number: int, text: str) -> None:
        if self._block.begun:
            self._next_block()
        self._block.begun = True
        name = text.partition(":")[2].strip()
        self._block.vrf = None if name in {"", "(none)"} else name

    def _local(self, _number: int, text: str) -> None:
        if text.split(None, 2)[1:2] == ["ident"]:
            if self._block.local_ident is not None or self._block.headings:
                self._next_block()
            self._block.begun = True
            self._block.local_ident = _ident(text)
        else:
            self._endpoints(text)

    def _remote(self, _number: int, text: str) -> None:
        if text.split(None, 2)[1:2] == ["ident"]:
            self._block.remote_ident = _ident(text)
        else:
            self._endpoints(text)

    def _endpoints(self, text: str) -> None:
        for side, address in _ENDPOINT.findall(text):
            self._block.endpoints[side.lower()] = canonical(address)

    def _current_peer(self, _number: int, text: str) -> None:
        words = text.split()
        address, port = words[1] if len(words) > 1 else "", ""
        if len(words) > 3 and words[2] == "port":
            port = words[3]
        elif address.count(":") == 1:  # old releases print IPv4 as 198.51.100.7:500
            address, _, port = address.partition(":")
        self._block.peer = canonical(address)
        self._block.peer_port = _number_of(port)

    def _packets(self, _number: int, text: str) -> None:
        name, _, count = text.partition(",")[0].partition(":")
        if name == "#pkts encaps":
            self._block.encaps = _number_of(count)
        elif name == "#pkts decaps":
            self._block.decaps = _number_of(count)

    def _current_spi(self, _number: int, text: str) -> None:
        if text.startswith("current outbound spi"):
            self._block.outbound_spi = _spi(text)

    def _heading(self, _number: int, text: str) -> None:
        words = text.lower().rstrip(":").split()
        if len(words) == 3 and words[2] == "sas" and words[1] in {"esp", "ah", "pcp"}:
            self._end_sa()
            self._block.begun = True
            self._block.direction, self._block.protocol = words[0], words[1]
            self._block.headings.add((words[0], words[1]))

    def _spi(self, number: int, text: str) -> None:
        self._end_sa()
        # `[Not Available]`, a masked value: the SA is there, its SPI is not.
        self._sa = _Sa(number, _spi(text))

    def _transform(self, _number: int, _text: str) -> None:
        if self._sa is None:
            self._torn = True  # the `spi:` line before it is lost

    def _in_use_settings(self, _number: int, text: str) -> None:
        if self._sa is not None and "{" in text:
            inside = text.partition("{")[2].partition("}")[0]
            self._sa.settings = ", ".join(part for part in map(str.strip, inside.split(",")) if part) or None

    def _sa_timing(self, _number: int, text: str) -> None:
        if self._sa is None or not text.lower().startswith("sa timing"):
            return
        if both := _KILO_SECONDS.search(text):
            self._sa.kilobytes, self._sa.seconds = int(both[1]), int(both[2])
        elif seconds := _SECONDS.search(text):
            self._sa.seconds = int(seconds[1])
        elif spans := _SPAN.findall(text):
            self._sa.seconds = sum(int(count) * _SPAN_SECONDS[unit] for count, unit in spans)

    def _status(self, _number: int, text: str) -> None:
        if self._sa is not None:
            self._sa.status = text.partition(":")[2].strip() or None

    def _end_sa(self) -> None:
        sa, block = self._sa, self._block
        self._sa = None
        if sa is None or block.protocol == "pcp":
            return  # IPComp has a CPI, not an SPI
        if not sa.spi or not block.protocol:
            self._torn = self._torn or sa.spi is None or not block.protocol
            return
        self.facts.append(
            IpsecSa(
                at=self._section.place(sa.line),
                direction=block.direction,
                protocol=block.protocol,
                spi=sa.spi,
                interface=block.interface,
                tag=block.tag,
                local=block.endpoints.get("local") or block.local_addr,
                peer=block.endpoints.get("remote") or block.peer,
                peer_port=block.peer_port,
                vrf=block.vrf,
                local_ident=block.local_ident,
                remote_ident=block.remote_ident,
                current=block.direction == "outbound" and sa.spi == block.outbound_spi,
                remaining_seconds=sa.seconds,
                remaining_kilobytes=sa.kilobytes,
                status=sa.status,
                encaps=block.encaps,
                decaps=block.decaps,
                settings=sa.settings,
            )
        )


def _spi(text: str) -> int | None:
    match = _SPI.search(text)
    return int(match[1], 16) if match else None


def _ident(text: str) -> str | None:
    """`192.0.2.1/255.255.255.255/47/0` of `local  ident (addr/mask/prot/port): (...)`."""
    value = text.partition(":")[2].strip()
    return value[1:-1] if value.startswith("(") and value.endswith(")") else None


def _number_of(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
