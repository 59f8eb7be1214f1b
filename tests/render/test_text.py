"""Visible escapes, display width, wrapping, tables: the small parts that the renderers stand on."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.render.grid import grid
from engine.render.line import Line, Span, span, wrap
from engine.render.visible import prose, visible
from engine.render.width import display_width, pad


def text_of(lines: list[Line]) -> list[str]:
    return ["".join(s.text for s in line) for line in lines]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("a\tb", "a\tb"),
        ("a\rb\nc\x00", r"a\x0db\x0ac\x00"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\udc80", r"\udc80"),
        ("\U000e0041", r"\U000e0041"),
        ("수신 라우터 é ×", "수신 라우터 é ×"),
    ],
)
def test_what_steers_a_terminal_or_hides_text_is_shown_as_an_escape(raw: str, shown: str) -> None:
    assert visible(raw) == shown


def test_prose_is_one_line() -> None:
    assert prose(" a\n  b\tc \r\n") == "a b c"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("SPI", 3),
        ("수신", 4),
        ("\u1109\u116e\u1109\u1175\u11ab", 4),
        ("e\u0301", 1),
        ("\uff21", 2),
        ("·×", 2),
    ],
)
def test_width_counts_columns_not_characters(text: str, columns: int) -> None:
    assert display_width(text) == columns
    assert display_width(pad(text, 10)) == 10


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=200), st.integers(0, 40))
def test_wrapping_loses_nothing_but_the_white_space_at_breaks(text: str, width: int) -> None:
    item = span(text)
    lines = text_of(wrap([item], width, indent=2, hang=2))
    assert "".join("".join(lines).split()) == "".join(item.text.split())
    for line in lines:
        assert not width or display_width(line) <= width or len(line.split()) <= 1


def test_neighbouring_spans_without_white_space_stay_together() -> None:
    lines = text_of(wrap([Span("one two"), Span("-three", "dim"), Span(" four")], 8))
    assert lines == ["one", "two-three", "four"]


def test_spacing_inside_a_line_is_kept() -> None:
    assert text_of(wrap([Span("  a   b")], 80)) == ["  a   b"]


def test_a_table_too_wide_wraps_its_widest_cells() -> None:
    lines = text_of(grid(["name", "text"], [["R1", "one two three four"]], 16))
    assert lines == ["  name  text", "  R1    one two", "        three", "        four"]


def test_a_table_far_too_wide_becomes_paragraphs_without_empty_cells() -> None:
    lines = text_of(grid(["name", "path", "size"], [["R1", "x" * 30, "-"], ["R2", "-", "5"]], 20))
    assert lines == ["  R1", "      path:", "      " + "x" * 30, "  R2", "      size: 5"]


@example([["0", "0", "\t0"]], 9)
@given(st.lists(st.lists(st.text(max_size=30), min_size=3, max_size=3), max_size=6), st.integers(0, 60))
def test_any_table_fits_or_is_broken_only_at_words(rows: list[list[str]], width: int) -> None:
    for line in text_of(grid(["a", "b", "c"], rows, width)):
        assert not width or display_width(line) <= width or len(line.split()) <= 2
