"""A list of things to type, and a sheet with all of the one under the cursor; side by side where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from engine.plan.sheet import Block, block
from tui.app.widgets.choices import Choices
from tui.app.widgets.sheet import Sheet, hanging

if TYPE_CHECKING:
    from textual import events


class Entry(msgspec.Struct, frozen=True):
    """One line of the list.

    Attributes:
        label: the line.
        key: its own; "" for a line that begins a group.
        blocks: the sheet.
        paste: what is copied for it.
        indent: how deep the further lines of a long label begin.
    """

    label: Content
    key: str = ""
    blocks: tuple[Block, ...] = ()
    paste: str = ""
    indent: int = 2


class LedgerList(Choices):
    """The list; choosing one goes to its sheet."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "fix.key_read")]

    def on_resize(self, _event: events.Resize) -> None:
        """Break the labels anew."""
        if isinstance(self.parent, Ledger):
            self.parent.lay_out()


class WhyList(LedgerList):
    """The list of what has a reason; choosing one goes to the reason."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "fix.key_why")]


class Ledger(Container):
    """The list and the sheet."""

    DEFAULT_CSS = """
    Ledger { layout: vertical; height: 1fr; }
    Ledger > LedgerList { height: auto; max-height: 45%; padding: 0; background: $background; }
    Ledger > Sheet { height: 1fr; border-top: solid $border-blurred; }
    Ledger > Sheet:focus { border-top: solid $border; }
    """

    class Opened(Message):
        """The reason of an entry is asked for."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, *, id: str, reasons: bool = False) -> None:  # noqa: A002  Textual's own name
        """A ledger; with `reasons`, choosing an entry asks for its reason (`Opened`)."""
        super().__init__(id=id)
        self._reasons = reasons
        self._entries: tuple[Entry, ...] = ()

    def compose(self) -> ComposeResult:
        """List and sheet."""
        kind = WhyList if self._reasons else LedgerList
        yield kind(id=f"{self.id}-list", markup=False, compact=True)
        yield Sheet(id=f"{self.id}-sheet")

    @property
    def list(self) -> LedgerList:
        """The list, which takes the focus."""
        return self.query_one(LedgerList)

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        index = self.list.highlighted
        return self._entries[index] if index is not None and index < len(self._entries) else None

    def fill(self, entries: Sequence[Entry], empty: str) -> None:
        """Show other entries; the cursor stays where it was. `empty` is said where there is none."""
        before = self.entry
        self._entries = tuple(entries)
        found = self.list
        self.lay_out()
        found.display = bool(entries)
        if not entries:
            self.query_one(Sheet).fill([block("text", empty)])
        elif before is None or not self.go(before.key):
            found.action_first()
        self._write()

    def lay_out(self) -> None:
        """Break the labels at the width of the list; the cursor stays."""
        at = self.list.highlighted
        # The scroll bar takes two columns.
        width = (self.list.outer_size.width or self.app.size.width) - 2
        self.list.set_options(
            Option(hanging(entry.label, width, entry.indent), disabled=not entry.key)
            for entry in self._entries
        )
        self.list.highlighted = at if at is not None and at < len(self._entries) else None

    def go(self, key: str) -> bool:
        """Put the cursor on an entry; whether there is one."""
        index = next((i for i, entry in enumerate(self._entries) if entry.key == key), None)
        if key and index is not None:
            self.list.highlighted = index
            return True
        return False

    def _write(self) -> None:
        entry = self.entry
        if entry is not None:
            self.query_one(Sheet).fill(entry.blocks)

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._write()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        entry = self.entry
        if entry is None:
            return
        if self._reasons:
            self.post_message(self.Opened(entry))
        else:
            self.query_one(Sheet).focus()
