"""EEM applets for a case: one per router, peer and template of kb/eem, rendered and checked before they are shown.

An applet acts only where the same source and SPI come again. What is filled into a template comes from untrusted
logs, so addresses have to parse as addresses and names are reduced to letters, digits, dots and hyphens; after
rendering, every applet has to pass `faults_in`.
"""

from __future__ import annotations

import ipaddress
import re
import zlib
from collections.abc import Iterable
from typing import Any

import msgspec

from engine.advise.actions import citations
from engine.case import Investigation
from engine.diagnosis.document import Diagnosis, Target
from engine.judge import Judged
from engine.knowledge.applet_check import faults_in
from engine.knowledge.applet_template import render
from engine.knowledge.asides import EemTemplate, Plan
from engine.plan.document import EEM_SCHEMA, Applet, EemPlan
from engine.relate.views import DeviceView, FlowView

# Applets are armed by hand, so a case with more peers than this needs another way; the most telling come first.
MOST_PEERS = 10
# IKE does not make the SAs of these setups, so that IKE debugs would show nothing.
_WITHOUT_IKE = frozenset({"sdwan", "getvpn", "manual-keying"})
_STORAGE = re.compile(r"[a-z][a-z0-9-]{0,19}:")
_PRINTED_SOURCE = re.compile(r"srcaddr=\s*([0-9A-Fa-f.:]+)")
_LONGEST_TAG = 15  # an IPv4 address; a longer one is replaced by its checksum, for names of applets are short
HEADER = (
    "! ipsecdx: {template} on {where}, for peer {peer}",
    "! Needs EEM 3.0: IOS 12.4(22)T or later, or IOS XE (Cisco document 116005).",
    "! Inferred: the applet is our own, after the EEM command reference; only the idea is of that document.",
    "! The pattern ends in [I] or [S] so that it never matches its own text in the log.",
)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user chooses.

    Attributes:
        bypass: add `authorization bypass` (AAA command authorization).
        file_prompt_quiet: set `file prompt quiet`; not needed, for files are only appended to.
        storage: file system for the captures ("flash:"); None: bootflash: on IOS XE, else flash:.
        debug: add the debug windows of both ends to the captures.
    """

    bypass: bool = False
    file_prompt_quiet: bool = False
    storage: str | None = None
    debug: bool = True


def is_storage(text: str) -> bool:
    """Whether a text can name a file system of a router: `flash:`, `bootflash:`, `usb0:`."""
    return _STORAGE.fullmatch(text) is not None


def applets_of(investigation: Investigation, document: Diagnosis, options: Options | None = None) -> EemPlan:
    """The applets of a case; `document` is the diagnosis of the same case.

    Raises:
        ValueError: a rendered applet could do harm or cannot be configured: a defect of the template.
    """
    chosen = options or Options()
    kb = investigation.judge.kb
    templates = sorted(kb.eem.items(), key=lambda item: (item[1].order, item[0]))
    found: dict[str, Applet] = {}
    for one in _peers(investigation.judged)[:MOST_PEERS]:
        for name, template in templates:
            if template.debug and not (chosen.debug and _has_ike(one)):
                continue
            applet = _applet(_Role(name, template, one, chosen), kb.plan, investigation.lang)
            if applet is not None:
                found.setdefault(applet.id, applet)
    return EemPlan(
        schema=EEM_SCHEMA, tool=document.tool, kb=document.kb, case=document.case, lang=document.lang,
        applets=list(found.values()),
    )  # fmt: skip


class _Role:
    """Who runs a template for a flow: the router, its own address, and the peer that it waits for."""

    def __init__(self, name: str, template: EemTemplate, one: Judged, options: Options) -> None:
        flow = one.subject.flow
        assert flow is not None
        self.name = name
        self.template = template
        self.options = options
        self.flow: FlowView = flow
        logged = template.side == "receiver"
        self.device: DeviceView | None = flow.receiver if logged else flow.sender
        self.own, self.peer = (flow.dst, flow.src) if logged else (flow.src, flow.dst)

    @property
    def possible(self) -> bool:
        """Whether there is somewhere to put the applet, a peer to wait for, and a system that has EEM."""
        placed = self.device is not None or self.own is not None
        return placed and _is_address(self.peer) and self.os in {None, "ios", "ios-xe"}

    @property
    def os(self) -> str | None:
        """The operating system of the router, None where it is not known."""
        return self.device.os if self.device is not None else None


def _peers(judged: Iterable[Judged]) -> list[Judged]:
    """One flow for each receiver and source that is or may be a peer, those that repeat first."""
    chosen: dict[tuple[Any, ...], Judged] = {}
    for one in judged:
        flow = one.subject.flow
        if one.subject.kind != "flow" or flow is None or not _is_address(flow.src):
            continue
        stranger = (
            one.verdicts.get("unsolicited-esp") in {"likely", "confirmed"} or flow.source_known is False
        )
        known = chosen.get(flow.pair)
        if not stranger and (known is None or _rank(one) < _rank(known)):
            chosen[flow.pair] = one
    return sorted(chosen.values(), key=_rank)


def _rank(one: Judged) -> tuple[int, str]:
    flow = one.subject.flow
    return (-flow.count if flow is not None else 0, one.subject.id)


def _has_ike(one: Judged) -> bool:
    flow = one.subject.flow
    return flow is not None and (flow.setup is None or flow.setup.kind not in _WITHOUT_IKE)


def _applet(role: _Role, plan: Plan, lang: str) -> Applet | None:
    peer, template, device = role.peer, role.template, role.device
    if not role.possible or peer is None:
        return None
    values = _values(role, peer)
    config = [line.format(template=role.name, where=values["where"], peer=peer) for line in HEADER]
    config += render(template.applet, values)
    problems = faults_in(config)
    if problems:
        raise ValueError(f"kb/eem/{role.name}.yaml: {problems[0]}")
    notes = [plan.words["eem.requires"](lang), *(note(lang) for note in template.notes)]
    notes += [plan.words["eem.os-unknown"](lang)] if role.os is None else []
    notes += [plan.words["eem.ike-unknown"](lang)] if not _ike(role.flow) else []
    return Applet(
        id="/".join([values["where"], role.name, peer]),
        template=role.name,
        name=values["name"],
        target=Target(device=device.name if device else None, address=None if device else role.own),
        side=template.side,
        peer=peer,
        debug=template.debug,
        title=template.title(lang),
        config=config,
        undo=[line for text in template.undo for line in render(text, values)],
        undo_exec=[line for text in template.undo_exec for line in render(text, values)],
        notes=notes,
        citations=citations(template.cites),
    )


def _values(role: _Role, peer: str) -> dict[str, Any]:
    """What a template may use."""
    receives = role.template.side == "receiver"
    printed = _as_printed(peer, role.flow) if receives else _upper6(peer)
    tag = peer if len(peer) <= _LONGEST_TAG and ":" not in peer else f"{zlib.crc32(peer.encode()):08X}"
    where = _plain(role.device.name if role.device is not None else role.own or "")
    ios_xe = role.os == "ios-xe"
    storage = role.options.storage or ("bootflash:" if ios_xe else "flash:")
    ike = _ike(role.flow) or ("ikev1", "ikev2")
    # One router can be the receiver of one direction and the sender of the other, toward the same peer.
    kind = ("DBR" if receives else "DBS") if role.template.debug else "CAP"
    return {
        "where": where,
        "name": f"IPSECDX-{kind}-{tag}",
        "variable": "ipsecdx_" + re.sub(r"[^0-9A-Za-z]", "_", tag),
        "peer": printed,
        "peer_pattern": printed.replace(".", r"\."),
        "family": f"ipv{ipaddress.ip_address(peer).version}",
        "ikev1": "ikev1" in ike,
        "ikev2": "ikev2" in ike,
        "qfp": ios_xe,
        "storage": storage,
        "file": f"{storage}ipsecdx-{where}-{tag}.txt",
        "bypass": role.options.bypass,
        "file_prompt_quiet": role.options.file_prompt_quiet,
    }


def _ike(flow: FlowView) -> tuple[str, ...]:
    """The IKE versions of the two setups; empty where neither tells."""
    setups = [s for s in (flow.setup, flow.sender_setup) if s is not None]
    return tuple(sorted({version for s in setups for version in s.ike}))


def _as_printed(address: str, flow: FlowView) -> str:
    """The source as this router writes it: an applet compares text, and IOS writes IPv6 in upper case."""
    for message in flow.messages:
        found = _PRINTED_SOURCE.search(message.text)
        if found is not None and _canonical(found[1]) == _canonical(address):
            return found[1]
    return _upper6(address)


def _upper6(address: str) -> str:
    return address.upper() if ":" in address else address


def _canonical(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _is_address(text: str | None) -> bool:
    return text is not None and _canonical(text) is not None


def _plain(text: str) -> str:
    """A name as part of a file name on a router."""
    return re.sub(r"[^0-9A-Za-z.-]", "-", text)[:32] or "router"
