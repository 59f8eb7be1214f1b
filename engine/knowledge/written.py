"""What everything that is written in kb/ is made of: entries, texts in both languages, citations."""

from __future__ import annotations

from typing import Literal

import msgspec

Statement = Literal["stated", "inferred"]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Base of everything written in kb/: no field that is not known here."""


class Text(Entry, frozen=True, kw_only=True):
    """The same text in both languages."""

    en: str
    ko: str

    def __call__(self, lang: str) -> str:
        """The text in a language."""
        return self.ko if lang == "ko" else self.en


class Cite(Entry, frozen=True, kw_only=True):
    """Where a claim comes from: `source` is "ID#locator" with ID from sources.yaml."""

    source: str
    statement: Statement
