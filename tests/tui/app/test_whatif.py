"""The what-if page: suppositions made in a form, verdicts that follow, the smallest way out of a finding."""

from functools import cache
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, OptionList, Select, Static

from engine.evidence.source import Source
from engine.reading import Reading, read
from engine.whatif.document import WhatIf
from tests.tui.app.snapshots import CASES, DEMO, LARGE, SMALL, screen, settled
from tests.tui.app.watching import Walk, Watched, until, walk
from tui.app.app import GuideApp
from tui.app.model import CaseModel, State
from tui.app.pages.whatif import Results, WhatifPage
from tui.app.pages.whatif_run import (
    Refused,
    known_releases,
    lines,
    near_releases,
    smallest,
    suppose,
)

RECOVERY = "config:crypto isakmp invalid-spi-recovery"
NO_RECOVERY = "config:no crypto isakmp invalid-spi-recovery"
ALONE = str(CASES / "020-seed-message-alone" / "input")
TWO = [
    str(CASES / "028-matrix-ike-unknown" / "input"),
    str(CASES / "031-outcome-ikev2-only-configured" / "input"),
]


@cache
def _model() -> CaseModel:
    return CaseModel()


def _open(*paths: str) -> State:
    return _model().start(paths or [DEMO])


def _walk(check: Walk, **options: Any) -> None:
    walk("whatif", check, **options)


def _page(app: GuideApp) -> WhatifPage:
    assert isinstance(app.screen, WhatifPage)
    return app.screen


def _hint(app: GuideApp) -> str:
    return str(_page(app).query_one("#whatif-hint", Static).content)


def _results(app: GuideApp) -> str:
    found = _page(app).query_one(Results)
    return "\n".join(str(found.get_option_at_index(index).prompt) for index in range(found.option_count))


async def _found(app: Watched, pilot: Pilot[None]) -> WhatIf:
    await until(pilot, lambda: _page(app)._found is not None)
    found = _page(app)._found
    assert found is not None
    return found


# Suppositions without a screen.


def test_the_recovery_command_flips_the_finding_that_misses_it() -> None:
    state = _open()
    found = suppose(state, [RECOVERY], None)
    assert isinstance(found, WhatIf)
    flips = {line.id: (line.now, line.then) for line in lines(state.diagnosis, found) if line.flips}
    assert flips["recovery-missing"] == ("confirmed", "undetermined")
    assert flips["recovery-active"] == ("undetermined", "confirmed")


def test_what_does_not_flip_stands_behind_what_does() -> None:
    state = _open()
    found = suppose(state, [RECOVERY], None)
    assert isinstance(found, WhatIf)
    flips = [line.flips for line in lines(state.diagnosis, found)]
    assert flips == sorted(flips, reverse=True)
    assert not all(flips)


def test_nothing_is_read_again_to_suppose_a_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    state = _open()
    monkeypatch.setattr("engine.case.read", lambda _source: pytest.fail("it was read again"))
    assert isinstance(suppose(state, ["ike-sa=present"], None), WhatIf)


def test_only_the_source_with_the_configuration_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    state, again = _open(), list[str]()

    def noted(source: Source) -> Reading:
        again.append(source.path)
        return read(source)

    monkeypatch.setattr("engine.case.read", noted)
    assert isinstance(suppose(state, [RECOVERY], "R1"), WhatIf)
    assert again == ["r1.txt"]


def test_the_case_itself_is_not_changed() -> None:
    state = _open()
    before = state.investigation.document("case")
    suppose(state, ["release=17.9.4", RECOVERY, "ike-sa=present"], "R1")
    assert state.investigation.document("case") == before


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (["release=seventeen"], "bad_setting"),
        (["no-such-condition=yes"], "bad_setting"),
        (["config:"], "bad_setting"),
    ],
)
def test_what_cannot_be_read_is_refused(texts: list[str], key: str) -> None:
    found = suppose(_open(), texts, None)
    assert isinstance(found, Refused)
    assert found.key == key


