"""With `--lang ko` everything that is said is Korean; only quotations, commands, names and ids are not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.evidence.source import Source
from engine.render import json_document
from tests.evidence.samples import (
    ISAKMP_UP,
    TWICE,
    VERSION,
    console,
    hub,
    logging,
    message,
    sources,
    spoke,
)
from tests.tui.pipeline import diagnosed, explanations, outputs

# Three English words of small letters in a row are a sentence, unless they are a command or a quotation.
_ENGLISH = re.compile(r"(?<![\w.\-`])(?:[a-z][a-z']{2,} +){2,}[a-z]{2,}\b")
_COMMAND = re.compile(r"[\s|]*(?:show|debug|no|clear|crypto|interface|ip|deny|permit) ")
_HANGUL = re.compile(r"[가-힣]")
# Fields that are said to a person; the rest are quotations, commands, names and ids.
_SAID = {"summary", "title", "text", "note", "message", "risk_note"}
_QUOTED = {"evidence", "commands", "collect", "rollback", "verify"}
# What Korean engineers write in English, too.
_TERMS = ("invalid spi recovery", "show crypto", "invalid-spi-recovery")

CASES: dict[str, dict[str, str]] = {
    "pair": {"hub": hub(*TWICE), "spoke": spoke()},
    "once": {"log": console("HUB1", ("show logging", logging(message("12:10:00.100"))))},
    "ike-up": {"hub": hub(*TWICE, isakmp=ISAKMP_UP), "spoke": spoke()},
    "unsolicited": {"hub": hub(message("12:10:00.100", src="203.0.113.9"), message("12:12:00.100", src="203.0.113.9"))},
    "ff": {"log": message("12:10:00.100", spi=0xFF000007) + message("12:11:00.200", spi=0xFF000007)},
    "nothing": {"mail": "Hello, our tunnel is down.\n", "version": VERSION.format(host="HUB1")},
    "torn": {"hub": hub(*TWICE)[:-1500], "list": spoke()[-900:]},
}  # fmt: skip


def said(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a document that is said to a person, with its key."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in _QUOTED:
                yield from said(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner, key)
    elif isinstance(value, str) and key in _SAID:
        yield key, value


def quotations(value: Any, key: str = "") -> Iterator[str]:
    """Every text that is quoted or typed, line by line."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from quotations(inner, name if name in _QUOTED or name in {"path", "command"} else key)
    elif isinstance(value, list):
        for inner in value:
            yield from quotations(inner, key)
    elif isinstance(value, str) and key:
        yield from value.split("\n")


def english(text: str) -> list[str]:
    """The English sentences of a text, without what stands in backticks."""
    text = re.sub(r"`[^`]*`", "", text.replace("`-- ", ""))
    return [found for found in _ENGLISH.findall(text) if not any(term in found.lower() for term in _TERMS)]


@pytest.mark.parametrize("name", CASES)
def test_the_document_speaks_korean(name: str) -> None:
    document = json.loads(json_document.render(diagnosed(sources(**CASES[name]), "ko")))
    for key, text in said(document):
        assert not english(text), (key, text)
        if key in {"summary", "title", "note"}:
            assert _HANGUL.search(text), (key, text)


@pytest.mark.parametrize("name", CASES)
def test_every_screen_speaks_korean(name: str) -> None:
    case: list[Source] = sources(**CASES[name])
    document = diagnosed(case, "ko")
    quoted = sorted(
        {q.strip() for q in quotations(json.loads(json_document.render(document))) if len(q.strip()) > 3},
        key=len,
        reverse=True,
    )
    for shown in [*outputs(document, "ko")[1:4], *explanations(case, "ko")]:
        for line in shown.split("\n"):
            for quote in quoted:
                line = line.replace(quote, "")  # noqa: PLW2901  what is left is what is said
            assert _COMMAND.match(line) or not english(line), line
