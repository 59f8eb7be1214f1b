"""The facts of a case, related: the one function of step 4."""

from __future__ import annotations

from collections.abc import Sequence

from engine.evidence.source import Place
from engine.facts import Clock, Coverage, Hostname, RecoveryCommand, RunningConfig, Version
from engine.reading import Reading
from engine.relate.devices import Attribution, DeviceFacts
from engine.relate.flows import compare, flows_of, settle_state
from engine.relate.ike import ike_sa_with
from engine.relate.readings import current
from engine.relate.setups import Naming, by_peer, setups_of, toward
from engine.relate.timeline import Sections
from engine.relate.views import CaseView, DeviceView, FlowView, Quote, SetupView
from engine.release import parse as parse_release


def relate(readings: Sequence[Reading]) -> tuple[CaseView, Attribution]:
    """Devices, setups and flows of a case, with roles filled and evidence attached."""
    attribution = Attribution(readings)
    sections = {r.source.path: [(s.first_line, s.last_line) for s in r.sections] for r in readings}
    for name, facts in attribution.devices.items():
        attribution.devices[name] = current(facts, sections)
    devices = {name: _device(name, attribution.get(name)) for name in attribution.named()}
    setups: list[SetupView] = [s for device in devices.values() for s in setups_of(device)]
    nameless = attribution.get(None)
    flows = flows_of(devices, nameless, sections)
    compare(flows)
    by_address = _owners(devices)
    naming = by_peer(setups)
    for flow in flows:
        _relate_flow(flow, setups, naming, by_address, sections)
        settle_state(flow, sections)
    setups.sort(key=lambda s: s.id)
    case = CaseView(
        devices=devices,
        nameless=nameless,
        setups=setups,
        flows=flows,
        sections=sections,
        assumed=frozenset(attribution.assumed),
    )
    return case, attribution


def blank_flow(case: CaseView) -> FlowView:
    """A flow of which nothing is known but the receiver, where the case has exactly one device."""
    only = next(iter(case.devices.values())) if len(case.devices) == 1 else None
    return FlowView(
        id="", receiver=only, src=None, dst=None, protocol=None, spi=None, interface=None, messages=(), count=0,
        first=None, last=None, span_seconds=None, quotes=(),
    )  # fmt: skip


def _relate_flow(
    flow: FlowView,
    setups: list[SetupView],
    naming: Naming,
    by_address: dict[str, DeviceView],
    sections: Sections,
) -> None:
    receiver = flow.receiver
    sender = by_address.get(flow.src or "")
    flow.sender = sender if sender is not receiver else None
    if receiver is not None:
        found = toward(receiver, setups, flow.src, flow.dst, flow.interface, naming=naming)
        flow.setup, flow.basis, flow.setup_quotes = found.setup, found.basis, found.quotes
        flow.source_known, flow.source_quotes = found.known, found.known_quotes
        flow.ike_sa, flow.ike_quotes = ike_sa_with(
            receiver, flow.src, flow.setup, flow.first, sections, flow=flow
        )
    if flow.sender is not None:
        of_sender = toward(flow.sender, setups, flow.dst, flow.src, naming=naming)
        flow.sender_setup = of_sender.setup
        if not flow.source_known and of_sender.known:
            # The sender of the case names the receiver: the two are peers, whatever the receiver's own lists lack.
            flow.source_known, flow.source_quotes = True, of_sender.known_quotes
            flow.basis = "observed" if flow.basis == "assumed" else flow.basis


def _owners(devices: dict[str, DeviceView]) -> dict[str, DeviceView]:
    """The device of each own address; an address that two devices claim (a virtual one) is nobody's."""
    owners: dict[str, DeviceView] = {}
    claimed_twice: set[str] = set()
    for device in devices.values():
        for address in device.facts.addresses():
            if owners.setdefault(address, device) is not device:
                claimed_twice.add(address)
    return {a: d for a, d in owners.items() if a not in claimed_twice}


def _device(name: str, facts: DeviceFacts) -> DeviceView:
    view = DeviceView(name=name, facts=facts)
    version = next(iter(facts.of(Version)), None)
    if version is not None:
        view.os, view.version, view.platform = version.os, version.release, version.platform
        view.uptime_seconds, view.ios_release = version.uptime_seconds, version.ios_release
        view.special_build = version.special
        view.quotes = (Quote(version.at),)
        release = parse_release(version.release) if version.release else None
        view.train = release.train_name if release else None
    if view.os is None:
        _os_from_config(view, facts)
    view.captured = next((c.stamp for c in facts.of(Clock)), None)
    whole = [c for c in facts.of(Coverage) if c.family == "running-config" and c.whole]
    view.complete_config = bool(whole)
    view.recovery, view.recovery_quotes = _recovery(facts, [c.at for c in whole])
    if not view.quotes:
        view.quotes = tuple(Quote(h.at) for h in facts.of(Hostname)[:1])
    return view


def _os_from_config(view: DeviceView, facts: DeviceFacts) -> None:
    """`version 16.9` in a configuration is IOS XE: IOS itself ends with 15. The release stays unknown."""
    config = next((c for c in facts.of(RunningConfig) if c.version is not None), None)
    if (
        config is not None
        and config.version is not None
        and config.version.split(".")[0] in {"16", "17", "18"}
    ):
        view.os, view.train = "ios-xe", config.version
        view.quotes = view.quotes or tuple(Quote(h.at) for h in facts.of(Hostname)[:1])


def _recovery(facts: DeviceFacts, whole: list[Place]) -> tuple[bool | None, tuple[Quote, ...]]:
    """Whether the recovery command is configured; off is known only from a configuration seen whole."""
    commands = facts.of(RecoveryCommand)
    if commands:
        return commands[-1].enabled, (Quote(commands[-1].at),)
    if whole:
        return False, tuple(Quote(place, "absence") for place in whole)
    return None, ()
