"""Knowledge bases to break: a copy of the shipped one, and folders to lay over it."""

from __future__ import annotations

import shutil
from pathlib import Path

import kb as shipped

KB = Path(str(shipped.__file__)).parent


def copy_of_kb(target: Path) -> Path:
    """The shipped knowledge base without its cases."""
    shutil.copytree(KB, target, ignore=shutil.ignore_patterns("cases", "__pycache__", "*.py"))
    return target


def overlay(folder: Path, **files: str) -> Path:
    """A folder with files; `__` in a name stands for `/`, and the suffix .yaml is added."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
