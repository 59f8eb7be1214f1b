"""What a case says of one condition as text, for the terminal and for a ticket."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnosis.document import Diagnosis
from engine.diagnosis.explain import ConditionExplanation, Use
from engine.render.blocks import commands, quote_lines
from engine.render.line import Line, Span, blank, paint, span, wrap
from engine.render.markdown_text import fence, inline
from engine.render.phrases import Phrases
from engine.render.quotes import quotes
from engine.render.visible import prose
from engine.render.words import Words

# Subjects named one by one; of a hub with thousands of flows the others are counted.
_SUBJECTS = 5


def condition(
    explained: ConditionExplanation,
    document: Diagnosis,
    words: Words,
    *,
    width: int = 100,
    colour: bool = False,
) -> Iterator[str]:
    """The explanation line by line, without line endings.

    Args:
        explained: what the case says of the condition.
        document: the document of the case, which names its flows.
        words: the fixed words of the language.
        width: columns; 0 where lines are not to be broken.
        colour: True only where the output is a terminal that wants colour.
    """
    phrases = Phrases(document, words)
    truth = Span(words(f"truth.{explained.truth}").upper(), explained.truth)
    head = wrap([truth, Span("  "), span(prose(explained.title), "strong")], width)
    return paint([*head, *_lines(explained, phrases, width)], colour=colour)


def condition_markdown(explained: ConditionExplanation, document: Diagnosis, words: Words) -> str:
    """The same for a ticket: a heading, and the rest in a fenced block."""
    truth = words(f"truth.{explained.truth}")
    lines = paint(_lines(explained, Phrases(document, words), 0), colour=False)
    heading = f"### {inline(truth)}: {inline(explained.title)}"
    return "\n".join([heading, "", *fence(lines)]) + "\n"


def _lines(explained: ConditionExplanation, phrases: Phrases, width: int) -> Iterator[Line]:
    words = phrases.words
    for subject in explained.subjects[:_SUBJECTS]:
        yield from wrap([span(phrases.subject(subject))], width)
    if len(explained.subjects) > _SUBJECTS:
        yield [Span(words("more", n=len(explained.subjects) - _SUBJECTS), "dim")]
    yield from wrap([span(f"{explained.id}  {phrases.citation(explained.citation)}", "dim")], width)
    yield from quote_lines(quotes(explained.evidence, words), width, indent=2)
    if explained.assumed:
        yield from wrap([span(words("explain.assumed"))], width)
    yield from _open(explained, words, width)
    if explained.uses:
        yield blank()
        yield [Span(words("explain.used-by"), "head")]
        for use in explained.uses:
            yield from wrap(_use(use, words), width, hang=4)


def _open(explained: ConditionExplanation, words: Words, width: int) -> Iterator[Line]:
    """What would settle it."""
    if explained.truth != "unknown":
        return
    if explained.collect:
        yield [Span(words("to-settle"), "dim")]
        yield from commands(explained.collect, indent=2)
    if explained.ask:
        yield from wrap([Span(words("explain.ask"), "dim"), Span(" "), span(prose(explained.ask))], width)
    said = f"--answer {explained.id}={'|'.join(explained.answers)}"
    yield from wrap([Span(words("explain.answer"), "dim"), Span(" "), span(said, "command")], width)


def _use(use: Use, words: Words) -> list[Span]:
    """Verdict, hypothesis, and in which of its formulas the condition stands."""
    roles = ", ".join(words.term("role", role) for role in use.roles)
    how = f"{roles}, {use.through}" if use.through else roles
    verdict = words(f"verdict.{use.verdict}")
    parts = [Span(f"{verdict}  ", use.verdict), span(prose(use.title))]
    if use.id not in use.title:
        parts.append(span(f"  {use.id}", "dim"))
    return [*parts, span(f"  ({how})", "dim")]
