"""Whole diagnoses from no evidence at all, by answers that fit the truth of every positive case."""

from __future__ import annotations

import statistics
from functools import cache

from tests.guide.interviewee import Walk, at_random, by_guide, by_seed, positive_cases, walk

MEDIAN, MOST = 5, 9
SEEDS = range(3)


@cache
def walks() -> list[Walk]:
    return [walk(hypothesis, case, by_guide) for hypothesis, case in positive_cases()]


def _asked(found: list[Walk]) -> list[int]:
    """Questions asked; a walk that never arrived counts as many as it asked and one more."""
    return [len(w.asked) + (not w.arrived) for w in found]


def test_every_cause_and_bug_is_reached_by_answers_alone() -> None:
    lost = [f"{w.hypothesis}/{w.case}: {w.reached} after {w.asked}" for w in walks() if not w.arrived]
    assert not lost


def test_few_questions_are_asked_in_the_middle_and_at_most() -> None:
    asked = _asked(walks())
    print("\nquestions by the guide:", _told(asked))
    assert statistics.median(asked) <= MEDIAN
    assert max(asked) <= MOST


def test_the_guide_asks_less_than_chance_and_than_the_order_of_the_seed() -> None:
    guided = _asked(walks())
    seed = _asked([walk(hypothesis, case, by_seed) for hypothesis, case in positive_cases()])
    print("\nquestions by the guide:   ", _told(guided))
    print("in the order of the seed: ", _told(seed))
    assert statistics.mean(guided) < 0.75 * statistics.mean(seed)
    for number in SEEDS:
        order = at_random(number)
        chance = _asked([walk(hypothesis, case, order) for hypothesis, case in positive_cases()])
        print(f"at random (seed {number}):      ", _told(chance))
        assert statistics.mean(guided) < 0.75 * statistics.mean(chance)


def _told(asked: list[int]) -> str:
    return f"median {statistics.median(asked):g}, mean {statistics.mean(asked):.1f}, most {max(asked)}"
