"""Setups of a device, and the one that leads toward a source.

The recovery matrix is judged for the router that logged, toward the source address: one box can be "yes" toward
one peer and "no" toward another. So every flow is given the setup that serves its source, with its basis:
configured (the configuration names the peer), observed (an SA row names it), assumed (only a setup that takes
any peer could serve it).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from engine.facts import ConfigInterface, ConfigSetup, Coverage, IkeSa, IpsecSa, NhrpPeer, Session
from engine.relate.views import DeviceView, Quote, SetupView

Basis = Literal["configured", "observed", "assumed"]
Naming = dict[tuple[str, str], list[SetupView]]
Row = IpsecSa | NhrpPeer | Session | IkeSa
_MAP_KINDS = frozenset({"static-crypto-map", "dynamic-crypto-map", "getvpn", "manual-keying"})


class Toward(msgspec.Struct, frozen=True):
    """The setup toward a source, how that is known, and whether anything names the source at all."""

    setup: SetupView | None
    basis: Basis | None
    quotes: tuple[Quote, ...]
    known: bool | None
    known_quotes: tuple[Quote, ...]


def by_peer(setups: Sequence[SetupView]) -> Naming:
    """The setups that name a peer, by their device's name and the peer's address."""
    found: Naming = {}
    for setup in setups:
        for address in dict.fromkeys(p.address for p in setup.peers):
            found.setdefault((setup.device.name, address), []).append(setup)
    return found


def setups_of(device: DeviceView) -> list[SetupView]:
    """The setups that the device's configuration holds."""
    found: dict[str, SetupView] = {}
    for setup in device.facts.of(ConfigSetup):
        view = _view(device, setup)
        while view.id in found:  # two sequences cannot share a number; two files of one device can
            if found[view.id].peers == view.peers:
                break
            view.id += "'"
        found.setdefault(view.id, view)
    return list(found.values())


def _view(device: DeviceView, setup: ConfigSetup) -> SetupView:
    parts = [device.name, "setup", setup.interface or "-", setup.kind]
    if setup.kind in _MAP_KINDS and setup.name:
        parts += setup.name.split()
    elif setup.interface is None and setup.name:
        parts.append(setup.name)
    quotes = tuple(dict.fromkeys([Quote(setup.at), *(Quote(p) for p in setup.places)]))
    return SetupView(
        id="/".join(parts), device=device, kind=setup.kind, interface=setup.interface, name=setup.name,
        peers=setup.peers, vrf=setup.vrf, ike=setup.ike, dpd=setup.dpd, applied=setup.applied, local=setup.local,
        any_local=setup.any_local, lifetime_seconds=setup.lifetime_seconds, quotes=quotes,
        dpd_quotes=_config_quote(device) if setup.dpd == "off" else (),
    )  # fmt: skip


def toward(
    device: DeviceView,
    setups: list[SetupView],
    src: str | None,
    dst: str | None,
    interface: str | None = None,
    *,
    naming: Naming | None = None,
) -> Toward:
    """The setup of a device that serves packets from `src` to `dst`, arriving at `interface` where that is known.

    `naming` is `by_peer` of the setups, made once where many sources are asked for. May add to `setups` the dynamic side of an mGRE tunnel, when a source without a static mapping uses it.
    """
    if src is None:
        return Toward(None, None, (), None, ())
    mine = [s for s in setups if s.device is device]
    naming = by_peer(mine) if naming is None else naming
    named = [s for s in naming.get((device.name, src), ()) if _serves(s, device, dst)]
    if named:
        chosen = _choose(named)
        quotes = tuple(
            Quote(p.at) for s in ([chosen] if chosen else named) for p in s.peers if p.address == src
        )
        return Toward(chosen, "configured" if chosen else None, quotes, True, quotes)
    rows = _rows(device, src)
    row_quotes = tuple(Quote(r.at) for r in rows)
    by_row = next((s for r in rows if (s := _of_row(device, setups, mine, r)) is not None), None)
    if by_row is not None:
        return Toward(_kept(setups, by_row), "observed", row_quotes, True, row_quotes)
    groups = [s for s in mine if s.kind in {"sdwan", "getvpn"} and s.applied]
    at_interface = next((s for s in groups if s.interface == interface), None)
    if at_interface is not None:
        return _of_group(at_interface, rows, row_quotes)
    if any(s.applied and _has_named_peer(s) and _serves(s, device, dst) for s in mine):
        # The source may be the peer that is written as a host name: what serves it cannot be told.
        return Toward(None, None, row_quotes, bool(rows) or None, row_quotes)
    takers = [s for s in _takers(device, setups, mine) if _serves(s, device, dst)]
    if takers:
        basis: Basis = "observed" if rows else "assumed"
        quotes = row_quotes or takers[0].quotes
        return Toward(
            _kept(setups, takers[0]), basis, quotes, bool(rows), row_quotes or _config_quote(device)
        )
    if groups and interface is None:
        return _of_group(groups[0], rows, row_quotes)
    if rows:
        return Toward(None, None, (), True, row_quotes)
    if device.complete_config:
        return Toward(None, None, (), False, _config_quote(device))
    return Toward(None, None, (), None, ())


