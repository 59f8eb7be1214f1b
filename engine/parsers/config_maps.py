"""Setups made by crypto maps: static, dynamic, GETVPN and manual entries, and GRE tunnels that a map protects.

::

    crypto map CM local-address Loopback0
    crypto map CM 10 ipsec-isakmp
     set peer 198.51.100.1
     match address 101
    crypto map CM 20 gdoi
     set group G
    crypto map CM 65535 ipsec-isakmp dynamic DYN
    interface GigabitEthernet0/0
     crypto map CM

Each sequence is a setup on each interface that carries the map, and one that is not applied where none does.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.facts import ConfigSetup
from engine.parsers.addresses import canonical
from engine.parsers.config_crypto import CryptoMap, Keying, MapEntry
from engine.parsers.config_ike import Agreement, agree
from engine.parsers.config_interfaces import Interface, Line, is_up, port_name, usable
from engine.parsers.config_parts import Config, Local, make_setup, peer, peers

__all__ = ["gre_setups", "map_setups"]

_KINDS = {
    "isakmp": "static-crypto-map",
    "dynamic": "dynamic-crypto-map",
    "gdoi": "getvpn",
    "manual": "manual-keying",
}


def map_setups(config: Config) -> Iterator[ConfigSetup]:
    """The setups of all crypto maps, by map, sequence and interface."""
    applied: dict[str, list[tuple[Interface, Line]]] = {}
    for interface in config.interfaces.values():
        for line in interface.maps:
            applied.setdefault(line.rest[0], []).append((interface, line))
    for name, crypto_map in config.crypto.maps.items():
        for entry in crypto_map.entries.values():
            if not entry.kind and not entry.peers:
                continue
            for interface, line in applied.get(name, []):
                yield _map_setup(config, crypto_map, entry, interface, line)
            if name not in applied:
                yield _map_setup(config, crypto_map, entry, None, None)


def gre_setups(config: Config) -> Iterator[ConfigSetup]:
    """GRE tunnels without protection whose far end is the peer of a crypto map on the way to it.

    The map decides about recovery; the tunnel is reported beside it.
    """
    covered: dict[tuple[str, str], tuple[CryptoMap, MapEntry, Interface]] = {}
    for interface in config.interfaces.values():
        for line in interface.maps:
            crypto_map = config.crypto.maps.get(line.rest[0])
            if crypto_map is not None:
                _cover(config, covered, crypto_map, interface)
    for tunnel in config.interfaces.values():
        if tunnel.destination is None or tunnel.protected:
            continue
        far = _named(tunnel.destination)
        source = (canonical(tunnel.source.rest[0]) or port_name(tunnel.source.rest)) if tunnel.source else ""
        found = covered.get((far, tunnel.name)) or covered.get((far, source))
        if found is not None:
            yield _gre_setup(config, tunnel, *found)


def _cover(
    config: Config,
    covered: dict[tuple[str, str], tuple[CryptoMap, MapEntry, Interface]],
    crypto_map: CryptoMap,
    interface: Interface,
) -> None:
    """Note, for each peer of a map and each name or address it is applied at, which entry protects the way."""
    local = crypto_map.local_address
    source = config.interfaces.get(port_name(local.rest)) if local else None
    ends = [end for port in (interface, source) if port for end in (port.name, *port.addresses)]
    for entry in crypto_map.entries.values():
        if entry.kind in {"isakmp", ""}:
            for line in entry.peers:
                for end in ends:
                    covered.setdefault((_named(line), end), (crypto_map, entry, interface))


def _named(line: Line) -> str:
    return canonical(line.rest[0]) or line.rest[0]


def _map_setup(
    config: Config, crypto_map: CryptoMap, entry: MapEntry, interface: Interface | None, line: Line | None
) -> ConfigSetup:
    kind = _KINDS[entry.kind or "isakmp"]
    dynamic = config.crypto.dynamic_maps.get(entry.dynamic_map, []) if entry.dynamic_map else []
    lines = [*entry.peers, *(p for d in dynamic for p in d.peers)]
    return make_setup(
        config,
        kind,
        entry.node,
        interface=interface.name if interface else None,
        name=f"{entry.name} {entry.sequence}",
        local=_map_local(config, crypto_map, entry, interface),
        agreement=_map_agreement(config, crypto_map, entry, dynamic),
        vrf=interface.vrf if interface else None,
        applied=interface is not None and is_up(config.interfaces, interface.name),
        named=peers(config.section, lines),
        lines=[
            line,
            *(d.node for d in dynamic),
            crypto_map.local_address,
            interface.node if interface else None,
        ],
    )


def _map_agreement(
    config: Config, crypto_map: CryptoMap, entry: MapEntry, dynamic: list[Keying]
) -> Agreement:
    if entry.kind in {"gdoi", "manual"}:
        # Group keys and keys set by hand: no IKE SA with the peer stands behind the IPsec SAs.
        return Agreement((), "unknown", entry.lifetime)
    # The line that calls a dynamic map has no settings of its own.
    keyings: list[Keying] = list(dynamic) if entry.kind == "dynamic" else [entry]
    whole_map = [crypto_map.isakmp_profile] if crypto_map.isakmp_profile else []
    return agree(config.crypto, keyings, whole=config.whole, isakmp=[*whole_map, entry.isakmp_profile])


def _map_local(config: Config, crypto_map: CryptoMap, entry: MapEntry, interface: Interface | None) -> Local:
    port = interface
    if crypto_map.local_address:
        port = config.interfaces.get(port_name(crypto_map.local_address.rest))
    # On a tunnel interface the map's packets arrive by another port: which address they carry is not written.
    elif interface and interface.name.startswith("Tunnel"):
        port = None
    if port is None:
        return Local(())
    return Local(usable(port.addresses, ipv6=entry.ipv6), any_local=port.dynamic)


def _gre_setup(
    config: Config, tunnel: Interface, crypto_map: CryptoMap, entry: MapEntry, interface: Interface
) -> ConfigSetup:
    assert tunnel.destination is not None
    up = is_up(config.interfaces, tunnel.name) and is_up(config.interfaces, interface.name)
    return make_setup(
        config,
        "gre-over-crypto-map",
        tunnel.node,
        interface=tunnel.name,
        name=f"{entry.name} {entry.sequence}",
        local=_map_local(config, crypto_map, entry, interface),
        agreement=_map_agreement(config, crypto_map, entry, []),
        vrf=interface.vrf,
        applied=up,
        named=[peer(config.section, tunnel.destination)],
        lines=[entry.node, tunnel.source, tunnel.mode, *interface.maps],
    )
