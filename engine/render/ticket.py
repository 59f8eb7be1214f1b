"""The document as plain text for a ticket: verdict, why with the quoted lines, what is missing, what to do.

    Traffic from 192.0.2.1 to R1 is black-holed: SPI 0x1DB73B01 is out of step, ...

      1  CONFIRMED  The SAs are out of step; the sender still holds an SPI that the receiver does not have
         yes  The SPI is in the sender's outbound list
              r2.log:61  spi: 0x1DB73B01(498547457)

    DO, IN THIS ORDER
      1  Clear the stale SAs on the sender, for this peer only
         on R2 (sender), exec mode; disrupts this peer; risk: medium
             clear crypto sa peer 198.51.100.1

Short on purpose, since people read tickets on telephones and ticket systems fold what is long: the first finding with its
proof, the others by their titles, everything else in the full report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from engine.diagnosis.document import Action, Diagnosis, Finding
from engine.render import order
from engine.render.blocks import Blocks, commands
from engine.render.line import Line, Span, blank, paint, span, wrap
from engine.render.page_words import page_words
from engine.render.phrases import Phrases
from engine.render.quotes import grouped, problem_place
from engine.render.visible import prose
from engine.render.words import Words

_T = TypeVar("_T")

WIDTH = 100
# Lines of the proof of the first finding; further ones are in the report.
_PROOF = 18
_OTHERS = 6
_MISSING = 4
# Actions that are told in full; further ones that end the outage by their titles.
_ACTIONS, _TITLES = 3, 5
_PROBLEMS = 3
_LIKEWISE = 3
_COMMANDS = 6


def render(document: Diagnosis, words: Words, *, width: int = WIDTH) -> Iterator[str]:
    """The text, line by line, without line endings.

    Args:
        document: what to draw.
        words: the fixed words of the language.
        width: columns.
    """
    return paint(_Ticket(document, words, width).lines(), colour=False)


class _Ticket:
    def __init__(self, document: Diagnosis, words: Words, width: int) -> None:
        self.document = document
        self.words = words
        self.page = page_words(words.lang)
        self.width = width
        self.phrases = Phrases(document, words)
        self.blocks = Blocks(self.phrases, width, full=False)

    def lines(self) -> Iterator[Line]:
        """The ticket from top to bottom."""
        document = self.document
        yield from wrap([span(prose(document.summary))], self.width)
        if document.status != "ok":
            text = self.words(f"status.{document.status}", n=len(document.problems))
            yield from wrap([span(text)], self.width)
        yield from self._problems()
        leading = order.findings(document, *order.LEADING)
        yield from self._why(leading)
        yield from self._missing(leading)
        yield from self._do()
        yield blank()
        yield from wrap([span(self.phrases.about(document))], self.width)

    def _problems(self) -> Iterator[Line]:
        problems = self.document.problems
        for problem in problems[:_PROBLEMS]:
            where = problem_place(problem)
            text = (
                f"{problem.code}  {where}  {prose(problem.message)}"
                if where
                else f"{problem.code}  {prose(problem.message)}"
            )
            yield from wrap([span(text)], self.width, indent=2, hang=2)
        yield from self._more(len(problems) > _PROBLEMS, len(problems) - _PROBLEMS)

    def _why(self, leading: Sequence[Finding]) -> Iterator[Line]:
        yield from self._head(self.page("ticket.why"))
        if not leading:
            yield from wrap([span(self.words("no-findings"))], self.width, indent=2)
            return
        # What it lacks stands under its own head, together with what the others lack.
        block = self.blocks.finding(msgspec.structs.replace(leading[0], missing=[]))
        yield from block.head
        yield from block.body[:_PROOF]
        yield from self._more(len(block.body) > _PROOF, len(block.body) - _PROOF, indent=5)
        groups = _alike(leading, lambda finding: (finding.id, finding.verdict))
        for group in groups[: 1 + _OTHERS]:
            if group[0] is not leading[0]:
                yield from self.blocks.finding(group[0]).head
            yield from self._likewise([self.phrases.subject(finding.subject) for finding in group[1:]])
        yield from self._more(len(groups) > 1 + _OTHERS, len(groups) - 1 - _OTHERS)

    def _missing(self, leading: Sequence[Finding]) -> Iterator[Line]:
        """What the leading findings lack, each condition once, and the commands that would settle it."""
        missing = {m.condition: m for finding in leading for m in finding.missing}
        if not missing:
            return
        yield from self._head(self.page("ticket.missing"))
        groups = list(grouped([*missing.values()]))
        for conditions, collect in groups[:_MISSING]:
            for condition in conditions:
                yield from wrap([Span("?  "), span(condition)], self.width, indent=2, hang=3)
            yield from commands(collect, indent=9)
        yield from self._more(len(groups) > _MISSING, len(groups) - _MISSING)

    def _do(self) -> Iterator[Line]:
        actions = order.actions(self.document)
        if not actions:
            return
        # What to collect comes last and is listed in the report; what ends the outage belongs into a ticket.
        first = [a for a in actions if a.kind != "collect"] or actions
        yield from self._head(self.page("ticket.do"))
        groups = _alike(first, lambda action: action.title)
        for number, group in enumerate(groups[:_TITLES], 1):
            if number <= _ACTIONS:
                yield from self._action(number, group[0])
            else:
                yield from self.blocks.action(number, group[0]).head
            yield from self._likewise([self._place_of(action) for action in group[1:]])
        told = sum(map(len, groups[:_TITLES]))
        yield from self._more(len(actions) > told, len(actions) - told)

    def _likewise(self, others: Sequence[str]) -> Iterator[Line]:
        """Whom else it concerns."""
        if others:
            shown = [*map(prose, others[:_LIKEWISE])]
            if len(others) > _LIKEWISE:
                shown.append(self.words("more", n=len(others) - _LIKEWISE))
            yield from wrap(
                [span(self.page("ticket.likewise", others="; ".join(shown)))], self.width, indent=5
            )

    def _action(self, number: int, action: Action) -> Iterator[Line]:
        block = self.blocks.action(number, action)
        yield from block.head
        words = self.words
        price = words(f"disrupts.{action.disrupts}")
        risk = words("risk", value=words(f"risk.{action.risk}"))
        yield from wrap([span(f"{self.phrases.target(action)}; {price}; {risk}")], self.width, indent=5)
        for label, lines in (
            ("", action.commands),
            ("label.verify", action.verify),
            ("label.undo", action.rollback),
        ):
            if lines:
                if label:
                    yield [Span(" " * 5), Span(words(label))]
                yield from commands(lines[:_COMMANDS], indent=9)

    def _place_of(self, action: Action) -> str:
        return action.target.device or action.target.address or self.phrases.target(action)

    def _head(self, title: str) -> Iterator[Line]:
        yield blank()
        yield [Span(title.upper())]

    def _more(self, there_is: bool, n: int, *, indent: int = 2) -> Iterator[Line]:
        if there_is:
            yield from wrap([span(self.page("ticket.more", n=n))], self.width, indent=indent)


def _alike(items: Sequence[_T], key: Callable[[_T], object]) -> list[list[_T]]:
    """The items in groups of the same key, in the order of their first ones."""
    groups: dict[object, list[_T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())
