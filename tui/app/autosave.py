"""Work is never lost: every case is written after each change, and offered again at the next start.

A case lies in `autosave/TIME-PID.ipsecdx.json` of the folder of `tui.app.keeping`, in the form of `engine.saved`, and
is readable by its owner alone: pasted text stands in it as it was given. It says `open` while the program runs. One
that says so though no program of that number runs is the case of a crash, or of a terminal that was closed.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from engine.saved import PastedText, SavedCase
    from tui.app.model import State

MOST = 20
_SUFFIX = ".ipsecdx.json"


class Kept(msgspec.Struct, frozen=True):
    """A case that was kept: `when` in seconds since 1970, `crashed` where the program did not end in order."""

    path: Path
    name: str
    paths: tuple[str, ...]
    answers: int
    pasted: int
    when: float
    crashed: bool


class _Head(msgspec.Struct):
    """What the list of cases needs of a saved case; pasted text is skipped."""

    name: str
    paths: list[str] = []
    given: list[msgspec.Raw] = []
    pasted: list[msgspec.Raw] = []
    open: bool = False


class Autosave:
    """Keeps one case at a time; `home` None keeps nothing."""

    def __init__(self, home: Path | None) -> None:
        self.folder = home / "autosave" if home is not None else None
        self._path: Path | None = None
        self._saved: SavedCase | None = None
        self._ended = False

    def begin(self) -> None:
        """Another case: the one so far stays as it is, and is not open any more."""
        self.close()
        self._path = self._saved = None

    def take_over(self, path: Path) -> None:
        """Go on with a kept case in its own file, under the number of this program.

        A case that somebody sent, or that another window has open, stays as it is.
        """
        self.begin()
        if self.folder is None or path.parent != self.folder or _open_elsewhere(path):
            return
        new = self._new(path.name.partition("-")[0])
        with suppress(OSError):
            path.replace(new)
            self._path = new

    def write(self, state: State, page: str) -> None:
        """Write the case as it is now. What cannot be written is not: the work on the screen goes on."""
        if self.folder is None or self._ended:
            return
        from engine.saved import SavedCaseError

        self._saved = saved_of(state, page, open_=True)
        if self._path is None:
            self._path = self._new()
            self._forget(self._saved)
        with suppress(OSError, SavedCaseError):
            self._save()

    def close(self, page: str | None = None) -> None:
        """The case is put away."""
        if self._saved is None or self._path is None:
            return
        from engine.saved import SavedCaseError

        page = self._saved.page if page is None else page
        self._saved = msgspec.structs.replace(self._saved, open=False, page=page)
        with suppress(OSError, SavedCaseError):
            self._save()

    def end(self, page: str) -> None:
        """The program ends in order: nothing is written after this."""
        self._ended = True
        self.close(page)

    def kept(self) -> list[Kept]:
        """The cases that were kept: those of a crash first, then the latest first. Damaged files are passed over."""
        found = []
        for path in self._files():
            with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                head = msgspec.json.decode(path.read_bytes(), type=_Head)
                folder = path.parent
                found.append(
                    Kept(
                        path,
                        head.name,
                        tuple(os.path.normpath(folder / one) for one in head.paths),
                        len(head.given),
                        len(head.pasted),
                        path.stat().st_mtime,
                        head.open and not _runs(path),
                    )
                )
        found.sort(key=lambda one: (not one.crashed, -one.when))
        return found[:MOST]

    def _save(self) -> None:
        from engine.saved import save

        assert self._path is not None
        assert self._saved is not None
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        save(self._path, self._saved)

    def _new(self, moment: str = "") -> Path:
        assert self.folder is not None
        moment = moment or f"{time.strftime('%Y%m%dT%H%M%S')}{time.time_ns() % 10**9 // 10**6:03}"
        return self.folder / f"{moment}-{os.getpid()}{_SUFFIX}"

    def _files(self) -> list[Path]:
        if self.folder is None:
            return []
        with suppress(OSError):
            return sorted(self.folder.glob(f"*{_SUFFIX}"), reverse=True)
        return []

    def _forget(self, saved: SavedCase) -> None:
        """Drop what nobody will miss: the same evidence without an answer, and the oldest of too many."""
        for number, one in enumerate(self.kept()):
            same = one.paths == tuple(saved.paths) and not one.answers and not one.pasted
            if (same or number >= MOST - 1) and not one.crashed and not _open_elsewhere(one.path):
                with suppress(OSError):
                    one.path.unlink()


def saved_of(state: State, page: str, *, open_: bool = False) -> SavedCase:
    """A state as a saved case."""
    from engine.saved import saved_case

    return saved_case(
        state.diagnosis,
        paths=state.paths,
        pasted=_pasted(state),
        given=[(one.question, one.answer, one.about) for one in state.given],
        focus=state.focus,
        page=page,
        open_=open_,
    )


def _runs(path: Path) -> bool:
    """Whether the program that wrote a file still runs, by the number in its name."""
    number = path.name.removesuffix(_SUFFIX).rpartition("-")[2]
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _open_elsewhere(path: Path) -> bool:
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(path.read_bytes(), type=_Head).open and _runs(path)
    return False


def _pasted(state: State) -> list[PastedText]:
    """What was pasted, each with its place among the turns of the guide."""
    from engine.saved import PastedText

    places: dict[str, tuple[str, int]] = {}
    answers = 0
    for turn in state.turns:
        if turn.pasted is not None:
            places[turn.pasted.name] = turn.question, answers
        else:
            answers += 1
    return [PastedText(one.name, one.text, *places.get(one.name, (None, 0))) for one in state.pasted]
