"""The application: one case, one page per question a person has of it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import WorkerError

from tui.app import themes
from tui.app.autosave import Autosave
from tui.app.keeping import Keeping
from tui.app.messages import CaseChanged, LanguageChanged, ProgressChanged
from tui.app.page import Page
from tui.app.progress import NothingReadableError, Progress, SupersededError, Tell
from tui.app.widgets.tabs import PAGES
from tui.app.words import word

if TYPE_CHECKING:
    from textual.command import Provider

    from engine.diagnosis.document import Lang
    from engine.render.words import Words
    from tui.app.model import CaseModel, State

# Bytes of a case whose objects the garbage collector had better leave alone.
_BIG = 1 << 22
# Seconds that leaving waits for what is being judged and kept.
_PATIENCE = 3.0
_LANGS: tuple[Lang, ...] = ("en", "ko")
Make = Callable[["CaseModel"], "State"]


def _commands() -> type[Provider]:
    """What the palette finds, imported when it is first opened."""
    from tui.app.widgets.palette import CaseCommands

    return CaseCommands


def _page(name: str) -> Screen[Any]:
    """A page, imported when it is first shown."""
    found = import_module(f"tui.app.pages.{name}")
    return next(
        kind()
        for kind in vars(found).values()
        if isinstance(kind, type) and issubclass(kind, Page) and kind.__module__ == found.__name__
    )


def _import_pages() -> None:
    """Import every page, so that none keeps somebody waiting who shows it first."""
    for name in PAGES:
        import_module(f"tui.app.pages.{name}")
        sleep(0.005)  # the screen has its turn


class GuideApp(App[None]):
    """ipsecdx in a terminal."""

    TITLE = "ipsecdx"
    CSS_PATH = "app.tcss"
    DEFAULT_MODE = "start"
    MODES: ClassVar[dict[str, Callable[[], Screen[Any]]]] = {  # type: ignore[assignment]  # narrower, read only
        name: partial(_page, name) for name in PAGES
    }
    COMMANDS: ClassVar = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"page('{name}')", show=False) for digit, name in enumerate(PAGES)),
        Binding("f1,question_mark", "explain", "common.key_help", key_display="F1"),
        Binding("ctrl+p", "command_palette", "common.key_commands", key_display="^p"),
        Binding("ctrl+o", "jump", "common.key_jump", show=False),
        Binding("L", "language", "common.key_language", show=False),
        Binding("T", "theme", "common.key_theme", show=False),
        Binding("h", "how", show=False),
        Binding("q", "quit", "common.key_quit"),
        Binding("ctrl+q", "quit", "common.key_quit", key_display="^q"),  # where q is a letter to type
    ]

    def __init__(
        self,
        paths: Sequence[str] = (),
        *,
        lang: Lang | None = None,
        overlays: Sequence[str] = (),
        theme: str | None = None,
        home: Path | None = None,
    ) -> None:
        """The application, not yet running.

        Args:
            paths: files and folders to open at once.
            lang: of every text; None: the one used last, else English.
            overlays: folders of knowledge laid over the shipped one.
            theme: `dark`, `light` or `contrast`; None: the one used last, else dark.
            home: where recent cases and autosaves are kept; None: nowhere.
        """
        super().__init__()
        self.paths = tuple(paths)
        self.overlays = tuple(overlays)
        self.keeping = Keeping(home)
        self.autosave = Autosave(home)
        self._lang_told = lang is not None
        self.lang: Lang = lang or self.keeping.settings.lang
        self.state: State | None = None
        self.progress: Progress | None = None
        for one in themes.THEMES.values():
            self.register_theme(one)
        self.theme = themes.SHORT.get(theme or self.keeping.settings.theme, themes.DARK.name)
        self._model: CaseModel | None = None
        self._turn = asyncio.Lock()
        self._loading = 0
        self._new_case = False
        self._prepared = False
        self._kept_next: Path | None = None
        self._past: list[str] = []
        self._words: Words | None = None

    # What pages use.

    @property
    def model(self) -> CaseModel:
        """What makes states. Its modules are imported here, behind the first paint; call it in a thread."""
        if self._model is None:
            from tui.app.model import CaseModel

            self._model = CaseModel(self.overlays)
        return self._model

    def word(self, key: str, **values: object) -> str:
        """A text of the screens in the language of the moment."""
        return word(self.lang, key, **values)

    def change(self, make: Make) -> None:
        """Make a new state in a thread, then let every page draw it.

        Changes are made one after another in the order in which they were asked for, so that no older state can
        take the place of a newer one. A `make` that reads `app.state` sees the state that the change before left.
        """
        self.run_worker(self._change(make), group="case", exit_on_error=False, description="change")

    def show(self, page: str, **target: object) -> None:
        """Show a page and, where something is named, go to it there: `show("evidence", source="r1.txt", line=5)`."""
        self.call_next(self._show, page, target)

    @property
    def state_now(self) -> State:
        """The state where there has to be one: for a `make` that builds on whatever the change before it left."""
        assert self.state is not None
        return self.state

    @property
    def words(self) -> Words:
        """The fixed words of the knowledge base (setup kinds, outcomes). Only where there is a state."""
        from tui.opening import words_of

        lang = self.lang
        if self._words is None or self._words.lang != lang:
            self._words = words_of(self.model.kb, lang)
        return self._words

    def notify(self, message: str, **how: Any) -> None:
        """Say something; names of files and what somebody typed are never taken as markup."""
        super().notify(message, **how | {"markup": False})

    def copy(self, text: str) -> None:
        """Copy to the clipboard, and say so."""
        self.copy_to_clipboard(text)
        self.notify(self.word("common.copied", count=len(text.splitlines())), timeout=2)

    # Cases.

    def open_paths(self, paths: Sequence[str]) -> None:
        """Open files and folders, or one saved case, as the case, and show it."""
        from engine.saved import SUFFIX

        if len(paths) == 1 and paths[0].endswith(SUFFIX):
            self.resume(Path(paths[0]))
        else:
            self._load(lambda model, tell: model.start(paths, lang=self.lang, tell=tell), "case")

    def open_text(self, text: str) -> None:
        """Open pasted text as the case, and show it."""
        self._load(lambda model, tell: model.start_with_text(text, lang=self.lang, tell=tell), "case")

    def open_nothing(self) -> None:
        """Begin a case without evidence: the guide asks."""
        self._load(lambda model, tell: model.start((), lang=self.lang, tell=tell), "guide")

    def resume(self, path: Path) -> None:
        """Open a saved case: a recent one, one that somebody sent, or the one of a crash."""
        from engine.saved import SavedCaseError, changes, load

        try:
            saved = load(path)
        except SavedCaseError as error:
            self._failed(self.word(f"errors.{error.key}", **error.values))
            return
        if not self._lang_told:
            self._speak(saved.lang)

        def make(model: CaseModel, tell: Tell) -> State:
            for change in changes(saved):
                text = self.word(f"common.evidence_{change.what}", path=change.path)
                self.call_from_thread(self.notify, text, severity="warning", timeout=10)
            return model.resume(saved, tell)

        self._load(make, saved.page if saved.page in PAGES[1:] else "case", kept=path)

    def _load(self, make: Callable[[CaseModel, Tell], State], page: str, *, kept: Path | None = None) -> None:
        """Load a new case in place of the present one and of any that is still being loaded.

        The case so far stays until the new one is there: where nothing of it can be read, nothing is lost.
        """
        self._loading += 1
        mine = self._loading

        def tell(progress: Progress) -> None:
            if mine != self._loading:
                raise SupersededError
            self.call_from_thread(self._set_progress, progress)

        def loaded(model: CaseModel) -> State:
            tell(Progress("opening"))
            if gc.get_freeze_count():  # the case before this one was big, and is garbage now
                gc.unfreeze()
                gc.collect()
            state = make(model, tell)
            if state.paths and not state.opened.sources and not state.pasted:
                raise NothingReadableError(" ".join(p.message for p in state.diagnosis.problems))
            self._kept_next = kept
            self._new_case = True
            return state

        self._set_progress(Progress("opening"))
        self.show(page)
        self.change(loaded)

    def _set_progress(self, progress: Progress | None) -> None:
        self.progress = progress
        self._tell_pages(ProgressChanged())

    async def _change(self, make: Make) -> None:
        async with self._turn:
            try:
                state = await asyncio.to_thread(self._made, make)
            except SupersededError:
                return
            except NothingReadableError as error:
                self._set_progress(None)
                self._failed(str(error))
                return
            except Exception as error:  # noqa: BLE001  whatever goes wrong in a case, the application goes on
                self._set_progress(None)
                self.notify(_sentence(error), severity="error", timeout=10)
                return
            self.progress = None
            self.state = state
            if sum(source.size for source in state.opened.sources) >= _BIG:
                # Millions of objects: looking through all of them for garbage would stop the screen.
                gc.freeze()
            self._tell_pages(CaseChanged())
            await asyncio.to_thread(self._keep, state)
        self._prepare()

    def _made(self, make: Make) -> State:
        state = make(self.model)
        # Somebody may have switched the language while this was being made.
        return state if state.lang == self.lang else self.model.in_language(state, self.lang)

    def _keep(self, state: State) -> None:
        """Write the case, in a thread."""
        if self._new_case:
            self._new_case = False
            if self._kept_next is None:
                self.autosave.begin()
            else:
                self.autosave.take_over(self._kept_next)
        self.autosave.write(state, self.current_mode)

    def _failed(self, sentence: str) -> None:
        """A case could not be opened: the start page says why."""
        self.show("start", error=sentence)

    def _tell_pages(self, message: CaseChanged | LanguageChanged | ProgressChanged) -> None:
        """Tell the page that is shown, which may have a dialogue above it; others look when they are shown."""
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                screen.post_message(type(message)())

    # Moving about.

    def on_load(self) -> None:
        """Have tasks begin in turn, as before Python 3.12.

        From 3.12 on Textual lets them begin at once, and then the first screen's widgets begin before there is a screen.
        """
        asyncio.get_running_loop().set_task_factory(None)

    def on_mount(self) -> None:
        """Open what the command line named; load the knowledge behind the first paint."""
        if self.paths:
            self.open_paths(self.paths)
        else:
            self.call_after_refresh(self._warm_up)

    def _warm_up(self) -> None:
        self.run_worker(self._warm(), group="case", exit_on_error=False, description="warm up")

    async def _warm(self) -> None:
        async with self._turn:
            try:
                await asyncio.to_thread(lambda: self.model.guide)
            except Exception as error:  # noqa: BLE001  said when a case is opened, too
                self.notify(_sentence(error), severity="error", timeout=10)
        self._prepare()

    def _prepare(self) -> None:
        """Import the other pages, once there is nothing more urgent."""
        if not self._prepared:
            self._prepared = True
            self.run_worker(
                _import_pages, group="pages", description="pages", thread=True, exit_on_error=False
            )

    async def _show(self, page: str, target: dict[str, object]) -> None:
        before = self.current_mode
        if page != before:
            self._past = [*self._past[-20:], before]
        await self.switch_mode(page)
        screen = self.screen
        if target and isinstance(screen, Page):
            screen.refresh_page()
            screen.target(**target)

    def action_page(self, page: str) -> None:
        """Show a page."""
        self.show(page)

    async def action_back(self) -> None:
        """Show the page before this one."""
        if self._past:
            await self.switch_mode(self._past.pop())

    def set_language(self, lang: Lang) -> None:
        """Switch every text, those of the case included."""
        if lang == self.lang:
            return
        self._speak(lang)
        self.keeping.set(lang=lang)
        if self.state is not None:
            self.change(lambda _model: self.state_now)

    def _speak(self, lang: Lang) -> None:
        self.lang = lang
        self._tell_pages(LanguageChanged())

    def action_how(self) -> None:
        """How it was concluded."""
        self.show("finding")

    def action_language(self) -> None:
        """The next language."""
        self.set_language(_LANGS[(_LANGS.index(self.lang) + 1) % len(_LANGS)])

    def action_theme(self) -> None:
        """The next theme."""
        self.set_theme(themes.after(self.theme).removeprefix("ipsecdx-"))

    def set_theme(self, name: str) -> None:
        """A theme by its short name."""
        self.theme = themes.SHORT[name]
        self.keeping.set(theme=name)

    def action_help_quit(self) -> None:
        """Ctrl+c copies where text is selected; somebody who wants to leave is told how."""
        self.notify(self.word("common.how_to_quit"), timeout=4)

    async def action_quit(self) -> None:
        """Leave; the case is kept and can be resumed."""
        self._loading += 1  # what is being loaded is not wanted any more
        changes = [worker for worker in self.workers if worker.group == "case"]
        if changes:  # the last answer is kept first
            with suppress(TimeoutError, WorkerError):
                await asyncio.wait_for(self.workers.wait_for_complete(changes), _PATIENCE)
        self.autosave.end(self.current_mode)
        self.exit()

    def action_explain(self) -> None:
        """Help for the focused widget, or for the page."""
        from tui.app.widgets.help import HelpScreen

        self.push_screen(HelpScreen.of(self.screen))

    def action_jump(self) -> None:
        """Letters over everything that can be focused; one key goes there."""
        from tui.app.widgets.jump import JumpScreen

        self.push_screen(JumpScreen.over(self.screen))


def _sentence(error: Exception) -> str:
    """What went wrong, as one sentence."""
    return str(error) or type(error).__name__
