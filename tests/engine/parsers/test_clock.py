from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Place, Section, Source
from engine.facts import Clock
from engine.parsers.clock import parse, prologue


def section(text: str, command: str = "show clock") -> Section:
    source = Source("r1.txt", text.encode())
    return Section(source, command, 1, source.line_count, closed=True)


def clock(text: str) -> Clock:
    (fact,) = parse(section(text))
    assert isinstance(fact, Clock)
    return fact


@pytest.mark.parametrize(
    ("text", "iso", "mark", "zone"),
    [
        ("*13:40:00.123 UTC Mon Sep 2 2024", "2024-09-02T13:40:00.123Z", "*", "UTC"),
        (".13:40:00.123 KST Mon Sep 2 2024", "2024-09-02T13:40:00.123", ".", "KST"),
        ("13:40:00.123 CET Mon Sep 12 2024\n", "2024-09-12T13:40:00.123", "", "CET"),
        ("\n\n07:40:00 UTC Mon Sep 2 2024", "2024-09-02T07:40:00Z", "", "UTC"),
    ],
)
def test_show_clock_gives_a_stamp_with_year_zone_and_mark(text: str, iso: str, mark: str, zone: str) -> None:
    fact = clock(text)
    assert (fact.stamp.iso(), fact.stamp.mark, fact.stamp.zone) == (iso, mark, zone)
    assert fact.source is None


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Time source is NTP", "NTP"),
        ("Time source is hardware calendar", "hardware calendar"),
        ("Time source is user configuration", "user configuration"),
        ("No time source", "none"),
    ],
)
def test_detail_gives_the_source(line: str, source: str) -> None:
    fact = clock(f"*13:40:00.123 UTC Mon Sep 2 2024\n{line}\n")
    assert fact.source == source
    assert fact.at == Place("r1.txt", 1, 2)


@pytest.mark.parametrize("text", ["", "% Invalid input", "13:40:00 UTC", "25:40:00 UTC Mon Sep 2 2024"])
def test_no_clock_gives_no_fact(text: str) -> None:
    assert parse(section(text)) == []


def test_a_prologue_stands_before_any_output() -> None:
    text = (
        "Load for five secs: 2%/0%; one minute: 3%; five minutes: 3%\n"
        "Time source is NTP, 13:40:00.123 UTC Mon Sep 2 2024\n\ninterface: Tunnel0\n"
    )
    fact = prologue(section(text, "show crypto ipsec sa"))
    assert fact is not None
    assert (fact.stamp.iso(), fact.source, fact.at.line) == ("2024-09-02T13:40:00.123Z", "NTP", 2)


def test_a_prologue_without_time_source_still_has_a_clock() -> None:
    fact = prologue(
        section("Load for five secs: 2%\nNo time source, *13:40:00.123 UTC Mon Sep 2 2024\n", "show dmvpn")
    )
    assert fact is not None
    assert (fact.source, fact.stamp.mark) == ("none", "*")


def test_a_prologue_is_looked_for_at_the_top_only() -> None:
    assert prologue(section("\n" * 4 + "Time source is NTP, 13:40:00.123 UTC Mon Sep 2 2024\n")) is None
    assert prologue(section("Time source is NTP, soon\n")) is None
    assert prologue(Section(Source("x", b"one\n"), "show clock", 2, 1)) is None


def test_show_clock_with_a_prologue_is_one_clock() -> None:
    fact = clock(
        "Load for five secs: 2%\nTime source is NTP, 13:40:00.1 UTC Mon Sep 2 2024\n13:40:00.2 UTC Mon Sep 2 2024\n"
    )
    assert (fact.stamp.fraction, fact.source) == ("2", "NTP")


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    parse(section(text))
    prologue(section("Time source is NTP," + text))
