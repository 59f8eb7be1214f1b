"""Rows of lists: IPsec and IKE SAs, sessions, NHRP peers, drop counters."""

from __future__ import annotations

from engine.facts.base import Fact


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
