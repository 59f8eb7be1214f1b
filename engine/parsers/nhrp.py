"""`show ip nhrp` and `show ipv6 nhrp`, plain, detailed or brief: the NHRP cache.

    203.0.113.7/32 via 203.0.113.7
       Tunnel0 created 00:14:09, expire 00:05:50
       Type: dynamic, Flags: unique registered used nhop
       NBMA address: 198.51.100.7
        (Claimed NBMA address: 192.0.2.7)
    203.0.113.1/32 via 203.0.113.1
       Tunnel0 created 3w5d, never expire
       Type: static, Flags: used
       NBMA address: 198.51.100.1
    203.0.113.9/32, Tunnel0 created 00:00:12, expire 00:02:48
       Type: incomplete, Flags: negative
       Cache hits: 4

`show ip nhrp brief`, in its older and in its newer form:

       Target             Via            NBMA           Mode   Intfc   Claimed
        203.0.113.7/32 203.0.113.7     198.51.100.7    dynamic  Tu0     < 192.0.2.7 >

    Intf     NextHop Address                                    NBMA Address
             Target Network                              T/Flag
    -------- ------------------------------------------- ------ ----------------
    Tu0      203.0.113.7                                        198.51.100.7
             203.0.113.7/32                              D/rc

Known from published captures and from the command reference. An entry says what it leads to; the peer is its next
hop (`via`). `NBMA address` is where the peer is reached, `Claimed NBMA address` where it believes to be: it is
behind NAT. The flag `nat` only says that it understands the NAT extension.
"""

from __future__ import annotations

import re

from engine.evidence.source import Section
from engine.facts import Coverage, Fact, NhrpPeer
from engine.parsers.addresses import canonical
from engine.parsers.listing import cut_by_pager, is_preamble, scope, torn_line
from engine.parsers.names import interface_name

__all__ = ["parse"]

_BASES = ("show ip nhrp", "show ipv6 nhrp")
# What these print is no cache.
_OTHER_OUTPUTS = ("group", "group-map", "multicast", "nhs", "redirect", "stats", "summary", "traffic")
_KINDS = {"static": "static", "dynamic": "dynamic", "incomplete": "incomplete", "S": "static", "D": "dynamic"}
_TYPE = re.compile(r"Type:\s*([A-Za-z]+)\b")
_BRIEF_FLAGS = re.compile(r"([SD])(?:/([a-z]*))?")
_BRIEF_HEADS = ("Target ", "Intf ")
_INTERFACE_WIDTH = 7  # the brief form cuts longer names off


def parse(section: Section) -> list[Fact]:
    """Every entry of the cache, and how much of it was seen.

    Entries with the flag `local` are the router's own addresses, no peers, and left out. The brief form never
    counts as whole: it does not show incomplete entries. Of commands that print no cache (`show ip nhrp nhs`,
    `traffic`, `summary`, ...) nothing is read, and nothing is claimed. Never raises.
    """
    words = section.command.lower().split()
    argument = words[3] if len(words) > 3 else ""
    if len(argument) > 1 and any(other.startswith(argument) for other in _OTHER_OUTPUTS):
        return []
    reader = _Reader(section)
    for number, line in section.lines():
        text = line.strip()
        if text and not is_preamble(text):
            reader.read(number, text)
    reader.end()
    # An address after the command is the one to be resolved, not that of a peer.
    narrowed = all(scope(section.command, base, "").narrowed for base in _BASES)
    coverage = Coverage(
        at=section.whole_place,
        family="nhrp-peer",
        whole=reader.whole() and not (narrowed or section.filtered or cut_by_pager(section)),
    )
    return [*reader.facts, coverage]


class _Entry:
    """An entry whose lines are being read."""

    def __init__(self, line: int, address: str, interface: str | None) -> None:
        self.line = line
        self.last_line = line
        self.address = address  # of the next hop, as printed
        self.interface = interface
        self.typed = False
        self.kind: str | None = None
        self.local = False
        self.nbma: str | None = None
        self.natted = False

    @property
    def whole(self) -> bool:
        return self.kind is not None and (self.nbma is not None or self.kind == "incomplete")


