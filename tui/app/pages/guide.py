"""One question at a time, the most informative first: what to answer, what it changed, why it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.guide.given import UNKNOWN, Given
from tui.app.page import Page
from tui.app.pages.guide_past import Past
from tui.app.pages.guide_text import Telling
from tui.app.pages.guide_why import WhyScreen
from tui.app.widgets.paste import PasteScreen

if TYPE_CHECKING:
    from engine.guide.guide import Question
    from tui.app.model import CaseModel, State, Turn


class Answers(OptionList):
    """What can be answered; where several answers may be chosen, space ticks them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "guide.key_answer"),
        Binding("space", "tick", "guide.key_tick", show=False),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="guide-answers", markup=False)
        self._question: Question | None = None
        self._words: dict[str, str] = {}
        self.ticked: list[str] = []

    def ask(self, question: Question, unknown: str) -> None:
        """Show the answers of a question; of the same one in other words, what was ticked stays."""
        before = self._question
        stays = before is not None and (before.id, before.about) == (question.id, question.about)
        row = self.highlighted if stays else 0
        if not stays:
            self.ticked = []
        self._question = question
        self._words = {option.id: option.text for option in question.options} | {UNKNOWN: unknown}
        self.clear_options()
        self.add_options([Option(self._line(name), id=name) for name in self._words])
        self.highlighted = row

    def action_tick(self) -> None:
        """Tick or untick the answer under the cursor, where the question takes several."""
        question, index = self._question, self.highlighted
        if question is None or index is None or not question.several:
            return
        name = self.get_option_at_index(index).id
        if name is None or name == UNKNOWN:
            return
        self.ticked = [t for t in self.ticked if t != name] if name in self.ticked else [*self.ticked, name]
        self.replace_option_prompt_at_index(index, self._line(name))

    def _line(self, name: str) -> Content:
        question = self._question
        several = question is not None and question.several and name != UNKNOWN
        tick = ("[x] " if name in self.ticked else "[ ] ") if several else ""
        style = "$text-muted" if name == UNKNOWN else ""
        return Content.assemble((tick, "bold"), (self._words[name], style))


class GuidePage(Page):
    """The interview: a question, its answers, and what came of those given so far."""

    NAME = "guide"
    AUTO_FOCUS = "#guide-answers"
    CSS_PATH = "guide.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "why", "guide.key_why"),
        Binding("h", "how", "guide.key_how"),
        Binding("p", "paste", "guide.key_paste"),
        Binding("d", "unknown", "guide.key_unknown", show=False),
        Binding("u", "undo", "guide.key_undo", show=False),
        Binding("y", "copy", "guide.key_copy", show=False),
        Binding("x", "fix", "guide.key_fix", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._asked: Question | None = None
        self._busy = False

    def compose_body(self) -> ComposeResult:
        """Left the question, right what was answered."""
        with Horizontal(id="guide-both"):
            with Vertical(id="guide-ask"):
                with VerticalScroll(id="guide-says", can_focus=False):
                    yield Static(id="guide-news")
                    yield Static(id="guide-question")
                yield Answers()
                yield Input(id="guide-typed", compact=True)
                yield Static(id="guide-collect")
            with Vertical(id="guide-right"):
                yield Static(id="guide-past-title")
                yield Past(id="guide-past")

    def relabel(self) -> None:
        """Texts that need no case."""
        self.query_one("#guide-typed", Input).placeholder = self.word("type_release")
        self.query_one("#guide-past-title", Static).update(self.word("past"))

    def draw(self, state: State) -> None:
        """The question of the state, or the end."""
        self._busy = False
        telling = Telling(self.guide_app)
        question = state.question
        changed = question is None or self._asked is None or question != self._asked
        self._asked = question
        self.query_one("#guide-news", Static).update(telling.news(state))
        self.query_one("#guide-question", Static).update(telling.question(state))
        collect = self.query_one("#guide-collect", Static)
        collect.update(telling.collect(state))
        collect.display = question is not None and bool(question.collect)
        answers, typed = self.query_one(Answers), self.query_one("#guide-typed", Input)
        answers.display = question is not None
        typed.display = question is not None and question.free
        if question is not None and changed:
            answers.ask(question, self.word("unknown"))
            typed.value = ""
        if self.focused is None or self.focused is typed:
            answers.focus()
        self.query_one(Past).draw(state, telling)

    def target(self, **target: object) -> None:
        """`flow`: speak of that flow."""
        flow = target.get("flow")
        state = self.state
        if isinstance(flow, str) and state is not None and state.focus != flow:
            self.guide_app.change(lambda model: model.focused(self._now(), flow))

    # Answers.

    @on(OptionList.OptionSelected, "#guide-answers")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        answers = self.query_one(Answers)
        chosen = event.option.id or UNKNOWN
        self._answer("+".join(answers.ticked) if answers.ticked and chosen != UNKNOWN else chosen)

    @on(Input.Submitted, "#guide-typed")
    def _typed(self, event: Input.Submitted) -> None:
        from engine.release import parse

        text = event.value.strip()
        release = parse(text) if text else None
        if text and release is None:
            self.notify(self.word("no_release", text=text), severity="warning")
        elif release is not None:
            self._answer(str(release))

    def action_unknown(self) -> None:
        """Nobody knows."""
        if self._asked is not None:
            self._answer(UNKNOWN)

    def _answer(self, answer: str) -> None:
        question = self._asked
        if question is None or self._busy:
            return
        self._busy = True  # until the next question is there: a second Enter is not meant for it
        given = Given(question.id, answer, question.about)

        def make(model: CaseModel) -> State:
            try:
                return model.answer(self._now(), given)
            except Exception:
                self._busy = False
                raise

        self.guide_app.change(make)

    def action_undo(self) -> None:
        """Take back the last turn."""
        state = self.state
        if state is not None and state.turns:
            self.take_back(state.turns[-1])

    def take_back(self, turn: Turn) -> None:
        """Take back one turn."""
        self.guide_app.change(lambda model: model.take_back(self._now(), turn))

    @on(Past.TakeBack)
    def _take_back(self, event: Past.TakeBack) -> None:
        self.take_back(event.turn)

    def action_paste(self) -> None:
        """Paste an output: it is read on the spot."""

        def read(text: str | None) -> None:
            if text and text.strip():
                about = self._asked.id if self._asked is not None else ""
                self.guide_app.change(lambda model: model.paste(self._now(), text, about))

        self.app.push_screen(PasteScreen(), read)

    # What can be asked back.

    def action_why(self) -> None:
        """Why this question: what each answer would change."""
        question, state = self._asked, self.state
        if question is not None and state is not None:
            self.app.push_screen(WhyScreen(question, state))

    def action_how(self) -> None:
        """How it was concluded: the finding that is surest so far."""
        state = self.state
        if state is None or not state.diagnosis.findings:
            self.notify(self.word("nothing_yet"))
            return
        best = min(state.diagnosis.findings, key=lambda finding: finding.rank)
        self.guide_app.show("finding", id=best.id)

    def action_fix(self) -> None:
        """What to do about it."""
        self.guide_app.show("fix")

    def action_copy(self) -> None:
        """Copy the commands that answer the question."""
        if self._asked is not None and self._asked.collect:
            self.guide_app.copy("\n".join(self._asked.collect))

    def _now(self) -> State:
        state = self.state
        assert state is not None  # only a page with a case asks
        return state
