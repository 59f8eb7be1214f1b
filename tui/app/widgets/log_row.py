"""How one row of the viewer is drawn: the mark of the margin, the number, the text with its matches."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from tui.app.lines import window
from tui.app.marks import Marks

_QUOTED, _LOOKED_THROUGH = "▌", "┆"
_MORE_RIGHT = "›"


def margin(number: int, digits: int, marks: Marks, quoted: Style, numbered: Style) -> list[Segment]:
    """The margin of a line: `▌` where a finding quotes it, `┆` where it was looked through; and its number."""
    is_quoted = marks.quoted(number)
    mark = _QUOTED if is_quoted else _LOOKED_THROUGH if marks.looked_through(number) else " "
    return [Segment(mark, quoted), Segment(f"{number:>{digits}} ", quoted if is_quoted else numbered)]


def matched(
    text: str, spans: list[tuple[int, int]], left: int, width: int, styles: tuple[Style, Style]
) -> Text:
    """What of a line is in view, with its matches.

    Args:
        text: the whole line.
        spans: begin and end of each match in it.
        left: column from which it is in view.
        width: columns in view.
        styles: of a match, and of the sign that more follows to the right.
    """
    start, cut, more = window(text, left, width)
    shown = Text(cut, no_wrap=True, end="")
    for begin, end in spans:
        if end > start and begin < start + len(cut):
            shown.stylize(styles[0], max(0, begin - start), end - start)
    if more:
        shown.append(_MORE_RIGHT, styles[1])
    return shown
