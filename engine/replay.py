"""A saved case judged again: the same evidence and answers, with the knowledge base of now.

Two reasons make a verdict another one, and each is told: the evidence changed, or the knowledge did.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.case import Investigation
from engine.diagnosis.document import Diagnosis, KbRef, Lang, Verdict
from engine.evidence.open import Trouble, as_text, open_case
from engine.evidence.source import Source
from engine.guide.given import Given, answers_of
from engine.judge import Judge
from engine.saved import EvidenceChange, SavedCase, changes, paths_from_here, verdicts_of

SCHEMA = "ipsecdx/replay/1"


class Difference(msgspec.Struct, frozen=True):
    """A verdict that is another one; a finding that is not listed is undetermined."""

    hypothesis: str
    subject: str
    saved: Verdict
    now: Verdict


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a replay.

    Attributes:
        schema: `ipsecdx/replay/1`.
        case: name of the saved case.
        same: whether every verdict is the same.
        verdicts: how many were compared.
        differences: those that are not the same, by hypothesis and subject.
        evidence: files that are missing, changed or new.
        kb_saved, kb_now: the knowledge bases.
    """

    schema: str = SCHEMA
    case: str
    same: bool
    verdicts: int
    differences: list[Difference]
    evidence: list[EvidenceChange]
    kb_saved: KbRef
    kb_now: KbRef


class NothingToReplay(Exception):  # noqa: N818  it is no fault of anybody's: there is no evidence any more
    """None of the evidence can be read any more; `troubles` says why."""

    def __init__(self, troubles: list[Trouble]) -> None:
        super().__init__("nothing to read")
        self.troubles = troubles


def diagnosed(saved: SavedCase, judge: Judge, *, lang: Lang | None = None) -> Diagnosis:
    """The diagnosis of a saved case as it comes out now.

    Raises:
        NothingToReplay: it had files, and none of them can be read.
    """
    opened = open_case(paths_from_here(saved))
    if saved.paths and not opened.sources:
        raise NothingToReplay(opened.troubles)
    sources = [*opened.sources, *(pasted_source(one.name, one.text) for one in saved.pasted)]
    investigation = Investigation(sources, judge, lang=lang or saved.lang)
    given = [Given(one.question, one.answer, one.about) for one in saved.given]
    answers = answers_of(given, judge.kb, investigation.case)
    return investigation.again(answers=answers, asked=True).document(saved.name, opened.troubles)


def replay(saved: SavedCase, judge: Judge) -> Replay:
    """Judge a saved case again, and compare.

    Raises:
        NothingToReplay: it had files, and none of them can be read.
    """
    document = diagnosed(saved, judge)
    before, now = saved.verdicts, verdicts_of(document)
    differences = [
        Difference(*key.partition("|")[::2], before.get(key, "undetermined"), now.get(key, "undetermined"))
        for key in sorted({*before, *now})
    ]
    differences = [one for one in differences if one.saved != one.now]
    return Replay(
        case=saved.name,
        same=not differences,
        verdicts=len({*before, *now}),
        differences=differences,
        evidence=changes(saved),
        kb_saved=KbRef(version=saved.kb.version, digest=saved.kb.digest),
        kb_now=document.kb,
    )


def pasted_source(name: str, text: str) -> Source:
    """Pasted text as a source; what is no text at all is an empty one."""
    data = text.encode("utf-8", errors="replace")
    read = as_text(data)
    return Source(name, b"" if isinstance(read, str) else read, len(data))


def shown(path: str) -> str:
    """A path relative to the working folder where it lies below."""
    absolute, here = Path(path), Path.cwd()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else path


def json_schema() -> bytes:
    """JSON Schema (2020-12) of what `replay --format json` prints, indented, with a final line feed."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Replay)), indent=2) + b"\n"
