"""The one module that writes to standard output and standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

NAME = "ipsecdx"


def out(text: str) -> None:
    """Write text to standard output as it is, in UTF-8 whatever the locale, and quietly end at a closed pipe."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", errors="backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # `ipsecdx diagnose ... | head`: the reader has what it wanted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def out_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    out("".join(f"{line}\n" for line in lines))


def err(sentence: str) -> None:
    """Write one sentence to standard error, with the program's name in front."""
    sys.stderr.write(f"{NAME}: {sentence}\n")


def is_terminal() -> bool:
    """Whether a person reads standard output on a terminal."""
    return sys.stdout.isatty()


def wants_colour() -> bool:
    """Colour on a terminal that can show it, unless NO_COLOR is set (no-color.org)."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """Columns of the terminal; 0 (do not break lines) where there is none and COLUMNS is not set."""
    if not is_terminal() and not os.environ.get("COLUMNS"):
        return 0
    import shutil

    return max(40, shutil.get_terminal_size((100, 40)).columns)
