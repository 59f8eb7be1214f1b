"""`show crypto isakmp sa` and `show crypto isakmp sa detail`: the IKE SAs of IKEv1.

    IPv4 Crypto ISAKMP SA
    dst             src             state          conn-id status
    192.0.2.1       198.51.100.7    QM_IDLE           1009 ACTIVE
    192.0.2.1       198.51.100.8    MM_NO_STATE       1008 ACTIVE (deleted)

    IPv6 Crypto ISAKMP SA

     dst: 2001:DB8::1
     src: 2001:DB8::7
     state: QM_IDLE         conn-id:   1010 status: ACTIVE

    C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.

    1009  192.0.2.1       198.51.100.7    RED    ACTIVE aes  sha    psk  16 23:01:47 D
           Engine-id:Conn-id =  SW:9

Known from published captures: old releases print no heading and a `slot` column, a redundant pair prints STDBY,
some releases print IPv6 rows as columns too. `dst` is the responder, so it is neither local nor remote.
"""

from __future__ import annotations

import re

from engine.evidence.source import Section
from engine.facts import Coverage, Fact, IkeSa
from engine.parsers.addresses import canonical
from engine.parsers.listing import IkeList, cut_by_pager, is_preamble, scope

__all__ = ["parse"]

# QM_IDLE, MM_NO_STATE, AG_INIT_EXCH, CONF_XAUTH, GDOI_IDLE
_STATE = re.compile(r"[A-Z]+_[A-Z0-9_]+")
_STATUS = frozenset({"ACTIVE", "STDBY", "STANDBY"})
_DELETED = "(deleted)"
_LIFETIME = re.compile(r"\d+:\d\d:\d\d")


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
    limits = scope(section.command, "show crypto isakmp sa", "peer")
    coverage = Coverage(
        at=section.whole_place,
        family="isakmp-sa",
        whole=reader.list.whole(rows=bool(reader.facts))
        and not (limits.narrowed or section.filtered or cut_by_pager(section)),
        toward=limits.toward,
    )
    return [*reader.facts, coverage]


class _Row:
    """A row that is being read: one line, or several where addresses are long."""

    def __init__(self, line: int, last_line: int, ends: list[str], state: str, status: list[str]) -> None:
        self.line = line
        self.last_line = last_line
        self.ends = ends
        self.state = state
        self.status = status  # its words, "(deleted)" among them
        self.sides_known = False  # Local and Remote, not dst and src
        self.established = state.startswith("QM_")
        self.engine_line = False


