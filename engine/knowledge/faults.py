"""Faults of a knowledge base: stable code, file, line and column, one sentence."""

from __future__ import annotations

from typing import Any

import msgspec


class Fault(msgspec.Struct, frozen=True, order=True):
    """One thing wrong with the knowledge base.

    Attributes:
        file: path below kb/.
        line, column: 1-based; 0 where the fault is about the whole file.
        code: stable code, "kb-..." .
        message: one sentence.
    """

    file: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.code}: {self.message}"


class KnowledgeError(Exception):
    """The knowledge base cannot be used; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class Document(msgspec.Struct, frozen=True):
    """A YAML file of kb/: its path below kb/, its data, and its text for finding lines."""

    path: str
    data: Any
    text: str

    def line_of(self, key: str) -> int:
        """The line on which a key or list item stands first; 1 where it cannot be found."""
        for number, line in enumerate(self.text.split("\n"), 1):
            stripped = line.strip()
            if stripped.startswith((f"{key}:", f"- {key}", f'"{key}":')) or f"{{{key}:" in stripped:
                return number
        return next((n for n, line in enumerate(self.text.split("\n"), 1) if key in line), 1)
