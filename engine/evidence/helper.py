"""A helper process that looks at a big file from its end, while this one still loads what it needs.

It is this Python, started anew with one module that needs nothing else (`engine.evidence.look`): nothing is
forked, so threads do not matter. It is never needed: where it cannot be started, dies or writes something odd, nothing
more is received, and who listens does the work alone (docs/decisions/0017).
"""

from __future__ import annotations

import atexit
import os
import sys
import weakref
from array import array
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from engine.evidence import look

# Helpers at a time, where there are as many processors to spare.
_MOST = 4
# Numbers in front of what was seen of a piece: its own, and how many feeds and hits follow.
_HEAD = 3
_RECEIVED = 1 << 16
_running: set[int] = set()
_leaving: list[int] = []


class Helper:
    """A helper at work on one file; it ends with its object."""

    def __init__(self, pid: int, file: int, pipe: int, size: int) -> None:
        """Take over a process and two descriptors; use `start`."""
        self._file = file
        self._pipe = pipe
        self._size = size
        self._next = look.pieces_of(size) - 1
        self._raw = b""
        self._end = weakref.finalize(self, _end, pid, file, pipe)

    @classmethod
    def start(cls, file: int, size: int, literal: bytes) -> Helper | None:
        """Let a helper search an open file, from its end; None where the machine or the system has none to spare.

        Args:
            file: its descriptor, which the caller may close.
            size: bytes of it.
            literal: what is searched.
        """
        python, program = Path(sys.executable or ""), Path(look.__file__)
        if sys.platform == "win32" or len(_running) >= min(_MOST, _processors() - 1):
            return None
        # Where Python is built into another program, that program would be started.
        if not python.name.startswith(("python", "pypy")) or not program.is_file():
            return None
        with suppress(OSError):
            return cls._spawn(
                file, size, [str(python), "-I", "-S", str(program), str(size), os.fsdecode(literal)]
            )
        return None

    @classmethod
    def _spawn(cls, file: int, size: int, command: list[str]) -> Helper:
        """Start the command with the file as its standard input.

        Raises:
            OSError: it cannot be started.
        """
        pipe, writing = os.pipe()
        own = os.dup(file)
        try:
            pid = os.posix_spawn(
                command[0],
                command,
                os.environ,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, file, 0),
                    (os.POSIX_SPAWN_DUP2, writing, 1),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                ],
            )
        except OSError:
            os.close(pipe)
            os.close(own)
            raise
        finally:
            os.close(writing)
        os.set_blocking(pipe, False)
        _running.add(pid)
        _take_leave(os.WNOHANG)
        return cls(pid, own, pipe, size)

    def read(self, begin: int, length: int) -> bytes:
        """A part of the file.

        Raises:
            OSError: it can no longer be read.
        """
        return os.pread(self._file, length, begin)

    def received(self) -> Iterator[look.Seen]:
        """What the helper saw since the last call, of one piece after the other, from the last one to the first."""
        try:
            raw = os.read(self._pipe, _RECEIVED)
        except OSError:  # nothing yet
            return
        self._raw += raw
        unit = array("I").itemsize
        while len(self._raw) >= _HEAD * unit:
            piece, feeds, hits = array("I", self._raw[: _HEAD * unit])
            end = (_HEAD + feeds + hits) * unit
            if piece != self._next or feeds != look.blocks_of(piece, self._size):
                self._raw, self._next = b"", -1  # nothing that it says is believed any more
                return
            if len(self._raw) < end:
                return
            values = array("I", self._raw[_HEAD * unit : end]).tolist()
            yield values[:feeds], values[feeds:]
            self._raw = self._raw[end:]
            self._next -= 1


@atexit.register
def _at_exit() -> None:
    """Collect the last ones, which ended long ago, so that their time is counted as this process's."""
    if _leaving:
        _take_leave(0)


def _processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _end(pid: int, file: int, pipe: int) -> None:
    """Stop listening, which ends a helper that still writes; nobody waits for it to end what it is at."""
    os.close(file)
    os.close(pipe)
    _running.discard(pid)
    _leaving.append(pid)
    _take_leave(os.WNOHANG)


def _take_leave(how: int) -> None:
    """Collect what is left of the helpers that have ended."""
    for pid in list(_leaving):
        try:
            ended = os.waitpid(pid, how)[0] != 0
        except ChildProcessError:  # somebody else did
            ended = True
        if ended:
            _leaving.remove(pid)
