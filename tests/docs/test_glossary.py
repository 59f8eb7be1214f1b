"""docs/glossary.md has the words that knowledge, code and screens use."""

import re
from typing import get_args

from engine.inference.verdict import Verdict
from engine.knowledge.load import load
from engine.knowledge.model import Role
from tests.docs.quoted import text_of

GLOSSARY = text_of("docs/glossary.md")
ROWS: list[tuple[str, str, str]] = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", GLOSSARY, flags=re.MULTILINE
)
TERMS = [term for term, _, _ in ROWS if term not in {"term", "---"}]


def meaning(term: str) -> str:
    return next(text for name, _, text in ROWS if name == term)


def test_no_term_is_explained_twice() -> None:
    assert len(TERMS) == len(set(TERMS))


def test_the_roles_are_those_of_the_rule_language() -> None:
    assert all(role in meaning("role") for role in get_args(Role))


def test_the_verdicts_are_named_as_on_the_screen() -> None:
    words = load().words
    for verdict in get_args(Verdict):
        shown = words[f"verdict.{verdict}"]
        assert shown.en.lower() in meaning("verdict")
        assert shown.ko in meaning("verdict")
