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

from engine.facts import ConfigInterface, ConfigSetup, Coverage, IkeSa, IpsecSa
from engine.relate.views import DeviceView, Quote, SetupView

Basis = Literal["configured", "observed", "assumed"]
_MAP_KINDS = frozenset({"static-crypto-map", "dynamic-crypto-map", "getvpn", "manual-keying"})


class Toward(msgspec.Struct, frozen=True):
    """The setup toward a source, how that is known, and whether anything names the source at all."""

    setup: SetupView | None
    basis: Basis | None
    quotes: tuple[Quote, ...]
    known: bool | None
    known_quotes: tuple[Quote, ...]


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


def toward(device: DeviceView, setups: list[SetupView], src: str | None, dst: str | None) -> Toward:
    """The setup of a device that serves packets from `src` to `dst`.

    May add to `setups` the dynamic side of an mGRE tunnel, when a source without a static mapping uses it.
    """
    if src is None:
        return Toward(None, None, (), None, ())
    mine = [s for s in setups if s.device is device]
    named = [s for s in mine if any(p.address == src for p in s.peers) and _serves(s, device, dst)]
    if named:
        chosen = _choose(named)
        quotes = tuple(
            Quote(p.at) for s in ([chosen] if chosen else named) for p in s.peers if p.address == src
        )
        return Toward(chosen, "configured" if chosen else None, quotes, True, quotes)
    rows = _rows(device, src)
    row_quotes = tuple(Quote(r.at) for r in rows)
    by_row = next(
        (s for r in rows if isinstance(r, IpsecSa) and (s := _of_row(device, setups, mine, r))), None
    )
    if by_row is not None:
        return Toward(_kept(setups, by_row), "observed", row_quotes, True, row_quotes)
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
    if rows:
        return Toward(None, None, (), True, row_quotes)
    if device.complete_config:
        return Toward(None, None, (), False, _config_quote(device))
    return Toward(None, None, (), None, ())


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


def _rows(device: DeviceView, src: str) -> list[IpsecSa | IkeSa]:
    sas: list[IpsecSa | IkeSa] = [*device.facts.where(IpsecSa, "peer", src)]
    return sas + [sa for sa in device.facts.of(IkeSa) if src in sa.ends]


def _of_row(
    device: DeviceView, setups: list[SetupView], mine: list[SetupView], row: IpsecSa
) -> SetupView | None:
    """The setup that an IPsec SA row belongs to, by interface or crypto map tag."""
    tagged = [s for s in mine if s.name and row.tag and s.name.split()[0] == row.tag]
    placed = [s for s in mine if s.interface and s.interface == row.interface]
    found = tagged or placed
    if not found:
        virtual = row.interface or ""
        found = [s for s in mine if s.kind == "dvti"] if virtual.startswith("Virtual-Access") else []
    takers = [s for s in found if s.dynamic]
    if takers:
        return takers[0]
    static = next((s for s in found if s.kind == "mgre-tp-static-nhrp"), None)
    if static is not None and not _has_named_peer(static):
        return _dynamic_side(device, setups, static)
    # A setup whose peer is written as a host name may be the one; a setup with another address is not.
    unnamed = [s for s in found if all(_is_name(p.address) for p in s.peers)]
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
