"""The recovery matrix, asked both ways, with the peers of the case placed in it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Checkbox, DataTable, Label, Select, Static
from textual.widgets.data_table import ColumnKey

from engine.judge import Judge
from engine.kbtools.matrix import Row, rows
from engine.render.phrases import Phrases
from tui.app.page import Page
from tui.app.pages.matrix_detail import Telling
from tui.app.pages.matrix_places import Place, places
from tui.app.widgets.check import Check
from tui.opening import words_of

if TYPE_CHECKING:
    from tui.app.model import State

# Cells between the first column and the right edge: what is stated, what is inferred, four outcomes.
_COLUMNS: dict[str, int] = {
    "support": 8, "inferred": 9, "present": 9, "configured": 8, "configured-ikev2": 8, "not-configured": 8,
}  # fmt: skip
_FIRST = "kind"
_FIRST_LEAST, _FIRST_MOST = 20, 50
# What can be asked for.
_SUPPORTS = ("yes", "no", "not_applicable", "not_stated")
# Peers shown of one setup kind; the page of the case lists them all.
_MOST_PLACES = 200
_MORE = "more-"


class MatrixTable(DataTable[Text]):
    """The table, with the keys of vi."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "matrix.key_open"),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("h", "cursor_left", show=False),
        Binding("l", "cursor_right", show=False),
        Binding("g", "scroll_top", show=False),
        Binding("G", "scroll_bottom", show=False),
    ]


