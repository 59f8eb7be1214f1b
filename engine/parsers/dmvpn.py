"""`show dmvpn`, plain or detailed: the NHRP peers of each tunnel.

    Legend: Attrb --> S - Static, D - Dynamic, I - Incomplete
            N - NATed, L - Local, X - No Socket
            ...
    ==========================================================================

    Interface: Tunnel0, IPv4 NHRP Details
    Type:Hub, NHRP Peers:2,

     # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb
     ----- --------------- --------------- ----- -------- -----
         1 198.51.100.7         203.0.113.7    UP 00:14:09    DN
         2 2001:DB8::8
                                203.0.113.8   IKE     3w5d     S
                                203.0.113.9  NHRP    never     S

    Interface: Tunnel0, IPv6 NHRP Details
    Type:Hub, Total NBMA Peers (v4/v6): 1
        1.Peer NBMA Address: 198.51.100.7
            Tunnel IPv6 Address: 2001:DB8:100::7
            IPv6 Target Network: 2001:DB8:100::7/128
            # Ent: 1, Status: UP, UpDn Time: 00:14:09, Cache Attrib: D

Known from published captures of IOS 12.4 to IOS XE 17. A line without number and NBMA address is another tunnel
address of the peer above it. The detailed form heads a tunnel with `Interface Tunnel0 is up/up, Addr. is ...`, adds
a target network to each row, and goes on with `Crypto Session Details:`, which is not read here.
"""

from __future__ import annotations

import re

from engine.evidence.source import Section
from engine.facts import Coverage, Fact, NhrpPeer
from engine.parsers.addresses import canonical
from engine.parsers.listing import cut_by_pager, is_preamble, scope, torn_line
from engine.parsers.names import interface_name

__all__ = ["parse"]

_BLOCK = re.compile(r"(?:Interface:? )?([A-Za-z][A-Za-z-]*\d[^\s,]*)(?:,| is )")
_PEERS = re.compile(r".{0,64}\bType:[^,]{1,32}, ?(?:NHRP|(?:Total )?NBMA) Peers(?: \(v4/v6\))?: ?(\d{1,9})")
_END = ("Crypto Session Details", "Pending DMVPN Sessions")
_STATE = re.compile(r"[A-Z]{2,12}")
_SINCE = re.compile(r"never|\d+:\d\d:\d\d|(?:\d{1,6}[ywdhms])+")  # 00:14:09, 3w5d, 6d12h
_ATTRIBUTES = re.compile(r"(?:[A-Z]\d?)+")  # D, SC, IX, DT1: letters, some with a number
_ATTRIBUTE = re.compile(r"[A-Z]\d?")
_LABELLED_NBMA = re.compile(r"\d{1,6}\. ?Peer NBMA Address: ?(\S*)")
_LABELLED_TUNNEL = re.compile(r"Tunnel IPv[46] Address: ?(\S*)")
_LABELLED_STATUS = re.compile(r"# Ent: ?\d+, Status: ?([A-Z]{2,12}),(?:.{0,64}?Cache Attrib: ?(\S+))?")
_KINDS = {"S": "static", "D": "dynamic", "I": "incomplete"}
_UNKNOWN = "UNKNOWN"  # the NBMA address of an incomplete entry


def parse(section: Section) -> list[Fact]:
    """Every peer of the list, one fact per tunnel address, and how much of the list was seen.

    Rows of the attribute L are the router's own addresses, no peers, and left out. A masked address is None, and
    then the list does not count as whole, nor where a tunnel announces more peers than follow. Never raises.
    """
    reader = _Reader(section)
    for number, line in section.lines():
        text = line.strip()
        if text and not reader.past_peers and not is_preamble(text):
            reader.read(number, text)
    reader.end()
    # `peer nbma ADDRESS` limits the list as `peer ADDRESS` limits others; `peer tunnel` does so by overlay address.
    command = section.command.replace("peer nbma ", "peer ", 1)
    limits = scope(command, "show dmvpn", "peer")
    coverage = Coverage(
        at=section.whole_place,
        family="nhrp-peer",
        whole=reader.whole() and not (limits.narrowed or section.filtered or cut_by_pager(section)),
        toward=limits.toward,
    )
    return [*reader.facts, coverage]


