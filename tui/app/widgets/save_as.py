"""Save a text to a file: the path is asked for, and nothing is overwritten without asking again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from tui.app.paths import at_home

if TYPE_CHECKING:
    from tui.app.app import GuideApp


class SaveAs(ModalScreen[Path | None]):
    """Gives the path of the file that was written, or None."""

    DEFAULT_CSS = """
    SaveAs { align: center middle; background: $background 60%; }
    #save-window { width: 80%; max-width: 76; height: auto; border: round $primary; background: $surface; padding: 0 1; }
    #save-said { height: auto; color: $text-error; }
    #save-ask { height: auto; display: none; }
    #save-ask Button { margin: 0 1 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "common.key_back")]

    def __init__(self, text: str, proposed: str, markdown: str | None = None) -> None:
        """Save `text`, or `markdown` where the name ends in `.md`; `proposed` is the name that stands in the field."""
        super().__init__()
        self._text = text
        self._markdown = markdown
        self._proposed = proposed

    def _word(self, key: str, **values: object) -> str:
        return cast("GuideApp", self.app).word(f"fix.{key}", **values)

    def compose(self) -> ComposeResult:
        """The path, what is wrong with it, whether to overwrite."""
        with Vertical(id="save-window"):
            yield Label(Content(self._word("save_as")))
            yield Input(self._proposed, id="save-path", compact=True)
            yield Static(id="save-said")
            with Horizontal(id="save-ask"):
                yield Button(Content(self._word("save_other")), id="save-other", compact=True)
                yield Button(Content(self._word("save_over")), id="save-over", compact=True)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._say("")

    @on(Input.Submitted)
    def _given(self) -> None:
        self._write("x")

    @on(Button.Pressed, "#save-over")
    def _overwrite(self) -> None:
        self._write("w")

    @on(Button.Pressed, "#save-other")
    def _other(self) -> None:
        self._say("")
        self.query_one(Input).focus()

    def _write(self, mode: str) -> None:
        typed = self.query_one(Input).value.strip()
        path = at_home(typed)
        if not typed:
            return
        text = self._markdown if path.suffix.lower() == ".md" and self._markdown is not None else self._text
        try:
            with path.open(mode, encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            self._say(self._word("save_exists", path=path), ask=True)
        except (OSError, ValueError) as error:
            self._say(self._word("save_failed", path=path, why=getattr(error, "strerror", None) or error))
        else:
            self.dismiss(path)

    def _say(self, text: str, *, ask: bool = False) -> None:
        self.query_one("#save-said", Static).update(Content(text))
        self.query_one("#save-ask").display = ask
        if ask:
            self.query_one("#save-other", Button).focus()

    def action_leave(self) -> None:
        """Save nothing."""
        self.dismiss(None)
