"""Facts, devices and flows for tests, each with only what the test is about."""

from __future__ import annotations

from typing import Any

from engine.evidence.source import Place, Source
from engine.facts import Clock, ConfigSetup, Coverage, Fact, IkeSa, InvSpi, IpsecSa, MapPeer
from engine.reading import Reading, read
from engine.relate.case import relate
from engine.relate.devices import Attribution, DeviceFacts
from engine.relate.views import CaseView, DeviceView, FlowView
from engine.stamp import Stamp
from tests.evidence.samples import HUB, SPI, SPOKE


def at(line: int = 1, source: str = "hub.txt") -> Place:
    """The place of one line."""
    return Place(source, line, line)


def stamp(clock: str, *, day: int = 4, month: int = 3, **more: Any) -> Stamp:
    """`12:10:00.100` as a stamp of Mar 4; `year`, `zone` and `mark` by name."""
    time, _, fraction = clock.partition(".")
    hour, minute, second = map(int, time.split(":"))
    return Stamp(month, day, hour, minute, second, fraction, **more)


def inv_spi(when: Stamp | None, *, line: int = 1, source: str = "hub.txt", **more: Any) -> InvSpi:
    """One message from SPOKE to HUB."""
    fields: dict[str, Any] = {
        "host": None, "src": SPOKE, "dst": HUB, "protocol": 50, "spi": SPI, "interface": None,
        "decimal_disagrees": False, "text": "%CRYPTO-4-RECVD_PKT_INV_SPI: ...",
    }  # fmt: skip
    return InvSpi(at=at(line, source), stamp=when, **{**fields, **more})


def ipsec_sa(direction: str = "inbound", *, line: int = 1, source: str = "hub.txt", **more: Any) -> IpsecSa:
    """One SA of HUB with SPOKE."""
    fields: dict[str, Any] = {
        "protocol": "esp", "spi": SPI, "interface": "GigabitEthernet0/0/0", "tag": "VPN", "local": HUB, "peer": SPOKE,
        "peer_port": 500, "vrf": None, "local_ident": None, "remote_ident": None, "current": False,
        "remaining_seconds": None, "remaining_kilobytes": None, "status": None, "encaps": None, "decaps": None,
        "settings": None,
    }  # fmt: skip
    return IpsecSa(at=at(line, source), direction=direction, **{**fields, **more})


def ike_sa(*ends: str, up: bool = True, ike: str = "ikev1", state: str = "QM_IDLE", line: int = 1) -> IkeSa:
    """One IKE SA between two ends."""
    return IkeSa(at=at(line), ike=ike, ends=ends, local=None, peer=None, state=state, status=None, up=up)


def coverage(
    family: str, *, whole: bool = True, toward: str | None = None, line: int = 1, source: str = "hub.txt"
) -> Coverage:
    """A list that was seen."""
    return Coverage(at=at(line, source), family=family, whole=whole, toward=toward)


def clock(when: Stamp, *, line: int = 1, source: str = "hub.txt", by: str | None = None) -> Clock:
    """A reading of the clock."""
    return Clock(at=at(line, source), stamp=when, source=by)


def setup(kind: str = "static-crypto-map", *peers: str, **more: Any) -> ConfigSetup:
    """A setup of a configuration, applied and with this local address."""
    fields: dict[str, Any] = {
        "interface": "GigabitEthernet0/0/0", "name": "VPN 10", "local": (HUB,), "any_local": False, "ike": ("ikev1",),
        "dpd": "off", "vrf": None, "applied": True, "lifetime_seconds": None, "places": (),
    }  # fmt: skip
    return ConfigSetup(at=at(), kind=kind, peers=tuple(MapPeer(p, at()) for p in peers), **{**fields, **more})


def device(name: str, *facts: Fact, **more: Any) -> DeviceView:
    """A device with these facts."""
    held = DeviceFacts(name)
    for fact in facts:
        held.add(fact)
    return DeviceView(name=name, facts=held, **more)


def flow(receiver: DeviceView | None = None, *, last: Stamp | None = None, **more: Any) -> FlowView:
    """A flow from SPOKE to HUB with one message."""
    message = inv_spi(last)
    fields: dict[str, Any] = {
        "id": "HUB1/flow", "src": SPOKE, "dst": HUB, "protocol": 50, "spi": SPI, "interface": None,
        "messages": (message,), "count": 1, "first": last, "last": last, "span_seconds": None, "quotes": (),
    }  # fmt: skip
    return FlowView(receiver=receiver, **{**fields, **more})


def case_of(*devices: DeviceView, flows: tuple[FlowView, ...] = ()) -> CaseView:
    """A case of these devices."""
    return CaseView(
        devices={d.name: d for d in devices},
        nameless=DeviceFacts(None),
        setups=[],
        flows=list(flows),
        sections={},
    )


def readings(**texts: str) -> list[Reading]:
    """Texts read, named as the keywords."""
    return [read(Source(f"{name}.txt", text.encode())) for name, text in texts.items()]


def related(**texts: str) -> tuple[CaseView, Attribution]:
    """Texts read and related."""
    return relate(readings(**texts))


def only_flow(**texts: str) -> FlowView:
    """The one flow of a case."""
    (found,) = related(**texts)[0].flows
    return found
