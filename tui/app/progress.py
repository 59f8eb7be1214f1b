"""How far the loading of a case is: told by the model, shown by the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

Phase = Literal["opening", "reading", "judging"]


class Loaded(msgspec.Struct, frozen=True):
    """One source: its size in bytes, and what it is once it was read (`kind` of the document)."""

    path: str
    bytes: int
    kind: str | None = None
    sections: int = 0


class Progress(msgspec.Struct, frozen=True):
    """Loading at one moment: the sources that were read come first, then the one being read."""

    phase: Phase
    sources: tuple[Loaded, ...] = ()

    @property
    def total(self) -> int:
        """Bytes of all sources."""
        return sum(source.bytes for source in self.sources)

    @property
    def done(self) -> int:
        """Bytes of the sources that were read."""
        return sum(source.bytes for source in self.sources if source.kind is not None)

    @property
    def current(self) -> str | None:
        """Path of the source that is being read."""
        return next((source.path for source in self.sources if source.kind is None), None)


Tell = Callable[[Progress], None]


class SupersededError(Exception):
    """The case that is being loaded is not wanted any more: another one was opened, or the program ends."""


class NothingReadableError(Exception):
    """Nothing of what was to be opened can be read; the message says why."""
