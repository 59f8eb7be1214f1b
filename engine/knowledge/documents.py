"""Reading the YAML files of a knowledge base: every file once, every value with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec

from engine.knowledge.faults import Document, Fault
from engine.knowledge.words_yaml import read

BLANK = "[blank: "
"""How `ipsecdx kb new` marks what a person has to fill in."""
NOT_UTF8 = "not UTF-8; save the file as UTF-8"
# Folders beside rules that hold evidence for tests, not knowledge.
_NOT_KNOWLEDGE = frozenset({"cases", "__pycache__"})
# bugs/ID/rule.yaml is the deepest; a folder that links to its parent ends here.
_DEEPEST = 4
# Bytes; the largest real file has less than a tenth of it.
_LARGEST = 1_000_000
# Keys written twice that are told of one file.
_MOST_TWICE = 20


class Layer(msgspec.Struct, frozen=True):
    """One folder of knowledge: the shipped one, or one laid over it.

    Attributes:
        label: stands before the paths in faults; "" for the lowest.
        raw: every file with its bytes, by path below the folder.
        documents: what those say that are YAML and knowledge; filled by `parse_layer`.
    """

    label: str
    raw: dict[str, bytes]
    documents: dict[str, Document] = {}


def shipped() -> Traversable:
    """The folder of the shipped knowledge base."""
    return files("kb")


def digest_of(layers: list[Layer]) -> str:
    """sha256 over every file's name and content, layer by layer."""
    digest = hashlib.sha256()
    for number, layer in enumerate(layers):
        if number:
            digest.update(b"overlay\0")
        for path, raw in layer.raw.items():
            digest.update(f"{path}\0{len(raw)}\0".encode())
            digest.update(raw)
    return digest.hexdigest()


def read_layers(root: Path | None, overlays: Sequence[Path], faults: list[Fault]) -> list[Layer]:
    """The bytes of every file: of the shipped knowledge base, or the one below `root`, then of each overlay."""
    layers = [_read_layer(shipped() if root is None else root, "", faults)]
    for folder in overlays:
        if not folder.is_dir():
            faults.append(Fault(str(folder), 0, 0, "kb-missing", "there is no such folder"))
            continue
        layer = _read_layer(folder, f"{folder.as_posix().rstrip('/')}/", faults)
        if not layer.raw:
            faults.append(Fault(str(folder), 0, 0, "kb-missing", "there is no YAML file in it"))
        layers.append(layer)
    return layers


def parse_layer(layer: Layer, faults: list[Fault], *, strict: bool) -> None:
    """Read the YAML of a layer; what is none is a fault. `strict` looks for keys written twice, too."""
    for path, raw in layer.raw.items():
        document = _parse(f"{layer.label}{path}", raw, faults, strict=strict)
        if document is not None:
            layer.documents[path] = document


def _read_layer(folder: Traversable, label: str, faults: list[Fault]) -> Layer:
    raw: dict[str, bytes] = {}
    try:
        for path, entry in sorted(walk(folder)):
            message = _unread(path, entry)
            if message is None:
                raw[path] = entry.read_bytes()
            else:
                faults.append(Fault(f"{label}{path}", 0, 0, "kb-stray", message))
    except OSError as error:
        where = error.filename or folder
        faults.append(Fault(str(where), 0, 0, "kb-missing", f"it cannot be read: {error.strerror}"))
    return Layer(label, raw)


def walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Everything called YAML in a knowledge base with its path below the folder, in no order."""
    for entry in folder.iterdir():
        if entry.name.lower().endswith((".yaml", ".yml")) and not entry.name.startswith("."):
            yield prefix + entry.name, entry
        elif entry.name in _NOT_KNOWLEDGE or entry.name.startswith(".") or prefix.count("/") >= _DEEPEST:
            continue
        elif entry.is_dir():
            yield from walk(entry, f"{prefix}{entry.name}/")


def _unread(path: str, entry: Traversable) -> str | None:
    """Why a file of this name is not read; None for one that is."""
    if not entry.is_file():
        return "it is not read: it is no regular file"
    if not path.endswith(".yaml"):
        return f"it is not read; name it {entry.name.rpartition('.')[0]}.yaml"
    return None


def line_not_utf8(raw: bytes) -> int:
    """The first line that is not UTF-8, 0 where all are. A NUL byte is of UTF-16."""
    wrong = raw.find(b"\0")
    try:
        raw[: wrong if wrong >= 0 else None].decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = error.start
    return 0 if wrong < 0 else raw.count(b"\n", 0, wrong) + 1


def _parse(path: str, raw: bytes, faults: list[Fault], *, strict: bool) -> Document | None:
    import yaml

    if len(raw) > _LARGEST:
        faults.append(Fault(path, 0, 0, "kb-yaml", f"larger than {_LARGEST:,} bytes; split it"))
        return None
    wrong = line_not_utf8(raw)
    if wrong:
        faults.append(Fault(path, wrong, 1, "kb-yaml", NOT_UTF8))
        return None
    text = raw.decode("utf-8")
    try:
        data, node = read(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        faults.append(Fault(path, line, column, "kb-yaml", f"not YAML: {getattr(error, 'problem', error)}"))
    except RecursionError:
        faults.append(Fault(path, 0, 0, "kb-yaml", "it is nested too deep, or a value contains itself"))
    except ValueError as error:  # also 2024-13-40, which looks like a date and is none
        faults.append(Fault(path, 0, 0, "kb-yaml", f"a value cannot be read: {error}"))
    else:
        if strict:
            twice = sorted(repeated_keys(path, node))
            faults.extend(twice[:_MOST_TWICE])
            if len(twice) > _MOST_TWICE:
                last, more = twice[_MOST_TWICE], len(twice) - _MOST_TWICE
                faults.append(
                    Fault(path, last.line, last.column, "kb-twice", f"and {more} more keys stand twice")
                )
        return Document(path, data, text)
    return None


def scalars(node: Any) -> Iterator[Any]:
    """Every scalar node of a tree, each once."""
    stack, seen = [node], set()
    while stack:
        one = stack.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if one.id == "scalar":
            yield one
        elif one.id == "sequence":
            stack.extend(reversed(one.value))
        else:
            stack.extend(part for pair in reversed(one.value) for part in reversed(pair))


def repeated_keys(path: str, node: Any) -> Iterator[Fault]:
    """Keys that stand twice in one mapping: YAML would quietly take the last."""
    stack, seen = [node], set()
    while stack:
        node = stack.pop()
        if node is None or node.id == "scalar" or id(node) in seen:
            continue
        seen.add(id(node))
        if node.id == "sequence":
            stack.extend(node.value)
            continue
        first: dict[str, int] = {}
        for key, value in node.value:
            stack.append(value)
            own = node.start_mark.index <= key.start_mark.index < node.end_mark.index  # not merged in
            if own and key.value in first and key.value != "<<":
                message = f"{key.value} stands on line {first[key.value]} already"
                mark = key.start_mark
                yield Fault(path, mark.line + 1, mark.column + 1, "kb-twice", message)
            elif own:
                first[key.value] = key.start_mark.line + 1


def blanks(document: Document) -> list[Fault]:
    """What `ipsecdx kb new` left for a person to fill in."""
    if BLANK not in document.text:
        return []
    return [
        Fault(
            document.path, s.start_mark.line + 1, s.start_mark.column + 1, "kb-blank", blank_message(s.value)
        )
        for s in scalars(document.node)
        if s.value.startswith(BLANK)
    ]


def blank_message(text: str) -> str:
    """What a marked blank asks for."""
    return f"to be filled in: {text.removeprefix(BLANK).rstrip().removesuffix(']')}"
