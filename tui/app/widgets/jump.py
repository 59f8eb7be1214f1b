"""Jump mode: a letter over everything that can have the focus; the letter puts the focus there."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

# Those under the fingers first.
_LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class JumpScreen(ModalScreen[None]):
    """The letters, above the page as it is."""

    def __init__(self, places: dict[str, Widget]) -> None:
        super().__init__()
        self._places = places

    @classmethod
    def over(cls, screen: Screen[Any]) -> JumpScreen:
        """Letters for what can be focused and seen on a screen."""
        seen = [w for w in screen.focus_chain if w.region.area and screen.region.overlaps(w.region)]
        return cls(dict(zip(_LETTERS, seen, strict=False)))

    def compose(self) -> ComposeResult:
        """One label per widget, at its corner."""
        for letter, widget in self._places.items():
            label = Static(f" {letter} ", classes="jump-label")
            label.absolute_offset = Offset(widget.region.x, widget.region.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go there; any other key only ends it."""
        event.stop()
        event.prevent_default()
        widget = self._places.get(event.key)
        self.dismiss()
        if widget is not None:
            widget.focus()
