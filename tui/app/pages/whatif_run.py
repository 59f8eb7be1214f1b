"""Suppositions on a case that is open: run, compared, and looked up. No widget is known here.

Everything that judges is called in the thread of the case (`GuideApp.change`), one after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from engine.case import Investigation
from engine.diagnosis.document import Diagnosis, Finding, Subject, Verdict
from engine.evidence.source import Source
from engine.judge import Judge
from engine.knowledge.model import Knowledge
from engine.observe.subject import Answered
from engine.reading import Reading
from engine.release import parse, span
from engine.render import order
from engine.whatif.compare import compare
from engine.whatif.document import Smallest, WhatIf
from engine.whatif.settings import Setting, SettingError, parse_setting
from engine.whatif.smallest import Searcher
from engine.whatif.world import World, device_named

if TYPE_CHECKING:
    from engine.diagnosis.document import Lang
    from tui.app.model import State

_NEAR = 60
MOST_NEAR = 5


class Refused(msgspec.Struct, frozen=True):
    """A supposition that cannot be made: the key of the sentence, and the supposition it is about."""

    key: str
    text: str = ""


class Line(msgspec.Struct, frozen=True):
    """A finding now and under the suppositions."""

    id: str
    title: str
    subject: Subject
    now: Verdict
    then: Verdict

    @property
    def flips(self) -> bool:
        """Whether the verdict is another one."""
        return self.now != self.then


class _Remembering(Investigation):
    """An investigation that does not read again what the case has read: a log may have hundreds of megabytes."""

    before: Sequence[Reading] = ()

    def __init__(
        self,
        sources: Sequence[Source],
        judge: Judge,
        *,
        lang: Lang = "en",
        answers: Sequence[Answered] = (),
        known: Sequence[Reading] = (),
    ) -> None:
        super().__init__(sources, judge, lang=lang, answers=answers, known=known or self.before)


class _World(World, _Remembering):
    """The world of some settings, for a case that was read."""

    def __init__(self, case: Investigation, settings: Sequence[Setting], device: str | None) -> None:
        self.before = case.readings
        sources = [reading.source for reading in case.readings]
        super().__init__(sources, case.judge, settings, device=device, lang=case.lang, answers=case.answers)


def suppose(state: State, texts: Sequence[str], device: str | None) -> WhatIf | Refused:
    """What flips under the suppositions, each written as `--set` takes it.

    Args:
        state: the case.
        texts: the suppositions, one at least.
        device: whose they are; None: of the only router that logged.
    """
    case = state.investigation
    settings: list[Setting] = []
    for text in texts:
        try:
            settings.append(parse_setting(text, case.judge.kb))
        except SettingError:
            return Refused("bad_setting", text)
    if any(setting.kind != "condition" for setting in settings):
        try:
            device_named(case.case, device)
        except SettingError:
            return Refused("which_router" if case.case.devices else "no_router")
    try:
        world = _World(case, settings, device)
    except SettingError as error:
        return Refused("no_effect", error.values.get("text", ""))
    return compare(case, world, settings, name=state.name, troubles=state.opened.troubles)


def smallest(state: State, finding: str) -> Smallest:
    """The smallest changes that clear or lower a finding."""
    return Searcher(state.investigation, finding).search(state.diagnosis)


def lines(diagnosis: Diagnosis, found: WhatIf | None) -> list[Line]:
    """Every verdict that flips, the weightiest first, then those that stay at least possible, by rank."""
    flips = found.findings if found is not None else []
    flipped = {(flip.id, flip.subject) for flip in flips}
    changed = [Line(f.id, f.title, f.subject, f.before, f.after) for f in flips]
    same = [
        _unchanged(finding)
        for finding in order.findings(diagnosis, *order.LEADING)
        if (finding.id, finding.subject) not in flipped
    ]
    return [*changed, *same]


def _unchanged(finding: Finding) -> Line:
    return Line(finding.id, finding.title, finding.subject, finding.verdict, finding.verdict)


def known_releases(kb: Knowledge, diagnosis: Diagnosis) -> list[str]:
    """Every release that the knowledge base or the case names, in a fixed order."""
    named: dict[str, None] = dict.fromkeys(d.version for d in diagnosis.devices if d.version is not None)
    for _kind, hypothesis in kb.hypotheses().values():
        if hypothesis.releases is None:
            continue
        for text in [*hypothesis.releases.affected, *hypothesis.releases.fixed]:
            entry = span(text)
            if entry is not None and not entry.over_trains:
                named.update(dict.fromkeys((str(entry.first), str(entry.last))))
    return sorted(named, key=_natural)


def _natural(text: str) -> tuple[tuple[int, ...], str]:
    release = parse(text)
    return ((*release.numbers, release.rebuild) if release is not None else (), text)


def near_releases(text: str, known: Iterable[str]) -> list[str]:
    """Releases that begin with what was typed, then those that look like it."""
    typed = text.strip().lower()
    if not typed:
        return []
    names = list(known)
    found = dict.fromkeys(name for name in names if name.lower().startswith(typed) and name != text)
    if len(found) < MOST_NEAR:
        from rapidfuzz import fuzz, process

        alike = process.extract(typed, names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=MOST_NEAR)
        found.update(dict.fromkeys(name for name, _score, _index in alike if name != text))
    return list(found)[:MOST_NEAR]


def conditions_in(investigation: Investigation) -> list[str]:
    """The conditions that some flow, pair or device of the case looks at."""
    return sorted({name for one in investigation.judged for name in one.observations})
