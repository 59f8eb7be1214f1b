"""The data of the generators: complete in both languages, loaded strictly, every fault with file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import kb as shipped
from engine.knowledge.faults import KnowledgeError
from engine.knowledge.model import Text
from engine.knowledge.plan_model import load_templates
from tests.plan.build import judge, templates

KB = Path(shipped.__file__).parent
HANGUL = re.compile("[가-힣]")


def texts() -> Iterator[tuple[str, Text]]:
    plan = templates().plan
    yield from plan.words.items()
    yield from ((name, lever.title) for name, lever in plan.levers.items())
    yield from ((base.command, base.why) for base in plan.base)
    for name, template in templates().eem.items():
        yield name, template.title
        yield from ((name, note) for note in template.notes)


def test_every_text_is_in_both_languages() -> None:
    for name, text in texts():
        assert text.en.strip(), name
        assert text.en.isascii(), name
        assert HANGUL.search(text.ko), name


def test_both_languages_have_the_same_places() -> None:
    for name, text in texts():
        places = [{p for _, p, _, _ in Formatter().parse(t) if p} for t in (text.en, text.ko)]
        assert places[0] == places[1], name


def test_no_korean_place_is_followed_by_a_particle() -> None:
    for name, text in texts():
        assert not re.search(r"\}(?:은|는|이|가|을|를|과|와|로|으로)(?:\s|$)", text.ko), name


def test_words_of_the_plan_are_not_words_of_the_reports() -> None:
    assert not set(templates().plan.words) & set(judge().kb.words)


def test_levers_are_conditions_with_their_values() -> None:
    conditions = judge().kb.conditions
    for name, lever in templates().plan.levers.items():
        values = conditions[name].values or ["yes", "no"]
        assert set(lever.to) <= set(values), name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(KB / "plan.yaml", tmp_path)
    shutil.copytree(KB / "eem", tmp_path / "eem")
    return tmp_path


def test_another_folder_can_be_loaded(folder: Path) -> None:
    assert load_templates(folder) == templates()


def test_a_missing_plan_is_a_fault(folder: Path) -> None:
    (folder / "plan.yaml").unlink()
    with pytest.raises(KnowledgeError) as caught:
        load_templates(folder)
    assert [f.code for f in caught.value.faults] == ["kb-missing"]


def test_every_fault_is_found_with_its_file(folder: Path) -> None:
    for file, old, new in (
        ("plan.yaml", "only-ios-xe:", "only-ios:"),
        ("eem/capture.yaml", "order: 10", "order: ten"),
        (
            "eem/window-sender.yaml",
            "title:",
            "title: [",
        ),
    ):
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_templates(folder)
    assert {(f.file, f.code) for f in caught.value.faults} == {
        ("plan.yaml", "kb-shape"),
        ("eem/capture.yaml", "kb-shape"),
        ("eem/window-sender.yaml", "kb-yaml"),
    }
    assert all(f.line for f in caught.value.faults)


def test_an_unknown_place_in_a_template_is_an_error_and_never_an_empty_text() -> None:
    from jinja2 import UndefinedError

    from engine.plan.eem import _render

    with pytest.raises(UndefinedError):
        _render("{{ nothing }}", {})


def test_a_template_cannot_reach_into_python() -> None:
    from jinja2.exceptions import SecurityError

    from engine.plan.eem import _render

    with pytest.raises(SecurityError):
        _render("{{ ''.__class__.__mro__[1].__subclasses__() }}", {})
