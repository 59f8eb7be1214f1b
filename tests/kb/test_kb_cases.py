"""Every bug, cause, condition and matrix row keeps cases beside it: one that it is, one that it is not, one unknown.

A case is a folder kb/PART/ID/cases/KIND-NAME with device text and expect.yaml (kb/matrix/cases/ROW/KIND-NAME for
rows of the recovery matrix). A new one needs no code here: engine.kbtools.cases walks them, as `ipsecdx kb test` does.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.judge import Judge
from engine.kbtools.cases import EXPECT, KINDS, Case, Cases, by_release_only
from engine.knowledge.load import load

KB = Path(__file__).parents[2] / "kb"


@cache
def cases() -> Cases:
    return Cases(Judge(load()), [KB])


@pytest.mark.parametrize("entry", cases().entries(), ids="/".join)
def test_an_entry_has_a_positive_a_negative_and_an_unknown_case(entry: tuple[str, str]) -> None:
    part, name = entry
    present = {case.kind for case in cases().of(part, name)}
    needless = part == "bugs" and by_release_only(cases().judge.kb.bugs[name])
    assert needless or present >= set(KINDS)


def test_every_case_folder_stands_beside_something_and_says_what_it_expects() -> None:
    assert not list(cases().strays())
    for case in cases().all:
        assert (case.folder / EXPECT).is_file(), case.folder


@pytest.mark.parametrize("case", cases().all, ids=lambda c: c.label)
def test_a_case_comes_out_as_it_expects(case: Case) -> None:
    failures = cases().failures(case)
    assert not failures, "\n" + "\n".join(failures)
