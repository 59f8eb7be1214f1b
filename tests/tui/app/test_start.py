"""The start page: a path with completion, pasted text, no evidence, cases of before, and the one of a crash."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from engine.guide.given import Given
from engine.saved import load
from tests.tui.app.snapshots import DEMO, drive, screen, settled, shown
from tui.app.app import GuideApp
from tui.app.autosave import MOST, Autosave
from tui.app.keeping import Keeping, default_home
from tui.app.paths import completed, split
from tui.app.widgets.paste import PasteScreen
from tui.app.widgets.rows import RowList

LOG = (
    "*Mar  4 10:15:32.120: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    "destaddr=192.0.2.1, prot=50, spi=0x5E1D0C3A(1578961978), srcaddr=198.51.100.7, "
    "input interface=GigabitEthernet0/0/0\n"
)


def app_of(pilot: Pilot[Any]) -> GuideApp:
    assert isinstance(pilot.app, GuideApp)
    return pilot.app


async def typed(pilot: Pilot[Any], text: str, *keys: str) -> None:
    path = pilot.app.screen.query_one("#path", Input)
    path.value = text
    path.cursor_position = len(text)
    path.focus()
    await pilot.press(*keys)
    await settled(pilot)


# Paths.


def test_a_path_is_completed_as_far_as_all_matches_agree(tmp_path: Path) -> None:
    (tmp_path / "hub-1.txt").touch()
    (tmp_path / "hub-2.txt").touch()
    (tmp_path / "spoke").mkdir()
    (tmp_path / ".hidden").touch()
    assert completed(f"{tmp_path}/h") == (f"{tmp_path}/hub-", ["hub-1.txt", "hub-2.txt"])
    assert completed(f"{tmp_path}/s") == (f"{tmp_path}/spoke/", ["spoke/"])
    assert completed(f"{tmp_path}/x") == (f"{tmp_path}/x", [])
    assert completed(f"{tmp_path}/.h") == (f"{tmp_path}/.hidden", [".hidden"])
    assert completed(f"{tmp_path}/none/") == (f"{tmp_path}/none/", [])


def test_a_home_of_nobody_is_a_path_as_any_other() -> None:
    assert completed("~nobody-here/") == ("~nobody-here/", [])
    assert split("~nobody-here/x") == ["~nobody-here/x"]


@pytest.mark.parametrize("text", ["-", "x" * 5_000, "~nobody-here/x", "a\0b"])
def test_what_can_be_no_path_is_said_to_be_none(text: str) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        await typed(pilot, text, "enter")
        assert app_of(pilot).current_mode == "start"
        assert "no such file" in screen(pilot.app)

    drive(GuideApp, check)


def test_several_paths_are_split_as_a_shell_would(tmp_path: Path) -> None:
    one, two = tmp_path / "a b.txt", tmp_path / "c.txt"
    one.touch()
    two.touch()
    assert split(str(one)) == [str(one)]
    assert split(f"'{one}' {two}") == [str(one), str(two)]
    assert split(f"{two} {tmp_path / 'none'}") == [f"{two} {tmp_path / 'none'}"]
    assert split("'unfinished") == ["'unfinished"]
    assert split("  ") == []


def test_a_tilde_is_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "case").mkdir()
    assert split("~/case") == [str(tmp_path / "case")]
    assert completed("~/ca")[0] == "~/case/"


def test_tab_completes_and_lists_what_is_left(tmp_path: Path) -> None:
    (tmp_path / "hub-1.txt").touch()
    (tmp_path / "hub-2.txt").touch()

    async def check(pilot: Pilot[Any]) -> None:
        await typed(pilot, f"{tmp_path}/h", "tab")
        assert pilot.app.screen.query_one("#path", Input).value == f"{tmp_path}/hub-"
        assert "hub-1.txt  hub-2.txt" in screen(pilot.app)

    drive(GuideApp, check)


def test_tab_moves_on_where_there_is_nothing_to_complete() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        await typed(pilot, "", "tab")
        assert isinstance(pilot.app.screen.focused, RowList)

    drive(GuideApp, check)


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "Type a path first"), ("/no/such/file", "There is no such file or folder: /no/such/file")],
)
def test_a_wrong_path_is_one_sentence(text: str, told: str) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        await typed(pilot, text, "enter")
        assert told in screen(pilot.app)
        assert pilot.app.current_mode == "start"

    drive(GuideApp, check)


def test_what_cannot_be_read_is_said_on_the_start_page(tmp_path: Path) -> None:
    image = tmp_path / "image.bin"
    image.write_bytes(bytes(range(256)) * 8)

    async def check(pilot: Pilot[Any]) -> None:
        await typed(pilot, str(image), "enter")
        assert pilot.app.current_mode == "start"
        text = screen(pilot.app)
        assert "✕" in text
        assert "image.bin" in text.replace("\n   ", "")
        assert "Opening" not in text
        assert app_of(pilot).progress is None

    drive(GuideApp, check)


def test_enter_opens_the_case() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        await typed(pilot, DEMO, "enter")
        assert pilot.app.current_mode == "case"
        assert "black-holed" in screen(pilot.app)

    drive(GuideApp, check)


# Text, and nothing.


def test_pasted_text_becomes_a_case() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one("#choices").focus()
        await pilot.press("p")
        await settled(pilot)
        assert isinstance(pilot.app.screen, PasteScreen)
        pilot.app.screen.query_one(TextArea).text = LOG
        await settled(pilot)
        assert "lines: 1," in screen(pilot.app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert pilot.app.current_mode == "case"
        state = app_of(pilot).state
        assert state is not None
        assert [flow.src for flow in state.diagnosis.flows] == ["198.51.100.7"]

    drive(GuideApp, check)


def test_an_empty_paste_changes_nothing() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one("#choices").focus()
        await pilot.press("p", "ctrl+s")
        await settled(pilot)
        assert pilot.app.current_mode == "start"
        assert app_of(pilot).state is None

    drive(GuideApp, check)


def test_one_can_begin_without_evidence() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one("#choices").focus()
        await pilot.press("b")
        await settled(pilot)
        assert pilot.app.current_mode == "guide"
        state = app_of(pilot).state
        assert state is not None
        assert state.question is not None

    drive(GuideApp, check)


def test_language_and_theme_are_chosen_and_remembered(tmp_path: Path) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one("#language").focus()
        await pilot.press("right")
        pilot.app.screen.query_one("#theme").focus()
        await pilot.press("l")
        await settled(pilot)
        assert "파일 또는 폴더" in screen(pilot.app)

    drive(lambda: GuideApp(home=tmp_path), check)
    again = GuideApp(home=tmp_path)
    assert (again.lang, again.theme) == ("ko", "ipsecdx-light")


def test_damaged_settings_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"lang": 7', encoding="utf-8")
    assert Keeping(tmp_path).settings.lang == "en"


def test_the_home_follows_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_home() == tmp_path / "ipsecdx"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_home() == tmp_path / ".local" / "state" / "ipsecdx"


# Kept cases.


def answered(home: Path) -> Path:
    """Open the demo's log as text, answer one question, and leave in order; the kept case."""

    async def check(pilot: Pilot[Any]) -> None:
        app = app_of(pilot)
        app.open_text(LOG)
        await settled(pilot)
        app.change(lambda model: model.answer(app.state_now, Given("spi-repeats", "yes")))
        await settled(pilot)
        await pilot.press("q")

    drive(lambda: GuideApp(home=home), check)
    [kept] = (home / "autosave").glob("*.ipsecdx.json")
    return kept