class _Reader:
    """Reads the list line by line.

    Attributes:
        past_peers: the lists of peers are over, and crypto sessions follow.
    """

    def __init__(self, section: Section) -> None:
        self.facts: list[Fact] = []
        self.past_peers = False
        self._section = section
        self._torn_line = torn_line(section)
        self._head: bool | None = None
        self._torn = False
        self._interface: str | None = None
        self._count_expected = False  # the tunnel has not told its number of peers yet
        self._announced = self._seen = 0  # peers of the tunnel, by its own count and by ours
        self._nbma: str | None = None  # as printed, for the rows below it
        self._entries_left = 0  # rows that may still follow under it
        self._nbma_line: int | None = None  # where it stands alone, and its row is still to come
        self._tunnel: tuple[int, str] | None = None  # line and text, of the labelled form

    def read(self, number: int, text: str) -> None:
        """Take one line, stripped and not empty."""
        if self._head is None:
            self._head = text.startswith("Legend: Attrb")
        if text.startswith(_END):
            self.past_peers = True
            return
        block = _BLOCK.match(text)
        if block:
            self._end_block()
            self._interface = interface_name(block[1])
            self._count_expected = " admin" not in text  # `Tunnel1 is admin down` stands alone
        peers = _PEERS.match(text)
        if peers:
            self._count_expected, self._announced = False, int(peers[1])
        if not (block or peers or self._labelled(number, text)):
            self._row(number, text.split())

    def end(self) -> None:
        """Finish the list."""
        self._end_block()

    def whole(self) -> bool:
        """Whether the list was read from its legend to its end, with nothing lost between."""
        if not self._head or self._torn:
            return False
        # That there is no peer at all is too strong a claim for a text that may just end too early.
        return self.past_peers or self._section.closed or (bool(self.facts) and self._torn_line is None)

    def _end_block(self) -> None:
        self._torn |= self._count_expected or self._seen < self._announced
        self._torn |= self._nbma_line is not None or self._tunnel is not None
        self._count_expected, self._announced, self._seen = False, 0, 0
        self._nbma = self._nbma_line = self._tunnel = None
        self._entries_left = 0

    def _labelled(self, number: int, text: str) -> bool:
        """The form of IPv6 tunnels, a label a line; whether the line belongs to it."""
        if found := _LABELLED_NBMA.match(text):
            self._begin_peer(number, found[1], 1)
        elif found := _LABELLED_TUNNEL.match(text):
            self._tunnel = number, found[1]
        elif found := _LABELLED_STATUS.match(text):
            line, tunnel = self._tunnel or (number, "")
            self._add(self._nbma_line or line, number, tunnel, found[1], found[2] or "")
            self._tunnel = None
        else:
            return False
        return True

    def _row(self, number: int, words: list[str]) -> None:
        """`[entries NBMA] tunnel state since attributes [target]`, or `entries NBMA` where the NBMA is long."""
        at = next((i for i in range(1, min(len(words) - 1, 4)) if _is_state(words[i], words[i + 1])), None)
        if at is None:
            if len(words) == 2 and words[0].isdecimal() and canonical(words[1]) is not None:
                self._begin_peer(number, words[1], int(words[0][:9]))
            elif words[0].isdecimal():
                self._lose_row()
            return
        first = self._nbma_line or number
        if at == 3 and words[0].isdecimal():
            self._begin_peer(number, words[1], int(words[0][:9]))
            first = number
        elif at != 1:
            self._lose_row()
            return
        attributes = words[at + 2] if len(words) > at + 2 else ""
        self._add(first, number, words[at - 1], words[at], attributes)

    def _begin_peer(self, number: int, nbma: str, entries: int) -> None:
        self._torn |= self._nbma_line is not None  # the row of the one before is lost
        self._seen += 1
        self._nbma, self._nbma_line, self._entries_left = nbma, number, max(entries, 1)

    def _lose_row(self) -> None:
        self._torn = True
        self._entries_left = 0
        self._nbma = self._nbma_line = None  # what follows may belong to the peer that was lost

    def _add(self, line: int, last_line: int, tunnel: str, state: str, attributes: str) -> None:
        if self._entries_left == 0:
            self._lose_row()  # of the peer above this tunnel address, whose own line is lost
        self._entries_left -= 1
        nbma, self._nbma_line = self._nbma, None
        letters = _ATTRIBUTE.findall(attributes) if _ATTRIBUTES.fullmatch(attributes) else []
        kind = next((_KINDS[letter] for letter in letters if letter in _KINDS), None)
        if last_line == self._torn_line and attributes.endswith("I"):
            kind = None  # may have been I2, a temporary entry
        tunnel_address, address = canonical(tunnel), canonical(nbma or "")
        self._torn |= tunnel_address is None or (address is None and nbma != _UNKNOWN)
        if "L" in letters:
            return
        self.facts.append(
            NhrpPeer(
                at=self._section.place(line, last_line),
                interface=self._interface,
                tunnel_address=tunnel_address,
                nbma=address,
                kind=kind,
                natted="N" in letters,
                state=state,
            )
        )


def _is_state(word: str, after: str) -> bool:
    return _STATE.fullmatch(word) is not None and _SINCE.fullmatch(after) is not None
