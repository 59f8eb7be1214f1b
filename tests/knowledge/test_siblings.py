"""The siblings of the seed bugs: what a report says of them, and when it leaves them out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from engine.case import diagnose
from engine.diagnosis.document import Finding
from engine.evidence.open import open_case
from engine.judge import Judge
from engine.knowledge.load import load

BUGS = Path(__file__).parents[2] / "kb" / "bugs"


@cache
def judge() -> Judge:
    return Judge(load())


def findings(case: str, lang: Literal["en", "ko"] = "en") -> dict[str, Finding]:
    bug, name = case.split("/")
    folder = BUGS / bug / "cases" / name
    opened = open_case([str(p) for p in sorted(folder.glob("*.txt"))])
    document = diagnose(opened.sources, judge(), name=name, troubles=opened.troubles, lang=lang)
    return {finding.id: finding for finding in document.findings}


def note(case: str, lang: Literal["en", "ko"] = "en") -> str:
    return findings(case, lang)[case.split("/", 1)[0]].note or ""


@pytest.mark.parametrize(
    ("case", "relation"),
    [
        ("CSCvp44397/positive-listed", "near"),
        ("CSCui88426/unknown-crash", "far"),
        ("CSCvq75871/unknown-replay", "look-alike"),
        ("CSCwc54984/positive-own-new-spi", "other-os"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_sibling_says_what_it_has_to_do_with_the_message(
    case: str, relation: str, lang: Literal["en", "ko"]
) -> None:
    assert judge().kb.texts[f"relation-{relation}"](lang) in note(case, lang)


@pytest.mark.parametrize("case", ["CSCvd69373/unknown-sender-absent", "CSCwe65414/unknown-replay"])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_workaround_is_told_where_the_finding_is_listed(case: str, lang: Literal["en", "ko"]) -> None:
    workaround = judge().kb.bugs[case.split("/", 1)[0]].workaround
    assert workaround is not None
    assert workaround(lang) in note(case, lang)


def test_a_release_that_is_not_listed_is_not_said_to_be_fixed() -> None:
    assert judge().kb.texts["release-not-listed"].en in note("CSCvp44397/positive-not-listed")


def test_sources_that_disagree_are_said_to_and_decide_nothing() -> None:
    found = findings("CSCun31021/positive-ike-sa-dropped")["CSCun31021"]
    assert found.verdict == "likely"
    assert "disagree" in (found.note or "")


@pytest.mark.parametrize(
    "case", ["CSCvq67658/negative-asr1000", "CSCwc54984/negative-ios-xe", "CSCvd69373/negative-ikev1"]
)
def test_a_sibling_that_cannot_be_and_that_nothing_speaks_for_is_not_listed(case: str) -> None:
    assert case.split("/", 1)[0] not in findings(case)


def test_a_sibling_whose_fix_is_in_the_release_is_listed_as_ruled_out() -> None:
    assert findings("CSCui88426/negative-fixed")["CSCui88426"].verdict == "ruled_out"


def test_bugs_of_other_systems_and_look_alikes_are_never_listed_for_a_router_without_their_signs() -> None:
    relations = {name: bug.relation for name, bug in judge().kb.bugs.items()}
    for case in ("CSCvp44397/positive-listed", "CSCvq67658/positive-listed"):
        assert not {n for n in findings(case) if relations.get(n) in {"look-alike", "other-os"}}
