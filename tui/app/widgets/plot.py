"""Flows on a time axis, one line each: messages as blocks by how many fall together, events as signs between them.

Time runs from left to right over the whole width and is the same for all lines of one receiver only where their clocks
agree, so each line has its own axis, which begins and ends with the times that stand at its ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from textual.content import Content
from textual.widget import Widget

from tui.app.timeline import Event, Track

BLOCKS = "▁▂▃▄▅▆▇█"
# Where several events fall on one cell, the first of these stands there.
SIGNS: dict[str, tuple[str, str]] = {
    "restart": ("R", "bold $text-error"),
    "clear": ("C", "bold $text-warning"),
    "session": ("S", "bold $text-warning"),
    "ike": ("I", "bold $text-accent"),
    "rekey": ("K", "bold $text-accent"),
    "taken": ("·", "$text-muted"),
}
_ORDER = tuple(SIGNS)


Word = Callable[..., str]
"""Gives the text of a key, its places filled in."""


class Plot(Widget):
    """Two lines per flow: its name with the span, and the axis; a legend below. It has no focus: a list stands above."""

    DEFAULT_CSS = "Plot { height: auto; padding: 0 1; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._lines: list[tuple[str, Track]] = []
        self._legend: dict[str, str] = {}
        self._focus = ""
        self._word: Word = "{}".format

    def fill(
        self, lines: Sequence[tuple[str, Track]], legend: dict[str, str], focus: str, word: Word
    ) -> None:
        """Set flows (name, track), the words of the legend by kind, which flow stands out, and who tells durations."""
        self._lines, self._legend, self._focus, self._word = list(lines), legend, focus, word
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """A line per flow, its axis, and the legend."""
        del container, viewport, width
        return 2 * len(self._lines) + 1 if self._lines else 0

    def render(self) -> Content:
        """Draw."""
        width = max(20, self.content_size.width)
        lines: list[Content] = []
        for name, track in self._lines:
            look = "bold" if track.flow == self._focus else ""
            lines.append(_ends(Content.styled(name, look), track, width, self._word))
            lines.append(axis(track, width))
        if lines:
            lines.append(self._legend_line())
        return Content("\n").join(lines)

    def _legend_line(self) -> Content:
        shown = {event.kind for _, track in self._lines for event in track.events}
        parts = [Content.assemble(("█ ", "$text-error"), (self._legend["message"], "$text-muted"))]
        parts += [
            Content.assemble((f"{sign} ", look), (self._legend[kind], "$text-muted"))
            for kind, (sign, look) in SIGNS.items()
            if kind in shown
        ]
        return Content("  ").join(parts)


def axis(track: Track, width: int) -> Content:
    """One line: a block where messages are, the higher the more of them; a sign where something else happened."""
    low, high = track.span
    scale = (width - 1) / (high - low) if high > low else 0.0
    counts = [0] * width
    for second in track.messages:
        counts[round((second - low) * scale)] += 1
    events: dict[int, Event] = {}
    for event in track.events:
        at = round((event.at - low) * scale)
        held = events.get(at)
        if held is None or _ORDER.index(event.kind) < _ORDER.index(held.kind):
            events[at] = event
    most = max(counts, default=0)
    parts: list[Content] = []
    for column in range(width):
        happened = events.get(column)
        if happened is not None and (not counts[column] or happened.kind != "taken"):
            sign, look = SIGNS[happened.kind]
            parts.append(Content.styled(sign, look))
        elif counts[column]:
            block = BLOCKS[max(2, -(-counts[column] * 8 // most) - 1)]
            parts.append(Content.styled(block, "$text-error"))
        else:
            parts.append(Content.styled("─", "$text-muted"))
    return Content("").join(parts)


def _ends(name: Content, track: Track, width: int, word: Word) -> Content:
    """The name, and at the right the first message's time and how long the axis is."""
    if track.first is None:
        return name
    low, high = track.span
    told = f"{clock(track.first.iso())}  {span(high - low, word)}"
    room = width - len(told) - 2
    return Content.assemble(name.truncate(room, ellipsis=True, pad=True), "  ", (told, "$text-muted"))


def clock(iso: str) -> str:
    """A stamp for people: `09-02 13:36:47`, `2024-09-02 13:36:47`; an uptime as it is."""
    found = re.fullmatch(r"-{0,2}((?:\d{4}-)?\d\d-\d\d)T(\d\d:\d\d:\d\d).*", iso)
    return f"{found[1]} {found[2]}" if found else iso


def span(seconds: float, word: Word) -> str:
    """A duration in its two largest units, in the page's words: `61 s`, `12 min`, `3 h 20 min`, `5 d 2 h`."""
    whole = round(seconds)
    if whole < 120:
        return word("span_s", s=whole)
    if whole < 7200:
        return word("span_min", min=whole // 60)
    if whole < 172_800:
        return word("span_h", h=whole // 3600, min=whole % 3600 // 60)
    return word("span_d", d=whole // 86_400, h=whole % 86_400 // 3600)
