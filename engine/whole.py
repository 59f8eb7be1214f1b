"""Files written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file beside its place and move it there; `private`: readable by its owner alone.

    Raises:
        OSError: it cannot be written; what stood there still stands.
        ValueError: the path has a null character.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # Made anew with its mode, so that no moment passes in which others could read it.
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
