"""A walk through the application in a real terminal (tmux): open a case, answer, reach a verdict, save the report.

    python -m tests.tui.walks.tmux_walk CASE FOLDER

Only keys go in, and only what stands on the screen is looked at.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PATIENCE = 30
_ENDED = "ended with"
_ROOT = Path(__file__).parents[3]


class Terminal:
    """A terminal of 80 by 24 with one program in it, on a tmux server of its own."""

    def __init__(self, command: list[str], folder: Path, home: Path) -> None:
        self._socket = f"ipsecdx-walk-{os.getpid()}-{time.monotonic_ns()}"
        environment = {
            "XDG_STATE_HOME": str(home), "PYTHONPATH": str(_ROOT), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        settings = [f"{name}={value}" for name, value in environment.items()]
        line = f"{shlex.join(['env', *settings, *command])}; echo {_ENDED} $?; sleep {_PATIENCE}"
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "-c", str(folder), line)

    def _tmux(self, *arguments: str) -> str:
        tmux = shutil.which("tmux")
        assert tmux is not None
        command = [tmux, "-L", self._socket, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    @property
    def screen(self) -> str:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-p")

    def sees(self, text: str) -> str:
        """Wait until this stands on the screen."""
        end = time.monotonic() + _PATIENCE
        while text not in (screen := self.screen):
            assert time.monotonic() < end, f"{text!r} never stood on the screen, which is:\n{screen}"
            time.sleep(0.05)
        return screen

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type letters."""
        self._tmux("send-keys", "-l", text)

    def ended(self) -> int:
        """Wait for the program to end.

        Returns:
            Its exit status.
        """
        return int(self.sees(_ENDED).split(_ENDED)[1].split()[0])

    def close(self) -> None:
        """End the terminal with everything in it."""
        subprocess.run(
            [str(shutil.which("tmux")), "-L", self._socket, "kill-server"], capture_output=True, check=False
        )


def walk(case: Path, folder: Path, home: Path) -> list[str]:
    """The walk.

    Args:
        case: a folder with the message of a flow and nothing else, so that the guide has questions.
        folder: where the program runs and saves.
        home: a folder for what the application keeps.

    Returns:
        The screens on the way.
    """
    screens = []
    terminal = Terminal([sys.executable, "-m", "tui.cli", "guide"], folder, home)
    try:
        screens.append(terminal.sees("Begin without evidence"))
        terminal.type(str(case))
        terminal.press("Enter")
        screens.append(terminal.sees("Findings"))
        terminal.press("2")
        screens.append(terminal.sees("Question 1"))
        terminal.press("Enter")  # the first answer
        screens.append(terminal.sees("Question 2"))
        terminal.press("8")
        terminal.sees("Saved case")
        terminal.press("l", "l", "l", "l")
        screens.append(terminal.sees('"schema"'))
        terminal.press("s")
        terminal.sees("Save to")
        terminal.press("Enter")
        screens.append(terminal.sees("✓ saved"))
        terminal.press("q")
        assert terminal.ended() == 0
    finally:
        terminal.close()
    return screens


def killed(folder: Path, home: Path) -> list[str]:
    """Two answers without evidence, kill -9, and a new start that offers the case as it was.

    Args:
        folder: where the program runs.
        home: a folder for what the application keeps.

    Returns:
        The screens before and after.
    """
    command = [sys.executable, "-m", "tui.cli"]
    terminal = Terminal(command, folder, home)
    try:
        terminal.sees("Begin without evidence")
        terminal.press("Tab")
        terminal.sees(" p Paste ")  # the footer: the focus has left the field
        terminal.press("b")
        terminal.sees("Question 1")
        terminal.press("Enter")
        terminal.sees("Question 2")
        terminal.press("Enter")
        before = terminal.sees("Question 3")
        end = time.monotonic() + _PATIENCE
        while not (kept := [f for f in home.glob("**/*.ipsecdx.json") if _given(f) == 2]):
            assert time.monotonic() < end, "the answers were never kept"
            time.sleep(0.05)
        os.kill(int(kept[0].name.split(".")[0].rpartition("-")[2]), signal.SIGKILL)
        terminal.sees(_ENDED)
    finally:
        terminal.close()
    terminal = Terminal(command, folder, home)
    try:
        terminal.sees("Resume the case as it was")
        terminal.press("Enter")
        return [before, terminal.sees("Question 3")]
    finally:
        terminal.close()


def _given(file: Path) -> int:
    """How many answers a kept case has; 0 while it is being written."""
    try:
        return len(json.loads(file.read_text(encoding="utf-8"))["given"])
    except (OSError, ValueError, KeyError):
        return 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as kept:
        for shown in walk(Path(sys.argv[1]).absolute(), Path(sys.argv[2]), Path(kept)):
            sys.stdout.write(f"{shown}\n{'=' * 80}\n")
