"""The proof of a finding as a tree: propositions with their truth, the quoted lines, and what to type for the rest."""

from __future__ import annotations

from typing import TypeAlias

from rich.text import Text
from textual.widgets.tree import TreeNode

from engine.diagnosis.document import Citation, Evidence
from engine.diagnosis.explain import Explanation, ProofNode
from engine.render.phrases import Phrases
from engine.render.quotes import grouped, place
from engine.render.visible import prose, visible
from tui.app.widgets.vim_tree import VimTree

TRUTH_SIGNS = {"yes": "✓", "no": "✗", "unknown": "?"}
# A condition with more quoted lines begins closed.
_MOST_OPEN = 3
# Characters of a quoted line in the tree; the whole of it stands in the pane below.
_LONGEST = 300


class Command(str):
    """A command that would settle something."""

    __slots__ = ()


Item: TypeAlias = ProofNode | Evidence | Citation | Command | None
"""What a node of the tree stands for; None for a heading."""


class ProofTree(VimTree[Item]):
    """The tree."""

    def show(self, explained: Explanation, phrases: Phrases, to_settle: str, cited: str) -> None:
        """Draw the proof of a finding; the cursor goes to what decided it where it is ruled out, or open."""
        self.clear()
        heads: dict[str, TreeNode[Item]] = {}
        for role, tree in explained.parts:
            head = heads.get(role)
            if head is None:
                head = heads[role] = self._head(phrases.words.term("role", role))
            self._grow(head, tree, phrases)
        self._settling(explained, to_settle)
        if explained.finding.citations:
            head = self._head(cited)
            for citation in explained.finding.citations:
                head.add_leaf(Text(prose(phrases.citation(citation))), citation)
        self.root.expand()
        self.call_after_refresh(self._begin, explained)

    def _head(self, text: str) -> TreeNode[Item]:
        return self.root.add(Text.assemble((text, "head")), None, expand=True)

    def _grow(self, parent: TreeNode[Item], tree: ProofNode, phrases: Phrases) -> None:
        """Add a proof below a node, with a stack of its own: no depth of nesting can exhaust Python's."""
        stack = [(parent, tree)]
        while stack:
            under, node = stack.pop()
            is_open = bool(node.children) or len(node.evidence) <= _MOST_OPEN
            added = under.add(_label(node, phrases), node, expand=is_open)
            for evidence in node.evidence:
                added.add_leaf(_quote(evidence, phrases), evidence)
            if node.truth == "unknown":
                for command in node.collect:
                    added.add_leaf(_command(command), Command(command))
            added.allow_expand = bool(node.children or added.children)
            stack += [(added, child) for child in reversed(node.children)]

    def _settling(self, explained: Explanation, to_settle: str) -> None:
        missing = explained.finding.missing
        if not missing:
            return
        head = self._head(to_settle)
        for conditions, collect in grouped(missing):
            for condition in conditions:
                node = head.add(Text.assemble(("? ", "unknown"), condition), None, expand=True)
                node.allow_expand = False
            for command in collect:
                node.add_leaf(_command(command), Command(command))

    def _begin(self, explained: Explanation) -> None:
        decisive = {"ruled_out": "no", "undetermined": "unknown"}.get(explained.finding.verdict)
        nodes = [node for node in self.proof_nodes() if node.data is not None]
        first = next((node for node in nodes if _is_leaf(node.data, decisive)), next(iter(nodes), None))
        if first is not None:
            first.expand()
        self.move_cursor(first)

    def proof_nodes(self) -> list[TreeNode[Item]]:
        """Every node in the order of the screen."""
        found, stack = [], list(reversed(self.root.children))
        while stack:
            node = stack.pop()
            found.append(node)
            stack += reversed(node.children)
        return found


def _is_leaf(item: Item, truth: str | None) -> bool:
    return isinstance(item, ProofNode) and item.connective == "leaf" and item.truth == truth


def shown_lines(evidence: Evidence) -> list[str]:
    """The lines of a quotation as the screen may show them."""
    return [visible(line).expandtabs() for line in evidence.text.rstrip().split("\n")]


def _label(node: ProofNode, phrases: Phrases) -> Text:
    words = phrases.words
    text = prose(node.text) or (words(f"connective.{node.connective}") if not node.name else node.name)
    sign = TRUTH_SIGNS[node.truth]
    if node.connective in {"all", "any", "not"}:
        return Text.assemble((sign, node.truth), f" {text}")
    truth = words(f"truth.{node.truth}")
    label = Text.assemble((sign if truth == sign else f"{sign} {truth}", node.truth), f"  {text}")
    if node.statement == "inferred":
        label.append(f"  ({words('statement.inferred')})", "place")
    return label


def _quote(evidence: Evidence, phrases: Phrases) -> Text:
    lines = [line.strip() for line in shown_lines(evidence)]
    first = next((line for line in lines if line), "")[:_LONGEST]
    if evidence.kind != "line":
        first = f"{phrases.words(f'evidence.{evidence.kind}')} {first}"
    label = Text.assemble((f"{prose(place(evidence))} ", "place"), (first, "quote"))
    if len(lines) > 1:
        label.append(f"  {phrases.words('more.lines', n=len(lines) - 1)}", "place")
    return label


def _command(command: str) -> Text:
    return Text.assemble(("› ", "place"), (prose(command), "command"))
