"""The evidence page: tree and viewer, search, filter, quoted lines, copying, all by keyboard and all redacted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from engine.diagnosis.document import Evidence, Subject
from engine.evidence.source import Source, decode
from tests.tui.app.snapshots import CASES, LARGE, SMALL, demo, screen, settled, snap
from tests.tui.app.watching import Watched, until, walk
from tui.app import lines as lines_module
from tui.app.lines import Lines
from tui.app.marks import Marks, Quoting
from tui.app.scan import Pattern
from tui.app.widgets.find_bar import FindBar
from tui.app.widgets.log_view import LogView
from tui.app.widgets.picker import Picker
from tui.app.widgets.source_tree import SourceTree

SECRET = "Sesam0pen"
CONFIG = f"""hostname R9
crypto isakmp key {SECRET} address 198.51.100.1
crypto isakmp policy 10
 encryption aes 256
 authentication pre-share
interface GigabitEthernet0/0/0
 ip address 192.0.2.9 255.255.255.0
end
"""
LINE = (
    "Sep  2 13:36:47.287: %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel7, changed state to up {n}\n"
)
MESSAGE = (
    "Sep  2 13:36:47.287: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    "destaddr=192.0.2.9, prot=50, spi=0x1DB73BBB(498547643), srcaddr=198.51.100.1, input interface=Tunnel7\n"
)
QUOTED = 145  # the first of the two messages of the demo case


def view_of(pilot: Pilot[Any]) -> LogView:
    return pilot.app.screen.query_one(LogView)


async def typed(pilot: Pilot[Any], keys: Sequence[str]) -> None:
    for key in keys:
        await pilot.press(key)
    await settled(pilot)


@pytest.fixture
def log(tmp_path: Path) -> str:
    texts = [LINE.format(n=n) for n in range(1, 2001)]
    texts[1499] = MESSAGE
    (tmp_path / "r9.log").write_text("".join(texts), "utf-8")
    return str(tmp_path)


def test_the_text_has_the_whole_of_a_small_screen() -> None:
    keys = ["4", "t", "enter", "f", "f", "f"]
    snap(demo(), "evidence-text-small-en", press=keys)


def test_matches_are_marked_and_counted() -> None:
    keys = ["4", "t", "enter", "slash", *"spi", "enter", "n", "n"]
    snap(demo(), "evidence-search-large-en", size=LARGE, press=keys)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_no_line_is_wider_than_the_screen(lang: str, size: tuple[int, int]) -> None:
    async def check(_app: Watched, pilot: Pilot[Any]) -> None:
        for keys in (["t", "enter"], ["end"], ["slash", *"spi", "enter"], ["ctrl+f"]):
            await typed(pilot, keys)
            assert all(cell_len(line) <= size[0] for line in screen(pilot.app).splitlines())

    walk("evidence", check, lang=lang, size=size)


def test_sources_and_sections_are_a_tree_that_leads_into_the_text() -> None:
    async def check(_app: Watched, pilot: Pilot[Any]) -> None:
        shown = screen(pilot.app)
        assert "r1.txt  R1" in shown
        assert "✓ show crypto ipsec sa 81-112 (1)" in shown
        await typed(pilot, ["t", "j", "j", "j"])
        assert view_of(pilot).cursor == 24
        await typed(pilot, ["enter"])
        assert view_of(pilot).has_focus
        assert not pilot.app.screen.query_one(SourceTree).display
        await typed(pilot, ["t", "g", "left", "j"])
        assert "▸ r1.txt" in screen(pilot.app)
        await typed(pilot, ["enter"])
        lines = view_of(pilot).lines
        assert lines is not None
        assert lines.path == "r2.txt"

    walk("evidence", check)


def test_a_target_is_shown_in_the_middle_and_says_what_it_proves() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        app.screen.target(source="r1.txt", line=QUOTED)  # type: ignore[attr-defined]  # a page
        await settled(pilot)
        shown = screen(pilot.app)
        assert f"▌{QUOTED} Sep  2 13:36:47.287: %CRYPTO-4-RECVD_PKT_INV_SPI" in shown
        assert f"r1.txt:{QUOTED} / 147 · show logging · ▌" in shown
        await typed(pilot, ["g", "F"])
        app.screen.target(source="r1.txt", line=60)  # type: ignore[attr-defined]
        await settled(pilot)
        view = view_of(pilot)
        assert view.has_focus
        assert abs(60 - 1 - int(view.scroll_y) - view.size.height // 2) <= 1

    walk("evidence", check)


def test_a_target_that_is_not_there_is_said() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        app.screen.target(source="r7.txt", line=3)  # type: ignore[attr-defined]
        await pilot.pause()
        assert any("r7.txt" in str(note.message) for note in app._notifications)

    walk("evidence", check)


def test_quoted_lines_are_gone_through_and_lead_to_their_finding() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "G", "F"])
        view = view_of(pilot)
        assert view.marks.quoted(view.cursor)
        before = view.cursor
        await typed(pilot, ["F", "f"])
        assert view.cursor == before
        app.asked.clear()
        await typed(pilot, ["enter"])
        if isinstance(app.screen, Picker):
            await typed(pilot, ["enter"])
        page, target = app.asked[-1]
        assert page == "finding"
        assert isinstance(target["subject"], Subject)
        await typed(pilot, ["h"])
        assert app.asked[-1][0] == "finding"

    walk("evidence", check)


def test_a_line_that_nobody_quotes_says_so() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "enter"])
        assert len(app._notifications) == 1

    walk("evidence", check)


def test_search_counts_and_goes_on_and_back() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "slash", *"recvd_pkt", "enter"])
        view = view_of(pilot)
        assert view.has_focus
        assert view.cursor == QUOTED
        assert "/recvd_pkt  1 of 2" in screen(app)
        await typed(pilot, ["n"])
        assert view.cursor == QUOTED + 1
        assert "2 of 2" in screen(app)
        await typed(pilot, ["n"])
        assert view.cursor == QUOTED
        await typed(pilot, ["N"])
        assert view.cursor == QUOTED + 1
        await typed(pilot, ["escape"])
        assert "/recvd_pkt" not in screen(app)

    walk("evidence", check)


def test_search_follows_the_typing() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "slash", *"recvd"])
        await until(pilot, lambda: "2 lines" in screen(app) or "1 of 2" in screen(app))
        assert app.screen.query_one(FindBar).display

    walk("evidence", check)


def test_a_wrong_expression_is_said_where_it_is_typed() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "slash", "ctrl+r", "(", "enter"])
        assert "not a regular expression" in screen(app)
        assert app.screen.query_one(FindBar).display
        await typed(pilot, ["ctrl+r", "enter"])
        assert not app.screen.query_one(FindBar).display

    walk("evidence", check)


def test_the_filter_keeps_line_numbers_and_escape_ends_it(log: str) -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "ampersand", *"inv_spi", "enter"])
        view = view_of(pilot)
        assert view.rows == 1
        assert view.cursor == 1500
        assert "1500 Sep  2 13:36:47.287: %CRYPTO-4-RECVD_PKT_INV_SPI" in screen(app)
        assert "&inv_spi  1 lines shown" in screen(app)
        await typed(pilot, ["escape"])
        assert view.rows == 2000
        assert view.cursor == 1500

    walk("evidence", check, paths=(log,))


def test_search_goes_only_through_what_the_filter_shows(log: str) -> None:
    async def check(_app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "ampersand", *"up 7", "enter", "slash", *"77", "enter"])
        view = view_of(pilot)
        assert view.cursor == 77
        await typed(pilot, ["n"])
        assert view.cursor == 770

    walk("evidence", check, paths=(log,))


def test_lines_are_reached_by_number_and_by_the_keys_of_vim(log: str) -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        view = view_of(pilot)
        await typed(pilot, ["t", "enter", "colon", *"1234", "enter"])
        assert view.cursor == 1234
        for keys, line in (
            (["G"], 2000),
            (["k"], 1999),
            (["g"], 1),
            (["j", "j"], 3),
            (["colon", "$", "enter"], 2000),
        ):
            await typed(pilot, keys)
            assert view.cursor == line
        await typed(pilot, ["g", "ctrl+d", "ctrl+d", "ctrl+u"])
        assert 5 < view.cursor < 15
        await typed(pilot, ["colon", *"99999", "enter"])
        assert view.cursor == 2000
        await typed(pilot, ["colon", "x", "enter"])
        assert "not a line number" in screen(app)
        await typed(pilot, ["escape"])
        assert view.has_focus

    walk("evidence", check, paths=(log,))


def test_the_cursor_comes_along_with_the_wheel(log: str) -> None:
    async def check(_app: Watched, pilot: Pilot[Any]) -> None:
        view = view_of(pilot)
        await typed(pilot, ["t", "enter"])
        view.scroll_to(y=500, animate=False)
        await settled(pilot)
        assert view.cursor == 501

    walk("evidence", check, paths=(log,))


def test_long_lines_are_walked_along(log: str) -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "colon", *"1500", "enter"])
        assert "›" in screen(app)
        assert "interface=Tunnel7" not in screen(app)
        await typed(pilot, ["end"])
        assert "interface=Tunnel7" in screen(app)
        await typed(pilot, ["home", "right", "left"])
        assert "1500 Sep  2" in screen(app)
        await typed(pilot, ["slash", *"srcaddr", "enter"])
        assert "srcaddr" in screen(app).split("/srcaddr")[0]

    walk("evidence", check, paths=(log,))


def test_sections_are_found_by_a_part_of_their_name() -> None:
    async def check(_app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["ctrl+f", *"isakmp sa", "enter"])
        assert view_of(pilot).cursor == 75
        await typed(pilot, ["ctrl+f", *"logg", "enter"])
        assert view_of(pilot).cursor == 122
        await typed(pilot, ["ctrl+f", *"runing-cnfig", "down", "up", "enter"])
        assert view_of(pilot).cursor in {21, 24}
        await typed(pilot, ["ctrl+f", "escape"])
        assert not isinstance(pilot.app.screen, Picker)

    walk("evidence", check)


def test_a_line_is_copied_with_its_place() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "j", "j", "j", "y"])
        assert app.clipboard.startswith("r1.txt:4: Cisco IOS XE Software")

    walk("evidence", check)


def test_nothing_unredacted_reaches_screen_or_clipboard(tmp_path: Path) -> None:
    (tmp_path / "r9.cfg").write_text(CONFIG, "utf-8")

    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "j", "y"])
        assert "crypto isakmp key <redacted>" in screen(app)
        assert SECRET not in screen(app) + app.clipboard
        await typed(pilot, ["slash", *SECRET, "enter"])
        assert f"/{SECRET}  0 lines" in screen(app)

    walk("evidence", check, paths=(str(tmp_path),))


def test_the_language_switches_live() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter"])
        await typed(pilot, ["j", "L"])
        await until(pilot, lambda: app.state is not None and app.state.lang == "ko")
        assert "▌ SA 동기화 어긋남(" in screen(app)
        assert view_of(pilot).cursor == 2

    walk("evidence", check)


def test_an_empty_case_has_an_empty_page() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        app.open_nothing()
        await settled(pilot)
        app.show("evidence")
        await settled(pilot)
        await typed(pilot, ["t", "j", "slash", "a", "enter", "n", "G", "g", "y", "f", "ctrl+f", "escape"])
        assert view_of(pilot).rows == 0

    walk("evidence", check)


@pytest.mark.parametrize(
    "folder", ["128-ipv6-flow", "115-broken-archive-beside-a-good-file", "146-show-tech"]
)
def test_other_cases_are_shown(folder: str) -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter", "f", "G", "slash", "a", "enter", "n"])
        assert view_of(pilot).rows > 1
        assert "of" in screen(app)

    walk("evidence", check, paths=(str(CASES / folder / "input"),), size=LARGE)


def test_a_key_costs_the_screen_and_not_the_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work is counted, not time: lines decoded per key in a log of 20 MB, wherever one is in it."""
    (tmp_path / "r9.log").write_text(LINE.format(n="") * 200_000, "utf-8")
    decoded: list[int] = []

    def watched(raw: bytes) -> str:
        decoded.append(len(raw))
        return decode(raw)

    monkeypatch.setattr(lines_module, "decode", watched)

    async def check(_app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["t", "enter"])
        view = view_of(pilot)
        for keys in (["G"], ["k"], ["g"], ["colon", *"100000", "enter"], ["ctrl+d"], ["end"]):
            decoded.clear()
            await typed(pilot, keys)
            assert len(decoded) <= 4 * lines_module._RUN
        assert view.rows == 200_000

    walk("evidence", check, paths=(str(tmp_path),))


