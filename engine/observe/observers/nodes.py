"""Other devices of the case that may be meant: a sister node, a second spoke."""

from __future__ import annotations

from engine.facts import IpsecSa, NhrpPeer
from engine.observe.subject import Observation, Subject, places
from engine.relate.flows import inbound
from engine.relate.views import DeviceView, FlowView


def spi_on_other_node(subject: Subject) -> Observation:
    """Whether another device of the case holds the inbound SA: same SPI, same source. No where the receiver has it."""
    flow = subject.flow
    found = _elsewhere(subject, flow)
    return Observation(True, places(*(sa.at for _, sa in found))) if found else Observation(False)


def destination_on_other_node(subject: Subject) -> Observation:
    """Whether that device receives at the same destination address."""
    flow = subject.flow
    for device, sa in _elsewhere(subject, flow):
        if flow is not None and flow.dst is not None and flow.dst in {sa.local, *device.facts.addresses()}:
            return Observation(True, places(sa.at))
    return Observation(False)


def overlay_address_moved(subject: Subject) -> Observation:
    """Whether NHRP shows one tunnel address behind the source and, at another time, behind another address."""
    flow, receiver = subject.flow, subject.receiver
    if flow is None or receiver is None or flow.src is None:
        return Observation(False)
    readings = (receiver.facts, receiver.facts.earlier)
    for own in (p for facts in readings for p in facts.where(NhrpPeer, "nbma", flow.src)):
        for facts in readings if own.tunnel_address else ():
            for peer in facts.where(NhrpPeer, "tunnel_address", own.tunnel_address):
                if peer.nbma not in {None, flow.src} and peer.interface == own.interface:
                    return Observation(True, places(own.at, peer.at))
    return Observation(False)


def _elsewhere(subject: Subject, flow: FlowView | None) -> list[tuple[DeviceView, IpsecSa]]:
    if flow is None or flow.spi is None or flow.src is None or flow.receiver is None:
        return []
    if inbound(flow.receiver, flow):
        return []
    others = [d for d in subject.case.devices.values() if d is not flow.receiver and d is not flow.sender]
    return [(d, sa) for d in others for sa in inbound(d, flow) if sa.peer == flow.src]
