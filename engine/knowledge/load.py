"""Loading kb/: every file read once, every fault reported with file and line, near names suggested.

One bad entry never hides the rest: all faults of a run are collected, then raised together.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from engine.knowledge.check import faults_of
from engine.knowledge.faults import Document, Fault, KnowledgeError
from engine.knowledge.model import (
    Condition,
    Hypothesis,
    Knowledge,
    Matrix,
    Ranking,
    Remedy,
    SourceDocument,
    Summary,
    Table,
    Text,
)
from engine.version import __version__

T = TypeVar("T")


def load(root: Path | None = None) -> Knowledge:
    """Load the shipped knowledge base, or the one below `root`.

    Raises:
        KnowledgeError: with every fault found.
    """
    faults: list[Fault] = []
    documents, digest = _read(root, faults)
    knowledge = _build(documents, digest, faults)
    if knowledge is not None and not faults:
        faults.extend(faults_of(knowledge, documents))
    if faults or knowledge is None:
        raise KnowledgeError(sorted(faults))
    return knowledge


def _read(root: Path | None, faults: list[Fault]) -> tuple[dict[str, Document], str]:
    import yaml

    loader = _loader()
    digest = hashlib.sha256()
    documents: dict[str, Document] = {}
    base: Traversable = root if root is not None else files("kb")
    for path, entry in sorted(_walk(base, "")):
        raw = entry.read_bytes()
        digest.update(f"{path}\0{len(raw)}\0".encode())
        digest.update(raw)
        text = raw.decode("utf-8", errors="replace")
        try:
            documents[path] = Document(path, yaml.load(text, Loader=loader), text)  # noqa: S506  a safe loader
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            faults.append(
                Fault(path, line, column, "kb-yaml", f"not YAML: {getattr(error, 'problem', error)}")
            )
    return documents, digest.hexdigest()


def _loader() -> Any:
    """A safe YAML loader that reads only true and false as booleans.

    YAML 1.1 also takes yes, no, on and off, which are words of this rule language.
    """
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    Loader.yaml_implicit_resolvers = {
        first: [
            (tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            # Device text of the cases is evidence for tests, not knowledge.
            if entry.name not in {"cases", "__pycache__"}:
                found.extend(_walk(entry, f"{prefix}{entry.name}/"))
        elif entry.name.endswith(".yaml"):
            found.append((prefix + entry.name, entry))
    return found


def _build(documents: dict[str, Document], digest: str, faults: list[Fault]) -> Knowledge | None:
    places: dict[str, str] = {}

    def one(path: str, kind: type[T]) -> T | None:
        document = documents.get(path)
        if document is None:
            faults.append(Fault(path, 0, 0, "kb-missing", "this file is needed"))
            return None
        return _convert(document, document.data, kind, faults, None)

    def many(prefix: str, kind: type[T], *, by_folder: bool = False) -> dict[str, T]:
        entries: dict[str, T] = {}
        for path, document in documents.items():
            if not path.startswith(prefix):
                continue
            data = {path.split("/")[-2]: document.data} if by_folder else document.data
            if not isinstance(data, dict):
                faults.append(Fault(path, 1, 1, "kb-shape", "entries by id are expected"))
                continue
            for key, value in data.items():
                entry = _convert(document, value, kind, faults, None if by_folder else str(key))
                if key in entries:
                    line = document.line_of(str(key))
                    faults.append(
                        Fault(path, line, 1, "kb-twice", f"{key} is defined in {places[key]} already")
                    )
                elif entry is not None:
                    entries[str(key)] = entry
                    places[str(key)] = path
        return entries

    matrix, summary, ranking = (
        one("matrix.yaml", Matrix),
        one("summary.yaml", Summary),
        one("ranking.yaml", Ranking),
    )
    sources = many("sources.yaml", SourceDocument)
    entries: dict[str, Any] = {
        "conditions": many("conditions/", Condition),
        "bugs": many("bugs/", Hypothesis, by_folder=True),
        "causes": many("causes/", Hypothesis, by_folder=True),
        "findings": many("findings/", Hypothesis, by_folder=True),
        "tables": many("tables/", Table),
        "remedies": many("remedies/", Remedy),
        "words": many("words.yaml", Text),
        "problems": many("problems.yaml", Text),
        "texts": many("texts.yaml", Text),
    }
    releases = documents["releases.yaml"].data if "releases.yaml" in documents else {}
    if matrix is None or summary is None or ranking is None:
        return None
    return Knowledge(
        version=__version__, digest=digest, sources=sources, matrix=matrix, summary=summary, ranking=ranking,
        releases=releases, places=places, **entries,
    )  # fmt: skip


def _convert(document: Document, data: Any, kind: type[T], faults: list[Fault], key: str | None) -> T | None:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        line = document.line_of(key) if key else 1
        about = f"{key}: " if key else ""
        faults.append(Fault(document.path, line, 1, "kb-shape", f"{about}{error}"))
        return None
