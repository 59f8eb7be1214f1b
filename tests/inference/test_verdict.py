from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import get_args

import msgspec
import pytest

from engine.diagnosis import document
from engine.inference.formula import Truth
from engine.inference.verdict import Cap, Grounds, Kind, Verdict, decide

TRUTHS = ("excluded", "release_clear", "signature", "release_affected", "proof", "some_for", "some_against")
CAPS: tuple[Cap | None, ...] = (None, "likely", "possible")
RANK = {"ruled_out": 0, "undetermined": 1, "possible": 2, "likely": 3, "confirmed": 4}


def everything(cap: Cap | None = None) -> Iterator[Grounds]:
    for kind in get_args(Kind):
        for values in product((True, False, None), repeat=len(TRUTHS)):
            truths: dict[str, Truth] = dict(zip(TRUTHS, values, strict=True))
            yield Grounds(kind=kind, cap=cap, **truths)


def lines_of_the_table(grounds: Grounds) -> list[str]:
    """The table of the rule language once more, each line with the negation of those above it spelled out."""
    bug = grounds.kind == "bug"
    out = grounds.excluded is True or (bug and grounds.release_clear is True)
    signature = grounds.signature is True
    settled = (grounds.release_affected if bug else grounds.proof) is True
    supported = grounds.some_for is True and grounds.some_against is not True
    table = {
        "ruled_out": out,
        "confirmed": not out and signature and settled,
        "likely": not out and signature and not settled,
        "possible": not out and not signature and supported,
        "undetermined": not out and not signature and not supported,
    }
    return [verdict for verdict, holds in table.items() if holds]


def test_every_combination_has_exactly_one_verdict() -> None:
    for grounds in everything():
        assert [decide(grounds)] == lines_of_the_table(grounds)


def test_the_verdicts_are_those_of_the_document() -> None:
    assert get_args(Verdict) == get_args(document.Verdict)
    assert {decide(grounds) for grounds in everything()} == set(get_args(Verdict))


@pytest.mark.parametrize(
    ("grounds", "verdict"),
    [
        (Grounds(kind="bug", signature=True), "likely"),
        (Grounds(kind="bug", signature=True, release_affected=True), "confirmed"),
        (Grounds(kind="bug", signature=True, proof=True), "likely"),
        (Grounds(kind="bug", signature=True, release_clear=True), "ruled_out"),
        (Grounds(kind="cause", signature=True, release_affected=True, release_clear=True), "likely"),
        (Grounds(kind="cause", signature=True, proof=True), "confirmed"),
        (Grounds(kind="condition", proof=True), "undetermined"),
        (Grounds(kind="cause", some_for=True), "possible"),
        (Grounds(kind="cause", some_for=True, some_against=True), "undetermined"),
        (Grounds(kind="cause"), "undetermined"),
        (Grounds(kind="cause", excluded=True, signature=True, proof=True), "ruled_out"),
    ],
)
def test_the_table_line_by_line(grounds: Grounds, verdict: Verdict) -> None:
    assert decide(grounds) == verdict


def test_a_cap_lowers_to_its_level_and_never_raises() -> None:
    for cap in ("likely", "possible"):
        for grounds in everything(cap):
            free = decide(msgspec.structs.replace(grounds, cap=None))
            expected = "undetermined" if free == "ruled_out" else min(free, cap, key=RANK.__getitem__)
            assert decide(grounds) == expected


def test_what_a_person_says_confirms_nothing_and_rules_nothing_out() -> None:
    for cap in ("likely", "possible"):
        assert not {decide(grounds) for grounds in everything(cap)} & {"confirmed", "ruled_out"}


def test_more_in_favour_never_lowers_and_more_against_never_raises_a_verdict() -> None:
    favourable = ("signature", "release_affected", "proof", "some_for")
    for cap in CAPS:
        for grounds in everything(cap):
            before = decide(grounds)
            for name in TRUTHS:
                if getattr(grounds, name) is not None:
                    continue
                after = decide(msgspec.structs.replace(grounds, **{name: True}))
                assert after == before or (RANK[after] > RANK[before]) is (name in favourable)


def test_an_unknown_that_turns_out_no_changes_nothing() -> None:
    for grounds in everything():
        for name in TRUTHS:
            if getattr(grounds, name) is None:
                assert decide(msgspec.structs.replace(grounds, **{name: False})) == decide(grounds)
