from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.stamp import MONTH, Stamp, month_number, seconds_between

NAMES = MONTH[3:-1].split("|")


def at(month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0, **more: object) -> Stamp:
    return Stamp(month, day, hour, minute, second, **more)  # type: ignore[arg-type]


def up(text: str) -> Stamp:
    return Stamp(0, 0, 0, 0, 0, uptime=text)


moments = st.datetimes(min_value=datetime(1993, 1, 1), max_value=datetime(2099, 12, 31))  # noqa: DTZ001  naive
fractions = st.integers(0, 999999)


@st.composite
def stamps(draw: st.DrawFn, *, year: bool | None = None, zone: str | None = None) -> Stamp:
    moment = draw(moments)
    fraction = draw(st.sampled_from(["", f"{moment.microsecond:06d}", f"{moment.microsecond // 1000:03d}"]))
    with_year = draw(st.booleans()) if year is None else year
    return Stamp(
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        fraction,
        moment.year if with_year else None,
        zone,
        draw(st.sampled_from(["", "*", "."])),
    )


@pytest.mark.parametrize(
    ("stamp", "iso"),
    [
        (at(9, 2, 13, 36, 47, fraction="287"), "--09-02T13:36:47.287"),
        (at(9, 2, 13, 36, 47), "--09-02T13:36:47"),
        (at(9, 2, 13, 36, 47, year=2024), "2024-09-02T13:36:47"),
        (at(9, 2, 13, 36, 47, year=2024, zone="UTC"), "2024-09-02T13:36:47Z"),
        (at(9, 2, 13, 36, 47, zone="GMT"), "--09-02T13:36:47Z"),
        (at(9, 2, 13, 36, 47, zone="Z"), "--09-02T13:36:47Z"),
        (at(9, 2, 13, 36, 47, year=2024, zone="+09:00"), "2024-09-02T13:36:47+09:00"),
        (at(9, 2, 13, 36, 47, year=2024, zone="-0530"), "2024-09-02T13:36:47-05:30"),
        (at(9, 2, 13, 36, 47, zone=""), "--09-02T13:36:47"),
    ],
)
def test_iso_prints_what_is_known_and_no_more(stamp: Stamp, iso: str) -> None:
    assert stamp.iso() == iso


def test_a_zone_name_is_not_turned_into_an_offset() -> None:
    assert at(2, 2, zone="KST").iso() == "--02-02T12:00:00"


def test_an_uptime_stamp_is_kept_as_written() -> None:
    assert up("43w2d").iso() == "43w2d"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:27:07", 1627),
        ("1d02h", 93600),
        ("43w2d", (43 * 7 + 2) * 86400),
        ("1y12w", (365 + 84) * 86400),
        ("3w", 3 * 7 * 86400),
        ("soon", None),
    ],
)
def test_uptime_stamps_count_from_boot(text: str, seconds: int | None) -> None:
    assert up(text).uptime_seconds() == seconds


def test_a_calendar_stamp_has_no_uptime() -> None:
    assert at(9, 2).uptime_seconds() is None


def test_the_repeat_of_one_minute_is_exact() -> None:
    first = at(9, 2, 13, 36, 47, fraction="287")
    last = at(9, 2, 13, 37, 48, fraction="039")
    assert seconds_between(first, last) == 60.752


def test_uptime_stamps_compare_only_with_each_other() -> None:
    assert seconds_between(up("00:27:07"), up("00:28:07")) == 60
    assert seconds_between(up("00:27:07"), at(9, 2)) is None
    assert seconds_between(at(9, 2), up("00:27:07")) is None
    assert seconds_between(up("soon"), up("00:28:07")) is None


def test_different_zones_do_not_compare_unless_both_are_utc() -> None:
    assert seconds_between(at(9, 2, zone="EST"), at(9, 2, zone="EDT")) is None
    assert seconds_between(at(9, 2, zone="EST"), at(9, 2)) is None
    assert seconds_between(at(9, 2, zone="UTC"), at(9, 2, 12, 1, zone="GMT")) == 60


def test_no_age_is_computed_across_a_new_year_without_years() -> None:
    assert seconds_between(at(12, 31, 23, 59), at(1, 1, 0, 1)) is None
    assert seconds_between(at(12, 31, 23, 59, year=2023), at(1, 1, 0, 1, year=2024)) == 120


def test_february_has_an_unknown_length_without_a_year() -> None:
    assert seconds_between(at(2, 28), at(3, 1)) is None
    assert seconds_between(at(3, 1), at(3, 2)) == 86400


def test_a_29_february_tells_its_length() -> None:
    assert seconds_between(at(1, 15), at(2, 29)) == 45 * 86400
    assert seconds_between(at(2, 29), at(3, 1)) == 86400


def test_a_clock_lends_its_year_to_a_log_line() -> None:
    log, clock = at(9, 2, 13, 36, 47), at(9, 2, 13, 40, 0, year=2024)
    assert seconds_between(log, clock) == 193
    assert seconds_between(clock, log) == -193


def test_a_clock_lends_no_year_to_a_line_half_a_year_away() -> None:
    assert seconds_between(at(12, 31), at(1, 2, year=2024)) is None
    assert seconds_between(at(2, 29), at(3, 1, year=2023)) is None


def test_a_day_that_does_not_exist_is_no_moment() -> None:
    assert at(2, 30).moment(2024) is None
    assert at(2, 29).moment(2023) is None
    assert up("43w2d").moment(2024) is None


def test_a_leap_second_is_a_moment() -> None:
    assert at(6, 30, 23, 59, 60).moment(2015) is not None


@pytest.mark.parametrize("name", NAMES)
def test_months_are_known_in_any_case(name: str) -> None:
    assert month_number(name) == month_number(name.upper()) == NAMES.index(name) + 1


def test_other_words_are_no_months() -> None:
    assert month_number("Foo") == month_number("") == 0


@given(moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_with_years_the_difference_is_that_of_the_calendar(first: datetime, step: timedelta) -> None:
    last = first + step
    a, b = (
        Stamp(m.month, m.day, m.hour, m.minute, m.second, f"{m.microsecond:06d}", m.year)
        for m in (first, last)
    )
    assert seconds_between(a, b) == pytest.approx(step.total_seconds(), abs=1e-5)


@given(moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_without_years_a_difference_is_given_only_where_it_is_true(first: datetime, step: timedelta) -> None:
    last = first + step
    a, b = (Stamp(m.month, m.day, m.hour, m.minute, m.second, f"{m.microsecond:06d}") for m in (first, last))
    seconds = seconds_between(a, b)
    if seconds is not None and first.year == last.year:
        assert seconds == pytest.approx(step.total_seconds(), abs=1e-5)


@given(stamps(), stamps())
def test_the_difference_turns_its_sign_with_its_sides(a: Stamp, b: Stamp) -> None:
    there, back = seconds_between(a, b), seconds_between(b, a)
    if there is not None and back is not None:
        assert there == pytest.approx(-back)


@given(stamps(year=True, zone="UTC"))
def test_iso_with_a_year_can_be_read_back(stamp: Stamp) -> None:
    read = datetime.fromisoformat(stamp.iso())
    assert (read.year, read.month, read.day, read.second) == (
        stamp.year,
        stamp.month,
        stamp.day,
        stamp.second,
    )


@given(st.builds(Stamp, *(st.integers(0, 99),) * 5, st.text("0123456789", max_size=9), st.integers(0, 9999)))
def test_no_stamp_raises(stamp: Stamp) -> None:
    stamp.iso()
    stamp.moment(2024)
    seconds_between(stamp, at(9, 2, year=2024))
