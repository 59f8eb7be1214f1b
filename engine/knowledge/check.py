"""Checks of a knowledge base as a whole: every name known, every claim sourced, no cycle, both languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import msgspec

from engine.inference.formula import Atom
from engine.knowledge.asides import Symptom, Topic
from engine.knowledge.build import Index, entry_of
from engine.knowledge.check_order import cycle_faults
from engine.knowledge.check_templates import (
    FILLED_BY_CODE,
    applet_faults,
    command_faults,
    phrase_faults,
    place_faults,
    text_faults,
)
from engine.knowledge.check_tests import condition_faults
from engine.knowledge.faults import Document, Fault, Keys
from engine.knowledge.formulas import FormulaError, parse, walk
from engine.knowledge.harm import clears
from engine.knowledge.model import Hypothesis, Knowledge, Remedy, SeedStatement
from engine.knowledge.near import near
from engine.knowledge.placeholders import BASE, LEVER, SUBJECT, SUMMARY
from engine.knowledge.rules import INFERRED, ROW, SUPPORT
from engine.knowledge.symptoms import joined
from engine.knowledge.written import Cite, Text

_ANSWERS = ["yes", "no", "not_applicable"]

_TRAIN = re.compile(r"\d+\.\d+[A-Z]*")
_RANKED: dict[str, set[str]] = {
    "verdicts": {"confirmed", "likely", "possible", "undetermined", "ruled_out"},
    "severities": {"error", "warning", "info"},
    "kinds": {"bug", "cause", "condition"},
    "severity_weight": {"error", "warning", "info"},
    "class_weight": {"common", "occasional", "rare"},
    "cost": {"show", "config", "debug", "wait"},
}


class Report(Protocol):
    """Takes what is wrong with one entry: code, sentence, and the keys that lead to it inside the entry."""

    def __call__(self, code: str, message: str, *way: str | int, key: bool = False, below: int = 0) -> None:
        """Note a fault; `key` points at the key itself instead of its value, `below` at a line inside the value."""


def faults_of(kb: Knowledge, index: Index) -> list[Fault]:
    """Everything that is wrong with what could be read of a knowledge base."""
    checker = _Checker(kb, index)
    checker.check()
    return checker.faults


class _Checker:
    """One check; collects faults."""

    def __init__(self, kb: Knowledge, index: Index) -> None:
        self.kb = kb
        self.index = index
        self.faults: list[Fault] = []
        self.hypotheses = kb.hypotheses()
        # Every name that a formula may use, with its values where it is a category.
        self.names: dict[str, list[str] | None] = {name: c.values for name, c in kb.conditions.items()}
        self.names.update({name: list(table.values) for name, table in kb.tables.items()})
        self.names.update({SUPPORT: _ANSWERS, INFERRED: _ANSWERS, ROW: list(kb.matrix.rows)})
        # Where a file of them could not be read, nobody can say that a name is unknown.
        self.names_complete = not index.unread & {"conditions", "tables", "matrix"}

    def check(self) -> None:
        kb = self.kb
        for name, condition in kb.conditions.items():
            report = self.reporter("conditions", name)
            self.source(condition.source, report, "source")
            condition_faults(condition, report)
            for place, collect in enumerate(condition.collect):
                phrase_faults(collect.command, SUBJECT, report, "collect", place, "command")
                command_faults([collect.command], report, "collect", place, "command", one=True)
            if condition.ask is not None:
                text_faults(condition.ask, SUBJECT, report, "ask")
        for part in ("bugs", "causes", "findings"):
            for name, hypothesis in getattr(kb, part).items():
                self.hypothesis(hypothesis, self.reporter(part, name))
        for name, remedy in kb.remedies.items():
            self.remedy(remedy, self.reporter("remedies", name))
        for name, table in kb.tables.items():
            report = self.reporter("tables", name)
            for value, entry in table.values.items():
                self.formula(entry.when, report, "values", value, "when")
                self.cites(entry.cites, report, "values", value, "cites")
        for name, line in kb.summary.flow.items():
            report = self.reporter("summary-flow", name)
            self.formula(line.when, report, "when", verdicts=True)
            text_faults(line.text, SUMMARY, report, "text")
        rows: dict[str, Any] = {**kb.matrix.rows, **kb.matrix.outside}
        for name, row in rows.items():
            self.source(row.source, self.reporter("matrix", name), "source")
        for number, statement in kb.seed.items():
            self.seed(statement, self.reporter("seed", number))
        for name, symptom in kb.symptoms.items():
            self.symptom(symptom, self.reporter("symptoms", name))
        for name, topic in kb.interview.items():
            self.topic(topic, self.reporter("interview", name))
        self.symptom_phrases()
        self.generators()
        self.ranking()
        self.releases()
        self.heads()
        self.languages()
        self.places()
        if not self.faults and not self.index.broken and self.names_complete:
            self.faults.extend(cycle_faults(kb, self.index))

    def reporter(self, part: str, entry: str) -> Report:
        """What takes the faults of one entry."""
        document, keys = self.index.entries[part, entry]
        return self._reporter(document, keys, f"{entry}: ")

    def _reporter(self, document: Document, keys: Keys, about: str) -> Report:
        def report(code: str, message: str, *way: str | int, key: bool = False, below: int = 0) -> None:
            line, column = document.place((*keys, *way), key=key)
            if below:  # a block scalar begins on the line after its `|`
                line, column = line + below, 1
            self.faults.append(Fault(document.path, line or 1, column or 1, code, f"{about}{message}"))

        return report

    def hypothesis(self, hypothesis: Hypothesis, report: Report) -> None:
        for number, needed in enumerate(hypothesis.necessary):
            self.formula(needed.condition, report, "necessary", number, "condition")
            self.source(needed.source, report, "necessary", number, "source")
        for field in ("signature", "proof"):
            if getattr(hypothesis, field) is not None:
                self.formula(getattr(hypothesis, field), report, field)
        for field, formulas in (("for", hypothesis.for_), ("against", hypothesis.against)):
            for number, formula in enumerate(formulas):
                self.formula(formula, report, field, number)
        if not hypothesis.severity:
            report("kb-empty", "severity needs an entry: the last one holds where no other does", "severity")
        if not isinstance(hypothesis.severity, str):
            for number, entry in enumerate(hypothesis.severity):
                self.formula(entry.when, report, "severity", number, "when", verdicts=True)
        if hypothesis.signature is None and not hypothesis.for_:
            report("kb-empty", "neither signature nor for: nothing could ever make it possible")
        self.cites(hypothesis.cites, report, "cites")

    def remedy(self, remedy: Remedy, report: Report) -> None:
        self.formula(remedy.when, report, "when", verdicts=True)
        for number, risk in enumerate(remedy.risk_when):
            self.formula(risk.when, report, "risk-when", number, "when", verdicts=True)
            if any(other.risk == risk.risk for other in remedy.risk_when[:number]):
                message = f"risk {risk.risk} has two formulas: join them with any"
                report("kb-head", message, "risk-when", number, "risk")
        self.cites(remedy.cites, report, "cites")
        self.known(remedy.because, self.hypotheses, "finding", report, "because")
        for field in ("commands", "rollback", "verify"):
            for number, command in enumerate(getattr(remedy, field)):
                phrase_faults(command, SUBJECT, report, field, number)
            command_faults(getattr(remedy, field), report, field)
        if remedy.disrupts == "nothing" and any(map(clears, remedy.commands)):
            report("kb-shape", "a `clear` disrupts this_peer, not nothing", "disrupts")

    def seed(self, statement: SeedStatement, report: Report) -> None:
        shown = statement.shown_by
        self.known(shown.findings, self.hypotheses, "finding", report, "shown-by", "findings")
        self.known(shown.actions, self.kb.remedies, "remedy", report, "shown-by", "actions")
        kinds = [*self.kb.matrix.rows, *self.kb.matrix.outside]
        if "matrix" not in self.index.unread:
            self.known(shown.setups, kinds, "setup kind", report, "shown-by", "setups")

    def symptom(self, symptom: Symptom, report: Report) -> None:
        if not symptom.says and not symptom.points_to:
            report("kb-empty", "neither says nor points-to: it would tell nothing")
        self.known(symptom.points_to, self.hypotheses, "finding", report, "points-to")
        for name, value in symptom.says.items():
            self.value_of(name, value, report, "says", name)
        for lang in ("en", "ko"):
            if not getattr(symptom.phrases, lang):
                report("kb-language", "there is no phrase in one of the languages", "phrases", lang)
        self.cites(symptom.cites, report, "cites")

    def topic(self, topic: Topic, report: Report) -> None:
        """A question of the guide: every answer says something that there is."""
        for option, answer in topic.options.items():
            if not answer.says:
                report("kb-empty", "says nothing: the answer would tell nothing", "options", option)
            for name, value in answer.says.items():
                self.value_of(name, value, report, "options", option, "says", name)
        for number, command in enumerate(topic.collect):
            phrase_faults(command, SUBJECT, report, "collect", number)
            command_faults([command], report, "collect", number, one=True)
        text_faults(topic.ask, SUBJECT, report, "ask")

    def symptom_phrases(self) -> None:
        """A phrase points to one symptom: what differs in letter case, spaces and punctuation only is the same."""
        known: dict[str, str] = {}
        for name, symptom in self.kb.symptoms.items():
            report = self.reporter("symptoms", name)
            for lang in ("en", "ko"):
                for number, phrase in enumerate(getattr(symptom.phrases, lang)):
                    same = joined(phrase)
                    if not same:
                        report("kb-language", "a phrase without a letter", "phrases", lang, number)
                    elif same in known:
                        message = f"the phrase stands under {known[same]} already"
                        report("kb-twice", message, "phrases", lang, number)
                    else:
                        known[same] = name

    def generators(self) -> None:
        """What plans, applets and suppositions are made of."""
        for number, base in enumerate(self.kb.plan.base):
            phrase_faults(base.command, BASE, self.reporter("plan", "base"), number, "command")
        for name, lever in self.kb.plan.levers.items():
            report = self.reporter("plan-levers", name)
            phrase_faults(lever.set, LEVER, report, "set")
            for number, value in enumerate(lever.to):
                self.value_of(name, value, report, "to", number)
            if not lever.to:
                self.value_of(name, None, report)
        for name, template in self.kb.eem.items():
            report = self.reporter("eem", name)
            self.cites(template.cites, report, "cites")
            applet_faults(template, report)

    def value_of(self, name: str, value: str | None, report: Report, *way: str | int) -> None:
        """A condition, and a value that it can have (None: any)."""
        condition = self.kb.conditions.get(name)
        if condition is None:
            complete = not self.index.unread & {"conditions"} and name not in self.index.broken
            if complete:
                hint = near(name, self.kb.conditions)
                report("kb-unknown", f"no condition {name!r}{hint}", *way, key=True)
            return
        values = condition.values or ["yes", "no"]
        if value is not None and value not in values:
            message = f"{name} has no value {value!r} ({', '.join(values)}){near(value, values)}"
            report("kb-unknown", message, *way)

    def places(self) -> None:
        """Texts with places that only the code knows: the same in both languages, and in the text below."""
        for part, name in self.index.entries:
            text = entry_of(self.kb, part, name) if part in FILLED_BY_CODE else None
            if text is not None:
                place_faults(text, self.index.replaced.get((part, name)), self.reporter(part, name))

    def ranking(self) -> None:
        """Every verdict, severity, kind, class and cost has its place: an order with a gap is none."""
        for field, wanted in _RANKED.items():
            missing = sorted(wanted - set(getattr(self.kb.ranking, field)))
            if missing and "ranking" not in self.index.unread:
                document, keys = self.index.entries["ranking", "ranking"]
                report = self._reporter(document, keys, "")
                report(
                    "kb-shape",
                    f"{field.replace('_', '-')} lacks {', '.join(missing)}",
                    field.replace("_", "-"),
                )

    def releases(self) -> None:
        """Releases of rules and of the files that add to them: each one can be read."""
        from engine.release import span

        found: list[tuple[dict[str, Any], Report]] = []
        for name in self.kb.bugs:
            document, _ = self.index.entries["bugs", name]
            found.append(
                (document.data.get("releases") or {}, self._reporter(document, ("releases",), f"{name}: "))
            )
        for name, document, more in self.index.more_releases:
            report = self._reporter(document, (), f"{name}: ")
            self.cites(more.cites, report, "cites")
            found.append((document.data, report))
        for lists, report in found:
            for field in ("affected", "fixed"):
                for number, text in enumerate(lists.get(field) or []):
                    if span(text) is None:
                        train = ": a train alone is none" if _TRAIN.fullmatch(text) else ""
                        message = f"{text!r} is no release or range of releases{train}"
                        report("kb-release", message, field, number)

    def formula(self, data: Any, report: Report, *way: str | int, verdicts: bool = False) -> None:
        try:
            parse(data, way)
        except FormulaError as error:
            report("kb-formula", str(error), *error.way)
            return
        for where, atom in walk(data, way):
            self.atom(atom, report, where, verdicts=verdicts)

    def atom(self, atom: Atom, report: Report, way: tuple[str | int, ...], *, verdicts: bool) -> None:
        if atom.name.startswith(("finding:", "device-finding:")):
            if not verdicts:
                report(
                    "kb-formula", "a verdict can be used only where actions and sentences are chosen", *way
                )
            self.known(
                [atom.name.partition(":")[2]], self.hypotheses, "finding", report, *way, numbered=False
            )
            return
        # In `{ike-sa: absent}` the name is the key.
        name_way = way if atom.value is None or not isinstance(way[-1], int) else way[:-1]
        if atom.name not in self.names:
            if self.names_complete and atom.name not in self.index.broken:
                message = f"no condition {atom.name!r}{near(atom.name, self.names)}"
                report("kb-unknown", message, *name_way, key=atom.value is not None)
            return
        values = self.names[atom.name]
        if (values is None) != (atom.value is None):
            want = (
                "is yes or no, without a value" if values is None else f"needs a value: {', '.join(values)}"
            )
            report("kb-formula", f"{atom.name} {want}", *name_way)
        elif values is not None and atom.value not in values:
            hint = near(str(atom.value), values)
            report("kb-unknown", f"{atom.name} has no value {atom.value!r}{hint}", *way)

    def known(
        self,
        wanted: Iterable[str],
        known: Iterable[str],
        what: str,
        report: Report,
        *way: str | int,
        numbered: bool = True,
    ) -> None:
        for number, name in enumerate(wanted):
            if name not in known and name not in self.index.broken:
                where = (*way, number) if numbered else way
                report("kb-unknown", f"no {what} {name!r}{near(name, known)}", *where)

    def cites(self, cites: Iterable[Cite], report: Report, *way: str | int) -> None:
        cites = list(cites)
        if not cites:
            report("kb-uncited", "no source is cited", *way)
        for number, cite in enumerate(cites):
            self.source(cite.source, report, *way, number, "source")

    def source(self, source: str, report: Report, *way: str | int) -> None:
        name, _, locator = source.partition("#")
        if name not in self.kb.sources:
            if "sources" not in self.index.unread and name not in self.index.broken:
                report("kb-source", f"no source {name!r}{near(name, self.kb.sources)}", *way)
        elif not locator:
            report("kb-source", f"{name} is cited without a place in it (ID#place)", *way)

    def heads(self) -> None:
        """Names that two entries would give a meaning to."""
        owners: dict[tuple[str, str], list[str]] = defaultdict(list)
        groups = {
            "conditions": "name",
            "tables": "name",
            "bugs": "finding",
            "findings": "finding",
            "causes": "finding",
        }
        for part, entry in self.index.entries:
            if part in groups:
                owners[groups[part], entry].append(part)
        for (kind, name), parts in owners.items():
            taken = ["the recovery matrix"] if kind == "name" and name in {SUPPORT, INFERRED, ROW} else []
            for part in parts if taken else parts[1:]:
                other = (taken or parts)[0]
                self.reporter(part, name)("kb-head", f"{other} gives {name} a meaning already", key=True)

    def languages(self) -> None:
        for report, way, text in self.texts():
            if not text.en.strip() or not text.ko.strip():
                report("kb-language", "a text is missing in one of the languages", *way)

    def texts(self) -> Iterator[tuple[Report, tuple[str | int, ...], Text]]:
        """Every text with the reporter of its entry and the way to it."""
        for part, entry, way, text in texts_of(self.kb, self.index):
            yield self.reporter(part, entry), way, text


def texts_of(kb: Knowledge, index: Index) -> Iterator[tuple[str, str, tuple[str | int, ...], Text]]:
    """Every text of a knowledge base: part, entry, way inside the entry, text."""
    for part, name in index.entries:
        entry = entry_of(kb, part, name)
        stack: list[tuple[tuple[str | int, ...], Any]] = [((), entry)]
        while stack:
            way, thing = stack.pop()
            if isinstance(thing, Text):
                yield part, name, way, thing
            elif isinstance(thing, msgspec.Struct):
                names = zip(thing.__struct_encode_fields__, thing.__struct_fields__, strict=True)
                stack.extend(((*way, written), getattr(thing, name)) for written, name in names)
            elif isinstance(thing, list):
                stack.extend(((*way, number), item) for number, item in enumerate(thing))
            elif isinstance(thing, dict):
                stack.extend(((*way, str(key)), value) for key, value in thing.items())
