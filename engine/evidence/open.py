"""Step 1: paths become sources. Whatever cannot be read becomes a trouble, never an exception."""

from __future__ import annotations

import codecs
import errno
import os
import sys
from collections.abc import Iterable, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path

import msgspec

from engine.evidence.helper import Helper
from engine.evidence.search import INV_SPI, Data
from engine.evidence.source import BIG, Source

STDIN_NAME = "stdin"
# A case that was saved beside its evidence (`engine.saved`) is no evidence.
SAVED_CASE = ".ipsecdx.json"
# Files of one case. A folder with more is a collection of cases and belongs to batch evaluation.
MAX_FILES = 2_000
# Each mapping holds a file descriptor, and some systems give a process no more than 256. Further files are read.
MAX_MAPPED = 100
_PIECE = 1 << 20

_ARCHIVES = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf", "7-zip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)


class Trouble(msgspec.Struct, frozen=True):
    """Something that could not be read or decided.

    Attributes:
        code: stable code; kb/problems.yaml holds its sentence in each language.
        source: path as shown, None where it is about the case.
        line: 1-based, None where it is about the whole source.
        detail: fills the sentence's placeholders.
    """

    code: str
    source: str | None = None
    line: int | None = None
    detail: dict[str, str] = {}


class Opened(msgspec.Struct, frozen=True):
    """What opening gave: the case's name, its readable sources in order, and what could not be read."""

    case: str
    sources: list[Source]
    troubles: list[Trouble]


def open_case(paths: Sequence[str]) -> Opened:
    """Open files, folders and `-` (standard input) as one case.

    A file is named as it was given; a file found in a folder is named relative to that folder, so that the
    same case gives the same document wherever it lies.
    """
    sources: list[Source] = []
    troubles: list[Trouble] = []
    taken: dict[str, int] = {}
    for path, name in files_of(paths, troubles):
        taken[name] = taken.get(name, 0) + 1
        shown = name if taken[name] == 1 else f"{name}#{taken[name]}"
        try:
            mapped = sum(isinstance(source.data, mmap) for source in sources)
            data, helper = _stdin() if path is None else _content(path, map_it=mapped < MAX_MAPPED)
        except OSError as error:
            troubles.append(
                Trouble("unreadable", shown, detail={"why": error.strerror or type(error).__name__})
            )
            continue
        text = as_text(data)
        if isinstance(text, str):
            troubles.append(Trouble(text, shown, detail={"what": _what(data)}))
        else:
            sources.append(Source(shown, text, len(data), helper=helper if text is data else None))
    return Opened(_case_name(paths), sources, troubles)


def _stdin() -> tuple[bytes, None]:
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    return sys.stdin.buffer.read(), None


def _content(path: Path, *, map_it: bool) -> tuple[Data, Helper | None]:
    """What a file holds: read, or mapped where it is big and the system can, and who searches it already.

    Raises:
        OSError: it cannot be read.
    """
    if map_it and path.stat().st_size >= BIG:
        try:
            with path.open("rb") as file:
                data = mmap(file.fileno(), 0, access=ACCESS_READ)
                return data, Helper.start(file.fileno(), len(data), INV_SPI)
        except (OSError, ValueError, OverflowError):
            pass  # not every file system can
    return path.read_bytes(), None


def as_text(data: Data) -> Data | str:
    """The bytes as UTF-8-compatible text, or the code of the reason why they are none.

    UTF-16, with or without a byte order mark, is transcoded; a UTF-8 mark is dropped; no line gets another number.
    What is text as it stands comes back as it is, so that a mapped file is not copied.
    """
    if data[:3] == codecs.BOM_UTF8:
        data = data[3:]
    head = data[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _lines(data[:].decode("utf-16", errors="replace").encode("utf-8"))
    if _is_blank(data):
        return "empty"
    if any(head.startswith(magic) for magic, _ in _ARCHIVES):
        return "archive"
    nul = head.count(0)
    if nul:
        # ASCII in UTF-16 has a NUL in every other byte, all at odd (little endian) or all at even places.
        if head[1::2].count(0) == nul >= len(head) // 3:
            return _lines(data[:].decode("utf-16-le", errors="replace").encode("utf-8"))
        if head[0::2].count(0) == nul >= len(head) // 3:
            return _lines(data[:].decode("utf-16-be", errors="replace").encode("utf-8"))
        # A torn console log may hold a few NULs (line noise); a binary file holds many control bytes.
        if nul > len(head) // 100:
            return "binary"
    # In random bytes a tenth are controls that no console prints (backspace, escape and line ends are not of them).
    if sum(b < 8 or 14 <= b < 27 or 28 <= b < 32 for b in head) > len(head) // 30:
        return "binary"
    return _lines(data)


def _is_blank(data: Data) -> bool:
    return not any(data[at : at + _PIECE].strip() for at in range(0, len(data), _PIECE))


def _lines(data: Data) -> Data | str:
    """The text with line feeds at the ends of its lines, as terminals that end them with LF CR or a lone CR have not."""
    if _is_blank(data):
        return "empty"
    first = data.find(b"\n")
    if first < 0:
        return data[:].replace(b"\r", b"\n") if data.find(b"\r") >= 0 else data
    turned = data[first + 1 : first + 2] == b"\r" and data[max(0, first - 1) : first] != b"\r"
    return data[:].replace(b"\n\r", b"\n") if turned else data


def _what(data: Data) -> str:
    return next((name for magic, name in _ARCHIVES if data[: len(magic)] == magic), "")


def files_of(paths: Sequence[str], troubles: list[Trouble]) -> Iterable[tuple[Path | None, str]]:
    """Every file of these paths, with the name it is shown by; None is standard input.

    What is not there, and what cannot be listed, becomes a trouble.
    """
    for given in paths:
        if given == "-":
            yield None, STDIN_NAME
            continue
        if not given:  # an unset variable of a shell script, never the folder one happens to stand in
            troubles.append(Trouble("missing", "''"))
            continue
        path = Path(given)
        try:
            is_folder = path.is_dir()
            exists = is_folder or path.exists()
        except OSError as error:
            troubles.append(
                Trouble("unreadable", given, detail={"why": error.strerror or type(error).__name__})
            )
            continue
        if not exists:
            troubles.append(Trouble("missing", given))
        elif not is_folder:
            if path.is_file():
                yield path, given
            else:
                troubles.append(Trouble("not-a-file", given))
        else:
            found = list(_walk(path, troubles))
            if not found:
                troubles.append(Trouble("empty-folder", given))
            elif len(found) > MAX_FILES:
                troubles.append(Trouble("too-many-files", given, detail={"limit": str(MAX_FILES)}))
            for file in found[:MAX_FILES]:
                yield file, file.relative_to(path).as_posix()


def _walk(folder: Path, troubles: list[Trouble]) -> Iterable[Path]:
    def refused(error: OSError) -> None:
        troubles.append(Trouble("unreadable", error.filename, detail={"why": error.strerror or ""}))

    for root, folders, names in os.walk(folder, onerror=refused):  # links to folders are not followed
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(n for n in names if not n.startswith(".") and not n.endswith(SAVED_CASE)):
            file = Path(root, name)
            if file.is_file():
                yield file


def _case_name(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return STDIN_NAME if paths[0] == "-" else Path(paths[0]).absolute().name or "case"
    parents = {Path(p).absolute().parent for p in paths if p != "-"}
    if len(parents) == 1:
        return parents.pop().name or "case"
    return "case"
