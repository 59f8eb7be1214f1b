"""Findings: verdicts with their reasons, listed by the rulings of the contract and ranked by kb/ranking.yaml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from engine.advise.actions import citations
from engine.diagnosis.document import Finding, Severity, Subject
from engine.diagnosis.reasons import Reasoner
from engine.inference.closure import Closure
from engine.inference.formula import Atom
from engine.inference.verdict import Verdict
from engine.judge import Judge, Judged, device_of, fixes_for, release_status
from engine.knowledge.model import Hypothesis, Knowledge

_OPEN: tuple[Verdict, ...] = ("confirmed", "likely", "possible")
_SURE = _OPEN[:2]


class Judgement(msgspec.Struct, frozen=True):
    """A judged subject and what was advised for it."""

    judged: Judged
    advice: Closure


def holding(judged: Judged) -> dict[str, Verdict]:
    """The hypotheses that are at least possible for a subject."""
    return judged.held()


class Finder:
    """Makes the findings of one case in one language."""

    def __init__(self, judge: Judge, reasoner: Reasoner, lang: str) -> None:
        self._hypotheses = judge.hypotheses
        self._kb = judge.kb
        self._reasoner = reasoner
        self._lang = lang

    def all(self, judgements: Iterable[Judgement]) -> list[Finding]:
        """All findings of a case, sorted by id and subject, each with its rank."""
        known = list(judgements)
        told = {name for one in known for name in one.judged.told()}  # of any other there is nothing to list
        return _ranked([f for name in sorted(told) for f, _ in self.of(name, known)], self._kb)

    def of(self, name: str, judgements: Iterable[Judgement]) -> list[tuple[Finding, Judgement]]:
        """The findings of one hypothesis that are listed, unranked, each with the judgement behind it.

        Anything is listed unless undetermined; a seed bug that no flow makes possible has one entry for the case all
        the same. What is ruled out for everything on a device has one entry for the device: a hub has thousands of
        peers, and that it is no firewall is the same for all of them.
        """
        always = self._hypotheses[name][1].always
        judged = [j for j in judgements if name in j.judged.verdicts]
        known = [j for j in judged if not _is_blank(j)]
        if always and judged and not any(j.judged.verdicts[name] in _OPEN for j in known):
            # Ruled out for the case only where it is for every flow.
            shown = next((j for j in judged if j.judged.verdicts[name] != "ruled_out"), judged[0])
            return [(self._for_all(name, judged, shown), shown)]
        return [entry for group in self._by_device(name, known) for entry in self._listed(name, group)]

    def _by_device(self, name: str, judged: list[Judgement]) -> Iterable[list[Judgement]]:
        groups: dict[str | None, list[Judgement]] = defaultdict(list)
        for one in judged:
            groups[_device_name(self._hypotheses[name][1], one.judged)].append(one)
        return groups.values()

    def _listed(self, name: str, judged: list[Judgement]) -> list[tuple[Finding, Judgement]]:
        """The entries of one hypothesis for one device: one where nothing on it makes it anything but ruled out."""
        if all(j.judged.verdicts[name] == "ruled_out" for j in judged):
            return [(self._for_all(name, judged, judged[0]), judged[0])]
        return [(self.one(name, j), j) for j in judged if j.judged.verdicts[name] != "undetermined"]

    def one(self, name: str, judgement: Judgement) -> Finding:
        """The finding of one hypothesis for one subject, listed or not."""
        kind, hypothesis = self._hypotheses[name]
        judged = judgement.judged
        verdict = judged.verdicts[name]
        reasons = self._reasoner.reasons(hypothesis, judged, ruled_out=verdict == "ruled_out")
        grounds = judged.grounds[name]
        # Part of a picture says nothing for what cannot be: of that only a picture, or a sign, that holds is told.
        spoken_for = verdict != "ruled_out" or grounds.signature or grounds.some_for
        return Finding(
            id=name,
            kind=kind,
            verdict=verdict,
            rank=0,
            severity=_severity(name, hypothesis, judgement.advice),
            subject=_subject(hypothesis, judged),
            title=hypothesis.title(self._lang),
            because=reasons.because if spoken_for else [],
            against=reasons.against,
            missing=[] if verdict == "confirmed" else reasons.missing,
            citations=citations(hypothesis.cites),
            note=self._note(name, judged),
        )

    def _for_all(self, name: str, judged: list[Judgement], shown: Judgement) -> Finding:
        """One entry for several subjects, with the reasons of one of them; of a single one its own."""
        finding = self.one(name, shown)
        if len(judged) == 1 and not _is_blank(shown):
            return finding
        hypothesis = self._hypotheses[name][1]
        devices = {_device_name(hypothesis, j.judged) for j in judged} - {None}
        subject = Subject(device=devices.pop() if len(devices) == 1 else None)
        return msgspec.structs.replace(finding, subject=subject)

    def _note(self, name: str, judged: Judged) -> str | None:
        """What limits a finding: what is public of its releases, what it has to do with the message, a workaround.

        Of what is ruled out, that the release does it: no condition says so.
        """
        hypothesis = self._hypotheses[name][1]
        texts, lang = self._kb.texts, self._lang
        if judged.verdicts[name] == "ruled_out":
            return None if judged.grounds[name].excluded else self._of_releases(hypothesis, judged)
        said = [self._of_releases(hypothesis, judged)]
        if judged.verdicts[name] in _SURE:
            said.append(self._fixes(hypothesis, judged))
        if f"relation-{hypothesis.relation}" in texts:
            said.append(texts[f"relation-{hypothesis.relation}"](lang))
        if hypothesis.workaround is not None:
            said.append(f"{texts['workaround'](lang)} {hypothesis.workaround(lang)}")
        return " ".join(filter(None, said)) or None

    def _of_releases(self, hypothesis: Hypothesis, judged: Judged) -> str | None:
        releases = hypothesis.releases
        if releases is None:
            return None
        status = release_status(hypothesis, judged.subject)
        if status is not None:
            return self._kb.texts[f"release-{status}"](self._lang) + "."
        if releases.note is not None:
            return releases.note(self._lang)
        listed = releases.affected or releases.fixed
        return self._kb.texts["release-not-listed" if listed else "releases-not-public"](self._lang)

    def _fixes(self, hypothesis: Hypothesis, judged: Judged) -> str | None:
        """The releases to go to, where some are known."""
        phrase = self._kb.plan.words.get("smallest.upgrade")
        fixes = fixes_for(hypothesis, judged.subject)
        if phrase is None or not fixes:
            return None
        said = phrase(self._lang).format(releases=", ".join(fixes))
        return f"{said[:1].upper()}{said[1:]}."


def _is_blank(one: Judgement) -> bool:
    """Whether it is about the flow that stands for a case without flows, of which nobody said anything."""
    flow = one.judged.subject.flow
    return flow is not None and not flow.count and not one.judged.subject.told


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
    of_sender = hypothesis.subject == "sender"
    setup = flow.sender_setup if of_sender else flow.setup
    return Subject(
        device=device,
        flow=flow.id if hypothesis.of == "flow" and flow.count else None,
        setup=setup.id if setup is not None else None,
        peer=flow.dst if of_sender and device is not None else flow.src,
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
    return sorted(
        numbered, key=lambda f: (f.id, f.subject.flow or "", f.subject.peer or "", f.subject.device or "")
    )
