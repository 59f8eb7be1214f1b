"""The blocks of the terminal report that take several lines: a finding, an action, a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.diagnosis.document import Action, Evidence, Finding, Question, Reason
from engine.render.line import Line, Span, span, wrap
from engine.render.phrases import Phrases
from engine.render.quotes import Quote, grouped, place, quotes, statement
from engine.render.visible import prose
from engine.render.width import display_width, pad

# A place up to this wide stands before its text; a longer one stands on a line of its own.
_PLACE_COLUMNS = 32
_BODY = 5  # where the body of a block begins: behind its number


class Block(NamedTuple):
    """A block: the lines of its head, which can stand alone, and the others."""

    head: list[Line]
    body: list[Line]

    @property
    def lines(self) -> list[Line]:
        """The whole block."""
        return self.head + self.body


class Blocks:
    """Draws the blocks of one document in lines of at most `width` columns (0: no limit)."""

    def __init__(self, phrases: Phrases, width: int, *, full: bool) -> None:
        self.phrases = phrases
        self.words = phrases.words
        self.width = width
        self.full = full
        labels = (self.words("truth.yes"), self.words("truth.no"), self.words("truth.unknown"))
        self._label_columns = max(map(display_width, labels))

    def finding(self, finding: Finding) -> Block:
        """Verdict and title, subject, the reasons with their quotes, what is missing, sources."""
        verdict = Span(self.words(f"verdict.{finding.verdict}").upper(), finding.verdict)
        number = self.phrases.number(finding)
        lead = "  " if number is None else f"{number:>3}  "
        head = [Span(lead, "dim"), verdict, Span("  "), span(prose(finding.title), "strong")]
        lines = self._body(self.phrases.subject(finding.subject))
        quoted: set[Evidence] = set()
        for reason in [*finding.because, *finding.against]:
            lines += self._reason(reason, quoted)
        for conditions, collect in grouped(finding.missing):
            lines += self._missing(conditions, collect)
        if finding.note:
            lines += self._labelled("label.note", prose(finding.note))
        sources = self.phrases.citations(finding.citations)
        origin = [f"{self.words('label.source')} {sources}; "] if sources else []
        origin.append(f"{self.words('label.id')} {finding.id}")
        lines += wrap([span(text, "dim") for text in origin], self.width, indent=_BODY, hang=4)
        return Block(wrap(head, self.width, hang=_BODY), lines)

    def brief(self, finding: Finding) -> list[Line]:
        """Title, subject and id on one line; below it what excludes the finding, or what would settle it."""
        head = [span(self.phrases.about_finding(finding))]
        if finding.id not in finding.title:
            head.append(span(f"  {finding.id}", "dim"))
        lines = wrap(head, self.width, indent=2, hang=2)
        for reason in finding.against if finding.verdict == "ruled_out" else []:
            places = ", ".join(map(place, reason.evidence[:2]))
            text = [self._label(reason.value), span(statement(reason)), Span("  "), span(places, "place")]
            lines += wrap(text, self.width, indent=4, hang=4)
        if finding.verdict == "ruled_out" and finding.note:
            lines += wrap([span(prose(finding.note))], self.width, indent=4)
        if finding.verdict == "undetermined":
            lines += commands([c for m in finding.missing for c in m.collect], indent=6)
        return lines

    def excluded(self, truth: str, reason: str, ids: Sequence[str]) -> list[Line]:
        """What excludes findings, and their ids."""
        label = self._label(truth) if truth else Span("")
        text = [label, span(f"{reason}: "), span(", ".join(ids), "dim")]
        return wrap(text, self.width, indent=2, hang=4)

    def action(self, number: int, action: Action) -> Block:
        """Title, where and at what price, the commands alone on their lines, the check and the way back."""
        words = self.words
        head = [Span(f"{number:>3}  ", "dim"), span(prose(action.title), "strong")]
        price = Span(words(f"disrupts.{action.disrupts}"), "" if action.disrupts == "nothing" else "alarm")
        risk = Span(
            words("risk", value=words(f"risk.{action.risk}")), "alarm" if action.risk == "high" else ""
        )
        facts = [span(self.phrases.target(action)), Span("; "), price, Span("; "), risk]
        served = self.phrases.reasons(action)
        if served:
            facts += [Span("; "), span(words("for-findings", ids=served))]
        lines = wrap(facts, self.width, indent=_BODY)
        lines += commands(action.commands, indent=_BODY + 4)
        if action.note:
            lines += self._labelled("label.note", prose(action.note))
        for label, items in (("label.verify", action.verify), ("label.undo", action.rollback)):
            if items:
                lines.append([Span(" " * _BODY), Span(words(label), "dim")])
                lines += commands(items, indent=_BODY + 4)
        sources = self.phrases.citations(action.citations)
        if sources:
            lines += self._labelled("label.source", sources, role="dim")
        return Block(wrap(head, self.width, hang=_BODY), lines)

    def question(self, number: int, question: Question) -> Block:
        """The question with its answers, what it settles, the commands that answer it."""
        answers = " / ".join(map(prose, question.answers))
        text = [Span(f"{number:>3}  ", "dim"), span(prose(question.text), "strong")]
        head = wrap([*text, span(f"  [{answers}]" if answers else "")], self.width, hang=_BODY)
        settles = self.phrases.settled(question)
        lines = self._body(self.words("settles", ids=settles)) if settles else []
        return Block(head, lines + commands(question.collect, indent=_BODY + 4))

    def _reason(self, reason: Reason, quoted: set[Evidence]) -> list[Line]:
        head = [self._label(reason.value), span(statement(reason))]
        if reason.evidence and quoted.issuperset(reason.evidence):
            where = ", ".join(map(place, reason.evidence[:2]))
            head.append(span(f"  ({self.words('quoted-above', places=where)})", "dim"))
            return wrap(head, self.width, indent=_BODY, hang=4)
        fresh = [item for item in reason.evidence if item not in quoted]
        quoted.update(fresh)
        lines = wrap(head, self.width, indent=_BODY, hang=4)
        return lines + quote_lines(quotes(fresh, self.words, full=self.full), self.width, indent=_BODY + 4)

    def _missing(self, conditions: Sequence[str], collect: Sequence[str]) -> list[Line]:
        lines: list[Line] = []
        for condition in conditions:
            lines += wrap([self._label("unknown"), span(condition)], self.width, indent=_BODY, hang=4)
        if collect:
            lines += wrap([Span(self.words("to-settle"), "dim")], self.width, indent=_BODY + 2)
        return lines + commands(collect, indent=_BODY + 4)

    def _label(self, truth: str) -> Span:
        return Span(pad(self.words(f"truth.{truth}"), self._label_columns) + "  ", truth)

    def _labelled(self, label: str, text: str, *, role: str = "") -> list[Line]:
        spans = [Span(f"{self.words(label)} ", "dim"), span(text, role)]
        return wrap(spans, self.width, indent=_BODY, hang=4)

    def _body(self, text: str) -> list[Line]:
        return wrap([span(text)], self.width, indent=_BODY) if text else []


def commands(items: Sequence[str], *, indent: int) -> list[Line]:
    """Commands, each alone on its line and never broken, so that they can be copied; repetitions once."""
    return [[Span(" " * indent), span(item.strip(), "command")] for item in dict.fromkeys(items)]


def quote_lines(rows: Sequence[Quote], width: int, *, indent: int) -> list[Line]:
    """Quotations: the place, then the text; places in one column where they are short enough."""
    columns = max((display_width(span(row.place).text) for row in rows), default=0)
    lines: list[Line] = []
    for row in rows:
        text = span(row.text.rstrip())
        if columns > _PLACE_COLUMNS:
            if row.place:
                lines += wrap([span(row.place, "place")], width, indent=indent)
            lines += wrap([text], width, indent=indent + 2, hang=2)
        else:
            where = Span(pad(span(row.place).text, columns), "place")
            lines += wrap([where, Span("  "), text], width, indent=indent, hang=4)
    return lines
