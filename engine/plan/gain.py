"""What knowing a condition would be worth: the verdicts that some answer would move, weighed, over its cost.

The weights are the coarse classes of kb/ranking.yaml, as for the questions of the report.
"""

from __future__ import annotations

from engine.inference.formula import Atom
from engine.judge import Judge, Judged
from engine.knowledge.model import Condition
from engine.observe.subject import Observation

REPEATS = "spi-repeats"
"""That the message comes again stays open for any message seen once; a yes is known as said-to-repeat too."""
_SAID = "said-to-repeat"


def is_open(observation: Observation) -> bool:
    """Whether a condition is neither known to hold nor known not to."""
    return observation.truth is None and observation.value is None


def values_of(condition: Condition) -> list[str]:
    """The answers that a condition can have."""
    return condition.values or ["yes", "no"]


def supposition(name: str, condition: Condition, value: str) -> dict[Atom, bool]:
    """The atoms that an answer makes known."""
    if condition.values is not None:
        return {Atom(name, v): v == value for v in condition.values}
    known = {Atom(name): value == "yes"}
    return {**known, Atom(_SAID): value == "yes"} if name == REPEATS else known


def moved(judge: Judge, judged: Judged, name: str) -> list[str]:
    """The hypotheses whose verdict some answer to an open condition would change, sorted."""
    condition = judge.kb.conditions[name]
    found: set[str] = set()
    for value in values_of(condition):
        supposed = judge.suppose(judged, supposition(name, condition, value))
        found.update(h for h, verdict in supposed.items() if verdict != judged.verdicts[h])
    return sorted(found)


def weight(judge: Judge, hypotheses: set[str]) -> float:
    """The weight of hypotheses together."""
    ranking = judge.kb.ranking
    total = 0.0
    for name in sorted(hypotheses):
        hypothesis = judge.hypotheses[name][1]
        severity = hypothesis.severity
        names = [severity] if isinstance(severity, str) else [s.severity for s in severity]
        total += max(ranking.severity_weight[n] for n in names) * ranking.class_weight[hypothesis.weight]
    return total
