"""A saved case: what was opened, pasted and answered, and what was concluded. It resumes a case, and replays it.

Evidence is named, never copied: a saved case holds the size and digest of each file, so that a change is noticed.
Text that somebody pasted stands nowhere else and is saved as it was given, which is why the file is readable by its
owner alone. `docs/saved-case.md` describes the file field by field.

```json
{"schema": "ipsecdx/case/1", "name": "branch-7", "paths": ["captures"], "given": [{"question": "ike-sa", "answer": "absent"}],
 "verdicts": {"desync-proven|R1/flow/198.51.100.1/192.0.2.2/0x1DB73BBB": "confirmed"}, ...}
```
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from engine.diagnosis.document import Diagnosis, Lang, Subject, Verdict
from engine.evidence.open import SAVED_CASE, files_of
from engine.version import __version__
from engine.whole import write_whole

SCHEMA = "ipsecdx/case/1"
SUFFIX = SAVED_CASE
# Above this size a file's digest is made of its size and its two ends: work is saved after every answer.
WHOLE = 64 << 20
_END = 1 << 20
_Place: TypeAlias = Callable[[str, Path], str]
_MOST = 256 << 20  # bytes of a saved case; what is pasted stands in it


class SavedCaseError(Exception):
    """The saved case cannot be written or read.

    Attributes:
        key: what is wrong; who talks to people has a sentence for each.
        values: of the places of that sentence.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key}: {values}")
        self.key = key
        self.values = values


class Program(msgspec.Struct, frozen=True):
    """The program that saved the case."""

    name: str = "ipsecdx"
    version: str = __version__


class Knowledge(msgspec.Struct, frozen=True):
    """The knowledge base that gave the verdicts; `digest` is a sha256."""

    version: str
    digest: str


class EvidenceFile(msgspec.Struct, frozen=True):
    """A file of evidence: its path, its size in bytes, and its sha256 (of its size and ends where it is big)."""

    path: str
    bytes: int
    sha256: str


class PastedText(msgspec.Struct, frozen=True):
    """Text that was pasted, and the name by which it is quoted.

    `question` is the question of the guide that it was pasted at, null where it was there from the start; `after` is the
    number of answers given before it.
    """

    name: str
    text: str
    question: str | None = None
    after: int = 0


class GivenAnswer(msgspec.Struct, frozen=True):
    """An answer to the guide; `about` is the flow spoken of, null where there was one or none."""

    question: str
    answer: str
    about: str | None = None


class SavedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it stands in its file. In memory every path is absolute.

    Attributes:
        schema: `ipsecdx/case/1`. Fields may be added within version 1.
        name: of the case.
        lang: language of texts.
        tool, kb: who concluded.
        paths: what was opened, in order: files, and folders with everything below them.
        evidence: the files that this came to, each with its digest.
        pasted: what was pasted, in order.
        given: the answers, in order.
        focus: the flow that the guide spoke of; null where none was chosen.
        verdicts: `HYPOTHESIS|SUBJECT` to verdict (`verdicts_of`).
        page: the page that was shown; "" where none is remembered.
        open: the case was in use when this was written: a program that ended in order writes false.
    """

    schema: str = SCHEMA
    name: str
    lang: Lang = "en"
    tool: Program = Program()
    kb: Knowledge
    paths: list[str] = []
    evidence: list[EvidenceFile] = []
    pasted: list[PastedText] = []
    given: list[GivenAnswer] = []
    focus: str | None = None
    verdicts: dict[str, Verdict] = {}
    page: str = ""
    open: bool = False


class EvidenceChange(msgspec.Struct, frozen=True):
    """A file that is not what it was when the case was saved: missing, changed, or new among what is opened."""

    path: str
    what: Literal["missing", "changed", "new"]


def saved_case(
    document: Diagnosis,
    *,
    paths: Sequence[str] = (),
    pasted: Iterable[PastedText] = (),
    given: Iterable[tuple[str, str, str | None]] = (),
    focus: str | None = None,
    page: str = "",
    open_: bool = False,
) -> SavedCase:
    """A case to be saved.

    Args:
        document: what was concluded.
        paths: what was opened, as given; standard input (`-`) is no path and belongs to `pasted`.
        pasted: what was pasted, in order.
        given: question, answer, and the flow spoken of.
        focus: the flow that is spoken of.
        page: the page that is shown.
        open_: the case is in use.
    """
    kept = [str(Path(path).absolute()) for path in paths if path not in {"", "-"}]
    return SavedCase(
        name=document.case,
        lang=document.lang,
        kb=Knowledge(document.kb.version, document.kb.digest),
        paths=kept,
        evidence=evidence_of(kept),
        pasted=list(pasted),
        given=[GivenAnswer(*one) for one in given],
        focus=focus,
        verdicts=verdicts_of(document),
        page=page,
        open=open_,
    )


def verdicts_of(document: Diagnosis) -> dict[str, Verdict]:
    """The verdict of each finding, by `HYPOTHESIS|SUBJECT`, in the order of the keys."""
    return dict(sorted((f"{f.id}|{subject_key(f.subject)}", f.verdict) for f in document.findings))


def subject_key(subject: Subject) -> str:
    """What a finding is about in one word: the flow, else the setup or device, with the peer; "" for the case."""
    if subject.flow:
        return subject.flow
    return " ".join(filter(None, (subject.setup or subject.device, subject.peer)))


def evidence_of(paths: Sequence[str]) -> list[EvidenceFile]:
    """The files that paths come to, each with its digest; one that cannot be read is left out."""
    found: dict[str, EvidenceFile] = {}
    for file, _ in files_of([path for path in paths if path != "-"], []):
        if file is None or file.name.endswith(SUFFIX):  # a saved case among the evidence is none
            continue
        path = file.absolute()
        try:
            known = path.stat()
            digest = _digest(path, known.st_size, known.st_mtime_ns)
        except OSError:
            continue
        found[str(path)] = EvidenceFile(str(path), known.st_size, digest)
    return list(found.values())


def changes(saved: SavedCase) -> list[EvidenceChange]:
    """What became of the evidence since the case was saved, by path; empty where it is the same."""
    now = {file.path: file for file in evidence_of(saved.paths)}
    before = {file.path: file for file in saved.evidence}
    found = [
        EvidenceChange(path, "changed" if path in now else "missing")
        for path, file in before.items()
        if now.get(path) != file
    ]
    found += [EvidenceChange(path, "new") for path in now if path not in before]
    return sorted(found, key=lambda change: change.path)


def paths_from_here(saved: SavedCase) -> list[str]:
    """What is to be opened, relative to the working folder where it lies below: quotations name files so."""
    here = Path.cwd()
    return [_relative(path, here) for path in saved.paths]


def save(path: Path | str, saved: SavedCase) -> None:
    """Write a case: whole or not at all, and readable by its owner alone.

    Raises:
        SavedCaseError: it cannot be written.
    """
    path = Path(path)
    encoded = as_json(_placed(saved, path.absolute().parent, _relative))
    try:
        write_whole(path, encoded, private=True)
    except (OSError, ValueError) as error:
        raise SavedCaseError("unwritable", path=path, why=_why(error)) from error


def load(path: Path | str) -> SavedCase:
    """Read a case.

    Raises:
        SavedCaseError: it cannot be read, is no saved case, or is one of a newer version.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _MOST:
            raise SavedCaseError("too_big", path=path)
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise SavedCaseError("unreadable", path=path, why=_why(error)) from error
    _check_schema(path, raw)
    try:
        saved = msgspec.json.decode(raw, type=SavedCase)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SavedCaseError("damaged", path=path, why=error) from error
    return _placed(saved, path.absolute().parent, _absolute)


def json_schema() -> bytes:
    """JSON Schema (2020-12) of the file, indented, with a final line feed."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(SavedCase)), indent=2) + b"\n"


class _Head(msgspec.Struct):
    schema: str = ""


def _check_schema(path: Path, raw: bytes) -> None:
    try:
        schema = msgspec.json.decode(raw, type=_Head).schema
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SavedCaseError("no_case", path=path) from error
    if schema == SCHEMA:
        return
    head, _, version = schema.rpartition("/")
    if head == "ipsecdx/case" and version.isdigit():
        raise SavedCaseError("newer", path=path, schema=schema, ours=SCHEMA)
    key = "other_schema" if schema else "no_schema"
    raise SavedCaseError(key, path=path, schema=schema, ours=SCHEMA)


def as_json(saved: SavedCase) -> bytes:
    """The text of the file, with the paths as they stand in the case.

    Raises:
        SavedCaseError: it holds something that JSON cannot.
    """
    try:
        return msgspec.json.format(msgspec.json.encode(saved), indent=2) + b"\n"
    except UnicodeEncodeError as error:  # a file name, or pasted text, that is no UTF-8
        raise SavedCaseError("not_utf8") from error


def _placed(saved: SavedCase, folder: Path, place: _Place) -> SavedCase:
    return msgspec.structs.replace(
        saved,
        paths=[place(path, folder) for path in saved.paths],
        evidence=[msgspec.structs.replace(f, path=place(f.path, folder)) for f in saved.evidence],
    )


def _relative(path: str, folder: Path) -> str:
    """A path below the folder of the saved case relative to it, so that both can be moved together."""
    absolute = Path(path)
    return absolute.relative_to(folder).as_posix() if absolute.is_relative_to(folder) else str(absolute)


def _absolute(path: str, folder: Path) -> str:
    return os.path.normpath(folder / path)


@lru_cache(maxsize=4096)
def _digest(path: Path, size: int, changed: int) -> str:
    """sha256 of a file; kept as long as its size and time of change are the same."""
    del changed  # part of the key only
    found = hashlib.sha256()
    with path.open("rb") as file:
        if size <= WHOLE:
            return hashlib.file_digest(file, "sha256").hexdigest()
        found.update(b"%d\n" % size)
        found.update(file.read(_END))
        file.seek(-_END, os.SEEK_END)
        found.update(file.read(_END))
    return found.hexdigest()


def _why(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
