"""`ipsecdx kb diff`: what changes between two knowledge bases, entry by entry and case by case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from engine.case import diagnose
from engine.diagnosis.document import Diagnosis
from engine.evidence.open import open_case
from engine.judge import Judge
from engine.knowledge.model import Knowledge

_PARTS = ("sources", "conditions", "tables", "bugs", "causes", "findings", "remedies", "symptoms", "eem")


class Change(msgspec.Struct, frozen=True):
    """One difference: `where` is a part or a case, `what` the id, then the value before and after ("" for none)."""

    where: str
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.where}: + {self.what}{f' {self.after}' if self.after != 'there' else ''}"
        if not self.after:
            return f"{self.where}: - {self.what}{f' {self.before}' if self.before != 'there' else ''}"
        return f"{self.where}: {self.what}: {self.before} -> {self.after}"


def entry_changes(old: Knowledge, new: Knowledge) -> Iterator[Change]:
    """Entries that are new, gone, or say something else."""
    parts = [(part, getattr(old, part), getattr(new, part)) for part in _PARTS]
    parts += [("matrix", old.matrix.rows | old.matrix.outside, new.matrix.rows | new.matrix.outside)]
    parts += [("summary", old.summary.flow, new.summary.flow)]
    for part, before, after in parts:
        for name in sorted({*before, *after}):
            if name not in after:
                yield Change(part, name, "there", "")
            elif name not in before:
                yield Change(part, name, "", "there")
            elif before[name] != after[name]:
                yield Change(part, name, "old", "changed")


def case_changes(old: Judge, new: Judge, cases: Iterable[Path]) -> Iterator[Change]:
    """Verdicts, outcomes and actions that differ in some case; cases with nothing readable are passed over."""
    for case in cases:
        opened = open_case([str(case / "input" if (case / "input").is_dir() else case)])
        if not opened.sources:
            continue
        name = case.name
        before, after = (
            _said(diagnose(opened.sources, judge, name=name, troubles=opened.troubles))
            for judge in (old, new)
        )
        for what in sorted({*before, *after}):
            if before.get(what) != after.get(what):
                yield Change(name, what, before.get(what, ""), after.get(what, ""))


def cases_of(corpus: Path) -> list[Path]:
    """The cases of a folder: each folder in it, and each file that lies beside them."""
    return sorted(p for p in corpus.iterdir() if not p.name.startswith("."))


def _said(document: Diagnosis) -> dict[str, str]:
    """What a diagnosis says, by id: the verdicts, what each receiver does, what to do."""
    found: dict[str, str] = {}
    for finding in document.findings:
        subject = finding.subject
        of = " ".join(filter(None, [subject.device, subject.flow or subject.peer]))
        found[f"{finding.id} {of}".rstrip()] = finding.verdict
    for flow in document.flows:
        found[f"outcome {flow.id}"] = flow.recovery.outcome
    for action in document.actions:
        found[f"action {action.id}"] = "there"
    return found
