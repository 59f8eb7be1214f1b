"""The document as Markdown, to be pasted into a ticket.

Verdict first, then why, what is missing, what to do; tables after that, sources last. Code blocks stand at the top
level, never inside lists, because ticket systems disagree about those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from engine.diagnosis.document import Action, Diagnosis, Evidence, Finding, Question, Reason
from engine.render import order, tables
from engine.render.markdown_text import code, fence, inline, paragraph, table
from engine.render.phrases import Phrases
from engine.render.quotes import grouped, place, problem_place, quotes, statement
from engine.render.words import Words

_T = TypeVar("_T")

# Entries of a kind that are shown, unless everything was asked for.
_SHOWN = 20


def render(document: Diagnosis, words: Words, *, full: bool = False) -> str:
    """The report as one Markdown text with a final line feed.

    Args:
        document: what to draw.
        words: the fixed words of the language.
        full: every quotation, finding and row, instead of the first ones and a count.
    """
    return "\n".join(_Report(document, words, full=full).lines()) + "\n"


class _Report:
    def __init__(self, document: Diagnosis, words: Words, *, full: bool) -> None:
        self.document = document
        self.words = words
        self.full = full
        self.phrases = Phrases(document, words)

    def lines(self) -> Iterator[str]:
        """The report from top to bottom; a section that has nothing to say is left out."""
        document, phrases = self.document, self.phrases
        yield f"## {inline(document.case)}"
        yield ""
        yield paragraph(document.summary)
        if document.status != "ok":
            yield ""
            yield f"**{self.words(f'status.{document.status}', n=len(document.problems))}**"
        if document.status == "error":
            yield from self._problems()
        yield from self._findings()
        yield from self._list("section.actions", order.actions(document), self._action)
        yield from self._list("section.questions", document.questions, self._question)
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
        if document.status != "error":
            yield from self._problems()
        yield from self._table(
            "section.sources", document.sources, lambda some: tables.sources(some, phrases)
        )
        yield from self._doubts()
        yield from ("", "---", "", inline(phrases.about(document)))

    def _findings(self) -> Iterator[str]:
        leading = order.findings(self.document, *order.LEADING)
        if leading:
            yield from self._list("section.findings", leading, lambda _, finding: self._finding(finding))
        else:
            yield from self._head("section.findings")
            yield self.words("no-findings")

    def _finding(self, finding: Finding) -> Iterator[str]:
        verdict = self.words(f"verdict.{finding.verdict}")
        yield f"#### {self.phrases.number(finding)}. {verdict}: {inline(finding.title)}"
        subject = self.phrases.subject(finding.subject)
        if subject:
            yield ""
            yield paragraph(subject)
        quoted: set[Evidence] = set()
        for reason in [*finding.because, *finding.against]:
            yield from self._reason(reason, quoted)
        for conditions, collect in grouped(finding.missing):
            for condition in conditions:
                yield from ("", f"**{self.words('label.unknown')}** {inline(condition)}")
            yield from self._commands(self.words("to-settle"), collect)
        yield ""
        yield from self._fact("label.note", finding.note or "")
        yield from self._fact("label.source", self.phrases.citations(finding.citations))
        yield f"- {self.words('label.id')} {code(finding.id)}"

    def _reason(self, reason: Reason, quoted: set[Evidence]) -> Iterator[str]:
        yield ""
        text = f"**{self.words(f'truth.{reason.value}')}** {inline(statement(reason))}"
        fresh = [item for item in reason.evidence if item not in quoted]
        if reason.evidence and not fresh:
            places = ", ".join(map(place, reason.evidence[:2]))
            yield f"{text} ({inline(self.words('quoted-above', places=places))})"
            return
        yield text
        quoted.update(fresh)
        rows = quotes(fresh, self.words, full=self.full)
        if rows:
            yield ""
            yield from fence(
                f"{row.place}  {row.text}".strip() if row.place else f"  {row.text}" for row in rows
            )

    def _action(self, number: int, action: Action) -> Iterator[str]:
        words = self.words
        yield f"#### {number}. {inline(action.title)}"
        yield ""
        yield f"- {inline(self.phrases.target(action))}"
        price = words(f"disrupts.{action.disrupts}")
        risk = words("risk", value=words(f"risk.{action.risk}"))
        yield f"- {price}; {risk}" if action.disrupts == "nothing" else f"- **{price}**; {risk}"
        served = self.phrases.reasons(action)
        if served:
            yield f"- {inline(words('for-findings', ids=served))}"
        yield from self._fact("label.note", action.note or "")
        yield from self._fact("label.source", self.phrases.citations(action.citations))
        yield from self._commands(words("label.run"), action.commands)
        yield from self._commands(words("label.verify"), action.verify)
        yield from self._commands(words("label.undo"), action.rollback)

    def _question(self, number: int, question: Question) -> Iterator[str]:
        answers = " / ".join(question.answers)
        yield f"**{number}.** {inline(f'{question.text} [{answers}]' if answers else question.text)}"
        settles = self.phrases.settled(question)
        if settles:
            yield ""
            yield paragraph(self.words("settles", ids=settles))
        if question.collect:
            yield ""
            yield from fence(dict.fromkeys(question.collect))

    def _briefly(self, title: str, findings: Sequence[Finding]) -> Iterator[str]:
        if not findings:
            return
        yield from self._head(title)
        for finding in self._some(findings):
            name = "" if finding.id in finding.title else f" {code(finding.id)}"
            yield f"- {inline(self.phrases.about_finding(finding))}{name}"
            for reason in finding.against if finding.verdict == "ruled_out" else []:
                places = ", ".join(code(place(item)) for item in reason.evidence[:2])
                yield f"  - {self.words(f'truth.{reason.value}')} {inline(statement(reason))} {places}".rstrip()
            if finding.verdict == "ruled_out" and finding.note:
                yield f"  - {inline(finding.note)}"
            if finding.verdict == "undetermined":
                for command in dict.fromkeys(c for m in finding.missing for c in m.collect):
                    yield f"  - {code(command)}"
        yield from self._left_out(len(findings))

    def _ruled_out(self) -> Iterator[str]:
        """What cannot be: with its reasons where something spoke for it, else the ids by what excludes them."""
        own, others = order.ruled_out(self.document)
        if self.full:
            own, others = order.findings(self.document, "ruled_out"), []
        yield from self._briefly("section.ruled-out", own)
        if others and not own:
            yield from self._head("section.ruled-out")
        groups = self.phrases.excluded(others)
        for (truth, reason), ids in self._some([*groups.items()]):
            label = f"{self.words(f'truth.{truth}')} " if truth else ""
            more = [self.words("more", n=len(ids) - _SHOWN)] if len(ids) > _SHOWN else []
            yield f"- {label}{inline(reason)}: {', '.join([*map(code, ids[:_SHOWN]), *more])}"
        yield from self._left_out(len(groups))

    def _list(
        self, title: str, items: Sequence[_T], draw: Callable[[int, _T], Iterator[str]]
    ) -> Iterator[str]:
        if items:
            yield from self._head(title)
        for number, item in enumerate(self._some(items), 1):
            if number > 1:
                yield ""
            yield from draw(number, item)
        yield from self._left_out(len(items))

    def _table(
        self, title: str, items: Sequence[_T], build: Callable[[Sequence[_T]], tables.Table]
    ) -> Iterator[str]:
        if items:
            yield from self._head(title)
            head, rows = build(self._some(items))
            yield from table(head, rows)
            yield from self._left_out(len(items))

    def _answers(self) -> Iterator[str]:
        if self.document.answers:
            yield from self._head("section.answers")
        for answer in self.document.answers:
            yield f"- {inline(f'{answer.question} = {answer.answer}')} ({inline(answer.source)})"

    def _problems(self) -> Iterator[str]:
        problems = self.document.problems
        if problems:
            yield from self._head("section.problems")
        for problem in self._some(problems):
            yield " ".join(
                filter(None, ("-", code(problem.code), code(problem_place(problem)), inline(problem.message)))
            )
        yield from self._left_out(len(problems))

    def _doubts(self) -> Iterator[str]:
        doubts = tables.doubts(self.document.sources, self.words)
        if doubts:
            yield ""
        for row in self._some(doubts):
            yield f"- {code(row.place)} {inline(row.text)}"
        yield from self._left_out(len(doubts))

    def _fact(self, label: str, text: str) -> Iterator[str]:
        if text:
            yield f"- {self.words(label)} {inline(text)}"

    def _commands(self, title: str, commands: Sequence[str]) -> Iterator[str]:
        """A line that says what for, and the commands, repetitions once."""
        if commands:
            yield from ("", title, "")
            yield from fence(dict.fromkeys(command.strip() for command in commands))

    def _head(self, key: str) -> Iterator[str]:
        yield from ("", f"### {self.words(key)}", "")

    def _some(self, items: Sequence[_T]) -> Sequence[_T]:
        return items if self.full else items[:_SHOWN]

    def _left_out(self, total: int) -> Iterator[str]:
        if not self.full and total > _SHOWN:
            yield from ("", f"*{self.words('more.elsewhere', n=total - _SHOWN)}*")
