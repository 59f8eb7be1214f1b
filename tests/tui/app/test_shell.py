"""The shell: pages by their digits, footer, help, jump mode, palette, languages, themes, changes in their order."""

import asyncio
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from engine.guide.given import Given
from engine.saved import load, save
from tests.tui.app.snapshots import DEMO, LARGE, SMALL, demo, drive, screen, settled, shown, snap
from tui import cli
from tui.app import themes, verdicts, words
from tui.app.app import GuideApp
from tui.app.autosave import saved_of
from tui.app.model import CaseModel, State
from tui.app.page import Page
from tui.app.widgets.help import HelpScreen
from tui.app.widgets.jump import JumpScreen
from tui.app.widgets.tabs import PAGES
from tui.app.widgets.topbar import size


@pytest.mark.parametrize("name", ["", "help."])
def test_both_languages_have_the_same_texts(name: str) -> None:
    assert words.keys(f"{name}en") == words.keys(f"{name}ko")


def test_no_korean_text_is_left_in_english() -> None:
    same = {
        key
        for key in words.keys("en")
        if words.word("en", key) == words.word("ko", key) and any(c.isalpha() for c in words.word("en", key))
    }
    assert all(len(words.word("en", key).split()) <= 3 for key in same), same


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_help(page: str, lang: str) -> None:
    assert words.help_of(lang, f"{page}.page")


@pytest.mark.parametrize("verdict", list(verdicts.SYMBOLS))
def test_a_verdict_has_a_symbol_and_a_word(verdict: Any) -> None:
    assert len(verdicts.symbol(verdict)) == 1
    assert words.word("en", verdicts.key(verdict))


def test_names_and_typed_text_are_no_markup() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.notify("a[/b] [red]c", severity="warning")
        await settled(pilot)
        assert "a[/b] [red]c" in screen(pilot.app)

    drive(demo(), check, notifications=True)


def test_an_answer_that_is_still_judged_is_kept_by_leaving(tmp_path: Path) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        app.change(lambda model: model.answer(app.state_now, Given("ike-sa-up", "absent")))
        await app.action_quit()

    drive(demo(home=tmp_path), check)
    saved = [load(path) for path in (tmp_path / "autosave").iterdir()]
    assert [[one.question for one in case.given] for case in saved] == [["ike-sa-up"]]
    assert not any(case.open for case in saved)


def test_a_case_is_shown_in_the_language_that_was_asked_for(tmp_path: Path) -> None:
    model = CaseModel(())
    path = tmp_path / "branch-7.ipsecdx.json"
    save(path, saved_of(model.start([DEMO], lang="en", name="branch-7"), "case"))

    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        assert app.state_now.lang == app.lang == "ko"
        assert app.state_now.name == "branch-7"
        assert app.keeping.settings.lang == "en"

    drive(lambda: GuideApp([str(path)], lang="ko", home=tmp_path), check)


def test_every_digit_shows_its_page() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.set_focus(None)
        for digit, name in enumerate(PAGES):
            pilot.app.screen.set_focus(None)
            await pilot.press(str(digit))
            await settled(pilot)
            assert pilot.app.current_mode == name
            assert isinstance(pilot.app.screen, Page)

    drive(demo(), check)


def test_escape_goes_back_to_the_page_before() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        assert pilot.app.current_mode == "case"
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.current_mode == "start"

    drive(demo(), check)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("digit", range(9))
def test_no_page_is_wider_than_the_smallest_screen(digit: int, lang: str) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.set_focus(None)
        await pilot.press(str(digit))
        await settled(pilot)
        body = pilot.app.screen.query_one("#body")
        for node in (body, *body.children):
            assert node.region.right <= SMALL[0], node
        assert not pilot.app.screen.show_horizontal_scrollbar
        assert not body.show_horizontal_scrollbar

    drive(demo(lang), check)


def test_the_footer_has_at_most_six_keys() -> None:
    footer = shown(demo()).splitlines()[-1]
    assert "F1 Help" in footer
    assert len([part for part in footer.split("  ") if part.strip()]) <= 6


def test_a_page_without_a_case_says_so() -> None:
    assert "No case is open" in shown(GuideApp, press=["tab", "1"])


def test_the_help_of_the_focused_widget_comes_before_that_of_the_page() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app.screen, HelpScreen)
        assert len(pilot.app.screen._texts) >= 2
        await pilot.press("escape")
        await settled(pilot)
        assert not isinstance(pilot.app.screen, HelpScreen)

    drive(demo(), check, press=["f1"])


def test_a_jump_letter_moves_the_focus() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        before = pilot.app.screen.focused
        await pilot.press("ctrl+o")
        await settled(pilot)
        jump = pilot.app.screen
        assert isinstance(jump, JumpScreen)
        letter, widget = next((k, w) for k, w in jump._places.items() if w is not before)
        await pilot.press(letter)
        await settled(pilot)
        assert pilot.app.screen.focused is widget

    drive(demo(), check, size=LARGE)


def test_a_key_that_is_no_jump_letter_changes_nothing() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        before = pilot.app.screen.focused
        await pilot.press("ctrl+o", "9")
        await settled(pilot)
        assert pilot.app.current_mode == "case"
        assert pilot.app.screen.focused is before

    drive(demo(), check)


@pytest.mark.parametrize(
    ("typed", "mode"),
    [("matrix", "matrix"), ("out of step", "finding"), ("open another", "start")],
)
def test_the_palette_goes_to_pages_and_findings(typed: str, mode: str) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        await pilot.press("ctrl+p")
        await pilot.pause(0.1)
        pilot.app.screen.query_one(Input).value = typed
        await pilot.pause(0.6)
        await pilot.press("enter")
        await settled(pilot)
        if pilot.app.current_mode == "case":
            await pilot.press("enter")
            await settled(pilot)
        assert pilot.app.current_mode == mode

    drive(demo(), check)


