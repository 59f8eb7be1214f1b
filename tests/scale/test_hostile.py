"""Input that nobody would send on purpose is read or refused, and twice of it takes about twice the time.

The time is measured by `make soak`, alone on the machine. The sizes here take seconds in all;
`python -m benchmarks.hostile` runs the big ones.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.hostile import KINDS
from engine.evidence.open import open_case
from engine.render import json_document
from tests.tui.pipeline import diagnosed, judge

SIZES = {
    "one line": 20_000_000,
    "line feeds and a message": 4_000_000,
    "line feeds": 20_000_000,
    "half NULs": 4_000_000,
    "levels of indentation": 4_000,
    "show-tech headers": 20_000,
    "prompts": 40_000,
    "show commands": 8_000,
    "lines of a configuration": 20_000,
    "flows of a scan": 1_500,
    "messages of one flow": 8_000,
    "backspaces": 400_000,
}
WITH_A_FLOW = {"one line", "line feeds and a message", "half NULs", "messages of one flow", "backspaces"}


def seconds(path: Path) -> float:
    """Seconds of the processor, which other programs on the machine do not lengthen."""
    begin = time.process_time()
    opened = open_case([str(path)])
    if opened.sources:
        json_document.render(diagnosed(opened.sources))
    return time.process_time() - begin


def test_every_kind_has_a_size() -> None:
    assert set(SIZES) == set(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_twice_the_input_takes_no_more_than_about_twice_the_time(kind: str, tmp_path: Path) -> None:
    judge()
    path = tmp_path / "input.txt"
    write = KINDS[kind][0]
    write(path, SIZES[kind] // 4)
    quarter = min(seconds(path) for _ in range(2))
    write(path, SIZES[kind])
    # Four times as much: a quadratic step would take sixteen times as long. The constant is for what is done once.
    assert seconds(path) < 8 * quarter + 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_in_it_is_found_and_what_has_none_is_refused_or_says_nothing(
    kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "input.txt"
    KINDS[kind][0](path, min(SIZES[kind], 100_000) // (50 if kind == "flows of a scan" else 1))
    opened = open_case([str(path)])
    if kind == "line feeds":
        assert [t.code for t in opened.troubles] == ["empty"]
        return
    document = diagnosed(opened.sources)
    assert not [p for p in document.problems if p.code == "parser-failed"]
    if kind in WITH_A_FLOW:
        assert [f.src for f in document.flows] == ["198.18.0.2"]
    elif kind == "flows of a scan":
        assert len(document.flows) == 30
    else:
        assert not document.flows
