"""The fixed words as the tests need them: straight from kb/words.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from engine.render.words import Words

ROOT = Path(__file__).resolve().parents[2]


@cache
def phrases() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load((ROOT / "kb" / "words.yaml").read_text("utf-8"))
    return loaded


def words(lang: str) -> Words:
    return Words(lang, phrases())
