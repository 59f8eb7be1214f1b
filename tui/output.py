"""The one module that writes to standard output and standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

NAME = "ipsecdx"


class OutputError(Exception):
    """Standard output takes nothing; the message is the reason of the operating system."""


def out(text: str) -> None:
    """Write text to standard output as it is, in UTF-8 whatever the locale, and quietly end at a closed pipe.

    Raises:
        OutputError: standard output is full or closed.
    """
    out_parts([text])


def out_parts(parts: Iterable[str]) -> None:
    """Write pieces of a text one behind the other, as `out` does, without holding all of them at once.

    Raises:
        OutputError: standard output is full or closed.
    """
    if sys.stdout is None:  # closed by the shell: `>&-`
        raise OutputError("it is closed")
    try:
        for part in parts:
            sys.stdout.buffer.write(part.encode("utf-8", errors="backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # `ipsecdx diagnose ... | head`: the reader has what it wanted.
        _discard_the_rest()
    except OSError as error:
        _discard_the_rest()
        raise OutputError(error.strerror or type(error).__name__) from error


def _discard_the_rest() -> None:
    """Let what is still buffered go nowhere when Python ends, instead of failing once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def out_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    out("".join(f"{line}\n" for line in lines))


def err(sentence: str) -> None:
    """Write one sentence to standard error, with the program's name in front; file names cannot steer a terminal."""
    from engine.render.visible import visible

    if sys.stderr is not None:
        sys.stderr.write(f"{NAME}: {visible(sentence)}\n")


def is_terminal() -> bool:
    """Whether a person reads standard output on a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def wants_colour() -> bool:
    """Colour on a terminal that can show it, unless NO_COLOR is set (no-color.org)."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """Columns of the terminal; 0 (do not break lines) where there is none and COLUMNS is not set."""
    if not is_terminal() and not os.environ.get("COLUMNS"):
        return 0
    import shutil

    return max(40, shutil.get_terminal_size((100, 40)).columns)
