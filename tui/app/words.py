"""Texts of the screens: tui/app/texts/LANG.toml, read once. Every key stands in both languages (a test sees to it)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _table(name: str) -> dict[str, str]:
    tables = tomllib.loads(files("tui.app.texts").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return {f"{head}.{key}": text for head, entries in tables.items() for key, text in entries.items()}


def word(lang: str, key: str, **values: object) -> str:
    """The text of a key such as `case.devices`, with `{name}` placeholders filled.

    Raises:
        KeyError: there is no such key.
    """
    return _table(lang)[key].format(**values) if values else _table(lang)[key]


def has(lang: str, key: str) -> bool:
    """Whether there is such a key."""
    return key in _table(lang)


def help_of(lang: str, widget: str) -> str | None:
    """The help (Markdown) of a widget or page by its help key; None where there is none."""
    return _table(f"help.{lang}").get(widget)


def keys(name: str) -> set[str]:
    """Every key of a file, for tests."""
    return set(_table(name))
