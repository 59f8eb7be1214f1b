"""A big source is searched and counted in one pass, and a helper changes how long that takes, never what is found."""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
from array import array
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pytest

from engine.evidence import helper as helping
from engine.evidence import look as looking
from engine.evidence.helper import Helper
from engine.evidence.look import BLOCK, PIECE, look
from engine.evidence.search import INV_SPI, Data, search

SIZE = 11 * PIECE + 12_345
pytestmark = pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="the system starts no helper")
LINE = b"Sep  2 00:00:30.125: %SYS-5-CONFIG_I: Configured from console\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Log lines, with the literal at random, across every border of pieces, and as the last bytes."""
    chance = random.Random(7)
    text = bytearray(LINE * (SIZE // len(LINE) + 1))[:SIZE]
    places = [piece * PIECE - back for piece in (1, 4, 11) for back in (0, 1, 16, 17)][::5]
    for at in [*places, *(chance.randrange(SIZE - 40) for _ in range(50)), SIZE - len(INV_SPI)]:
        text[at : at + len(INV_SPI)] = INV_SPI
    path = tmp_path / "big.log"
    path.write_bytes(text)
    return path


@pytest.fixture
def data(path: Path) -> Iterator[mmap]:
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        yield data


def expected(data: Data) -> tuple[list[int], list[int]]:
    text = data[:]
    hits = [at for at in range(len(text)) if text[at] == INV_SPI[0] and text.startswith(INV_SPI, at)]
    ends = [*range(0, len(text), BLOCK), len(text)]
    return hits, [text.count(b"\n", 0, end) for end in ends]


def result(data: Data, helper: Helper | None) -> tuple[list[int], list[int]]:
    found, counted = search(data, helper)
    return list(found), list(counted)


def started(path: Path, data: Data) -> Helper | None:
    with path.open("rb") as file:
        return Helper.start(file.fileno(), len(data), INV_SPI)


def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let another program be the helper's."""
    other = tmp_path / "other.py"
    other.write_text(text)
    monkeypatch.setattr(looking, "__file__", str(other))


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping, "_processors", lambda: 2)


def test_without_a_helper_everything_is_found(data: mmap) -> None:
    assert result(data, None) == expected(data)
    assert result(data[:], None) == expected(data)
    assert result(b"", None) == ([], [0])


def test_with_a_helper_the_same_is_found(path: Path, data: mmap) -> None:
    helper = started(path, data)
    assert helper is not None
    assert result(data, helper) == expected(data)


def test_a_helper_that_was_done_long_before_leaves_one_piece_to_do(path: Path, data: mmap) -> None:
    helper = started(path, data)
    assert helper is not None
    seen = list(_all(helper))
    assert [look(data[b : b + PIECE + 16], min(PIECE, SIZE - b), INV_SPI) for b in range(0, SIZE, PIECE)] == [
        *reversed(seen)
    ]


def _all(helper: Helper) -> Iterator[looking.Seen]:
    got = 0
    while got < looking.pieces_of(SIZE):
        for one in helper.received():
            got += 1
            yield one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "raise SystemExit(1)",
        "import os; os.write(1, b'not what was agreed')",
        "import os; os.write(1, bytes(40))",
        "import os; os.write(1, b'\\13\\0\\0\\0' * 3)",
        "import os; os.write(1, b'\\13\\0\\0\\0\\1\\0\\0\\0\\377\\377\\377\\377')",
    ],
    ids=["silent", "fails", "speaks", "wrong piece", "too many blocks", "breaks off"],
)
def test_a_helper_that_is_no_help_changes_nothing(
    path: Path, data: mmap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    program(tmp_path, monkeypatch, text)
    helper = started(path, data)
    assert helper is not None
    os.waitid(os.P_PID, _pid(), os.WEXITED | os.WNOWAIT)
    assert result(data, helper) == expected(data)


def _pid() -> int:
    [pid] = helping._running
    return pid


def test_a_file_that_can_no_longer_be_read_is_searched_in_its_mapping(
    path: Path, data: mmap, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    helper = started(path, data)
    monkeypatch.setattr(Helper, "read", refuse)
    assert result(data, helper) == expected(data)


def test_a_helper_ends_with_its_object(path: Path, data: mmap) -> None:
    helper = started(path, data)
    assert helper is not None
    pid = _pid()
    del helper
    gc.collect()
    assert not helping._running
    helping._take_leave(0)
    assert not helping._leaving
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, 0)


def test_a_helper_that_somebody_else_collected_is_no_trouble(path: Path, data: mmap) -> None:
    helper = started(path, data)
    assert helper is not None
    list(_all(helper))
    os.waitpid(_pid(), 0)
    del helper
    gc.collect()
    assert not helping._leaving


def test_a_helper_that_nobody_listens_to_ends(path: Path) -> None:
    """Its pipe is full long before it has told everything of an endless file."""
    reading, writing = os.pipe()
    command = [sys.executable, "-I", "-S", looking.__file__, str(1 << 40), "x"]
    with path.open("rb") as file:
        process = subprocess.Popen(command, stdin=file, stdout=writing)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    assert process.wait(timeout=20) == 0


def test_one_processor_has_no_helper(path: Path, data: mmap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping, "_processors", lambda: 1)
    assert started(path, data) is None


def test_no_more_helpers_than_processors_to_spare(path: Path, data: mmap) -> None:
    first, second = started(path, data), started(path, data)
    assert first is not None
    assert second is None


@pytest.mark.parametrize("executable", ["", "/usr/sbin/some-server", "/nowhere/python3"])
def test_without_a_python_to_start_there_is_no_helper(
    path: Path, data: mmap, monkeypatch: pytest.MonkeyPatch, executable: str
) -> None:
    descriptors = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    monkeypatch.setattr(sys, "executable", executable)
    assert started(path, data) is None
    if descriptors:
        assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_without_the_program_as_a_file_there_is_no_helper(
    path: Path, data: mmap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "__file__", str(tmp_path / "packed.zip" / "look.py"))
    assert started(path, data) is None


def test_a_helper_writes_nothing_but_what_was_agreed(path: Path) -> None:
    with path.open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-I", "-S", looking.__file__, str(SIZE), INV_SPI.decode()],
            stdin=file, capture_output=True, check=True,
        )  # fmt: skip
    numbers = array("I", done.stdout).tolist()
    pieces = []
    while numbers:
        piece, feeds, hits = numbers[:3]
        pieces.append(piece)
        del numbers[: 3 + feeds + hits]
    assert pieces == list(range(11, -1, -1))
    assert done.stderr == b""
