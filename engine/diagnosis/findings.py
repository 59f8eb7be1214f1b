"""Findings: verdicts with their reasons, listed by the rulings of the contract and ranked by kb/ranking.yaml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

import msgspec

from engine.advise.actions import citations
from engine.diagnosis.document import Finding, Severity, Subject
from engine.diagnosis.reasons import Reasoner
from engine.inference.closure import Closure
from engine.inference.formula import Atom
from engine.inference.verdict import Verdict
from engine.judge import Judge, Judged, device_of, release_status
from engine.knowledge.model import Hypothesis, Knowledge

_OPEN: tuple[Verdict, ...] = ("confirmed", "likely", "possible")


class Judgement(msgspec.Struct, frozen=True):
    """A judged subject and what was advised for it."""

    judged: Judged
    advice: Closure


def holding(judged: Judged) -> dict[str, Verdict]:
    """The hypotheses that are at least possible for a subject."""
    return {name: verdict for name, verdict in judged.verdicts.items() if verdict in _OPEN}


def findings_of(
    judge: Judge, judgements: Iterable[Judgement], reasoner: Reasoner, lang: str, *, only: str | None = None
) -> list[Finding]:
    """All findings of a case, or of one hypothesis, sorted by id and subject, each with its rank."""
    by_hypothesis: dict[str, list[Judgement]] = defaultdict(list)
    for one in judgements:
        for name in one.judged.verdicts:
            by_hypothesis[name].append(one)
    found: list[Finding] = []
    for name, (kind, hypothesis) in judge.hypotheses.items():
        if only is not None and name != only:
            continue
        judged = by_hypothesis.get(name, [])
        listed = [j for j in judged if _is_listed(j, name)]
        for one in listed:
            found.append(_finding(name, kind, hypothesis, one, reasoner, judge.kb, lang))
        if hypothesis.always and not any(j.judged.verdicts[name] in _OPEN for j in listed) and judged:
            found = [f for f in found if f.id != name]
            found.append(_for_the_case(name, kind, hypothesis, judged, reasoner, judge.kb, lang))
    return _ranked(found, judge.kb)


def finding_for(name: str, one: Judgement, judge: Judge, reasoner: Reasoner, lang: str) -> Finding:
    """The finding of one hypothesis for one subject, listed or not."""
    kind, hypothesis = judge.hypotheses[name]
    return _finding(name, kind, hypothesis, one, reasoner, judge.kb, lang)


def _is_listed(one: Judgement, name: str) -> bool:
    verdict = one.judged.verdicts[name]
    flow = one.judged.subject.flow
    # The flow that stands for a case without flows is nothing to report on.
    return verdict != "undetermined" and not (flow is not None and flow.count == 0)


def _for_the_case(
    name: str, kind: Literal["bug", "condition", "cause"], hypothesis: Hypothesis, judged: list[Judgement],
    reasoner: Reasoner, kb: Knowledge, lang: str,
) -> Finding:  # fmt: skip
    """One entry for a seed bug that no flow makes possible: ruled out only where it is for every flow."""
    undetermined = [j for j in judged if j.judged.verdicts[name] != "ruled_out"]
    shown = (undetermined or judged)[0]
    finding = _finding(name, kind, hypothesis, shown, reasoner, kb, lang)
    if len(judged) == 1 and shown.judged.subject.flow is not None and shown.judged.subject.flow.count:
        return finding
    devices = {finding_device for j in judged if (finding_device := _device_name(hypothesis, j.judged)) is not None}
    subject = Subject(device=devices.pop() if len(devices) == 1 else None)
    return msgspec.structs.replace(finding, subject=subject)


def _finding(
    name: str, kind: Literal["bug", "condition", "cause"], hypothesis: Hypothesis, one: Judgement,
    reasoner: Reasoner, kb: Knowledge, lang: str,
) -> Finding:  # fmt: skip
    judged = one.judged
    verdict = judged.verdicts[name]
    reasons = reasoner.reasons(hypothesis, judged, ruled_out=verdict == "ruled_out")
    cites = citations([*hypothesis.cites])
    return Finding(
        id=name,
        kind=kind,
        verdict=verdict,
        rank=0,
        severity=_severity(name, hypothesis, one.advice),
        subject=_subject(hypothesis, judged),
        title=hypothesis.title(lang),
        because=reasons.because,
        against=reasons.against,
        missing=[] if verdict == "confirmed" else reasons.missing,
        citations=cites,
        note=_note(hypothesis, judged, verdict, kb, lang),
    )


def _note(hypothesis: Hypothesis, judged: Judged, verdict: Verdict, kb: Knowledge, lang: str) -> str | None:
    releases = hypothesis.releases
    if releases is None or verdict == "ruled_out":
        return None
    if not releases.affected and not releases.fixed:
        return kb.texts["releases-not-public"](lang)
    status = release_status(hypothesis, judged.subject)
    return None if status is None else kb.texts[f"release-{status}"](lang)


def _severity(name: str, hypothesis: Hypothesis, advice: Closure) -> Severity:
    if isinstance(hypothesis.severity, str):
        return hypothesis.severity
    for entry in hypothesis.severity:
        if advice.truths.get(Atom(f"severity:{name}", entry.severity)):
            return entry.severity
    return hypothesis.severity[-1].severity


def _device_name(hypothesis: Hypothesis, judged: Judged) -> str | None:
    device = device_of(hypothesis, judged.subject)
    return device.name if device is not None else None


def _subject(hypothesis: Hypothesis, judged: Judged) -> Subject:
    """Whom a finding is about. The peer is the other end; of a device outside the case, its own address."""
    flow = judged.subject.flow
    device = _device_name(hypothesis, judged)
    if flow is None:
        return Subject(device=device)
    setup = flow.sender_setup if hypothesis.subject == "sender" else flow.setup
    if hypothesis.subject == "sender":
        peer = flow.dst if device is not None else flow.src
    else:
        peer = flow.src
    return Subject(
        device=device,
        flow=flow.id if hypothesis.of == "flow" and flow.count else None,
        setup=setup.id if setup is not None else None,
        peer=peer,
    )


def _ranked(found: list[Finding], kb: Knowledge) -> list[Finding]:
    ranking = kb.ranking

    def key(finding: Finding) -> tuple[int, int, int, str, str]:
        return (
            ranking.verdicts.index(finding.verdict),
            ranking.severities.index(finding.severity),
            ranking.kinds.index(finding.kind),
            finding.id,
            finding.subject.flow or finding.subject.peer or finding.subject.device or "",
        )

    ordered = sorted(found, key=key)
    numbered = [msgspec.structs.replace(f, rank=i) for i, f in enumerate(ordered, 1)]
    return sorted(numbered, key=lambda f: (f.id, f.subject.flow or "", f.subject.peer or "", f.subject.device or ""))
