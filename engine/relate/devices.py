"""Which device each fact is from.

A prompt names the device of its output. Without a prompt, `hostname` in the configuration and `NAME uptime is`
in show version name the device of the sections that follow (and of those before the first name). A log line's
own host comes next. A log without hosts belongs to the case's device where there is exactly one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any, TypeVar, cast

from engine.facts import (
    ConfigInterface,
    ConfigSetup,
    Coverage,
    Fact,
    Hostname,
    IkeNotify,
    IkeSa,
    InvSpi,
    IpsecSa,
    LogMessage,
    LogWindow,
)
from engine.reading import Reading

UNNAMED = "unnamed"
F = TypeVar("F", bound=Fact)
_BASES = ("configuration", "version", "prompt", "relay")


class DeviceFacts:
    """The facts of one device, by type, in the order they were read. `name` is None for what nobody names.

    `earlier` holds facts that a later reading replaced (`engine.relate.readings`).
    """

    def __init__(self, name: str | None, *, with_earlier: bool = True) -> None:
        self.name = name
        if with_earlier:
            self.earlier = DeviceFacts(name, with_earlier=False)
        self._facts: dict[type[Fact], list[Fact]] = {}
        self._index: dict[tuple[type[Fact], str], dict[Any, list[Fact]]] = {}

    def add(self, fact: Fact) -> None:
        """Add a fact."""
        self._facts.setdefault(type(fact), []).append(fact)
        self._index.clear()

    def of(self, kind: type[F]) -> list[F]:
        """The facts of one type."""
        return cast("list[F]", self._facts.get(kind, []))

    def all(self) -> list[Fact]:
        """Every fact."""
        return [fact for facts in self._facts.values() for fact in facts]

    def ever(self, kind: type[F]) -> list[F]:
        """The facts of one type from every reading, replaced ones first."""
        return [*self.earlier.of(kind), *self.of(kind)]

    def where(self, kind: type[F], attribute: str, value: Any) -> list[F]:
        """The facts of one type with this value, by an index: a hub has thousands of SAs and as many flows."""
        index = self._index.get((kind, attribute))
        if index is None:
            index = self._index[kind, attribute] = {}
            for fact in self.of(kind):
                index.setdefault(getattr(fact, attribute), []).append(fact)
        return cast("list[F]", index.get(value, []))

    def addresses(self) -> set[str]:
        """Addresses that are the device's own, as its configuration and SA lists say."""
        own = {a for i in self.of(ConfigInterface) for a in i.addresses}
        own.update(a for s in self.of(ConfigSetup) for a in s.local)
        own.update(sa.local for sa in self.of(IpsecSa) if sa.local)
        own.update(sa.local for sa in self.of(IkeSa) if sa.local)
        return own