def test_a_router_has_to_be_named_where_several_logged() -> None:
    state = _open(*TWO)
    assert suppose(state, ["release=17.9.4"], None) == Refused("which_router")
    assert isinstance(suppose(state, ["release=17.9.4"], "R1"), WhatIf)


def test_without_a_named_router_nothing_can_be_changed_on_one() -> None:
    assert suppose(_open(ALONE), [RECOVERY], None) == Refused("no_router")


def test_a_condition_that_nothing_looks_at_is_refused() -> None:
    # R2 only sends: no flow was received by it.
    assert suppose(_open(), ["ike-sa=present"], "R2") == Refused("no_effect", "ike-sa=present")


def test_releases_are_suggested_by_beginning_and_by_likeness() -> None:
    known = known_releases(_model().kb, _open().diagnosis)
    assert "16.9.4" in known
    assert all(name.startswith("16.9") for name in near_releases("16.9", known))
    assert "16.9.4" in near_releases("16.9.44", known)
    assert near_releases("", known) == []


def test_releases_stand_in_the_order_of_their_numbers() -> None:
    known = known_releases(_model().kb, _open().diagnosis)
    assert known.index("16.9.4") < known.index("16.12.1c")


def test_the_smallest_way_out_is_one_that_suppose_confirms() -> None:
    state = _open()
    [subject] = smallest(state, "recovery-missing").subjects
    way = subject.ways[0]
    found = suppose(state, [change.set for change in way.changes if change.set], None)
    assert isinstance(found, WhatIf)
    flips = {flip.id: flip.after for flip in found.findings}
    assert flips["recovery-missing"] == way.after


# The page.


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_verdicts_of_the_case_stand_there_to_begin_with(size: tuple[int, int], lang: str) -> None:
    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        page = _page(app)
        assert app.word("whatif.nothing_supposed") in screen(app)
        assert app.word("whatif.now") in _results(app)
        for widget in page.query("#body *"):
            assert widget.region.right <= app.size.width
        assert page.query_one(Results).size.height >= 6

    _walk(check, size=size, lang=lang)


def test_a_chip_is_supposed_and_taken_back() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        state = app.state
        chip = _page(app).query_one("#whatif-chip-recovery", Button)
        chip.press()
        await _found(app, pilot)
        assert "▶ ● confirmed → ○ undetermined" in _results(app)
        assert str(chip.label).startswith("✓")
        assert app.state is state
        chip.press()
        await settled(pilot)
        assert _page(app)._found is None
        assert "▶" not in _results(app)

    _walk(check)


def test_a_release_is_supposed_as_soon_as_it_is_one() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).query_one("#whatif-release", Input).focus()
        await pilot.press(*"17.9.4")
        found = await _found(app, pilot)
        assert [(one.text, one.device) for one in found.supposed] == [("release=17.9.4", "R1")]
        await pilot.press("backspace", "backspace")
        await settled(pilot)
        assert not _page(app).form.texts

    _walk(check)


def test_near_releases_are_named_below_the_field() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).query_one("#whatif-release", Input).focus()
        await pilot.press(*"16.9.x")
        await pilot.pause()
        assert "16.9" in _hint(app)
        await pilot.press("enter")
        await pilot.pause()
        assert _hint(app).startswith("✕ 16.9.x")

    _walk(check)


def test_a_line_of_configuration_is_supposed_with_enter() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).query_one("#whatif-config", Input).focus()
        await pilot.press(*"crypto isakmp invalid-spi-recovery", "enter")
        await _found(app, pilot)
        assert _page(app).form.texts == (RECOVERY,)
        assert "recovery-active" in _results(app)

    _walk(check)


def test_a_condition_is_supposed_by_keys_alone() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).query_one("#whatif-condition", Select).focus()
        await pilot.press("enter", *"IKE SA of the receiver", "enter")
        await settled(pilot)
        await pilot.press("down", "enter")
        await _found(app, pilot)
        assert _page(app).form.texts == ("ike-sa=present",)

    _walk(check)


