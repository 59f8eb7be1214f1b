"""Questions: what would move a verdict if it were known, by gain.

For each open condition every answer that is still possible is supposed (by the second engine), and the weights of
the verdicts that would change are added up; gain is that sum divided by the cost of getting the answer. Weights are
coarse classes of the knowledge base, never percentages.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    """The best questions of a case, highest gain first."""
    found: list[Question] = []
    for one in list(judged)[:MOST_SUBJECTS]:
        for name, condition in judge.kb.conditions.items():
            question = _question(judge, one, name, condition, lang)
            if question is not None:
                found.append(question)
    found.sort(key=lambda q: (-q.gain, q.id))
    best = found[:MOST_QUESTIONS]
    best += [q for q in found[MOST_QUESTIONS:] if q.id.endswith(f"/ask/{ALWAYS}")][:1]
    return best


def _question(judge: Judge, judged: Judged, name: str, condition: Condition, lang: str) -> Question | None:
    observation = judged.observations[name]
    if condition.ask is None or observation.truth is not None or observation.value is not None:
        if not (name == ALWAYS and observation.truth is False and condition.ask is not None):
            return None
    text = fill(condition.ask(lang), judged.subject)
    if text is None:
        return None
    values = condition.values or ["yes", "no"]
    moved: dict[str, None] = {}
    for value in values:
        supposed = judge.suppose(judged, _supposition(name, condition, value))
        moved.update({h: None for h, verdict in supposed.items() if verdict != judged.verdicts[h]})
    if not moved and name != ALWAYS:
        return None
    gain = sum(_weight(judge, judge.hypotheses[h][1]) for h in moved) / _cost(judge, condition)
    commands = [fill(c.command, judged.subject) for c in condition.collect]
    return Question(
        id=f"{judged.subject.id}/ask/{name}",
        text=text,
        answers=[*values, "unknown"],
        gain=round(gain, 3),
        settles=sorted(moved),
        collect=[c for c in commands if c is not None],
    )


def _supposition(name: str, condition: Condition, value: str) -> dict[Atom, bool]:
    if condition.values is None:
        return {Atom(name): value == "yes"}
    return {Atom(name, v): v == value for v in condition.values}


def _weight(judge: Judge, hypothesis: Hypothesis) -> float:
    ranking = judge.kb.ranking
    severity = hypothesis.severity
    name = severity if isinstance(severity, str) else max((s.severity for s in severity), key=ranking.severity_weight.get)  # type: ignore[arg-type]
    return ranking.severity_weight[name] * ranking.class_weight[hypothesis.weight]


def _cost(judge: Judge, condition: Condition) -> float:
    return min((judge.kb.ranking.cost[c.cost] for c in condition.collect), default=1.0)