class Attribution:
    """Names of the case's devices and the device of each fact and source."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.devices: dict[str | None, DeviceFacts] = {}
        self.source_device: dict[str, str | None] = {}
        self.section_device: dict[tuple[str, int], str | None] = {}
        self.assumed: set[str] = set()
        self._spelling: dict[str, str] = {}
        logs: list[tuple[Reading, int, Fact]] = []
        loose: list[tuple[Reading, list[tuple[int, Fact]]]] = []
        for reading in readings:
            self._learn_names(reading)
        apart = self._namesakes(readings)
        for reading in readings:
            owners = [apart.get((reading.source.path, owner), owner) for owner in _owners(reading)]
            unowned = []
            for index, fact in reading.facts:
                owner = owners[index] if index >= 0 else None
                if getattr(fact, "host", None) and reading.sections[index].command == "syslog":
                    owner = None  # a collected log names the device of each line itself
                if owner is None and _is_log(fact):
                    logs.append((reading, index, fact))
                elif owner is None:
                    unowned.append((index, fact))
                else:
                    self._place(reading, index, self.spell(owner), fact)
            if unowned:
                loose.append((reading, unowned))
        self._place_loose(
            loose, {f.src for r in readings for _, f in r.facts if isinstance(f, InvSpi) and f.src}
        )
        self._place_logs(logs)
        for reading in readings:
            self._name_source(reading)

    def spell(self, name: str) -> str:
        """The one spelling of a host name: letter case and domain do not make another device."""
        key = name.lower()
        return self._spelling.get(key) or self._spelling.get(key.split(".", maxsplit=1)[0], name)

    def named(self) -> list[str]:
        """Names of the devices, sorted."""
        return sorted(name for name in self.devices if name is not None)

    def get(self, name: str | None) -> DeviceFacts:
        """The facts of a device; empty for one that the case does not hold."""
        return self.devices.get(name) or DeviceFacts(name)

    def _learn_names(self, reading: Reading) -> None:
        names = [(f.basis, f.name) for _, f in reading.facts if isinstance(f, Hostname)]
        names += [("prompt", s.device) for s in reading.sections if s.device]
        for _, name in sorted(names, key=lambda n: _BASES.index(n[0])):
            self._spelling.setdefault(name.lower(), name)

    def _place(self, reading: Reading, index: int, name: str | None, fact: Fact) -> None:
        self.devices.setdefault(name, DeviceFacts(name)).add(fact)
        if index >= 0:
            self.section_device[reading.source.path, index] = name

    def _namesakes(self, readings: Sequence[Reading]) -> dict[tuple[str, str | None], str]:
        """New names for sources of one host name whose own addresses show that they are of several devices.

        Routers are often still called Router. Sources that share an address are of one device, and so is a source
        without addresses of the first one.
        """
        groups: dict[str, list[tuple[set[str], list[str]]]] = {}
        spelled: dict[tuple[str, str], str] = {}
        for reading in readings:
            for owner in dict.fromkeys(o for o in _owners(reading) if o is not None):
                name = self.spell(owner)
                spelled[reading.source.path, owner] = name
                own = _own_addresses(reading, owner)
                known = groups.setdefault(name, [])
                match = next((g for g in known if not own or not g[0] or own & g[0]), None)
                if match is None:
                    known.append((own, [reading.source.path]))
                else:
                    match[0].update(own)
                    match[1].append(reading.source.path)
        renamed = {
            (path, name): f"{name}-{number}"
            for name, known in groups.items()
            for number, (_, paths) in enumerate(known, 1)
            if number > 1
            for path in paths
        }
        return {(p, owner): renamed[p, name] for (p, owner), name in spelled.items() if (p, name) in renamed}

    def _place_loose(self, loose: list[tuple[Reading, list[tuple[int, Fact]]]], sources: set[str]) -> None:
        """Outputs that nobody names: by their own addresses, else the only device there is."""
        named = self.named()
        for reading, facts in loose:
            probe = DeviceFacts(None)
            for _, fact in facts:
                probe.add(fact)
            own = probe.addresses()
            matches = [n for n in named if own & self.devices[n].addresses()]
            if len(matches) == 1:
                name: str | None = matches[0]
            elif len(named) == 1 and not own & sources and not self._contradicts(own, named[0]):
                # Nothing ties it to that device but that there is no other: it counts, but never confirms alone.
                name = named[0]
                self.assumed.add(reading.source.path)
            elif named:
                name = None
            else:
                name = self._unnamed(own)
            for index, fact in facts:
                self._place(reading, index, name, fact)

    def _contradicts(self, own: set[str], name: str) -> bool:
        """Whether outputs with these addresses cannot be of this device: it has others, or sees them as peers."""
        theirs = self.devices[name].addresses()
        peers = {sa.peer for sa in self.devices[name].of(IpsecSa)}
        return bool(own) and bool((theirs and not own & theirs) or own & peers)

    def _unnamed(self, own: set[str]) -> str:
        """One unnamed device, and further ones where the addresses show that there are several."""
        present = [n for n in self.devices if n is not None and n.startswith(UNNAMED)]
        for name in sorted(present):
            theirs = self.devices[name].addresses()
            if not own or not theirs or own & theirs:
                return name
        return UNNAMED if not present else f"{UNNAMED}-{len(present) + 1}"

    def _place_logs(self, logs: list[tuple[Reading, int, Fact]]) -> None:
        hosts = {h for _, _, f in logs if (h := getattr(f, "host", None))}
        by_address = {a: n for n in self.named() for a in self.devices[n].addresses()}
        for host in sorted(hosts):
            # A collector's `r1.example.net` is the R1 that the case knows already.
            if host not in by_address and not _is_address(host) and self.spell(host) == host:
                self._spelling.setdefault(host.lower(), host)
        for reading, index, fact in logs:
            host = getattr(fact, "host", None)
            name = by_address.get(host) or self.spell(host) if host else None
            if name is not None:
                self._place(reading, index, name, fact)
        only = self.named()[0] if len(self.named()) == 1 else None
        for reading, index, fact in logs:
            if not getattr(fact, "host", None):
                self._place(reading, index, only, fact)

    def _name_source(self, reading: Reading) -> None:
        path = reading.source.path
        names = {self.section_device.get((path, i)) for i in range(len(reading.sections))} - {None}
        self.source_device[path] = names.pop() if len(names) == 1 else None


def _own_addresses(reading: Reading, owner: str) -> set[str]:
    """Addresses that the sections of one owner in a source show as the device's own."""
    owners = _owners(reading)
    probe = DeviceFacts(owner)
    for index, fact in reading.facts:
        if index >= 0 and owners[index] == owner:
            probe.add(fact)
    return probe.addresses()


def _is_log(fact: Fact) -> bool:
    """Whether a fact can stand in a collected log, which alone makes no device."""
    if isinstance(fact, Coverage):
        return fact.family == "log"
    return isinstance(fact, InvSpi | LogMessage | LogWindow | IkeNotify)


def _owners(reading: Reading) -> list[str | None]:
    """The device of each section: its prompt, else the last name above it, else the first name below."""
    names: list[str | None] = [s.device for s in reading.sections]
    told: dict[int, str] = {}
    for index, fact in reading.facts:
        if not isinstance(fact, Hostname) or index < 0 or names[index] is not None:
            continue
        if index not in told or fact.basis == "configuration":
            told[index] = fact.name
    if not told:
        # A bare log between the prompts of one device is that device's console.
        prompts = {n for n in names if n}
        return names if len(prompts) != 1 else [n or next(iter(prompts)) for n in names]
    first = told[min(told)]
    current = first
    for index, name in enumerate(names):
        current = told.get(index, current)
        if name is None:
            names[index] = current
    return names


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
