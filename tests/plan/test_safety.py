"""The last gates: what a plan may hold, and what a rendered applet may be."""

from __future__ import annotations

import pytest

from engine.evidence.source import Source
from engine.knowledge.applet_check import faults_in
from engine.plan.safety import reads_only, split_debug
from tests.plan.build import applets, hub, message

GOOD = ["debug crypto condition peer ipv4 192.0.2.1", "debug crypto isakmp", "no debug crypto isakmp"]
RESET = "debug crypto condition reset"


@pytest.mark.parametrize(
    "command",
    ["show clock", "show logging | include 0x5E1D0C3A", "show crypto ipsec sa peer 2001:db8::1 detail"],
)
def test_showing_reads(command: str) -> None:
    assert reads_only(command)


@pytest.mark.parametrize(
    "command",
    [
        "clear crypto sa peer 192.0.2.1",
        "debug crypto isakmp",
        "reload",
        "show clock | append flash:x",
        "show tech | redirect tftp://192.0.2.9/x",
        "show clock |tee flash:x",
        "show clock\nreload",
        "show crypto ipsec sa peer {flow.src}",
        "show crypto ?",
        "show logging | include 가",
        "",
    ],
)
def test_anything_else_does_not(command: str) -> None:
    assert not reads_only(command)


def test_a_debug_is_split_into_start_and_stop() -> None:
    assert split_debug([*GOOD, RESET]) == (GOOD[:2], [GOOD[2], RESET])


@pytest.mark.parametrize(
    "commands",
    [
        [],
        ["debug crypto isakmp", "no debug crypto isakmp", RESET],
        GOOD,
        [GOOD[0], GOOD[1], RESET],
        [GOOD[0], RESET],
        ["debug crypto condition peer ipv4 any", *GOOD[1:], RESET],
        [GOOD[0], "debug all", "no debug all", RESET],
        [GOOD[0], GOOD[1], "clear crypto sa", GOOD[2], RESET],
        [GOOD[0], GOOD[2], GOOD[1], RESET],
    ],
)
def test_a_debug_without_condition_or_undo_is_no_debug(commands: list[str]) -> None:
    assert split_debug(commands) is None


@pytest.fixture(scope="module")
def window() -> list[str]:
    return next(a.config for a in applets([hub("17.3", "ikev1")]).applets if a.template == "window-receiver")


def test_a_shipped_applet_has_no_fault(window: list[str]) -> None:
    assert faults_in(window) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CPU is busy", "CRYPTO-4-RECVD_PKT_INV_SPI of srcaddr=198.51.100.1"),  # its own text would start it
        (" ratelimit 30", ""),
        ("maxrun 300", "maxrun 120"),  # ended while it waits, with the debug on
        ("no debug crypto isakmp", "show clock"),
        ("debug crypto condition reset", "show clock"),
        ("debug crypto condition peer ipv4 198.51.100.1", "show clock"),
        ("debug crypto isakmp", "debug all"),
        ('cli command "enable"', 'cli command "clear crypto sa"'),
        ('cli command "enable"', 'cli command "show clock"'),
        ("action 450", "action 001"),
        ("action 450 end", "action 450 wait 1"),
        ("event manager applet IPSECDX-DBR-198.51.100.1", "event manager applet A B"),
        ("one minute: (", "one minute: (?:"),
        ("CPU is busy", "CPU 가 busy"),
    ],
)
def test_an_applet_that_could_do_harm_is_found(window: list[str], old: str, new: str) -> None:
    assert any(old in line for line in window), f"mend this test: no {old!r}"
    assert faults_in([line.replace(old, new) for line in window])


def test_a_pattern_that_matches_its_own_text_is_found() -> None:
    log = message("0x5E1D0C3A", 1, src="2001:DB8::1", dst="2001:DB8::2")
    config = applets([Source("r1.log", (log + "\n").encode())]).applets[0].config
    assert faults_in(config) == []
    assert faults_in([line.replace("INV_SP[I]", "INV_SPI") for line in config])


def test_a_line_that_is_no_part_of_an_applet_is_found(window: list[str]) -> None:
    assert faults_in([*window, "crypto isakmp invalid-spi-recovery"])
