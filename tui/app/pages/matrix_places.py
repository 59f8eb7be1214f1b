"""Where the peers of a case stand in the recovery matrix: read off the document, decided nowhere here."""

from __future__ import annotations

import msgspec

from engine.diagnosis.document import Diagnosis, Evidence, Flow, Setup

# What is known in a column of the matrix: the IKE SA, the command (None: of no weight), IKEv2 only (likewise).
_COLUMNS: dict[str, tuple[str, bool | None, bool | None]] = {
    "present": ("present", None, None),
    "configured": ("absent", True, False),
    "configured-ikev2": ("absent", True, True),
    "not-configured": ("absent", False, None),
}


class Place(msgspec.Struct, frozen=True):
    """One peer of one setup, or one source that belongs to no known setup.

    Attributes:
        kind: the setup kind, which is the row; None where no setup toward the source is known.
        device: of the setup, or the one that logged.
        peer: address of the other end; None where the setup names none and nothing was logged.
        setup: its id.
        configured: whether the recovery command is in the device's configuration.
        columns: the columns that what is known allows; one: there the peer stands now.
        flow: the flow that says so; None where nothing was logged from the peer.
        evidence: lines of the setup, or of the flow; the first names the peer where any does.
    """

    kind: str | None
    device: str | None
    peer: str | None
    setup: str | None
    configured: bool | None
    columns: tuple[str, ...]
    flow: Flow | None
    evidence: tuple[Evidence, ...]


def places(document: Diagnosis) -> list[Place]:
    """Every peer of every setup, and every flow that belongs to none; in the order of the document."""
    by_setup: dict[str | None, dict[str | None, Flow]] = {}
    for flow in document.flows:
        # Flows of one source and setup share the row; the one with the most messages speaks for them.
        known = by_setup.setdefault(flow.setup, {})
        if flow.src not in known or known[flow.src].count < flow.count:
            known[flow.src] = flow
    found: list[Place] = []
    for setup in document.setups:
        flows = by_setup.get(setup.id, {})
        peers = dict.fromkeys([*setup.peers, *flows]) or {None: None}
        found += [_of_setup(setup, peer, flows.get(peer)) for peer in peers]
    known_setups = {setup.id for setup in document.setups}
    for setup_id, flows in by_setup.items():
        if setup_id not in known_setups:
            found += [_of_flow(flow) for flow in flows.values()]
    return found


def _of_setup(setup: Setup, peer: str | None, flow: Flow | None) -> Place:
    configured = setup.recovery.configured if flow is None else flow.recovery.configured
    columns = _columns(flow, setup.ike == ["ikev2"], configured) if flow is not None else ()
    return Place(
        kind=setup.kind,
        device=setup.device,
        peer=peer,
        setup=setup.id,
        configured=configured,
        columns=columns,
        flow=flow,
        evidence=_naming(setup.evidence, peer),
    )


def _of_flow(flow: Flow) -> Place:
    return Place(
        kind=None,
        device=flow.device,
        peer=flow.src,
        setup=None,
        configured=flow.recovery.configured,
        columns=(),
        flow=flow,
        evidence=tuple(flow.evidence),
    )


def _columns(flow: Flow, ikev2_only: bool, configured: bool | None) -> tuple[str, ...]:
    return tuple(
        name
        for name, (ike_sa, command, only) in _COLUMNS.items()
        if flow.recovery.ike_sa in {ike_sa, "unknown"}
        and _allows(command, configured)
        and _allows(only, ikev2_only)
    )


def _allows(wanted: bool | None, known: bool | None) -> bool:
    return wanted is None or known is None or wanted == known


def _naming(evidence: list[Evidence], peer: str | None) -> tuple[Evidence, ...]:
    """The lines, those first that name the peer."""
    return tuple(sorted(evidence, key=lambda e: peer is None or peer not in e.text.split()))
