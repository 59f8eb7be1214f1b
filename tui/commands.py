"""What each command does: open, diagnose, render, and say with the exit status what came of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui import output
from tui.cli import DONE, FOUND, WRONG
from tui.opening import knowledge, nearest, words_of, wrong

if TYPE_CHECKING:
    from engine.case import Investigation
    from engine.diagnosis.document import Diagnosis, Finding
    from engine.evidence.open import Opened, Trouble
    from engine.judge import Judge
    from engine.knowledge.model import Knowledge
    from engine.observe.subject import Answered

_ORDER = ("possible", "likely", "confirmed")


def diagnose(options: Namespace) -> int:
    """`ipsecdx diagnose PATH...`."""
    started = _start(options)
    if started is None:
        return WRONG
    opened, judge, answers = started
    from engine.case import diagnose as run

    document = run(
        opened.sources, judge, name=opened.case, lang=options.lang, troubles=opened.troubles, answers=answers
    )
    _show(document, options, judge.kb)
    return FOUND if _reached(document.findings, options.fail_on) else DONE


def explain(options: Namespace) -> int:
    """`ipsecdx explain ID PATH...`: a bug, cause or finding, or a condition."""
    started = _start(options)
    if started is None:
        return WRONG
    opened, judge, answers = started
    names = {name.lower(): name for name in [*judge.kb.conditions, *judge.hypotheses]}
    name = names.get(options.id.lower())
    if name is None:
        wrong(options.lang, "no_entry", nearest(options.id, names.values()), id=options.id)
        return WRONG
    from engine.case import Investigation

    investigation = Investigation(opened.sources, judge, lang=options.lang, answers=answers)
    show = _show_explanations if name in judge.hypotheses else _show_condition
    show(investigation, name, opened, options)
    return DONE


def schema(options: Namespace) -> int:
    """`ipsecdx schema diagnosis`, `ipsecdx schema case`."""
    if options.document == "case":
        from engine.saved import json_schema
    else:
        from engine.diagnosis.document import json_schema

    output.out(json_schema().decode())
    return DONE


def kb(options: Namespace) -> int:
    """`ipsecdx kb TOOL ...`."""
    from tui import kb_commands

    return kb_commands.run(options)


def _start(options: Namespace) -> tuple[Opened, Judge, list[Answered]] | None:
    """The case opened and the knowledge loaded; None, with a sentence on standard error, where either fails."""
    from engine.evidence.open import open_case
    from engine.judge import Judge

    opened = open_case(options.paths)
    kb = knowledge(options.overlays)
    if kb is None:
        return None
    if not opened.sources:
        _nothing_readable(opened.troubles, kb, options.lang)
        return None
    judge = Judge(kb)
    if judge.judging.unavailable:
        output.err(
            f"durable_rules is not available, the second engine decides alone: {judge.judging.unavailable}"
        )
    answers = _answers(options.answer, kb, options.lang)
    return None if answers is None else (opened, judge, answers)


def _nothing_readable(troubles: Iterable[Trouble], kb: Knowledge, lang: str) -> None:
    from engine.advise.fill import fill_with

    sentences = [
        fill_with(kb.problems[t.code](lang), {"source": t.source or "", **t.detail}) or t.code
        for t in troubles
    ]
    if sentences:
        output.err("; ".join(sentences))
    else:
        wrong(lang, "nothing")


def _answers(given: Iterable[str], kb: Knowledge, lang: str) -> list[Answered] | None:
    from engine.observe.subject import Answered

    found = []
    for text in given:
        name, _, value = text.partition("=")
        condition = kb.conditions.get(name)
        if condition is None:
            hint = nearest(name, kb.conditions)
            wrong(lang, "no_condition", hint, text=f"--answer {text}", name=name)
            return None
        values = [*(condition.values or ["yes", "no"]), "unknown"]
        if value not in values:
            wrong(lang, "one_of", text=f"--answer {text}", name=name, values=", ".join(values))
            return None
        found.append(Answered(name, value, "--answer"))
    return found


def _hypothesis(given: str, judge: Judge, lang: str) -> str | None:
    by_lower = {name.lower(): name for name in judge.hypotheses}
    name = by_lower.get(given.lower())
    if name is None:
        wrong(lang, "no_hypothesis", nearest(given, judge.hypotheses), id=given)
    return name


def _show(document: Diagnosis, options: Namespace, kb: Knowledge) -> None:
    if options.format == "json":
        from engine.render import json_document

        output.out_parts(json_document.parts(document))
        return
    words = words_of(kb, options.lang)
    if options.format == "markdown":
        from engine.render import markdown

        output.out(markdown.render(document, words, full=options.full))
        return
    if options.format == "html":
        from engine.render import html

        output.out(html.render(document, words, full=options.full))
        return
    if options.format == "ticket":
        from engine.render import ticket

        output.out_lines(ticket.render(document, words))
        return
    from engine.render import terminal

    output.out_lines(
        terminal.render(
            document, words, width=output.columns(), colour=output.wants_colour(), full=options.full
        )
    )


def _show_explanations(investigation: Investigation, name: str, opened: Opened, options: Namespace) -> None:
    from engine.render import explain_text

    document = investigation.document(opened.case, opened.troubles)
    words = words_of(investigation.judge.kb, options.lang)
    for number, explanation in enumerate(investigation.explain(name)):
        if number:
            output.out("\n")
        if options.format == "markdown":
            output.out(explain_text.explanation_markdown(explanation, document, words))
        else:
            lines = explain_text.explanation(
                explanation, document, words, width=output.columns(), colour=output.wants_colour()
            )
            output.out_lines(lines)


def _show_condition(investigation: Investigation, name: str, opened: Opened, options: Namespace) -> None:
    from engine.diagnosis.explaining_condition import ConditionExplainer
    from engine.render import condition_text

    judge, composer = investigation.judge, investigation.composer
    document = investigation.document(opened.case, opened.troubles)
    words = words_of(judge.kb, options.lang)
    explainer = ConditionExplainer(judge, composer.reasoner, composer.quoter, options.lang)
    for number, explained in enumerate(explainer.explain(name, investigation.judged)):
        if number:
            output.out("\n")
        if options.format == "markdown":
            output.out(condition_text.condition_markdown(explained, document, words))
        else:
            lines = condition_text.condition(
                explained, document, words, width=output.columns(), colour=output.wants_colour()
            )
            output.out_lines(lines)


def _reached(findings: Iterable[Finding], verdict: str | None) -> bool:
    """Whether a finding reached the verdict."""
    if verdict is None:
        return False
    wanted = _ORDER[_ORDER.index(verdict) :]
    return any(f.verdict in wanted for f in findings)
