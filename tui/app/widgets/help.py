"""F1: help for what has the focus, from the texts, in a window above the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Markdown, Static

from tui.app.words import help_of

if TYPE_CHECKING:
    from tui.app.app import GuideApp


class HelpScreen(ModalScreen[None]):
    """A text to scroll; escape, F1, ? and q close it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,question_mark,q", "dismiss", "common.key_back"),
    ]

    def __init__(self, texts: list[str]) -> None:
        super().__init__()
        self._texts = texts

    @classmethod
    def of(cls, screen: Screen[Any]) -> HelpScreen:
        """Help for the focused widget of a screen and for the screen itself."""
        lang = cast("GuideApp", screen.app).lang
        name = getattr(screen, "NAME", "") or type(screen).__name__.removesuffix("Screen").lower()
        texts = []
        node = screen.focused
        while node is not None and node is not screen:
            found = help_of(lang, f"{name}.{node.id}") if node.id else None
            if found:
                texts.append(found)
                break
            parent = node.parent
            node = parent if parent is not None and hasattr(parent, "focusable") else None  # type: ignore[assignment]
        texts += [text for key in (f"{name}.page", "common.keys") if (text := help_of(lang, key))]
        return cls(texts)

    def compose(self) -> ComposeResult:
        """The text, and how to close it."""
        with VerticalScroll(id="help-window") as window:
            window.border_title = cast("GuideApp", self.app).word("common.key_help")
            yield Markdown("\n\n".join(self._texts), id="help-text", open_links=False)
        yield Static(id="help-foot")

    def on_mount(self) -> None:
        """The window has the focus, so that it scrolls."""
        self.query_one("#help-window").focus()

    def key_j(self) -> None:
        """Down, as in vim."""
        self.query_one("#help-window", VerticalScroll).scroll_down()

    def key_k(self) -> None:
        """Up, as in vim."""
        self.query_one("#help-window", VerticalScroll).scroll_up()

    def key_g(self) -> None:
        """To the top."""
        self.query_one("#help-window", VerticalScroll).scroll_home()

    def key_G(self) -> None:  # noqa: N802  Textual derives the name from the key
        """To the end."""
        self.query_one("#help-window", VerticalScroll).scroll_end()
