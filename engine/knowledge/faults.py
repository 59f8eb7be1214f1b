"""Faults of a knowledge base: stable code, file, line and column, one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import msgspec

Severity: TypeAlias = Literal["error", "warning", "info"]
Keys: TypeAlias = Sequence[str | int]
"""The way to a value inside a file: keys of mappings and numbers of list items."""

CODES: dict[str, Severity] = {
    "kb-yaml": "error",
    "kb-missing": "error",
    "kb-stray": "error",
    "kb-shape": "error",
    "kb-twice": "error",
    "kb-blank": "error",
    "kb-condition": "error",
    "kb-observer": "error",
    "kb-test": "error",
    "kb-field": "error",
    "kb-formula": "error",
    "kb-unknown": "error",
    "kb-empty": "error",
    "kb-head": "error",
    "kb-release": "error",
    "kb-uncited": "error",
    "kb-source": "error",
    "kb-language": "error",
    "kb-cycle": "error",
    "kb-placeholder": "error",
    "kb-applet": "error",
    "kb-unreachable": "warning",
    "kb-shadowed": "warning",
    "kb-inferred": "warning",
    "kb-unsettled": "warning",
    "kb-unused": "warning",
    "kb-idle": "warning",
    "kb-same": "warning",
    "kb-python": "info",
}
"""Every code with its severity. Only errors keep a knowledge base from being used; docs/problems.md explains each."""


class Fault(msgspec.Struct, frozen=True, order=True):
    """One thing wrong with the knowledge base.

    Attributes:
        file: path below kb/; of an overlay with its folder.
        line, column: 1-based; 0 where the fault is about the whole file.
        code: stable code, "kb-..." .
        message: one sentence.
    """

    file: str
    line: int
    column: int
    code: str
    message: str

    @property
    def severity(self) -> Severity:
        """How much it matters; see `CODES`."""
        return CODES[self.code]

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.code}: {self.message}"


class KnowledgeError(Exception):
    """The knowledge base cannot be used; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class Document(msgspec.Struct, frozen=True):
    """A YAML file of kb/.

    Attributes:
        path: below kb/; of an overlay with its folder in front, as faults name it.
        data: what it says.
        text: as written.
    """

    path: str
    data: Any
    text: str

    @property
    def node(self) -> Any:
        """The node tree with line and column of every key and value; composed only when somebody asks for a place."""
        from engine.knowledge.words_yaml import composed

        return composed(self.text)

    def line_of(self, key: str) -> int:
        """The line on which a key or list item stands first; 1 where it cannot be found."""
        for number, line in enumerate(self.text.split("\n"), 1):
            stripped = line.strip()
            if stripped.startswith((f"{key}:", f"- {key}", f'"{key}":')) or f"{{{key}:" in stripped:
                return number
        return next((n for n, line in enumerate(self.text.split("\n"), 1) if key in line), 1)

    def place(self, keys: Keys, *, key: bool = False) -> tuple[int, int]:
        """Line and column of a value; of its key where the value is a collection or `key` is set.

        Where the way does not lead all the way down, the last thing on it. (0, 0) for the file as a whole.
        """
        node, mark = self.node, None
        for number, part in enumerate(keys):
            step = _step(node, part)
            if step is None:
                break
            named, node = step
            last = number == len(keys) - 1
            mark = named.start_mark if node.id != "scalar" or (key and last) else node.start_mark
        return (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)


def _step(node: Any, part: str | int) -> tuple[Any, Any] | None:
    """(node that names it, node of the value) one key or item further down."""
    if node is None:
        return None
    if node.id == "mapping":
        # A merge key puts what it merges in front, so the last one counts.
        return next(((k, v) for k, v in reversed(node.value) if k.value == str(part)), None)
    if node.id == "sequence" and isinstance(part, int) and 0 <= part < len(node.value):
        return node.value[part], node.value[part]
    return None
