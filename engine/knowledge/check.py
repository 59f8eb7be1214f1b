"""Checks of a loaded knowledge base: every name known, every claim sourced, no cycle, both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from engine.inference.formula import Atom, Rule, atoms
from engine.inference.order import RuleError, order
from engine.knowledge.faults import Document, Fault
from engine.knowledge.formulas import FormulaError, parse
from engine.knowledge.model import Cite, Condition, Hypothesis, Knowledge, Text
from engine.knowledge.rules import INFERRED, ROW, SUPPORT, rule_base
from engine.observe.observers import OBSERVERS
from engine.observe.tests import TestError, check


def faults_of(kb: Knowledge, documents: dict[str, Document]) -> list[Fault]:
    """Everything that is wrong with a knowledge base that could be read."""
    found: list[Fault] = []

    def report(entry: str, code: str, message: str, needle: str | None = None) -> None:
        path = kb.places.get(entry, entry)
        document = documents.get(path)
        line = document.line_of(needle or entry) if document is not None else 0
        found.append(
            Fault(path, line, 1 if line else 0, code, message if entry == path else f"{entry}: {message}")
        )

    names = _names(kb)
    for name, condition in kb.conditions.items():
        _condition(name, condition, kb, report)
    for name, (_, hypothesis) in kb.hypotheses().items():
        _hypothesis(name, hypothesis, kb, names, report)
    for name, remedy in kb.remedies.items():
        _formula(name, remedy.when, names, report, verdicts=True)
        for risk in remedy.risk_when:
            _formula(name, risk.when, names, report, verdicts=True)
        _cites(name, remedy.cites, kb, report)
        _known(name, remedy.because, kb.hypotheses(), "finding", report)
    for name, table in kb.tables.items():
        for entry in table.values.values():
            _formula(name, entry.when, names, report)
            _cites(name, entry.cites, kb, report)
    for name, line in kb.summary.flow.items():
        _formula("summary.yaml", line.when, names, report, verdicts=True, needle=name)
    for source in [
        *(r.source for r in kb.matrix.rows.values()),
        *(r.source for r in kb.matrix.outside.values()),
    ]:
        _source("matrix.yaml", source, kb, report)
    _languages(kb, report)
    if not found:
        _cycles(kb, report)
    return found


def _names(kb: Knowledge) -> dict[str, list[str] | None]:
    """Every name that a formula may use, with its values where it is a category."""
    names: dict[str, list[str] | None] = {name: c.values for name, c in kb.conditions.items()}
    names.update({name: list(table.values) for name, table in kb.tables.items()})
    names.update({SUPPORT: ["yes", "no", "not_applicable"], INFERRED: ["yes", "no", "not_applicable"]})
    names[ROW] = list(kb.matrix.rows)
    return names


def _condition(name: str, condition: Condition, kb: Knowledge, report: Any) -> None:
    _source(name, condition.source, kb, report)
    ways = [w for w in ("yes", "observer", "values") if getattr(condition, w) is not None]
    if len(ways) != 1:
        report(name, "kb-condition", "exactly one of yes, observer and values says what makes it true")
    if condition.values is not None and condition.field is None:
        report(name, "kb-condition", "a category needs the field that holds its value")
    if condition.observer is not None and condition.observer not in OBSERVERS:
        report(
            name, "kb-observer", f"no observer {condition.observer!r}{_near(condition.observer, OBSERVERS)}"
        )
    for test in (condition.yes, condition.no):
        if test is not None:
            try:
                check(test)
            except TestError as error:
                report(name, "kb-test", str(error))
    if isinstance(condition.complete, dict) and "list" not in condition.complete:
        report(name, "kb-test", "complete names a list: {list: ipsec-sa, toward: $flow.src}, or is always")


def _hypothesis(name: str, hypothesis: Hypothesis, kb: Knowledge, names: Any, report: Any) -> None:
    for needed in hypothesis.necessary:
        _formula(name, needed.condition, names, report)
        _source(name, needed.source, kb, report)
    for formula in [hypothesis.signature, hypothesis.proof, *hypothesis.for_, *hypothesis.against]:
        if formula is not None:
            _formula(name, formula, names, report)
    if not isinstance(hypothesis.severity, str):
        for entry in hypothesis.severity:
            _formula(name, entry.when, names, report, verdicts=True)
    if hypothesis.signature is None and not hypothesis.for_:
        report(name, "kb-empty", "neither signature nor for: nothing could ever make it possible")
    _cites(name, hypothesis.cites, kb, report)
    if hypothesis.releases is not None:
        from engine.release import span

        for text in [*hypothesis.releases.affected, *hypothesis.releases.fixed]:
            if span(text) is None:
                report(name, "kb-release", f"{text!r} is no release or range of releases", text)


def _formula(
    entry: str,
    data: Any,
    names: dict[str, Any],
    report: Any,
    *,
    verdicts: bool = False,
    needle: str | None = None,
) -> None:
    try:
        formula = parse(data)
    except FormulaError as error:
        report(entry, "kb-formula", str(error), needle)
        return
    for atom in atoms(formula):
        _atom(entry, atom, names, report, verdicts=verdicts)


def _atom(entry: str, atom: Atom, names: dict[str, Any], report: Any, *, verdicts: bool) -> None:
    if atom.name.startswith(("finding:", "device-finding:")):
        if not verdicts:
            report(entry, "kb-formula", "a verdict can be used only where actions and sentences are chosen")
        return
    if atom.name not in names:
        report(entry, "kb-unknown", f"no condition {atom.name!r}{_near(atom.name, names)}", atom.name)
        return
    values = names[atom.name]
    if (values is None) != (atom.value is None):
        want = "is yes or no, without a value" if values is None else f"needs a value: {', '.join(values)}"
        report(entry, "kb-formula", f"{atom.name} {want}", atom.name)
    elif values is not None and atom.value not in values:
        report(
            entry,
            "kb-unknown",
            f"{atom.name} has no value {atom.value!r}{_near(str(atom.value), values)}",
            atom.name,
        )


def _cites(entry: str, cites: Iterable[Cite], kb: Knowledge, report: Any) -> None:
    cites = list(cites)
    if not cites:
        report(entry, "kb-uncited", "no source is cited")
    for cite in cites:
        _source(entry, cite.source, kb, report)


def _source(entry: str, source: str, kb: Knowledge, report: Any) -> None:
    name, _, locator = source.partition("#")
    if name not in kb.sources:
        report(entry, "kb-source", f"no source {name!r}{_near(name, kb.sources)}", source)
    elif not locator:
        report(entry, "kb-source", f"{name} is cited without a place in it (ID#place)", source)


def _known(entry: str, wanted: Iterable[str], known: Iterable[str], what: str, report: Any) -> None:
    for name in wanted:
        if name not in known:
            report(entry, "kb-unknown", f"no {what} {name!r}{_near(name, known)}", name)


def _languages(kb: Knowledge, report: Any) -> None:
    for entry, text in _texts(kb):
        if not text.en.strip() or not text.ko.strip():
            report(entry, "kb-language", "a text is missing in one of the languages")


def _texts(kb: Knowledge) -> Iterator[tuple[str, Text]]:
    """Every text of the knowledge base with its entry."""
    stack: list[tuple[str, Any]] = [
        (name, entry)
        for part in (
            kb.conditions,
            kb.bugs,
            kb.causes,
            kb.findings,
            kb.remedies,
            kb.tables,
            kb.words,
            kb.problems,
            kb.texts,
        )
        for name, entry in part.items()
    ]
    stack += [("matrix.yaml", kb.matrix), ("summary.yaml", kb.summary)]
    while stack:
        name, thing = stack.pop()
        if isinstance(thing, Text):
            yield name, thing
        elif isinstance(thing, msgspec.Struct):
            stack.extend((name, getattr(thing, field)) for field in thing.__struct_fields__)
        elif isinstance(thing, list):
            stack.extend((name, part) for part in thing)
        elif isinstance(thing, dict):
            stack.extend((name, part) for part in thing.values())


def _cycles(kb: Knowledge, report: Any) -> None:
    base = rule_base(kb)
    for rules in (base.judge, base.advise):
        try:
            order(tuple[Rule, ...](rules))
        except RuleError as error:
            report("kb", "kb-cycle", str(error))


def _near(name: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for a near name, else nothing."""
    from rapidfuzz import process

    best = process.extractOne(name, list(known), score_cutoff=70)
    return f"; did you mean {best[0]}?" if best else ""
