"""Questions: what would move a verdict if it were known, by gain.

For each open condition every answer that is still possible is supposed (by the second engine), and the weights of
the verdicts that would change are added up; gain is that sum divided by the cost of getting the answer. Weights are
coarse classes of the knowledge base, never percentages.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from engine.advise.fill import fill
from engine.diagnosis.document import Question
from engine.inference.formula import Atom
from engine.judge import Judge, Judged
from engine.knowledge.model import Condition, Hypothesis

MOST_QUESTIONS = 12
# Alike flows have the same questions; the first few flows speak for the rest.
MOST_SUBJECTS = 20
# "Does it repeat for the same SPI?" stays open for any message seen once, and is always asked.
ALWAYS = "spi-repeats"


def questions_of(judge: Judge, judged: Iterable[Judged], lang: str) -> list[Question]:
    """The best questions of a case, highest gain first; one that reads alike for several flows is asked once."""
    found: dict[str, Question] = {}
    # The flow that stands for a case without flows has nothing to be asked about, unless a person speaks of it.
    about = [o for o in judged if o.subject.flow is None or o.subject.flow.count or o.subject.told]
    for one in about[:MOST_SUBJECTS]:
        for name in one.observations:
            question = _question(judge, one, name, judge.kb.conditions[name], lang)
            if question is not None:
                known = found.get(question.text)
                found[question.text] = question if known is None else _joined(known, question)
    ordered = sorted(found.values(), key=lambda q: (-q.gain, q.id))
    best = ordered[:MOST_QUESTIONS]
    return best + [q for q in ordered[MOST_QUESTIONS:] if q.id.endswith(f"/ask/{ALWAYS}")][:1]


def _joined(first: Question, second: Question) -> Question:
    return msgspec.structs.replace(
        first,
        gain=max(first.gain, second.gain),
        settles=sorted({*first.settles, *second.settles}),
        collect=list(dict.fromkeys([*first.collect, *second.collect])),
    )


def _question(judge: Judge, judged: Judged, name: str, condition: Condition, lang: str) -> Question | None:
    observation = judged.observations[name]
    always = name == ALWAYS and observation.truth is False
    if condition.ask is None or not (always or (observation.truth is None and observation.value is None)):
        return None
    text = fill(condition.ask(lang), judged.subject)
    moved = _moved(judge, judged, name, condition) if text is not None else []
    if text is None or not (moved or always):
        return None
    gain = sum(_weight(judge, judge.hypotheses[h][1]) for h in moved) / _cost(judge, condition)
    commands = [fill(c.command, judged.subject) for c in condition.collect]
    return Question(
        id=f"{judged.subject.id}/ask/{name}",
        text=text,
        answers=[*_values(condition), "unknown"],
        gain=round(gain, 3),
        settles=moved,
        collect=[c for c in commands if c is not None],
    )


def _moved(judge: Judge, judged: Judged, name: str, condition: Condition) -> list[str]:
    """The hypotheses whose verdict some answer would change."""
    moved: set[str] = set()
    for value in _values(condition):
        supposed = judge.suppose(judged, _supposition(name, condition, value))
        moved.update(h for h, verdict in supposed.items() if verdict != judged.verdicts[h])
    return sorted(moved)


def _values(condition: Condition) -> list[str]:
    return condition.values or ["yes", "no"]


def _supposition(name: str, condition: Condition, value: str) -> dict[Atom, bool]:
    """What an answer says; that the message repeats also says that it was not seen only once."""
    if condition.values is not None:
        return {Atom(name, v): v == value for v in condition.values}
    known = {Atom(name): value == "yes"}
    return {**known, Atom("said-to-repeat"): value == "yes"} if name == ALWAYS else known


def _weight(judge: Judge, hypothesis: Hypothesis) -> float:
    ranking = judge.kb.ranking
    severity = hypothesis.severity
    names = [severity] if isinstance(severity, str) else [s.severity for s in severity]
    return max(ranking.severity_weight[n] for n in names) * ranking.class_weight[hypothesis.weight]


def _cost(judge: Judge, condition: Condition) -> float:
    return min((judge.kb.ranking.cost[c.cost] for c in condition.collect), default=1.0)
