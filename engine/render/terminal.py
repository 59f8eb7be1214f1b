"""The document for a terminal, or for a file that is read in one.

What matters stands on the first screen: the answer, the first findings with the lines that prove them, what to do
next, what to ask next. The rest follows: further findings and actions, flows, setups with the recovery matrix,
devices, counters, sources, problems. Lines are drawn with ASCII only, so that they align in Korean locales too,
where box-drawing characters may take two columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import starmap
from typing import NamedTuple, TypeVar

from engine.diagnosis.document import Diagnosis, Finding
from engine.render import order, tables
from engine.render.blocks import Block, Blocks
from engine.render.grid import grid
from engine.render.line import Line, Span, blank, paint, span, wrap
from engine.render.phrases import Phrases
from engine.render.quotes import problem_place
from engine.render.visible import prose
from engine.render.words import Words

_T = TypeVar("_T")

# Lines that each part may take of the first screen of about 40; its first block is shown whole in any case.
_FINDING_LINES = 18
_ACTION_LINES = 10
_QUESTION_LINES = 6
# Further blocks of which the first screen shows the head.
_HEADS = 3
# Blocks and rows of a kind that are shown below, unless everything was asked for.
_SHOWN = 20


def render(
    document: Diagnosis, words: Words, *, width: int = 100, colour: bool = False, full: bool = False
) -> Iterator[str]:
    """The report, line by line, without line endings.

    Args:
        document: what to draw.
        words: the fixed words of the language.
        width: columns of the terminal; 0 where lines are not to be broken (a file, a pipe to grep).
        colour: True only where the output is a terminal that wants colour.
        full: every quotation, finding and row, instead of the first ones and a count.
    """
    return paint(_Report(document, words, width, full=full).lines(), colour=colour)


class _Part(NamedTuple):
    """One part of the first screen, with what did not fit there."""

    name: str
    blocks: list[Block]
    first: int
    total: int


class _Report:
    def __init__(self, document: Diagnosis, words: Words, width: int, *, full: bool) -> None:
        self.document = document
        self.words = words
        self.width = width
        self.full = full
        self.phrases = Phrases(document, words)
        self.blocks = Blocks(self.phrases, width, full=full)

    def lines(self) -> Iterator[Line]:
        """The report from top to bottom; a section that has nothing to say is left out."""
        document, phrases = self.document, self.phrases
        yield from self._summary()
        if document.status == "error":
            yield from self._problems()
        parts = self._parts()
        for part in parts:
            yield from self._first(part)
        for part in parts:
            yield from self._rest(part)
        yield from self._briefly("section.undetermined", order.findings(document, "undetermined"))
        yield from self._table("section.flows", document.flows, lambda some: tables.flows(some, phrases))
        yield from self._table("section.setups", document.setups, lambda some: tables.setups(some, phrases))
        yield from self._table(
            "section.counters", document.counters, lambda some: tables.counters(some, phrases)
        )
        yield from self._answers()
        yield from self._ruled_out()
        yield from self._table(
            "section.devices", document.devices, lambda some: tables.devices(some, phrases)
        )
        yield from self._table(
            "section.sources", document.sources, lambda some: tables.sources(some, phrases)
        )
        yield from self._doubts()
        if document.status != "error":
            yield from self._problems()
        yield from self._about()

    def _summary(self) -> Iterator[Line]:
        document = self.document
        yield from wrap([span(prose(document.summary), "strong")], self.width)
        if document.status != "ok":
            text = self.words(f"status.{document.status}", n=len(document.problems))
            yield from wrap([Span(text, "alarm")], self.width)

    def _parts(self) -> list[_Part]:
        document, blocks = self.document, self.blocks
        findings = order.findings(document, *order.LEADING)
        actions = order.actions(document)
        questions = document.questions
        return [
            _part("findings", map(blocks.finding, self._some(findings)), len(findings), _FINDING_LINES),
            _part(
                "actions",
                starmap(blocks.action, enumerate(self._some(actions), 1)),
                len(actions),
                _ACTION_LINES,
            ),
            _part(
                "questions",
                starmap(blocks.question, enumerate(self._some(questions), 1)),
                len(questions),
                _QUESTION_LINES,
            ),
        ]

    def _first(self, part: _Part) -> Iterator[Line]:
        if not part.total:
            if part.name == "findings":
                yield from self._head("section.findings")
                yield from wrap([Span(self.words("no-findings"))], self.width, indent=2)
            return
        yield from self._head(f"section.{part.name}")
        for block in part.blocks[: part.first]:
            yield from block.lines
        if part.first < part.total:
            named = part.blocks[part.first : part.first + _HEADS]
            for block in named:
                yield from block.head
            left = part.total - part.first - len(named)
            text = self.words("more.below", n=left) if left else self.words("details-below")
            yield from wrap([Span(text, "dim")], self.width, indent=2)

    def _rest(self, part: _Part) -> Iterator[Line]:
        if part.first < part.total:
            yield from self._head(f"section.more-{part.name}")
            for number, block in enumerate(part.blocks[part.first :]):
                if number:
                    yield blank()
                yield from block.lines
            yield from self._left_out(part.total)

    def _briefly(self, title: str, findings: Sequence[Finding]) -> Iterator[Line]:
        if findings:
            yield from self._head(title)
            for finding in self._some(findings):
                yield from self.blocks.brief(finding)
            yield from self._left_out(len(findings))

    def _ruled_out(self) -> Iterator[Line]:
        """What cannot be: with its reasons where something spoke for it, else the ids by what excludes them."""
        own, others = order.ruled_out(self.document)
        if self.full:
            own, others = order.findings(self.document, "ruled_out"), []
        yield from self._briefly("section.ruled-out", own)
        if others and not own:
            yield from self._head("section.ruled-out")
        groups = self.phrases.excluded(others)
        for (truth, reason), ids in self._some([*groups.items()]):
            more = [self.words("more", n=len(ids) - _SHOWN)] if len(ids) > _SHOWN else []
            yield from self.blocks.excluded(truth, reason, [*ids[:_SHOWN], *more])
        yield from self._left_out(len(groups))

    def _table(
        self, title: str, items: Sequence[_T], build: Callable[[Sequence[_T]], tables.Table]
    ) -> Iterator[Line]:
        if items:
            yield from self._head(title)
            head, rows = build(self._some(items))
            yield from grid(head, rows, self.width)
            yield from self._left_out(len(items))

    def _answers(self) -> Iterator[Line]:
        if self.document.answers:
            yield from self._head("section.answers")
        for answer in self.document.answers:
            text = [
                span(f"{prose(answer.question)} = {prose(answer.answer)}  "),
                span(answer.source, "place"),
            ]
            yield from wrap(text, self.width, indent=2, hang=4)

    def _doubts(self) -> Iterator[Line]:
        """Warnings about single lines, and sections that were cut off or failed, below the table of sources."""
        doubts = tables.doubts(self.document.sources, self.words)
        for row in self._some(doubts):
            yield from wrap(
                [span(row.place, "place"), Span("  "), span(prose(row.text))], self.width, indent=4, hang=2
            )
        yield from self._left_out(len(doubts))

    def _problems(self) -> Iterator[Line]:
        problems = self.document.problems
        if problems:
            yield from self._head("section.problems")
        for problem in self._some(problems):
            where = problem_place(problem)
            text = [span(problem.code, "alarm"), span(f"  {where}" if where else "", "place")]
            yield from wrap([*text, Span("  "), span(prose(problem.message))], self.width, indent=2, hang=4)
        yield from self._left_out(len(problems))

    def _about(self) -> Iterator[Line]:
        yield blank()
        yield from wrap([span(self.phrases.about(self.document), "dim")], self.width)

    def _head(self, key: str) -> Iterator[Line]:
        yield blank()
        yield [Span(self.words(key).upper(), "head")]

    def _some(self, items: Sequence[_T]) -> Sequence[_T]:
        return items if self.full else items[:_SHOWN]

    def _left_out(self, total: int) -> Iterator[Line]:
        if not self.full and total > _SHOWN:
            yield from wrap(
                [Span(self.words("more.elsewhere", n=total - _SHOWN), "dim")], self.width, indent=2
            )


def _part(name: str, blocks: Iterable[Block], total: int, budget: int) -> _Part:
    """A part whose first blocks, but always one, take no more lines than the budget."""
    drawn = list(blocks)
    first, used = 0, 0
    while first < len(drawn) and (first == 0 or used + len(drawn[first].lines) <= budget):
        used += len(drawn[first].lines)
        first += 1
    return _Part(name, drawn, first, total)
