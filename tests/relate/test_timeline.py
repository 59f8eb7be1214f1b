"""When something was taken, and whether that was after a log line; in doubt None."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts import RunningConfig
from engine.relate.timeline import Taken, seconds_after, taken, was_after
from engine.stamp import Stamp
from tests.relate.build import at, clock, device, stamp

NOON = stamp("12:00:00", year=2024, zone="UTC")
SECTIONS = {"hub.txt": [(1, 10), (11, 20), (21, 30)]}


def taken_at(when: Stamp | None, *, until: Stamp | None = None, synchronised: bool = True) -> Taken:
    return Taken(when, until or when, synchronised, ())


def test_an_output_lies_between_the_clocks_around_it() -> None:
    early, late = clock(stamp("11:00:00", year=2024, zone="UTC"), line=2), clock(NOON, line=25)
    found = taken(device("HUB1", early, late).facts, at(15), SECTIONS)
    assert (found.not_before, found.not_after) == (early.stamp, late.stamp)


def test_a_clock_inside_the_section_is_the_time_of_its_output() -> None:
    inner = clock(NOON, line=11)
    found = taken(device("HUB1", clock(stamp("11:00:00", year=2024), line=2), inner).facts, at(15), SECTIONS)
    assert found.not_before == found.not_after == NOON


def test_clocks_of_another_source_say_nothing() -> None:
    found = taken(device("HUB1", clock(NOON, line=2, source="other.txt")).facts, at(15), SECTIONS)
    assert found == Taken(None, None, False, ())


@pytest.mark.parametrize(("mark", "by", "synchronised"), [("", None, True), ("", "NTP", True), ("*", None, False),
                                                          (".", "NTP", False), ("", "hardware calendar", False)])  # fmt: skip
def test_only_a_clock_without_doubt_is_synchronised(mark: str, by: str | None, synchronised: bool) -> None:
    read = clock(stamp("12:00:00", year=2024, zone="UTC", mark=mark), line=2, by=by)
    assert taken(device("HUB1", read).facts, at(15), SECTIONS).synchronised is synchronised


@pytest.mark.parametrize(
    ("local", "zone", "clock_zone", "comparable"),
    [
        (None, None, "UTC", True),
        (None, None, "KST", None),
        (True, None, "KST", True),
        (False, None, "KST", None),
        (None, "KST", "KST", True),
        (None, "UTC", "GMT", True),
        (None, "EST", "KST", None),
    ],
)
def test_a_log_line_is_compared_only_where_its_zone_is_known(
    local: bool | None, zone: str | None, clock_zone: str, comparable: bool | None
) -> None:
    facts = [RunningConfig(at=at(), hostname="HUB1", whole=True, log_timestamps_local=local)]
    now = stamp("12:00:00", year=2024, zone=clock_zone)
    held = device("HUB1", *facts, clock(now)).facts
    assert (seconds_after(now, stamp("11:00:00", zone=zone), held) is not None) is bool(comparable)


def test_an_uptime_stamp_is_not_compared_with_a_clock() -> None:
    up = Stamp(0, 0, 0, 0, 0, uptime="1d02h")
    assert seconds_after(NOON, up, device("HUB1").facts) is None


@given(st.integers(0, 86_399), st.integers(0, 86_399))
def test_an_output_is_after_a_line_exactly_where_the_clock_says_so(
    clock_second: int, log_second: int
) -> None:
    def of(seconds: int, **more: Any) -> Stamp:
        return stamp(f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}", **more)

    facts = device("HUB1", clock(NOON)).facts
    after = was_after(taken_at(of(clock_second, year=2024, zone="UTC")), of(log_second), facts)
    assert after is (clock_second >= log_second)


def test_between_two_clocks_the_line_lies_it_cannot_be_told() -> None:
    window = taken_at(stamp("11:00:00", year=2024, zone="UTC"), until=NOON)
    assert was_after(window, stamp("11:30:00"), device("HUB1").facts) is None


def test_the_clock_of_another_device_needs_to_be_synchronised() -> None:
    facts = device("HUB1", clock(NOON)).facts
    logged = stamp("11:00:00")
    assert was_after(taken_at(NOON), logged, facts, other=True) is True
    assert was_after(taken_at(NOON, synchronised=False), logged, facts, other=True) is None
    assert was_after(taken_at(NOON), stamp("11:00:00", mark="*"), facts, other=True) is None


def test_a_second_between_two_devices_is_no_difference() -> None:
    facts = device("HUB1", clock(NOON)).facts
    assert was_after(taken_at(NOON), stamp("11:59:59"), facts, other=True) is None
    assert was_after(taken_at(NOON), stamp("12:00:01"), facts, other=True) is None


def test_a_new_year_between_them_makes_no_age() -> None:
    early = stamp("00:10:00", month=1, day=1, year=2024, zone="UTC")
    assert was_after(taken_at(early), stamp("23:50:00", month=12, day=31), device("HUB1").facts) is None
