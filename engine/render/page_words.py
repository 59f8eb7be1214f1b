"""The words that the HTML page, the ticket text and the replay need beside those of kb/words.yaml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from engine.render.words import Words


@cache
def page_words(lang: str) -> Words:
    """The words of page_words.toml in one language."""
    return Words(lang, table())


@cache
def table() -> dict[str, dict[str, str]]:
    """Every word in every language."""
    text = files("engine.render").joinpath("page_words.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(text)
    return found
