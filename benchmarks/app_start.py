"""Times the guided application as a person feels it: start to first paint, and key to screen with a big log open.

Whole processes run in a pseudo-terminal. A paint counts from the start of the process (or the key) to the last byte that
holds what is waited for. Runs on systems with pseudo-terminals.

    python -m benchmarks.app_start
    python -m benchmarks.app_start --size 200000000 --runs 10
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

PAINT_SECONDS, KEY_SECONDS = 0.6, 0.05
_LINES, _COLUMNS = 40, 120
_PATIENCE = 120.0
_SEQUENCES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A process in a pseudo-terminal, and what it has drawn so far without escape sequences."""

    def __init__(self, arguments: list[str], home: str) -> None:
        self.begin = time.perf_counter()
        self.process, self.handle = pty.fork()
        if self.process == 0:
            os.environ.update(
                TERM="xterm-256color", XDG_STATE_HOME=home, PYTHONPATH=str(Path(__file__).parents[1])
            )
            os.environ.pop("NO_COLOR", None)
            os.execv(sys.executable, [sys.executable, "-m", "tui.cli", *arguments])  # noqa: S606  no shell is meant
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", _LINES, _COLUMNS, 0, 0))

    def until(self, wanted: bytes) -> float:
        """The moment at which something stands in what was drawn.

        Raises:
            TimeoutError: it does not come.
        """
        drawn = b""
        end = time.perf_counter() + _PATIENCE
        while time.perf_counter() < end:
            drawn += self._read(0.5)
            if wanted in _SEQUENCES.sub(b"", drawn):
                return time.perf_counter()
        raise TimeoutError(f"{wanted!r} is not drawn")

    def key(self, key: bytes) -> float | None:
        """Seconds from a key to the first bytes that it draws; None where it draws nothing."""
        self.rest()
        begin = time.perf_counter()
        os.write(self.handle, key)
        return time.perf_counter() - begin if self._read(2.0) else None

    def rest(self, seconds: float = 0.3) -> None:
        """Wait until nothing is drawn any more."""
        while self._read(seconds):
            pass

    def end(self) -> float:
        """End the process; the seconds of processor that it took, which a busy machine does not stretch."""
        os.kill(self.process, signal.SIGKILL)
        used = os.wait4(self.process, 0)[2]
        os.close(self.handle)
        return used.ru_utime + used.ru_stime

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self.handle], [], [], seconds)
        return os.read(self.handle, 1 << 16) if ready else b""


def main(argv: list[str] | None = None) -> int:
    """Prints the medians and whether they are within what is promised; 1 where they are not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=7, help="starts (default 7)")
    parser.add_argument("--size", type=int, default=200_000_000, help="bytes of the log (default 200000000)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        paints = [_paint(folder) for _ in range(options.runs + 1)][1:]  # the first one warms the caches
        kept = _told("start to first paint", [waited for waited, _ in paints], PAINT_SECONDS)
        print(f"{'  of it processor':34} {median(used for _, used in paints) * 1e3:8.1f} ms")
        for name, keys in _keys(folder, options.size).items():
            kept = _told(name, keys, KEY_SECONDS) and kept
    return 0 if kept else 1


def _paint(home: str) -> tuple[float, float]:
    """Seconds to the first paint, waited and of processor."""
    terminal = Terminal(["guide", "--lang", "en"], home)
    try:
        waited = terminal.until(b"Begin without evidence") - terminal.begin
    finally:
        used = terminal.end()
    return waited, used


def _keys(folder: str, size: int) -> dict[str, list[float]]:
    """Seconds of each key, by what is done with it."""
    command = [sys.executable, "-m", "benchmarks.generate", "syslog", folder, "--size", str(size)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    [log] = [
        str(path) for path in Path(folder).rglob("*") if path.is_file() and path.stat().st_size > size // 2
    ]
    terminal = Terminal(["guide", "--lang", "en", log], folder)
    try:
        loaded = terminal.until(b"Devices (") - terminal.begin
        print(f"{'log open, judged and drawn':34} {loaded * 1e3:8.1f} ms")
        found = {"key to screen, list of the case": _timed(terminal, (b"j", b"k") * 10)}
        terminal.key(b"4")
        terminal.rest(1.0)
        pages = (b"\x1b[6~",) * 10 + (b"\x1b[5~",) * 10
        found["key to screen, page of the log"] = _timed(terminal, pages)
    finally:
        terminal.end()
    return found


def _timed(terminal: Terminal, keys: Sequence[bytes]) -> list[float]:
    return [seconds for key in keys if (seconds := terminal.key(key)) is not None]


def _told(name: str, seconds: list[float], promised: float) -> bool:
    if not seconds:
        print(f"{name:34} nothing was drawn")
        return False
    middle = median(seconds)
    within = middle <= promised
    print(
        f"{name:34} {middle * 1e3:8.1f} ms  (most {max(seconds) * 1e3:.1f}, promised {promised * 1e3:.0f})"
        f"{'' if within else '  TOO SLOW'}"
    )
    return within


if __name__ == "__main__":
    sys.exit(main())
