"""What a running-config holds."""

from __future__ import annotations

import msgspec

from engine.evidence.source import Place
from engine.facts.base import Fact


class RecoveryCommand(Fact, frozen=True, tag="recovery-command"):
    """`crypto isakmp invalid-spi-recovery`, or its `no` form, in a configuration.

    Attributes:
        enabled: False for the `no` form.
    """

    enabled: bool


class MapPeer(msgspec.Struct, frozen=True):
    """A peer that a setup names.

    Attributes:
        address: canonical address, or a host name as written.
        at: the line that names it.
        tunnel_address: for an NHRP mapping, the overlay address.
    """

    address: str
    at: Place
    tunnel_address: str | None = None


class ConfigInterface(Fact, frozen=True, tag="config-interface"):
    """An interface of a configuration.

    Attributes:
        name: in full ("GigabitEthernet0/0").
        addresses: own addresses in canonical text, secondary and HSRP/VRRP virtual addresses included.
        dynamic_address: the address is got by DHCP or negotiation, so any destination may be its own.
        vrf: `vrf forwarding`, None for global.
        shutdown: True where the last word is `shutdown`.
    """

    name: str
    addresses: tuple[str, ...]
    dynamic_address: bool
    vrf: str | None
    shutdown: bool


class ConfigSetup(Fact, frozen=True, tag="config-setup"):
    """One crypto setup of a configuration: a crypto-map sequence, or a tunnel and one kind of NHRP mapping.

    Attributes:
        kind: a setup kind of the contract ("static-crypto-map", "mgre-tp-dynamic-nhrp", ...).
        interface: where it is applied, in full; None where it is defined but on no interface.
        name: "MAP 10" for a crypto-map sequence, the IPsec profile for tunnel protection, the EzVPN name.
        peers: the peers that the configuration names for it; mostly empty for dynamic setups.
        local: own addresses at which it receives (tunnel source, interface, local-address); empty where unknown.
        any_local: the local address cannot be told from the configuration (DHCP, unnumbered, missing).
        ike: subset of ("ikev1", "ikev2"); empty where the configuration seen does not tell.
        dpd: periodic, on-demand, off, unknown. "off" only where the configuration was seen whole.
        vrf: front-door VRF (`tunnel vrf`, or that of the interface), None for global.
        applied: on an interface that is up (not shut down).
        lifetime_seconds: `set security-association lifetime seconds`, own or global; None where not configured.
        idle_seconds: `set security-association idle-time`, own or global; None where not configured.
        lifetime_at, idle_at: the lines that say so, None where not configured.
        places: further lines that make it what it is (tunnel mode, protection, mapping), for evidence.
    """

    kind: str
    interface: str | None
    name: str | None
    peers: tuple[MapPeer, ...]
    local: tuple[str, ...]
    any_local: bool
    ike: tuple[str, ...]
    dpd: str
    vrf: str | None
    applied: bool
    lifetime_seconds: int | None
    places: tuple[Place, ...]
    idle_seconds: int | None = None
    lifetime_at: Place | None = None
    idle_at: Place | None = None


class RunningConfig(Fact, frozen=True, tag="running-config"):
    """A running-config as a whole.

    Attributes:
        hostname: None where it has no `hostname` line.
        whole: seen from its head (`Building configuration`, `Current configuration` or `version`) to `end`.
        version: of its `version` line ("15.7", "16.9"); IOS XE 3 prints that of the IOS inside it.
        log_timestamps_local: `service timestamps log ... localtime`: True or False where the line was seen,
            None where it was not.
        log_timestamps_zone: `show-timezone` likewise.
        clock_offset_minutes: of `clock timezone`, None where not configured.
        lifetime_seconds: global `crypto ipsec security-association lifetime seconds`, None where not configured.
    """

    hostname: str | None
    whole: bool
    version: str | None = None
    log_timestamps_local: bool | None = None
    log_timestamps_zone: bool | None = None
    clock_offset_minutes: int | None = None
    lifetime_seconds: int | None = None
