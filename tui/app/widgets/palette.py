"""What the command palette finds: pages, findings, devices, languages, themes, and what can be done to the case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.app import themes, verdicts
from tui.app.widgets.tabs import PAGES

if TYPE_CHECKING:
    from tui.app.app import GuideApp

Entry = tuple[str, Callable[[], object], str]


class CaseCommands(Provider):
    """Every command, in the language of the moment."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for text, run, about in self._entries():
            yield DiscoveryHit(text, run, help=about)

    async def search(self, query: str) -> Hits:
        """Those that fit what was typed."""
        matcher = self.matcher(query)
        for text, run, about in self._entries():
            score = matcher.match(f"{text} {about}")
            if score > 0:
                yield Hit(score, matcher.highlight(text), run, text=text, help=about)

    def _entries(self) -> Iterator[Entry]:
        app = cast("GuideApp", self.app)
        for digit, name in enumerate(PAGES):
            yield app.word(f"common.page_{name}"), partial(app.show, name), str(digit)
        if app.state is not None:
            for finding in sorted(app.state.diagnosis.findings, key=lambda f: f.rank):
                sign = f"{verdicts.symbol(finding.verdict)} {finding.title}"
                about = app.word(verdicts.key(finding.verdict))
                yield sign, partial(app.show, "finding", id=finding.id, subject=finding.subject), about
            for device in app.state.diagnosis.devices:
                about = app.word("common.palette_device")
                place = device.evidence[0] if device.evidence else None
                where = {"source": place.source, "line": place.line} if place else {}
                yield device.name, partial(app.show, "evidence", **where), about
        yield app.word("common.palette_open"), partial(app.show, "start"), "0"
        yield app.word("common.palette_save"), partial(app.show, "report", save="case"), "8"
        yield "English", partial(app.set_language, "en"), "L"
        yield "한국어", partial(app.set_language, "ko"), "L"
        for name in themes.SHORT:
            yield app.word(f"common.theme_{name}"), partial(app.set_theme, name), "T"
        yield app.word("common.key_help"), app.action_explain, "F1"
        yield app.word("common.key_jump"), app.action_jump, "^o"
        yield app.word("common.key_quit"), app.action_quit, "q"
