"""Which lines of the evidence the findings quote, for the margin of the viewer."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from typing import NamedTuple

from engine.diagnosis.document import Diagnosis, Evidence, Finding, Subject

# A quotation longer than this is a whole list: it is marked like one that was looked through.
_LONGEST = 200


class Quoting(NamedTuple):
    """A finding that quotes a line."""

    finding: str
    subject: Subject
    title: str


class Marks:
    """The quoted lines of one source, and the ranges that were looked through for something that is not there."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Quoting]] = {}
        self._ranges: dict[tuple[int, int], list[Quoting]] = {}
        self._firsts: list[int] = []

    def add(self, evidence: Evidence, by: Quoting) -> None:
        """Note one quotation."""
        first, last = evidence.line, max(evidence.line, evidence.last_line)
        whole = evidence.kind == "absence" or last - first > _LONGEST
        if first not in self._lines and (first, last) not in self._ranges:
            insort(self._firsts, first)
        if whole:
            _note(self._ranges.setdefault((first, last), []), by)
        else:
            for number in range(first, last + 1):
                _note(self._lines.setdefault(number, []), by)

    def quoted(self, number: int) -> bool:
        """Whether a finding quotes the line."""
        return number in self._lines

    def looked_through(self, number: int) -> bool:
        """Whether the line is of a list that was looked through whole."""
        return any(first <= number <= last for first, last in self._ranges)

    def at(self, number: int) -> list[Quoting]:
        """The findings that quote a line, those that quote itself first."""
        found = list(self._lines.get(number, ()))
        for (first, last), quoting in self._ranges.items():
            if first <= number <= last:
                found += [one for one in quoting if one not in found]
        return found

    def after(self, number: int) -> int | None:
        """The next quoted place behind a line."""
        index = bisect_right(self._firsts, number)
        return self._firsts[index] if index < len(self._firsts) else None

    def before(self, number: int) -> int | None:
        """The last quoted place before a line."""
        index = bisect_left(self._firsts, number) - 1
        return self._firsts[index] if index >= 0 else None


def marks_of(diagnosis: Diagnosis) -> dict[str, Marks]:
    """The marks of every source that a finding quotes, by path. Findings that are ruled out come last on a line."""
    marks: dict[str, Marks] = {}
    for finding in sorted(diagnosis.findings, key=lambda one: one.rank):
        by = Quoting(finding.id, finding.subject, finding.title)
        for evidence in _evidence_of(finding):
            if evidence.line > 0 and evidence.kind in {"line", "absence"}:
                marks.setdefault(evidence.source, Marks()).add(evidence, by)
    return marks


def _evidence_of(finding: Finding) -> Iterable[Evidence]:
    return (e for reason in (*finding.because, *finding.against) for e in reason.evidence)


def _note(known: list[Quoting], by: Quoting) -> None:
    if by not in known:
        known.append(by)
