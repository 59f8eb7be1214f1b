"""The line at the foot of the viewer in which one types what to search, to filter, or the line to go to."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Label

Mode = Literal["search", "filter", "line"]
_SIGNS: dict[Mode, str] = {"search": "/", "filter": "&", "line": ":"}
# Typing is followed once it pauses.
_PAUSE = 0.15


class FindBar(Horizontal):
    """Hidden until somebody asks (`ask`); says what is typed with every pause, and when it is entered or left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "evidence.key_leave"),
        Binding("ctrl+r", "regex", "evidence.key_regex"),
    ]

    class Typed(Message):
        """Something was typed, or entered where `entered`."""

        def __init__(self, mode: Mode, text: str, *, regex: bool, entered: bool) -> None:
            super().__init__()
            self.mode = mode
            self.text = text
            self.regex = regex
            self.entered = entered

    class Left(Message):
        """Escape: what was there before counts."""

        def __init__(self, mode: Mode) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  the name that Textual gives it
        super().__init__(id=id)
        self.mode: Mode = "search"
        self.regex = False
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """A sign, what is typed, and what is to be said about it."""
        yield Label(id="find-sign")
        yield Input(id="find-text", compact=True, select_on_focus=True)
        yield Label(id="find-note")

    def on_mount(self) -> None:
        """Nobody has asked yet."""
        self.display = False

    def ask(self, mode: Mode, text: str, placeholder: str) -> None:
        """Show the bar and let somebody type."""
        self.mode = mode
        self.display = True
        field = self.query_one(Input)
        with self.prevent(Input.Changed):
            field.value = text
        field.placeholder = placeholder
        self.note("")
        self._sign()
        field.focus()

    def note(self, text: str) -> None:
        """Say something about what is typed: a count, a mistake."""
        self.query_one("#find-note", Label).update(text)

    def hide(self) -> None:
        """Nobody asks any more."""
        self._forget()
        self.display = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow once the typing pauses."""
        event.stop()
        self._forget()
        if self.mode != "line":
            self._pause = self.set_timer(_PAUSE, lambda: self._say(entered=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """It is entered."""
        event.stop()
        self._forget()
        self._say(entered=True)

    def action_leave(self) -> None:
        """Escape."""
        self.hide()
        self.post_message(self.Left(self.mode))

    def action_regex(self) -> None:
        """Take what is typed as a regular expression, or as plain text again."""
        if self.mode != "line":
            self.regex = not self.regex
            self._sign()
            self._say(entered=False)

    def _sign(self) -> None:
        sign = _SIGNS[self.mode]
        self.query_one("#find-sign", Label).update(
            f"{sign}.*" if self.regex and self.mode != "line" else sign
        )

    def _say(self, *, entered: bool) -> None:
        text = self.query_one(Input).value
        self.post_message(self.Typed(self.mode, text, regex=self.regex, entered=entered))

    def _forget(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
