"""The document as one HTML file: nothing is loaded from elsewhere and nothing runs, so it opens anywhere, offline.

The page is for reading on a screen of any width, light or dark, and for printing. Evidence is untrusted: the template
escapes every value (Jinja autoescape), every value has its harmful characters shown as escapes before
(`engine.render.visible`), and the content security policy of the page allows no script at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, TypeVar

from jinja2 import FunctionLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from engine.diagnosis.document import Action, Diagnosis, Evidence, Finding, Question, Reason
from engine.render import order, tables
from engine.render.page_words import page_words
from engine.render.phrases import Phrases
from engine.render.quotes import Quote, grouped, place, problem_place, quotes, statement
from engine.render.timeline import timeline
from engine.render.visible import visible
from engine.render.words import Words

_T = TypeVar("_T")

# Entries of a kind that are shown, unless everything was asked for.
_SHOWN = 50
# Findings whose reasons are unfolded from the start.
_UNFOLDED = 3
# Quoted lines of one reason that are shown unfolded.
_QUOTED = 8
SYMBOLS = {"confirmed": "●", "likely": "◕", "possible": "◔", "undetermined": "○", "ruled_out": "✕"}
_NO_NAME = re.compile(r"[^\w.:-]+")


def render(document: Diagnosis, words: Words, *, full: bool = False) -> str:
    """The report as one HTML page with a final line feed.

    Args:
        document: what to draw.
        words: the fixed words of the language.
        full: every quotation, finding and row, instead of the first ones and a count.
    """
    view = _View(document, words, full=full)
    return _environment().get_template("report.html.j2").render(view.context()).rstrip() + "\n"


class _Row(NamedTuple):
    """A quoted line: its place, its text, and the anchor of the place (`id` where it is quoted for the first time)."""

    place: str
    text: str
    id: str
    href: str


class _Why(NamedTuple):
    """A reason: its truth, the word for it, the condition, the lines, and those that are folded away."""

    truth: str
    word: str
    text: str
    rows: list[_Row]
    folded: list[_Row]
    above: str


class _Cell(NamedTuple):
    """A table with its title, and how many of its rows are left out."""

    key: str
    title: str
    head: list[str]
    rows: list[list[str]]
    left_out: int


class _View:
    """What the template needs, phrased in one language."""

    def __init__(self, document: Diagnosis, words: Words, *, full: bool) -> None:
        self.document = document
        self.words = words
        self.page = page_words(words.lang)
        self.full = full
        self.phrases = Phrases(document, words)
        self._anchors: dict[str, str] = {}
        self._names: set[str] = set()

    def context(self) -> dict[str, Any]:
        """The variables of the template."""
        document = self.document
        leading = order.findings(document, *order.LEADING)
        actions = order.actions(document)
        return {
            "document": document,
            "words": self.words,
            "page": self.page,
            "symbols": SYMBOLS,
            "style": Markup(_package_file("report.css")),  # noqa: S704  our own file, and no part of any case
            "status": document.status
            if document.status == "ok"
            else self.words(f"status.{document.status}", n=len(document.problems)),
            "tally": [
                (v, sum(f.verdict == v for f in document.findings))
                for v in (*order.LEADING, "undetermined", "ruled_out")
            ],
            "findings": [self._finding(f, i < _UNFOLDED) for i, f in enumerate(self._some(leading))],
            "findings_left": self._left_out(leading),
            "timeline": timeline(document),
            "flow_name": self.phrases.flow,
            "actions": [self._action(a) for a in self._some(actions)],
            "actions_left": self._left_out(actions),
            "questions": [self._question(q) for q in self._some(document.questions)],
            "questions_left": self._left_out(document.questions),
            "undetermined": self._undetermined(),
            "tables": self._tables(),
            "answers": document.answers,
            "ruled_out": self._ruled_out(),
            "excluded": self._excluded(),
            "problems": [(p.code, problem_place(p), p.message) for p in self._some(document.problems)],
            "problems_left": self._left_out(document.problems),
            "doubts": self._some(tables.doubts(document.sources, self.words)),
            "about": self.phrases.about(document),
        }

    def _finding(self, finding: Finding, unfolded: bool) -> dict[str, Any]:
        quoted: set[Evidence] = set()
        return {
            "id": finding.id,
            "number": self.phrases.number(finding),
            "verdict": finding.verdict,
            "word": self.words(f"verdict.{finding.verdict}"),
            "title": finding.title,
            "subject": self.phrases.subject(finding.subject),
            "reasons": [self._reason(r, quoted) for r in (*finding.because, *finding.against)],
            "missing": [(conditions, _once(collect)) for conditions, collect in grouped(finding.missing)],
            "note": finding.note or "",
            "sources": self.phrases.citations(finding.citations),
            "unfolded": unfolded,
        }

    def _reason(self, reason: Reason, quoted: set[Evidence]) -> _Why:
        word = self.words(f"truth.{reason.value}")
        fresh = [item for item in reason.evidence if item not in quoted]
        if reason.evidence and not fresh:
            places = ", ".join(map(place, reason.evidence[:2]))
            above = self.words("quoted-above", places=places)
            return _Why(reason.value, word, statement(reason), [], [], above)
        quoted.update(fresh)
        rows = [self._row(row) for row in quotes(fresh, self.words, full=self.full)]
        if len(rows) > _QUOTED:
            return _Why(reason.value, word, statement(reason), rows[:2], rows[2:], "")
        return _Why(reason.value, word, statement(reason), rows, [], "")

    def _row(self, quote: Quote) -> _Row:
        """A quoted line; the first quotation of a place is where links to it lead."""
        if not quote.place:
            return _Row("", quote.text, "", "")
        known = self._anchors.get(quote.place)
        if known is not None:
            return _Row(quote.place, quote.text, "", known)
        stem = name = "at-" + _NO_NAME.sub("-", visible(quote.place))
        number = 1
        while name in self._names:
            number += 1
            name = f"{stem}-{number}"
        self._names.add(name)
        self._anchors[quote.place] = name
        return _Row(quote.place, quote.text, name, name)

    def _action(self, action: Action) -> dict[str, Any]:
        words = self.words
        blocks = [("label.verify", action.verify), ("label.undo", action.rollback)]
        return {
            "title": action.title,
            "target": self.phrases.target(action),
            "price": words(f"disrupts.{action.disrupts}"),
            "alarm": action.disrupts != "nothing",
            "risk": words("risk", value=words(f"risk.{action.risk}")),
            "risky": action.risk == "high",
            "served": self.phrases.reasons(action),
            "note": action.note or "",
            "commands": _once(action.commands),
            "blocks": [(words(label), _once(lines)) for label, lines in blocks if lines],
            "sources": self.phrases.citations(action.citations),
        }

    def _question(self, question: Question) -> dict[str, Any]:
        settles = self.phrases.settled(question)
        return {
            "text": question.text,
            "answers": question.answers,
            "settles": self.words("settles", ids=settles) if settles else "",
            "commands": _once(question.collect),
        }

    def _undetermined(self) -> list[tuple[str, str, list[str]]]:
        found = self._some(order.findings(self.document, "undetermined"))
        return [
            (self.phrases.about_finding(f), f.id, _once(c for m in f.missing for c in m.collect))
            for f in found
        ]

    def _ruled_out(self) -> list[tuple[str, str, list[_Why], str]]:
        own, _ = order.ruled_out(self.document)
        if self.full:
            own = order.findings(self.document, "ruled_out")
        return [
            (self.phrases.about_finding(f), f.id, [self._reason(r, set()) for r in f.against], f.note or "")
            for f in self._some(own)
        ]

    def _excluded(self) -> list[tuple[str, str, str, list[str]]]:
        if self.full:
            return []
        _, others = order.ruled_out(self.document)
        return [
            (truth, self.words(f"truth.{truth}") if truth else "", reason, ids)
            for (truth, reason), ids in self.phrases.excluded(others).items()
        ]

    def _tables(self) -> list[_Cell]:
        document, phrases = self.document, self.phrases
        return [
            table
            for table in (
                self._table("flows", document.flows, lambda some: tables.flows(some, phrases)),
                self._table("setups", document.setups, lambda some: tables.setups(some, phrases)),
                self._table("counters", document.counters, lambda some: tables.counters(some, phrases)),
                self._table("devices", document.devices, lambda some: tables.devices(some, phrases)),
                self._table("sources", document.sources, lambda some: tables.sources(some, phrases)),
            )
            if table is not None
        ]

    def _table(
        self, key: str, items: Sequence[_T], build: Callable[[Sequence[_T]], tables.Table]
    ) -> _Cell | None:
        if not items:
            return None
        head, rows = build(self._some(items))
        return _Cell(key, self.words(f"section.{key}"), head, rows, self._left_out(items))

    def _some(self, items: Sequence[_T]) -> Sequence[_T]:
        return items if self.full else items[:_SHOWN]

    def _left_out(self, items: Sequence[object]) -> int:
        return 0 if self.full else max(0, len(items) - _SHOWN)


def _once(commands: Iterable[str]) -> list[str]:
    """Commands, repetitions once."""
    return list(dict.fromkeys(command.strip() for command in commands))


def _package_file(name: str) -> str:
    return files("engine.render").joinpath("templates", name).read_text(encoding="utf-8")


def _harmless(value: object) -> object:
    """What every value of the template passes before it is escaped."""
    return value if isinstance(value, Markup) else visible(str(value))


def _told(text: str) -> Markup:
    """A sentence of ours, what stands in backticks as code."""
    parts = visible(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is only that
        return escape(visible(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(_package_file),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["told"] = _told
    return environment