def _of_group(group: SetupView, rows: Sequence[Row], quotes: tuple[Quote, ...]) -> Toward:
    """SD-WAN keys come from OMP, those of a group from its key server: no configuration names the sources."""
    return Toward(group, "observed" if rows else "assumed", group.quotes, bool(rows) or None, quotes)


def _serves(setup: SetupView, device: DeviceView, dst: str | None) -> bool:
    """Whether packets to `dst` reach this setup: its own address, or one that nothing places elsewhere."""
    if dst is None or setup.any_local or not setup.local or dst in setup.local:
        return True
    own = {a for i in device.facts.of(ConfigInterface) for a in i.addresses}
    return dst not in own and setup.kind not in {"dynamic-crypto-map", "mgre-tp-dynamic-nhrp", "dvti"}


def _choose(named: Sequence[SetupView]) -> SetupView | None:
    """One of several setups that name the peer; None where they differ and nothing decides between VRFs."""
    live = [s for s in named if s.applied] or list(named)
    live = [s for s in live if s.kind != "gre-over-crypto-map"] or live
    if len({s.vrf for s in live}) > 1 and len({s.kind for s in live}) > 1:
        return None
    return live[0]


def _rows(device: DeviceView, src: str) -> list[Row]:
    """What the device lists of a source: IPsec SAs, NHRP peers, sessions, IKE SAs."""
    facts = device.facts
    rows: list[Row] = [*facts.where(IpsecSa, "peer", src), *facts.where(NhrpPeer, "nbma", src)]
    rows += facts.where(Session, "peer", src)
    return rows + [sa for sa in facts.of(IkeSa) if src in sa.ends]


def _of_row(device: DeviceView, setups: list[SetupView], mine: list[SetupView], row: Row) -> SetupView | None:
    """The setup that a row belongs to, by interface or crypto map tag; an IKE SA row names none."""
    if isinstance(row, IkeSa):
        return None
    tag = row.tag if isinstance(row, IpsecSa) else None
    tagged = [s for s in mine if s.name and tag and s.name.split()[0] == tag]
    found = tagged or [s for s in mine if s.interface and s.interface == row.interface]
    if not found and (row.interface or "").startswith("Virtual-Access"):
        found = [s for s in mine if s.kind == "dvti"]
    if isinstance(row, NhrpPeer) and row.kind == "static":
        return next((s for s in found if s.kind == "mgre-tp-static-nhrp"), None)
    takers = [s for s in found if s.dynamic]
    if takers:
        return takers[0]
    static = next((s for s in found if s.kind == "mgre-tp-static-nhrp"), None)
    if static is not None and not _has_named_peer(static):
        return _dynamic_side(device, setups, static)
    # A setup whose peer is written as a host name may be the one; a setup with another address is not.
    unnamed = [s for s in found if s is not static and all(_is_name(p.address) for p in s.peers)]
    return unnamed[0] if len(unnamed) == 1 else None


def _takers(device: DeviceView, setups: list[SetupView], mine: list[SetupView]) -> list[SetupView]:
    takers = [s for s in mine if s.dynamic and s.applied]
    for static in [s for s in mine if s.kind == "mgre-tp-static-nhrp" and s.applied]:
        if not any(s.kind == "mgre-tp-dynamic-nhrp" and s.interface == static.interface for s in takers):
            takers.append(_dynamic_side(device, setups, static))
    return takers


def _dynamic_side(device: DeviceView, setups: list[SetupView], static: SetupView) -> SetupView:
    """The dynamic side of an mGRE tunnel: spokes reach each other through it without a static mapping."""
    kind = "mgre-tp-dynamic-nhrp"
    name = f"{device.name}/setup/{static.interface or '-'}/{kind}"
    for setup in setups:
        if setup.id == name:
            return setup
    return msgspec.structs.replace(static, id=name, kind=kind, peers=())


def _kept(setups: list[SetupView], setup: SetupView) -> SetupView:
    if all(s is not setup for s in setups):
        setups.append(setup)
    return setup


def _has_named_peer(setup: SetupView) -> bool:
    return any(_is_name(p.address) for p in setup.peers)


def _is_name(address: str) -> bool:
    return any(c.isalpha() for c in address) and ":" not in address


def _config_quote(device: DeviceView) -> tuple[Quote, ...]:
    return tuple(
        Quote(c.at, "absence") for c in device.facts.of(Coverage) if c.family == "running-config" and c.whole
    )
