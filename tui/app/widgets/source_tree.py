"""The sources of a case and their sections as a tree: what was read of each, and how many facts it gave."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text
from textual.widgets.tree import TreeNode

from engine.diagnosis.document import SectionRef, SourceRef
from engine.evidence.redact import redact
from engine.reading import Reading
from engine.render.visible import prose
from tui.app.widgets.vim_tree import VimTree

# How a section came out; the words stand in the line below the viewer.
STATUS_SIGNS = {"parsed": "✓", "kept": "·", "truncated": "~", "failed": "!"}
# A case with more sources begins with all of them closed.
_MOST_OPEN = 4


class Place(NamedTuple):
    """A node of the tree: a source, or one of its sections (by index)."""

    path: str
    section: int | None
    line: int


class Overview(NamedTuple):
    """One source with its sections and the number of facts that each gave."""

    ref: SourceRef
    facts: Counter[int]

    def section_at(self, line: int) -> int | None:
        """The index of the section that holds a line."""
        index = bisect_right(self.ref.sections, line, key=lambda section: section.first_line) - 1
        return index if index >= 0 and line <= self.ref.sections[index].last_line else None


def overviews(refs: Sequence[SourceRef], readings: Sequence[Reading]) -> dict[str, Overview]:
    """What the tree shows, by path. Counts every fact of the case: call it in a thread."""
    facts = {reading.source.path: Counter(index for index, _ in reading.facts) for reading in readings}
    return {ref.path: Overview(ref, facts.get(ref.path, Counter())) for ref in refs}


def command_of(section: SectionRef, unknown: str) -> str:
    """The command of a section, as the screen may show it."""
    return prose(redact(section.command)) or unknown


class SourceTree(VimTree[Place]):
    """The tree. A node's data says where it leads."""

    def show(self, found: dict[str, Overview], unknown: str) -> None:
        """Show other sources; those that were open stay open, and the cursor stays where it was."""
        here = self.cursor_node.data if self.cursor_node is not None else None
        opened = {node.data.path for node in self.root.children if node.data is not None and node.is_expanded}
        known = {node.data.path for node in self.root.children if node.data is not None}
        self.clear()
        for path, overview in found.items():
            is_open = path in opened if path in known else len(found) <= _MOST_OPEN
            node = self.root.add(_source_label(overview), Place(path, None, 1), expand=is_open)
            for index, section in enumerate(overview.ref.sections):
                label = _section_label(section, overview.facts[index], unknown)
                node.add_leaf(label, Place(path, index, max(1, section.first_line)))
            node.allow_expand = bool(overview.ref.sections)
        self.root.expand()
        kept = self.node_of(here) if here is not None else None
        self.call_after_refresh(self.move_cursor, kept or next(iter(self.root.children), None))

    def node_of(self, place: Place) -> TreeNode[Place] | None:
        """The node of a place: its section, else its source."""
        for source in self.root.children:
            if source.data is not None and source.data.path == place.path:
                if place.section is not None and place.section < len(source.children):
                    return source.children[place.section]
                return source
        return None

    def reveal(self, place: Place) -> None:
        """Put the cursor on the section of a place, and open its source."""
        node = self.node_of(place)
        if node is not None and node.parent is not None:
            node.parent.expand()
            self.call_after_refresh(self.move_cursor, node)


def _source_label(overview: Overview) -> Text:
    ref = overview.ref
    label = Text.assemble((prose(ref.path), "bold"))
    if ref.device:
        label.append(f"  {prose(ref.device)}", "place")
    return label


def _section_label(section: SectionRef, facts: int, unknown: str) -> Text:
    label = Text(f"{STATUS_SIGNS[section.status]} {command_of(section, unknown)}")
    label.append(f" {section.first_line}-{section.last_line}", "place")
    if facts:
        label.append(f" ({facts})", "place")
    return label
