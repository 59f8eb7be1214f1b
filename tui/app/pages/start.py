"""Where a case begins: open files or a folder, paste text, begin with no evidence, or go on with a case of before."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.app import themes
from tui.app.autosave import Kept
from tui.app.page import Page
from tui.app.paths import PathSuggester, completed, split
from tui.app.widgets.chips import Chips
from tui.app.widgets.rows import RowList

_NAMES_SHOWN = 6


def _exists(path: str) -> bool:
    """Whether there is such a file or folder; no error, whatever was typed."""
    return os.path.exists(path)  # noqa: PTH110  `Path.exists` raises for a name too long or a closed folder


class PathInput(Input):
    """The path; Tab completes it as a shell does, and moves on where there is nothing to complete."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "start.key_complete"),
        Binding("down", "leave", show=False),
    ]

    class Several(Message):
        """Several names continue what was typed."""

        def __init__(self, names: list[str]) -> None:
            super().__init__()
            self.names = names

    def action_complete(self) -> None:
        """Complete as far as all matches agree."""
        text, names = completed(self.value) if self.value else ("", [])
        if text != self.value:
            self.value = text
            self.cursor_position = len(text)
        elif len(names) <= 1:
            self.screen.focus_next()
        self.post_message(self.Several(names if len(names) > 1 else []))

    def action_leave(self) -> None:
        """To the list below."""
        self.screen.focus_next()


class StartPage(Page):
    """The first page."""

    NAME = "start"
    CSS_PATH = "start.tcss"
    NEEDS_CASE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "paste", "start.key_paste"),
        Binding("b", "begin", "start.key_begin"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[Kept] = []

    def compose_body(self) -> ComposeResult:
        """A path, what else one can begin with, and how it looks."""
        with Vertical(id="start-box"):
            yield Static(id="heading")
            yield PathInput(id="path", suggester=PathSuggester())
            yield Static(id="path-note")
            yield RowList(id="choices")
            with Horizontal(id="looks"):
                yield Chips(id="language")
                yield Chips(id="theme")

    def on_mount(self) -> None:
        """Cases of before come a moment later: their files are read in a thread."""
        super().on_mount()
        self.run_worker(self._recent(), exclusive=True, description="recent")
        self.watch(self.app, "theme", self._looks, init=False)

    def on_screen_resume(self) -> None:
        """Other cases may have been kept in the meantime."""
        super().on_screen_resume()
        self.run_worker(self._recent(), exclusive=True, description="recent")

    def relabel(self) -> None:
        """Every text of the page."""
        self.query_one("#heading", Static).update(self.word("heading"))
        path = self.query_one("#path", PathInput)
        path.placeholder = self.word("placeholder")
        path.border_title = self.word("path")
        self._note("")
        self._list()
        self._looks()

    def target(self, **target: object) -> None:
        """`error`: why nothing could be opened."""
        error = target.get("error")
        if isinstance(error, str):
            self._note(error, bad=True)
            self.query_one("#path").focus()

    @on(PathInput.Several)
    def _several(self, event: PathInput.Several) -> None:
        names = "  ".join(event.names[:_NAMES_SHOWN])
        more = len(event.names) - _NAMES_SHOWN
        self._note(names + (f"  {self.word('more', count=more)}" if more > 0 else ""))

    @on(Input.Submitted, "#path")
    def _submitted(self, event: Input.Submitted) -> None:
        paths = split(event.value)
        missing = next((path for path in paths if not _exists(path)), None)
        if not paths:
            self._note(self.word("nothing_typed"), bad=True)
        elif missing is not None:
            self._note(self.word("no_such", path=missing), bad=True)
        else:
            self._note("")
            self.guide_app.open_paths(paths)

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        chosen = event.option_id or ""
        if chosen == "paste":
            self.action_paste()
        elif chosen == "begin":
            self.action_begin()
        else:
            self.guide_app.resume(Path(chosen))

    @on(Chips.Chosen)
    def _look(self, event: Chips.Chosen) -> None:
        if event.chips.id == "language":
            self.guide_app.set_language("ko" if event.value == "ko" else "en")
        else:
            self.guide_app.set_theme(event.value)

    def action_paste(self) -> None:
        """Ask for text."""
        from tui.app.widgets.paste import PasteScreen

        self.app.push_screen(PasteScreen(), self._pasted)

    def action_begin(self) -> None:
        """Begin without evidence."""
        self.guide_app.open_nothing()

    def _pasted(self, text: str | None) -> None:
        if text and text.strip():
            self.guide_app.open_text(text)

    async def _recent(self) -> None:
        self._kept = await asyncio.to_thread(self.guide_app.autosave.kept)
        self._list()
        if self._kept and self._kept[0].crashed and not self.query_one("#path", PathInput).value:
            self.query_one("#choices").focus()

    def _list(self) -> None:
        choices = self.query_one("#choices", RowList)
        at = choices.highlighted_option.id if choices.highlighted_option else None
        crashed = [one for one in self._kept if one.crashed]
        recent = [one for one in self._kept if not one.crashed]
        options: list[Option | None] = [self._option(one) for one in crashed]
        options += [
            Option(_line("p", self.word("paste"), self.word("paste_about")), id="paste"),
            Option(_line("b", self.word("begin"), self.word("begin_about")), id="begin"),
        ]
        if recent:
            options += [None, *(self._option(one) for one in recent)]
        choices.set_options(options)
        ids = [option.id for option in choices.options]
        choices.highlighted = ids.index(at) if at in ids and not crashed else 0

    def _option(self, one: Kept) -> Option:
        """A case of before: its name, what was done in it, when, and where its evidence lies."""
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.when))
        done = self.word("kept_done", answers=one.answers, pasted=one.pasted)
        where = ", ".join(_short(path) for path in one.paths)
        head = self.word("resume" if one.crashed else "recent", name=one.name)
        about = "  ".join(filter(None, (when, done if one.answers or one.pasted else "", where)))
        return Option(_line("!" if one.crashed else "·", head, about, strong=one.crashed), id=str(one.path))

    def _looks(self) -> None:
        app = self.guide_app
        languages = [("en", "English"), ("ko", "한국어")]
        self.query_one("#language", Chips).fill(self.word("language"), languages, app.lang)
        names = [(name, self.word(f"theme_{name}")) for name in themes.SHORT]
        chosen = app.theme.removeprefix("ipsecdx-")
        self.query_one("#theme", Chips).fill(self.word("theme"), names, chosen)

    def _note(self, text: str, *, bad: bool = False) -> None:
        note = self.query_one("#path-note", Static)
        note.update(
            Content.assemble(("✕ ", "$text-error"), text) if bad else Content(text or self.word("path_hint"))
        )
        note.set_class(bad, "-bad")


def _line(sign: str, head: str, about: str, *, strong: bool = False) -> Content:
    return Content.assemble(
        (f"{sign}  ", "bold $text-warning" if strong else "bold $footer-key-foreground"),
        (head, "bold"),
        (f"   {about}", "$text-muted"),
    )


def _short(path: str) -> str:
    home = str(Path.home())
    return f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path
