"""Which statements of the seed are carried by the knowledge base, and which a case shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from engine.case import diagnose
from engine.evidence.open import open_case
from engine.judge import Judge
from engine.kbtools.cases import Cases
from engine.kbtools.listing import citing
from engine.knowledge.model import Knowledge, ShownBy
from engine.knowledge.written import Text
from engine.observe.subject import Answered

_SHOWN_VERDICTS = frozenset({"possible", "likely", "confirmed"})


class Covered(msgspec.Struct, frozen=True):
    """One statement.

    Attributes:
        number: S1 to S25.
        text: the statement in our words.
        carried: ids of the entries that cite it.
        shown: labels of the cases whose diagnosis shows it.
    """

    number: str
    text: Text
    carried: list[str]
    shown: list[str]

    @property
    def gaps(self) -> list[str]:
        """What is missing: entry, case, both or nothing."""
        return [name for name, found in (("entry", self.carried), ("case", self.shown)) if not found]


def coverage(cases: Cases, whole_cases: Path | None = None) -> list[Covered]:
    """Every statement with what carries and what shows it.

    Args:
        cases: those beside the rules.
        whole_cases: a folder of cases with an `input` folder each, where there is one.
    """
    kb = cases.judge.kb
    carried = carriers(kb)
    shown: dict[str, list[str]] = {number: [] for number in kb.seed}
    for label, document in _documents(cases, whole_cases):
        for number, statement in kb.seed.items():
            if shows(document, statement.shown_by):
                shown[number].append(label)
    return [Covered(n, s.text, carried.get(n, []), shown[n]) for n, s in kb.seed.items()]


def carriers(kb: Knowledge) -> dict[str, list[str]]:
    """By number of a statement, the ids of the entries that cite it; what only leads there carries nothing."""
    leading = {*kb.symptoms, *kb.eem}
    cited = citing(kb).get("seed", {})
    return {number: [name for name in names if name not in leading] for number, names in cited.items()}


def shows(document: Mapping[str, Any], by: ShownBy) -> bool:
    """Whether a diagnosis shows any of the things."""
    findings = {f["id"] for f in document["findings"] if f["verdict"] in _SHOWN_VERDICTS}
    actions = {part for a in document["actions"] for part in a["id"].split("/")}
    counters = {c["name"] for c in document["counters"]}
    setups = {s["recovery"]["row"] for s in document["setups"]}
    outcomes = {f["recovery"]["outcome"] for f in document["flows"]}
    return not (
        findings.isdisjoint(by.findings)
        and actions.isdisjoint(by.actions)
        and counters.isdisjoint(by.counters)
        and setups.isdisjoint(by.setups)
        and outcomes.isdisjoint(by.outcomes)
    )


def _documents(cases: Cases, whole_cases: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    for case in cases.all:
        yield f"{case.part}/{case.label}", cases.document(case.folder)
    if whole_cases is not None:
        for folder in sorted(whole_cases.glob("*/input")):
            yield folder.parent.name, _whole(folder, cases.judge)


def _whole(folder: Path, judge: Judge) -> dict[str, Any]:
    """The diagnosis of a whole case, with the answers that it says a person gives."""
    said: dict[str, str] = {}
    expected = folder.parent / "expected.json"
    if expected.is_file():
        said = msgspec.json.decode(expected.read_bytes()).get("_answers", {})
    opened = open_case([str(folder)])
    answers = [Answered(name, value, "case") for name, value in said.items()]
    document = diagnose(opened.sources, judge, name=folder.name, troubles=opened.troubles, answers=answers)
    found: dict[str, Any] = msgspec.to_builtins(document)
    return found
