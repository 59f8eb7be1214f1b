"""The siblings of the seed bugs: what a report says of them, and of those that cannot be."""

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
    ("case", "necessary"),
    [
        ("CSCvq67658/negative-asr1000", "isr4300-or-c9800-l"),
        ("CSCwc54984/negative-ios-xe", "device-is-firewall"),
        ("CSCvd69373/negative-ikev1", "pair-uses-ikev2"),
    ],
)
def test_a_sibling_that_cannot_be_is_listed_with_what_excludes_it(case: str, necessary: str) -> None:
    found = findings(case)[case.split("/", 1)[0]]
    assert found.verdict == "ruled_out"
    assert (found.against[0].condition, found.against[0].value) == (necessary, "no")
    assert found.note is None


def test_a_sibling_whose_fix_is_in_the_release_says_so() -> None:
    found = findings("CSCui88426/negative-fixed")["CSCui88426"]
    assert found.verdict == "ruled_out"
    assert found.note == f"{judge().kb.texts['release-clear'].en}."
    assert "malformed-ike-logged" in {reason.condition for reason in found.because}


def test_of_a_sibling_that_nothing_speaks_for_no_part_of_its_picture_is_told() -> None:
    assert findings("CSCvq67658/negative-asr1000")["CSCvq67658"].because == []


def test_bugs_of_other_systems_and_look_alikes_are_ruled_out_for_a_router_without_their_signs() -> None:
    relations = {name: bug.relation for name, bug in judge().kb.bugs.items()}
    for case in ("CSCvp44397/positive-listed", "CSCvq67658/positive-listed"):
        found = [f for n, f in findings(case).items() if relations.get(n) in {"look-alike", "other-os"}]
        assert found
        assert {f.verdict for f in found} == {"ruled_out"}
