"""Checks of what is filled in later: every place of a command, a phrase or an applet is one that something fills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.knowledge.asides import EemTemplate
from engine.knowledge.harm import harm_in
from engine.knowledge.placeholders import places, unknown
from engine.knowledge.written import Text

FILLED_BY_CODE = ("words", "texts", "problems", "plan-words", "summary-case")
"""Parts whose texts have places that only the code beside them knows."""


def phrase_faults(phrase: str, known: Iterable[str], report: Any, *way: str | int) -> None:
    """Report what nothing fills in one command or sentence."""
    for message in unknown(phrase, known):
        report("kb-placeholder", message, *way)


def command_faults(commands: Sequence[str], report: Any, *way: str | int, one: bool = False) -> None:
    """Report commands that reach further than one peer; with `one` the way leads to the only one."""
    for number, message in harm_in(commands):
        report("kb-shape", message, *way, *(() if one else (number,)))


def text_faults(text: Text, known: Iterable[str], report: Any, *way: str | int) -> None:
    """Report what nothing fills in either language of a text."""
    for lang in ("en", "ko"):
        phrase_faults(getattr(text, lang), known, report, *way, lang)


def place_faults(text: Text, below: Text | None, report: Any) -> None:
    """Report places that stand in one language only, or that the text below an overlay's does not have."""
    try:
        en, ko = places(text.en), places(text.ko)
        known = None if below is None else places(below.en)
    except ValueError as error:
        report("kb-placeholder", f"its braces do not match: {error}")
        return
    if en != ko:
        only = ", ".join(f"{{{name}}}" for name in sorted(en ^ ko))
        report("kb-placeholder", f"{only} stands in one of the languages only")
    elif known is not None and en - known:
        text_faults(text, known, report)


def applet_faults(template: EemTemplate, report: Any) -> None:
    """Report places that nothing fills, and what no rendered applet may do."""
    # Imported here: only a knowledge base that is checked needs the templates' language.
    from engine.knowledge.applet_template import applet_faults as rendered_faults
    from engine.knowledge.applet_template import template_faults

    before = template_faults(template.applet)
    for line, message in before:
        report("kb-placeholder", message, "applet", below=line)
    for field, texts in (("undo", template.undo), ("undo-exec", template.undo_exec)):
        for number, text in enumerate(texts):
            for _, message in template_faults(text):
                report("kb-placeholder", message, field, number)
    for message in () if before else rendered_faults(template.applet):
        report("kb-applet", message, "applet")
