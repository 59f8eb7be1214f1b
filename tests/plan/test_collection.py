"""Collection plans: what is asked of whom, in which order, and that nothing of it can do harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.case import Investigation
from engine.evidence.source import Source
from engine.judge import Judge
from engine.knowledge.load import load
from engine.plan.collection import plan_of
from engine.plan.document import CollectionPlan, DevicePlan
from engine.plan.text import plan_paste
from tests.knowledge.folders import overlay
from tests.plan.build import HUB, SPOKE, hub, ios_version, message, planned, readable_cases, sources_of

CASE_NAMES = readable_cases()
LOG = Source("r1.log", (message("0x5E1D0C3A", 1) + "\n").encode())


def device(plan: CollectionPlan, name: str) -> DevicePlan:
    return next(d for d in plan.devices if name in {d.target.device, d.target.address})


def commands(one: DevicePlan) -> list[str]:
    return [step.command for step in one.steps]


def test_a_lone_log_asks_both_ends_by_their_addresses() -> None:
    plan = planned([LOG])
    assert {(d.target.address, tuple(d.sides)) for d in plan.devices} == {
        (HUB, ("receiver",)),
        (SPOKE, ("sender",)),
    }
    assert f"show crypto ipsec sa peer {SPOKE} detail" in commands(device(plan, HUB))
    assert f"show crypto ipsec sa peer {HUB} detail" in commands(device(plan, SPOKE))


def test_the_most_informative_command_comes_first() -> None:
    for name in ("020-seed-message-alone", "028-matrix-ike-unknown"):
        for one in planned(sources_of(name)).devices:
            gains = [step.gain for step in one.steps]
            assert gains == sorted(gains, reverse=True)
    first = device(planned([LOG]), HUB).steps[0]
    assert first.settles
    assert first.answers


def test_one_output_is_asked_for_once_and_settles_everything_together() -> None:
    for name in CASE_NAMES:
        for one in planned(sources_of(name)).devices:
            asked = commands(one)
            assert len(asked) == len(set(asked))
            whole = {c for c in asked if " | " not in c}
            assert not [c for c in asked if " | " in c and c.partition(" | ")[0] in whole]


def test_what_the_case_has_is_not_asked_for_again() -> None:
    asked = commands(device(planned([hub("17.3", "ikev1")]), "HUB"))
    assert "show running-config" not in asked
    assert "show version" in asked
    steps = device(planned([hub("15.7", "ikev1"), ios_version("HUB")]), "HUB").steps
    assert not [s for s in steps if s.command == "show version" and not s.settles]


def test_commands_of_ios_xe_are_not_asked_of_classic_ios() -> None:
    sources = [hub("15.7", "ikev1"), ios_version("HUB")]
    assert not [c for c in commands(device(planned(sources), "HUB")) if "qfp" in c]


def test_counters_are_read_twice() -> None:
    steps = [s for name in CASE_NAMES for d in planned(sources_of(name)).devices for s in d.steps]
    counters = [s for s in steps if "qfp" in s.command or "stats exchange" in s.command]
    assert counters
    assert all(s.twice for s in counters)
    assert not [s for s in steps if s.twice and s not in counters]


def test_a_stranger_is_asked_for_nothing() -> None:
    plan = planned(sources_of("052-stranger-and-static-map"))
    senders = [d for d in plan.devices if "sender" in d.sides]
    assert senders
    assert all(not d.steps and not d.debugs and d.notes for d in senders)


def test_a_sender_of_another_system_is_not_given_commands_of_ios() -> None:
    plan = planned(sources_of("047-notify-bug-with-asa-sender"))
    (sender,) = [d for d in plan.devices if d.sides == ["sender"]]
    assert not sender.steps
    assert sender.notes


def test_debugs_come_last_for_one_peer_with_their_undo() -> None:
    (debug,) = device(planned([hub("15.7", "ikev1")]), "HUB").debugs
    assert debug.start == [
        f"debug crypto condition peer ipv4 {SPOKE}",
        "debug crypto isakmp",
        "debug crypto ipsec",
    ]
    assert debug.stop == [
        "no debug crypto ipsec",
        "no debug crypto isakmp",
        "debug crypto condition reset",
    ]


def test_a_pasted_block_per_device_holds_only_what_reads() -> None:
    for name in CASE_NAMES:
        text = plan_paste(planned(sources_of(name)))
        assert text.isascii()
        for line in text.splitlines():
            assert line.startswith(("!", "show ", "terminal length 0")), line
            assert not re.search(r"\|\s*(?:redirect|append|tee)", line)
    twice = plan_paste(planned([LOG]))
    assert twice.count("show crypto ikev2 stats exchange\n") == 2
    assert "! wait a minute" in twice


def test_times_bracket_what_is_collected() -> None:
    for one in planned([LOG]).devices:
        assert one.opening[-1] == "show clock"
        assert one.closing == ["show clock"]


def assert_harmless(plan: CollectionPlan) -> None:
    """Checked without the code that keeps a plan harmless."""
    for one in plan.devices:
        nameless = not (one.target.device or one.target.address)
        assert not nameless or (len(plan.devices) == 1 and not one.debugs)
        for step in one.steps:
            assert step.command.startswith("show "), step.command
            assert step.command.isprintable()
            assert not set(step.command) & set("{}[]?\n"), step.command
        for debug in one.debugs:
            assert re.fullmatch(r"debug crypto condition peer ipv[46] [0-9A-Fa-f.:]+", debug.start[0])
            assert len(debug.start) > 1
            assert debug.stop[-1] == "debug crypto condition reset"
            assert sorted(debug.stop[:-1]) == sorted(f"no {c}" for c in debug.start[1:])
            assert all(c.startswith("show ") for c in debug.check)


@pytest.mark.parametrize("name", CASE_NAMES)
def test_no_plan_of_any_case_can_do_harm(name: str) -> None:
    assert_harmless(planned(sources_of(name)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(CASE_NAMES), min_size=2, max_size=3, unique=True))
def test_no_plan_of_cases_thrown_together_can_do_harm(names: list[str]) -> None:
    sources = [Source(f"{name}/{s.path}", s.data) for name in names for s in sources_of(name)]
    assert_harmless(planned(sources))


@pytest.mark.parametrize("name", ["001-seed-persistent-pair", "088-desync-after-the-last-message"])
def test_the_order_of_the_files_changes_nothing(name: str) -> None:
    assert planned(sources_of(name)) == planned(sources_of(name)[::-1])


def test_nothing_but_reading_stands_around_the_commands_of_a_device(tmp_path: Path) -> None:
    text = "opening: [terminal length 0, reload, show clock]\nclosing: [clear crypto sa, 'show x | redirect flash:x']"
    investigation = Investigation(
        [hub("17.3", "ikev1")], Judge(load(None, [overlay(tmp_path, plan=text)]), prefer_direct=True)
    )
    document = plan_of(investigation, investigation.document("case"))
    assert next(d.opening for d in document.devices if d.steps) == ["terminal length 0", "show clock"]
    assert not any(d.closing for d in document.devices)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("119-nothing-of-interest", "No invalid SPI message was found in what was given."),
        ("129-masked-addresses", "(address not known)"),
    ],
)
def test_without_a_device_and_an_address_the_router_that_logs_is_asked(name: str, why: str) -> None:
    (one,) = planned(sources_of(name)).devices
    assert (one.target.device, one.target.address, one.sides) == (None, None, ["receiver"])
    assert one.notes == [why]
    assert {
        "show version", "show logging", "show running-config",
        "show crypto ipsec sa detail", "show crypto isakmp sa", "show crypto ikev2 sa",
    } <= set(commands(one))  # fmt: skip
