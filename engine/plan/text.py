"""Plans and applets as sheets, and as plain blocks that can be pasted into a router."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.diagnosis.document import Target
from engine.plan.document import Applet, CollectionPlan, DevicePlan, EemPlan, Step
from engine.plan.sheet import Block, block
from engine.render.visible import visible
from engine.render.words import Words

MOST_ANSWERS = 3  # open conditions named for one command on a sheet; the JSON document has them all


def plan_blocks(plan: CollectionPlan, words: Words) -> Iterator[Block]:
    """The collection plan as a sheet.

    Args:
        plan: the document.
        words: the fixed words of the reports and of kb/plan.yaml.
    """
    yield block("title", words("plan.title", case=plan.case))
    if not any(device.steps or device.debugs for device in plan.devices):
        yield block("text", words("plan.nothing"))
    else:
        yield block("text", words("plan.same-time"))
    for device in plan.devices:
        yield block("head", _head(device.target, device.sides, words))
        yield from (block("text", note) for note in device.notes)
        yield from _steps(device, words)
        yield from _debugs(device, words)


def _steps(device: DevicePlan, words: Words) -> Iterator[Block]:
    if not device.steps:
        return
    yield block("part", words("plan.read-only"))
    yield block("commands", *device.opening)
    for step in device.steps:
        yield block("commands", step.command)
        yield block("note", _why(step, words))
    yield block("commands", *device.closing)


def _why(step: Step, words: Words) -> str:
    parts = [words("plan.twice")] if step.twice else []
    shown = step.answers[:MOST_ANSWERS]
    more = [words("more", n=len(step.answers) - len(shown))] if len(shown) < len(step.answers) else []
    parts.append(words("plan.for", what="; ".join([*shown, *more])))
    if step.settles:
        parts.append(words("plan.settles", what=", ".join(step.settles)))
    return ". ".join(parts)


def _debugs(device: DevicePlan, words: Words) -> Iterator[Block]:
    if not device.debugs:
        return
    yield block("part", words("plan.debug"))
    for debug in device.debugs:
        yield block("text", debug.title)
        yield block("text", words("plan.start"))
        yield block("commands", *debug.start)
        yield block("text", words("plan.stop"))
        yield block("commands", *debug.stop)
        if debug.check:
            yield block("text", words("label.verify"))
            yield block("commands", *debug.check)
        if debug.note:
            yield block("note", debug.note)


def plan_paste(plan: CollectionPlan) -> str:
    """One block per device for its prompt; what a router ignores (`!`) says whose it is.

    Commands that are read twice stand again at the end, behind a remark to wait. Debugs are remarks only: they are
    typed by a person who waits between start and stop.
    """
    lines: list[str] = []
    for device in plan.devices:
        if not device.steps and not device.debugs:
            continue
        lines += [f"! ===== {_plain_target(device.target)} ({', '.join(device.sides) or 'device'}) ====="]
        lines += [*device.opening, *(s.command for s in device.steps)]
        again = [s.command for s in device.steps if s.twice]
        if again:
            lines += ["! wait a minute before the next lines", *device.closing, *again]
        lines += device.closing
        for debug in device.debugs:
            lines += ["! only if the rest does not settle it, on both ends at the same time:"]
            lines += [f"!   {c}" for c in debug.start]
            lines += ["! after the next loss:", *(f"!   {c}" for c in debug.stop)]
        lines.append("!")
    return "".join(f"{line}\n" for line in lines)


def eem_blocks(plan: EemPlan, words: Words) -> Iterator[Block]:
    """The applets as a sheet."""
    yield block("title", words("eem.title", case=plan.case))
    if not plan.applets:
        yield block("text", words("eem.nothing"))
        return
    seen: set[str] = set()
    for applet in plan.applets:
        yield block("head", f"{_head(applet.target, [applet.side], words)}: {applet.name}")
        yield block("text", applet.title)
        # What holds for every applet is said once.
        yield from (block("item", note) for note in applet.notes if note not in seen)
        seen.update(applet.notes)
        yield from _applet(applet, words)
        cited = ", ".join(
            f"{c.source}#{c.locator} ({words(f'statement.{c.statement}')})" for c in applet.citations
        )
        yield block("note", f"{words('label.source')} {cited}")


def _applet(applet: Applet, words: Words) -> Iterator[Block]:
    yield block("part", words("eem.configure"))
    yield block("commands", *applet.config)
    yield block("part", words("eem.undo"))
    yield block("commands", *applet.undo)
    if applet.undo_exec:
        yield block("text", words("eem.undo-exec"))
        yield block("commands", *applet.undo_exec)


def eem_paste(plan: EemPlan) -> str:
    """The configurations alone, each followed by its undo as remarks; plain ASCII."""
    lines: list[str] = []
    for applet in plan.applets:
        lines += [f"! ===== {_plain_target(applet.target)} ({applet.side}) =====", *applet.config, "!"]
        lines += ["! to remove it:", *(f"!   {line}" for line in applet.undo)]
        if applet.undo_exec:
            lines += ["! and in exec mode, if it was ended while it ran:"]
            lines += [f"!   {line}" for line in applet.undo_exec]
        lines.append("!")
    return "".join(f"{line}\n" for line in lines)


def _head(target: Target, sides: Sequence[str], words: Words) -> str:
    place = target.device or target.address or words("unknown.device")
    parts = ", ".join(words(f"side.{side}") for side in sides)
    return f"{place} ({parts})" if parts else place


def _plain_target(target: Target) -> str:
    return (
        visible(target.device or target.address or "router")
        .encode("ascii", "replace")
        .decode()
        .replace("?", "_")
    )
