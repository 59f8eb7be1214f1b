"""Whole diagnoses in the application itself: from nothing, by keys alone, answered by the truth of a case.

`tests/guide` counts the questions of every positive case; here the first positive case of each cause and bug is walked
through the screens. All of them take minutes (`make soak`); a few are always run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.guide.given import UNKNOWN
from engine.guide.guide import best_verdicts
from tests.guide.interviewee import HEIGHT, answer, positive_cases, truth_of
from tests.tui.app.snapshots import drive, settled
from tui.app.app import GuideApp
from tui.app.pages.guide import Answers

MOST = 9
FIRST = dict(reversed(positive_cases()))
ALWAYS = {"rekey-race", "device-reload", "CSCvp16730"}


@pytest.mark.parametrize(
    "hypothesis",
    [h if h in ALWAYS else pytest.param(h, marks=pytest.mark.slow) for h in sorted(FIRST)],
)
def test_a_person_with_nothing_but_answers_reaches_the_verdict(hypothesis: str) -> None:
    known, wanted, release = truth_of(hypothesis, FIRST[hypothesis])

    async def walk(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        app.open_nothing()
        await settled(pilot)
        asked = 0
        while (state := app.state) is not None and not _reached(state.investigation, hypothesis, wanted):
            assert state.question is not None
            assert asked < MOST
            await _give(pilot, answer(state.question.id, known, release))
            asked += 1
        assert app.state is not None
        assert _reached(app.state.investigation, hypothesis, wanted)
        assert any(f.id == hypothesis for f in app.state.diagnosis.findings)

    drive(GuideApp, walk, size=(120, 40))


def _reached(investigation: Any, hypothesis: str, wanted: str) -> bool:
    return HEIGHT.get(best_verdicts(investigation).get(hypothesis, ""), -1) >= HEIGHT[wanted]


async def _give(pilot: Pilot[Any], said: str) -> None:
    """Give an answer by keys: tick several, choose one, type a release, or say that nobody knows."""
    state = pilot.app.state  # type: ignore[attr-defined]
    question = state.question
    options = [option.id for option in question.options]
    answers = pilot.app.screen.query_one(Answers)
    answers.focus()
    if said == UNKNOWN:
        await pilot.press("d")
    elif said not in options and not question.several:
        pilot.app.screen.query_one("#guide-typed").focus()
        await pilot.press(*said, "enter")
    else:
        at = 0
        chosen = said.split("+")
        for name in chosen:
            place = options.index(name)
            await pilot.press(*(["j"] * (place - at) + ["k"] * (at - place)))
            at = place
            if len(chosen) > 1:
                await pilot.press("space")
        await pilot.press("enter")
    await settled(pilot)


def test_the_cases_are_there() -> None:
    assert all(isinstance(case, Path) for case in FIRST.values())
    assert set(FIRST) >= ALWAYS
