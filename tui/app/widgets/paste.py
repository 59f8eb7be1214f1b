"""A window to paste text into: a whole show-tech is fine."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from tui.app.widgets.topbar import size

if TYPE_CHECKING:
    from tui.app.app import GuideApp


class PasteScreen(ModalScreen[str | None]):
    """Dismissed with the text, or with None. Ctrl+s takes it, escape does not."""

    NAME: ClassVar[str] = "start"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "take", "common.key_take", priority=True),
        Binding("escape", "leave", "common.key_back", priority=True),
    ]

    def compose(self) -> ComposeResult:
        """The text, and how to go on."""
        with Vertical(id="paste-window"):
            yield TextArea(
                id="paste-text", soft_wrap=False, show_line_numbers=False, highlight_cursor_line=False
            )
            yield Static(id="paste-foot")

    def on_mount(self) -> None:
        """Labels, and the focus."""
        app = cast("GuideApp", self.app)
        self.query_one("#paste-window").border_title = app.word("common.paste_title")
        self._count("")
        self.query_one("#paste-text").focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say how much it is."""
        self._count(event.text_area.text)

    def action_take(self) -> None:
        """Take it."""
        self.dismiss(self.query_one("#paste-text", TextArea).text)

    def action_leave(self) -> None:
        """Take nothing."""
        self.dismiss(None)

    def _count(self, text: str) -> None:
        app = cast("GuideApp", self.app)
        told = app.word("common.paste_foot", lines=len(text.splitlines()), size=size(len(text)))
        self.query_one("#paste-foot", Static).update(told)
