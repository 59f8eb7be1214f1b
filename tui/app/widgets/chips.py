"""A choice of few, on one line: left and right (or h and l) move, the choice holds at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget


class Chips(Widget, can_focus=True):
    """`Language  ▸English◂  한국어`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", show=False),
        Binding("right,l,space,enter", "move(1)", show=False),
    ]
    DEFAULT_CSS = """
    Chips { height: 1; width: auto; padding: 0 1; }
    Chips:focus { background: $block-cursor-blurred-background; }
    """

    class Chosen(Message):
        """An option was chosen."""

        def __init__(self, chips: Chips, value: str) -> None:
            super().__init__()
            self.chips = chips
            self.value = value

        @property
        def control(self) -> Chips:
            """The widget, for `@on` selectors."""
            return self.chips

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._label = ""
        self._options: list[tuple[str, str]] = []
        self._chosen = ""

    def fill(self, label: str, options: Sequence[tuple[str, str]], chosen: str) -> None:
        """Set label, options (value, text) and which is chosen."""
        self._label, self._options, self._chosen = label, list(options), chosen
        self.refresh(layout=True)

    def render(self) -> Content:
        """One line; the chosen one is marked by signs and by its look."""
        parts = [Content.styled(f"{self._label}  ", "$text-muted")] if self._label else []
        for value, text in self._options:
            if value == self._chosen:
                parts.append(Content.styled(f"▸{text}◂", "bold $primary"))
            else:
                parts.append(Content(f" {text} "))
        # The blanks around each are its own; the last one's would only need room.
        return Content("").join(parts).rstrip()

    def action_move(self, step: int) -> None:
        """Choose the next or the one before."""
        values = [value for value, _ in self._options]
        if values:
            index = values.index(self._chosen) if self._chosen in values else 0
            self._choose(values[(index + step) % len(values)])

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        at = Content(f"{self._label}  ").cell_length if self._label else 0
        for value, text in self._options:
            width = Content(f" {text} ").cell_length
            if at <= event.x - 1 < at + width:
                self._choose(value)
                return
            at += width

    def _choose(self, value: str) -> None:
        self._chosen = value
        self.refresh()
        self.post_message(self.Chosen(self, value))
