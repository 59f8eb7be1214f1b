"""What the applets do when messages come: run on a small router that knows nothing of the templates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evidence.source import Source
from tests.plan.build import HUB, SPOKE, applets, hub, message
from tests.plan.eem_machine import Router

OLD, NEW, THIRD = "0x5E1D0C3A", "0x77AA0102", "0x00000101"
SESSION = (
    f"Mar  4 10:20:00.000: %CRYPTO-5-SESSION_STATUS: Crypto tunnel is DOWN .  Peer {HUB}:500       Id: {HUB}"
)


def config(template: str, ike: str = "ikev1") -> list[str]:
    return next(a.config for a in applets([hub("17.3", ike)]).applets if a.template == template)


def router(template: str, **given: int) -> Router:
    return Router(config(template), **given)


@pytest.mark.parametrize("template", ["capture", "window-receiver"])
class TestARepeat:
    def test_the_first_message_is_only_remembered(self, template: str) -> None:
        one = router(template)
        assert one.log(message(OLD, 1))
        assert not one.files
        assert not one.debugs
        assert f"{SPOKE}/{OLD};,none" in one.environment.values()

    def test_the_second_one_of_the_same_source_and_spi_is_acted_on(self, template: str) -> None:
        one = router(template)
        one.log(message(OLD, 1))
        one.log(message(OLD, 2))
        assert "show logging" in one.files
        assert len(one.said) == 1

    def test_further_ones_are_not(self, template: str) -> None:
        one = router(template)
        for minute in range(1, 50):
            one.log(message(OLD, minute))
        assert one.files.count("show logging") == 1

    def test_another_spi_starts_anew(self, template: str) -> None:
        one = router(template)
        for spi in (OLD, NEW, THIRD):
            one.log(message(spi, 1))
        assert not one.files
        one.log(message(THIRD, 2))
        assert one.files.count("show logging") == 1

    def test_two_spis_that_take_turns_are_acted_on_once_each(self, template: str) -> None:
        one = router(template)
        for _ in range(20):
            for spi in (OLD, NEW):
                one.log(message(spi, 1))
        assert one.files.count("show logging") == 2

    def test_an_spi_that_begins_another_one_is_another_one(self, template: str) -> None:
        one = router(template)
        for spi in (f"{OLD}", OLD[:-1]):
            one.log(message(spi, 1))
        assert not one.files

    def test_a_storm_of_spis_ends_it(self, template: str) -> None:
        one = router(template)
        for number in range(100):
            for _ in range(2):
                one.log(message(f"0x{0x10000000 + number:08X}", 1))
        assert one.files.count("show logging") == (20 if template == "capture" else 10)

    def test_another_source_is_another_applets_business(self, template: str) -> None:
        one = router(template)
        assert not one.log(message(OLD, 1, src="203.0.113.7"))
        for minute in (1, 2, 3):  # its address begins with that of the peer
            one.log(message(OLD, minute, src=f"{SPOKE}0"))
        assert not one.commands

    def test_nothing_is_written_where_space_is_short(self, template: str) -> None:
        one = router(template, free=9_999_999)
        one.log(message(OLD, 1))
        one.log(message(OLD, 2))
        assert not one.files
        assert not one.debugs
        assert "less than 10 MB" in one.said[0]

    def test_a_burst_runs_it_once(self, template: str) -> None:
        one = router(template)
        assert one.log(message(OLD, 1))
        assert not any(one.log(message(OLD, 1), after=1) for _ in range(20))


def test_a_gigabyte_of_free_space_is_enough() -> None:
    for free in (10_000_000, 4_867_547_712, 98_765_432_109):
        one = router("capture", free=free)
        one.log(message(OLD, 1))
        one.log(message(OLD, 2))
        assert one.files


@pytest.mark.parametrize(("cpu", "runs"), [(0, True), (5, True), (59, True), (60, False), (100, False)])
def test_a_busy_router_is_not_debugged(cpu: int, *, runs: bool) -> None:
    one = router("window-receiver", cpu=cpu)
    one.log(message(OLD, 1))
    one.log(message(OLD, 2))
    assert ("debug crypto isakmp" in one.commands) == runs
    assert not one.debugs


@pytest.mark.parametrize("ike", ["ikev1", "ikev2"])
@pytest.mark.parametrize("template", ["window-receiver", "window-sender"])
def test_a_window_is_for_one_peer_and_leaves_no_debug_on(template: str, ike: str) -> None:
    one = Router(config(template, ike))
    if template == "window-sender":
        one.log(SESSION)
    else:
        one.log(message(OLD, 1))
        one.log(message(OLD, 2))
    peer = HUB if template == "window-sender" else SPOKE
    debugs = [c for c in one.commands if c.startswith("debug ")]
    assert debugs[0] == f"debug crypto condition peer ipv4 {peer}"
    assert f"debug crypto {'isakmp' if ike == 'ikev1' else 'ikev2'}" in debugs
    assert one.debugs == []
    assert "show logging" in one.files


def test_the_window_of_the_sender_opens_for_its_peer_only_and_at_most_every_half_hour() -> None:
    one = router("window-sender")
    assert not one.log(SESSION.replace(HUB, "203.0.113.9"))
    assert one.log(SESSION)
    assert not one.log(SESSION, after=900)
    assert one.log(SESSION, after=1800)


def test_the_session_message_of_ikev2_opens_it_too() -> None:
    one = router("window-sender")
    assert one.log(f"%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is DOWN.  Peer {HUB}:500  Id: {HUB}")


def test_nothing_that_an_applet_logs_starts_any_applet() -> None:
    patterns = [re.compile(router(t).pattern) for t in ("capture", "window-receiver", "window-sender")]
    for template in ("capture", "window-receiver", "window-sender"):
        one = router(template)
        for text in (message(OLD, 1), message(OLD, 2), SESSION):
            one.log(text, after=3600)
        logged = [*one.said, *one.commands, *config(template)]
        assert logged
        assert not [line for line in logged if any(p.search(line) for p in patterns)]


def test_an_ipv6_source_is_followed_as_it_is_printed() -> None:
    def log(minute: int) -> str:
        return message(OLD, minute, src="2001:DB8::1", dst="2001:DB8::2")

    found = applets([Source("r1.log", (log(1) + "\n").encode())]).applets
    one = Router(next(a.config for a in found if a.template == "capture"))
    one.log(log(1))
    one.log(log(2))
    assert "show crypto ipsec sa peer 2001:DB8::1 detail" in one.files


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([OLD, NEW, THIRD]), max_size=30))
def test_whatever_comes_nothing_is_captured_before_it_repeats(spis: list[str]) -> None:
    one = router("capture")
    expected = 0
    seen: list[str] = []
    done: list[str] = []
    for spi in spis:
        if spi not in seen:
            seen = [spi, *seen[:1]]
        elif spi not in done:
            expected, done = expected + 1, [spi, *done[:1]]
        one.log(message(spi, 1))
    assert one.files.count("show logging") == min(expected, 20)
