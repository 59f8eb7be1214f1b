"""The words of the guide: the question, what the last turn changed, and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from engine.guide.given import UNKNOWN
from tui.app import verdicts

if TYPE_CHECKING:
    from engine.diagnosis.document import Verdict
    from engine.guide.given import Contradiction, Given
    from engine.guide.guide import Change
    from tui.app.app import GuideApp
    from tui.app.model import State, Turn

_MOST_CHANGES = 4
_MOST_FOUND = 3
_MOST_COMMANDS = 2
_OPEN = ("confirmed", "likely")


class Telling:
    """What the guide says about a state, in the language of the moment."""

    def __init__(self, app: GuideApp) -> None:
        self._app = app

    def word(self, key: str, **values: object) -> str:
        """A text of the page's own table."""
        return self._app.word(key if "." in key else f"guide.{key}", **values)

    def question(self, state: State) -> Content:
        """The question with its number, or that nothing is left to ask."""
        question = state.question
        if question is None:
            return Content.assemble((self.word("end"), "bold"), "\n\n", self._found(state))
        number = len(state.turns) + 1
        head = self.word("number", number=number, open=question.open)
        parts: list[Content | str | tuple[str, str]] = [(head, "$text-muted"), "\n"]
        if question.about is not None:
            parts += [(self.word("about", flow=question.about), "$text-muted"), "\n"]
        parts += [(question.text, "bold")]
        if question.several:
            parts += ["  ", (self.word("several"), "$text-muted")]
        return Content.assemble(*parts)

    def collect(self, state: State) -> Content:
        """The commands that answer the question."""
        question = state.question
        if question is None or not question.collect:
            return Content("")
        lines: list[Content | str | tuple[str, str]] = [(self.word("collect"), "$text-muted")]
        for command in question.collect[:_MOST_COMMANDS]:
            lines += ["\n", (command, "$text-primary")]
        if len(question.collect) > _MOST_COMMANDS:
            lines.append(("  ...", "$text-muted"))
        return Content.assemble(*lines)

    def news(self, state: State) -> Content:
        """What contradicts what, what the last turn changed, and whether the answer is found."""
        blocks = [self._contradiction(state, one) for one in state.contradictions]
        if state.turns and state.question is not None:
            blocks.append(self.changes(state.turns[-1]))
        settled = any(f.kind != "condition" and f.verdict in _OPEN for f in state.diagnosis.findings)
        if settled and state.question is not None:
            blocks.append(Content.assemble((self.word("found"), "$text-success")))
        lines: list[Content | str] = []
        for block in blocks:
            lines += [block, "\n"]
        return Content.assemble(*lines)

    def turn(self, state: State, turn: Turn) -> Content:
        """One turn, in a line or two: what was asked, what was said."""
        guide = self._app.model.guide
        topic = guide.judge.kb.interview.get(turn.question)
        condition = guide.judge.kb.conditions.get(turn.question)
        asked = topic.title(state.lang) if topic else condition.title(state.lang) if condition else ""
        if turn.pasted is not None:
            said = self.word("pasted", name=turn.pasted.name, lines=len(turn.pasted.text.splitlines()))
        else:
            assert turn.given is not None  # a turn is one of the two
            said = self.answer(turn.given, state)
        return Content.assemble((asked, "$text-muted"), "\n" if asked else "", (said, "bold"))

    def answer(self, given: Given, state: State) -> str:
        """What was answered, in words."""
        if given.answer == UNKNOWN:
            return self.word("unknown")
        topic = self._app.model.guide.judge.kb.interview.get(given.question)
        if topic is None:
            return self.word(f"common.{given.answer}") if given.answer in {"yes", "no"} else given.answer
        chosen = given.answer.split("+") if topic.several else [given.answer]
        return "; ".join(topic.options[c].text(state.lang) if c in topic.options else c for c in chosen)

    def changes(self, turn: Turn) -> Content:
        """What a turn changed."""
        if not turn.changes:
            return Content.assemble((self.word("no_change"), "$text-muted"))
        lines: list[Content | str] = []
        for change in turn.changes[:_MOST_CHANGES]:
            lines += ["\n" if lines else "", self._change(change)]
        rest = len(turn.changes) - _MOST_CHANGES
        if rest > 0:
            lines += ["\n", Content.assemble((self.word("more", count=rest), "$text-muted"))]
        return Content.assemble(*lines)

    def verdict(self, verdict: Verdict) -> Content:
        """A verdict, as symbol and word."""
        word = self.word(verdicts.key(verdict))
        return Content.assemble((f"{verdicts.SYMBOLS[verdict]} {word}", verdicts.COLOURS[verdict]))

    def _change(self, change: Change) -> Content:
        before = verdicts.SYMBOLS[change.before]
        return Content.assemble(
            (before + " → ", "$text-muted"), self.verdict(change.after), "  ", change.title
        )

    def _found(self, state: State) -> Content:
        best = sorted((f for f in state.diagnosis.findings if f.verdict != "ruled_out"), key=lambda f: f.rank)
        if not best:
            return Content(self.word("found_nothing"))
        lines: list[Content | str] = []
        for finding in best[:_MOST_FOUND]:
            lines += ["\n" if lines else "", self.verdict(finding.verdict), "  ", finding.title]
        return Content.assemble(*lines, "\n\n", (self.word("next_steps"), "$text-muted"))

    def _contradiction(self, state: State, one: Contradiction) -> Content:
        kb = self._app.model.kb
        title = kb.conditions[one.condition].title(state.lang)
        key = "contradicts_evidence" if one.by is None else "contradicts_answer"
        words = {value: self.word(f"common.{value}") for value in ("yes", "no")}
        text = self.word(
            key, title=title, said=words.get(one.said, one.said), found=words.get(one.found, one.found)
        )
        return Content.assemble(("! " + text, "bold $text-error"))
