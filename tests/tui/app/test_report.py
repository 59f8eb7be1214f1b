"""The report page: five formats looked at, copied, saved with care, opened in a browser - by keyboard alone."""

from __future__ import annotations

import json
import os
import webbrowser
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from engine.diagnosis.document import Diagnosis
from engine.replay import pasted_source
from engine.saved import load
from tests.tui.app.snapshots import CASES, LARGE, SMALL, drive, screen, settled
from tui.app.app import GuideApp
from tui.app.model import CaseModel
from tui.app.pages.report import ReportPage
from tui.app.pages.report_text import (
    ENDINGS,
    FORMATS,
    Format,
    SaveError,
    default_path,
    place,
    rendered,
    write,
)
from tui.opening import words_of

DEMO = CASES / "001-seed-persistent-pair" / "input"
NEXT = {name: number for number, name in enumerate(FORMATS)}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs, and saves, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@cache
def loaded() -> CaseModel:
    """The knowledge base is loaded once for all of these tests."""
    return CaseModel()


@pytest.fixture
def model() -> CaseModel:
    return loaded()


def demo(lang: str = "en") -> Callable[[], GuideApp]:
    """The application with the demo case."""

    def make() -> GuideApp:
        app = GuideApp([str(DEMO)], lang="ko" if lang == "ko" else "en")
        app._model = loaded()
        return app

    return make


def keys(format_: Format, *more: str) -> list[str]:
    """The keys that lead to a format of the report."""
    return ["8", *["l"] * NEXT[format_], *more]


def in_folder(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def about(pilot: Pilot[Any]) -> str:
    return str(pilot.app.screen.query_one("#report-about", Static).render())


def page(pilot: Pilot[Any]) -> ReportPage:
    assert isinstance(pilot.app.screen, ReportPage)
    return pilot.app.screen


@pytest.mark.parametrize(("lang", "size"), [("en", SMALL), ("ko", SMALL), ("ko", LARGE)])
def test_each_format_is_shown(lang: str, size: tuple[int, int]) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        wanted = ["R1 <- 198.51.100.1", "R1 <- 198.51.100.1", "198.51.100.1", "diagnosis/1", "case/1"]
        for text in wanted:
            lines = screen(pilot.app).splitlines()
            assert any(text in line for line in lines[5:])
            assert len(lines) == size[1]
            await pilot.press("l")
            await settled(pilot)

    drive(demo(lang), check, size=size, press=["8"])


def test_what_is_copied_is_the_whole_text() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        document = msgspec.json.decode(pilot.app.clipboard, type=Diagnosis)
        assert isinstance(pilot.app, GuideApp)
        assert pilot.app.state is not None
        assert document == pilot.app.state.diagnosis

    drive(demo(), check, press=keys("json", "y"))


@pytest.mark.parametrize("format_", ["markdown", "case"])
def test_enter_saves_under_the_name_that_is_offered(format_: Format, folder: Path) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        [saved] = in_folder(folder)
        assert saved.name == f"input{ENDINGS[format_]}"
        assert f"saved: {saved}" in about(pilot)
        assert not page(pilot).query_one("#report-save").display
        if format_ == "case":
            assert load(saved).paths == [str(DEMO)]
        else:
            assert saved.read_text("utf-8") == page(pilot)._text

    drive(demo(), check, press=keys(format_, "s", "enter"))


def test_a_file_that_is_there_is_overwritten_only_after_a_second_enter(folder: Path) -> None:
    there = folder / "input-diagnosis.json"
    there.write_text("precious", "utf-8")

    async def check(pilot: Pilot[Any]) -> None:
        assert "is there already" in about(pilot)
        assert there.read_text("utf-8") == "precious"
        await pilot.press("x", "backspace", "enter")  # another path was typed: asked anew
        await settled(pilot)
        assert there.read_text("utf-8") == "precious"
        await pilot.press("enter")
        await settled(pilot)
        assert json.loads(there.read_text("utf-8"))["schema"] == "ipsecdx/diagnosis/1"

    drive(demo(), check, press=keys("json", "s", "enter"))


def test_escape_leaves_the_path_and_then_the_page(folder: Path) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        assert not page(pilot).query_one("#report-save").display
        assert pilot.app.focused is page(pilot).query_one("#report-format")
        assert "Plain text to paste." in about(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.current_mode == "case"
        assert in_folder(folder) == []

    drive(demo(), check, press=keys("ticket", "s", "escape"))


def test_where_it_cannot_be_written_the_reason_is_said(folder: Path) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        page(pilot).query_one("#report-path", Input).value = str(folder / "none" / "x.md")
        await pilot.press("enter")
        await settled(pilot)
        assert "cannot be written: No such file or directory" in about(pilot)
        assert page(pilot).query_one("#report-save").display

    drive(demo(), check, press=keys("markdown", "s"))


def test_o_saves_the_page_first_and_then_opens_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)

    async def check(pilot: Pilot[Any]) -> None:
        assert opened == []
        await pilot.press("enter")
        await settled(pilot)
        saved = folder / "input-report.html"
        assert saved.read_text("utf-8").startswith("<!doctype html>")
        assert opened == [saved.as_uri()]
        await pilot.press("o")
        await settled(pilot)
        assert opened == [saved.as_uri()] * 2

    drive(demo(), check, press=["8", "o"])


def test_f_takes_every_quotation() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        short = page(pilot)._text
        await pilot.press("f")
        await settled(pilot)
        assert "every quotation" in about(pilot)
        assert len(page(pilot)._text or "") > len(short or "")

    drive(demo(), check, press=keys("markdown"))


@pytest.mark.parametrize("format_", ["markdown", "ticket"])
def test_the_text_is_scrolled_from_the_row_of_formats(format_: Format) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        text = page(pilot)._shown()
        await pilot.press("G")
        await settled(pilot)
        assert text.scroll_y == text.max_scroll_y > 0
        await pilot.press("g")
        await settled(pilot)
        assert text.scroll_y == 0
        await pilot.press("j", "j", "k")
        await settled(pilot)
        assert text.scroll_y == 1

    drive(demo(), check, press=keys(format_))


def test_the_language_is_switched_with_the_text() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        await pilot.press("L")
        await settled(pilot)
        assert "근거" in screen(pilot.app)
        assert "저장" in screen(pilot.app)

    drive(demo(), check, press=keys("ticket"))


def test_the_palette_asks_for_the_path_of_a_saved_case() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app, GuideApp)
        pilot.app.show("report", save="case")
        await settled(pilot)
        assert page(pilot).query_one("#report-path", Input).value == "input.ipsecdx.json"
        assert pilot.app.focused is page(pilot).query_one("#report-path")

    drive(demo(), check)


