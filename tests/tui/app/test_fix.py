"""The fix page: actions in the order of doing, the collection plan, EEM applets; copied and saved."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Checkbox, Input, TabbedContent

from engine.diagnosis.document import Diagnosis
from engine.plan.sheet import block
from engine.render import order
from tests.tui.app.snapshots import DEMO, LARGE, SMALL, screen, settled
from tests.tui.app.watching import Walk, Watched, walk
from tui.app.app import GuideApp
from tui.app.model import CaseModel
from tui.app.pages.fix import FixPage
from tui.app.pages.fix_text import grouped, serving
from tui.app.widgets.ledger import Ledger
from tui.app.widgets.picker import Picker
from tui.app.widgets.save_as import SaveAs
from tui.app.widgets.sheet import Sheet, hanging, written

RECOVERY = "R1/enable-recovery"


@cache
def _document() -> Diagnosis:
    return CaseModel().start([DEMO]).diagnosis


def _walk(check: Walk, **options: Any) -> None:
    walk("fix", check, **options)


def _page(app: GuideApp) -> FixPage:
    assert isinstance(app.screen, FixPage)
    return app.screen


def _ledger(app: GuideApp, kind: str) -> Ledger:
    return _page(app).query_one(f"#fix-{kind}", Ledger)


def _sheet(app: GuideApp, kind: str) -> str:
    return _ledger(app, kind).query_one(Sheet).plain


# Without a screen.


def test_what_restores_traffic_comes_first() -> None:
    first, then = grouped(_document())
    assert [a.id for a in first] == [
        "R2/clear-on-sender/192.0.2.2",
        RECOVERY,
        "R2/dpd-on-sender-ikev1/192.0.2.2",
    ]
    assert {a.kind for a in then} == {"collect", "monitor"}
    assert [*first, *then] == order.actions(_document())


def test_without_anything_to_restore_the_first_action_stands_alone() -> None:
    collecting = [a for a in _document().actions if a.kind == "collect"]
    first, then = grouped(msgspec.structs.replace(_document(), actions=collecting))
    assert len(first) == 1
    assert len(then) == len(collecting) - 1


def test_no_actions_make_no_groups() -> None:
    assert grouped(msgspec.structs.replace(_document(), actions=[])) == ([], [])


def test_an_action_serves_findings_of_its_own_device_where_there_are_any() -> None:
    found = serving(_document())
    assert [f.id for f in found[RECOVERY]] == ["invalid-spi-persistent", "recovery-missing", "ike-sa-absent"]
    assert {f.subject.device for f in found[RECOVERY]} == {"R1"}


def test_long_text_hangs_below_itself_and_loses_no_word() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    broken = hanging(Content(text), 20, 4).plain
    first, *more = broken.split("\n")
    assert all(line.startswith("    ") for line in more)
    assert " ".join([first, *(line.strip() for line in more)]) == text
    assert all(Content(line).cell_length <= 20 for line in [first, *more])


def test_brackets_of_the_case_are_no_markup() -> None:
    [line] = written([block("commands", "show log | include [bold]x[/]")], 80)
    assert line.plain == "  show log | include [bold]x[/]"


# The page.


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_actions_stand_there_with_all_that_is_known_of_one(size: tuple[int, int], lang: str) -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).target(action=RECOVERY)
        await settled(pilot)
        said = _sheet(app, "actions")
        assert "  crypto isakmp invalid-spi-recovery" in said
        assert "  no crypto isakmp invalid-spi-recovery" in said
        assert "  show logging | include 0x1DB73BBB" in said
        assert "◔" in said
        assert "recovery-missing" in said
        assert "seed#" in said
        assert app.word("fix.first") in screen(app)
        for widget in _page(app).query("#body *"):
            assert widget.region.right <= app.size.width

    _walk(check, size=size, lang=lang)


def test_list_and_sheet_stand_side_by_side_where_there_is_room() -> None:
    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        ledger = _ledger(app, "actions")
        assert ledger.query_one(Sheet).region.y == ledger.list.region.y

    _walk(check, size=LARGE)


def test_one_key_copies_the_commands_alone() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("j", "y")
        assert app.clipboard == "crypto isakmp invalid-spi-recovery\n"

    _walk(check)


def test_another_key_copies_all_with_everything_else_as_remarks() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("Y")
        lines = app.clipboard.splitlines()
        typed = [line for line in lines if not line.startswith("!")]
        assert typed == [c for a in order.actions(_document()) for c in a.commands]
        assert any("no crypto isakmp invalid-spi-recovery" in line for line in lines if line.startswith("!"))

    _walk(check)


def test_enter_asks_which_of_several_findings_and_opens_it() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("j", "enter")
        await settled(pilot)
        assert isinstance(app.screen, Picker)
        await pilot.press("down", "enter")
        await settled(pilot)
        page, target = app.asked[-1]
        assert (page, target["id"]) == ("finding", "recovery-missing")

    _walk(check)


def test_enter_opens_the_only_finding_at_once() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).target(id="R1/drop-counters/198.51.100.1")
        await pilot.press("enter")
        page, target = app.asked[-1]
        assert (page, target["id"]) == ("finding", "invalid-spi-persistent")

    _walk(check)


def test_a_finding_leads_to_its_first_action() -> None:
    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        _page(app).target(id="recovery-missing")
        entry = _ledger(app, "actions").entry
        assert entry is not None
        assert entry.key == RECOVERY

    _walk(check)


def test_the_plan_lists_each_router_with_its_block() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert "show clock" in _sheet(app, "plan")
        await pilot.press("y")
        assert app.clipboard.startswith("! ===== R1 (receiver) =====")
        assert "R2" not in app.clipboard
        await pilot.press("Y")
        assert "! ===== R2 (sender) =====" in app.clipboard

    _walk(check)


def test_the_applets_follow_their_choices() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert "authorization bypass" not in _without_notes(app)
        assert _ledger(app, "eem").list.option_count == 3
        _page(app).query_one("#fix-bypass", Checkbox).toggle()
        await settled(pilot)
        assert "authorization bypass" in _without_notes(app)
        _page(app).query_one("#fix-debug", Checkbox).toggle()
        await settled(pilot)
        assert _ledger(app, "eem").list.option_count == 1
        _page(app).query_one("#fix-storage", Input).value = "usb0:"
        await settled(pilot)
        assert "usb0:ipsecdx-R1" in _without_notes(app)

    _walk(check)


def test_a_choice_made_before_the_plan_is_there_does_not_lose_it() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        page = _page(app)
        page._planned = app.state
        page._make()
        page._make()  # overtakes the first before it is begun
        await settled(pilot)
        assert page._plan is not None

    _walk(check)


def _without_notes(app: GuideApp) -> str:
    entry = _ledger(app, "eem").entry
    assert entry is not None
    return entry.paste


def test_a_wrong_file_system_changes_nothing() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("left_square_bracket")
        await settled(pilot)
        before = _without_notes(app)
        field = _page(app).query_one("#fix-storage", Input)
        field.value = "flash:; reload"
        await settled(pilot)
        assert field.has_class("-wrong")
        assert _without_notes(app) == before

    _walk(check)


def test_a_choice_says_by_its_mark_whether_it_is_on() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert "[ ] authorization bypass" in screen(app)
        assert "[x] debugs" in screen(app)

    _walk(check)


async def _save(app: Watched, pilot: Pilot[None], path: str) -> None:
    await pilot.press("s")
    await settled(pilot)
    assert isinstance(app.screen, SaveAs)
    app.screen.query_one(Input).value = path
    await pilot.pause()
    await pilot.press("enter")
    await settled(pilot)


def test_the_list_is_saved_to_a_file(tmp_path: Path) -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await _save(app, pilot, str(tmp_path / "fix.txt"))
        assert "clear crypto sa peer 192.0.2.2\n" in (tmp_path / "fix.txt").read_text("utf-8")
        assert isinstance(app.screen, FixPage)

    _walk(check)


def test_the_list_is_saved_as_markdown_by_its_name(tmp_path: Path) -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await _save(app, pilot, str(tmp_path / "fix.md"))
        text = (tmp_path / "fix.md").read_text("utf-8")
        assert text.startswith("## ")
        assert "```text\nclear crypto sa peer 192.0.2.2\n```" in text

    _walk(check)


def test_nothing_is_overwritten_without_asking(tmp_path: Path) -> None:
    path = tmp_path / "fix.txt"
    path.write_text("mine", encoding="utf-8")

    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await _save(app, pilot, str(path))
        assert path.read_text("utf-8") == "mine"
        assert app.word("fix.save_exists", path=path)[:20] in screen(app).replace("\n", "")
        await pilot.press("tab", "enter")
        await settled(pilot)
        assert "clear crypto sa" in path.read_text("utf-8")

    _walk(check)


def test_a_path_that_cannot_be_written_is_said_and_can_be_left(tmp_path: Path) -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await _save(app, pilot, str(tmp_path / "nowhere" / "fix.txt"))
        assert isinstance(app.screen, SaveAs)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, FixPage)

    _walk(check)


def test_a_case_without_actions_says_so(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(
        "R1#show clock\n10:00:00.000 UTC Sun Mar 1 2026\nR1#\n", encoding="utf-8"
    )

    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        assert _ledger(app, "actions").entry is None
        assert app.word("fix.no_actions") in _sheet(app, "actions")

    _walk(check, paths=[str(tmp_path)])


def test_the_language_changes_where_one_stands() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("j", "L")
        await settled(pilot)
        entry = _ledger(app, "actions").entry
        assert entry is not None
        assert entry.key == RECOVERY
        assert "먼저 할 일" in screen(app)
        assert str(_page(app).query_one(TabbedContent).get_tab("fix-tab-plan").label) == "수집 계획"

    _walk(check)
