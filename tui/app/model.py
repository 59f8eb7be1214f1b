"""The case behind the screens: evidence, answers, and what follows from them. It knows no widget.

Every change goes through one method and gives a new `State`; screens draw the state and never change it. Methods that
read or judge take time and are called in a worker thread (`GuideApp.change`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from engine.case import Investigation
from engine.diagnosis.document import Diagnosis, Lang
from engine.evidence.open import Opened, open_case
from engine.evidence.source import Source
from engine.guide.given import Contradiction, Given, contradictions
from engine.guide.guide import Change, Guide, Question
from engine.judge import Judge
from engine.knowledge.load import load
from engine.reading import Reading, read
from engine.replay import pasted_source
from engine.saved import SavedCase, paths_from_here
from tui.app.progress import Loaded, Progress, Tell

if TYPE_CHECKING:
    from engine.knowledge.model import Knowledge


class Pasted(msgspec.Struct, frozen=True):
    """Text that a person pasted: the name it is quoted by, and the text itself."""

    name: str
    text: str


class Turn(msgspec.Struct, frozen=True):
    """One step of the guide: an answer or a paste (exactly one), and what it changed."""

    question: str
    given: Given | None
    pasted: Pasted | None
    changes: tuple[Change, ...]


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a person brought to a case.

    Attributes:
        paths: what was opened, as given.
        pasted: what was pasted, in order.
        given: the answers, in order.
        turns: the guide's steps, in order, with what each changed.
        focus: id of the flow that is spoken of; None: the one with the most messages.
        opened: sources and troubles; pasted text is among the sources.
    """

    paths: tuple[str, ...] = ()
    pasted: tuple[Pasted, ...] = ()
    given: tuple[Given, ...] = ()
    turns: tuple[Turn, ...] = ()
    focus: str | None = None
    opened: Opened


class State(Begun, frozen=True, kw_only=True):
    """A case at one moment: what a person brought, and what follows.

    Attributes:
        name: of the case.
        lang: language of texts.
        investigation: the case judged.
        diagnosis: the document.
        question: what the guide asks next; None where nothing open can change a verdict.
        contradictions: answers against the evidence, or against each other.
    """

    name: str
    lang: Lang
    investigation: Investigation
    diagnosis: Diagnosis
    question: Question | None
    contradictions: tuple[Contradiction, ...]


