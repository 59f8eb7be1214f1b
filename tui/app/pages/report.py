"""Report: the case as Markdown, HTML, ticket text, JSON or saved case; looked at, copied, saved, opened in a browser."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Log, Markdown, Static

from tui.app.page import Page
from tui.app.pages.report_text import (
    ENDINGS,
    FORMATS,
    Format,
    SaveError,
    default_path,
    is_taken,
    place,
    rendered,
    shortened,
    write,
)
from tui.app.paths import PathSuggester
from tui.app.widgets.chips import Chips
from tui.opening import words_of

if TYPE_CHECKING:
    from tui.app.model import State

# Lines that are shown; what is copied and saved is always whole. Markdown is laid out anew line by line.
_MARKDOWN_LINES, _LINES = 300, 20_000
# Shown as a laid out text; the others as they are.
_LAID_OUT = frozenset({"markdown", "html"})
_KIB, _MIB = 1 << 10, 1 << 20


class PlainPreview(Log):
    """Text as it is."""

    can_focus = True


class ReportPage(Page):
    """A choice of formats over the text itself."""

    NAME = "report"
    CSS_PATH = "report.tcss"
    AUTO_FOCUS = "#report-format"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "save", "report.key_save"),
        Binding("y", "copy", "common.key_copy"),
        Binding("o", "browse", "report.key_browse"),
        Binding("f", "full", "report.key_full", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll_page(1)", show=False),
        Binding("pageup", "scroll_page(-1)", show=False),
        Binding("g", "scroll_to_end(-1)", show=False),
        Binding("G", "scroll_to_end(1)", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._format: Format = "markdown"
        self._full = False
        self._text: str | None = (
            None  # of the format, language and case that are shown; None while it is made
        )
        self._written: dict[Format, tuple[State, Path]] = {}
        self._asked: Path | None = None  # a file that is there, and may be overwritten with the next Enter
        self._then_browse = False

    def compose_body(self) -> ComposeResult:
        """Formats, what is to be said of the text, the text, and the path where it is saved."""
        yield Chips(id="report-format")
        yield Static(id="report-about")
        with VerticalScroll(id="report-markdown", can_focus=True):
            yield Markdown(id="report-markdown-text", open_links=False)
        yield PlainPreview(id="report-plain", auto_scroll=False)
        with Horizontal(id="report-save"):
            yield Static(id="report-save-label")
            yield Input(id="report-path", compact=True, select_on_focus=False, suggester=PathSuggester())

    def relabel(self) -> None:
        """The formats."""
        self._fill()
        self.query_one("#report-save-label", Static).update(self.word("save_to"))

    def draw(self, state: State) -> None:
        """Make the text anew."""
        del state  # it is taken where the text is made
        self._fill()
        self._make()

    def target(self, **target: object) -> None:
        """`format`: show the case in it; `save`: in this format, and ask for the path at once."""
        wanted = target.get("save") or target.get("format")
        if wanted in FORMATS:
            self._choose(wanted)
        if target.get("save"):
            self.action_save()

    # The text.

    @on(Chips.Chosen)
    def _chosen(self, event: Chips.Chosen) -> None:
        self._choose(event.value)

    def _choose(self, name: object) -> None:
        self._format = next(one for one in FORMATS if one == name)
        self._ask_path(show=False)
        self._fill()
        self._make()

    def _fill(self) -> None:
        names = [(one, self.word(f"format_{one}")) for one in FORMATS]
        self.query_one("#report-format", Chips).fill(self.word("format"), names, self._format)

    def action_full(self) -> None:
        """Every quotation and row, or the first ones of each."""
        self._full = not self._full
        self._make()

    def _make(self) -> None:
        state = self.state
        if state is not None:
            self._text = None
            self._about()
            self.run_worker(
                self._made(state, self._format, self._full),
                group="report",
                exclusive=True,
                description="report",
            )

    async def _made(self, state: State, format_: Format, full: bool) -> None:
        def make() -> tuple[str, str]:
            words = words_of(self.guide_app.model.kb, state.lang)
            text = rendered(state, format_, words, full=full)
            # A terminal shows no HTML page: the same report as Markdown says what is in it.
            return text, rendered(state, "markdown", words, full=full) if format_ == "html" else text

        self._text, shown = await asyncio.to_thread(make)
        self._about()
        await self._preview(shown, is_markdown=format_ in _LAID_OUT)

    async def _preview(self, text: str, *, is_markdown: bool) -> None:
        self.query_one("#report-markdown").display = is_markdown
        plain = self.query_one("#report-plain", PlainPreview)
        plain.display = not is_markdown
        lines, left_out = shortened(text.splitlines(), _MARKDOWN_LINES if is_markdown else _LINES)
        more = self.word("more_lines", count=left_out) if left_out else ""
        if is_markdown:
            shown = "\n".join([*lines, "", f"*{more}*"] if more else lines)
            await self.query_one("#report-markdown-text", Markdown).update(shown)
            self.query_one("#report-markdown").scroll_home(animate=False)
        else:
            plain.clear()
            plain.write_lines([*lines, more] if more else lines, scroll_end=False)
            plain.scroll_home(animate=False)

    def _about(self) -> None:
        """What the format is for, how big it is, and where it was saved."""
        about = self.word(f"about_{self._format}")
        parts = [(about, "$text-muted")]
        if self._text is not None:
            size = _size(len(self._text.encode("utf-8", "backslashreplace")))
            parts.append((f"  {self.word('size', lines=self._text.count(chr(10)), size=size)}", ""))
        if self._full and self._format in _LAID_OUT:
            parts.append((f"  {self.word('is_full')}", "bold"))
        written = self._written.get(self._format)
        if written is not None and written[0] is self.state:
            parts.append((f"  ✓ {self.word('saved', path=written[1])}", "$text-success"))
        self.query_one("#report-about", Static).update(Content.assemble(*parts))

    # Copy, save, open.

    def action_copy(self) -> None:
        """The whole text to the clipboard."""
        if self._text is not None:
            self.guide_app.copy(self._text)

    def action_save(self) -> None:
        """Ask where."""
        if self.state is not None:
            self._then_browse = False
            self._ask_path(show=True)

    def action_browse(self) -> None:
        """The HTML page in the browser; what is not saved yet is saved first."""
        state = self.state
        if state is None:
            return
        if self._format != "html":
            self._choose("html")
        written = self._written.get("html")
        if written is not None and written[0] is state and written[1].exists():
            self._open(written[1])
        else:
            self._ask_path(show=True)
            self._then_browse = True

    def action_leave(self) -> None:
        """Leave the path, else the page."""
        if self.query_one("#report-save").display:
            self._ask_path(show=False)
        else:
            self.app.call_later(self.guide_app.action_back)

    def _ask_path(self, *, show: bool) -> None:
        self._asked = None
        bar, path = self.query_one("#report-save"), self.query_one("#report-path", Input)
        if show and self.state is not None:
            path.value = default_path(self.state, self._format)
            path.cursor_position = len(path.value) - len(ENDINGS[self._format])
            self._note(self.word("save_hint"))
        elif path.has_focus:
            self.query_one("#report-format").focus()
        bar.display = show
        if not show:
            self._about()
        if show:
            path.focus()

    @on(Input.Changed, "#report-path")
    def _path_changed(self) -> None:
        self._asked = None

    @on(Input.Submitted, "#report-path")
    async def _path_given(self, event: Input.Submitted) -> None:
        state, text, format_ = self.state, self._text, self._format
        if state is None or text is None or not event.value.strip():
            return
        path = place(event.value, state, format_)
        if is_taken(path) and path != self._asked:
            self._asked = path
            self._note(self.word("overwrite", path=path), bad=True)
            return
        try:
            await asyncio.to_thread(write, path, state, format_, text)
        except SaveError as error:
            self._note(self.word("not_saved", path=path, why=error), bad=True)
            return
        self._written[format_] = (state, path)
        self._ask_path(show=False)
        if self._then_browse:
            self._then_browse = False
            self._open(path)

    def _open(self, path: Path) -> None:
        import webbrowser

        self.run_worker(
            lambda: webbrowser.open(path.as_uri()), thread=True, exit_on_error=False, description="browser"
        )
        self.app.notify(self.word("browser", path=path), timeout=4)

    def _note(self, text: str, *, bad: bool = False) -> None:
        signed = Content.assemble(("✕ ", "$text-error"), text) if bad else Content(text)
        self.query_one("#report-about", Static).update(signed)

    # Scrolling, from wherever the focus is.

    def _shown(self) -> VerticalScroll | PlainPreview:
        if self._format in _LAID_OUT:
            return self.query_one("#report-markdown", VerticalScroll)
        return self.query_one("#report-plain", PlainPreview)

    def action_scroll(self, lines: int) -> None:
        """A line up or down."""
        self._shown().scroll_relative(y=lines, animate=False)

    def action_scroll_page(self, way: int) -> None:
        """A page up or down."""
        shown = self._shown()
        shown.scroll_relative(y=way * max(1, shown.size.height - 1), animate=False)

    def action_scroll_to_end(self, way: int) -> None:
        """To the beginning or the end."""
        if way < 0:
            self._shown().scroll_home(animate=False)
        else:
            self._shown().scroll_end(animate=False)


def _size(count: int) -> str:
    if count < _KIB:
        return f"{count} B"
    return f"{count / _KIB:.0f} KB" if count < _MIB else f"{count / _MIB:.1f} MB"
