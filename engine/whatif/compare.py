"""Two investigations of one case compared: which verdicts, outcomes and actions are others."""

from __future__ import annotations

from collections.abc import Sequence

from engine.case import Investigation
from engine.diagnosis.document import Action, Diagnosis
from engine.diagnosis.findings import Judgement
from engine.evidence.open import Trouble
from engine.whatif.document import (
    WHATIF_SCHEMA,
    ActionFlip,
    FindingFlip,
    OutcomeFlip,
    Supposed,
    WhatIf,
)
from engine.whatif.settings import Setting
from engine.whatif.world import World

_Key = tuple[str, str]


def compare(
    before: Investigation,
    after: World,
    settings: Sequence[Setting],
    *,
    name: str,
    troubles: Sequence[Trouble] = (),
) -> WhatIf:
    """What flips between the case and the case under suppositions.

    Args:
        before: the case as it is.
        after: the same case under the settings.
        settings: the suppositions, for the head of the document.
        name: of the case.
        troubles: what could not be opened.
    """
    there, here = before.document(name, troubles), after.document(name, troubles)
    supposed = [Supposed(text=s.text, device=d) for s, d in zip(settings, after.whose, strict=True)]
    return WhatIf(
        schema=WHATIF_SCHEMA, tool=there.tool, kb=there.kb, case=name, lang=there.lang, supposed=supposed,
        summary_before=there.summary, summary_after=here.summary,
        findings=_findings(before, after), outcomes=_outcomes(there, here), actions=_actions(there, here),
    )  # fmt: skip


def _findings(before: Investigation, after: Investigation) -> list[FindingFlip]:
    """Every verdict that differs, the weightiest first."""
    known = {_key(j): j for j in before.judgements}
    order = before.judge.kb.ranking.verdicts
    found: list[tuple[tuple[int, str, str], FindingFlip]] = []
    for judgement in after.judgements:
        old = known.get(_key(judgement))
        flow = judgement.judged.subject.flow
        if old is None or (flow is not None and flow.count == 0):
            continue  # the flow that stands for a case without flows is nothing to report on
        for name, verdict in judgement.judged.verdicts.items():
            was = old.judged.verdicts[name]
            if was != verdict:
                finding = after.composer.finder.one(name, judgement)
                flip = FindingFlip(
                    id=name, title=finding.title, subject=finding.subject, before=was, after=verdict
                )
                place = min(order.index(was), order.index(verdict))
                found.append(((place, name, judgement.judged.subject.id), flip))
    return [flip for _, flip in sorted(found, key=lambda item: item[0])]


def _key(judgement: Judgement) -> _Key:
    return judgement.judged.subject.kind, judgement.judged.subject.id


def _outcomes(before: Diagnosis, after: Diagnosis) -> list[OutcomeFlip]:
    known = {flow.id: flow for flow in before.flows}
    return [
        OutcomeFlip(
            flow=flow.id, device=flow.device, src=flow.src,
            before=known[flow.id].recovery.outcome, after=flow.recovery.outcome,
        )
        for flow in after.flows
        if flow.id in known and known[flow.id].recovery.outcome != flow.recovery.outcome
    ]  # fmt: skip


def _actions(before: Diagnosis, after: Diagnosis) -> list[ActionFlip]:
    old, new = {a.id: a for a in before.actions}, {a.id: a for a in after.actions}
    order = {a.id: (a.order, a.id) for a in (*before.actions, *after.actions)}
    flips = [_action(old.get(name), new.get(name)) for name in sorted(order, key=order.__getitem__)]
    return [flip for flip in flips if flip is not None]


def _action(before: Action | None, after: Action | None) -> ActionFlip | None:
    shown = after or before
    if shown is None:
        return None
    if before is not None and after is not None:
        if (before.commands, before.risk) == (after.commands, after.risk):
            return None
        change = "changed"
    else:
        change = "offered" if before is None else "withdrawn"
    return ActionFlip(
        id=shown.id,
        change=change,  # type: ignore[arg-type]
        title=shown.title,
        target=shown.target,
        commands=shown.commands,
        risk_before=before.risk if before is not None else None,
        risk_after=after.risk if after is not None else None,
    )
