"""The case in each format, as text to be shown, copied or written. It knows no widget; call it in a thread."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from engine.whole import write_whole
from tui.app.paths import at_home
from tui.app.words import word

if TYPE_CHECKING:
    from engine.render.words import Words
    from tui.app.model import State

Format = Literal["markdown", "html", "ticket", "json", "case"]
FORMATS: tuple[Format, ...] = ("markdown", "html", "ticket", "json", "case")
ENDINGS: dict[Format, str] = {
    "markdown": "-report.md",
    "html": "-report.html",
    "ticket": "-ticket.txt",
    "json": "-diagnosis.json",
    "case": ".ipsecdx.json",
}
# What may stand in a file name everywhere; Korean letters may.
_NO_NAME = re.compile(r"[^\w.-]+")


class SaveError(Exception):
    """The file cannot be written; the message is the reason of the operating system."""


def rendered(state: State, format_: Format, words: Words, *, full: bool) -> str:
    """The case in one format.

    Args:
        state: the case.
        format_: which.
        words: the fixed words of the language.
        full: every quotation and row (Markdown and HTML).
    """
    document = state.diagnosis
    if format_ == "markdown":
        from engine.render import markdown

        return markdown.render(document, words, full=full)
    if format_ == "html":
        from engine.render import html

        return html.render(document, words, full=full)
    if format_ == "ticket":
        from engine.render import ticket

        return "".join(f"{line}\n" for line in ticket.render(document, words))
    if format_ == "json":
        from engine.render import json_document

        return json_document.render(document)
    return _case_text(state)


def _case_text(state: State) -> str:
    """As it is shown and copied: without the secrets of what was pasted, which only the file holds."""
    from engine.evidence.redact import redact
    from engine.saved import SavedCaseError, as_json
    from tui.app.autosave import saved_of

    saved = saved_of(state, "report")
    pasted = [msgspec.structs.replace(one, text=redact(one.text)) for one in saved.pasted]
    try:
        return as_json(msgspec.structs.replace(saved, pasted=pasted)).decode()
    except SavedCaseError as error:
        return word(state.lang, f"errors.{error.key}", **error.values) + "\n"


def default_path(state: State, format_: Format) -> str:
    """Where to save unless somebody says otherwise: the working folder, but never inside the evidence.

    A report quotes messages; in a folder that is opened again they would count as evidence.
    """
    name = _NO_NAME.sub("-", state.name).strip("-.") or "case"
    folder = here = Path.cwd()
    for opened in map(Path.absolute, map(Path, state.paths)):
        if _is_folder(opened) and here.is_relative_to(opened):
            folder = opened.parent
    file = folder / f"{name}{ENDINGS[format_]}"
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def place(typed: str, state: State, format_: Format) -> Path:
    """The file that a typed path means; in a folder, the name that `default_path` gives.

    A saved case always has its ending: without it, it would be opened as evidence.
    """
    path = at_home(typed.strip()).absolute()
    if _is_folder(path):
        return path / Path(default_path(state, format_)).name
    if format_ == "case" and not path.name.endswith(ENDINGS["case"]):
        return path.with_name(path.name + ENDINGS["case"])
    return path


def is_taken(path: Path) -> bool:
    """Whether something stands there; no error, whatever was typed."""
    return os.path.lexists(path)


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  `Path.is_dir` raises for a name too long or a closed folder


def write(path: Path, state: State, format_: Format, text: str) -> None:
    """Write the file, whole or not at all.

    Raises:
        SaveError: it cannot be written.
    """
    if format_ == "case":
        from engine.saved import SavedCaseError, save
        from tui.app.autosave import saved_of

        try:
            save(path, saved_of(state, "report"))
        except SavedCaseError as error:
            raise SaveError(word(state.lang, f"errors.{error.key}", **error.values)) from error
        return
    try:
        write_whole(path, text.encode("utf-8", errors="backslashreplace"))
    except (OSError, ValueError) as error:
        raise SaveError(getattr(error, "strerror", None) or str(error)) from error


def shortened(lines: Sequence[str], most: int) -> tuple[list[str], int]:
    """The first lines, and how many are left out."""
    return list(lines[:most]), max(0, len(lines) - most)