def test_the_evidence_is_no_place_for_a_report(
    model: CaseModel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captures = folder / "captures"
    captures.mkdir()
    (captures / "r1.txt").write_text((DEMO / "r1.txt").read_text("utf-8"), "utf-8")
    state = model.start([str(captures)])
    assert default_path(state, "markdown") == "captures-report.md"
    monkeypatch.chdir(captures)
    assert default_path(state, "markdown") == str(folder / "captures-report.md")


def test_a_typed_folder_takes_the_usual_name(model: CaseModel, folder: Path) -> None:
    state = model.start([str(DEMO)])
    assert place(f" {folder} ", state, "ticket") == folder / "input-ticket.txt"
    assert place("x.txt", state, "ticket") == folder / "x.txt"
    assert place("x", state, "case") == place("x.ipsecdx.json", state, "case") == folder / "x.ipsecdx.json"


def test_a_report_that_cannot_be_written_leaves_no_half_file(model: CaseModel, folder: Path) -> None:
    state = model.start([str(DEMO)])
    (folder / "taken").mkdir()
    (folder / "taken" / "inside").touch()
    formats: tuple[Format, ...] = ("markdown", "case")
    for format_ in formats:
        for path in (folder / "taken", folder / "taken" / "inside" / "x.md", folder / ("x" * 5_000)):
            with pytest.raises(SaveError):
                write(path, state, format_, "text")
    assert [p.name for p in folder.iterdir()] == ["taken"]


def test_a_saved_case_is_shown_without_secrets_and_written_with_them(model: CaseModel, folder: Path) -> None:
    state = model.paste(
        model.start([str(DEMO)]), "R1#show running-config\ncrypto isakmp key Sesame address 192.0.2.9\nR1#\n"
    )
    assert "Sesame" not in rendered(state, "case", words_of(model.kb, "en"), full=False)
    write(folder / "x.ipsecdx.json", state, "case", "")
    assert "Sesame" in (folder / "x.ipsecdx.json").read_text("utf-8")


def test_a_folder_whose_name_is_no_utf8_has_no_saved_case_and_says_so(model: CaseModel, folder: Path) -> None:
    path = folder / os.fsdecode(b"caf\xe9.log")
    path.write_bytes(b"R1#show version\n")
    state = model.start([str(path)])
    assert "no UTF-8" in rendered(state, "case", words_of(model.kb, "en"), full=False)
    with pytest.raises(SaveError, match="no UTF-8"):
        write(folder / "x.ipsecdx.json", state, "case", "")


def test_pasted_text_is_read_as_a_replay_reads_it(model: CaseModel) -> None:
    text = "\ufeffR1#show version\n"
    (source,) = model.start_with_text(text).opened.sources
    assert source.data == pasted_source("pasted-1", text).data


def test_pasted_text_takes_no_name_of_a_file(model: CaseModel, folder: Path) -> None:
    (folder / "pasted-1").write_text("R1#show version\n")
    state = model.paste(model.start(["pasted-1"]), "R2#show version\n")
    assert [source.path for source in state.opened.sources] == ["pasted-1", "pasted-2"]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_case_without_evidence_has_every_format(model: CaseModel, lang: str) -> None:
    state = model.start((), lang="ko" if lang == "ko" else "en")
    for format_ in FORMATS:
        assert rendered(state, format_, words_of(model.kb, lang), full=True)
