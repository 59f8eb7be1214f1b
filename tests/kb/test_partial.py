"""The comparison of cases finds what differs: a walker that passes everything would prove nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kb.partial import differences

DOCUMENT: dict[str, Any] = {
    "status": "ok",
    "setups": [{"id": "R1/setup/A", "kind": "svti", "peers": ["192.0.2.1"], "recovery": {"support": "yes"}}],
    "flows": [],
    "problems": [{"code": "binary", "source": "core.bin"}],
    "findings": [
        {"id": "x", "rank": 2, "verdict": "likely", "subject": {"device": "R1"}},
        {"id": "x", "rank": 1, "verdict": "confirmed", "subject": {"device": "R2"}},
    ],
    "actions": [{"id": "R1/enable-recovery", "commands": ["crypto isakmp invalid-spi-recovery"]}],
    "questions": [{"id": "R1/flow/-/-/-/ask/spi-repeats"}],
}
AGREES: list[dict[str, Any]] = [
    {},
    {"status": "ok", "_count": {"setups": 1, "flows": 0}, "_first_finding": "x"},
    {"setups": [{"kind": "svti", "recovery": {"support": "yes"}}]},
    {"setups": [{"id": "R1/setup/A", "peers": ["192.0.2.1"]}]},
    {"findings": [{"id": "x", "verdict": "likely"}, {"id": "x", "verdict": "confirmed"}]},
    {"findings": [{"id": "x", "subject": {"device": "R2"}, "verdict": "confirmed"}]},
    {"_absent_findings": ["y", {"id": "x", "verdict": "possible"}], "_absent_setups": [{"kind": "dvti"}]},
    {"_actions_absent": ["clear-on-sender"], "_commands_absent": ["reload"], "_questions": ["spi-repeats"]},
]
DIFFERS: list[dict[str, Any]] = [
    {"status": "partial"},
    {"lang": "en"},
    {"setups": [{"kind": "dvti"}]},
    {"setups": [{"id": "R1/setup/A", "recovery": {"support": "no"}}]},
    {"setups": [{"peers": ["192.0.2.1", "192.0.2.2"]}]},
    {"findings": [{"id": "x", "subject": {"device": "R2"}, "verdict": "likely"}]},
    {"findings": [{"id": "x", "verdict": "possible"}]},
    {"findings": [{"id": "y"}]},
    {"_count": {"flows": 1}},
    {"_first_finding": "y"},
    {"_once": ["x"]},
    {"_absent_findings": ["x"]},
    {"_absent_findings": [{"id": "x", "verdict": "likely"}]},
    {"_absent_setups": [{"kind": "svti"}]},
    {"_absent_problems": [{"code": "binary"}]},
    {"_actions_absent": ["enable-recovery"]},
    {"_commands_absent": ["crypto isakmp invalid-spi-recovery"]},
    {"_questions": ["ike-sa"]},
    {"_a_misspelt_directive": True},
]


@pytest.mark.parametrize("expected", AGREES, ids=str)
def test_an_expectation_that_holds_finds_no_difference(expected: dict[str, Any]) -> None:
    assert not differences(expected, DOCUMENT)


@pytest.mark.parametrize("expected", DIFFERS, ids=str)
def test_an_expectation_that_does_not_hold_is_a_difference(expected: dict[str, Any]) -> None:
    assert differences(expected, DOCUMENT)