class _Reader:
    """Reads the cache line by line; an entry is open until the next one begins."""

    def __init__(self, section: Section) -> None:
        self.facts: list[Fact] = []
        self._section = section
        self._torn_line = torn_line(section)
        self._head: bool | None = None
        self._torn = self._brief = False
        self._entry: _Entry | None = None
        self._hop: tuple[int, list[str]] | None = None  # of the newer brief form: interface, next hop, NBMA

    def read(self, number: int, text: str) -> None:
        """Take one line, stripped and not empty."""
        words = text.split()
        entry = _begin(number, words)
        if self._head is None:
            self._head = entry is not None
        self._brief |= text.startswith(_BRIEF_HEADS)
        if entry is not None:
            self._end_entry()
            self._entry = entry
        elif self._entry is not None:
            self._continue(number, words, self._entry)
        elif number != self._torn_line:
            self._short(number, words)

    def end(self) -> None:
        """Finish the cache."""
        self._torn |= self._torn_line is not None
        self._end_entry()

    def whole(self) -> bool:
        """Whether the cache was read from its first entry to its end, with nothing lost between."""
        if self._head is None:
            return self._section.closed  # an empty cache prints nothing
        return self._head and not self._torn and not self._brief

    def _continue(self, number: int, words: list[str], entry: _Entry) -> None:
        """`Tunnel0 created ...`, `Type: ..., Flags: ...`, `NBMA address: ...`, `(Claimed NBMA address: ...)`."""
        text = " ".join(words)
        if _is_another(words, text, entry):
            self._torn = True  # its first line is lost
            self._end_entry()
            return
        if "created" in words[1:3]:
            entry.interface = _interface(words)
        elif text.startswith("Type:") and number != self._torn_line:
            found = _TYPE.match(text)
            entry.typed, entry.kind = True, _KINDS.get(found[1]) if found else None
            entry.local = "local" in text.partition("Flags:")[2].split()
        elif text.startswith("NBMA address:") and number != self._torn_line:
            entry.nbma = text.removeprefix("NBMA address:").strip()
        elif text.startswith("(Claimed NBMA address:"):
            entry.natted = True
        else:
            return
        entry.last_line = number

    def _end_entry(self) -> None:
        entry = self._entry
        self._entry = None
        if entry is None:
            return
        self._torn |= not entry.whole
        if entry.typed and not entry.local:
            self._add(entry)

    def _short(self, number: int, words: list[str]) -> None:
        """A line of the brief forms."""
        at = next((i for i in range(1, min(len(words), 4)) if words[i] in _KINDS and len(words[i]) > 1), None)
        if at is not None and canonical(words[0]) is not None and len(words) > at + 1:
            entry = _Entry(number, words[1] if at > 1 else words[0], _short_name(words[at + 1]))
            entry.kind = _KINDS[words[at]]
            entry.nbma = words[2] if at == 3 else None
            entry.natted = any(canonical(word.strip("<>")) is not None for word in words[at + 2 :])
            self._add(entry)
        elif len(words) == 3 and words[0][0].isalpha() and canonical(words[1]) is not None:
            self._hop = number, words
        elif self._hop is not None and len(words) == 2 and canonical(words[0]) is not None:
            flags = _BRIEF_FLAGS.fullmatch(words[1])
            line, (interface, hop, nbma) = self._hop
            if flags:
                entry = _Entry(line, hop, _short_name(interface))
                entry.last_line, entry.kind, entry.nbma = number, _KINDS[flags[1]], nbma
                entry.natted = "c" in (flags[2] or "")
                self._add(entry)

    def _add(self, entry: _Entry) -> None:
        address, nbma = canonical(entry.address), canonical(entry.nbma or "")
        self._torn |= address is None or (nbma is None and entry.nbma is not None)
        self.facts.append(
            NhrpPeer(
                at=self._section.place(entry.line, entry.last_line),
                interface=entry.interface,
                tunnel_address=address,
                nbma=nbma,
                kind=entry.kind,
                natted=entry.natted,
                state=None,
            )
        )


def _begin(number: int, words: list[str]) -> _Entry | None:
    """An entry, where the line is the first of one.

    `A/32 via B`, `A/32 via B, Tunnel0 created ...`, `A/32 (VRF) via B`, `A/32`, `A/32, Tunnel0 created ...`; and of
    old releases `A 255.255.255.255, Tunnel0 created ...`. The target may be masked, but has its prefix length.
    """
    target = words[0].rstrip(",")
    if canonical(target) is None and "/" not in target:
        return None
    interface = _interface(words)
    if "via" in words[1:3]:
        at = words.index("via", 1) + 1
        return _Entry(number, words[at].rstrip(",") if at < len(words) else "", interface)
    if interface is not None or (len(words) == 1 and canonical(target) is not None and "/" in target):
        return _Entry(number, target, interface)
    return None


def _is_another(words: list[str], text: str, entry: _Entry) -> bool:
    """Whether a line cannot belong to this entry, which is past lines of its kind."""
    if text.startswith("Type:") or "created" in words[1:3]:
        return entry.typed
    return text.startswith("NBMA address:") and (entry.nbma is not None or not entry.typed)


def _interface(words: list[str]) -> str | None:
    """The interface before `created`, which old releases print in two words."""
    at = words.index("created") if "created" in words else 0
    if not at:
        return None
    name = words[at - 1]
    return interface_name(words[at - 2] + name if name.isdecimal() and at > 1 else name)


def _short_name(name: str) -> str | None:
    return interface_name(name) if len(name) < _INTERFACE_WIDTH else None
