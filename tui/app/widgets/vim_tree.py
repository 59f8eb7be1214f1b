"""A tree with the keys of vim beside the arrows, and labels in the colours of the theme."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from rich.style import Style
from rich.text import Span, Text
from textual.binding import Binding, BindingType
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

NodeData = TypeVar("NodeData")


# What a part of a label can be; its style is that of the component class `vim-tree--NAME`.
WORDS = (
    "yes", "no", "unknown", "quote", "place", "command", "head",
    "confirmed", "likely", "possible", "undetermined", "ruled_out",
)  # fmt: skip


class VimTree(Tree[NodeData]):
    """`j k` move, `g G` go to the ends, left and right close and open.

    A part of a label whose style is one of WORDS is drawn in the theme's style of that name, but under the cursor.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"vim-tree--{word}" for word in WORDS}
    DEFAULT_CSS = """
    VimTree {
        & > .vim-tree--yes { color: $text-success; text-style: bold; }
        & > .vim-tree--no { color: $text-error; text-style: bold; }
        & > .vim-tree--unknown { color: $text-warning; text-style: bold; }
        & > .vim-tree--quote { color: $foreground; }
        & > .vim-tree--place { color: $text-muted; }
        & > .vim-tree--command { color: $text-primary; text-style: bold; }
        & > .vim-tree--head { color: $text-muted; text-style: bold; }
        & > .vim-tree--confirmed { color: $text-error; text-style: bold; }
        & > .vim-tree--likely { color: $text-warning; text-style: bold; }
        & > .vim-tree--possible { color: $text-accent; }
        & > .vim-tree--undetermined { color: $text-muted; }
        & > .vim-tree--ruled_out { color: $text-success; }
    }
    """

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
        Binding("left", "close", show=False),
        Binding("right", "open", show=False),
        Binding("ctrl+d", "page_down", show=False),
        Binding("ctrl+u", "page_up", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  the name that Textual gives it
        super().__init__("", id=id)
        self.show_root = False
        self.guide_depth = 2
        self.auto_expand = False

    def render_label(self, node: TreeNode[NodeData], base_style: Style, style: Style) -> Text:
        """The label in the styles of the theme."""
        label = super().render_label(node, base_style, style)
        under_cursor = node is self.cursor_node
        spans = []
        for span in label.spans:
            if span.style not in WORDS:
                spans.append(span)
            elif not under_cursor:
                named = self.get_component_rich_style(f"vim-tree--{span.style}", partial=True)
                spans.append(Span(span.start, span.end, named))
        label.spans = spans
        return label

    def action_first(self) -> None:
        """The first node."""
        self.move_cursor_to_line(0)

    def action_last(self) -> None:
        """The last node that is shown."""
        self.move_cursor_to_line(self.last_line)

    def action_close(self) -> None:
        """Close the node, or go to its parent."""
        node = self.cursor_node
        if node is not None and node.is_expanded and node.children:
            node.collapse()
        elif node is not None and node.parent is not None and not node.parent.is_root:
            self.move_cursor(node.parent)

    def action_open(self) -> None:
        """Open the node, or go to its first child."""
        node = self.cursor_node
        if node is not None and node.allow_expand and not node.is_expanded:
            node.expand()
        elif node is not None and node.children:
            self.move_cursor(node.children[0])
