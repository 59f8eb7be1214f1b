"""The row of pages, each with the digit that shows it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from textual import events

    from tui.app.app import GuideApp

PAGES = ("start", "case", "guide", "finding", "evidence", "matrix", "whatif", "fix", "report")

_WIDE = 90


class PageTabs(Static):
    """`0 Start  1 Case  2 Guide ...`, the page that is shown stands out. A click shows a page."""

    def __init__(self, page: str, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._page = page
        self._ends: list[int] = []  # the column behind each name

    def on_resize(self) -> None:
        """Fit the new width."""
        self.draw()

    def draw(self) -> None:
        """Write the names in the language of the moment."""
        app = cast("GuideApp", self.app)
        parts: list[Content] = []
        for digit, name in enumerate(PAGES):
            look = "bold $text on $primary-muted" if name == self._page else "$text-muted"
            label = Content.assemble((f"{digit} ", "bold"), app.word(f"common.page_{name}"))
            parts.append(label.stylize_before(look))
        gap = "  " if app.size.width >= _WIDE else " "
        self._ends = list(accumulate(part.cell_length + len(gap) for part in parts))
        self.update(Content(gap).join(parts))

    def on_click(self, event: events.Click) -> None:
        """Show the page under the pointer."""
        at = bisect_right(self._ends, event.x - self.gutter.left)
        if at < len(PAGES):
            cast("GuideApp", self.app).show(PAGES[at])