class _Reader:
    """Reads the list line by line; a row is open until the next one begins."""

    def __init__(self, section: Section) -> None:
        self.facts: list[Fact] = []
        self._section = section
        self.list = IkeList(section, "ISAKMP")
        self._status_column = True
        self._row: _Row | None = None
        self._engine_lines = False
        self._started: list[str] = []  # words of a row that goes on in a later line
        self._started_at = 0

    def read(self, number: int, text: str) -> None:
        """Take one line, stripped and not empty."""
        words = text.split()
        if self._is_heading(words, text):
            self._drop_start()
        elif text.startswith("Engine-id:Conn-id"):
            self._engine_line(number, text)
        elif words[0] in {"dst:", "src:", "state:"}:
            self._labelled(number, words)
        else:
            self._columns(number, words)

    def end(self) -> None:
        """Finish the list."""
        if self._row is not None and self._engine_lines and not self._row.engine_line:
            self.list.torn = True
        self._end_row()
        self._drop_start()

    def _is_heading(self, words: list[str], text: str) -> bool:
        if self.list.is_heading(text):
            return True
        plain = words[:4] == ["dst", "src", "state", "conn-id"]
        if plain:
            self._status_column = "status" in words
        if plain or words[:3] == ["C-id", "Local", "Remote"]:
            self.list.begin(at_the_head=True)
            return True
        return False

    def _columns(self, number: int, words: list[str]) -> None:
        """A row of columns, or the beginning of one whose addresses are too long for them."""
        joined = [*self._started, *words]
        if self._plain(number, joined) or self._detailed(number, joined):
            return
        if self._started and _is_start(joined):
            self._started = joined
            return
        if self._started:
            self._drop_start()
            if self._plain(number, words) or self._detailed(number, words):
                return
        if _is_start(words):
            self._started, self._started_at = words, number

    def _plain(self, number: int, words: list[str]) -> bool:
        """`dst src state conn-id [slot] status`."""
        if len(words) < 4 or not _STATE.fullmatch(words[2]) or not words[3].isdecimal():
            return False
        slot = len(words) > 4 and words[4].isdecimal()
        self._add(number, words[:2], words[2], words[5 if slot else 4 :])
        return True

    def _detailed(self, number: int, words: list[str]) -> bool:
        """`C-id Local Remote [I-VRF] Status Encr Hash Auth DH Lifetime Cap.`."""
        if len(words) < 4 or not words[0].isdecimal():
            return False
        at = next((i for i in (3, 4) if i < len(words) and words[i] in _STATUS), None)
        if at is None:
            return False
        row = self._add(number, words[1:3], words[at], [words[at]] + [_DELETED] * (_DELETED in words))
        row.sides_known = True
        # This list prints no state; an SA that is still being negotiated shows in its lifetime, which is 0.
        row.established = any(map(_LIFETIME.fullmatch, words[at + 1 :]))
        self.list.torn |= not (row.established or "0" in words[at + 1 :])
        return True

    def _labelled(self, number: int, words: list[str]) -> None:
        """IPv6, a label a line: `dst: A`, `src: B`, `state: QM_IDLE conn-id: 1001 [slot: 0] status: ACTIVE`."""
        if words[0] == "dst:":
            self._drop_start()
        if not self._started:
            self._started_at = number
        if words[0] != "state:":
            self._started = [*self._started, *words[:2]]
            return
        if self._started[::2] == ["dst:", "src:"] and len(self._started) == 4 and len(words) > 1:
            status = words[words.index("status:") + 1 :] if "status:" in words else []
            self._add(number, self._started[1::2], words[1], status)
        else:
            self.list.torn = True
            self._started = []

    def _add(self, number: int, ends: list[str], state: str, status: list[str]) -> _Row:
        self._end_row()
        self.list.begin(at_the_head=False)
        self._row = _Row(self._started_at if self._started else number, number, ends, state, status)
        self._started = []
        return self._row

    def _engine_line(self, number: int, text: str) -> None:
        self._engine_lines = True
        if self._row is None or self._row.engine_line:
            self.list.torn = True  # the row that this line belongs to is lost
        else:
            self._row.engine_line = True
            self._row.last_line = number
            if _DELETED in text and _DELETED not in self._row.status:
                self._row.status.append(_DELETED)

    def _drop_start(self) -> None:
        self.list.torn |= bool(self._started)
        self._started = []

    def _end_row(self) -> None:
        row = self._row
        self._row = None
        if row is None:
            return
        ends = [canonical(end) for end in row.ends]
        readable = tuple(end for end in ends if end is not None)
        broken = self._status_column and not _STATUS.intersection(row.status)
        self.list.torn |= broken or len(readable) < 2
        if broken and row.last_line == self.list.torn_line:
            return  # what follows the state decides whether the SA lives, and the text breaks off before it
        status = " ".join(row.status) or None
        self.facts.append(
            IkeSa(
                at=self._section.place(row.line, row.last_line),
                ike="ikev1",
                ends=readable,
                local=ends[0] if row.sides_known else None,
                peer=ends[1] if row.sides_known else None,
                state=row.state,
                status=status,
                # A release without the status column prints `(deleted)` there, or nothing.
                up=row.established and (status == "ACTIVE" or not (status or self._status_column)),
            )
        )


def _is_start(words: list[str]) -> bool:
    addresses = words[1:] if words[0].isdecimal() else words
    return 1 <= len(addresses) <= 2 and all(canonical(word) is not None for word in addresses)
