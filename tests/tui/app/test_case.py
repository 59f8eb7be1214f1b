"""The case page: devices with what was seen of them, setups, flows on a time axis, findings by rank."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.stamp import Stamp
from tests.tui.app.snapshots import CASES, DEMO, LARGE, SMALL, demo, drive, screen, settled, shown
from tui.app import words
from tui.app.app import GuideApp
from tui.app.model import CaseModel
from tui.app.pages.case import CasePage, _brief
from tui.app.progress import Loaded, Progress
from tui.app.timeline import Event, Track, tracks
from tui.app.widgets.plot import axis, clock, span
from tui.app.widgets.rows import Rows


def app_of(pilot: Pilot[Any]) -> GuideApp:
    assert isinstance(pilot.app, GuideApp)
    return pilot.app


def test_everything_is_there_at_a_glance() -> None:
    text = shown(demo(), size=LARGE)
    for told in (
        "16.9.4",
        "ISR4331/K9",
        "✓config",
        "~drops",
        "static crypto map",
        "61 s",
        "● confirmed",
        "3 tells why not: 19",
    ):
        assert told in text


def test_no_line_is_wider_than_the_screen_in_korean() -> None:
    from textual.strip import Strip

    async def check(pilot: Pilot[Any]) -> None:
        for strip in pilot.app.screen._compositor.render_strips():
            assert Strip(strip).cell_length == SMALL[0]

    drive(demo("ko"), check)


def test_enter_on_a_finding_shows_its_proof() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one("#findings-list").focus()
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.current_mode == "finding"

    drive(demo(), check)


def test_enter_on_a_flow_makes_the_guide_speak_of_it() -> None:
    case = str(CASES / "135-several-flows-list-a-bug-once" / "input")

    async def check(pilot: Pilot[Any]) -> None:
        flows = pilot.app.screen.query_one("#flows", Rows)
        flows.body.focus()
        await pilot.press("j")
        wanted = flows.highlighted
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.current_mode == "guide"
        state = app_of(pilot).state
        assert state is not None
        assert state.focus == wanted

    drive(lambda: GuideApp([case]), check)


@pytest.mark.parametrize("rows", ["devices", "setups", "flows", "findings"])
def test_e_shows_the_evidence_of_a_row(rows: str) -> None:
    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one(f"#{rows}-list").focus()
        await pilot.press("e")
        await settled(pilot)
        assert pilot.app.current_mode == "evidence"

    drive(demo(), check)


def test_vim_keys_move_in_a_list() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        findings = pilot.app.screen.query_one("#findings", Rows)
        findings.body.focus()
        await pilot.press("j", "j", "k")
        assert findings.body.highlighted == 1
        await pilot.press("G")
        assert findings.body.highlighted == findings.body.option_count - 1
        await pilot.press("g")
        assert findings.body.highlighted == 0

    drive(demo(), check)


def test_the_cursor_stays_at_its_row_when_the_case_changes() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        findings = pilot.app.screen.query_one("#findings", Rows)
        findings.body.focus()
        await pilot.press("j", "j")
        await pilot.press("L")
        await settled(pilot)
        assert findings.body.highlighted == 2

    drive(demo(), check)


def test_sources_are_listed_while_they_load() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app = app_of(pilot)
        sources = (Loaded("r1.log", 212_000_000, "syslog", 1), Loaded("r2.txt", 4_700))
        app.progress = Progress("reading", sources)
        app.show("case")
        await settled(pilot)
        text = screen(app)
        assert "Reading r2.txt ... 1 of 2 sources, 212 MB of 212 MB" in text
        assert "212 MB" in text
        assert "being read" in text

    drive(GuideApp, check)


def test_problems_are_named() -> None:
    case = str(CASES / "117-empty-file-beside-a-good-file" / "input")
    assert "! " in shown(lambda: GuideApp([case]))


def test_a_case_without_evidence_is_drawn() -> None:
    async def check(pilot: Pilot[Any]) -> None:
        app_of(pilot).open_nothing()
        await settled(pilot)
        app_of(pilot).show("case")
        await settled(pilot)
        assert isinstance(pilot.app.screen, CasePage)
        assert "Sources: 0" in screen(pilot.app)

    drive(GuideApp, check)


def test_every_case_of_the_tests_is_drawn(tmp_path: Path) -> None:
    """One application draws a good part of the cases one after another: no input makes a page fail."""
    del tmp_path
    names = sorted(path for path in CASES.iterdir() if (path / "input").is_dir())[::9]

    async def check(pilot: Pilot[Any]) -> None:
        for name in names:
            app_of(pilot).open_paths([str(name / "input")])
            await settled(pilot)
            assert screen(pilot.app)

    drive(GuideApp, check)


# The time axis.


def stamp(second: int) -> Stamp:
    return Stamp(3, 4, 10, 15, second)


def test_messages_and_what_happened_beside_them() -> None:
    state = CaseModel().start([DEMO])
    [track] = tracks(state.investigation.case, 5)
    assert track.messages == (0.0, 60.752)
    kinds = {event.kind for event in track.events}
    assert {"rekey", "taken"} <= kinds
    born = next(event for event in track.events if event.kind == "rekey")
    assert born.at < 0
    assert born.source == "r2.txt"


def test_the_axis_has_its_ends() -> None:
    track = Track(
        "f",
        stamp(0),
        (0.0, 100.0),
        (Event(-100.0, "restart", "r1.txt", 1), Event(50.0, "clear", "r1.txt", 2)),
    )
    assert axis(track, 21).plain == "R─────────█────C────█"


def test_the_more_messages_the_higher_the_block() -> None:
    track = Track("f", stamp(0), (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0), ())
    assert axis(track, 5).plain == "█───▃"


def test_one_message_alone_is_an_axis_too() -> None:
    assert axis(Track("f", stamp(0), (0.0,), ()), 5).plain == "█────"
    assert axis(Track("f", None, (), ()), 5).plain == "─────"


def test_the_more_telling_event_stands_where_two_fall_together() -> None:
    events = (Event(0.0, "taken", "a", 1), Event(0.1, "rekey", "a", 2), Event(100.0, "ike", "a", 3))
    assert axis(Track("f", stamp(0), (), events), 11).plain == "K─────────I"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (61, "61 s"), (720, "12 min"), (12_000, "3 h 20 min"), (439_200, "5 d 2 h")],
)
def test_durations_are_told_for_people(seconds: float, told: str) -> None:
    assert span(seconds, lambda key, **values: words.word("en", f"case.{key}", **values)) == told


@pytest.mark.parametrize(
    ("iso", "told"),
    [
        ("--09-02T13:36:47.287", "09-02 13:36:47"),
        ("2024-09-02T13:36:47Z", "2024-09-02 13:36:47"),
        ("43w2d", "43w2d"),
    ],
)
def test_moments_are_told_for_people(iso: str, told: str) -> None:
    assert clock(iso) == told


@pytest.mark.parametrize(
    ("name", "brief"), [("GigabitEthernet0/0/0", "Gi0/0/0"), ("Tunnel10", "Tu10"), ("BRANCH 10", "BRANCH 10")]
)
def test_interfaces_are_written_as_engineers_do(name: str, brief: str) -> None:
    assert _brief(name) == brief