class MatrixPage(Page):
    """For which setups recovery works, who says so, and where this case stands."""

    NAME = "matrix"
    AUTO_FOCUS = "#matrix-table"
    CSS_PATH = "matrix.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "mine", "matrix.key_mine"),
        Binding("y", "copy", "common.key_copy"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._telling: Telling | None = None
        self._shown: dict[str, Row | Place] = {}
        self._width = 0

    @cached_property
    def _judge(self) -> Judge:
        """A judge of its own: that of the case may be at work in another thread."""
        return Judge(self.guide_app.model.kb, prefer_direct=True)

    def compose_body(self) -> ComposeResult:
        """What is asked, the table, what the cell under the cursor says."""
        with Horizontal(id="matrix-ask"):
            yield Label(id="matrix-support-label")
            yield Select[str]([], id="matrix-support", compact=True)
            yield Select[str]([], id="matrix-setup", compact=True)
            yield Check(id="matrix-mine", compact=True)
        yield MatrixTable(id="matrix-table", cursor_type="cell", cell_padding=0, header_height=2)
        with VerticalScroll(id="matrix-detail"):
            yield Static(id="matrix-said")

    def draw(self, state: State) -> None:
        """Ask the matrix anew and place the peers."""
        kb, lang = self._judge.kb, self.guide_app.lang
        words = words_of(kb, lang)
        self._telling = Telling(kb, words, lang, Phrases(state.diagnosis, words), self.guide_app.word)
        self.query_one("#matrix-support-label", Label).update(self.word("ask"))
        self.query_one("#matrix-mine", Check).say(self.word("mine"))
        supports = [(words(f"support.{value}"), value) for value in _SUPPORTS]
        self._offer("#matrix-support", self.word("any_answer"), supports)
        kinds = [*kb.matrix.rows, *kb.matrix.outside]
        self._offer(
            "#matrix-setup", self.word("any_setup"), [(words.term("setup-kind", k), k) for k in kinds]
        )
        self._fill(state)

    def target(self, **target: object) -> None:
        """Show one setup kind: `setup="svti"`."""
        setup = target.get("setup")
        if isinstance(setup, str):
            self._go(setup)

    def _offer(self, selector: str, anything: str, options: list[tuple[str, str]]) -> None:
        """Set the choices in the language of the moment; what was chosen stays."""
        choice: Select[str] = self.query_one(selector, Select)
        chosen = choice.value
        with choice.prevent(Select.Changed):
            choice.set_options((Text(text), value) for text, value in options)
            choice.prompt = anything
            if chosen in {value for _, value in options}:
                choice.value = chosen

    def _chosen(self, selector: str) -> str | None:
        value = self.query_one(selector, Select).value
        return value if isinstance(value, str) else None

    # The table.

    def _fill(self, state: State) -> None:
        """Fill the table; the cursor stays where it was, and begins at the first peer of the case."""
        table, before = self.query_one(MatrixTable), self._under_cursor()
        asked = rows(
            self._judge, support=self._chosen("#matrix-support"), setup=self._chosen("#matrix-setup")
        )
        placed: dict[str | None, list[tuple[str, Place]]] = {}
        for number, place in enumerate(places(state.diagnosis)):
            placed.setdefault(place.kind, []).append((f"peer-{number}", place))
        if self.query_one("#matrix-mine", Check).value:
            asked = [row for row in asked if row.setup in placed]
        self._shown = {}
        table.clear(columns=True)
        self._add_columns(table)
        for row in asked:
            self._add(table, row.setup, row)
            self._add_places(table, placed.get(row.setup, []))
        if len(asked) == len(self._judge.kb.matrix.titles()):
            self._add_places(table, placed.get(None, []))
        first = next((key for key, shown in self._shown.items() if isinstance(shown, Place)), None)
        self._go(*(before if before is not None and before[0] in self._shown else (first or "", 0)))
        self._say()

    def _add_columns(self, table: MatrixTable) -> None:
        self._width = self.app.size.width
        rest = self._width - sum(_COLUMNS.values()) - 2  # the scroll bar
        table.add_column(self.word("col_kind"), key=_FIRST, width=max(_FIRST_LEAST, min(rest, _FIRST_MOST)))
        for column, width in _COLUMNS.items():
            label = " " + self.word(f"col_{column}").replace("\n", "\n ")
            table.add_column(label, key=column, width=width)

    def _add_places(self, table: MatrixTable, found: list[tuple[str, Place]]) -> None:
        """The peers of a row; of many, those with the most messages."""
        found = sorted(found, key=lambda one: -one[1].flow.count if one[1].flow is not None else 0)
        for key, place in found[:_MOST_PLACES]:
            self._add(table, key, place)
        if len(found) > _MOST_PLACES:
            more = words_of(self._judge.kb, self.guide_app.lang)("more", n=len(found) - _MOST_PLACES)
            table.add_row(
                Text(f"  {more}", "italic"), *[Text() for _ in _COLUMNS], key=f"{_MORE}{found[0][0]}"
            )

    def _add(self, table: MatrixTable, key: str, shown: Row | Place) -> None:
        assert self._telling is not None
        self._shown[key] = shown
        # The gap stands in front: the first column wraps, and uses its width to the last cell.
        gaps = [Text.assemble(" ", self._telling.cell(shown, column)) for column in _COLUMNS]
        first = self._telling.cell(shown, _FIRST)
        # The table would find out by drawing every cell: seconds for a hub with hundreds of peers.
        height = len(Content(first.plain).wrap(table.columns[ColumnKey(_FIRST)].width))
        table.add_row(first, *gaps, key=key, height=height)

    def _under_cursor(self) -> tuple[str, int] | None:
        """Key of the row and number of the column under the cursor."""
        table = self.query_one(MatrixTable)
        if not table.is_valid_coordinate(table.cursor_coordinate):
            return None
        key = table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
        return (key or "", table.cursor_coordinate.column)

    def _go(self, key: str, column: int = 0) -> None:
        table = self.query_one(MatrixTable)
        if key in self._shown:
            table.move_cursor(row=table.get_row_index(key), column=column)

    def _detail(self) -> Content | None:
        """What the cell under the cursor says in full; None where there is nothing to say."""
        place = self._under_cursor()
        shown = self._shown.get(place[0]) if place is not None else None
        if place is None or shown is None or self._telling is None:
            return None
        return self._telling.detail(shown, [_FIRST, *_COLUMNS][place[1]])

    def _say(self) -> None:
        none = "" if self._shown else self.word("none")
        self.query_one("#matrix-said", Static).update(self._detail() or Content.styled(none, "$text-muted"))

    @on(DataTable.CellHighlighted)
    def _moved(self) -> None:
        self._say()

    @on(DataTable.CellSelected)
    def _open(self) -> None:
        """Open the line of the configuration (or of the log) that puts the peer here."""
        place = self._under_cursor()
        shown = self._shown.get(place[0]) if place is not None else None
        if isinstance(shown, Row):
            index = list(self._shown).index(shown.setup) + 1
            following = list(self._shown.values())[index : index + 1]
            if following and isinstance(following[0], Place):
                self._go(list(self._shown)[index])
            return
        if shown is not None and shown.evidence:
            line = shown.evidence[0]
            self.guide_app.show("evidence", source=line.source, line=line.line)
        elif shown is not None:
            self.notify(self.word("no_line"), timeout=3)

    # What is asked.

    @on(Select.Changed)
    @on(Checkbox.Changed)
    def _asked(self) -> None:
        if self.state is not None and self._telling is not None:
            self._fill(self.state)

    def action_mine(self) -> None:
        """Only the setup kinds of this case, or all."""
        self.query_one("#matrix-mine", Check).toggle()

    def action_copy(self) -> None:
        """Copy what the detail says."""
        said = self._detail()
        if said is not None:
            self.guide_app.copy(said.plain)

    def on_resize(self, event: Resize) -> None:
        """The first column takes what is left of the width."""
        if self.state is not None and self._telling is not None and event.size.width != self._width:
            self._fill(self.state)
