"""Evidence: every source and section, and the text itself, redacted, with search, filter and what findings quote."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, Tree
from textual.worker import get_current_worker

from engine.render.visible import prose
from tui.app.lines import Lines
from tui.app.marks import Marks, Quoting, marks_of
from tui.app.page import Page
from tui.app.scan import Pattern, PatternError, Scan
from tui.app.widgets.find_bar import FindBar, Mode
from tui.app.widgets.log_view import LogView
from tui.app.widgets.picker import Picker
from tui.app.widgets.source_tree import Overview, Place, SourceTree, command_of, overviews

if TYPE_CHECKING:
    from tui.app.model import State


class EvidencePage(Page):
    """The sources of the case."""

    NAME = "evidence"
    CSS_PATH = "evidence.tcss"
    AUTO_FOCUS = "#sources"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (140, "-wide")]  # noqa: RUF012  as Screen has it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "common.key_back", show=False),
        Binding("slash", "ask('search')", "evidence.key_search", key_display="/"),
        Binding("ampersand", "ask('filter')", "evidence.key_filter", key_display="&"),
        Binding("colon", "ask('line')", show=False),
        Binding("ctrl+f", "find", "evidence.key_find", key_display="^f", show=False),
        Binding("t", "sources", "evidence.key_sources"),
        Binding("h", "how", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, Lines] = {}
        self._marks: dict[str, Marks] = {}
        self._overviews: dict[str, Overview] = {}
        self._shown = ""  # the path in the viewer

    def compose_body(self) -> ComposeResult:
        """The tree, the viewer, and what is to be said about the line with the cursor."""
        with Horizontal(id="evidence"):
            yield SourceTree(id="sources")
            with Vertical(id="viewer"):
                yield LogView(id="log")
                yield Static(id="found")
                yield FindBar(id="find")
                yield Static(id="where")

    # What is drawn.

    def draw(self, state: State) -> None:
        """The sources of the case; what they quote is counted in a thread."""
        sources = {source.path: source for source in state.opened.sources}
        self._lines = {
            path: lines
            for path, lines in self._lines.items()
            if path in sources and sources[path].data is lines.data
        }
        refs = state.diagnosis.sources
        self._overviews = overviews(refs, ())
        if self._shown not in self._lines:
            self._shown = ""
            self.query_one(LogView).close()
            if refs:
                self._open(refs[0].path)
        self._tree()
        self._look_through(state)

    @work(thread=True, exclusive=True, group="overview", description="overview")
    def _look_through(self, state: State) -> None:
        worker = get_current_worker()
        found = overviews(state.diagnosis.sources, state.investigation.readings)
        marks = marks_of(state.diagnosis)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._looked_through, state, found, marks)

    def _looked_through(self, state: State, found: dict[str, Overview], marks: dict[str, Marks]) -> None:
        if state is not self.state or not self.is_attached:
            return
        self._overviews, self._marks = found, marks
        self._tree()
        if self._shown:
            self.query_one(LogView).mark(self._marks.get(self._shown, Marks()))
        self._say()

    def _tree(self) -> None:
        tree = self.query_one(SourceTree)
        with tree.prevent(Tree.NodeHighlighted):
            tree.show(self._overviews, self.word("no_command"))

    def relabel(self) -> None:
        """The line below the viewer is in words."""
        self._say()

    def target(self, **target: object) -> None:
        """Go to a line of a source: `source`, and `line` where one is meant."""
        path, line = str(target.get("source", "")), target.get("line")
        if path not in self._overviews:
            self.notify(self.word("no_source", source=path), severity="warning")
            return
        self._go(path, line if isinstance(line, int) else 1)
        self.query_one(LogView).focus()

    def _open(self, path: str) -> bool:
        """Show a source, unless it is shown already."""
        state = self.state
        source = next((s for s in state.opened.sources if s.path == path), None) if state else None
        if source is None:
            return False
        if path != self._shown:
            if path not in self._lines:
                self._lines[path] = Lines(source)
            self._shown = path
            self.query_one(LogView).open(self._lines[path], self._marks.get(path, Marks()))
        return True

    def _go(self, path: str, line: int) -> None:
        if not self._open(path):
            return
        view = self.query_one(LogView)
        if view.sieve is not None:
            view.filter(None)
        view.go(line)
        overview = self._overviews[path]
        tree = self.query_one(SourceTree)
        with tree.prevent(Tree.NodeHighlighted):
            tree.reveal(Place(path, overview.section_at(line), line))

    # The tree.

    def on_descendant_focus(self) -> None:
        """On a narrow screen the tree makes room for the text as soon as that has the focus."""
        self.query_one(SourceTree).set_class(not self.query_one(SourceTree).has_focus, "-away")

    @on(Tree.NodeHighlighted, "#sources")
    def _look_at(self, event: Tree.NodeHighlighted[Place]) -> None:
        """The viewer follows the cursor of the tree while somebody moves it."""
        place = event.node.data
        if place is not None and self.query_one(SourceTree).has_focus and self._open(place.path):
            self.query_one(LogView).go(place.line)

    @on(Tree.NodeSelected, "#sources")
    def _enter(self, event: Tree.NodeSelected[Place]) -> None:
        place = event.node.data
        if place is not None:
            if place.section is None:
                event.node.expand()
            self._go(place.path, place.line)
            self.query_one(LogView).focus()

    def action_sources(self) -> None:
        """To the tree."""
        tree = self.query_one(SourceTree)
        tree.remove_class("-away")
        self.call_after_refresh(tree.focus)

    def action_find(self) -> None:
        """Pick a source or a section by typing a part of it."""
        places, labels = [], []
        for path, overview in self._overviews.items():
            places.append(Place(path, None, 1))
            labels.append(Content.styled(prose(path), "bold"))
            for index, section in enumerate(overview.ref.sections):
                places.append(Place(path, index, max(1, section.first_line)))
                labels.append(
                    Content.assemble(
                        command_of(section, self.word("no_command")),
                        (f"  {prose(path)}:{section.first_line}", "$text-muted"),
                    )
                )

        def go(index: int | None) -> None:
            if index is not None:
                self._go(places[index].path, places[index].line)
                self.query_one(LogView).focus()

        self.app.push_screen(Picker(labels, self.word("find_section")), go)

    # Search, filter, go to a line.

    def action_ask(self, mode: str) -> None:
        """Open the line in which one types."""
        view, bar = self.query_one(LogView), self.query_one(FindBar)
        scan = {"search": view.scan, "filter": view.sieve}.get(mode)
        if scan is not None:
            bar.regex = scan.pattern.regex
        asked: Mode = "search" if mode == "search" else "filter" if mode == "filter" else "line"
        bar.ask(asked, scan.pattern.text if scan else "", self.word(f"ask_{asked}"))

    @on(FindBar.Typed)
    def _typed(self, event: FindBar.Typed) -> None:
        view, bar = self.query_one(LogView), self.query_one(FindBar)
        if event.mode == "line":
            number = event.text.strip().replace(",", "")
            if number in {"$", ""}:
                view.action_bottom()
            elif number.isdecimal():
                view.go(int(number[:15]))
            else:
                bar.note(self.word("no_number"))
                return
        else:
            try:
                pattern = Pattern(event.text, regex=event.regex) if event.text else None
            except PatternError as error:
                bar.note(self.word(str(error)))
                return
            self._apply(event.mode == "search", pattern, entered=event.entered)
        bar.note("")
        if event.entered:
            bar.hide()
            view.focus()

    def _apply(self, is_search: bool, pattern: Pattern | None, *, entered: bool) -> None:
        view = self.query_one(LogView)
        running = view.scan if is_search else view.sieve
        if running is not None and pattern is not None and _same(running.pattern, pattern):
            if entered and is_search and not view.waits and running.index_of(view.cursor) is None:
                view.action_match(1)
        elif is_search:
            view.search(pattern, seek=1)
        else:
            view.filter(pattern)

    @on(FindBar.Left)
    def _left(self, event: FindBar.Left) -> None:
        """Escape ends what was typed half."""
        view = self.query_one(LogView)
        if event.mode == "search":
            view.search(None)
        elif event.mode == "filter":
            view.filter(None)
        view.focus()

    def action_leave(self) -> None:
        """Escape: the filter goes, then the search, then the page."""
        view = self.query_one(LogView)
        if view.sieve is not None:
            view.filter(None)
        elif view.scan is not None:
            view.search(None)
        else:
            self.call_later(self.guide_app.action_back)

    # The viewer.

    @on(LogView.Changed)
    def _say(self) -> None:
        """Write where the cursor is, what quotes the line, and how search and filter stand."""
        view = self.query_one(LogView)
        overview = self._overviews.get(self._shown)
        found = self._found(view)
        self.query_one("#found").display = bool(found)
        self.query_one("#found", Static).update(Content(" · ").join(found))
        if view.lines is None or overview is None:
            self.query_one("#where", Static).update("")
            return
        total = f"{view.lines.known:,}" + ("" if view.lines.complete else "+")
        section = overview.section_at(view.cursor)
        ref = overview.ref.sections[section] if section is not None else None
        parts = [Content(f"{prose(self._shown)}:{view.cursor:,} / {total}")]
        if ref is not None:
            parts.append(Content(command_of(ref, self.word("no_command"))))
        quoting = view.marks.at(view.cursor)
        if quoting:
            more = f" +{len(quoting) - 1}" if len(quoting) > 1 else ""
            sign = "▌" if view.marks.quoted(view.cursor) else "┆"
            parts.append(Content.styled(f"{sign} {prose(quoting[0].title)}{more}", "$text-accent"))
        if ref is not None and section is not None:
            parts.append(Content(self.word(f"status_{ref.status}", facts=overview.facts[section])))
        self.query_one("#where", Static).update(Content(" · ").join(parts))

    def _found(self, view: LogView) -> list[Content]:
        parts = []
        if view.scan is not None:
            parts.append(Content(f"/{view.scan.pattern.text}  {self._count(view.scan, view.cursor)}"))
        if view.sieve is not None:
            count = self.word("filtered", count=f"{len(view.sieve.numbers):,}")
            parts.append(Content(f"&{view.sieve.pattern.text}  {count}"))
        if view.busy is not None:
            key = "waiting" if view.waits else "busy"
            parts.append(Content(self.word(key, percent=f"{100 * view.busy:.0f}")))
        return parts

    def _count(self, scan: Scan, line: int) -> str:
        count = f"{len(scan.numbers):,}" + ("" if scan.done else "+")
        index = scan.index_of(line)
        if index is None:
            return self.word("matches", count=count)
        return self.word("match_of", number=f"{index + 1:,}", count=count)

    @on(LogView.Wrapped)
    def _wrapped(self) -> None:
        self.notify(self.word("wrapped"), timeout=2)

    @on(LogView.Copied)
    def _copy(self, event: LogView.Copied) -> None:
        self.guide_app.copy(event.text)

    @on(LogView.Entered)
    def _entered(self, event: LogView.Entered) -> None:
        """What a line proves: its finding, or a choice of several."""
        quoting = self.query_one(LogView).marks.at(event.number)
        if not quoting:
            self.notify(self.word("not_quoted"), timeout=3)
        elif len(quoting) == 1:
            self._finding(quoting[0])
        else:
            labels = [
                Content.assemble(prose(one.title), (f"  {_about(one)}", "$text-muted")) for one in quoting
            ]

            def go(index: int | None) -> None:
                if index is not None:
                    self._finding(quoting[index])

            self.app.push_screen(Picker(labels, self.word("find_finding")), go)

    def _finding(self, one: Quoting) -> None:
        self.guide_app.show("finding", id=one.finding, subject=one.subject)

    def action_how(self) -> None:
        """How was that concluded: the finding of the line, or the page of findings."""
        quoting = self.query_one(LogView).marks.at(self.query_one(LogView).cursor)
        if quoting:
            self._finding(quoting[0])
        else:
            self.guide_app.show("finding")


def _same(one: Pattern, other: Pattern) -> bool:
    return (one.text, one.regex) == (other.text, other.regex)


def _about(one: Quoting) -> str:
    subject = one.subject
    return prose(subject.flow or " ".join(filter(None, (subject.device, subject.peer))))
