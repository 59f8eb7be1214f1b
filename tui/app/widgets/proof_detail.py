"""What a node of the proof tree says in full: the proposition and its source, every quoted line, the command."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from engine.diagnosis.document import Citation, Evidence
from engine.diagnosis.explain import ProofNode
from engine.render.phrases import Phrases
from engine.render.quotes import place
from engine.render.visible import prose
from tui.app.widgets.proof_tree import TRUTH_SIGNS, Command, Item, shown_lines


def detail(item: Item, phrases: Phrases, word: Callable[[str], str]) -> Content:
    """The text of a node.

    Args:
        item: what the node stands for.
        phrases: of the document.
        word: texts of the page.
    """
    if isinstance(item, Evidence):
        return _evidence(item, phrases)
    if isinstance(item, Command):
        return Content.assemble((f"{word('type_this')} ", "$text-muted"), (prose(item), "bold"))
    if isinstance(item, Citation):
        return Content(prose(phrases.citation(item)))
    if item is None:
        return Content("")
    return _node(item, phrases)


def copied(item: Item, phrases: Phrases) -> str:
    """What `y` copies of a node."""
    if isinstance(item, Command):
        return str(item)
    if isinstance(item, Evidence):
        return f"{prose(place(item))}: " + "\n".join(shown_lines(item))
    return detail(item, phrases, str).plain


def _evidence(evidence: Evidence, phrases: Phrases) -> Content:
    remark = "" if evidence.kind == "line" else f" {phrases.words(f'evidence.{evidence.kind}')}"
    lines = shown_lines(evidence)
    first = Content.styled(f"{prose(place(evidence))}{remark}", "$text-muted")
    return Content("\n").join([first, *map(Content, lines)])


def _node(node: ProofNode, phrases: Phrases) -> Content:
    words = phrases.words
    text = prose(node.text) or words(f"connective.{node.connective}")
    parts = [Content.assemble((f"{TRUTH_SIGNS[node.truth]} ", "bold"), (text, "bold"))]
    said = []
    if node.name and node.name != text:
        said.append(node.name)
    if node.citation is not None:
        said.append(phrases.citation(node.citation))
    elif node.statement is not None:
        said.append(words(f"statement.{node.statement}"))
    if said:
        parts.append(Content.styled(prose(" · ".join(said)), "$text-muted"))
    return Content("\n").join(parts)
