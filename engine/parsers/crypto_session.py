"""`show crypto session`, plain or detailed, whole or toward one peer (`remote`): one entry per peer of IPsec.

    Crypto session current status

    Code: C - IKE Configuration mode, D - Dead Peer Detection
    ...
    Interface: Tunnel0
    Uptime: 00:14:09
    Session status: UP-ACTIVE
    Peer: 198.51.100.7 port 4500 fvrf: INET ivrf: (none)
          Phase1_id: 198.51.100.7
          Desc: (none)
      Session ID: 3
      IKEv2 SA: local 192.0.2.1/4500 remote 198.51.100.7/4500 Active
              Capabilities:DN connid:1 lifetime:23:45:51
      IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.7
            Active SAs: 2, origin: crypto map
            Inbound:  #pkts dec'ed 410 drop 0 life (KB/Sec) 4607998/2751
            Outbound: #pkts enc'ed 349 drop 0 life (KB/Sec) 4607999/2751

    Interface: Tunnel1
    Session status: UP-NO-IKE
    Peer: 198.51.100.8 port 500 fvrf: (none) ivrf: (none)
          Desc: (none)
          Phase1_id: (none)
      IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.8
      ...

Known from published captures of IOS 12.4 to IOS XE 17 and from the command reference: old releases print `IKE SA:`
without a version, a session may list several IKE SAs, IPv6 ends stand on two lines (`local` and `remote`), a stale
session has `Interface: (unknown)` (CSCvd69373). The `brief` and `summary` forms print other tables.
"""

from __future__ import annotations

import re

from engine.evidence.source import Section
from engine.facts import Coverage, Fact, Session
from engine.parsers.addresses import canonical
from engine.parsers.listing import cut_by_pager, is_preamble, scope, torn_line
from engine.parsers.names import interface_name

__all__ = ["parse"]

_COMMAND = "show crypto session"
_OTHER_TABLES = ("brief", "summary")
_IKE_SA = re.compile(r"IKE(v[12])? SA:\s*(.*)")
# The first letters only count where `connid:` shows that none of them is cut off.
_CAPABILITIES = re.compile(r"Capabilities:\s*(\(none\)|[A-Za-z]{0,16})\s+connid:")
_PEER = re.compile(r"Peer:\s*(\S+)(?: port (\d{1,5})\b)?")
_SLASHED_PORT = re.compile(r"\S+/(\d{1,5})")
_VRF = re.compile(r"\b([fi])vrf:\s*(\S+)")
_IKE_STATES = frozenset({"Active", "Inactive"})
_NO_IKE = "UP-NO-IKE"
_WITH_IKE = frozenset({"UP-ACTIVE", "UP-IDLE"})  # by the command reference: an IKE SA is active


def parse(section: Section) -> list[Fact]:
    """Every IKE SA of every session, every session without one, and how much of the list was seen.

    That a session has no IKE SA is only said where the text goes on after the place where it would stand, where
    no filter may have taken it, and where the status allows it; UP-NO-IKE says so itself. A session with a masked
    peer is kept, and then the list does not count as whole. Nothing at all is read from the `brief` and `summary`
    forms. Never raises.
    """
    if _prints_another_table(section.command):
        return []
    reader = _Reader(section)
    for number, line in section.lines():
        text = line.strip()
        if text and not is_preamble(text):
            reader.read(number, text)
    reader.end()
    limits = scope(section.command, _COMMAND, "remote")
    coverage = Coverage(
        at=section.whole_place,
        family="session",
        whole=reader.whole() and not (limits.narrowed or section.filtered or cut_by_pager(section)),
        toward=limits.toward,
    )
    return [*reader.facts, coverage]


def _prints_another_table(command: str) -> bool:
    rest = command.lower().removeprefix(_COMMAND).split()
    return command.lower().startswith(_COMMAND) and any(
        len(word) > 1 and any(table.startswith(word) for table in _OTHER_TABLES) for word in rest[:1]
    )


class _Ike:
    """An IKE SA whose lines are being read."""

    def __init__(self, line: int, version: str | None) -> None:
        self.last_line = line
        self.version = version
        self.words: list[str] = []  # after `IKE SA:`, over two lines for IPv6
        self.capabilities: str | None = None

    def active(self) -> bool | None:
        """Whether its state is Active; None where the line broke off before the state."""
        state = self.words[-1] if self.words else ""
        return state == "Active" if state in _IKE_STATES else None


class _Session:
    """A session whose lines are being read."""

    def __init__(self, line: int, interface: str | None, status: str | None = None) -> None:
        self.line = line
        self.last_line = line  # of what stands before its IKE SAs
        self.interface = interface
        self.status = status
        self.peer: str | None = None
        self.port: int | None = None
        self.peer_seen = False
        self.vrfs: dict[str, str | None] = {}
        self.ikes: list[_Ike] = []
        self.detailed = False
        self.past_ike = False  # the place of the IKE SAs is behind us
        self.ended = False  # what was read last can be its last line