def crashed(kept: Path) -> Path:
    """Make it look as if the program had died: still open, and no process of that number."""
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    gone = int(done.stdout)
    text = kept.read_text(encoding="utf-8").replace('"open": false', '"open": true')
    path = kept.with_name(kept.name.replace(f"-{os.getpid()}.", f"-{gone}."))
    kept.unlink()
    path.write_text(text, encoding="utf-8")
    return path


def test_every_change_is_kept_for_the_owner_alone(tmp_path: Path) -> None:
    kept = answered(tmp_path)
    saved = load(kept)
    assert [one.text for one in saved.pasted] == [LOG]
    assert [one.question for one in saved.given] == ["spi-repeats"]
    assert not saved.open
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_case_is_open_while_the_program_runs(tmp_path: Path) -> None:
    async def check(_pilot: Pilot[Any]) -> None:
        [kept] = (tmp_path / "autosave").glob("*.ipsecdx.json")
        assert load(kept).open
        assert not Autosave(tmp_path).kept()[0].crashed  # this very process runs

    drive(lambda: GuideApp([DEMO], home=tmp_path), check)


def test_a_crash_is_offered_first_and_resumes_as_it_was(tmp_path: Path) -> None:
    crashed(answered(tmp_path))

    async def check(pilot: Pilot[Any]) -> None:
        first = screen(pilot.app)
        assert "Resume the case as it was" in first
        await pilot.press("enter")
        await settled(pilot)
        state = app_of(pilot).state
        assert state is not None
        assert [one.text for one in state.pasted] == [LOG]
        assert [one.question for one in state.given] == ["spi-repeats"]
        [kept] = (tmp_path / "autosave").glob("*.ipsecdx.json")
        assert f"-{os.getpid()}." in kept.name

    drive(lambda: GuideApp(home=tmp_path), check)


