"""What every page of a case is built from: the answer on top, the row of pages, a body, a footer.

A page overrides `compose_body` (its widgets), `relabel` (texts that need no case) and `draw` (everything else), and
`target` where `app.show` can point at something in it. Pages never decide anything: they draw `state`, and changes go
through `app.change`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from tui.app.messages import CaseChanged, LanguageChanged, ProgressChanged
from tui.app.widgets.keybar import KeyBar
from tui.app.widgets.tabs import PageTabs
from tui.app.widgets.topbar import TopBar

if TYPE_CHECKING:
    from tui.app.app import GuideApp
    from tui.app.model import State
    from tui.app.progress import Progress


class Page(Screen[None]):
    """One page. `NAME` is its mode, and its table in the texts; `NEEDS_CASE`: its body is hidden without a case."""

    NAME: ClassVar[str] = ""
    NEEDS_CASE: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "app.back", "common.key_back", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._drawn: State | None = None
        self._drawn_lang = ""

    # What a page overrides.

    def compose_body(self) -> ComposeResult:
        """The widgets of the page, without texts."""
        yield from ()

    def relabel(self) -> None:
        """Set every text that does not depend on a case; called on mount and when the language changes."""

    def draw(self, state: State) -> None:
        """Draw everything anew; called on mount, when the case changed, and when the language changed."""

    def draw_progress(self, progress: Progress | None) -> None:
        """A case is being loaded; None when it is done."""

    def target(self, **target: object) -> None:
        """Go to what `app.show(page, **target)` names. The page is mounted and drawn."""

    # What a page uses.

    @property
    def guide_app(self) -> GuideApp:
        """The application, with its own type."""
        return cast("GuideApp", self.app)

    @property
    def state(self) -> State | None:
        """The case at this moment."""
        return self.guide_app.state

    def word(self, key: str, **values: object) -> str:
        """A text: `word("devices")` is `devices` of the page's own table, `word("common.copied")` of another."""
        return self.guide_app.word(key if "." in key else f"{self.NAME}.{key}", **values)

    # The chrome.

    def compose(self) -> ComposeResult:
        """The chrome, with the body of the page in it."""
        yield TopBar(id="topbar")
        yield PageTabs(self.NAME, id="tabs")
        with Container(id="body"):
            yield from self.compose_body()
        yield Static(id="nothing")
        yield KeyBar(id="keybar")

    def on_mount(self) -> None:
        """Draw for the first time."""
        self.refresh_page()

    def on_screen_resume(self) -> None:
        """Draw what changed while another page was shown."""
        self._chrome()
        self.refresh_page()

    def on_case_changed(self, _event: CaseChanged) -> None:
        """The case is another one."""
        self.refresh_page()

    def on_language_changed(self, _event: LanguageChanged) -> None:
        """The language is another one."""
        self.refresh_page()

    def on_progress_changed(self, _event: ProgressChanged) -> None:
        """The loading went on."""
        self._chrome()
        self.draw_progress(self.guide_app.progress)

    def refresh_page(self) -> None:
        """Draw what is not drawn yet: nothing where neither the case nor the language changed."""
        state, lang = self.state, self.guide_app.lang
        if state is self._drawn and lang == self._drawn_lang:
            return
        relabelled = lang != self._drawn_lang
        self._drawn, self._drawn_lang = state, lang
        self._chrome()
        if relabelled:
            self.relabel()
        if state is not None:
            self.draw(state)

    def _chrome(self) -> None:
        self.query_one(TopBar).draw()
        self.query_one(PageTabs).draw()
        self.query_one(KeyBar).draw()
        nothing = self.query_one("#nothing", Static)
        missing = self.NEEDS_CASE and self.state is None and self.guide_app.progress is None
        nothing.display = missing
        self.query_one("#body").display = not missing
        nothing.update(self.word("common.no_case") if missing else "")
