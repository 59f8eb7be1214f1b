"""`w`: why this question is asked - what each answer would change, by the rules themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from engine.guide.guide import Concern, Question
    from tui.app.app import GuideApp
    from tui.app.model import State

_MOST = 12


class WhyScreen(ModalScreen[None]):
    """A window with the hypotheses that the answers could move."""

    NAME = "guide"
    CSS_PATH = "guide.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,w,q", "dismiss", "common.key_back")]

    def __init__(self, question: Question, state: State) -> None:
        super().__init__()
        self._question = question
        self._state = state

    def compose(self) -> ComposeResult:
        """A window to scroll."""
        with VerticalScroll(id="why-window"):
            yield Static(id="why-text")

    def on_mount(self) -> None:
        """Work it out beside the screen: every answer is supposed once."""
        app = cast("GuideApp", self.app)
        window = self.query_one("#why-window")
        window.border_title = app.word("guide.why_title")
        window.focus()
        self.query_one("#why-text", Static).update(app.word("guide.why_working"))
        self._work()

    @work(thread=True, description="why")
    def _work(self) -> None:
        app = cast("GuideApp", self.app)
        concerns = app.model.guide.why(self._state.investigation, self._question)
        self.app.call_from_thread(self._show, concerns)

    def _show(self, concerns: list[Concern]) -> None:
        from tui.app.pages.guide_text import Telling

        telling = Telling(cast("GuideApp", self.app))
        parts: list[Content | str | tuple[str, str]] = [(self._question.text, "bold"), "\n\n"]
        if not concerns:
            parts.append(telling.word("why_together"))
        words = {option.id: option.text for option in self._question.options}
        for concern in concerns[:_MOST]:
            parts += [(concern.title, "bold"), "  ", (f"({concern.hypothesis})", "$text-muted"), "\n"]
            parts += ["  ", (telling.word("why_now"), "$text-muted"), " ", telling.verdict(concern.now), "\n"]
            for option, verdict in concern.then.items():
                parts += ["  → ", telling.verdict(verdict), (f"  {words[option]}", "$text-muted"), "\n"]
            parts.append("\n")
        rest = len(concerns) - _MOST
        if rest > 0:
            parts.append((telling.word("more", count=rest), "$text-muted"))
        self.query_one("#why-text", Static).update(Content.assemble(*parts))
