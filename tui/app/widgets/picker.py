"""A list to pick from by typing a part of what one looks for, in any order and with slips (rapidfuzz)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

# More than fit on a screen help nobody: one types on.
_MOST = 100
_LEAST_SCORE = 55


class Picker(ModalScreen[int | None]):
    """Gives the index of what was picked, or None."""

    DEFAULT_CSS = """
    Picker { align: center middle; background: $background 60%; }
    #picker {
        width: 90%; max-width: 110; height: auto; max-height: 80%;
        background: $surface; border: round $border; padding: 0 1;
    }
    #picker-text { width: 1fr; background: $panel; margin: 0 0 1 0; }
    #picker-list { height: auto; max-height: 24; background: $surface; border: none; padding: 0; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "common.key_back"),
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]

    def __init__(self, labels: Sequence[Content], placeholder: str) -> None:
        super().__init__()
        self._labels = list(labels)
        self._plain = [label.plain.lower() for label in labels]
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """What is typed, and below it what fits."""
        with Vertical(id="picker"):
            yield Input(id="picker-text", placeholder=self._placeholder, compact=True)
            yield OptionList(id="picker-list", compact=True)

    def on_mount(self) -> None:
        """Everything fits to begin with; the list follows what is typed, and is not focused itself."""
        self.query_one(OptionList).can_focus = False
        self._show(range(min(len(self._labels), _MOST)))
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits, the best first."""
        self._show(self.fitting(event.value))

    def fitting(self, text: str) -> Sequence[int]:
        """The indices of what fits a text, the best first: with all its words before those that are only like it."""
        text = text.strip().lower()
        if not text:
            return range(min(len(self._labels), _MOST))
        words = text.split()
        whole = [i for i, plain in enumerate(self._plain) if all(word in plain for word in words)]
        if len(whole) >= _MOST:
            return whole[:_MOST]
        from rapidfuzz import fuzz, process

        found = process.extract(text, self._plain, scorer=fuzz.WRatio, limit=_MOST, score_cutoff=_LEAST_SCORE)
        known = set(whole)
        return [*whole, *(index for _, _, index in found if index not in known)][:_MOST]

    def _show(self, indices: Sequence[int]) -> None:
        shown = self.query_one(OptionList)
        shown.clear_options()
        shown.add_options(Option(self._labels[index], id=str(index)) for index in indices)
        shown.highlighted = 0 if len(indices) else None

    def action_move(self, by: int) -> None:
        """The next or previous one."""
        shown = self.query_one(OptionList)
        if shown.option_count:
            here = shown.highlighted or 0
            shown.highlighted = min(max(here + by, 0), shown.option_count - 1)

    def action_leave(self) -> None:
        """Nothing is picked."""
        self.dismiss(None)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """The highlighted one is picked."""
        shown = self.query_one(OptionList)
        if shown.highlighted is not None:
            self.dismiss(int(shown.get_option_at_index(shown.highlighted).id or 0))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Clicked."""
        self.dismiss(int(event.option.id or 0))
