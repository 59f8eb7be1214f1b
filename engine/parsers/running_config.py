"""A running-config (`show running-config`, `show startup-config`, a saved file, a pasted part).

::

    Building configuration...

    Current configuration : 5120 bytes
    !
    version 15.7
    service timestamps log datetime msec localtime show-timezone
    !
    hostname R1
    !
    clock timezone KST 9 0
    crypto isakmp invalid-spi-recovery
    !
    interface GigabitEthernet0/0
     ip address 192.0.2.1 255.255.255.0
     crypto map CM
    !
    end
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.evidence.source import Section
from engine.facts import ConfigInterface, Coverage, Fact, Hostname, RecoveryCommand, RunningConfig
from engine.parsers.config_crypto import Crypto, read_crypto
from engine.parsers.config_interfaces import Interface, read_interfaces
from engine.parsers.config_parts import Config
from engine.parsers.config_setups import setups
from engine.parsers.config_tree import Commands, Node, Tree, after, read_tree

__all__ = ["parse"]

# Lines that other software writes at the head of its configuration.
_HEAD_LINES = 200
_ASA_HEADS = ("ASA Version", "PIX Version", "FWSM Version", ": Saved")
# Of `show running-config`, `show startup-config` (`Using 5120 out of 262144 bytes`).
_HEADS = ("Building configuration", "Current configuration", "Using ")
# No place on earth is farther from UTC.
_MAX_HOURS = 14


def parse(section: Section) -> list[Fact]:
    """The facts of a configuration.

    In order: one Coverage and one RunningConfig, then Hostname and RecoveryCommand where there are such lines,
    a ConfigInterface for each interface, and a ConfigSetup for each setup. An ASA configuration gives only a
    Coverage that is not whole: the recovery command and its matrix are not about it.
    """
    lines = section.lines()
    tree = read_tree(lines)
    crypto = read_crypto(tree.roots)
    if _is_asa(lines, tree, crypto):
        return [Coverage(at=section.whole_place, family="running-config", whole=False)]
    whole = tree.ended and not section.filtered and _has_head(lines)
    coverage = Coverage(at=section.whole_place, family="running-config", whole=whole)
    if not tree.roots:
        return [coverage]
    config = Config(section, read_interfaces(tree.roots), crypto, whole=whole)
    settings = _Settings()
    for node in tree.roots:
        _COMMANDS.read(settings, node)
    return [
        coverage,
        *_global_facts(section, settings, crypto, whole=whole),
        *(_interface(section, i) for i in config.interfaces.values()),
        *setups(config),
    ]


class _Settings:
    """Global commands that concern the case; of repeated commands the last one counts."""

    def __init__(self) -> None:
        self.hostname: tuple[Node, str] | None = None
        self.recovery: Node | None = None
        self.version: str | None = None
        self.local: bool | None = None
        self.zone: bool | None = None
        self.offset: int | None = None


def _global_facts(section: Section, settings: _Settings, crypto: Crypto, *, whole: bool) -> Iterable[Fact]:
    name = settings.hostname[1] if settings.hostname else None
    yield RunningConfig(
        at=section.whole_place,
        hostname=name,
        whole=whole,
        version=settings.version,
        log_timestamps_local=settings.local,
        log_timestamps_zone=settings.zone,
        clock_offset_minutes=settings.offset,
        lifetime_seconds=crypto.lifetime.seconds if crypto.lifetime else None,
    )
    if settings.hostname and name:
        yield Hostname(at=section.place(settings.hostname[0].line), name=name, basis="configuration")
    if settings.recovery:
        yield RecoveryCommand(at=section.place(settings.recovery.line), enabled=not settings.recovery.negated)


def _interface(section: Section, interface: Interface) -> ConfigInterface:
    return ConfigInterface(
        at=section.place(interface.node.line),
        name=interface.name,
        addresses=tuple(interface.addresses),
        dynamic_address=interface.dynamic,
        vrf=interface.vrf,
        shutdown=interface.shutdown,
    )


def _has_head(lines: Sequence[tuple[int, str]]) -> bool:
    """Whether the text begins where a configuration begins; comments and exec time stamps may stand before it."""
    for _, text in lines:
        words = text.split()
        if not words or words[0][0] == "!":
            continue
        start = " ".join(words[:2])
        if start.startswith(_HEADS):
            return True
        if start in {"Load for", "Time source"}:
            continue
        return words[0] == "version" and len(words) == 2 and words[1][0].isdigit()
    return False


def _is_asa(lines: Sequence[tuple[int, str]], tree: Tree, crypto: Crypto) -> bool:
    if any(text.startswith(_ASA_HEADS) for _, text in lines[:_HEAD_LINES]):
        return True
    if any(child.words[0] == "nameif" for node in tree.roots for child in node.children):
        return True
    # `crypto map M 10 set peer A` on one line, and no entry with lines below it.
    entries = (e for m in crypto.maps.values() for e in m.entries.values())
    return crypto.asa_lines > 0 and not any(e.node.children for e in entries)


def _hostname(settings: _Settings, node: Node, rest: Sequence[str]) -> None:
    name = rest[0].strip('"') if rest and not node.negated else ""
    settings.hostname = (node, name) if name else None


def _version(settings: _Settings, _node: Node, rest: Sequence[str]) -> None:
    settings.version = rest[0] if rest and rest[0][0].isdigit() else None


def _recovery(settings: _Settings, node: Node, _rest: Sequence[str]) -> None:
    settings.recovery = node


def _timestamps(settings: _Settings, node: Node, rest: Sequence[str]) -> None:
    settings.local = not node.negated and any(after([w], "localtime") is not None for w in rest)
    settings.zone = not node.negated and any(after([w], "show-timezone") is not None for w in rest)


def _timezone(settings: _Settings, node: Node, rest: Sequence[str]) -> None:
    """`clock timezone NST -3 30`: the sign holds for the minutes too."""
    settings.offset = None
    hours, minutes = (*rest[1:3], "0", "0")[:2]
    if node.negated or len(rest) < 2 or not (hours.lstrip("+-").isdecimal() and minutes.isdecimal()):
        return
    amount = int(hours.lstrip("+-")[:3]) * 60 + int(minutes[:3])
    if amount <= _MAX_HOURS * 60:
        settings.offset = -amount if hours[0] == "-" else amount


_COMMANDS: Commands[_Settings] = Commands(
    {
        "version": _version,
        "hostname": _hostname,
        "crypto isakmp invalid-spi-recovery": _recovery,
        "service timestamps log": _timestamps,
        "clock timezone": _timezone,
    }
)
