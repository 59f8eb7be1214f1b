"""What if: change the release, a line of the configuration or a condition, and watch the verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Button, OptionList, ProgressBar, Static
from textual.widgets.option_list import Option

from engine.whatif.document import Smallest, WhatIf
from tui.app.page import Page
from tui.app.pages.whatif_form import SupposeForm
from tui.app.pages.whatif_run import Refused, smallest, suppose
from tui.app.pages.whatif_show import About, Shower
from tui.app.widgets.choices import Choices
from tui.opening import words_of

if TYPE_CHECKING:
    from tui.app.model import CaseModel, State

# Seconds of rest after a change before verdicts are judged anew.
_REST = 0.25

_Work = Literal["judging", "search"]


class Results(Choices):
    """The verdicts, now and then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "common.key_open"),
        Binding("f", "screen.smallest", "whatif.key_smallest"),
    ]


class WhatifPage(Page):
    """A form of suppositions over a list of verdicts that follows it."""

    NAME = "whatif"
    CSS_PATH = "whatif.tcss"
    AUTO_FOCUS = "#whatif-results"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("X", "clear", "whatif.key_clear"),
        Binding("y", "copy", "common.key_copy", show=False),
    ]

    class Answered(Message):
        """The thread of the case is done with number `asked` of a work; None: it failed, and that was said."""

        def __init__(self, kind: _Work, asked: int, found: WhatIf | Refused | Smallest | None) -> None:
            super().__init__()
            self.kind = kind
            self.asked = asked
            self.found = found

    def __init__(self) -> None:
        super().__init__()
        self._found: WhatIf | None = None
        self._ways: Smallest | None = None
        self._shower: Shower | None = None
        self._abouts: list[About] = []
        # One number each: a search does not overtake the judging, nor the other way round.
        self._asked: dict[_Work, int] = {"judging": 0, "search": 0}
        self._under_way: set[_Work] = set()
        self._resting: Timer | None = None
        self._judged: State | None = None

    def compose_body(self) -> ComposeResult:
        """The form, how much flips, what flips."""
        yield SupposeForm(id="whatif-form")
        with Horizontal(id="whatif-head"):
            yield Static(id="whatif-sum")
            yield ProgressBar(id="whatif-busy", show_percentage=False, show_eta=False)
            yield Button(id="whatif-smallest", compact=True)
        yield Results(id="whatif-results", markup=False)

    @property
    def form(self) -> SupposeForm:
        """The form, for those who suppose something from elsewhere."""
        return self.query_one(SupposeForm)

    def relabel(self) -> None:
        """Labels of the form and the button."""
        self.form.relabel()
        self.query_one("#whatif-smallest", Button).label = Content(self.word("smallest"))

    def draw(self, state: State) -> None:
        """Offer what the case has; judge anew, for the case or the language is another one."""
        kb = self.guide_app.model.kb
        words = words_of(kb, self.guide_app.lang)
        self._shower = Shower(state, words, self.guide_app.word)
        self.form.offer(state, kb, words)
        if state is not self._judged:
            self._judged, self._found = state, None
            self._drop_search()
            self._judge_soon(0.0)
        self._show()

    def target(self, **target: object) -> None:
        """Search the way out of a finding (`finding=ID`), or suppose something (`suppose="release=17.9.4"`)."""
        finding, said = target.get("finding"), target.get("suppose")
        if isinstance(finding, str):
            self._search(finding)
        if isinstance(said, str):
            self.form.suppose(said)

    # What is asked of the thread of the case.

    @on(SupposeForm.Changed)
    def _supposed(self) -> None:
        self._drop_search()
        self._judge_soon(_REST)

    def action_clear(self) -> None:
        """Suppose nothing."""
        self.form.clear()

    def _judge_soon(self, rest: float) -> None:
        """Judge anew once nothing was changed for a moment."""
        self._asked["judging"] += 1
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        if self.form.texts:
            self._busy("judging", True)
            self._resting = self.set_timer(max(rest, 0.01), self._judge)
        else:
            self._found = None
            self._busy("judging", False)
            self._show()

    def _judge(self) -> None:
        texts, device = self.form.texts, self.form.device
        self._ask("judging", lambda state: suppose(state, texts, device))

    @on(Button.Pressed, "#whatif-smallest")
    def action_smallest(self) -> None:
        """Search the smallest change that clears the finding under the cursor."""
        about = self._about(self.query_one(Results).highlighted)
        if about is None or about.finding is None:
            self.form.hint(self.word("pick_finding"), wrong=True)
            return
        self._search(about.finding)

    def _search(self, finding: str) -> None:
        self._asked["search"] += 1
        self._busy("search", True)
        self._ask("search", lambda state: smallest(state, finding))

    def _drop_search(self) -> None:
        """Forget the way out that was found, or is being searched."""
        self._asked["search"] += 1
        self._ways = None
        self._busy("search", False)

    def _ask(self, kind: _Work, work: Callable[[State], WhatIf | Refused | Smallest]) -> None:
        """Work on the case in its thread, behind whatever is being done there; the case stays as it is."""
        asked = self._asked[kind]

        def make(_model: CaseModel) -> State:
            state = self.state
            assert state is not None
            if asked != self._asked[kind]:
                return state  # overtaken by a later one
            found = None
            try:
                found = work(state)
            finally:
                self.post_message(self.Answered(kind, asked, found))
            return state

        self.guide_app.change(make)

    def on_whatif_page_answered(self, event: Answered) -> None:
        """Show an answer, unless another of its kind was asked for since."""
        if event.asked != self._asked[event.kind]:
            return
        self._busy(event.kind, False)
        found = event.found
        if isinstance(found, Smallest):
            self._ways = found
        elif event.kind == "judging":
            self._found = found if isinstance(found, WhatIf) else None
        if isinstance(found, Refused):
            self.form.hint(self.word(found.key, text=found.text), wrong=True)
        self._show(top=True)
        if isinstance(found, Smallest):
            self.query_one(Results).focus()

    def _busy(self, kind: _Work, busy: bool) -> None:
        (self._under_way.add if busy else self._under_way.discard)(kind)
        self.query_one("#whatif-busy", ProgressBar).set_class(bool(self._under_way), "-busy")

    # What is shown.

    def _show(self, *, top: bool = False) -> None:
        """Draw what was found; the cursor stays where it was, or goes to the top."""
        if self._shower is None:
            return
        results = self.query_one(Results)
        before = self._about(results.highlighted)
        # The scroll bar takes two columns.
        shown = list(self._shower.shown(self._found, self._ways, max(20, self.app.size.width - 2)))
        self._abouts = [about for about, _ in shown]
        results.set_options(Option(text, disabled=about.title) for about, text in shown)
        if before in self._abouts and not top:
            results.highlighted = self._abouts.index(before)
        else:
            results.action_first()
            results.scroll_home(animate=False)
        self.query_one("#whatif-sum", Static).update(Content(self._shower.summary(self._found)))

    def _about(self, index: int | None) -> About | None:
        return self._abouts[index] if index is not None and index < len(self._abouts) else None

    @on(OptionList.OptionSelected, "#whatif-results")
    def _open(self, event: OptionList.OptionSelected) -> None:
        """Open what the line is about; a way out is supposed."""
        about = self._about(event.option_index)
        if about is None:
            return
        if about.ways:
            self.form.suppose(*about.ways)
        elif about.finding is not None:
            self.guide_app.show("finding", id=about.finding, subject=about.subject)
        elif about.setup is not None:
            self.guide_app.show("matrix", setup=about.setup)
        elif about.action is not None:
            self.guide_app.show("fix", action=about.action)

    def action_copy(self) -> None:
        """Copy everything that is shown, as text."""
        results = self.query_one(Results)
        options = [results.get_option_at_index(index).prompt for index in range(results.option_count)]
        texts = [option.plain if isinstance(option, Content) else str(option) for option in options]
        supposed = [self.form.said(text).plain for text in self.form.texts]
        self.guide_app.copy("\n".join([*supposed, *texts]) + "\n")

    def on_resize(self, event: Resize) -> None:
        """Lines that stay on one line fit the new width."""
        if event.size.width:
            self._show()