def test_the_end_of_a_source_that_is_still_counted_is_waited_for() -> None:
    async def check(_app: Watched, pilot: Pilot[Any]) -> None:
        view = view_of(pilot)
        lines = Lines(Source("later.log", b"".join(b"line %d\n" % n for n in range(1, 50_001))))
        view.open(lines, Marks())
        view.go(50_000)
        view.search(Pattern("line 49999"), seek=1)
        assert view.waits
        await until(pilot, lambda: not view.waits and view.busy is None)
        assert view.cursor == 49_999

    walk("evidence", check)


def test_marks_tell_lines_from_lists_that_were_looked_through() -> None:
    marks = Marks()
    by = Quoting("desync-proven", Subject(device="R1"), "out of step")
    other = Quoting("no-ike-sa", Subject(device="R1"), "no IKE SA")
    marks.add(Evidence(source="r1.txt", line=5, last_line=6, kind="line", text="a\nb"), by)
    marks.add(Evidence(source="r1.txt", line=5, last_line=6, kind="line", text="a\nb"), by)
    marks.add(Evidence(source="r1.txt", line=2, last_line=9, kind="absence", text="show x"), other)
    marks.add(Evidence(source="r1.txt", line=20, last_line=900, kind="line", text="..."), other)
    assert [number for number in range(12) if marks.quoted(number)] == [5, 6]
    assert [number for number in range(12) if marks.looked_through(number)] == list(range(2, 10))
    assert marks.at(5) == [by, other]
    assert marks.at(3) == [other]
    assert (marks.after(0), marks.after(2), marks.after(5), marks.after(20)) == (2, 5, 20, None)
    assert (marks.before(20), marks.before(5), marks.before(2)) == (5, 2, None)
