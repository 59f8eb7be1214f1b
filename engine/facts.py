"""Typed facts: what the parsers read, each with the place where it stands.

A fact says what a device printed, never what it means. Rules see conditions, conditions see facts, and only
parsers see text. Field names are those of the rule language (`where: {direction: inbound}`), so a rename
here is a change of that language.
"""

from __future__ import annotations

import msgspec

from engine.evidence.source import Place
from engine.stamp import Stamp

__all__ = [
    "Clock", "ConfigInterface", "ConfigSetup", "Coverage", "DropCounter", "Fact", "Hostname", "IkeNotify",
    "IkeSa", "InvSpi", "IpsecSa", "LogMessage", "LogWindow", "MapPeer", "NhrpPeer", "RecoveryCommand", "RunningConfig", "Session",
    "Version",
]  # fmt: skip


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something a device printed.

    Attributes:
        at: where it stands.
    """

    at: Place


class Coverage(Fact, frozen=True, tag="coverage"):
    """A list or configuration was seen, and how much of it.

    Attributes:
        family: what was listed: ipsec-sa, isakmp-sa, ikev2-sa, session, nhrp-peer, running-config, log,
            qfp-global-drops, qfp-feature-drops.
        whole: True where everything the command prints was seen: its head, its natural end, no filter. Only
            then does a missing entry mean that it is absent.
        toward: the peer address to which the command was limited (`peer 192.0.2.1`), None where to none. A
            whole listing toward a peer proves absence for that peer only.
    """

    family: str
    whole: bool
    toward: str | None = None


class Hostname(Fact, frozen=True, tag="hostname"):
    """A device named itself.

    Attributes:
        name: as printed.
        basis: prompt, configuration (`hostname`), version (`NAME uptime is`), relay (head of a syslog line).
    """

    name: str
    basis: str


class Version(Fact, frozen=True, tag="version"):
    """`show version`.

    Attributes:
        os: ios, ios-xe, asa, nx-os, ios-xr, other; None where the text does not tell.
        release: normalised release (`engine.release`), "17.3.4a", "15.6(3)M2", "3.16.5S"; None for developer
            builds and what cannot be compared.
        ios_release: on IOS XE, the IOS number of the same image ("15.5(3)S5", "17.3.4a"), None where not printed.
        printed: the version as printed, padding and all.
        platform: hardware model ("ISR4331/K9"), None where not printed.
        uptime_seconds: None where not printed.
        reload_reason: text after `Last reload reason:` or `System returned to ROM by`, None where not printed.
        hostname: NAME of the line `NAME uptime is`.
    """

    os: str | None
    release: str | None
    ios_release: str | None
    printed: str | None
    platform: str | None
    uptime_seconds: int | None
    reload_reason: str | None
    hostname: str | None


class InvSpi(Fact, frozen=True, tag="inv-spi"):
    """One `%CRYPTO-4-RECVD_PKT_INV_SPI` message.

    Attributes:
        stamp: the device's own time stamp, None where the line has none.
        host: the device that logged, from the line's head (relay, origin-id), None where it names none.
        src, dst: addresses in canonical text, None where masked or missing.
        protocol: 50 ESP, 51 AH, None where missing.
        spi: 32-bit value, None where missing or masked.
        interface: `input interface=`, None where not printed.
        decimal_disagrees: the decimal in parentheses is not the hexadecimal value (the hexadecimal counts).
        text: the message from `%CRYPTO` on, white space folded, for recognising one message in two sources.
    """

    stamp: Stamp | None
    host: str | None
    src: str | None
    dst: str | None
    protocol: int | None
    spi: int | None
    interface: str | None
    decimal_disagrees: bool
    text: str


class LogMessage(Fact, frozen=True, tag="log-message"):
    """Another syslog message that matters to IPsec (CRYPTO, IKEV2, IPSEC, HSRP, SYS-5-RESTART, ...).

    Attributes:
        stamp: the device's own time stamp, None where the line has none.
        host: as in InvSpi.
        mnemonic: facility, severity and mnemonic as printed, without the percent sign: "CRYPTO-4-IKMP_NO_SA".
        peer: the peer address that the text names, None where it names none.
        text: the message text after the mnemonic.
    """

    stamp: Stamp | None
    host: str | None
    mnemonic: str
    peer: str | None
    text: str


class LogWindow(Fact, frozen=True, tag="log-window"):
    """The stretch of time that one log (buffer or file) of one host covers.

    Attributes:
        host: as in InvSpi; None for a log without host names.
        first, last: stamps of its first and last stamped line, None where no line is stamped.
        lines: stamped or marked messages seen.
        severity: lowest importance that the buffer records, 0 to 7 (`Buffer logging: level informational` is
            6), None where not printed. Below 4 the log cannot show the invalid SPI message.
        rate_limited: messages that the device says it suppressed, None where not printed.
    """

    host: str | None
    first: Stamp | None
    last: Stamp | None
    lines: int
    severity: int | None = None
    rate_limited: int | None = None


class IpsecSa(Fact, frozen=True, tag="ipsec-sa"):
    """One SA of `show crypto ipsec sa`.

    Attributes:
        direction: inbound or outbound.
        protocol: esp or ah.
        spi: 32-bit value, never zero (0x0 means that there is none).
        interface: of the block, "Tunnel0".
        tag: crypto map tag, "CM" or "Tunnel0-head-0".
        local, peer: crypto endpoints in canonical text (`local crypto endpt.`, `remote crypto endpt.`, else
            `local addr` and `current_peer`).
        peer_port: of `current_peer`, 500 or 4500; None where not printed.
        vrf: protected vrf, None for (none).
        local_ident, remote_ident: proxy identities as printed, "10.0.0.0/255.255.255.0/0/0".
        current: True for the outbound SA named by `current outbound spi`.
        remaining_seconds, remaining_kilobytes: key lifetime left, None where not printed.
        status: "ACTIVE(ACTIVE)", None where not printed.
        encaps, decaps: packet counters of the block, None where not printed.
        settings: "Tunnel", "Transport UDP-Encaps".
    """

    direction: str
    protocol: str
    spi: int
    interface: str | None
    tag: str | None
    local: str | None
    peer: str | None
    peer_port: int | None
    vrf: str | None
    local_ident: str | None
    remote_ident: str | None
    current: bool
    remaining_seconds: int | None
    remaining_kilobytes: int | None
    status: str | None
    encaps: int | None
    decaps: int | None
    settings: str | None


class IkeSa(Fact, frozen=True, tag="ike-sa"):
    """One row of `show crypto isakmp sa` or `show crypto ikev2 sa`, plain or detailed.

    Attributes:
        ike: ikev1 or ikev2.
        ends: the two addresses of the row in canonical text. The columns of `show crypto isakmp sa` are
            responder and initiator, not local and remote, so both are searched for a peer.
        local, peer: where the output says which is which, else None.
        state: QM_IDLE, MM_NO_STATE, READY, DELETE, or ACTIVE where the detailed list prints only a status.
        status: ACTIVE, "ACTIVE (deleted)", STDBY; None for IKEv2.
        up: True for an SA that can carry a notification: QM_IDLE or ACTIVE and not deleted nor standby;
            READY for IKEv2.
        vrf: front-door VRF where printed and not none.
        dpd_seconds: `DPD configured for N seconds`; None where not printed.
        age_seconds: active time, None where not printed.
    """

    ike: str
    ends: tuple[str, ...]
    local: str | None
    peer: str | None
    state: str
    status: str | None
    up: bool
    vrf: str | None = None
    dpd_seconds: int | None = None
    age_seconds: int | None = None


class Session(Fact, frozen=True, tag="session"):
    """One IKE SA (or the lack of one) of a session in `show crypto session`, plain or detailed.

    Attributes:
        interface: of the session, None for (unknown) or where not printed.
        status: UP-ACTIVE, UP-IDLE, UP-NO-IKE, DOWN, DOWN-NEGOTIATING, as printed.
        peer, port: of the `Peer:` line; the port is None where not printed.
        fvrf, ivrf: as printed, None for (none).
        ike: ikev1 or ikev2; None where the session lists no IKE SA (UP-NO-IKE), or a plain `IKE SA:` of old releases.
        active: the IKE SA is Active; None where the session lists none.
        capabilities: letters after `Capabilities:` (D is DPD, N NAT-T), "" for (none), None where not printed.
    """

    interface: str | None
    status: str
    peer: str | None
    port: int | None
    fvrf: str | None
    ivrf: str | None
    ike: str | None
    active: bool | None
    capabilities: str | None


class NhrpPeer(Fact, frozen=True, tag="nhrp-peer"):
    """One peer of `show dmvpn`, or one entry of `show ip nhrp`.

    Attributes:
        interface: the tunnel ("Tunnel0"), None where not printed.
        tunnel_address: the overlay address.
        nbma: the transport address in canonical text, None where incomplete or masked.
        kind: static, dynamic, incomplete; None where the output does not tell.
        natted: the peer is behind NAT: attribute N of show dmvpn, `Claimed NBMA address` of show ip nhrp.
        state: UP, IKE, NHRP, IPSEC, ... of `show dmvpn`, None for `show ip nhrp`.
    """

    interface: str | None
    tunnel_address: str | None
    nbma: str | None
    kind: str | None
    natted: bool
    state: str | None


class IkeNotify(Fact, frozen=True, tag="ike-notify"):
    """What a debug or the counters of `show crypto ikev2 stats exchange` say of IKE notifications.

    Attributes:
        notify: INVALID_SPI, INVALID_SYNTAX, DELETE.
        direction: received or sent; unknown where no packet line or verb beside it says which way it went.
        peer: canonical address, None where the line names none.
        spi: the SPI that the notification is about, None where not printed.
        spi_size: size in octets as printed, None where not printed.
        outcome: "sent", "ignored-no-ike-sa" (the router had no IKE SA to send it over), None.
        count: cumulative counter where it comes from counters, None for a debug line.
        stamp: of a debug line, None where none.
    """

    notify: str
    direction: str
    peer: str | None
    spi: int | None
    spi_size: int | None
    outcome: str | None
    count: int | None
    stamp: Stamp | None


class DropCounter(Fact, frozen=True, tag="drop-counter"):
    """One line of a QFP drop command.

    Attributes:
        scope: global (`statistics drop`) or feature (`feature ipsec datapath drops`).
        name: as printed. Numbers in front of it differ between releases and are not kept.
        packets: the count.
    """

    scope: str
    name: str
    packets: int


class Clock(Fact, frozen=True, tag="clock"):
    """The device's clock, from `show clock`, or from `Time source is ...` before an output.

    Attributes:
        stamp: with year and zone.
        source: NTP, hardware calendar, user configuration, ... ; None where not printed.
    """

    stamp: Stamp
    source: str | None = None


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
