"""All crypto setups of a configuration: those of crypto maps, of tunnels, and of EzVPN clients.

::

    crypto ipsec client ezvpn BRANCH
     connect auto
     mode client
     peer 198.51.100.1
    interface GigabitEthernet0/0
     crypto ipsec client ezvpn BRANCH outside

The kinds are those of the recovery matrix (Cisco document 115801) and those that it does not mention. A profile
alone is no setup, whatever its name: only what is applied, or a crypto map that could be, is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.facts import ConfigSetup
from engine.parsers.config_crypto import Ezvpn
from engine.parsers.config_ike import IKEV1, Agreement
from engine.parsers.config_interfaces import Interface, Line, is_up, usable
from engine.parsers.config_maps import gre_setups, map_setups
from engine.parsers.config_parts import Config, Local, make_setup, peers
from engine.parsers.config_tree import after
from engine.parsers.config_tunnels import tunnel_setups

__all__ = ["setups"]


def setups(config: Config) -> list[ConfigSetup]:
    """The setups of a configuration, in a stable order."""
    return [*map_setups(config), *tunnel_setups(config), *gre_setups(config), *_ezvpn_setups(config)]


def _ezvpn_setups(config: Config) -> Iterator[ConfigSetup]:
    clients = dict(config.crypto.ezvpn)
    used = set()
    for interface in config.interfaces.values():
        for line in interface.ezvpn:
            # `outside` is the default; an inside interface sends plain text.
            if after(line.rest[1:], "inside") is None:
                name = line.rest[0]
                used.add(name)
                yield _ezvpn_setup(config, name, clients.get(name, Ezvpn(line.node)), interface, line)
    for name, client in clients.items():
        if name not in used:
            yield _ezvpn_setup(config, name, client, None, None)


def _ezvpn_setup(
    config: Config, name: str, client: Ezvpn, interface: Interface | None, line: Line | None
) -> ConfigSetup:
    port = config.interfaces.get(client.local_address) if client.local_address else interface
    crypto = config.crypto
    return make_setup(
        config,
        "ezvpn-client",
        client.node,
        interface=interface.name if interface else None,
        name=name,
        local=Local(usable(port.addresses, ipv6=False), any_local=port.dynamic) if port else Local(()),
        # A client has its own keepalives: without a global mode nothing says that they are off.
        agreement=Agreement((IKEV1,), crypto.isakmp_dpd or "unknown", crypto.lifetime, crypto.idle),
        vrf=interface.vrf if interface else None,
        applied=interface is not None and is_up(config.interfaces, interface.name),
        named=peers(config.section, client.peers),
        lines=[line],
    )
