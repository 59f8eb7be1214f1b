"""Paths as a person types them: `~`, completion, several in one line."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from textual.suggester import Suggester


def at_home(typed: str) -> Path:
    """The path that somebody typed, `~` meaning a home; as it stands where there is no such user."""
    try:
        return Path(typed).expanduser()
    except RuntimeError:
        return Path(typed)


def completed(typed: str) -> tuple[str, list[str]]:
    """The longest continuation that all matches share, and the matches' names; folders end in a slash.

    Hidden files are offered only where a dot was typed.
    """
    head, tail = os.path.split(typed)
    folder = at_home(head or ".")
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                f"{entry.name}/" if entry.is_dir() else entry.name
                for entry in entries
                if entry.name.startswith(tail) and (tail.startswith(".") or not entry.name.startswith("."))
            )
    except (OSError, ValueError):
        return typed, []
    if not names:
        return typed, []
    # The first and the last by order differ at the earliest place of all.
    same = next(
        (i for i, pair in enumerate(zip(names[0], names[-1], strict=False)) if len(set(pair)) > 1), None
    )
    shared = names[0][:same] if same is not None else min(names[0], names[-1], key=len)
    return typed[: len(typed) - len(tail)] + shared, names


def split(typed: str) -> list[str]:
    """The paths of a line: the whole line where there is such a file, else its words as a shell would split them."""
    whole = str(at_home(typed.strip()))
    if not typed.strip():
        return []
    if os.path.lexists(whole):
        return [whole]
    try:
        words = [str(at_home(word)) for word in shlex.split(typed)]
    except ValueError:
        return [whole]
    return words if words and all(os.path.lexists(word) for word in words) else [whole]


class PathSuggester(Suggester):
    """The first match of the file system, shown dim behind the cursor."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first match; None where there is none."""
        if not value:
            return None
        head, names = os.path.split(value)[0], completed(value)[1]
        return os.path.join(head, names[0]) if names else None  # noqa: PTH118  keeps `~` and `./` as typed
