"""`ipsecdx kb lint`: everything wrong with a knowledge base, and everything doubtful, in one run.

Errors are those that keep it from being loaded (`engine.knowledge.check`) and keys written twice. Warnings and notes
do not fail: rules that can never hold, conditions that nobody can settle or uses, sources never cited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.inference.formula import Any as Either
from engine.inference.formula import Atom, Formula, Not, atoms
from engine.kbtools.cases import EXPECT
from engine.kbtools.emitted import fact_kinds, families
from engine.kbtools.listing import sources_in
from engine.kbtools.reach import Reach, TooManyError, Way
from engine.knowledge.check import texts_of
from engine.knowledge.check_tests import parts
from engine.knowledge.documents import BLANK, NOT_UTF8, blank_message, line_not_utf8
from engine.knowledge.examine import Examined, examine
from engine.knowledge.faults import Fault
from engine.knowledge.formulas import parse
from engine.knowledge.model import Condition, Hypothesis
from engine.knowledge.near import near
from engine.knowledge.rules import rule_base

# The engine itself asks for it, whatever the rules do (`Judge.support`).
_USED_BY_THE_ENGINE = {"setup-kind"}
_CASES = ("*/*/cases/*/*", "matrix/cases/*/*/*")


def lint(root: Path | None = None, overlays: Sequence[Path] = ()) -> list[Fault]:
    """Every error and warning, and the notes on what is linted: the overlays, where there are any; in order."""
    examined = examine(root, overlays, strict=True)
    found = list(examined.faults)
    for folder in [*([root] if root is not None else []), *overlays]:
        found.extend(_case_blanks(folder, "" if folder == root else f"{folder.as_posix().rstrip('/')}/"))
    if not examined.index.unread & {"conditions", "tables", "matrix"}:
        found.extend(_Doubts(examined).all())
    labels = tuple(f"{folder.as_posix().rstrip('/')}/" for folder in overlays)
    # Who lints an overlay does not ask what there is to tell about the base below it.
    return sorted({f for f in found if f.severity != "info" or not labels or f.file.startswith(labels)})


def is_whole(folder: Path) -> bool:
    """Whether a folder is a knowledge base of its own; otherwise it is meant to be laid over the shipped one."""
    return all((folder / name).is_file() for name in ("matrix.yaml", "summary.yaml", "ranking.yaml"))


def _case_blanks(folder: Path, label: str) -> Iterator[Fault]:
    """What is still to be filled in in the cases beside rules."""
    for pattern in _CASES:
        for path in sorted(folder.glob(pattern)):
            if not path.is_file():
                continue
            raw = path.read_bytes()
            shown = f"{label}{path.relative_to(folder).as_posix()}"
            wrong = line_not_utf8(raw) if path.name == EXPECT else 0
            if wrong:
                yield Fault(shown, wrong, 1, "kb-yaml", NOT_UTF8)
            text = raw.decode("utf-8", errors="replace")
            for number, line in enumerate(text.split("\n") if BLANK in text else [], 1):
                before, mark, rest = line.partition(BLANK)
                if mark and not before.strip(" -\"'#"):
                    yield Fault(shown, number, len(before) + 1, "kb-blank", blank_message(rest.rstrip("\"'")))


class _Doubts:
    """What is doubtful in what could be read."""

    def __init__(self, examined: Examined) -> None:
        self.kb = examined.kb
        self.index = examined.index
        self.errors = {f.code for f in examined.faults if f.severity == "error"}
        self.found: list[Fault] = []

    def all(self) -> list[Fault]:
        for name, condition in self.kb.conditions.items():
            self._condition(name, condition)
        for name, (_, hypothesis) in self.kb.hypotheses().items():
            for number, needed in enumerate(hypothesis.necessary):
                if needed.statement == "inferred":
                    message = f"{needed.condition} is necessary by inference only, so it excludes nothing"
                    self._of(name)(name, "kb-inferred", message, "necessary", number, "statement")
        self._base()
        self._idle()
        self._same()
        if not self.errors:
            self._unused()
            self._reach()
        return self.found

    def _note(self, part: str, name: str, code: str, message: str, *way: str | int) -> None:
        document, keys = self.index.entries[part, name]
        line, column = document.place((*keys, *way))
        self.found.append(Fault(document.path, line or 1, column or 1, code, f"{name}: {message}"))

    def _of(self, name: str) -> Callable[..., None]:
        """The reporter for a hypothesis, whichever part it is in."""
        part = next(p for p in ("bugs", "causes", "findings") if name in getattr(self.kb, p))
        return lambda *arguments: self._note(part, *arguments)

    def _condition(self, name: str, condition: Condition) -> None:
        if condition.observer is not None:
            self._note("conditions", name, "kb-python", f"it is observed by {condition.observer}", "observer")
        for field in ("yes", "no", "complete"):
            for part, way in parts(getattr(condition, field)):
                family = part.get("list")
                if family is not None and family not in families():
                    hint = near(str(family), families())
                    message = f"no parser says that {family} was seen whole{hint}"
                    self._note("conditions", name, "kb-unsettled", message, field, *way, "list")
        if not _can_be_settled(condition):
            message = "nobody can settle it: no parser gives such facts, and there is no ask and no collect"
            self._note("conditions", name, "kb-unsettled", message)

    def _base(self) -> None:
        for number, base in enumerate(self.kb.plan.base):
            if base.unless != "version" and base.unless not in families():
                hint = near(base.unless, {"version", *families()})
                message = f"no parser says that {base.unless} was seen whole, so it is always asked for{hint}"
                self._note("plan", "base", "kb-unsettled", message, number, "unless")

    def _idle(self) -> None:
        cited = {text.partition("#")[0] for part in self._parts() for text in sources_in(part)}
        for name in self.kb.sources:
            if name not in cited:
                self._note("sources", name, "kb-idle", "no claim cites it")

    def _parts(self) -> list[Any]:
        kb = self.kb
        return [
            kb.conditions, kb.bugs, kb.causes, kb.findings, kb.tables, kb.remedies, kb.matrix, kb.symptoms, kb.eem,
        ]  # fmt: skip

    def _same(self) -> None:
        """Korean that is the English text: kept where it is one word, a name or a number."""
        for part, name, way, text in texts_of(self.kb, self.index):
            if text.ko == text.en and len(text.en.split()) > 2:
                self._note(part, name, "kb-same", "the Korean text is the English one", *way, "ko")

    def _unused(self) -> None:
        base = rule_base(self.kb)
        used = {atom.name for rule in (*base.judge, *base.advise) for atom in atoms(rule.body)}
        for name in self.kb.conditions:
            if name not in used | _USED_BY_THE_ENGINE:
                self._note("conditions", name, "kb-unused", "no rule, table, remedy or sentence uses it")

    def _reach(self) -> None:
        base = rule_base(self.kb)
        reach = Reach(
            {rule.head: rule for rule in base.judge},
            {name: c.values for name, c in self.kb.conditions.items() if c.values},
            frozenset(_never(self.kb.conditions)),
        )
        for name, (_, hypothesis) in self.kb.hypotheses().items():
            for way, message in _unreachable(reach, name, hypothesis):
                self._of(name)(name, "kb-unreachable", message, *way)
        for name, table in self.kb.tables.items():
            earlier: list[Formula] = []
            for value, entry in table.values.items():
                formula = parse(entry.when)
                if not _some(reach, formula, earlier):
                    message = f"{value} can never be the first value that holds"
                    self._note("tables", name, "kb-shadowed", message, "values", value, "when")
                earlier.append(formula)


def _unreachable(
    reach: Reach, name: str, hypothesis: Hypothesis
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Formulas of a hypothesis that nothing can make true, or only what rules it out."""
    gone = [Atom(f"excluded:{name}")] if Atom(f"excluded:{name}") in reach.rules else []
    against = [Atom(f"against:{name}")] if hypothesis.against else []
    signature = hypothesis.signature is not None and _some(reach, parse(hypothesis.signature), gone)
    alone = [_some(reach, parse(f), [*gone, *against]) for f in hypothesis.for_]
    if not signature and not any(alone):
        yield (), "nothing can make it possible"
        return
    if hypothesis.signature is not None and not signature:
        yield ("signature",), "its signature can never hold"
    for number, reached in enumerate(alone):
        if not reached:
            yield ("for", number), "this can never speak for it without something that speaks against it"
    if hypothesis.proof is not None and hypothesis.signature is not None:
        both = Not(Either((Not(parse(hypothesis.signature)), Not(parse(hypothesis.proof)))))
        if not _some(reach, both, gone):
            yield ("proof",), "its proof can never hold together with its signature"


def _some(reach: Reach, formula: Formula, unless: Sequence[Formula]) -> bool:
    """Whether a formula can be true while none of the others is known to be."""
    try:
        ways: list[Way] = reach.ways(formula)
    except TooManyError:
        return True
    return any(not any(reach.holds(other, way) for other in unless) for way in ways)


def _never(conditions: dict[str, Condition]) -> Iterator[tuple[Atom, bool]]:
    """Conditions that are never no: a test of facts that no list seen whole can answer."""
    for name, condition in conditions.items():
        facts = condition.yes is not None and any("fact" in p or "list" in p for p, _ in parts(condition.yes))
        if facts and condition.no is None and condition.complete is None and condition.ask is None:
            yield Atom(name), False


def _can_be_settled(condition: Condition) -> bool:
    if condition.ask or condition.collect or condition.complete == "always" or condition.observer:
        return True
    if condition.field is not None:
        return True
    tests = [part for test in (condition.yes, condition.no) for part, _ in parts(test)]
    return any(
        "field" in part or part.get("fact") in fact_kinds() or part.get("list") in families()
        for part in tests
    )
