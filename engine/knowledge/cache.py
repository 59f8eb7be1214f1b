"""Checked knowledge bases, kept in the user's cache folder, so that a start need not read YAML again.

A file is found by what was read (every name and byte) and by the code that reads and checks it. It holds the index of
the hypotheses too. Whatever goes wrong here means only that the knowledge base is read the long way.
`IPSECDX_NO_CACHE=1` turns it off.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec

from engine.knowledge.documents import Layer, digest_of
from engine.knowledge.index import Index, index_of, keep
from engine.knowledge.model import Knowledge
from engine.version import __version__

# Knowledge bases kept: the shipped one and a few overlays; the oldest go first.
_KEPT = 8
_SUFFIX = ".msgpack"
# Bytes of a file from which on what it holds is kept out of the collector's sight.
_LARGE = 1_000_000
# The code that decides what a knowledge base says and whether it is in order: a change of it makes caches useless.
_CODE = ("knowledge", "observe", "relate", "inference", "facts.py", "release.py")


class _Stored(msgspec.Struct, frozen=True):
    """What a file of the cache holds."""

    kb: Knowledge
    index: Index


def stored(layers: list[Layer]) -> Knowledge | None:
    """The knowledge base that these files became, where it is in the cache."""
    path = _path(layers)
    if path is None:
        return None
    try:
        found = _decoded(path.read_bytes())
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
    if found.kb.digest != digest_of(layers):
        return None
    keep(found.kb, found.index)
    return found.kb


def store(layers: list[Layer], kb: Knowledge) -> None:
    """Keep a knowledge base without faults; quietly not, where nothing can be written."""
    path = _path(layers)
    if path is None:
        return
    with suppress(OSError, msgspec.MsgspecError, TypeError):
        raw = msgspec.msgpack.encode(_Stored(kb, index_of(kb)))
        if msgspec.msgpack.decode(raw, type=_Stored).kb != kb:  # a date in YAML comes back as text
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_bytes(raw)
        partial.replace(path)
        _tidy(path.parent)


def folder() -> Path | None:
    """Where it is kept; None where it is turned off, or there is no home."""
    if os.environ.get("IPSECDX_NO_CACHE", "0") not in {"", "0"}:
        return None
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():
        return base / "ipsecdx"
    if sys.platform != "linux":
        with suppress(ImportError):
            from platformdirs import user_cache_path

            return user_cache_path("ipsecdx")
    try:
        return Path.home() / ".cache" / "ipsecdx"
    except RuntimeError:
        return None


def _decoded(raw: bytes) -> _Stored:
    """The content of a file.

    Nothing of it is garbage as long as the process lives, but with thousands of bugs the collector would walk over
    it several times in every case: what is there is declared permanent.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        found = msgspec.msgpack.decode(raw, type=_Stored)
        if len(raw) >= _LARGE:
            gc.freeze()
    finally:
        if collects:
            gc.enable()
    return found


def _path(layers: list[Layer]) -> Path | None:
    base = folder()
    if base is None:
        return None
    key = hashlib.sha256(f"{__version__}\0{sys.version_info[:2]}\0{_code()}\0".encode())
    key.update(digest_of(layers).encode())
    key.update("\0".join(layer.label for layer in layers).encode())
    return base / f"kb-{key.hexdigest()[:40]}{_SUFFIX}"


@cache
def _code() -> str:
    """Size and time of every file of the code that counts."""
    engine = Path(__file__).parents[1]
    found = []
    for name in _CODE:
        top = engine / name
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            with suppress(OSError):
                status = path.stat()
                found.append(f"{path.relative_to(engine).as_posix()} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(found)


def _tidy(base: Path) -> None:
    files = sorted(base.glob(f"kb-*{_SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)
    for path in files[:-_KEPT]:
        path.unlink(missing_ok=True)
