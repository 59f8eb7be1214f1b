"""Every format in every language, compared with a file that a person has looked at.

After a wanted change: IPSECDX_UPDATE_GOLDEN=1 python -m pytest tests/render/test_golden.py, then read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.diagnosis.document import Lang
from engine.render import explain_text, json_document, markdown, terminal
from tests.render.documents import empty_case, full_case, proof
from tests.render.words_file import words

GOLDEN = Path(__file__).parent / "golden"


def joined(lines: object) -> str:
    return "".join(f"{line}\n" for line in lines)  # type: ignore[attr-defined]  # any iterable of lines


DRAWN: dict[str, Callable[[Lang], str]] = {
    "full.txt": lambda lang: joined(terminal.render(full_case(lang), words(lang), width=100)),
    "narrow.txt": lambda lang: joined(terminal.render(full_case(lang), words(lang), width=60)),
    "unbroken.txt": lambda lang: joined(terminal.render(full_case(lang), words(lang), width=0, full=True)),
    "colour.txt": lambda lang: joined(terminal.render(full_case(lang), words(lang), width=100, colour=True)),
    "empty.txt": lambda lang: joined(terminal.render(empty_case(lang), words(lang), width=100)),
    "full.md": lambda lang: markdown.render(full_case(lang), words(lang)),
    "empty.md": lambda lang: markdown.render(empty_case(lang), words(lang)),
    "explain.txt": lambda lang: joined(
        explain_text.explanation(proof(lang), full_case(lang), words(lang), width=100)
    ),
    "explain.md": lambda lang: explain_text.explanation_markdown(proof(lang), full_case(lang), words(lang)),
    "full.json": lambda lang: json_document.render(full_case(lang)),
}


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", DRAWN)
def test_the_output_is_the_golden_file(name: str, lang: Lang) -> None:
    stem, suffix = name.split(".")
    path = GOLDEN / f"{stem}.{lang}.{suffix}"
    drawn = DRAWN[name](lang)
    if os.environ.get("IPSECDX_UPDATE_GOLDEN"):
        path.write_text(drawn, encoding="utf-8", newline="\n")
    assert drawn == path.read_text("utf-8")