def test_recent_cases_are_listed(tmp_path: Path) -> None:
    answered(tmp_path)
    assert "1 answered, 1 pasted" in shown(lambda: GuideApp(home=tmp_path))


def test_the_same_files_without_answers_are_kept_once(tmp_path: Path) -> None:
    async def nothing(_pilot: Pilot[Any]) -> None: ...

    for _ in range(3):
        drive(lambda: GuideApp([DEMO], home=tmp_path), nothing, press=["q"])
    assert len(list((tmp_path / "autosave").glob("*.ipsecdx.json"))) == 1


def test_only_the_latest_cases_are_kept(tmp_path: Path) -> None:
    kept = answered(tmp_path)
    text = kept.read_bytes()
    for number in range(MOST + 5):
        (kept.parent / f"2020{number:04}-1.ipsecdx.json").write_bytes(text)
    answered_again: Callable[[], GuideApp] = lambda: GuideApp([DEMO], home=tmp_path)  # noqa: E731  a factory

    async def nothing(_pilot: Pilot[Any]) -> None: ...

    drive(answered_again, nothing, press=["q"])
    assert len(Autosave(tmp_path).kept()) <= MOST


@pytest.mark.parametrize("text", ["{", '{"name": "x", "more": ' + "[" * 100_000])
def test_a_damaged_kept_case_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "autosave").mkdir()
    (tmp_path / "autosave" / "20200101-1.ipsecdx.json").write_text(text, encoding="utf-8")
    assert Autosave(tmp_path).kept() == []
    assert "Paste text" in shown(lambda: GuideApp(home=tmp_path))


def test_a_folder_that_cannot_be_written_does_not_stop_the_work(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert "black-holed" in shown(lambda: GuideApp([DEMO], home=blocked))


def test_changed_evidence_is_told(tmp_path: Path) -> None:
    log = tmp_path / "r1.log"
    log.write_text(LOG, encoding="utf-8")
    home = tmp_path / "home"

    async def nothing(_pilot: Pilot[Any]) -> None: ...

    drive(lambda: GuideApp([str(log)], home=home), nothing, press=["q"])
    [kept] = (home / "autosave").glob("*.ipsecdx.json")
    log.write_text(LOG * 2, encoding="utf-8")

    async def check(pilot: Pilot[Any]) -> None:
        app_of(pilot).resume(kept)
        await settled(pilot)
        assert "Changed since the case was saved" in screen(pilot.app)

    drive(GuideApp, check, size=(120, 40), notifications=True)


def test_something_else_is_not_resumed(tmp_path: Path) -> None:
    other = tmp_path / "x.ipsecdx.json"
    other.write_bytes(msgspec.json.encode({"schema": "other/1"}))

    async def check(pilot: Pilot[Any]) -> None:
        await typed(pilot, str(other), "enter")
        assert pilot.app.current_mode == "start"
        assert "no saved case" in " ".join(screen(pilot.app).split())

    drive(GuideApp, check)
