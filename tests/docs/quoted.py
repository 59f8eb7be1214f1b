"""What the tests of the documents share: fenced blocks, tables."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def text_of(path: str) -> str:
    """A file of the checkout as text."""
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language, without their fences."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def first_cells(text: str) -> set[str]:
    """What stands in backticks in the first cell of any table row."""
    return {
        name
        for row in re.findall(r"^\| ([^|]*) \|", text, flags=re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    }
