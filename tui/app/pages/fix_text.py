"""The actions of a case as sheets, and as text for a terminal of the router. No widget is known here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.diagnosis.document import Action, Diagnosis, Finding
from engine.plan.sheet import Block, block
from engine.render import order
from engine.render.phrases import Phrases
from engine.render.visible import prose, visible
from engine.render.words import Words

# A symbol beside the word, so that risk is told without colour.
RISKS = {"none": "○", "low": "◔", "medium": "◑", "high": "●"}
_ACTS = {"fix", "workaround"}


def grouped(document: Diagnosis) -> tuple[list[Action], list[Action]]:
    """What to do first, and what then, each in the order of doing.

    First comes everything up to the last action that restores traffic or removes a cause; where there is none, the
    first action alone.
    """
    actions = order.actions(document)
    last = max((index for index, action in enumerate(actions) if action.kind in _ACTS), default=0)
    return actions[: last + 1], actions[last + 1 :]


def serving(document: Diagnosis) -> dict[str, list[Finding]]:
    """The findings that each action serves, by the id of the action: each hypothesis once, by rank.

    Of several findings of one hypothesis, that of the action's own device is meant where there is one.
    """
    known: dict[str, dict[str | None, Finding]] = {}
    for finding in order.findings(document, *order.LEADING):
        of_device = known.setdefault(finding.id, {})
        of_device.setdefault(None, finding)
        of_device.setdefault(finding.subject.device, finding)
    found: dict[str, list[Finding]] = {}
    for action in document.actions:
        devices = [known[name] for name in action.because_of if name in known]
        served = [of.get(action.target.device, of[None]) for of in devices]
        found[action.id] = sorted(served, key=lambda f: (f.rank, f.id))
    return found


def action_blocks(
    action: Action, findings: Sequence[Finding], phrases: Phrases, *, because: str
) -> Iterator[Block]:
    """An action as a sheet: where, at what price, commands, check, way back, why, who says so.

    Args:
        action: what is to be done.
        findings: those that ask for it.
        phrases: of the case.
        because: the heading above them.
    """
    words = phrases.words
    yield block("title", action.title)
    yield block("text", phrases.target(action))
    yield block("text", price(action, words))
    yield block("part", words("label.run"))
    yield block("commands", *action.commands)
    if action.note:
        yield block("text", f"{words('label.note')} {action.note}")
    for label, commands in (("label.verify", action.verify), ("label.undo", action.rollback)):
        if commands:
            yield block("part", words(label))
            yield block("commands", *commands)
    if findings:
        yield block("part", because)
        yield from (block("item", f"{finding.title} [{finding.id}]") for finding in findings)
    if action.citations:
        yield block("foot", f"{words('label.source')} {phrases.citations(action.citations)}")


def price(action: Action, words: Words) -> str:
    """What an action disrupts, and its risk: a symbol and a word."""
    risk = words("risk", value=f"{RISKS[action.risk]} {words(f'risk.{action.risk}')}")
    return f"{words(f'disrupts.{action.disrupts}')}; {risk}"


def paste(actions: Iterable[Action], phrases: Phrases) -> str:
    """Actions one behind another: the commands as they are, everything else behind `!`, which a router ignores."""
    words = phrases.words
    parts: list[str] = []
    for action in actions:
        remarks = [prose(action.title), phrases.target(action), price(action, words)]
        remarks += [f"{words('label.note')} {prose(action.note)}"] if action.note else []
        lines = [f"! {remark}" for remark in remarks]
        lines += [visible(command) for command in action.commands]
        for label, commands in (("label.verify", action.verify), ("label.undo", action.rollback)):
            lines += [f"! {words(label)} {visible(command)}" for command in commands]
        parts.append("".join(f"{line}\n" for line in [*lines, "!"]))
    return "".join(parts)


def commands_of(action: Action) -> str:
    """The commands alone, a line each."""
    return "".join(f"{visible(command)}\n" for command in action.commands)
