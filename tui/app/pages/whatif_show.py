"""What flips, as the lines of a list; each knows what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from engine.diagnosis.document import Subject, Verdict
from engine.render import order
from engine.render.phrases import Phrases
from engine.render.visible import prose
from engine.render.words import Words
from engine.whatif.document import ActionFlip, Change, OutcomeFlip, Smallest, WhatIf
from tui.app import verdicts
from tui.app.pages.whatif_run import Line, lines
from tui.app.widgets.sheet import hanging

if TYPE_CHECKING:
    from tui.app.model import State


class About(msgspec.Struct, frozen=True):
    """What a line is about: exactly one of them is set, or none for a line that only says something.

    Attributes:
        finding, subject: a finding of the case.
        setup: kind of the setup whose behaviour is another one.
        action: id of an action that the case has.
        ways: suppositions that make up a way out; empty where none can be supposed (an upgrade).
        title: of a line that begins a part; the cursor passes over it.
    """

    finding: str | None = None
    subject: Subject | None = None
    setup: str | None = None
    action: str | None = None
    ways: tuple[str, ...] = ()
    title: bool = False


Shown = tuple[About, Content]
_TITLE = About(title=True)
_MOST = 200  # lines of a part; who needs more has the JSON document


class Shower:
    """Lines of one case in one language.

    Args:
        state: the case.
        words: fixed words of the reports and of kb/plan.yaml.
        word: a text of the screens by its key, with places filled in.
    """

    def __init__(self, state: State, words: Words, word: Callable[..., str]) -> None:
        self._diagnosis = state.diagnosis
        self._words = words
        self._word = word
        self._phrases = Phrases(state.diagnosis, words)

    def summary(self, found: WhatIf | None) -> str:
        """How much flips, as one line."""
        if found is None:
            return self._word("whatif.nothing_supposed")
        counts = len(found.findings), len(found.outcomes), len(found.actions)
        if not any(counts):
            return self._words("whatif.nothing")
        findings, outcomes, actions = counts
        return self._word("whatif.flips", findings=findings, outcomes=outcomes, actions=actions)

    def shown(self, found: WhatIf | None, ways: Smallest | None, width: int) -> Iterator[Shown]:
        """Every line: ways out where they were searched, what flips, what stays.

        Args:
            found: what flips; None where nothing is supposed.
            ways: the ways out that were searched.
            width: columns; what stays as it is gets one line each.
        """
        if ways is not None:
            yield from self._ways(ways, width)
        if found is not None:
            yield from self._summaries(found, width)
        every = lines(self._diagnosis, found)
        flips = [line for line in every if line.flips]
        if flips:
            yield self._title(self._words("whatif.findings"))
            yield from (self._flip(line, width) for line in flips[:_MOST])
            yield from self._more(len(flips))
        if found is not None:
            yield from self._outcomes(found.outcomes)
            yield from self._actions(found.actions, width)
        same = [line for line in every if not line.flips]
        if same:
            yield self._title(self._word("whatif.stays" if found is not None else "whatif.now"))
            yield from (self._same(line, width) for line in same[:_MOST])
            yield from self._more(len(same))

    def _title(self, text: str, width: int = 0) -> Shown:
        return _TITLE, hanging(Content.styled(prose(text), "bold $text-primary"), width)

    def _more(self, count: int) -> Iterator[Shown]:
        if count > _MOST:
            yield _TITLE, Content(f"  {self._words('more.elsewhere', n=count - _MOST)}")

    def _verdict(self, verdict: Verdict) -> Content:
        said = f"{verdicts.symbol(verdict)} {self._word(verdicts.key(verdict))}"
        return Content.styled(said, verdicts.COLOURS[verdict])

    def _subject(self, subject: Subject) -> str:
        return prose(self._phrases.subject(subject))

    def _flip(self, line: Line, width: int) -> Shown:
        head = Content.assemble(
            ("▶ ", "bold"), self._verdict(line.now), " → ", self._verdict(line.then).stylize("bold")
        )
        about = self._subject(line.subject)
        body = Content.assemble(
            f"  {prose(line.title)}", (f"  {about}" if about else "", "$text-muted"), f"  [{line.id}]"
        )
        return About(finding=line.id, subject=line.subject), head + "\n" + hanging(body, width)

    def _same(self, line: Line, width: int) -> Shown:
        column = max(Content(self._word(verdicts.key(verdict))).cell_length for verdict in order.LEADING) + 2
        verdict = self._verdict(line.now).truncate(column, pad=True)
        text = Content.assemble("  ", verdict, f"  {prose(line.title)}")
        return About(finding=line.id, subject=line.subject), text.truncate(width, ellipsis=True)

    def _summaries(self, found: WhatIf, width: int) -> Iterator[Shown]:
        if found.summary_before != found.summary_after:
            yield self._title(self._words("whatif.summary"))
            yield About(), hanging(Content(f"  {prose(found.summary_after)}"), width)

    def _outcomes(self, outcomes: list[OutcomeFlip]) -> Iterator[Shown]:
        if outcomes:
            yield self._title(self._words("whatif.outcomes"))
        setups = {flow.id: flow.setup for flow in self._diagnosis.flows}
        kinds = {setup.id: setup.kind for setup in self._diagnosis.setups}
        for flip in outcomes[:_MOST]:
            ends = f"{flip.device or self._words('unknown.device')} ← {flip.src or self._words('unknown.address')}"
            before, after = (self._words(f"outcome.{value}") for value in (flip.before, flip.after))
            text = Content.assemble(("▶ ", "bold"), f"{prose(ends)}\n  {before}\n  → ", (after, "bold"))
            yield About(setup=kinds.get(setups.get(flip.flow) or "")), text
        yield from self._more(len(outcomes))

    def _actions(self, actions: list[ActionFlip], width: int) -> Iterator[Shown]:
        if actions:
            yield self._title(self._words("whatif.actions"))
        marks = {"offered": "+", "withdrawn": "-", "changed": "±"}
        for flip in actions[:_MOST]:
            where = flip.target.device or flip.target.address or self._words("unknown.device")
            said = self._words(f"whatif.{flip.change}")
            if flip.change == "changed" and flip.risk_before != flip.risk_after:
                before, after = (self._words(f"risk.{r}") for r in (flip.risk_before, flip.risk_after))
                said = self._words("whatif.risk", before=before, after=after)
            text = Content.assemble(
                (f"{marks[flip.change]} ", "bold"), prose(f"{said}: {flip.title} ({where})")
            )
            text = hanging(text, width)
            # Commands of what is no longer offered are not shown: nobody is to type them.
            if flip.change != "withdrawn":
                text += Content.assemble(*(f"\n    {prose(command)}" for command in flip.commands))
            yield About(action=None if flip.change == "offered" else flip.id), text
        yield from self._more(len(actions))

    # The smallest change.

    def _ways(self, found: Smallest, width: int) -> Iterator[Shown]:
        yield self._title(self._word("whatif.ways", id=found.finding, title=found.title), width)
        if not found.subjects:
            yield About(), hanging(Content(f"  {self._words('smallest.not-open', id=found.finding)}"), width)
        for one in found.subjects:
            head = Content.assemble("  ", self._subject(one.subject), ": ", self._verdict(one.before))
            yield _TITLE, hanging(head, width)
            if not one.ways:
                levers = ", ".join(found.levers)
                said = self._words("smallest.none", n=found.most_changes, levers=levers)
                yield About(), hanging(Content(f"  {prose(said)}"), width)
            for way in one.ways:
                changes = " + ".join(self._change(change) for change in way.changes)
                text = Content.assemble(("  ⊢ ", "bold"), self._verdict(way.after), f"  {prose(changes)}")
                sets = [change.set for change in way.changes]
                yield About(ways=tuple(one for one in sets if one is not None)), hanging(text, width, 4)

    def _change(self, change: Change) -> str:
        if change.condition == "release":
            return change.title
        value = (
            self._words(f"truth.{change.value}")
            if change.value in {"yes", "no"}
            else self._words.term(change.condition, change.value)
        )
        return f"{self._words(f'smallest.{change.kind}')}: {change.title} = {value}"
