"""The matrix page: the rows of the knowledge base, the peers of the case in them, asked both ways."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import Select, Static

from engine.diagnosis.document import Diagnosis
from engine.kbtools.matrix import Row
from tests.tui.app.snapshots import CASES, LARGE, SMALL, screen, settled
from tests.tui.app.watching import Walk, Watched, walk
from tui.app.app import GuideApp
from tui.app.model import CaseModel
from tui.app.pages.matrix import MatrixPage, MatrixTable
from tui.app.pages.matrix_places import places

COLUMNS = 7


def _walk(check: Walk, **options: Any) -> None:
    walk("matrix", check, **options)


def _case(name: str) -> Diagnosis:
    return CaseModel().start([str(CASES / name / "input")]).diagnosis


def _page(app: GuideApp) -> MatrixPage:
    assert isinstance(app.screen, MatrixPage)
    return app.screen


def _rows(app: GuideApp) -> list[str]:
    return [str(key.value) for key in _page(app).query_one(MatrixTable).rows]


def _said(app: GuideApp) -> str:
    return str(_page(app).query_one("#matrix-said", Static).content)


def test_every_peer_of_a_setup_is_placed_in_the_row_of_its_kind() -> None:
    found = {(p.device, p.peer): p for p in places(_case("001-seed-persistent-pair"))}
    assert found["R1", "198.51.100.1"].columns == ("not-configured",)
    assert found["R2", "192.0.2.2"].columns == ()
    assert {p.kind for p in found.values()} == {"static-crypto-map"}


def test_the_first_line_of_a_place_names_the_peer() -> None:
    place = places(_case("001-seed-persistent-pair"))[0]
    assert place.evidence[0].text.split() == ["set", "peer", "198.51.100.1"]


def test_what_is_not_known_leaves_several_columns_open() -> None:
    found = {p.peer: p.columns for p in places(_case("028-matrix-ike-unknown"))}
    assert found["198.51.100.11"] == ("present", "configured")


def test_a_configuration_that_was_not_seen_leaves_the_command_open() -> None:
    [place] = [p for p in places(_case("033-outcome-command-not-seen")) if p.flow is not None]
    assert place.columns == ("configured", "not-configured")


def test_a_setup_with_ikev2_only_has_its_own_column() -> None:
    [place] = [p for p in places(_case("031-outcome-ikev2-only-configured")) if p.flow is not None]
    assert place.columns == ("configured-ikev2",)


def test_a_source_without_a_setup_has_no_row() -> None:
    assert [p.kind for p in places(_case("057-router-without-vpn"))] == [None]


def test_flows_of_one_source_share_a_place() -> None:
    document = _case("001-seed-persistent-pair")
    flow = document.flows[0]
    other = msgspec.structs.replace(flow, id="other", spi="0x1", count=flow.count + 5)
    both = msgspec.structs.replace(document, flows=[flow, other])
    [place] = [p for p in places(both) if p.flow is not None]
    assert place.flow is other


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_table_fits_and_says_where_the_peer_stands(size: tuple[int, int], lang: str) -> None:
    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        table = _page(app).query_one(MatrixTable)
        assert table.virtual_size.width <= table.size.width
        assert len([key for key in _rows(app) if not key.startswith("peer-")]) == 13
        assert app.word("matrix.now") in screen(app)
        assert "r1.txt:47" in _said(app)

    _walk(check, size=size, lang=lang)


def test_the_cursor_begins_at_the_first_peer_of_the_case() -> None:
    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        assert "198.51.100.1" in _said(app)
        assert app.focused is _page(app).query_one(MatrixTable)

    _walk(check)


def test_enter_on_a_peer_opens_the_line_that_puts_it_there() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        assert app.asked[-1] == ("evidence", {"source": "r1.txt", "line": 47})

    _walk(check)


def test_enter_on_a_setup_kind_goes_to_its_first_peer() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("g", "enter")
        assert "198.51.100.1" in _said(app)
        assert all(page != "evidence" for page, _ in app.asked)

    _walk(check)


def test_every_cell_says_who_says_so_or_that_nobody_does() -> None:
    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        page = _page(app)
        table = page.query_one(MatrixTable)
        for index, key in enumerate(_rows(app)):
            if not isinstance(page._shown[key], Row):
                continue
            for column in range(COLUMNS):
                table.move_cursor(row=index, column=column)
                page._say()
                said = _said(app)
                assert "(stated)" in said or "(inferred)" in said or app.word("matrix.no_source") in said

    _walk(check)


def test_what_is_inferred_is_marked_as_such() -> None:
    async def check(app: Watched, _pilot: Pilot[None]) -> None:
        page = _page(app)
        page.target(setup="dvti")
        await _pilot.pause()
        said = _said(app)
        assert "not stated" in said
        assert "by inference" in said
        assert "(inferred)" in said

    _walk(check)


def test_asking_for_an_answer_leaves_the_kinds_that_have_it() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).query_one("#matrix-support", Select).value = "no"
        await settled(pilot)
        assert _rows(app) == ["dynamic-crypto-map", "mgre-tp-dynamic-nhrp", "dvti"]

    _walk(check)


def test_asking_for_a_setup_leaves_its_row() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).query_one("#matrix-setup", Select).value = "svti"
        await settled(pilot)
        assert _rows(app) == ["svti"]

    _walk(check)


def test_an_answer_that_no_kind_has_is_said() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        _page(app).query_one("#matrix-setup", Select).value = "svti"
        _page(app).query_one("#matrix-support", Select).value = "no"
        await settled(pilot)
        assert _rows(app) == []
        assert _said(app) == app.word("matrix.none")

    _walk(check)


def test_one_key_leaves_the_kinds_of_the_case() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("m")
        await settled(pilot)
        assert _rows(app) == ["static-crypto-map", "peer-0", "peer-1"]

    _walk(check)


def test_a_source_without_a_setup_is_shown_below_the_rows() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        assert app.word("matrix.unplaced") in _said(app)

    _walk(check, paths=[str(CASES / "057-router-without-vpn" / "input")])


def test_of_very_many_peers_the_first_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    peers = [f"198.51.{100 + number // 250}.{number % 250 + 1}" for number in range(230)]
    maps = "".join(
        f"crypto map HUB {number} ipsec-isakmp\n set peer {peer}\n" for number, peer in enumerate(peers, 1)
    )
    (tmp_path / "hub.txt").write_text(
        f"HUB1#show running-config\nhostname HUB1\n!\n{maps}!\ninterface GigabitEthernet1\n"
        " ip address 192.0.2.1 255.255.255.0\n crypto map HUB\n!\nend\nHUB1#\n",
        encoding="utf-8",
    )

    async def check(app: Watched, pilot: Pilot[None]) -> None:
        assert len([key for key in _rows(app) if key.startswith("peer-")]) == 200
        page = _page(app)
        table = page.query_one(MatrixTable)
        table.move_cursor(row=next(i for i, key in enumerate(_rows(app)) if key.startswith("more-")))
        await pilot.press("enter", "y")
        assert "+ 30 more" in screen(app)
        assert not _said(app)

    _walk(check, paths=[str(tmp_path)])


def test_the_language_changes_under_the_cursor() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("L")
        await settled(pilot)
        assert "현재 수신 라우터의 동작" in _said(app)
        assert "명시" in screen(app)

    _walk(check)


def test_the_cell_can_be_copied() -> None:
    async def check(app: Watched, pilot: Pilot[None]) -> None:
        await pilot.press("y")
        assert "set peer 198.51.100.1" in app.clipboard

    _walk(check)