def test_another_value_of_a_condition_replaces_the_first() -> None:
    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        form = _page(app).form
        form.suppose("ike-sa=present", RECOVERY)
        form.suppose("ike-sa=absent")
        assert form.texts == (RECOVERY, "ike-sa=absent")

    _walk(check)


def test_a_supposition_is_taken_back_in_the_list() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        form = _page(app).form
        form.suppose(RECOVERY, "ike-sa=present")
        await _found(app, pilot)
        form.query_one("#whatif-supposed", OptionList).focus()
        await pilot.press("g", "x")
        assert form.texts == ("ike-sa=present",)
        await pilot.press("X")
        assert not form.texts

    _walk(check)


def test_a_refusal_is_one_sentence_below_the_fields() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).form.suppose("release=17.9.4")
        await until(pilot, lambda: bool(_hint(app)))
        assert _hint(app) == f"✕ {app.word('whatif.which_router')}"
        _page(app).query_one("#whatif-device", Select).value = "R1"
        await _found(app, pilot)
        assert _hint(app) == ""

    _walk(check, paths=TWO)


def test_the_last_of_several_quick_changes_counts() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        form = _page(app).form
        form.suppose("ike-sa=present")
        form.suppose(RECOVERY)
        form.take_back("ike-sa=present")
        found = await _found(app, pilot)
        assert [one.text for one in found.supposed] == [RECOVERY]

    _walk(check)


def test_the_smallest_change_is_searched_and_supposed_by_keys() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        page = _page(app)
        results = page.query_one(Results)
        results.highlighted = next(i for i, a in enumerate(page._abouts) if a.finding == "recovery-missing")
        await pilot.press("f")
        await until(pilot, lambda: page._ways is not None)
        assert "invalid SPI recovery on the router that logged = yes" in _results(app).replace("\n   ", "")
        await pilot.press("enter")
        await _found(app, pilot)
        assert page.form.texts == (RECOVERY,)

    _walk(check)


def test_a_search_and_the_judging_of_a_supposition_do_not_overtake_each_other() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        page = _page(app)
        page.form.suppose(RECOVERY)
        await pilot.pause()
        assert page._resting is not None
        page._resting.stop()
        page._judge()
        page.target(finding="ike-sa-absent")
        await until(pilot, lambda: page._ways is not None and page._found is not None)
        assert not page.query_one("#whatif-busy").has_class("-busy")

    _walk(check)


def test_where_nothing_lowers_a_finding_that_is_said() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        page = _page(app)
        page.target(finding="desync-proven")
        await until(pilot, lambda: page._ways is not None)
        assert "No change of up to 3 of these" in _results(app).replace("\n    ", " ")

    _walk(check)


def test_enter_opens_what_a_line_is_about() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        page = _page(app)
        page.form.suppose(RECOVERY)
        await _found(app, pilot)
        results = page.query_one(Results)
        results.focus()
        kinds = {"finding": "finding", "setup": "matrix", "action": "fix"}
        for field, shown in kinds.items():
            results.highlighted = next(
                i for i, a in enumerate(page._abouts) if getattr(a, field) is not None and not a.title
            )
            await pilot.press("enter")
            assert app.asked[-1][0] == shown

    _walk(check)


def test_the_language_changes_with_what_is_supposed() -> None:
    def korean(page: WhatifPage) -> bool:
        return page._found is not None and page._found.lang == "ko"

    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).form.suppose(RECOVERY)
        await _found(app, pilot)
        _page(app).query_one(Results).focus()
        await pilot.press("L")
        await until(pilot, lambda: korean(_page(app)))
        assert "▶ ● 확인됨 → ○ 미확정" in _results(app)
        assert "설정: crypto isakmp" in screen(app)

    _walk(check)


def test_everything_shown_can_be_copied() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).form.suppose(RECOVERY)
        await _found(app, pilot)
        await pilot.press("y")
        assert "crypto isakmp invalid-spi-recovery" in app.clipboard
        assert "recovery-active" in app.clipboard

    _walk(check)
