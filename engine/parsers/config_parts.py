"""What every reader of setups needs: the parts of a configuration, and the making of one `ConfigSetup`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.evidence.source import Section
from engine.facts import ConfigSetup, MapPeer
from engine.parsers.addresses import canonical
from engine.parsers.config_crypto import Crypto
from engine.parsers.config_ike import Agreement
from engine.parsers.config_interfaces import Interface, Line
from engine.parsers.config_tree import Node

__all__ = ["Config", "Local", "make_setup", "peer", "peers"]


class Config:
    """A configuration taken apart.

    Attributes:
        whole: seen from head to `end`, unfiltered.
        filtered: lines may be missing in the middle, so that a missing line tells nothing.
        holders: the interfaces that have an address.
    """

    __slots__ = ("crypto", "filtered", "holders", "interfaces", "section", "whole")

    def __init__(
        self, section: Section, interfaces: dict[str, Interface], crypto: Crypto, *, whole: bool
    ) -> None:
        self.section = section
        self.interfaces = interfaces
        self.crypto = crypto
        self.whole = whole
        self.filtered = section.filtered
        self.holders: dict[str, list[Interface]] = {}
        for interface in interfaces.values():
            for address in interface.addresses:
                self.holders.setdefault(address, []).append(interface)


class Local:
    """Where a setup receives: own addresses, whether they are all that can be told, and the state of the port."""

    __slots__ = ("addresses", "any_local", "up")

    def __init__(self, addresses: Sequence[str], *, any_local: bool = False, up: bool = True) -> None:
        self.addresses = tuple(addresses)
        self.any_local = any_local or not self.addresses
        self.up = up


def peer(section: Section, line: Line, *, at_word: int = 0, tunnel_address: str | None = None) -> MapPeer:
    """The peer that one argument word of a line names: a canonical address, or a host name as written."""
    word = line.rest[at_word]
    return MapPeer(canonical(word) or word, section.place(line.node.line), tunnel_address)


def peers(section: Section, lines: Iterable[Line]) -> tuple[MapPeer, ...]:
    """The peers of several lines, each address once."""
    found: dict[str, MapPeer] = {}
    for line in lines:
        named = peer(section, line)
        found.setdefault(named.address, named)
    return tuple(found.values())


def make_setup(
    config: Config,
    kind: str,
    at: Node,
    *,
    interface: str | None,
    name: str | None,
    local: Local,
    agreement: Agreement,
    vrf: str | None,
    applied: bool,
    named: Sequence[MapPeer] = (),
    lines: Iterable[Line | Node | None] = (),
) -> ConfigSetup:
    """One setup fact, with the lines that make it what it is in the order of the text."""
    numbers = {(line.node if isinstance(line, Line) else line).line for line in lines if line is not None} | {
        p.at.line for p in named
    }
    numbers.discard(at.line)
    return ConfigSetup(
        at=config.section.place(at.line),
        kind=kind,
        interface=interface,
        name=name,
        peers=tuple(named),
        local=local.addresses,
        any_local=local.any_local,
        ike=agreement.ike,
        dpd=agreement.dpd,
        vrf=vrf,
        applied=applied and local.up,
        lifetime_seconds=agreement.lifetime.seconds if agreement.lifetime else None,
        idle_seconds=agreement.idle.seconds if agreement.idle else None,
        places=tuple(config.section.place(n) for n in sorted(numbers)),
        lifetime_at=config.section.place(agreement.lifetime.node.line) if agreement.lifetime else None,
        idle_at=config.section.place(agreement.idle.node.line) if agreement.idle else None,
    )