def test_the_language_switches_live_and_back() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        await pilot.press("L")
        await settled(pilot)
        assert "장비" in screen(app)
        assert app.state is not None
        assert app.state.lang == "ko"
        await pilot.press("L")
        await settled(pilot)
        assert "Devices" in screen(app)

    drive(demo(), check)


def test_t_goes_round_the_themes() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        seen = [pilot.app.theme]
        for _ in themes.THEMES:
            await pilot.press("T")
            await settled(pilot)
            seen.append(pilot.app.theme)
        assert set(seen) == set(themes.THEMES)
        assert seen[0] == seen[-1]

    drive(demo(), check)


def test_no_color_leaves_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = GuideApp()
    assert app.no_color


def test_an_older_change_never_takes_the_place_of_a_newer_one() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        made: list[str] = []

        def slow(model: CaseModel) -> State:
            time.sleep(0.2)
            made.append("slow")
            return model.focused(app.state_now, "slow")

        def quick(model: CaseModel) -> State:
            made.append("quick")
            return model.focused(app.state_now, "quick")

        app.change(slow)
        app.change(quick)
        await settled(pilot)
        assert made == ["slow", "quick"]
        assert app.state is not None
        assert app.state.focus == "quick"

    drive(demo(), check)


def test_an_answer_is_not_lost_by_a_switch_of_the_language() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        state = app.state_now
        app.change(lambda model: model.focused(state, "x"))
        app.set_language("ko")
        await settled(pilot)
        assert app.state is not None
        assert (app.state.focus, app.state.lang) == ("x", "ko")

    drive(demo(), check)


def test_the_interface_answers_while_a_state_is_made() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        import threading

        go = threading.Event()

        def waits(_model: CaseModel) -> State:
            go.wait(5)
            return app.state_now

        app.change(waits)
        await pilot.press("0")
        await asyncio.sleep(0.05)
        await pilot.pause()
        assert app.current_mode == "start"
        go.set()
        await settled(pilot)

    drive(demo(), check)


def test_what_goes_wrong_in_a_change_is_said_and_the_case_stays() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        before = app.state

        def fails(_model: CaseModel) -> State:
            raise ValueError("no such thing")

        app.change(fails)
        await settled(pilot)
        assert app.state is before
        assert "no such thing" in screen(app)

    drive(demo(), check, notifications=True)


def test_every_page_is_at_hand_before_it_is_shown_first() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert all(f"tui.app.pages.{name}" in sys.modules for name in PAGES)

    drive(demo(), check)


def test_a_broken_knowledge_base_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bugs" / "CSCxx00000").mkdir(parents=True)
    (tmp_path / "bugs" / "CSCxx00000" / "bug.yaml").write_text("nonsense: [", encoding="utf-8")

    async def check(pilot: Pilot[Any]) -> None:
        assert "bug.yaml" in screen(pilot.app).replace("\n", "")
        assert pilot.app.is_running

    drive(lambda: GuideApp([DEMO], overlays=[str(tmp_path)]), check, size=LARGE, notifications=True)


def test_a_load_that_nobody_wants_any_more_is_given_up() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        app.open_text("r1#show clock\n")
        app.open_nothing()
        await settled(pilot)
        assert app.state is not None
        assert app.state.pasted == ()
        assert app.progress is None

    drive(GuideApp, check)


def test_the_case_stays_where_another_one_cannot_be_read(tmp_path: Path) -> None:
    image = tmp_path / "image.bin"
    image.write_bytes(bytes(range(256)) * 8)

    async def check(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, GuideApp)
        before = app.state
        app.open_paths([str(image)])
        await settled(pilot)
        assert app.state is before
        app.show("case")
        await settled(pilot)
        assert "● confirmed" in screen(app)

    drive(demo(), check)


def test_the_guide_needs_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["guide"]) == cli.WRONG
    assert "guide needs a terminal" in capfd.readouterr().err


def test_the_program_alone_starts_the_application_on_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    child, handle = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", XDG_STATE_HOME=str(tmp_path))
        os.execv(sys.executable, [sys.executable, "-m", "tui.cli"])
    drawn = b""
    end = time.monotonic() + 30
    while time.monotonic() < end and b"Begin without evidence" not in drawn:
        drawn += os.read(handle, 1 << 16)
    os.write(handle, b"\x11")  # ctrl+q
    while select.select([handle], [], [], 30)[0]:
        try:
            if not os.read(handle, 1 << 16):
                break
        except OSError:
            break
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert b"Begin without evidence" in drawn


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (4_700, "4.7 kB"),
        (8_210, "8.2 kB"),
        (212_000_000, "212 MB"),
        (1_500_000_000, "1.5 GB"),
    ],
)
def test_sizes_are_told_for_people(count: int, told: str) -> None:
    assert size(count) == told


def test_the_help_window() -> None:
    snap(demo(), "help", press=["f1"])


def test_jump_mode() -> None:
    snap(demo(), "jump", size=LARGE, press=["ctrl+o"])


def test_the_first_paint_imports_nothing_of_the_engine() -> None:
    code = "import sys, tui.app.app, tui.app.pages.start; print(*sorted(m for m in sys.modules if '.' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert not {name for name in imported if name.startswith(("engine.", "yaml.", "durable", "markdown_it."))}
    assert "tui.app.model" not in imported
