"""Line numbers stay exact, however the line feeds are counted and in whatever order lines are asked for."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evidence import source as sources
from engine.evidence.source import LONGEST_LINE, Place, Section, Source

TEXTS = st.lists(st.sampled_from(["", "a", "\r", "Sep  2", "x" * 40]), max_size=60).map("\n".join)


def expected_lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


@settings(max_examples=200)
@given(TEXTS, st.integers(1, 9), st.randoms(use_true_random=False))
def test_every_line_is_found_by_number_and_by_offset_whatever_the_blocks(
    text: str, block: int, chance: random.Random
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "BLOCK", block)
        patch.setattr(sources, "_BLOCKS_KEPT", 2)
        patch.setattr(sources, "_LINES_KEPT", 3)
        source = Source("x", text.encode())
        lines = expected_lines(text)
        asked = [("line", n) for n in range(1, len(lines) + 1)] + [("at", n) for n in range(len(text))]
        chance.shuffle(asked)
        for what, number in asked:
            if what == "line":
                assert source.line(number) == lines[number - 1].rstrip("\r")
            else:
                assert source.line_at(number) == text[:number].count("\n") + 1
        assert source.line_count == len(lines)
        assert source.start(len(lines) + 1) == len(text)
        assert source.text(Place("x", 1, len(lines) + 5)).split("\n") == [line.rstrip("\r") for line in lines]


@pytest.mark.parametrize(
    "piece", [b"\n", b"a\n", b"a line of a log, as long as they are\n" * 3, b"a" * 70_000 + b"\n"]
)
def test_sparse_and_dense_line_feeds_are_counted_alike(piece: bytes) -> None:
    data = piece * (300_000 // len(piece))
    source = Source("x", data)
    assert source.line_count == data.count(b"\n")
    for offset in range(0, len(data), 9_973):
        assert source.line_at(offset) == data.count(b"\n", 0, offset) + 1


def test_a_line_is_cut_where_no_device_would_print_on() -> None:
    source = Source("x", b"a\n" + b"x" * (3 * LONGEST_LINE) + b"\nb\n")
    assert len(source.line(2)) == LONGEST_LINE
    assert source.line(3) == "b"
    assert [(n, len(text)) for n, text in Section(source, "", 1, 3).lines()] == [
        (1, 1),
        (2, LONGEST_LINE),
        (3, 1),
    ]


def test_one_bad_byte_spoils_its_own_line_only() -> None:
    source = Source("x", "설명\n".encode() + b"caf\xe9\n")
    assert Section(source, "", 1, 2).lines() == [(1, "설명"), (2, "café")]


def test_a_literal_is_found_wherever_it_stands_and_searched_once() -> None:
    source = Source("x", b"abcab")
    assert list(source.offsets_of(b"ab")) == [0, 3]
    assert source.offsets_of(b"ab") is source.offsets_of(b"ab")
    assert list(source.offsets_of(b"zz")) == []
