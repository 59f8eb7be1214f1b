"""Evidence as rows of place and text, long lists cut down to their first and last row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from engine.diagnosis.document import Evidence, Missing, Problem, Reason
from engine.render.visible import prose
from engine.render.words import Words

_T = TypeVar("_T")

# So many rows are shown whole; more become the first, how many are left out, and the last.
_ROWS = 3
# The same for the lines of one quotation, such as an SA with its SPI somewhere in the middle.
_LINES = 6
# Characters of a quoted line; a syslog line has at most about 500, and a file that is one line must not fill screens.
_CHARACTERS = 1000


class Quote(NamedTuple):
    """One row: where it stands ("r1.txt:142"; "" for a remark of ours) and what stands there."""

    place: str
    text: str


def place(evidence: Evidence) -> str:
    """`file:line`, or `file:first-last`; only the source for what has no line, such as an answer."""
    if evidence.line < 1:
        return evidence.source
    if evidence.last_line > evidence.line:
        return f"{evidence.source}:{evidence.line}-{evidence.last_line}"
    return f"{evidence.source}:{evidence.line}"


def problem_place(problem: Problem) -> str:
    """`file:line`, the file alone, or "" where the problem is not about one."""
    if problem.source is None or problem.line is None:
        return problem.source or ""
    return f"{problem.source}:{problem.line}"


def quotes(evidence: Sequence[Evidence], words: Words, *, full: bool = False) -> list[Quote]:
    """The rows that quote evidence, one for each line of text."""
    rows: list[Quote] = []
    for item in _shortened(evidence, _ROWS, full=full):
        if isinstance(item, int):
            rows.append(Quote("", words("more", n=item)))
        else:
            rows += _rows(item, words, full=full)
    return rows


def statement(item: Reason | Missing) -> str:
    """The condition as a sentence; its id where the document has none."""
    return prose(item.title) or item.condition


def grouped(missing: Sequence[Missing]) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """Missing conditions as sentences, those that the same commands settle together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for item in missing:
        groups.setdefault(tuple(item.collect), []).append(statement(item))
    for collect, conditions in groups.items():
        yield conditions, collect


def _rows(evidence: Evidence, words: Words, *, full: bool) -> Iterator[Quote]:
    lines = evidence.text.rstrip().split("\n")
    if evidence.kind != "line":
        # Not a quotation of one line: say what it is, with the whole range as its place.
        remark = words(f"evidence.{evidence.kind}")
        for index, line in enumerate(_shortened(lines, _LINES, full=full)):
            shown = words("more.lines", n=line) if isinstance(line, int) else _cut(line, words, full=full)
            yield Quote("", shown) if index else Quote(place(evidence), f"{remark} {shown.strip()}".rstrip())
        return
    numbered = list(enumerate(lines, max(evidence.line, 1)))
    for item in _shortened(numbered, _LINES, full=full):
        if isinstance(item, int):
            yield Quote("", words("more.lines", n=item))
        else:
            number, text = item
            yield Quote(f"{evidence.source}:{number}", _cut(text, words, full=full))


def _cut(text: str, words: Words, *, full: bool) -> str:
    if full or len(text) <= _CHARACTERS:
        return text
    return f"{text[:_CHARACTERS]} {words('more.characters', n=len(text) - _CHARACTERS)}"


def _shortened(items: Sequence[_T], most: int, *, full: bool) -> Iterable[_T | int]:
    """The items; in a long sequence the first, the number of those left out, and the last."""
    if full or len(items) <= most:
        return items
    return [items[0], len(items) - 2, items[-1]]
