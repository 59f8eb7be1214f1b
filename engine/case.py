"""The one function behind every face: sources in, diagnosis out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from engine.diagnosis.compose import Composer
from engine.diagnosis.document import Diagnosis, Lang
from engine.diagnosis.document import Subject as FindingSubject
from engine.diagnosis.explain import Explanation
from engine.diagnosis.explaining import Explainer
from engine.diagnosis.findings import Judgement
from engine.evidence.open import Trouble
from engine.evidence.source import Source
from engine.inference.verdict import Verdict
from engine.judge import Judge, Judged
from engine.knowledge.formulas import VERDICTS_UP
from engine.observe.subject import Answered, Subject
from engine.reading import Reading, read
from engine.relate.case import blank_flow, relate
from engine.relate.views import CaseView, DeviceView, FlowView


class Investigation:
    """A case, read, related and judged: what the document, the explanations and the guide draw from."""

    def __init__(
        self,
        sources: Sequence[Source],
        judge: Judge,
        *,
        lang: Lang = "en",
        answers: Sequence[Answered] = (),
        known: Sequence[Reading] = (),
    ) -> None:
        """Read, relate and judge.

        Args:
            sources: what was opened (`engine.evidence.open`).
            judge: the knowledge base ready to judge.
            lang: language of titles and texts.
            answers: what a person said.
            known: readings of an earlier investigation; a source among them is not read again.
        """
        self.judge = judge
        read_before = {id(reading.source): reading for reading in known}
        self.readings = [read_before.get(id(source)) or read(source) for source in sources]
        self.case, self.attribution = relate(self.readings)
        self._judge(lang, answers, asked=bool(answers))

    def again(
        self, *, lang: Lang | None = None, answers: Sequence[Answered] | None = None, asked: bool = False
    ) -> Investigation:
        """The same evidence in another language or with other answers, without reading or relating it again.

        Args:
            lang: language; None: as it was.
            answers: what a person said; None: as it was.
            asked: a person can be asked, whatever was answered so far: no message in the case is no answer then.
        """
        other = object.__new__(Investigation)
        other.judge, other.readings = self.judge, self.readings
        other.case, other.attribution = self.case, self.attribution
        said = self.answers if answers is None else answers
        other._judge(lang or self.lang, said, asked=asked or self.asked or bool(said))
        return other

    def _judge(self, lang: Lang, answers: Sequence[Answered], *, asked: bool) -> None:
        self.lang: Lang = lang
        self.answers = tuple(answers)
        self.asked = asked
        self.judged = [self.judge.judge(subject) for subject in _subjects(self.case, self.answers, asked)]
        self.judgements = self._advise()
        self.composer = Composer(self.judge, self.case, self.attribution, self.readings, lang)

    def document(self, name: str, troubles: Sequence[Trouble] = ()) -> Diagnosis:
        """The diagnosis document of the case."""
        met = [t for r in self.readings for t in r.troubles]
        disputes = {d: None for one in self.judgements for d in one.judged.disputes}
        met += [Trouble("engines-disagree", detail={"why": d.reason, "facts": d.facts}) for d in disputes]
        return self.composer.compose(name, self.judgements, [*troubles, *met], self.answers)

    def explain(self, hypothesis: str, about: FindingSubject | None = None) -> list[Explanation]:
        """The proofs of the findings of one hypothesis, or of why there is none.

        Args:
            hypothesis: its id.
            about: only that of the finding with this subject, where there is one.

        Raises:
            KeyError: the knowledge base has no such hypothesis.
        """
        entry = self.judge.hypotheses[hypothesis][1]
        composer = self.composer
        explainer = Explainer(self.judge, composer.reasoner, composer.quoter, self.lang)
        found = composer.finder.of(hypothesis, self.judgements)
        if not found:
            # Not listed because nothing is known of it: why not is a question all the same.
            found = [
                (composer.finder.one(hypothesis, j), j)
                for j in self.judgements
                if hypothesis in j.judged.verdicts
            ][:1]
        found = [entry for entry in found if entry[0].subject == about] or found
        return [explainer.explain(finding, entry, j.judged) for finding, j in found]

    def _advise(self) -> list[Judgement]:
        on_device: dict[str, dict[str, Verdict]] = defaultdict(dict)
        for one in self.judged:
            best = on_device[_device_key(one)]
            for name, verdict in one.held().items():
                if _height(verdict) > _height(best.get(name, "undetermined")):
                    best[name] = verdict
        on_pair = {
            one.subject.flow.pair: one.verdicts
            for one in self.judged
            if one.subject.kind == "pair" and one.subject.flow
        }
        found = []
        for one in self.judged:
            pair = on_pair.get(one.subject.flow.pair, {}) if one.subject.flow is not None else {}
            found.append(Judgement(one, self.judge.advise(one, pair, on_device[_device_key(one)])))
        return found


def diagnose(
    sources: Sequence[Source],
    judge: Judge,
    *,
    name: str,
    lang: Lang = "en",
    troubles: Sequence[Trouble] = (),
    answers: Sequence[Answered] = (),
) -> Diagnosis:
    """Diagnose one case.

    Args:
        sources: what was opened (`engine.evidence.open`).
        judge: the knowledge base ready to judge; make one per process and keep it.
        name: of the case.
        lang: language of titles and texts.
        troubles: what could not be opened.
        answers: what a person said.
    """
    return Investigation(sources, judge, lang=lang, answers=answers).document(name, troubles)


def _subjects(case: CaseView, answers: tuple[Answered, ...], asked: bool) -> list[Subject]:
    """Every flow, every pair of receiver and source, every device.

    Where there is no flow, a blank one stands for what a person may say of it; where a person speaks of a case
    without a device, a blank pair and device too.
    """
    flows = case.flows or [blank_flow(case)]
    pairs: dict[tuple[str | None, str | None, str | None], list[FlowView]] = defaultdict(list)
    for flow in flows if asked else case.flows:
        pairs[flow.pair].append(flow)
    devices: list[DeviceView | None] = [*case.devices.values()]
    if asked and not devices:
        devices.append(None)
    make = partial(Subject, case=case, answers=answers, asked=asked)
    found = [make(kind="flow", flow=flow, flows=[flow], device=None) for flow in flows]
    found += [make(kind="pair", flow=group[0], flows=group, device=None) for group in pairs.values()]
    found += [make(kind="device", flow=None, flows=[], device=device) for device in devices]
    return found


def _device_key(one: Judged) -> str:
    receiver = one.subject.receiver
    return receiver.name if receiver is not None else ""


def _height(verdict: Verdict) -> int:
    return VERDICTS_UP.index(verdict) + 1 if verdict in VERDICTS_UP else 0
