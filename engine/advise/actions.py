"""Actions: remedies of the knowledge base whose formula holds, filled for the flow, equal ones merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from engine.advise.fill import fill
from engine.diagnosis.document import Action, Citation, Target
from engine.inference.closure import Closure
from engine.inference.formula import Atom
from engine.knowledge.model import Knowledge, Remedy
from engine.knowledge.written import Cite
from engine.observe.subject import Subject
from engine.relate.flows import spi_text

# Remedies are offered per flow; a scan with thousands of sources is one problem, not thousands of actions.
MOST_PER_REMEDY = 50


class ActionPlan:
    """Collects the actions of a case."""

    def __init__(self, kb: Knowledge, lang: str) -> None:
        self._kb = kb
        self._lang = lang
        self._found: dict[str, Action] = {}
        self._count: dict[str, int] = {}

    def add(self, subject: Subject, advice: Closure, holding: Mapping[str, Any]) -> None:
        """Add what is advised for one flow or device; `holding` are the findings that hold for it."""
        for name, remedy in self._kb.remedies.items():
            if remedy.of != subject.kind or not advice.truths.get(Atom(f"remedy:{name}")):
                continue
            action = self._action(name, remedy, subject, advice, holding)
            if action is None:
                continue
            known = self._found.get(action.id)
            joined = remedy.once == "interface"
            self._count[name] = self._count.get(name, 0) + (known is None or joined)
            if known is None or (joined and self._count[name] > MOST_PER_REMEDY):
                if self._count[name] <= MOST_PER_REMEDY:
                    self._found[action.id] = action
            else:
                self._found[action.id] = _merged(known, action, joined=joined)

    def actions(self) -> list[Action]:
        """The actions, sorted by id; the order of doing is their `order`."""
        return [action for _, action in sorted(self._found.items())]

    def _action(
        self, name: str, remedy: Remedy, subject: Subject, advice: Closure, holding: Mapping[str, Any]
    ) -> Action | None:
        commands = [fill(c, subject) for c in remedy.commands]
        rollback = [fill(c, subject) for c in remedy.rollback]
        verify = [fill(c, subject) for c in remedy.verify]
        target = _target(remedy, subject)
        if target is None or None in commands or None in rollback:
            return None
        risk, notes = remedy.risk, [remedy.note(self._lang)] if remedy.note else []
        for entry in remedy.risk_when:
            if advice.truths.get(Atom(f"risk:{name}", entry.risk)):
                risk, notes = entry.risk, [entry.note(self._lang), *notes]
                break
        place = target.device or target.address or ""
        return Action(
            id="/".join([place, name, *_scope(remedy, subject)]),
            kind=remedy.kind,
            target=target,
            side=remedy.side,
            mode=remedy.mode,
            title=remedy.title(self._lang),
            commands=[c for c in commands if c],
            disrupts=remedy.disrupts,
            risk=risk,
            rollback=[c for c in rollback if c],
            verify=[c for c in verify if c],
            because_of=sorted(f for f in remedy.because if f in holding),
            citations=citations(remedy.cites),
            note=" ".join(notes) or None,
            order=remedy.order,
        )


def citations(cites: Iterable[Cite]) -> list[Citation]:
    """Citations of the document from those of the knowledge base."""
    found = []
    for cite in cites:
        source, _, locator = cite.source.partition("#")
        found.append(Citation(source=source, locator=locator, statement=cite.statement))
    return sorted(found, key=lambda c: (c.source, c.locator))


def _merged(first: Action, second: Action, *, joined: bool) -> Action:
    """One action of two: the worse risk, all reasons and, where they are joined, the commands of both."""
    worse = max(first, second, key=lambda a: ("none", "low", "medium", "high").index(a.risk))
    return msgspec.structs.replace(
        worse,
        commands=_joined(first.commands, second.commands) if joined else worse.commands,
        because_of=sorted({*first.because_of, *second.because_of}),
        verify=list(dict.fromkeys([*first.verify, *second.verify])),
    )


def _joined(first: list[str], second: list[str]) -> list[str]:
    """Two fillings of one template: a line that differs goes behind its like, so that the order of kinds stays."""
    lines = list(first)
    for line in second:
        if line not in lines:
            like = [i for i, known in enumerate(lines) if known.split()[:1] == line.split()[:1]]
            lines.insert((like[-1] if like else len(lines) - 1) + 1, line)
    return lines


def _target(remedy: Remedy, subject: Subject) -> Target | None:
    flow = subject.flow
    device = subject.receiver if remedy.side == "receiver" else (flow.sender if flow else None)
    if device is not None:
        return Target(device=device.name, address=None)
    address = None if flow is None else (flow.dst if remedy.side == "receiver" else flow.src)
    return Target(device=None, address=address) if address else None


def _scope(remedy: Remedy, subject: Subject) -> list[str]:
    """What makes an action another than the same remedy for the same device."""
    flow = subject.flow
    if flow is None or remedy.once == "device":
        return []
    if remedy.once == "interface":
        return [flow.interface or "-"]
    peer = flow.src if remedy.side == "receiver" else flow.dst
    parts = [peer or "-"]
    return [*parts, spi_text(flow.spi) or "-"] if remedy.once == "flow" else parts
