"""The test grammar of conditions: three values, and refusals that name the part."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts import Fact
from engine.observe.subject import Answered, Subject
from engine.observe.tests import TestError, check, resolve, run
from engine.relate.views import FlowView
from tests.evidence.samples import HUB, SPI, SPOKE
from tests.relate.build import case_of, coverage, device, flow, ike_sa, ipsec_sa

YES = {"field": "count", "is": 1}
NO = {"field": "count", "is": 2}
UNKNOWN = {"field": "interface", "is": "Tunnel0"}
LEAVES = {True: YES, False: NO, None: UNKNOWN}


def subject(*facts: Fact, answers: tuple[Answered, ...] = (), **more: Any) -> Subject:
    receiver = device("HUB1", *facts, os="ios-xe")
    one: FlowView = flow(receiver, **more)
    return Subject(kind="flow", flow=one, flows=[one], device=None, case=case_of(receiver), answers=answers)


def truth(test: dict[str, Any], role: str = "flow", **more: Any) -> bool | None:
    return run(test, role, subject(**more)).truth


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"field": "count", "is": 1}, True),
        ({"field": "count", "in": [1, 2]}, True),
        ({"field": "count", "at-least": 2}, False),
        ({"field": "count", "at-most": 1}, True),
        ({"field": "spi", "range": ["0x5E000000", "0x5EFFFFFF"]}, True),
        ({"field": "spi", "range": ["0xFF000000", "0xFFFFFFFF"]}, False),
        ({"field": "src", "prefix": "198.51."}, True),
        ({"field": "src", "is": "$flow.dst"}, False),
        ({"field": "interface", "is": "Tunnel0"}, None),
        ({"field": "interface", "known": True}, False),
        ({"field": "interface", "known": False}, True),
        ({"field": "no-such-field", "is": 1}, None),
    ],
)
def test_a_field_is_compared_and_unknown_where_it_has_no_value(
    test: dict[str, Any], expected: bool | None
) -> None:
    assert truth(test) is expected


@pytest.mark.parametrize(
    ("spi", "expected"),
    [(0xFF000000, True), (0xFFFFFFFF, True), (0xFEFFFFFF, False), (0x00FF0000, False), (0xFF, False)],
)
def test_the_first_octet_is_that_of_the_padded_spi(spi: int, expected: bool) -> None:
    assert truth({"field": "spi", "range": ["0xFF000000", "0xFFFFFFFF"]}, spi=spi) is expected


def test_a_role_that_nobody_fills_is_unknown() -> None:
    for role in ("sender", "receiver-setup", "sender-setup"):
        assert truth({"field": "os", "is": "ios"}, role) is None
        assert truth({"fact": "ipsec-sa"}, role) is None
        assert truth({"list": "ipsec-sa"}, role) is None


def test_a_fact_is_found_by_literals_references_and_mappings() -> None:
    one = subject(ipsec_sa("inbound"), ike_sa(HUB, SPOKE, up=False, state="MM_NO_STATE"))
    held = {"fact": "ipsec-sa", "where": {"direction": "inbound", "spi": "$flow.spi"}}
    assert run(held, "receiver", one).truth is True
    assert run({"fact": "ipsec-sa", "where": {"direction": "outbound"}}, "receiver", one).truth is False
    assert run({"fact": "ipsec-sa", "where": {"spi": {"at-least": SPI}}}, "receiver", one).truth is True
    rows = {
        "fact": "ike-sa",
        "where": {"ends": {"has": "$flow.src"}, "up": False, "state": {"in": ["MM_NO_STATE"]}},
    }
    assert run(rows, "receiver", one).truth is True


def test_a_reference_without_a_value_matches_nothing() -> None:
    one = subject(ipsec_sa("inbound"), spi=None)
    assert resolve("$flow.spi", one) is None
    assert run({"fact": "ipsec-sa", "where": {"spi": "$flow.spi"}}, "receiver", one).truth is False
    assert run({"fact": "ipsec-sa", "where": {"vrf": "$flow.spi"}}, "receiver", one).truth is False


def test_facts_are_counted() -> None:
    one = subject(ipsec_sa("inbound"), ipsec_sa("outbound"))
    assert run({"fact": "ipsec-sa", "count": {"at-least": 2}}, "receiver", one).truth is True
    assert run({"fact": "ipsec-sa", "count": {"at-least": 3}}, "receiver", one).truth is False


def test_a_list_is_seen_only_where_it_is_whole_and_for_this_peer() -> None:
    test = {"list": "ipsec-sa", "toward": "$flow.src"}
    assert run(test, "receiver", subject(coverage("ipsec-sa"))).truth is True
    assert run(test, "receiver", subject(coverage("ipsec-sa", toward=SPOKE))).truth is True
    assert run(test, "receiver", subject(coverage("ipsec-sa", toward="203.0.113.9"))).truth is False
    assert run(test, "receiver", subject(coverage("ipsec-sa", whole=False))).truth is False
    assert run({"list": "ipsec-sa"}, "receiver", subject(coverage("ipsec-sa", toward=SPOKE))).truth is False


@pytest.mark.parametrize("a", [True, False, None])
@pytest.mark.parametrize("b", [True, False, None])
def test_combinations_are_kleene(a: bool | None, b: bool | None) -> None:
    parts = [LEAVES[a], LEAVES[b]]
    assert truth({"all": parts}) is (False if False in (a, b) else None if None in (a, b) else True)
    assert truth({"any": parts}) is (True if True in (a, b) else None if None in (a, b) else False)
    assert truth({"not": LEAVES[a]}) is (None if a is None else not a)


@given(st.recursive(st.sampled_from([YES, NO, UNKNOWN]), lambda inner: st.one_of(
    st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
    st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
    inner.map(lambda part: {"not": part}),
)))  # fmt: skip
def test_not_turns_any_formula_round_and_only_that(test: dict[str, Any]) -> None:
    check(test)
    plain, turned = truth(test), truth({"not": test})
    assert turned is (None if plain is None else not plain)
    assert truth({"not": {"not": test}}) is plain


@pytest.mark.parametrize(
    ("test", "part"),
    [
        ("count", "not a test"),
        ({}, "exactly one"),
        ({"field": "os", "fact": "ipsec-sa", "is": 1}, "exactly one"),
        ({"field": "os"}, "needs one of"),
        ({"field": "os", "equals": "ios"}, "equals"),
        ({"fact": "ipsec-saa"}, "ipsec-saa"),
        ({"fact": "ipsec-sa", "where": {"spy": 1}}, "spy"),
        ({"fact": "ipsec-sa", "with": {}}, "with"),
        ({"list": "ipsec-sa", "for": 1}, "for"),
        ({"all": []}, "list"),
        ({"all": [YES], "any": [YES]}, "alone"),
        ({"any": {"field": "os"}}, "list"),
        ({"not": {"field": "os"}}, "needs one of"),
        ({"all": [YES, {"fact": "x"}]}, "x"),
    ],
)
def test_what_is_not_of_the_grammar_is_refused_by_name(test: Any, part: str) -> None:
    with pytest.raises(TestError, match=part):
        check(test)
