"""Setups made by tunnel interfaces: GRE, mGRE, VTI, virtual templates, FlexVPN clients, SD-WAN.

::

    interface Tunnel0
     ip nhrp map 10.0.0.1 198.51.100.1
     ip nhrp map multicast dynamic
     ip nhrp nhs 10.0.0.2 nbma hub.example.com multicast
     tunnel source GigabitEthernet0/0
     tunnel mode gre multipoint
     tunnel protection ipsec profile P
    interface Tunnel1
     tunnel source GigabitEthernet0/0
     tunnel destination 198.51.100.9
     tunnel protection ipsec profile P
    interface Virtual-Template1 type tunnel
     tunnel mode ipsec ipv4
     tunnel protection ipsec profile P

A tunnel without a `tunnel mode` line is GRE. IP-in-IP with protection is counted with GRE: one peer, written down.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.facts import ConfigSetup, MapPeer
from engine.parsers.addresses import canonical
from engine.parsers.config_ike import Agreement, protection
from engine.parsers.config_interfaces import Interface, Line, is_up, port_name, usable
from engine.parsers.config_parts import Config, Local, make_setup, peer, peers
from engine.parsers.config_tree import after

__all__ = ["tunnel_setups"]


def tunnel_setups(config: Config) -> Iterator[ConfigSetup]:
    """The setups of all tunnel interfaces, in the order of the interfaces."""
    clients = {c.virtual_interface for c in config.crypto.ezvpn.values()}
    for tunnel in config.interfaces.values():
        mode = [w.lower() for w in tunnel.mode.rest] if tunnel.mode else []
        if mode and after(mode, "sdwan") is not None:
            yield _sdwan(config, tunnel)
        elif tunnel.protected is None:
            continue
        elif tunnel.virtual_template is not None:
            # The template of an EzVPN client belongs to the client.
            if tunnel.virtual_template not in clients:
                yield _virtual_template(config, tunnel)
        elif _is_dynamic(tunnel.destination):
            yield _tunnel(config, tunnel, "flexvpn-client", _flexvpn_peers(config, tunnel))
        elif after(mode, "gre multipoint") is not None:
            yield from _multipoint(config, tunnel)
        elif after(mode, "ipsec") is not None or tunnel.policy is not None:
            yield _tunnel(config, tunnel, "svti", _destination(config, tunnel))
        elif not _mode_may_be_hidden(config, tunnel):
            yield _tunnel(config, tunnel, "p2p-gre-tunnel-protection", _destination(config, tunnel))


def _mode_may_be_hidden(config: Config, tunnel: Interface) -> bool:
    """Whether a filter may have taken the mode: it let no other line through that says what the tunnel is."""
    return config.filtered and tunnel.mode is None and tunnel.source is None and tunnel.destination is None


def _is_dynamic(line: Line | None) -> bool:
    return line is not None and after(line.rest, "dynamic") is not None


def _destination(config: Config, tunnel: Interface) -> tuple[MapPeer, ...]:
    return peers(config.section, [tunnel.destination]) if tunnel.destination else ()


def _flexvpn_peers(config: Config, tunnel: Interface) -> tuple[MapPeer, ...]:
    lines = [p for c in config.crypto.flexvpn if c.interface == tunnel.name for p in c.peers]
    return peers(config.section, lines)


def _multipoint(config: Config, tunnel: Interface) -> Iterator[ConfigSetup]:
    """Static mappings and dynamic ones are two setups of one tunnel; a hub without any mapping is dynamic."""
    static = _static_mappings(config, tunnel)
    dynamic = [line for line in tunnel.nhrp if after(line.rest, "map multicast dynamic") is not None]
    if static:
        yield _tunnel(config, tunnel, "mgre-tp-static-nhrp", static)
    # Where a filter shows no NHRP line at all, it may hide the mappings.
    if dynamic or not (static or (config.filtered and not tunnel.nhrp)):
        yield _tunnel(config, tunnel, "mgre-tp-dynamic-nhrp", (), dynamic)


def _static_mappings(config: Config, tunnel: Interface) -> tuple[MapPeer, ...]:
    found: dict[tuple[str, str | None], MapPeer] = {}
    for line in tunnel.nhrp:
        mapping = _mapping(config, line)
        if mapping is not None:
            found.setdefault((mapping.address, mapping.tunnel_address), mapping)
    return tuple(found.values())


def _mapping(config: Config, line: Line) -> MapPeer | None:
    """The unicast mapping of one NHRP line: overlay to NBMA address; None for any other line.

    `map 10.0.0.1 198.51.100.1`, `map 10.0.0.1 255.255.255.255 198.51.100.1`, `map 2001:db8::1/128 198.51.100.1`,
    `nhs 10.0.0.1 nbma 198.51.100.1 multicast`, `nhs dynamic nbma hub.example.com`. Not `map multicast X` nor
    `map group G service-policy output Q`.
    """
    if mapped := after(line.rest, "map"):
        overlay = canonical(mapped[0])
        if overlay is None or len(mapped) < 2:
            return None
        offset = 2 if len(mapped) > 2 and mapped[1].startswith("255.") else 1
        return peer(config.section, Line(line.node, mapped), at_word=offset, tunnel_address=overlay)
    if (served := after(line.rest, "nhs")) and len(served) > 2 and after(served[1:], "nbma") is not None:
        overlay = canonical(served[0])
        return peer(config.section, Line(line.node, served), at_word=2, tunnel_address=overlay)
    return None


def _virtual_template(config: Config, tunnel: Interface) -> ConfigSetup:
    """A virtual template is cloned for each caller, whatever its mode: its peers are known only after IKE."""
    number = tunnel.virtual_template
    v1 = [n for n, p in config.crypto.isakmp_profiles.items() if p.virtual_template == number]
    v2 = [n for n, p in config.crypto.ikev2_profiles.items() if p.virtual_template == number]
    assert tunnel.protected is not None
    agreement = protection(config.crypto, tunnel.protected, whole=config.whole, isakmp=v1, ikev2=v2)
    return _tunnel(config, tunnel, "dvti", (), agreement=agreement)


def _tunnel(
    config: Config,
    tunnel: Interface,
    kind: str,
    named: tuple[MapPeer, ...],
    lines: list[Line] | None = None,
    *,
    agreement: Agreement | None = None,
) -> ConfigSetup:
    line = tunnel.protected
    assert line is not None
    return make_setup(
        config,
        kind,
        tunnel.node,
        interface=tunnel.name,
        name=tunnel.profile.rest[0] if tunnel.profile else None,
        local=_local(config, tunnel, named),
        agreement=agreement or protection(config.crypto, line, whole=config.whole),
        vrf=tunnel.fvrf,
        applied=is_up(config.interfaces, tunnel.name),
        named=named,
        lines=[tunnel.source, tunnel.mode, tunnel.destination, tunnel.policy, tunnel.profile, *(lines or [])],
    )


def _sdwan(config: Config, tunnel: Interface) -> ConfigSetup:
    """A TLOC tunnel: keys come by OMP, not by IKE."""
    return make_setup(
        config,
        "sdwan",
        tunnel.node,
        interface=tunnel.name,
        name=None,
        local=_local(config, tunnel, ()),
        agreement=Agreement((), "unknown", None),
        vrf=tunnel.fvrf,
        applied=is_up(config.interfaces, tunnel.name),
        lines=[tunnel.source, tunnel.mode],
    )


def _local(config: Config, tunnel: Interface, named: tuple[MapPeer, ...]) -> Local:
    """The address a tunnel receives at: its source, or the primary address of its source interface."""
    if tunnel.source is None:
        return Local(())
    address = canonical(tunnel.source.rest[0])
    if address is not None:
        holders = [i for i in config.holders.get(address, []) if i.vrf == tunnel.fvrf]
        up = not holders or any(is_up(config.interfaces, h.name) for h in holders)
        return Local((address,), up=up)
    name = port_name(tunnel.source.rest)
    port = config.interfaces.get(name)
    if port is None:
        return Local(())
    ipv6 = _transport_is_ipv6(tunnel, named)
    addresses = usable(port.addresses, ipv6=True) if ipv6 else tuple(filter(None, [port.primary]))
    return Local(addresses, any_local=port.dynamic, up=is_up(config.interfaces, name))


def _transport_is_ipv6(tunnel: Interface, named: tuple[MapPeer, ...]) -> bool:
    """Whether the outer packets are IPv6: as the first peer's address says, else the mode."""
    address = canonical(named[0].address) if named else None
    if address is not None:
        return ":" in address
    return tunnel.mode is not None and "ipv6" in (w.lower() for w in tunnel.mode.rest)
