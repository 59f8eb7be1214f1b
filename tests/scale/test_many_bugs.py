"""With thousands of bugs known, what a case hands to the engines follows what the case shows, not how many there are."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from benchmarks import bugs
from engine.case import diagnose
from engine.diagnosis.document import Diagnosis
from engine.evidence.open import open_case
from engine.judge import Judge
from engine.knowledge.load import load

RULES_OF_A_BUG = 5


def handed(judge: Judge) -> int:
    return judge.judging.handed + judge.advising.handed


def told(judge: Judge) -> Diagnosis:
    return diagnose(open_case([str(bugs.CASE)]).sources, judge, name="case")


def with_bugs(
    folder: Path, number: int, mixture: dict[str, float] | None = None
) -> tuple[Judge, dict[str, str]]:
    kinds = bugs.write(folder, number, mixture=mixture)
    return Judge(load(None, [folder]), prefer_direct=True), kinds


@cache
def shipped() -> tuple[int, list[str]]:
    judge = Judge(load(), prefer_direct=True)
    ids = [finding.id for finding in told(judge).findings]
    return handed(judge), ids


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPSECDX_NO_CACHE", "1")


def test_of_the_mixture_exactly_the_bugs_that_the_case_shows_are_listed(tmp_path: Path) -> None:
    mixture = {"other-feature": 0.5, "other-sign": 0.2, "excluded": 0.1, "fixed": 0.1, "possible": 0.1}
    judge, kinds = with_bugs(tmp_path, 200, mixture)
    findings = told(judge).findings
    said = {finding.id: finding.verdict for finding in findings if finding.id in kinds}
    assert said == {name: bugs.LISTED[kind] for name, kind in kinds.items() if kind in bugs.LISTED}
    assert [finding.id for finding in findings if finding.id not in kinds] == shipped()[1]


def test_bugs_that_rest_on_what_is_not_shown_hand_nothing_to_the_engines(tmp_path: Path) -> None:
    judge, kinds = with_bugs(tmp_path, 300, {"other-feature": 0.9, "other-sign": 0.1})
    told(judge)
    assert len(kinds) == 300
    assert handed(judge) == shipped()[0]


def test_bugs_that_are_ruled_out_together_cost_one_rule_for_what_they_need(tmp_path: Path) -> None:
    judge, kinds = with_bugs(tmp_path, 300, {"excluded": 1.0})
    verdicts = {finding.id: finding.verdict for finding in told(judge).findings}
    assert {verdicts[name] for name in kinds} == {"ruled_out"}
    # The shipped bugs need one of the three conditions already.
    assert shipped()[0] < handed(judge) <= shipped()[0] + len(bugs.NEEDS)


def test_fixed_bugs_hand_nothing_to_the_engines(tmp_path: Path) -> None:
    judge, kinds = with_bugs(tmp_path, 300, {"fixed": 1.0})
    verdicts = {finding.id: finding.verdict for finding in told(judge).findings}
    assert {verdicts[name] for name in kinds} == {"ruled_out"}
    assert handed(judge) == shipped()[0]


def test_what_is_possible_is_handed_over_and_nothing_else(tmp_path: Path) -> None:
    judge, kinds = with_bugs(tmp_path, 400, {"other-feature": 0.95, "possible": 0.05})
    told(judge)
    possible = sum(kind == "possible" for kind in kinds.values())
    assert 0 < handed(judge) - shipped()[0] <= possible * RULES_OF_A_BUG
    before = handed(judge)
    told(judge)
    assert handed(judge) == before


def test_the_same_seed_gives_the_same_bugs(tmp_path: Path) -> None:
    for name in ("a", "b"):
        bugs.write(tmp_path / name, 20)
    files = [sorted((tmp_path / name).rglob("*.yaml")) for name in ("a", "b")]
    assert [p.read_bytes() for p in files[0]] == [p.read_bytes() for p in files[1]]
