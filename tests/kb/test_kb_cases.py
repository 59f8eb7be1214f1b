"""Every bug, cause, condition and matrix row keeps cases beside it: one that it is, one that it is not, one unknown.

A case is a folder kb/PART/ID/cases/KIND-NAME with device text and expect.yaml (kb/matrix/cases/ROW/KIND-NAME for
rows of the recovery matrix). A new one needs no code here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from engine.case import diagnose
from engine.evidence.open import open_case
from engine.judge import Judge
from engine.knowledge.load import load
from tests.kb.partial import differences

KB = Path(__file__).parents[2] / "kb"
KINDS = ("positive", "negative", "unknown")
# What a kind of case may say of the very hypothesis that it stands beside.
ALLOWED = {
    "positive": {"confirmed", "likely"},
    "negative": {"ruled_out", "undetermined"},
    "unknown": {"possible", "undetermined"},
}
HEIGHT = ("ruled_out", "undetermined", "possible", "likely", "confirmed")
HYPOTHESES = sorted(
    p.parent for part in ("bugs", "causes", "findings") for p in KB.glob(f"{part}/*/rule.yaml")
)
HYPOTHESIS_CASES = sorted(p.parent for h in HYPOTHESES for p in h.glob("cases/*/expect.yaml"))
MATRIX = KB / "matrix" / "cases"
ROW_CASES = sorted(p.parent for p in MATRIX.glob("*/*/expect.yaml"))


@cache
def judge() -> Judge:
    return Judge(load())


def rows() -> list[str]:
    return sorted(yaml.safe_load((KB / "matrix.yaml").read_text(encoding="utf-8"))["rows"])


@cache
def diagnosed(folder: Path) -> dict[str, Any]:
    """The document of a case; its expect.yaml is no evidence."""
    opened = open_case([str(p) for p in sorted(folder.iterdir()) if p.name != "expect.yaml"])
    document = diagnose(opened.sources, judge(), name=folder.name, troubles=opened.troubles)
    found: dict[str, Any] = msgspec.to_builtins(document)
    return found


def expected_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "expect.yaml").read_text(encoding="utf-8"))
    return found


def verdict_of(hypothesis: str, document: dict[str, Any]) -> str:
    """The best verdict for any subject; what is not listed is undetermined."""
    found = [f["verdict"] for f in document["findings"] if f["id"] == hypothesis]
    return max(found, key=HEIGHT.index, default="undetermined")


def kind_of(folder: Path) -> str:
    return folder.name.partition("-")[0]


def label(folder: Path) -> str:
    owner = folder.parent.parent if folder.parent.name == "cases" else folder.parent
    return f"{owner.name}/{folder.name}"


def missing_kinds(folders: list[Path]) -> list[str]:
    present = {kind_of(f) for f in folders}
    return [kind for kind in KINDS if kind not in present]


@pytest.mark.parametrize("hypothesis", HYPOTHESES, ids=lambda p: p.name)
def test_a_hypothesis_has_a_positive_a_negative_and_an_unknown_case(hypothesis: Path) -> None:
    assert not missing_kinds([c for c in HYPOTHESIS_CASES if hypothesis in c.parents])


@pytest.mark.parametrize("row", rows())
def test_a_matrix_row_has_a_positive_a_negative_and_an_unknown_case(row: str) -> None:
    assert not missing_kinds([c for c in ROW_CASES if c.parent.name == row])


def test_every_case_folder_stands_beside_something_and_says_what_kind_it_is() -> None:
    assert {c.parent.name for c in ROW_CASES} <= set(rows())
    for folder in sorted(KB.glob("**/cases/**/")):
        if any(p.is_file() for p in folder.iterdir()):
            assert (folder / "expect.yaml").is_file(), folder
            assert kind_of(folder) in KINDS, folder


@pytest.mark.parametrize("folder", HYPOTHESIS_CASES, ids=label)
def test_a_case_beside_a_hypothesis_gives_the_verdicts_it_expects(folder: Path) -> None:
    hypothesis = folder.parents[1].name
    expected = expected_of(folder)
    document = diagnosed(folder)
    verdicts = expected.pop("verdicts")
    assert verdicts[hypothesis] in ALLOWED[kind_of(folder)], "the folder's name and its expectation disagree"
    found = {name: verdict_of(name, document) for name in verdicts}
    assert found == verdicts
    differs = differences(expected, document)
    assert not differs, "\n" + "\n".join(differs)


@pytest.mark.parametrize("folder", ROW_CASES, ids=label)
def test_a_case_beside_a_matrix_row_gives_the_recovery_it_expects(folder: Path) -> None:
    row = folder.parent.name
    expected = expected_of(folder)
    document = diagnosed(folder)
    differs = differences(expected, document)
    assert not differs, "\n" + "\n".join(differs)
    support = judge().kb.matrix.rows[row].support
    setups = {s["id"]: s for s in document["setups"]}
    used = [(f, setups[f["setup"]]["recovery"]["row"]) for f in document["flows"] if f["setup"]]
    if kind_of(folder) == "positive":
        assert any(r == row and f["recovery"]["support"] == support for f, r in used)
    elif kind_of(folder) == "negative":
        assert used
        assert all(r != row for _, r in used)
    else:
        assert all(f["setup"] is None or f["recovery"]["configured"] is None for f in document["flows"])
