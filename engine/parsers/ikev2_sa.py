"""`show crypto ikev2 sa` and `show crypto ikev2 sa detailed`: the IKE SAs of IKEv2.

    IPv4 Crypto IKEv2  SA

    Tunnel-id Local                 Remote                fvrf/ivrf            Status
    3         192.0.2.1/4500        198.51.100.7/4500     INET/none            READY
          Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:19, Auth sign: PSK, Auth verify: PSK
          Life/Active Time: 86400/735 sec
          DPD configured for 60 seconds, retry 3

    IPv6 Crypto IKEv2  SA

    Tunnel-id    fvrf/ivrf              Status
    1          none/none             READY
    Local  2001:DB8::1/500
    Remote  2001:DB8::7/500
          Life/Active Time: 86400/218 sec

Known from published captures of IOS 15 and IOS XE. `show crypto ikev2 session` prints the same rows among its
child SAs; they are read, but its headings are others and the list then never counts as whole.
"""

from __future__ import annotations

import re

from engine.evidence.source import Section
from engine.facts import Coverage, Fact, IkeSa
from engine.parsers.addresses import canonical
from engine.parsers.listing import IkeList, cut_by_pager, is_preamble, scope

__all__ = ["parse"]

_SESSION = re.compile(r"IPv[46] Crypto IKEv2 +Session")
_ACTIVE_TIME = re.compile(r"Life/Active Time:\s*\d+/(\d{1,12}) sec\b")
_DPD = re.compile(r"DPD configured for (\d{1,9}) seconds\b")
# What `show crypto ikev2 sa` is known to print as a status; a cut-off line must end with one of them.
_STATES = frozenset({"READY", "DELETE", "IN-NEG"})


def parse(section: Section) -> list[Fact]:
    """Every IKE SA of the list, in its order, and how much of the list was seen.

    A row with a masked address keeps the addresses that can be read, and then the list does not count as whole:
    the peer that seems to be missing may be the masked one. Never raises.
    """
    reader = _Reader(section)
    for number, line in section.lines():
        text = line.strip()
        if text and not is_preamble(text):
            reader.read(number, text)
    reader.end()
    limits = scope(section.command, "show crypto ikev2 sa", "remote")
    coverage = Coverage(
        at=section.whole_place,
        family="ikev2-sa",
        whole=reader.list.whole(rows=bool(reader.facts))
        and not (limits.narrowed or section.filtered or cut_by_pager(section)),
        toward=limits.toward,
    )
    return [*reader.facts, coverage]


class _Row:
    """An SA whose lines are being read."""

    def __init__(self, line: int, sides: dict[str, str], vrfs: str, state: str) -> None:
        self.line = line
        self.last_line = line
        self.sides = sides  # "Local" and "Remote", as printed
        self.vrfs = vrfs
        self.state = state
        self.dpd_seconds: int | None = None
        self.age_seconds: int | None = None
        self.ended = False  # its last certain line was seen


class _Reader:
    """Reads the list line by line; a row is open until the next one begins."""

    def __init__(self, section: Section) -> None:
        self.facts: list[Fact] = []
        self._section = section
        self.list = IkeList(section, "IKEv2")
        self._detailed = " detail" in section.command.lower()
        self._row: _Row | None = None
        self._row_expected = False  # its column headings were the last that was seen

    def read(self, number: int, text: str) -> None:
        """Take one line, stripped and not empty."""
        words = text.split()
        if self._is_heading(text):
            self._end_row()
        elif words[0].isdecimal():
            self._begin_row(number, words)
        elif words[0] in {"Local", "Remote"} and len(words) == 2:
            self._side(number, words[0], words[1])
        elif text.startswith("Life/Active Time"):
            self._active_time(text)
        elif text.startswith(("DPD configured", "Initiator of SA", "Status Description")):
            self._detail(text)

    def end(self) -> None:
        """Finish the list."""
        row_missing = self._row is None and self._row_expected and not self._section.closed
        if row_missing or (self._row is not None and not self._row.ended):
            self.list.torn = True
        self._end_row()

    def _end_row(self) -> None:
        row = self._row
        self._row = None
        if row is None:
            return
        local, peer = (canonical(row.sides.get(side, "")) for side in ("Local", "Remote"))
        ends = tuple(end for end in (local, peer) if end is not None)
        self.list.torn |= len(ends) < 2
        vrf = row.vrfs.partition("/")[0]
        self.facts.append(
            IkeSa(
                at=self._section.place(row.line, row.last_line),
                ike="ikev2",
                ends=ends,
                local=local,
                peer=peer,
                state=row.state,
                status=None,
                up=row.state == "READY",
                vrf=None if vrf in {"", "none", "(none)"} else vrf,
                dpd_seconds=row.dpd_seconds,
                age_seconds=row.age_seconds,
            )
        )

    def _is_heading(self, text: str) -> bool:
        if self.list.is_heading(text):
            self._row_expected = False
            return True
        if text.startswith("Tunnel-id"):
            self._row_expected = True
            self.list.begin(at_the_head=True)
        elif _SESSION.fullmatch(text):
            self.list.begin(at_the_head=False)
        else:
            return False
        return True

    def _begin_row(self, number: int, words: list[str]) -> None:
        """`id local remote fvrf/ivrf status`, or `id fvrf/ivrf status` where the addresses follow (IPv6)."""
        if len(words) >= 5 and "/" in words[3]:
            sides = {"Local": words[1], "Remote": words[2]}
        elif len(words) == 3 and "/" in words[1] and canonical(words[1]) is None:
            sides = {}
        else:
            return
        self._end_row()
        self._row_expected = False
        self.list.begin(at_the_head=False)
        vrfs, state = words[len(sides) + 1 : len(sides) + 3]
        if number == self.list.torn_line and state not in _STATES:
            self.list.torn = True
            return
        self._row = _Row(number, sides, vrfs, state)

    def _side(self, number: int, side: str, address: str) -> None:
        # A port behind the address shows that it did not break off in the middle.
        if (
            self._row is not None
            and side not in self._row.sides
            and (number != self.list.torn_line or "/" in address)
        ):
            self._row.sides[side] = address
            self._row.last_line = number

    def _active_time(self, text: str) -> None:
        time = _ACTIVE_TIME.search(text)
        if self._row is None or self._row.age_seconds is not None:
            self.list.torn = True  # the row that this line belongs to is lost
        elif time:
            self._row.age_seconds = int(time[1])
            self._row.ended = not self._detailed

    def _detail(self, text: str) -> None:
        """Lines of the detailed list only; `Initiator of SA` is the last that every SA has."""
        self._detailed = True
        if self._row is None:
            return
        self._row.ended = text.startswith("Initiator of SA")
        if dpd := _DPD.match(text):
            self._row.dpd_seconds = int(dpd[1])
