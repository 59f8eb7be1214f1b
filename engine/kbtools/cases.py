"""The cases beside the rules: found, diagnosed, and compared with what they expect.

Every bug, cause, finding and matrix row keeps a positive, a negative and an unknown case beside it:
`PART/ID/cases/KIND-NAME` (`matrix/cases/ROW/KIND-NAME` for rows) with device text and `expect.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from engine.case import diagnose
from engine.evidence.open import open_case
from engine.judge import Judge
from engine.kbtools.partial import differences
from engine.knowledge.documents import NOT_UTF8, line_not_utf8
from engine.knowledge.model import Hypothesis, Knowledge
from engine.knowledge.words_yaml import read

KINDS = ("positive", "negative", "unknown")
# What a kind of case may say of the very hypothesis that it stands beside.
ALLOWED = {
    "positive": {"confirmed", "likely"},
    "negative": {"ruled_out", "undetermined"},
    "unknown": {"possible", "undetermined"},
}
HEIGHT = ("ruled_out", "undetermined", "possible", "likely", "confirmed")
EXPECT = "expect.yaml"
_PARTS = ("bugs", "causes", "findings")


class Case(msgspec.Struct, frozen=True):
    """A case folder beside an entry: `part` is bugs, causes, findings or matrix, `entry` the id or row."""

    part: str
    entry: str
    folder: Path

    @property
    def kind(self) -> str:
        """The first word of the folder's name."""
        return self.folder.name.partition("-")[0]

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return f"{self.entry}/{self.folder.name}"


class Result(msgspec.Struct, frozen=True):
    """What came of the cases of one entry: how many of each kind there are, and every failure as a sentence."""

    part: str
    entry: str
    counts: dict[str, int]
    failures: list[str]


class Cases:
    """The cases of a knowledge base, ready to run.

    Attributes:
        judge: with the knowledge base that they are judged by.
        roots: its folders, lowest first. An entry's cases are those of the highest folder that has some.
    """

    def __init__(self, judge: Judge, roots: Iterable[Path]) -> None:
        self.judge = judge
        self.roots = list(roots)
        self._documents: dict[Path, dict[str, Any]] = {}

    @cached_property
    def all(self) -> list[Case]:
        """Every case, in order."""
        found: dict[tuple[str, str], list[Case]] = {}
        for root in self.roots:
            found |= _of_root(root)
        return [case for key in sorted(found) for case in found[key]]

    def of(self, part: str, entry: str) -> list[Case]:
        """The cases of one entry."""
        return [c for c in self.all if (c.part, c.entry) == (part, entry)]

    def entries(self) -> list[tuple[str, str]]:
        """Every entry that needs cases, as (part, id)."""
        kb = self.judge.kb
        found = [(part, name) for part in _PARTS for name in getattr(kb, part)]
        return [*found, *(("matrix", row) for row in kb.matrix.rows)]

    def run(self, part: str, entry: str) -> Result:
        """Run the cases of one entry."""
        cases = self.of(part, entry)
        counts = {kind: sum(c.kind == kind for c in cases) for kind in KINDS}
        failures = [f"{c.label}: {line}" for c in cases for line in self.failures(c)]
        if not (part == "bugs" and by_release_only(self.judge.kb.bugs[entry])):
            failures = [f"{entry}: no {k} case" for k in KINDS if not counts[k]] + failures
        return Result(part, entry, counts, failures)

    def strays(self) -> Iterator[str]:
        """Case folders beside nothing that the knowledge base has."""
        known = set(self.entries())
        for case in self.all:
            if (case.part, case.entry) not in known:
                yield f"{case.label}: there is no {case.entry} in {case.part}"

    def failures(self, case: Case) -> list[str]:
        """Everything in which a case does not come out as it should."""
        if case.kind not in KINDS:
            return [f"the name begins with {', '.join(KINDS)}"]
        try:
            expected = expected_of(case.folder)
        except ValueError as error:
            return [str(error)]
        document = self.document(case.folder)
        if case.part == "matrix":
            return [*differences(expected, document), *self._row(case, document)]
        return [*_verdicts(case, expected, document), *differences(expected, document)]

    def document(self, folder: Path) -> dict[str, Any]:
        """The diagnosis of a case folder; its expect.yaml is no evidence."""
        if folder not in self._documents:
            opened = open_case([str(p) for p in sorted(folder.iterdir()) if p.name != EXPECT])
            document = diagnose(opened.sources, self.judge, name=folder.name, troubles=opened.troubles)
            self._documents[folder] = msgspec.to_builtins(document)
        return self._documents[folder]

    def _row(self, case: Case, document: dict[str, Any]) -> Iterator[str]:
        """What a case of a matrix row has to show of that row."""
        setups = {s["id"]: s for s in document["setups"]}
        used = [(f, setups[f["setup"]]["recovery"]["row"]) for f in document["flows"] if f["setup"]]
        if case.kind == "positive":
            row = self.judge.kb.matrix.rows.get(case.entry)
            if not any(r == case.entry and row and f["recovery"]["support"] == row.support for f, r in used):
                yield "no flow is judged by this row"
        elif case.kind == "negative":
            if not used or any(r == case.entry for _, r in used):
                yield "no flow has a setup, or one is judged by this row"
        elif any(
            f["setup"] is not None and f["recovery"]["configured"] is not None for f in document["flows"]
        ):
            yield "the setup of a flow and its recovery command are known"


