"""The application in a real terminal and in a real browser, where this machine has them."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from engine.saved import load
from tests.tui.walks import tmux_walk
from tui.cli import DONE, main

CASES = Path(__file__).parents[2] / "cases"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_a_case_is_opened_answered_and_saved_in_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    screens = tmux_walk.walk(CASES / "020-seed-message-alone" / "input", tmp_path / "work", tmp_path / "home")
    assert all(len(screen.splitlines()) <= 24 for screen in screens)
    saved = tmp_path / "work" / "input.ipsecdx.json"
    assert len(load(saved).given) == 1
    assert main(["replay", str(saved)]) == DONE


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_a_case_that_was_killed_is_offered_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    before, after = tmux_walk.killed(tmp_path / "work", tmp_path / "home")
    assert _asked(after) == _asked(before)
    [kept] = (tmp_path / "home").glob("**/*.ipsecdx.json")
    assert len(load(kept).given) == 2


def _asked(screen: str) -> list[str]:
    """The answer on top, and the question with its number, without what stands beside it."""
    lines = [line.partition("│")[0].strip() for line in screen.splitlines()]
    at = next(number for number, line in enumerate(lines) if line.startswith("Question"))
    return [*lines[:1], *lines[at : at + 2]]


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("textual_serve") is None, reason="textual-serve is not installed"
)
def test_a_case_is_opened_in_a_browser_that_asks_nobody_else(tmp_path: Path) -> None:
    from tests.tui.walks import chromium_walk

    if chromium_walk.chromium() is None:
        pytest.skip("Chromium is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = asyncio.run(chromium_walk.walk(CASES / "001-seed-persistent-pair" / "input", port, tmp_path))
    assert {urlsplit(address).netloc for address in asked} == {f"127.0.0.1:{port}"}
