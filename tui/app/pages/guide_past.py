"""The turns so far, each with what it changed; any of them can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

if TYPE_CHECKING:
    from tui.app.model import State, Turn
    from tui.app.pages.guide_text import Telling


class Past(OptionList):
    """The answers and outputs given, the last one on top."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete,backspace,x", "take_back", "guide.key_take_back"),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]

    class TakeBack(Message):
        """A turn is to be taken back."""

        def __init__(self, turn: Turn) -> None:
            self.turn = turn
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id, markup=False)
        self._turns: tuple[Turn, ...] = ()

    def draw(self, state: State, telling: Telling) -> None:
        """List the turns."""
        self._turns = state.turns
        self.clear_options()
        for index, turn in reversed([*enumerate(self._turns)]):
            text = Content.assemble(
                (f"{index + 1} ", "$text-muted"), telling.turn(state, turn), "\n", telling.changes(turn)
            )
            self.add_option(Option(text, id=str(index)))
            if index:
                self.add_option(None)
        if not self._turns:
            self.add_option(
                Option(Content.assemble((telling.word("past_none"), "$text-muted")), disabled=True)
            )

    def action_take_back(self) -> None:
        """Take back the turn under the cursor."""
        if self.highlighted is None or not self._turns:
            return
        found = self.get_option_at_index(self.highlighted).id
        if found is not None:
            self.post_message(self.TakeBack(self._turns[int(found)]))
