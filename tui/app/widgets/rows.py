"""A list of rows in columns that always fits its width: the widest column gives way. Keys of vim, Enter opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

if TYPE_CHECKING:
    from textual import events

_GAP = 2
_LEAST = 6


class Row(msgspec.Struct, frozen=True):
    """One row: a key that is its own, and a cell for each column, as text or as Textual markup (`markup`)."""

    key: str
    cells: tuple[str | Content, ...]


class RowList(OptionList):
    """The list itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
        Binding("enter", "select", "common.key_open"),
    ]


class Rows(Vertical):
    """A heading line with the column titles, and the list. `OptionList.OptionSelected` tells the row by its id."""

    DEFAULT_CSS = """
    Rows { height: auto; }
    Rows > Static { height: 1; padding: 0 1; color: $text-muted; text-style: bold; text-wrap: nowrap; }
    Rows > RowList { height: auto; max-height: 8; border: none; padding: 0; background: $background; }
    Rows > RowList:focus { border: none; background-tint: $foreground 0%; }
    Rows > RowList > .option-list--option { padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, *, flexible: int, id: str) -> None:  # noqa: A002  Textual's own name
        """Rows whose column number `flexible` takes the room that is left."""
        super().__init__(id=id)
        self._flexible = flexible
        self._titles: tuple[str, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._keys: list[str] = []  # of the rows as they are laid out

    def compose(self) -> ComposeResult:
        """Heading and list."""
        yield Static()
        yield RowList(id=f"{self.id}-list", markup=False)

    @property
    def body(self) -> RowList:
        """The list, which takes the focus."""
        return self.query_one(RowList)

    @property
    def is_empty(self) -> bool:
        """Whether there is no row."""
        return not self._rows

    @property
    def highlighted(self) -> str | None:
        """The key of the row under the cursor."""
        at = self.body.highlighted
        return self._keys[at] if at is not None and at < len(self._keys) else None

    def fill(self, titles: Sequence[str], rows: Sequence[Row]) -> None:
        """Set titles and rows; the cursor stays at its row where that is still there."""
        self._titles, self._rows = tuple(titles), tuple(rows)
        self._lay_out()

    def on_resize(self, _event: events.Resize) -> None:
        """Fit the new width."""
        self._lay_out()

    def _lay_out(self) -> None:
        if not self._titles:
            return
        at = self.highlighted
        cells = [[_content(cell) for cell in row.cells] for row in self._rows]
        heads = [Content(title) for title in self._titles]
        widths = self._widths([heads, *cells])
        self.query_one(Static).update(_line(heads, widths))
        options = [
            Option(_line(row_cells, widths), id=row.key)
            for row, row_cells in zip(self._rows, cells, strict=True)
        ]
        self._keys = [row.key for row in self._rows]
        with self.body.prevent(OptionList.OptionHighlighted):
            self.body.set_options(options)
            if options:
                self.body.highlighted = self._keys.index(at) if at in self._keys else 0

    def _widths(self, table: list[list[Content]]) -> list[int]:
        widths = [max(row[column].cell_length for row in table) for column in range(len(self._titles))]
        # The scroll bar of the list takes two columns, the padding two more.
        room = (self.size.width or 80) - 4 - _GAP * (len(widths) - 1)
        others = sum(width for column, width in enumerate(widths) if column != self._flexible)
        widths[self._flexible] = max(_LEAST, min(widths[self._flexible], room - others))
        while sum(widths) > room and max(widths) > _LEAST:
            widest = widths.index(max(widths))
            widths[widest] -= 1
        return widths


def _content(cell: str | Content) -> Content:
    return Content(cell) if isinstance(cell, str) else cell


def _line(cells: Sequence[Content], widths: Sequence[int]) -> Content:
    fitted = [
        cell.truncate(width, ellipsis=True, pad=True) for cell, width in zip(cells, widths, strict=True)
    ]
    return Content(" " * _GAP).join(fitted)
