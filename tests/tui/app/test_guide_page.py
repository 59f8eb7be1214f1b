"""The guide page: answers, what they change, taking back, pasting, why, the end - by keyboard alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from engine.guide.given import Given
from tui.app.app import GuideApp
from tui.app.model import CaseModel, State
from tui.app.pages.guide import Answers, GuidePage
from tui.app.pages.guide_past import Past
from tui.app.pages.guide_why import WhyScreen

SIZES = [(80, 24), (120, 40)]
MESSAGES = "".join(
    f"Mar  1 10:0{minute}:07.123 UTC: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    "destaddr=192.0.2.1, prot=50, spi=0x1DB73BBB(498547643), srcaddr=198.51.100.7, input interface=Gi1\n"
    for minute in (1, 3)
)

Walk = Callable[[GuideApp, Pilot[None]], Awaitable[None]]


def _run(walk: Walk, *, size: tuple[int, int] = (80, 24), lang: str = "en") -> None:
    async def go() -> None:
        app = GuideApp(lang=lang)  # type: ignore[arg-type]  # one of the two, from the parameters below
        async with app.run_test(size=size) as pilot:
            app.open_nothing()
            await _until(pilot, lambda: app.state is not None and isinstance(app.screen, GuidePage))
            await walk(app, pilot)

    asyncio.run(go())


async def _until(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    for _ in range(400):
        await pilot.pause(0.02)
        if done():
            await pilot.pause()
            return
    raise AssertionError("it never came to that")


async def _press(app: GuideApp, pilot: Pilot[None], *keys: str) -> State:
    """Press keys that change the case, and wait for the state that comes of it."""
    before = app.state
    await pilot.press(*keys)
    await _until(pilot, lambda: app.state is not before)
    return _state(app)


def _state(app: GuideApp) -> State:
    assert app.state is not None
    return app.state


def _text(app: GuideApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).render())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_enter_answers_and_what_it_changed_is_said(size: tuple[int, int], lang: str) -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.focused, Answers)
        state = await _press(app, pilot, "down", "down", "enter")
        assert [g.answer for g in state.given] == ["repeats"]
        verdict = app.word("common.verdict_likely")
        assert verdict in _text(app, "#guide-news")
        assert state.diagnosis.summary in _text(app, "#topbar")
        assert app.screen.query_one(Past).option_count >= 1

    _run(walk, size=size, lang=lang)


def test_space_ticks_several_answers_and_enter_gives_them_together() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        state = await _press(app, pilot, "j", "j", "space", "j", "j", "j", "space", "enter")
        assert state.given[0].answer == "repeats+replay"

    _run(walk)


def test_what_was_ticked_stays_in_the_other_language() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        await pilot.press("j", "j", "space", "j")
        await _press(app, pilot, "L")
        state = await _press(app, pilot, "j", "j", "space", "enter")
        assert state.given[0].answer == "repeats+replay"

    _run(walk)


def test_d_says_that_nobody_knows_and_changes_no_verdict() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        state = await _press(app, pilot, "d")
        assert state.given[0].answer == "unknown"
        assert state.turns[0].changes == ()
        assert app.word("guide.no_change") in _text(app, "#guide-news")

    _run(walk)


def test_u_takes_back_the_last_answer_and_x_any_of_them() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        first = _state(app)
        await _press(app, pilot, "j", "j", "enter")
        second = await _press(app, pilot, "d")
        state = await _press(app, pilot, "u")
        assert len(state.given) == 1
        await _press(app, pilot, "d")
        app.screen.query_one(Past).focus()
        await pilot.press("G")
        state = await _press(app, pilot, "x")
        assert [g.question for g in state.given] == [second.given[1].question]
        state = await _press(app, pilot, "u")
        assert state.diagnosis == first.diagnosis

    _run(walk)


def test_two_takings_back_at_once_take_back_two_and_a_second_of_the_same_turn_nothing() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        for _ in range(3):
            await _press(app, pilot, "d")
        page = app.screen
        assert isinstance(page, GuidePage)
        first, second, third = _state(app).turns
        page.take_back(third)
        page.take_back(second)
        page.take_back(third)
        await _until(pilot, lambda: not list(app.workers))
        assert _state(app).turns == (first,)
        assert len(_state(app).given) == 1

    _run(walk)


def test_an_answer_that_fails_does_not_lock_the_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        def failing(*_: object) -> State:
            raise OSError

        with monkeypatch.context() as broken:
            broken.setattr(app.model, "answer", failing)
            await pilot.press("d")
            await _until(pilot, lambda: not list(app.workers))
            assert not _state(app).given
        assert len((await _press(app, pilot, "d")).given) == 1

    _run(walk)


def test_the_same_question_about_another_flow_keeps_the_answer_about_the_first() -> None:
    model = CaseModel()
    state = model.start_with_text(
        "R1#show logging\n" + MESSAGES + MESSAGES.replace("198.51.100.7", "198.51.100.9")
    )
    answers = [Given("ike-sa-up", answer, flow.id) for flow, answer in zip(
        state.diagnosis.flows, ("absent", "unknown"), strict=True
    )]  # fmt: skip
    for one in [*answers, answers[0]]:
        state = model.answer(state, one)
    assert state.given == (answers[1], answers[0])
    assert [turn.given for turn in state.turns] == [*state.given]


def test_a_pasted_output_is_read_on_the_spot_and_a_contradiction_is_shown() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        await _press(app, pilot, "j", "j", "enter")
        while _state(app).question.id != "spi":  # type: ignore[union-attr]  # it comes before the end
            await _press(app, pilot, "d")
        await _press(app, pilot, "enter")
        await pilot.press("p")
        await _until(pilot, lambda: bool(app.screen.query("#paste-text")))
        app.screen.query_one("#paste-text").text = MESSAGES  # type: ignore[attr-defined]
        state = await _press(app, pilot, "ctrl+s")
        assert state.diagnosis.flows[0].count == 2
        assert [c.condition for c in state.contradictions] == ["spi-first-octet-ff"]
        assert "!" in _text(app, "#guide-news")
        state = await _press(app, pilot, "u")
        assert not state.diagnosis.flows
        assert not state.contradictions

    _run(walk)


def test_a_release_can_be_typed_and_nonsense_is_refused() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        while not _state(app).question.free:  # type: ignore[union-attr]  # it comes before the end
            await _press(app, pilot, "d")
        typed = app.screen.query_one("#guide-typed", Input)
        typed.focus()
        await pilot.press(*"16.x", "enter")
        await pilot.pause()
        assert all(g.question != "release" for g in _state(app).given)
        typed.value = "17.03.04a"
        state = await _press(app, pilot, "enter")
        assert state.given[-1].answer == "17.3.4a"

    _run(walk)


def test_w_tells_why_and_escape_returns() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        await _press(app, pilot, "j", "j", "enter")
        await pilot.press("w")
        await _until(pilot, lambda: isinstance(app.screen, WhyScreen) and "→" in _text(app, "#why-text"))
        await pilot.press("escape")
        assert isinstance(app.screen, GuidePage)

    _run(walk)


def test_the_language_is_switched_in_the_middle_without_losing_the_place() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        before = await _press(app, pilot, "j", "j", "enter")
        after = await _press(app, pilot, "L")
        assert after.lang == "ko"
        assert after.given == before.given
        assert after.question is not None
        assert before.question is not None
        assert after.question.id == before.question.id
        assert after.question.text in _text(app, "#guide-question")

    _run(walk)


def test_it_ends_when_nothing_open_can_change_a_verdict_and_says_so() -> None:
    async def walk(app: GuideApp, pilot: Pilot[None]) -> None:
        while _state(app).question is not None:
            await _press(app, pilot, "d")
        assert app.word("guide.end") in _text(app, "#guide-question")
        assert not app.screen.query_one(Answers).display

    _run(walk)
