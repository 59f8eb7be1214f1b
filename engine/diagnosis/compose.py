"""Step 8: everything that was found and decided becomes the one document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, cast

from engine.advise.actions import ActionPlan
from engine.advise.fill import fill_with
from engine.advise.questions import questions_of
from engine.diagnosis.document import (
    SCHEMA,
    Answer,
    Counter,
    Device,
    Diagnosis,
    Finding,
    Flow,
    FlowRecovery,
    KbRef,
    Lang,
    Problem,
    SectionRef,
    Setup,
    SetupRecovery,
    SourceRef,
    SourceWarning,
    Tool,
)
from engine.diagnosis.findings import Finder, Judgement, holding
from engine.diagnosis.quoting import Quoter
from engine.diagnosis.reasons import Reasoner
from engine.evidence.open import Trouble
from engine.facts import DropCounter
from engine.inference.formula import Atom
from engine.judge import Judge, support_of
from engine.knowledge.rules import INFERRED
from engine.observe.observers import NOT_FOUND
from engine.observe.subject import Answered
from engine.reading import Reading
from engine.relate.devices import Attribution
from engine.relate.flows import spi_text
from engine.relate.readings import in_time
from engine.relate.timeline import taken
from engine.relate.views import CaseView, DeviceView, FlowView, Quote, SetupView
from engine.version import __version__


class Composer:
    """Writes the document of one case."""

    def __init__(
        self, judge: Judge, case: CaseView, attribution: Attribution, readings: Sequence[Reading], lang: Lang
    ) -> None:
        self.judge = judge
        self.kb = judge.kb
        self.case = case
        self.attribution = attribution
        self.readings = readings
        self.lang: Lang = lang
        sections = [s for r in readings for s in r.sections]
        self.quoter = Quoter([r.source for r in readings], sections)
        self.reasoner = Reasoner(self.kb, judge.core, self.quoter, lang)
        self.finder = Finder(judge, self.reasoner, lang)

    def compose(
        self, name: str, judgements: list[Judgement], troubles: Sequence[Trouble], answers: Sequence[Answered]
    ) -> Diagnosis:
        """The document."""
        findings = self.finder.all(judgements)
        flow_judgements = [j for j in judgements if j.judged.subject.kind == "flow"]
        plan = ActionPlan(self.kb, self.lang)
        for one in judgements:
            plan.add(one.judged.subject, one.advice, holding(one.judged))
        flows = [
            self._flow(j) for j in flow_judgements if j.judged.subject.flow and j.judged.subject.flow.count
        ]
        counters = self._counters()
        problems = [self._problem(t) for t in troubles]
        return Diagnosis(
            schema=SCHEMA,
            tool=Tool(name="ipsecdx", version=__version__, engine=self.judge.engine),
            kb=KbRef(version=self.kb.version, digest=self.kb.digest),
            case=name,
            lang=self.lang,
            status="partial" if problems else "ok",
            problems=sorted(problems, key=lambda p: (p.source or "", p.line or 0, p.code)),
            summary=self._summary(flow_judgements, findings, counters),
            sources=[self._source(r) for r in sorted(self.readings, key=lambda r: r.source.path)],
            devices=[self._device(d) for _, d in sorted(self.case.devices.items())],
            setups=[self._setup(s) for s in sorted(self.case.setups, key=lambda s: s.id)],
            flows=sorted(flows, key=lambda f: f.id),
            counters=counters,
            findings=findings,
            actions=plan.actions(),
            questions=questions_of(self.judge, [j.judged for j in judgements], self.lang),
            answers=[Answer(question=a.condition, answer=a.value, source=a.source) for a in answers],
        )

    def _problem(self, trouble: Trouble) -> Problem:
        return Problem(
            code=trouble.code, source=trouble.source, line=trouble.line, message=self._sentence(trouble)
        )

    def _sentence(self, trouble: Trouble) -> str:
        template = self.kb.problems[trouble.code](self.lang)
        known = {"source": trouble.source or "", "line": str(trouble.line or ""), **trouble.detail}
        return fill_with(template, known) or template

    def _source(self, reading: Reading) -> SourceRef:
        source = reading.source
        sections = [
            SectionRef(
                command=s.command,
                first_line=s.first_line,
                last_line=s.last_line,
                status=cast("Any", s.status),
            )
            for s in reading.sections
        ]
        warnings = [
            SourceWarning(code=w.code, line=w.line or 1, message=self._sentence(w))
            for w in sorted(
                [*reading.warnings, *self._unplaced(source.path)], key=lambda w: (w.line or 0, w.code)
            )
        ]
        return SourceRef(
            path=source.path,
            kind=reading.kind,
            device=self.attribution.source_device.get(source.path),
            bytes=source.size,
            sections=sections,
            warnings=warnings,
        )

    def _unplaced(self, path: str) -> list[Trouble]:
        """Messages of a source that name no device, where the case has several, one of which owns the destination."""
        owners = {a: d.name for d in self.case.devices.values() for a in d.facts.addresses()}
        found: dict[str, Trouble] = {}
        for flow in self.case.flows:
            owner = owners.get(flow.dst or "")
            for message in flow.messages if flow.receiver is None and owner else ():
                if message.at.source == path and owner is not None and owner not in found:
                    detail = {"address": flow.dst or "", "device": owner}
                    found[owner] = Trouble("log-without-host", path, message.at.line, detail)
        return list(found.values())

    def _device(self, device: DeviceView) -> Device:
        return Device(
            name=device.name,
            os=cast("Any", device.os),
            version=device.version,
            train=device.train,
            platform=device.platform,
            uptime_seconds=device.uptime_seconds,
            captured=device.captured.iso() if device.captured else None,
            clock_offset_seconds=None,
            complete_config=device.complete_config,
            evidence=self.quoter.evidence(device.quotes),
        )

    def _setup(self, setup: SetupView) -> Setup:
        closure = self.judge.support(setup)
        support = support_of(closure) or "not_stated"
        row = setup.kind if setup.kind in self.kb.matrix.rows else None
        inferred = next(
            (v for v in ("yes", "no", "not_applicable") if closure.truths.get(Atom(INFERRED, v))), None
        )
        return Setup(
            id=setup.id,
            device=setup.device.name,
            kind=setup.kind,
            interface=setup.interface,
            name=setup.name,
            peers=sorted({p.address for p in setup.peers}),
            vrf=setup.vrf,
            ike=cast("Any", sorted(setup.ike)),
            dpd=cast("Any", setup.dpd),
            applied=setup.applied,
            recovery=SetupRecovery(
                support=cast("Any", support),
                row=row,
                inferred=cast("Any", inferred),
                configured=setup.device.recovery,
            ),
            evidence=self.quoter.evidence(setup.quotes),
        )

    def _flow(self, one: Judgement) -> Flow:
        judged, flow = one.judged, one.judged.subject.flow
        assert flow is not None
        receiver = flow.receiver
        outcome = (
            judged.value("outcome", self.kb.tables["outcome"].values) or self.kb.tables["outcome"].otherwise
        )
        return Flow(
            id=flow.id,
            device=receiver.name if receiver else None,
            src=flow.src,
            dst=flow.dst,
            protocol=flow.protocol,
            spi=spi_text(flow.spi),
            interface=flow.interface,
            count=flow.count,
            first=flow.first.iso() if flow.first else None,
            last=flow.last.iso() if flow.last else None,
            span_seconds=flow.span_seconds,
            pattern=flow.pattern,
            state=flow.state,
            sender=flow.sender.name if flow.sender else None,
            setup=flow.setup.id if flow.setup else None,
            setup_basis=flow.basis,
            recovery=FlowRecovery(
                support=cast("Any", support_of(judged.closure)) if flow.setup else None,
                configured=receiver.recovery if receiver else None,
                ike_sa=flow.ike_sa,
                outcome=cast("Any", outcome),
            ),
            evidence=self.quoter.evidence(flow.quotes),
        )

    def _counters(self) -> list[Counter]:
        found = []
        for name, facts in sorted([*self.attribution.devices.items()], key=lambda item: item[0] or ""):
            readings: dict[tuple[str, str], list[DropCounter]] = defaultdict(list)
            for counter in facts.of(DropCounter):
                readings[counter.scope, counter.name].append(counter)
            for (scope, counter_name), all_read in sorted(readings.items()):
                if not _is_shown(scope, counter_name, all_read):
                    continue
                read = in_time(all_read, facts, self.case.sections)
                at = taken(facts, read[-1].at, self.case.sections).not_before
                delta = read[-1].packets - read[0].packets if len(read) > 1 else None
                found.append(
                    Counter(
                        device=name,
                        name=counter_name,
                        value=read[-1].packets,
                        # A counter that fell was cleared between the readings: no growth can be told.
                        delta=delta if delta is None or delta >= 0 else None,
                        at=at.iso() if at else None,
                        evidence=self.quoter.evidence([Quote(c.at) for c in (read[0], read[-1])]),
                    )
                )
        return found

    def _summary(
        self, judgements: Sequence[Judgement], findings: Sequence[Finding], counters: Sequence[Counter]
    ) -> str:
        flows = [j for j in judgements if j.judged.subject.flow is not None and j.judged.subject.flow.count]
        texts = self.kb.summary
        if not flows:
            counted = next((c for c in counters if c.name in NOT_FOUND and c.value), None)
            if counted is None:
                told = any(j.judged.subject.told and j.judged.subject.answers for j in judgements)
                return self._told(findings) if told else texts.case["none"](self.lang)
            known = {"device": counted.device or "?", "value": str(counted.value), "counter": counted.name}
            return fill_with(texts.case["drops"](self.lang), known) or ""
        ranks = {f.subject.flow: f.rank for f in sorted(findings, key=lambda f: -f.rank) if f.subject.flow}
        top = min(
            flows, key=lambda j: (ranks.get(j.judged.subject.id, len(findings) + 1), j.judged.subject.id)
        )
        sentence = self._sentence_for(top)
        if len(flows) > 1:
            known = {"sentence": sentence, "count": str(len(flows) - 1)}
            sentence = fill_with(texts.case["more"](self.lang), known) or sentence
        return sentence

    def _told(self, findings: Sequence[Finding]) -> str:
        """The sentence where there are only a person's answers: a cause or bug before a condition."""
        open_ones = [f for f in findings if f.verdict in {"likely", "possible"}]
        if not open_ones:
            return self.kb.summary.case["told-nothing"](self.lang)
        best = min(open_ones, key=lambda f: (f.verdict != "likely", f.kind == "condition", f.rank))
        text = self.kb.summary.case[f"told-{best.verdict}"]
        return fill_with(text(self.lang), {"title": best.title}) or ""

    def _sentence_for(self, one: Judgement) -> str:
        flow = one.judged.subject.flow
        assert flow is not None
        lines = self.kb.summary.flow
        chosen = next((n for n in lines if one.advice.truths.get(Atom(f"summary:{n}"))), list(lines)[-1])
        return fill_with(lines[chosen].text(self.lang), self._words(flow)) or ""

    def _words(self, flow: FlowView) -> dict[str, str]:
        titles = self.kb.matrix.titles()
        words = {
            "receiver": flow.receiver.name if flow.receiver else flow.dst or "?",
            "src": flow.src or "?",
            "spi": spi_text(flow.spi) or "?",
            "count": str(flow.count),
            "kind": titles[flow.setup.kind](self.lang) if flow.setup and flow.setup.kind in titles else "?",
        }
        if flow.span_seconds:
            words["span"] = f"{flow.span_seconds:.3f}".rstrip("0").rstrip(".")
        return words


def _is_shown(scope: str, name: str, read: Iterable[DropCounter]) -> bool:
    """The counters of the seed whatever their value, and any other IPsec drop that counted something."""
    if scope == "global":
        return name.startswith("Ipsec")
    return name in NOT_FOUND or any(c.packets for c in read)