class _Reader:
    """Reads the list line by line; a session is open until the next one begins."""

    def __init__(self, section: Section) -> None:
        self.facts: list[Fact] = []
        self._section = section
        self._torn_line = torn_line(section)
        self._head: bool | None = None
        self._torn = False
        self._session: _Session | None = None

    def read(self, number: int, text: str) -> None:
        """Take one line, stripped and not empty."""
        if self._head is None:
            self._head = text.startswith(("Crypto session current status", "Code: C - IKE"))
        ike = _IKE_SA.match(text)
        if self._session is not None and self._lacks_a_heading(text, self._session):
            self._torn = True
            self._end_session()
            self._session = None if ike else _Session(number, None)
        if text.startswith("Interface:"):
            self._begin(number, text.removeprefix("Interface:").split())
        elif self._session is None:
            self._torn |= ike is not None or text.startswith(("Session status:", "Peer:"))
        elif text.startswith("Session status:"):
            words = text.removeprefix("Session status:").split()
            self._session.status = words[0] if words else None
            self._session.last_line = number
        elif text.startswith("Peer:"):
            self._peer(number, text, self._session)
        elif ike:
            self._ike(number, ike, self._session)
        else:
            self._detail(number, text, self._session)

    def end(self) -> None:
        """Finish the list."""
        session = self._session
        if session is not None:
            self._torn |= not (session.ended or self._section.closed)
            session.past_ike |= self._section.closed
        self._end_session()

    def whole(self) -> bool:
        """Whether the list was read from its head to its end, with nothing lost between."""
        if not self._head or self._torn:
            return False
        # That there is no session at all is too strong a claim for a text that may just end too early.
        return self._section.closed or (bool(self.facts) and self._torn_line is None)

    @staticmethod
    def _lacks_a_heading(text: str, session: _Session) -> bool:
        """Whether a line belongs to a session whose first lines are lost, not to this one."""
        if text.startswith("Session status:"):
            return session.status is not None
        return session.past_ike and _IKE_SA.match(text) is not None

    def _begin(self, number: int, words: list[str]) -> None:
        if self._session is not None:
            self._session.past_ike = True
        self._end_session()
        name = interface_name(words[0]) if len(words) == 1 else " ".join(words)
        self._session = _Session(number, None if name in {"", "(unknown)"} else name)

    def _peer(self, number: int, text: str, session: _Session) -> None:
        """`Peer: A port P [fvrf: V ivrf: V]`; old releases print `A/P`."""
        if session.peer_seen:  # another peer of the same interface, without a heading of its own
            session.past_ike = True
            self._end_session()
            session = self._session = _Session(number, session.interface, session.status)
        session.peer_seen = True
        session.last_line = number
        found = _PEER.match(text)
        if found:
            port = found[2] or (m[1] if (m := _SLASHED_PORT.fullmatch(found[1])) else None)
            session.peer = canonical(found[1])
            session.port = int(port) if port else None
        session.vrfs = {m[1]: None if m[2] == "(none)" else m[2] for m in _VRF.finditer(text)}
        session.detailed = "f" in session.vrfs

    def _ike(self, number: int, found: re.Match[str], session: _Session) -> None:
        ike = _Ike(number, f"ike{found[1]}" if found[1] else None)
        ike.words = found[2].split()
        session.ikes.append(ike)
        session.ended = ike.active() is not None and not session.detailed

    def _detail(self, number: int, text: str, session: _Session) -> None:
        """A line between or after the IKE SAs."""
        ike = session.ikes[-1] if session.ikes else None
        if text.startswith("remote ") and ike is not None and ike.active() is None:
            ike.words += text.split()
            ike.last_line = number
            session.ended = ike.active() is not None and not session.detailed
        elif text.startswith("Capabilities:") and ike is not None:
            found = _CAPABILITIES.match(text)
            session.ended = found is not None
            if found:
                ike.capabilities = "" if found[1] == "(none)" else found[1]
                ike.last_line = number
        elif text.startswith("IPSEC FLOW:"):
            session.past_ike, session.ended = True, False
        elif text.startswith("Active SAs:"):
            session.ended = not session.detailed
        elif text.startswith("Outbound:"):
            session.ended = True

    def _end_session(self) -> None:
        session = self._session
        self._session = None
        if session is None:
            return
        self._torn |= session.peer is None or session.status is None
        if session.status is None or not session.peer_seen:
            return
        for ike in session.ikes:
            if ike.active() is None:
                self._torn = True
            else:
                self._add(session, session.status, ike)
        if session.ikes:
            return
        lost = session.status in _WITH_IKE or (self._section.filtered and session.status != _NO_IKE)
        if session.past_ike and not lost:
            self._add(session, session.status, None)
        else:
            self._torn = True

    def _add(self, session: _Session, status: str, ike: _Ike | None) -> None:
        last_line = ike.last_line if ike is not None else session.last_line
        self.facts.append(
            Session(
                at=self._section.place(session.line, last_line),
                interface=session.interface,
                status=status,
                peer=session.peer,
                port=session.port,
                fvrf=session.vrfs.get("f"),
                ivrf=session.vrfs.get("i"),
                ike=ike.version if ike is not None else None,
                active=ike.active() if ike is not None else None,
                capabilities=ike.capabilities if ike is not None else None,
            )
        )
