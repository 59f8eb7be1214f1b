"""A sheet of the engine (`engine.plan.sheet`) on the screen: headings, sentences, commands as they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from engine.plan.sheet import Block
from engine.render.visible import prose, visible

if TYPE_CHECKING:
    from textual import events

_LOOKS = {
    "title": "bold",
    "head": "bold $text-primary",
    "part": "bold",
    "note": "$text-muted",
    "foot": "$text-muted",
}
_LEAST = 10


class Sheet(VerticalScroll):
    """Blocks, broken at the width of the moment."""

    DEFAULT_CSS = """
    Sheet { padding: 0 1; }
    Sheet > Static { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
        Binding("g", "scroll_home", show=False),
        Binding("G", "scroll_end", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static()

    def fill(self, blocks: Iterable[Block]) -> None:
        """Show other blocks, from the top."""
        self._blocks = tuple(blocks)
        self._write()
        self.scroll_home(animate=False)

    def on_resize(self, _event: events.Resize) -> None:
        """Break anew."""
        self._write()

    def _write(self) -> None:
        width = max(_LEAST, (self.container_size.width or self.app.size.width) - 4)
        self.query_one(Static).update(Content("\n").join(written(self._blocks, width)))

    @property
    def plain(self) -> str:
        """The text as it is shown."""
        return Content("\n").join(written(self._blocks, 0)).plain + "\n"


def written(blocks: Iterable[Block], width: int) -> Iterator[Content]:
    """The lines of blocks, broken at a width (0: not at all); commands hang under themselves where they are too long."""
    first = True
    for kind, lines in blocks:
        if kind in {"head", "part", "foot"} and not first:
            yield Content("")
        first = False
        if kind == "commands":
            for line in lines:
                yield hanging(Content.styled(f"  {visible(line)}", "$text-success"), width, 6)
            continue
        for line in lines:
            mark = "- " if kind == "item" else ""
            yield hanging(Content.styled(mark + prose(line), _LOOKS.get(kind, "")), width, len(mark))


def hanging(text: Content, width: int, indent: int = 2) -> Content:
    """The text broken at a width (0: not at all); its further lines begin deeper."""
    if width <= 0 or text.cell_length <= width:
        return text
    first, *more = text.wrap(width)
    if not more:
        return first
    rest = Content(" ").join(line.rstrip() for line in more).wrap(max(1, width - indent))
    return Content("\n").join([first.rstrip(), *(Content(" " * indent) + line.rstrip() for line in rest)])
