"""The viewer of one source: any line of hundreds of megabytes at once, with search, filter and margin marks.

Only the lines on the screen are decoded, and they come redacted (`tui.app.lines`). Counting lines, searching and
filtering go on in threads, and what they found so far is already of use.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable
from time import sleep
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.worker import Worker, get_current_worker

from tui.app.lines import Lines
from tui.app.marks import Marks
from tui.app.scan import Pattern, Scan
from tui.app.widgets.log_row import margin, matched

# How often what a thread has found so far is drawn.
_TICK = 0.1


class LogView(ScrollView, can_focus=True):
    """One source, with a cursor line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "log-view--number",
        "log-view--quoted",
        "log-view--match",
        "log-view--cursor",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown,space", "page(1.0)", show=False),
        Binding("pageup", "page(-1.0)", show=False),
        Binding("ctrl+d", "page(0.5)", show=False),
        Binding("ctrl+u", "page(-0.5)", show=False),
        Binding("g,ctrl+home", "top", show=False),
        Binding("G,ctrl+end", "bottom", show=False),
        Binding("left", "side(-0.5)", show=False),
        Binding("right", "side(0.5)", show=False),
        Binding("home", "line_start", show=False),
        Binding("end", "line_end", show=False),
        Binding("n", "match(1)", show=False),
        Binding("N", "match(-1)", show=False),
        Binding("f", "fact(1)", "evidence.key_fact"),
        Binding("F", "fact(-1)", show=False),
        Binding("enter", "enter", "evidence.key_why"),
        Binding("y", "copy", show=False),
    ]

    class Changed(Message):
        """The cursor, the search, the filter or the progress is another one."""

    class Entered(Message):
        """Enter on a line."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Copied(Message):
        """`y` on a line: `file:line: text`, redacted as on the screen."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Wrapped(Message):
        """The search went past the end, or the beginning, and on from the other one."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  the name that Textual gives it
        super().__init__(id=id)
        self.lines: Lines | None = None
        self.marks = Marks()
        self.cursor = 1
        self.scan: Scan | None = None
        self.sieve: Scan | None = None
        self._wanted: int | None = None  # a line to go to once it is counted
        self._seek = 0  # a match to go to once it is found: 1 forward, -1 backward
        self._left = 0  # the first column shown
        self._timer: Timer | None = None
        self._styles: dict[str, Style] = {}  # of the component classes, until theme or focus change

    # What is shown.

    def open(self, lines: Lines, marks: Marks) -> None:
        """Show another source from its first line; search and filter stay and start anew."""
        self.lines, self.marks = lines, marks
        self.cursor, self._left, self._wanted = 1, 0, None
        self.scroll_to(0, 0, animate=False)
        self._work("count", lines.count_next)
        for kind in ("search", "filter"):
            scan = self.scan if kind == "search" else self.sieve
            self._look(kind, scan.pattern if scan is not None else None)
        self._fit()

    def close(self) -> None:
        """Show nothing."""
        for kind in ("count", "search", "filter"):
            self.workers.cancel_group(self, kind)
        self.lines, self.scan, self.sieve, self.marks = None, None, None, Marks()
        self.cursor, self._wanted, self._seek = 1, None, 0
        self._fit()

    def mark(self, marks: Marks) -> None:
        """Other marks for the same source."""
        self.marks = marks
        self.refresh()

    def go(self, number: int) -> None:
        """Put the cursor on a line, in the middle; waits for a line that is not counted yet."""
        if self.lines is None:
            return
        if number > self.lines.known and not self.lines.complete:
            self._wanted = number
            self.post_message(self.Changed())
            return
        self._wanted = None
        self._place(self._row(min(max(number, 1), self.lines.known)), centred=True)

    def search(self, pattern: Pattern | None, *, seek: int = 0) -> None:
        """Search from now on; `seek` goes to the first match at or behind the cursor as soon as it is found."""
        self._look("search", pattern)
        self._seek = seek
        self._tick()

    def filter(self, pattern: Pattern | None) -> None:
        """Show only the lines that hold the pattern; all of them for None."""
        self._look("filter", pattern)
        self._fit()
        self.go(self.cursor)

    @property
    def busy(self) -> float | None:
        """How far the slowest work is, 0 to 1; None where nothing is under way."""
        jobs = [job.progress for job in (self.lines, self.scan, self.sieve) if job is not None]
        slowest = min(jobs, default=1.0)
        return slowest if slowest < 1 else None

    @property
    def waits(self) -> bool:
        """Whether it will go on to a line or match as soon as that is found."""
        return self._wanted is not None or bool(self._seek)

    # Rows: all lines, or those that the filter lets through.

    @property
    def rows(self) -> int:
        """How many rows there are (so far)."""
        if self.lines is None:
            return 0
        return len(self.sieve.numbers) if self.sieve is not None else self.lines.known

    def number(self, row: int) -> int:
        """The line number of a row."""
        return self.sieve.numbers[row] if self.sieve is not None else row + 1

    def _row(self, number: int) -> int:
        """The row of a line, or of the next one that the filter lets through."""
        if self.sieve is None:
            return number - 1
        return min(bisect_left(self.sieve.numbers, number), max(0, self.rows - 1))

    def _place(self, row: int, *, centred: bool = False) -> None:
        """Put the cursor on a row and bring it into view."""
        if not self.rows:
            return
        row = min(max(row, 0), self.rows - 1)
        self.cursor = self.number(row)
        height = self.scrollable_content_region.height
        top = int(self.scroll_y)
        if centred and not top + 2 <= row < top + height - 2:
            self.scroll_to(y=max(0, row - height // 2), animate=False)
        elif row < top:
            self.scroll_to(y=row, animate=False)
        elif row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False)
        self.refresh()
        self.post_message(self.Changed())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The wheel and the bar move the view; the cursor comes along at its edge."""
        super().watch_scroll_y(old_value, new_value)
        height, row = self.scrollable_content_region.height, self._row(self.cursor)
        kept = min(max(row, round(new_value)), round(new_value) + height - 1)
        if height and kept != row and kept < self.rows:
            self.cursor = self.number(kept)
            self.refresh()
            self.post_message(self.Changed())

    def on_resize(self, _event: Resize) -> None:
        """Keep the cursor in view."""
        self._fit()
        self._place(self._row(self.cursor))

    def _fit(self) -> None:
        size = Size(1, self.rows)
        if size != self.virtual_size:
            self.virtual_size = size
        self.refresh()

    # Work in threads.

    def _look(self, kind: str, pattern: Pattern | None) -> None:
        scan = Scan(self.lines, pattern) if pattern is not None and self.lines is not None else None
        if kind == "search":
            self.scan, self._seek = scan, 0
        else:
            self.sieve = scan
        if scan is not None:
            self._work(kind, scan.step)
        else:
            self.workers.cancel_group(self, kind)
        self.post_message(self.Changed())

    def _work(self, group: str, step: Callable[[], bool]) -> None:
        """Repeat a step in a thread until nothing is left; it lets the screen have its turn after each."""

        def run() -> None:
            worker = get_current_worker()
            while not worker.is_cancelled and step():
                sleep(0)

        self.run_worker(run, group=group, description=group, exclusive=True, thread=True)
        if self._timer is None:
            self._timer = self.set_interval(_TICK, self._tick)
        self._timer.resume()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Draw at once what a thread found at last, whatever the clock says."""
        if event.worker.is_finished:
            self._tick()

    def _tick(self) -> None:
        """Draw what was found so far, and go where somebody waits to go."""
        self._fit()
        lines = self.lines
        if lines is not None and self._wanted is not None and (lines.complete or self._wanted <= lines.known):
            self.go(self._wanted)
        if self._seek:
            self._sought()
        if self.busy is None and self._timer is not None:
            self._timer.pause()
        self.post_message(self.Changed())

    # Keys.

    def action_move(self, by: int) -> None:
        """The next or previous row."""
        self._place(self._row(self.cursor) + by)

    def action_page(self, pages: float) -> None:
        """A part of a page on or back, the cursor keeping its place on the screen."""
        by = int(pages * max(2, self.scrollable_content_region.height - 1))
        row = self._row(self.cursor) + by
        self.cursor = self.number(min(max(row, 0), max(0, self.rows - 1))) if self.rows else 1
        self.scroll_to(y=self.scroll_y + by, animate=False)
        self._place(self._row(self.cursor))

    def action_top(self) -> None:
        """The first line."""
        self._wanted = None
        self._place(0)

    def action_bottom(self) -> None:
        """The last line, once it is counted."""
        if self.sieve is not None:
            self._place(self.rows - 1)
        else:
            self.go(sys.maxsize)

    def action_side(self, parts: float) -> None:
        """Half a screen to the right or left."""
        step = int(parts * self._text_width())
        self._left = max(0, min(self._left + step, self._longest() - abs(step)))
        self.refresh()

    def action_line_start(self) -> None:
        """The first column."""
        self._left = 0
        self.refresh()

    def action_line_end(self) -> None:
        """The end of the longest line on the screen."""
        self._left = max(0, self._longest() - self._text_width())
        self.refresh()

    def action_match(self, direction: int) -> None:
        """The next or previous line with what is searched."""
        if self.scan is not None:
            self._seek = direction
            self._sought(beyond=True)

    def action_fact(self, direction: int) -> None:
        """The next or previous line that a finding quotes."""
        found = self.marks.after(self.cursor) if direction > 0 else self.marks.before(self.cursor)
        if found is not None:
            self.go(found)

    def action_enter(self) -> None:
        """Ask what the line proves."""
        self.post_message(self.Entered(self.cursor))

    def action_copy(self) -> None:
        """Copy the line with its place."""
        if self.lines is not None:
            text = self.lines.shown(self.cursor)
            self.post_message(self.Copied(f"{self.lines.path}:{self.cursor}: {text}"))

    def on_click(self, event: Click) -> None:
        """Put the cursor where it was clicked; a second click opens."""
        row = event.y + int(self.scroll_y)
        if row < self.rows:
            self._place(row)
            if event.chain > 1:
                self.action_enter()

    def _sought(self, *, beyond: bool = False) -> None:
        """Go to the match that somebody waits for; on from the other end where there is none on the way."""
        scan, direction = self.scan, self._seek
        if scan is None or not direction:
            return
        here = self.cursor if beyond else self.cursor - direction
        found = scan.next(here, direction, self.sieve)
        if found is None and not scan.done:
            return  # not found yet: the next tick looks again
        self._seek = 0
        if found is None:
            found = scan.next(0 if direction > 0 else sys.maxsize, direction, self.sieve)
            if found is not None and found != self.cursor:
                self.post_message(self.Wrapped())
        if found is not None:
            self.go(found)
            self._bring_into_view(scan.pattern)

    def _bring_into_view(self, pattern: Pattern) -> None:
        """Scroll sideways where the match stands out of view."""
        spans = pattern.spans(self.lines.shown(self.cursor)) if self.lines is not None else []
        if spans and self.lines is not None:
            begin = cell_len(self.lines.shown(self.cursor)[: spans[0][0]])
            width = self._text_width()
            if not self._left <= begin < self._left + width - 1:
                self._left = max(0, begin - width // 2) if begin >= width - 1 else 0

    # Drawing.

    def notify_style_update(self) -> None:
        """The theme, the focus or the size is another one."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, name: str, *, partial: bool = True) -> Style:
        style = self._styles.get(name)
        if style is None:
            style = self.get_component_rich_style(f"log-view--{name}", partial=partial)
            self._styles[name] = style
        return style

    @property
    def _digits(self) -> int:
        return max(3, len(str(self.lines.known))) if self.lines is not None else 3

    def _text_width(self) -> int:
        return max(1, self.scrollable_content_region.width - self._digits - 2)

    def _longest(self) -> int:
        top, height = int(self.scroll_y), self.scrollable_content_region.height
        rows = range(top, min(top + height, self.rows))
        return max((cell_len(self.lines.shown(self.number(r))) for r in rows), default=0) if self.lines else 0

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        row, width = int(self.scroll_y) + y, self.scrollable_content_region.width
        if self.lines is None or row >= self.rows:
            return Strip.blank(width, self.rich_style)
        number = self.number(row)
        base = self.rich_style
        if number == self.cursor:
            base = self._style("cursor", partial=False)
        line = self.lines.shown(number)
        spans = list(self.scan.pattern.spans(line)) if self.scan is not None else []
        styles = self._style("match", partial=False), self._style("number")
        text = matched(line, spans, self._left, self._text_width(), styles)
        head = margin(number, self._digits, self.marks, self._style("quoted"), self._style("number"))
        segments = [*head, *text.render(self.app.console)]
        shown = Strip(Segment.apply_style(segments, base))
        return shown.adjust_cell_length(width, base)
