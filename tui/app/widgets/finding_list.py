"""The findings of a case, ranked; what is open or ruled out in groups of its own, each behind one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from rich.text import Text
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from engine.diagnosis.document import Finding, Subject, Verdict
from engine.render.phrases import Phrases
from engine.render.visible import prose
from tui.app.verdicts import symbol
from tui.app.widgets.vim_tree import VimTree

# Findings of one hypothesis that are listed as soon as it is opened; a hub has thousands of flows.
_LISTED = 500


class Choice(NamedTuple):
    """A finding: its hypothesis, and the subject (None: whichever comes first)."""

    id: str
    subject: Subject | None


class FindingList(VimTree[Choice]):
    """The list. Groups carry no data."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  the name that Textual gives it
        super().__init__(id=id)
        self._groups: dict[Verdict, TreeNode[Choice]] = {}
        self._folded: dict[int, Callable[[], None]] = {}  # by node: what lists its findings

    def show(
        self,
        findings: Iterable[Finding],
        phrases: Phrases,
        names: dict[Verdict, str],
        why_not: str,
        open_: str,
    ) -> None:
        """Draw other findings.

        Args:
            findings: those of the document.
            phrases: of the document.
            names: the word of each verdict.
            why_not: heading of what is ruled out, with a place for its number (`{count}`).
            open_: heading of what is undetermined, likewise.
        """
        opened = {verdict for verdict, node in self._groups.items() if node.is_expanded}
        self.clear()
        self._groups.clear()
        self._folded.clear()
        ranked = sorted(findings, key=lambda one: one.rank)
        self._add(
            self.root, [f for f in ranked if f.verdict not in {"undetermined", "ruled_out"}], phrases, names
        )
        headings: dict[Verdict, str] = {"undetermined": open_, "ruled_out": why_not}
        for verdict, heading in headings.items():
            inside = [f for f in ranked if f.verdict == verdict]
            if inside:
                label = Text.assemble((heading.format(count=len(inside)), "head"))
                group = self._groups[verdict] = self.root.add(label, None, expand=verdict in opened)
                self._add(group, inside, phrases, names)
        self.root.expand()

    def _add(
        self, parent: TreeNode[Choice], findings: list[Finding], phrases: Phrases, names: dict[Verdict, str]
    ) -> None:
        """Add findings below a node, those of one hypothesis together where there are several."""
        groups: dict[str, list[Finding]] = {}
        for finding in findings:
            groups.setdefault(finding.id, []).append(finding)
        for group in groups.values():
            best = group[0]
            label = _label(
                best, names, f" ({len(group)})" if len(group) > 1 else phrases.subject(best.subject)
            )
            if len(group) == 1:
                parent.add_leaf(label, Choice(best.id, best.subject))
                continue
            node = parent.add(label, Choice(best.id, best.subject))
            self._folded[node.id] = partial(_fill, node, group, phrases, names)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Choice]) -> None:
        """List the findings of one hypothesis once somebody wants to see them."""
        self._unfold(event.node)

    def _unfold(self, node: TreeNode[Choice]) -> None:
        fill = self._folded.pop(node.id, None)
        if fill is not None:
            fill()

    def reveal(self, choice: Choice) -> None:
        """Put the cursor on a finding, and open what it is in."""
        stack: list[TreeNode[Choice]] = list(reversed(self.root.children))
        while stack:
            node = stack.pop()
            if node.data is not None and node.data.id == choice.id:
                found = node
                if node.data != choice:  # a group stands for its first finding
                    self._unfold(node)
                    found = next((child for child in node.children if child.data == choice), node)
                if found.parent is not None:
                    found.parent.expand()
                if node.parent is not None:
                    node.parent.expand()
                self.call_after_refresh(self.move_cursor, found)
                return
            if node.data is None:
                stack += reversed(node.children)


def _fill(node: TreeNode[Choice], group: list[Finding], phrases: Phrases, names: dict[Verdict, str]) -> None:
    for finding in group[:_LISTED]:
        about = Text.assemble(
            (f"{symbol(finding.verdict)} {names[finding.verdict]}  ", finding.verdict),
            prose(phrases.subject(finding.subject)),
        )
        node.add_leaf(about, Choice(finding.id, finding.subject))
    if len(group) > _LISTED:
        node.add_leaf(Text.assemble((phrases.words("more", n=len(group) - _LISTED), "place")))


def _label(finding: Finding, names: dict[Verdict, str], about: str) -> Text:
    label = Text.assemble((f"{symbol(finding.verdict)} {names[finding.verdict]}", finding.verdict))
    label.append(f"  {prose(finding.title)}")
    if about:
        label.append(f"  {prose(about)}" if not about.startswith(" (") else about, "place")
    return label
