"""A condition is no only where the list that would hold it was seen whole; answers fill what evidence leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from engine.facts import Fact
from engine.inference.formula import Atom
from engine.knowledge.model import Condition
from engine.knowledge.written import Text
from engine.observe.settle import atoms_of, settle
from engine.observe.subject import Answered, Observation
from tests.evidence.samples import SPOKE
from tests.observe.test_grammar import subject
from tests.relate.build import coverage, ipsec_sa


def condition(of: str = "receiver", **more: Any) -> Condition:
    return Condition(of=of, title=Text(en="x", ko="x"), statement="stated", source="seed#S1", **more)  # type: ignore[arg-type]


INSTALLED = condition(
    yes={"fact": "ipsec-sa", "where": {"direction": "inbound", "spi": "$flow.spi"}},
    complete={"list": "ipsec-sa", "toward": "$flow.src"},
)
KIND = condition("flow", values=["present", "absent"], field="ike-sa")


def one(cond: Condition, *facts: Fact, answers: tuple[Answered, ...] = (), **more: Any) -> Observation:
    return settle({"c": cond}, subject(*facts, answers=answers, **more))["c"]


def said(value: str, **more: Any) -> tuple[Answered, ...]:
    return (Answered("c", value, "command line", **more),)


def test_a_fact_found_is_yes_with_its_line() -> None:
    found = one(INSTALLED, ipsec_sa("inbound", line=7))
    assert found.truth is True
    assert [q.place.line for q in found.quotes] == [7]


@pytest.mark.parametrize(
    ("seen", "truth"),
    [
        ((), None),
        ((coverage("ipsec-sa", whole=False),), None),
        ((coverage("ipsec-sa", toward="203.0.113.9"),), None),
        ((coverage("isakmp-sa"),), None),
        ((coverage("ipsec-sa"),), False),
        ((coverage("ipsec-sa", toward=SPOKE),), False),
    ],
)
def test_a_fact_missing_is_no_only_from_a_list_seen_whole(seen: tuple[Fact, ...], truth: bool | None) -> None:
    assert one(INSTALLED, *seen).truth is truth


def test_what_lacks_it_is_quoted_as_absence() -> None:
    assert [q.kind for q in one(INSTALLED, coverage("ipsec-sa")).quotes] == ["absence"]


def test_a_no_test_decides_where_the_yes_test_fails() -> None:
    xe = condition(yes={"field": "os", "is": "ios"}, no={"field": "os", "known": True})
    assert one(xe).truth is False


def test_a_closed_proposition_is_never_unknown() -> None:
    closed = condition("flow", yes={"field": "interface", "is": "Tunnel0"}, complete="always")
    assert one(closed).truth is False


def test_a_category_has_a_value_or_none() -> None:
    assert one(KIND, ike_sa="present").value == "present"
    assert one(KIND, ike_sa="unknown").value is None
    assert one(KIND, ike_sa="unknown").truth is None


def test_an_answer_counts_where_the_evidence_is_silent() -> None:
    assert one(KIND, answers=said("absent")).value == "absent"
    assert one(INSTALLED, answers=said("no")).truth is False
    assert one(INSTALLED, answers=said("no")).by == "answer"


def test_evidence_beats_an_answer() -> None:
    found = one(INSTALLED, ipsec_sa("inbound"), answers=said("no"))
    assert (found.truth, found.by) == (True, "evidence")
    assert one(KIND, answers=said("absent"), ike_sa="present").value == "present"


def test_dont_know_and_a_later_answer_take_an_answer_back() -> None:
    assert one(INSTALLED, answers=said("unknown")).truth is None
    assert one(INSTALLED, answers=said("no") + said("unknown")).truth is None
    assert one(INSTALLED, answers=said("no") + said("yes")).truth is True


def test_an_answer_about_another_subject_does_not_count() -> None:
    assert one(INSTALLED, answers=said("no", subject="HUB9/flow")).truth is None


def test_atoms_are_one_per_proposition_and_one_per_value_of_a_category() -> None:
    conditions = {"installed": INSTALLED, "kind": KIND, "open": INSTALLED}
    found = {
        "installed": Observation(False),
        "kind": Observation(None, (), "absent"),
        "open": Observation(None),
    }
    assert atoms_of(conditions, found) == {
        Atom("installed"): False,
        Atom("kind", "present"): False,
        Atom("kind", "absent"): True,
    }


TWO = condition("flow", yes={"field": "count", "at-least": 2}, no={"field": "count", "is": 0})
THREE = condition("flow", yes={"field": "count", "at-least": 3})
ONCE = condition("flow", yes={"field": "count", "is": 1})


@pytest.mark.parametrize(
    ("cond", "count", "copies", "truth", "by"),
    [
        (TWO, 2, 0, True, "evidence"),
        (TWO, 2, 1, True, "assumed"),
        (TWO, 3, 1, True, "evidence"),
        (THREE, 3, 1, True, "assumed"),
        (THREE, 4, 2, True, "assumed"),
        (ONCE, 2, 1, False, "assumed"),
        (ONCE, 1, 0, True, "evidence"),
    ],
)
def test_what_only_a_second_print_settles_is_assumed(
    cond: Condition, count: int, copies: int, truth: bool, by: str
) -> None:
    found = one(cond, count=count, copies=copies)
    assert (found.truth, found.by) == (truth, by)


def test_a_condition_that_asks_for_no_count_is_evidence_whatever_the_copies() -> None:
    assert one(KIND, ike_sa="present", count=2, copies=1).by == "evidence"
    assert one(INSTALLED, ipsec_sa("inbound"), count=2, copies=1).by == "evidence"
