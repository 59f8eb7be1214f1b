"""The smallest change that clears or lowers a finding: levers of kb/plan.yaml, tried breadth first by their number.

A lever is a condition that an engineer can change (configure the command) or learn (is there an IKE SA?). Every set of
one lever is supposed, then of two, then of three, by the second engine; the first size at which the verdict falls is
the answer. What is conceivable is not what is advised: the report's actions say that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec

from engine.case import Investigation
from engine.diagnosis.document import Diagnosis
from engine.diagnosis.findings import Judgement, holding
from engine.inference.formula import Atom
from engine.inference.verdict import Verdict, decide
from engine.judge import Judge, Judged, fixes_for
from engine.knowledge.asides import Plan
from engine.knowledge.formulas import VERDICTS_UP
from engine.observe.subject import Observation
from engine.plan.gain import is_open, values_of
from engine.whatif.document import SMALLEST_SCHEMA, Change, Smallest, SmallestFor, Way
from engine.whatif.settings import implied

MOST_CHANGES = 3
MOST_WAYS = 5
MOST_SUBJECTS = 20
_UPGRADE = "release"


class _Option(msgspec.Struct, frozen=True):
    """One lever at one value, with the atoms that it makes known; None for a release with the fix."""

    change: Change
    facts: dict[Atom, bool] | None


class Searcher:
    """Searches the ways for one finding of a case."""

    def __init__(self, investigation: Investigation, finding: str) -> None:
        self._judge: Judge = investigation.judge
        self._investigation = investigation
        self._plan: Plan = investigation.judge.kb.plan
        self._lang = investigation.lang
        self._finding = finding

    def search(self, document: Diagnosis) -> Smallest:
        """The smallest ways for every subject for which the finding is at least possible."""
        judgements = [
            j for j in self._investigation.judgements if self._finding in holding(j.judged) and _is_real(j)
        ]
        subjects = [self._subject(j) for j in judgements[:MOST_SUBJECTS]]
        levers = list(dict.fromkeys(title for one in subjects for title in one.tried))
        hypothesis = self._judge.hypotheses[self._finding][1]
        return Smallest(
            schema=SMALLEST_SCHEMA, tool=document.tool, kb=document.kb, case=document.case, lang=document.lang,
            finding=self._finding, title=hypothesis.title(self._lang), most_changes=MOST_CHANGES, levers=levers,
            subjects=subjects,
        )  # fmt: skip

    def _subject(self, judgement: Judgement) -> SmallestFor:
        judged = judgement.judged
        finding = self._investigation.composer.finder.one(self._finding, judgement)
        options = list(self._options(judged))
        return SmallestFor(
            subject=finding.subject, before=judged.verdicts[self._finding], ways=self._ways(judged, options),
            tried=list(dict.fromkeys(option.change.title for option in options)),
        )  # fmt: skip

    def _ways(self, judged: Judged, options: Sequence[_Option]) -> list[Way]:
        before = _height(judged.verdicts[self._finding])
        for size in range(1, MOST_CHANGES + 1):
            found: list[tuple[tuple[int, int], Way]] = []
            for chosen in combinations(options, size):
                if len({option.change.condition for option in chosen}) < size:
                    continue  # one condition cannot have two values
                after = self._verdict(judged, chosen)
                if _height(after) < before:
                    way = Way(changes=[option.change for option in chosen], after=after)
                    found.append((self._merit(way), way))
            if found:
                found.sort(key=lambda item: item[0])  # stable: equals stay in the order of kb/plan.yaml
                return [way for _, way in found[:MOST_WAYS]]
        return []

    def _merit(self, way: Way) -> tuple[int, int]:
        """Lowest verdict first, then what can be done before what can only be learned."""
        learned = sum(change.kind == "learn" for change in way.changes)
        return (-self._judge.kb.ranking.verdicts.index(way.after), learned)

    def _options(self, judged: Judged) -> Iterator[_Option]:
        for name, lever in self._plan.levers.items():
            observation = judged.observations.get(name)
            if observation is None:
                continue
            condition = self._judge.kb.conditions[name]
            unknown = is_open(observation)
            values = [*lever.to, *(v for v in values_of(condition) if v not in lever.to)]
            for value in values:
                if value == _current(observation) or not (unknown or value in lever.to):
                    continue
                change = Change(
                    condition=name,
                    value=value,
                    kind="change" if value in lever.to else "learn",
                    title=lever.title(self._lang),
                    set=lever.set.replace("{value}", value) if value in lever.to else f"{name}={value}",
                )
                yield _Option(change, self._facts(name, value))
        fixes = fixes_for(self._judge.hypotheses[self._finding][1], judged.subject)
        if fixes:
            title = self._plan.words["smallest.upgrade"](self._lang).format(releases=", ".join(fixes))
            fixed = Change(condition=_UPGRADE, value="fixed", kind="change", title=title, set=None)
            yield _Option(fixed, None)

    def _facts(self, name: str, value: str) -> dict[Atom, bool]:
        facts: dict[Atom, bool] = {}
        for other, known in implied(self._judge.kb, name, value).items():
            values = self._judge.kb.conditions[other].values
            if values is None:
                facts[Atom(other)] = known == "yes"
            else:
                facts.update({Atom(other, v): v == known for v in values})
        return facts

    def _verdict(self, judged: Judged, chosen: Sequence[_Option]) -> Verdict:
        """The verdict under the changes; what capped it before (an answer, prose) still does."""
        facts = dict(judged.facts)
        upgraded = False
        for option in chosen:
            facts.update(option.facts or {})
            upgraded = upgraded or option.facts is None
        closure = self._judge.judging.suppose(facts)
        grounds = self._judge.grounds(self._finding, judged, closure)
        cap = judged.grounds[self._finding].cap
        grounds = msgspec.structs.replace(grounds, cap=cap)
        if upgraded:
            grounds = msgspec.structs.replace(grounds, release_clear=True, release_affected=False)
        return decide(grounds)


def _current(observation: Observation) -> str | None:
    if observation.value is not None:
        return observation.value
    return {True: "yes", False: "no", None: None}[observation.truth]


def _height(verdict: Verdict) -> int:
    return VERDICTS_UP.index(verdict) if verdict in VERDICTS_UP else -1


def _is_real(judgement: Judgement) -> bool:
    flow = judgement.judged.subject.flow
    return flow is None or flow.count > 0
