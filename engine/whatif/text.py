"""Suppositions as sheets: what flips, and the smallest change."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnosis.document import Subject, Target
from engine.plan.sheet import Block, block
from engine.render.words import Words
from engine.whatif.document import ActionFlip, Change, Smallest, WhatIf

MOST_SHOWN = 20  # of each kind on a sheet; the JSON document has them all


def whatif_blocks(document: WhatIf, words: Words) -> Iterator[Block]:
    """What flips, as a sheet.

    Args:
        document: what was compared.
        words: the fixed words of the reports and of kb/plan.yaml.
    """
    yield block("title", words("whatif.title", case=document.case))
    yield block("text", words("whatif.set"))
    for one in document.supposed:
        where = f" ({words('whatif.on', device=one.device)})" if one.device else ""
        yield block("commands", f"{one.text}{where}")
    same = document.summary_before == document.summary_after
    if same and not (document.findings or document.outcomes or document.actions):
        yield block("text", words("whatif.nothing"))
    if not same:
        yield block("head", words("whatif.summary"))
        yield block("text", words("whatif.before", text=document.summary_before))
        yield block("text", words("whatif.after", text=document.summary_after))
    yield from _findings(document, words)
    yield from _outcomes(document, words)
    if document.actions:
        yield block("head", words("whatif.actions"))
    for action in document.actions[:MOST_SHOWN]:
        yield from _action(action, words)
    yield from _more(len(document.actions), words)
    yield block("foot", words("whatif.note"))


def _findings(document: WhatIf, words: Words) -> Iterator[Block]:
    if document.findings:
        yield block("head", words("whatif.findings"))
    for flip in document.findings[:MOST_SHOWN]:
        before, after = words(f"verdict.{flip.before}"), words(f"verdict.{flip.after}")
        yield block("item", f"{before} -> {after}: {flip.title}")
        yield block("note", f"{_subject(flip.subject, words)}; {words('label.id')} {flip.id}")
    yield from _more(len(document.findings), words)


def _outcomes(document: WhatIf, words: Words) -> Iterator[Block]:
    if document.outcomes:
        yield block("head", words("whatif.outcomes"))
    for flip in document.outcomes[:MOST_SHOWN]:
        yield block(
            "item", f"{flip.device or words('unknown.device')} <- {flip.src or words('unknown.address')}"
        )
        yield block("note", words("whatif.before", text=words(f"outcome.{flip.before}")))
        yield block("note", words("whatif.after", text=words(f"outcome.{flip.after}")))
    yield from _more(len(document.outcomes), words)


def _more(count: int, words: Words) -> Iterator[Block]:
    if count > MOST_SHOWN:
        yield block("text", words("more.elsewhere", n=count - MOST_SHOWN))


def _action(flip: ActionFlip, words: Words) -> Iterator[Block]:
    """Commands of an action that is withdrawn are not shown: nobody is to type them."""
    change = {"offered": "whatif.offered", "withdrawn": "whatif.withdrawn", "changed": "whatif.changed"}
    said = words(change[flip.change])
    if flip.change == "changed" and flip.risk_before != flip.risk_after:
        before, after = (words(f"risk.{r}") for r in (flip.risk_before, flip.risk_after))
        said = words("whatif.risk", before=before, after=after)
    yield block("item", f"{said}: {flip.title} ({_target(flip.target)})")
    if flip.change != "withdrawn":
        yield block("commands", *flip.commands)


def smallest_blocks(document: Smallest, words: Words) -> Iterator[Block]:
    """The smallest changes, as a sheet."""
    yield block("title", words("smallest.title", id=document.finding, case=document.case))
    yield block("text", document.title)
    if not document.subjects:
        yield block("text", words("smallest.not-open", id=document.finding))
    for one in document.subjects:
        yield block("head", f"{_subject(one.subject, words)}: {words(f'verdict.{one.before}')}")
        if not one.ways:
            levers = ", ".join(one.tried) or words("coverage.nothing")
            yield block("text", words("smallest.none", n=document.most_changes, levers=levers))
        for way in one.ways:
            changes = " + ".join(_change(change, words) for change in way.changes)
            yield block(
                "item", f"{words(f'verdict.{one.before}')} -> {words(f'verdict.{way.after}')}: {changes}"
            )
            options = [f"--set '{change.set}'" for change in way.changes if change.set]
            if options:
                yield block("commands", f"ipsecdx whatif ... {' '.join(options)}")
    yield block("foot", words("whatif.note"))


def _change(change: Change, words: Words) -> str:
    if change.condition == "release":
        return change.title
    value = (
        words(f"truth.{change.value}")
        if change.value in {"yes", "no"}
        else words.term(change.condition, change.value)
    )
    return f"{words(f'smallest.{change.kind}')}: {change.title} = {value}"


def _subject(subject: Subject, words: Words) -> str:
    parts = [subject.device or words("unknown.device")]
    if subject.peer:
        parts.append(words("subject.peer", peer=subject.peer))
    if subject.flow:
        parts.append(f"SPI {subject.flow.rpartition('/')[2]}")
    return ", ".join(parts)


def _target(target: Target) -> str:
    return target.device or target.address or "-"