class CaseModel:
    """Makes states. One per application; the knowledge base is loaded on first use."""

    def __init__(self, overlays: Sequence[str] = ()) -> None:
        self._overlays = tuple(overlays)
        self._judge: Judge | None = None
        self._guide: Guide | None = None

    @property
    def judge(self) -> Judge:
        """The knowledge base, ready to judge.

        Raises:
            KnowledgeError: it cannot be used.
        """
        if self._judge is None:
            from pathlib import Path

            self._judge = Judge(load(None, [Path(folder) for folder in self._overlays]))
        return self._judge

    @property
    def kb(self) -> Knowledge:
        """The knowledge base."""
        return self.judge.kb

    @property
    def guide(self) -> Guide:
        """The guide over it."""
        if self._guide is None:
            self._guide = Guide(self.judge)
        return self._guide

    def start(
        self,
        paths: Sequence[str] = (),
        *,
        pasted: Sequence[Pasted] = (),
        lang: Lang = "en",
        name: str = "",
        tell: Tell | None = None,
    ) -> State:
        """A case from files and folders, from pasted text, from answers, or from nothing at all.

        Args:
            paths: files and folders.
            pasted: text that was pasted.
            lang: language of texts.
            name: of the case; without one, that of what is opened.
            tell: is told how far the loading is, source by source; what it raises ends the loading.
        """
        opened = open_case(list(paths)) if paths else Opened("", [], [])
        sources = [*opened.sources, *(pasted_source(p.name, p.text) for p in pasted)]
        begun = Begun(
            paths=tuple(paths),
            pasted=tuple(pasted),
            opened=Opened(name or opened.case or "case", sources, opened.troubles),
        )
        known = _readings(sources, tell) if tell is not None else []
        return self._state(begun, Investigation(sources, self.judge, lang=lang, known=known))

    def start_with_text(self, text: str, *, lang: Lang = "en", tell: Tell | None = None) -> State:
        """A case from text that was pasted."""
        return self.start((), pasted=(Pasted("pasted-1", text),), lang=lang, tell=tell)

    def resume(self, saved: SavedCase, tell: Tell | None = None) -> State:
        """A saved case as it was: its evidence as it is now, what was pasted and answered, what was spoken of."""
        first = [Pasted(one.name, one.text) for one in saved.pasted if one.question is None]
        state = self.start(paths_from_here(saved), pasted=first, lang=saved.lang, name=saved.name, tell=tell)
        # Turn by turn, so that each tells again what it changed.
        for count in range(len(saved.given) + 1):
            for one in saved.pasted:
                if one.question is not None and one.after == count:
                    state = self._paste(state, Pasted(one.name, one.text), one.question)
            if count < len(saved.given):
                said = saved.given[count]
                state = self.answer(state, Given(said.question, said.answer, said.about))
        return self.focused(state, saved.focus) if saved.focus is not None else state

    def answer(self, state: State, given: Given) -> State:
        """One more answer; an earlier one to the same question about the same flow is replaced."""

        def stays(one: Given | None) -> bool:
            return one is None or (one.question, one.about) != (given.question, given.about)

        kept = tuple(filter(stays, state.given))
        turns = tuple(turn for turn in state.turns if stays(turn.given))
        after = self._state(replace(state, given=(*kept, given)), state.investigation)
        changes = tuple(self.guide.changes(state.investigation, after.investigation))
        return replace(after, turns=(*turns, Turn(given.question, given, None, changes)))

    def paste(self, state: State, text: str, question: str = "") -> State:
        """Text pasted as evidence, read on the spot."""
        taken = {source.path for source in state.opened.sources}
        number = next(n for n in range(1, len(taken) + 2) if f"pasted-{n}" not in taken)
        return self._paste(state, Pasted(f"pasted-{number}", text), question)

    def _paste(self, state: State, pasted: Pasted, question: str) -> State:
        opened = replace(
            state.opened, sources=[*state.opened.sources, pasted_source(pasted.name, pasted.text)]
        )
        after = self._read(replace(state, opened=opened, pasted=(*state.pasted, pasted)))
        changes = tuple(self.guide.changes(state.investigation, after.investigation))
        return replace(after, turns=(*state.turns, Turn(question, None, pasted, changes)))

    def take_back(self, state: State, turn: Turn) -> State:
        """Take back one turn: its answer, or its pasted text; nothing where that was done already."""
        if turn not in state.turns:
            return state
        turns = tuple(t for t in state.turns if t != turn)
        if turn.pasted is None:
            given = tuple(one for one in state.given if one != turn.given)
            return self._state(replace(state, given=given, turns=turns), state.investigation)
        pasted = tuple(p for p in state.pasted if p.name != turn.pasted.name)
        sources = [s for s in state.opened.sources if s.path != turn.pasted.name]
        opened = replace(state.opened, sources=sources)
        return self._read(replace(state, opened=opened, pasted=pasted, turns=turns))

    def in_language(self, state: State, lang: Lang) -> State:
        """The same case in another language."""
        return self._state(state, state.investigation.again(lang=lang))

    def focused(self, state: State, flow: str | None) -> State:
        """The same case with the guide speaking of another flow."""
        return self._state(replace(state, focus=flow), state.investigation)

    def _read(self, state: State) -> State:
        """The case with other sources; those read before are not read again."""
        known = state.investigation.readings
        return self._state(
            state, Investigation(state.opened.sources, self.judge, lang=state.lang, known=known)
        )

    def _state(self, begun: Begun, investigation: Investigation) -> State:
        guide = self.guide
        judged = guide.answered(investigation, begun.given)
        return State(
            **{name: getattr(begun, name) for name in Begun.__struct_fields__},
            name=begun.opened.case,
            lang=judged.lang,
            investigation=judged,
            diagnosis=judged.document(begun.opened.case, begun.opened.troubles),
            question=guide.next(judged, begun.given, begun.focus),
            contradictions=tuple(contradictions(begun.given, judged)),
        )


def _readings(sources: Sequence[Source], tell: Tell) -> list[Reading]:
    """Read source after source, telling how far it is."""
    loaded = [Loaded(source.path, source.size) for source in sources]
    readings = []
    tell(Progress("reading", tuple(loaded)))
    for index, source in enumerate(sources):
        reading = read(source)
        readings.append(reading)
        loaded[index] = Loaded(source.path, source.size, reading.kind, len(reading.sections))
        tell(Progress("reading", tuple(loaded)))
    tell(Progress("judging", tuple(loaded)))
    return readings
