"""The whole way from texts to every output format, in this process."""

from __future__ import annotations

from functools import cache

from engine.case import Investigation
from engine.diagnosis.document import Diagnosis, Lang
from engine.diagnosis.explaining_condition import ConditionExplainer
from engine.evidence.source import Source
from engine.judge import Judge
from engine.knowledge.load import load
from engine.render import condition_text, explain_text, json_document, markdown, terminal
from engine.render.words import Words


@cache
def judge() -> Judge:
    """The shipped knowledge base, loaded once."""
    return Judge(load())


def words(lang: Lang) -> Words:
    """The fixed words of a language."""
    return Words(lang, {key: {"en": text.en, "ko": text.ko} for key, text in judge().kb.words.items()})


def diagnosed(sources: list[Source], lang: Lang = "en") -> Diagnosis:
    """The document of a case."""
    return Investigation(sources, judge(), lang=lang).document("case")


def outputs(document: Diagnosis, lang: Lang = "en") -> list[str]:
    """The document in every format."""
    shown = words(lang)
    return [
        json_document.render(document),
        markdown.render(document, shown),
        markdown.render(document, shown, full=True),
        "\n".join(terminal.render(document, shown, width=0, colour=False)),
        "\n".join(terminal.render(document, shown, width=80, colour=True, full=True)),
    ]


def explanations(sources: list[Source], lang: Lang = "en") -> list[str]:
    """The explanation of every hypothesis and of every condition, in both formats."""
    investigation = Investigation(sources, judge(), lang=lang)
    document = investigation.document("case")
    found: list[str] = []
    for name in judge().hypotheses:
        for one in investigation.explain(name):
            lines = explain_text.explanation(one, document, words(lang), width=0, colour=False)
            found += ["\n".join(lines), explain_text.explanation_markdown(one, document, words(lang))]
    composer = investigation.composer
    explainer = ConditionExplainer(judge(), composer.reasoner, composer.quoter, lang)
    for name in judge().kb.conditions:
        for said in explainer.explain(name, investigation.judged):
            lines = condition_text.condition(said, document, words(lang), width=0, colour=False)
            found += ["\n".join(lines), condition_text.condition_markdown(said, document, words(lang))]
    return found
