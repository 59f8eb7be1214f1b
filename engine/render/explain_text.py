"""A proof tree as text, for the terminal and, in a fenced block, for a ticket."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnosis.document import Diagnosis
from engine.diagnosis.explain import Explanation, ProofNode
from engine.render.blocks import commands, quote_lines
from engine.render.line import Line, Span, blank, paint, span, wrap
from engine.render.markdown_text import fence, inline
from engine.render.phrases import Phrases
from engine.render.quotes import place, quotes
from engine.render.visible import prose
from engine.render.words import Words

# Columns for the text of a node, however deep it stands.
_LEAST = 40
# Places named for lines that were quoted before.
_PLACES = 3


def explanation(
    explained: Explanation, document: Diagnosis, words: Words, *, width: int = 100, colour: bool = False
) -> Iterator[str]:
    """The proof of a finding, line by line, without line endings.

    Args:
        explained: the finding, its decision and its proof trees.
        document: the document of the finding, which names its flow and setup.
        words: the fixed words of the language.
        width: columns; 0 where lines are not to be broken.
        colour: True only where the output is a terminal that wants colour.
    """
    return paint(_lines(explained, document, words, width), colour=colour)


def explanation_markdown(explained: Explanation, document: Diagnosis, words: Words) -> str:
    """The same proof for a ticket: a heading, the decision, and the trees in a fenced block."""
    finding = explained.finding
    verdict = words(f"verdict.{finding.verdict}")
    trees = paint(_trees(explained, Phrases(document, words), 0), colour=False)
    parts = [f"### {inline(verdict)}: {inline(finding.title)}", "", inline(explained.decision), ""]
    return "\n".join([*parts, *fence(trees)]) + "\n"


def _lines(explained: Explanation, document: Diagnosis, words: Words, width: int) -> Iterator[Line]:
    finding, phrases = explained.finding, Phrases(document, words)
    verdict = Span(words(f"verdict.{finding.verdict}").upper(), finding.verdict)
    yield from wrap([verdict, Span("  "), span(prose(finding.title), "strong")], width)
    subject = phrases.subject(finding.subject)
    if subject:
        yield from wrap([span(subject)], width)
    yield from wrap([span(prose(explained.decision))], width)
    yield blank()
    yield from _trees(explained, phrases, width)


def _trees(explained: Explanation, phrases: Phrases, width: int) -> Iterator[Line]:
    """The trees, those of one role under one heading; a line is quoted where it first proves something."""
    role = ""
    seen: set[tuple[str, ...]] = set()
    for number, (each, tree) in enumerate(explained.parts):
        if number and each != role:
            yield blank()
        if each != role:
            yield [Span(phrases.words.term("role", each), "head")]
        role = each
        yield from _tree(tree, phrases, width, seen)


def _tree(root: ProofNode, phrases: Phrases, width: int, seen: set[tuple[str, ...]]) -> Iterator[Line]:
    """One tree, depth first, with a stack of its own, so that no depth of nesting can exhaust Python's."""
    stack = [(root, "", "", "")]
    while stack:
        node, before, branch, below = stack.pop()
        prefix = before + below
        trunk = "|   " if node.children else "    "
        yield from _prefixed(_node_head(node, phrases), before + branch, prefix, width)
        for line in _node_body(node, phrases, max(width - len(prefix) - 4, _LEAST) if width else 0, seen):
            yield [Span(prefix + trunk, "dim"), *line]
        for index, child in reversed(list(enumerate(node.children))):
            last = index == len(node.children) - 1
            stack.append((child, prefix, "`-- " if last else "|-- ", "    " if last else "|   "))


def _prefixed(text: list[Span], first: str, others: str, width: int) -> Iterator[Line]:
    lines = wrap(text, max(width - len(others), _LEAST) if width else 0, hang=4)
    for number, line in enumerate(lines):
        yield [Span(others if number else first, "dim"), *line]


def _node_head(node: ProofNode, phrases: Phrases) -> list[Span]:
    """Truth, proposition, its name, and whether a source states it or we infer it."""
    words = phrases.words
    text = prose(node.text) or (words(f"connective.{node.connective}") if not node.name else node.name)
    spans = [Span(f"[{words(f'truth.{node.truth}')}]", node.truth), Span(" "), span(text)]
    if node.name and node.name != text:
        spans.append(span(f"  {node.name}", "dim"))
    if node.citation:
        spans.append(span(f"  {phrases.citation(node.citation)}", "dim"))
    elif node.statement:
        spans.append(Span(f"  ({words(f'statement.{node.statement}')})", "dim"))
    return spans


def _node_body(node: ProofNode, phrases: Phrases, width: int, seen: set[tuple[str, ...]]) -> Iterator[Line]:
    places = tuple(map(place, node.evidence))
    if places in seen:
        above = phrases.words("quoted-above", places=", ".join(places[:_PLACES]))
        yield from wrap([span(above, "dim")], width)
    else:
        yield from quote_lines(quotes(node.evidence, phrases.words), width, indent=0)
    if places:
        seen.add(places)
    if node.truth == "unknown" and node.collect:
        yield [Span(phrases.words("to-settle"), "dim")]
        yield from commands(node.collect, indent=2)
