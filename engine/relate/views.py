"""What relate gives: the devices, setups and flows of a case, each knowing the evidence of its own fields."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from engine.evidence.source import Place
from engine.facts import InvSpi, IpsecSa, MapPeer, Session
from engine.relate.devices import DeviceFacts
from engine.relate.timeline import Sections
from engine.stamp import Stamp


class Quote(msgspec.Struct, frozen=True):
    """A place to quote, and as what: a line that says it, or a whole section that lacks it."""

    place: Place
    kind: Literal["line", "absence", "answer", "derived"] = "line"
    text: str | None = None


class DeviceView(msgspec.Struct, kw_only=True):
    """A device of the case; fields as in the document.

    Attributes:
        ios_release: on IOS XE, the IOS release inside it, as printed beside the version.
        special_build: the image is a build for one customer: its number says nothing of what is in it.
    """

    name: str
    facts: DeviceFacts
    os: str | None = None
    version: str | None = None
    ios_release: str | None = None
    special_build: bool = False
    train: str | None = None
    platform: str | None = None
    uptime_seconds: int | None = None
    captured: Stamp | None = None
    complete_config: bool = False
    recovery: bool | None = None
    recovery_quotes: tuple[Quote, ...] = ()
    quotes: tuple[Quote, ...] = ()


class SetupView(msgspec.Struct, kw_only=True):
    """A crypto setup of a device; fields as in the document.

    Attributes:
        peers: with the line that names each.
        dynamic: takes peers that the configuration does not name.
        local, any_local: as in ConfigSetup.
        dpd_quotes: where DPD is off, the configuration that lacks it; else empty, and `quotes` say it.
    """

    id: str
    device: DeviceView
    kind: str
    interface: str | None
    name: str | None
    peers: tuple[MapPeer, ...]
    vrf: str | None
    ike: tuple[str, ...]
    dpd: str
    applied: bool
    local: tuple[str, ...]
    any_local: bool
    lifetime_seconds: int | None
    quotes: tuple[Quote, ...]
    dpd_quotes: tuple[Quote, ...] = ()

    @property
    def dynamic(self) -> bool:
        """Whether the setup accepts a peer that its configuration does not name."""
        return self.kind in DYNAMIC_KINDS

    @property
    def uses_ikev1(self) -> bool | None:
        """Whether the setup uses IKEv1; None where the configuration does not tell."""
        return "ikev1" in self.ike if self.ike else None

    @property
    def uses_ikev2(self) -> bool | None:
        """Whether the setup uses IKEv2; None where the configuration does not tell."""
        return "ikev2" in self.ike if self.ike else None


DYNAMIC_KINDS = frozenset({"dynamic-crypto-map", "mgre-tp-dynamic-nhrp", "dvti"})


class FlowView(msgspec.Struct, kw_only=True):
    """Refused packets of one source, destination and SPI at one receiver; fields as in the document.

    Attributes:
        receiver: None where the log names no device and the case has not exactly one.
        messages: each counted once.
        copies: how many of `count` are a second message only if a text that stands in two outputs of one source, with
            one stamp, is not one message printed twice.
        sender: the device of the case that owns `src`.
        setup, basis: of the receiver toward `src`.
        source_known: whether anything of the receiver names the source; None where too little was seen.
        sender_setup: of the sender toward the receiver.
        close_quotes: a message of another flow of the receiver within a minute of one of this flow's.
        others_after: messages of other flows of the receiver within ten minutes after the last one of this.
        same_spi_quotes: messages of other sources with the same SPI at this receiver.
        ike_sa: present, absent, unknown; toward `src`, on the receiver.
    """

    id: str
    receiver: DeviceView | None
    src: str | None
    dst: str | None
    protocol: int | None
    spi: int | None
    interface: str | None
    messages: tuple[InvSpi, ...]
    count: int
    first: Stamp | None
    last: Stamp | None
    span_seconds: float | None
    quotes: tuple[Quote, ...]
    copies: int = 0
    state: Literal["ongoing", "ended", "unknown"] = "unknown"
    state_quotes: tuple[Quote, ...] = ()
    sender: DeviceView | None = None
    setup: SetupView | None = None
    basis: Literal["configured", "observed", "assumed"] | None = None
    setup_quotes: tuple[Quote, ...] = ()
    source_known: bool | None = None
    source_quotes: tuple[Quote, ...] = ()
    sender_setup: SetupView | None = None
    close_quotes: tuple[Quote, ...] = ()
    same_spi_quotes: tuple[Quote, ...] = ()
    others_after: int = 0
    ike_sa: Literal["present", "absent", "unknown"] = "unknown"
    ike_quotes: tuple[Quote, ...] = ()

    @property
    def pattern(self) -> Literal["transient", "persistent"]:
        """Arithmetic only: two messages of one flow make it persistent."""
        return "persistent" if self.count >= 2 else "transient"

    @property
    def source_ports(self) -> tuple[int, ...]:
        """Ports of the peers that the receiver knows at the source address: several where they share one by NAT."""
        return _ports(self.receiver, self.src)

    @property
    def source_shared(self) -> bool:
        """Whether several peers share the source address."""
        return len(self.source_ports) > 1

    @property
    def destination_shared(self) -> bool:
        """Whether the sender knows several peers at the receiver's address."""
        return len(_ports(self.sender, self.dst)) > 1

    @property
    def source_port(self) -> int | None:
        """Port of the receiver's SA with this SPI; None where there is none."""
        return _port(self.receiver, self.spi, "inbound")

    @property
    def destination_port(self) -> int | None:
        """Port of the sender's SA with this SPI; None where there is none."""
        return _port(self.sender, self.spi, "outbound")

    @property
    def others_close(self) -> bool:
        """Whether another flow logged within a minute of this one."""
        return bool(self.close_quotes)

    @property
    def same_spi(self) -> bool:
        """Whether another source sent the same SPI to the receiver."""
        return bool(self.same_spi_quotes)

    @property
    def pair(self) -> tuple[str | None, str | None, str | None]:
        """Receiver, source and destination: what the flows of one peer have in common."""
        return (self.receiver.name if self.receiver else None, self.src, self.dst)


def _ports(device: DeviceView | None, peer: str | None) -> tuple[int, ...]:
    if device is None or peer is None:
        return ()
    found = [sa.peer_port for sa in device.facts.where(IpsecSa, "peer", peer)]
    found += [session.port for session in device.facts.where(Session, "peer", peer)]
    return tuple(sorted({port for port in found if port is not None}))


def _port(device: DeviceView | None, spi: int | None, direction: str) -> int | None:
    if device is None or spi is None:
        return None
    return next(
        (sa.peer_port for sa in device.facts.where(IpsecSa, "spi", spi) if sa.direction == direction), None
    )


class CaseView(msgspec.Struct, kw_only=True):
    """All of a case.

    Attributes:
        devices: by name.
        setups: of all devices, in the order of the configurations.
        flows: in the order of their first messages.
        sections: first and last line of every section, by source.
        nameless: the facts that no device can be given.
        memo: what was worked out for one subject and holds for others, by what it depends on.
        assumed: sources that name no device and were given to the only one there is.
    """

    devices: dict[str, DeviceView]
    nameless: DeviceFacts
    setups: list[SetupView]
    flows: list[FlowView]
    sections: Sections
    assumed: frozenset[str] = frozenset()
    memo: dict[tuple[Any, ...], Any] = {}
