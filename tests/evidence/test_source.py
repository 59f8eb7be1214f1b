"""Sources: lines that can be found by offset and number, read as the terminal showed them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Place, Section, Source, clean


@given(st.lists(st.text(alphabet="ab \t\r", max_size=6), min_size=1, max_size=12), st.booleans())
def test_every_offset_lies_in_the_line_that_holds_it(lines: list[str], ended: bool) -> None:
    text = "\n".join(lines) + ("\n" if ended else "")
    source = Source("x", text.encode())
    assert source.line_count == max(1, len(text.split("\n")) - text.endswith("\n"))
    for offset in range(len(text)):
        assert source.line_at(offset) == text[:offset].count("\n") + 1


@pytest.mark.parametrize("data", [b"", b"x", b"x\n"])
def test_a_source_has_at_least_one_line(data: bytes) -> None:
    assert Source("x", data).line_count == 1


def test_a_place_is_read_without_line_ends_and_not_beyond_the_source() -> None:
    source = Source("x", b"one\r\ntwo\r\nthree")
    assert source.text(Place("x", 2, 9)) == "two\nthree"
    assert source.text(Place("x", 3, 3)) == "three"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("interface Tunnel0\r\r\n", "interface Tunnel0"),
        (" --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08 tunnel mode gre", " tunnel mode gre"),
        ("--More-- tunnel", "tunnel"),
        (" -- More -- \r            \r ip address", " ip address"),
        ("\x1b[32mHUB1\x1b[0m#show version", "HUB1#show version"),
        ("shoe\x08w", "show"),
        ("ab\x08\x08\x08c", "c"),
        ("MoreOver", "MoreOver"),
    ],
)  # fmt: skip
def test_a_line_is_read_as_the_terminal_showed_it(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(st.text(max_size=80))
def test_cleaning_leaves_no_backspace_and_changes_nothing_twice(text: str) -> None:
    once = clean(text)
    assert "\x08" not in once
    if "More" not in once and "\x1b" not in once:
        assert clean(once) == once


def test_the_lines_of_a_section_carry_the_numbers_of_the_source() -> None:
    source = Source("x", b"a\nb\nc\nd")
    assert Section(source, "", 2, 3).lines() == [(2, "b"), (3, "c")]
    assert Section(source, "", 4, 4).lines() == [(4, "d")]
    assert Section(source, "", 3, 2).lines() == []


def test_a_line_of_backspaces_is_read_in_linear_time() -> None:
    began = time.perf_counter()
    assert clean("a" * 24_000 + "\x08" * 24_000) == ""
    assert time.perf_counter() - began < 0.5