def expected_of(folder: Path) -> dict[str, Any]:
    """What a case expects.

    Raises:
        ValueError: it says nothing, or not in YAML; the message is a sentence.
    """
    import yaml

    try:
        raw = (folder / EXPECT).read_bytes()
    except OSError as error:
        raise ValueError(f"{EXPECT} cannot be read: {error.strerror}") from error
    wrong = line_not_utf8(raw)
    if wrong:
        raise ValueError(f"{EXPECT}:{wrong}: {NOT_UTF8}")
    try:
        found, _ = read(raw.decode("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise ValueError(f"{EXPECT}:{line}: not YAML: {error.problem}") from error
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"{EXPECT} cannot be read ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise ValueError(f"{EXPECT}:1: a mapping is expected")  # noqa: TRY004  what the file says, not a type of the code
    return found


def verdict_of(hypothesis: str, document: dict[str, Any]) -> str:
    """The best verdict for any subject; what is not listed is undetermined."""
    found = [f["verdict"] for f in document["findings"] if f["id"] == hypothesis]
    return max(found, key=HEIGHT.index, default="undetermined")


def by_release_only(bug: Hypothesis) -> bool:
    """Whether a bug has no signature: it can never be likely, and needs no cases."""
    return bug.signature is None and bug.releases is not None


def roots_of(kb_root: Path | None, overlays: Iterable[Path]) -> list[Path]:
    """The folders of a knowledge base on disk, lowest first."""
    import kb

    return [kb_root if kb_root is not None else Path(str(kb.__file__)).parent, *overlays]


def owners(kb: Knowledge, name: str) -> list[str]:
    """The parts that have an entry of this id and keep cases."""
    found = [part for part in _PARTS if name in getattr(kb, part)]
    return found + (["matrix"] if name in kb.matrix.rows else [])


def _verdicts(case: Case, expected: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    verdicts = expected.pop("verdicts", None)
    if not isinstance(verdicts, dict) or case.entry not in verdicts:
        yield f"{EXPECT} has to say `verdicts: {{{case.entry}: ...}}`"
        return
    if verdicts[case.entry] not in ALLOWED[case.kind]:
        allowed = " or ".join(sorted(ALLOWED[case.kind]))
        yield f"a {case.kind} case expects {allowed}, not {verdicts[case.entry]}"
    for name, wanted in verdicts.items():
        found = verdict_of(name, document)
        if found != wanted:
            yield f"{name} is {found}, expected {wanted}"


def _of_root(root: Path) -> dict[tuple[str, str], list[Case]]:
    found: dict[tuple[str, str], list[Case]] = {}
    patterns = [(part, f"{part}/*/cases/*/") for part in _PARTS] + [("matrix", "matrix/cases/*/*/")]
    for part, pattern in patterns:
        for folder in sorted(root.glob(pattern)):
            if folder.is_dir() and any(p.is_file() for p in folder.iterdir()):
                entry = folder.parent.name if part == "matrix" else folder.parents[1].name
                found.setdefault((part, entry), []).append(Case(part, entry, folder))
    return found
