"""Whole cases: every folder of tests/cases is diagnosed and compared with what it expects (README.md there).

A new case needs no code here. `IPSECDX_UPDATE_GOLDEN=1` writes document.json anew, where a case has one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.case import diagnose
from engine.diagnosis.document import Diagnosis
from engine.evidence.open import open_case
from engine.evidence.source import Place
from engine.judge import Judge
from engine.knowledge.load import load
from engine.observe.subject import Answered
from tests.kb.partial import differences
from tui.cli import main

CASES = Path(__file__).parent / "cases"
EXPECTATIONS = sorted(CASES.glob("[0-9][0-9][0-9]-*/expected*.json"))
GOLDEN = sorted(CASES.glob("[0-9][0-9][0-9]-*/document.json"))
FOLDERS_WITH_SEVERAL_FILES = sorted(
    {p.parent for p in EXPECTATIONS if len(list((p.parent / "input").iterdir())) > 1}
)
UPDATE = os.environ.get("IPSECDX_UPDATE_GOLDEN") == "1"
SECRET = "Ex4mpleKey"  # what every configuration of the cases has as its keys
SHORTEST_NAME = len("NNN-x")


def label(path: Path) -> str:
    return path.parent.name + ("-ko" if path.name.endswith(".ko.json") else "")


@cache
def judge() -> Judge:
    return Judge(load())


@cache
def diagnosed(folder: Path, lang: str, answers: str = "{}") -> dict[str, Any]:
    opened = open_case([str(folder / "input")])
    said = [Answered(name, value, "case") for name, value in json.loads(answers).items()]
    document = diagnose(
        opened.sources,
        judge(),
        name=folder.name,
        lang="ko" if lang == "ko" else "en",
        troubles=opened.troubles,
        answers=said,
    )
    found: dict[str, Any] = json.loads(msgspec.json.encode(document))
    return found


def expected_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def document_of(path: Path) -> dict[str, Any]:
    lang = "ko" if path.name.endswith(".ko.json") else "en"
    return diagnosed(path.parent, lang, json.dumps(expected_of(path).get("_answers", {})))


def masked(document: dict[str, Any]) -> dict[str, Any]:
    """Without what changes although the diagnosis does not: versions, and the digest of the knowledge base."""
    tool = {**document["tool"], "version": "*", "engine": "*"}
    return {**document, "tool": tool, "kb": {**document["kb"], "version": "*", "digest": "*"}}


def quotations(part: Any) -> Iterator[dict[str, Any]]:
    """Every piece of evidence, however deep it stands."""
    if isinstance(part, dict):
        if {"source", "line", "last_line", "text"} <= set(part):
            yield part
        for value in part.values():
            yield from quotations(value)
    elif isinstance(part, list):
        for value in part:
            yield from quotations(value)


def readable(path: Path) -> bool:
    return bool(expected_of(path).get("_exit", 0) != 2)


@pytest.mark.parametrize("path", [p for p in EXPECTATIONS if readable(p)], ids=label)
def test_a_case_is_diagnosed_as_it_expects(path: Path) -> None:
    found = differences(expected_of(path), document_of(path))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("path", [p for p in EXPECTATIONS if "_exit" in expected_of(p)], ids=label)
def test_a_case_ends_with_the_exit_status_it_expects(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = expected_of(path)
    assert main(["diagnose", str(path.parent / "input"), "--format", "json"]) == expected["_exit"]
    printed = capsys.readouterr()
    if expected["_exit"] == 2:
        assert not printed.out
        assert len(printed.err.splitlines()) == 1
    assert "Traceback" not in printed.err
    assert expected.get("_stderr", "") in printed.err


@pytest.mark.parametrize("path", GOLDEN, ids=label)
def test_the_whole_document_of_a_golden_case_stays_the_same(path: Path) -> None:
    text = json.dumps(masked(diagnosed(path.parent, "en")), indent=1, ensure_ascii=False) + "\n"
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [p for p in EXPECTATIONS if readable(p)], ids=label)
def test_no_case_is_told_to_type_anything_box_wide_or_unfinished(path: Path) -> None:
    for action in document_of(path)["actions"]:
        commands = action["commands"]
        for command in [*commands, *action["rollback"], *action["verify"]]:
            assert command.strip(), action["id"]
            assert not set("\n{}[]") & set(command), command
            assert command not in {"clear crypto sa", "clear crypto isakmp", "clear crypto session"}
            assert not command.startswith(("reload", "undebug all", "clear crypto isakmp")), command
        debugs = [c for c in commands if c.startswith("debug ")]
        if debugs:
            assert debugs[0].startswith("debug crypto condition peer "), commands
            undone = [c.removeprefix("no ") for c in commands if c.startswith("no debug ")]
            assert sorted(undone) == sorted(d for d in debugs[1:] if "condition" not in d), commands
            assert commands[-1] == "debug crypto condition reset"


@pytest.mark.parametrize("path", [p for p in EXPECTATIONS if readable(p)], ids=label)
def test_every_seed_bug_is_listed_in_every_case(path: Path) -> None:
    listed = {f["id"] for f in document_of(path)["findings"] if f["kind"] == "bug"}
    assert listed >= {"CSCvn31824", "CSCvd40554", "CSCvp16730"}


@pytest.mark.parametrize("path", [p for p in EXPECTATIONS if readable(p)], ids=label)
def test_no_seed_bug_is_ever_confirmed_while_its_releases_are_not_public(path: Path) -> None:
    for finding in document_of(path)["findings"]:
        if finding["kind"] == "bug":
            assert finding["verdict"] != "confirmed"
            assert (
                finding["verdict"] == "ruled_out" or "public" in finding["note"] or "공개" in finding["note"]
            )


@pytest.mark.parametrize("path", [p for p in EXPECTATIONS if readable(p)], ids=label)
def test_every_document_is_in_order_and_of_its_schema(path: Path) -> None:
    document = document_of(path)
    msgspec.convert(document, Diagnosis)
    for part in ("setups", "flows", "actions"):
        ids = [thing["id"] for thing in document[part]]
        assert ids == sorted(set(ids)), part
    ids = [finding["id"] for finding in document["findings"]]
    assert ids == sorted(ids)
    assert sorted(f["rank"] for f in document["findings"]) == list(range(1, len(ids) + 1))
    gains = [question["gain"] for question in document["questions"]]
    assert gains == sorted(gains, reverse=True)
    assert "engines-disagree" not in {problem["code"] for problem in document["problems"]}


@pytest.mark.parametrize("path", [p for p in EXPECTATIONS if readable(p)], ids=label)
def test_every_quotation_stands_where_the_document_says_and_holds_no_secret(path: Path) -> None:
    document = document_of(path)
    assert SECRET not in json.dumps(document)
    sources = {s.path: s for s in open_case([str(path.parent / "input")]).sources}
    for evidence in quotations(document):
        if evidence["kind"] == "line":
            source = sources[evidence["source"]]
            assert 1 <= evidence["line"] <= evidence["last_line"] <= source.line_count
            printed = source.text(Place(source.path, evidence["line"], evidence["last_line"]))
            assert SECRET in printed or evidence["text"].split() == printed.split()


@pytest.mark.parametrize("folder", FOLDERS_WITH_SEVERAL_FILES, ids=lambda f: f.name)
def test_the_order_of_the_files_changes_nothing(folder: Path) -> None:
    sources = open_case([str(folder / "input")]).sources
    there, back = (
        msgspec.json.encode(diagnose(order, judge(), name=folder.name)) for order in (sources, sources[::-1])
    )
    assert there == back


def test_every_case_has_an_input_and_an_expectation() -> None:
    for folder in sorted(CASES.iterdir()):
        if folder.is_dir():
            assert (folder / "input").is_dir(), folder.name
            assert (folder / "expected.json").is_file() or (folder / "document.json").is_file(), folder.name


def test_case_numbers_and_names_are_used_once() -> None:
    folders = [f.name for f in CASES.iterdir() if f.is_dir()]
    numbers = [name[:3] for name in folders]
    assert all(len(name) >= SHORTEST_NAME and name[3] == "-" for name in folders)
    assert sorted(set(numbers)) == sorted(numbers)
