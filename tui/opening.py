"""What several commands begin with: the knowledge base loaded, words, near names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui import output

if TYPE_CHECKING:
    from engine.knowledge.model import Knowledge
    from engine.render.words import Words

_NEAR = 60


def knowledge(overlays: Sequence[str], root: Path | None = None) -> Knowledge | None:
    """The knowledge base with the overlays; None, with every fault on standard error, where it cannot be used."""
    from engine.knowledge.faults import KnowledgeError
    from engine.knowledge.load import load

    try:
        return load(root, [Path(folder) for folder in overlays])
    except KnowledgeError as error:
        for fault in error.faults:
            output.err(f"the knowledge base cannot be used: {fault}")
    return None


def words_of(kb: Knowledge, lang: str) -> Words:
    """The fixed words in a language: of the reports, and of plans and what is like them."""
    from engine.render.words import Words

    known = {**kb.words, **kb.plan.words}
    return Words(lang, {key: {"en": text.en, "ko": text.ko} for key, text in known.items()})


def wrong(lang: str, key: str, near: str = "", /, **values: object) -> None:
    """Say on standard error what is wrong, in a language, and which name may be meant."""
    from tui.app.words import word

    hint = word(lang, "errors.near", near=near) if near else ""
    output.err(word(lang, f"errors.{key}", **values) + hint)


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for a near name, else nothing."""
    best = nearest(name, known)
    return f"; did you mean {best}?" if best else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """A near name, else nothing."""
    from rapidfuzz import fuzz, process, utils

    best = process.extractOne(
        name, list(known), scorer=fuzz.ratio, score_cutoff=_NEAR, processor=utils.default_process
    )
    return best[0] if best else ""
