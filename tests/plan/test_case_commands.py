"""The commands `plan`, `eem` and `whatif`: every format, both languages, one sentence where something is wrong."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from engine.plan.document import CollectionPlan, EemPlan
from engine.whatif.document import Smallest, WhatIf
from tests.knowledge.folders import KB, overlay
from tests.plan.build import CASES
from tui import case_commands

CASE = str(CASES / "001-seed-persistent-pair" / "input")
RECOVERY = "config:crypto isakmp invalid-spi-recovery"
_EXTRA: dict[str, dict[str, Any]] = {
    "plan": {},
    "eem": {"authorization_bypass": False, "file_prompt_quiet": False, "storage": None, "no_debug": False},
    "whatif": {"set": [RECOVERY], "device": None, "smallest": False, "finding": None},
}


def run(command: str, *, paths: list[str] | None = None, **given: Any) -> int:
    options = {"paths": paths or [CASE], "lang": "en", "answer": [], "overlays": [], "format": "terminal"}
    result: int = getattr(case_commands, command)(Namespace(**{**options, **_EXTRA[command], **given}))
    return result


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("form", ["terminal", "markdown"])
@pytest.mark.parametrize("command", ["plan", "eem", "whatif"])
def test_a_sheet_is_written_in_the_language(
    command: str, form: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, format=form, lang=lang) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert any("가" <= c <= "힣" for c in printed.out) == (lang == "ko")
    assert "{" not in printed.out


@pytest.mark.parametrize(
    ("command", "kind"), [("plan", CollectionPlan), ("eem", EemPlan), ("whatif", WhatIf)]
)
def test_the_json_document_is_of_its_schema(
    command: str, kind: type, capsys: pytest.CaptureFixture[str]
) -> None:
    import msgspec

    assert run(command, format="json") == 0
    text = capsys.readouterr().out
    msgspec.convert(json.loads(text), kind)
    assert json.loads(text)["schema"] == f"ipsecdx/{command}/1"


@pytest.mark.parametrize("command", ["plan", "eem"])
def test_what_is_pasted_is_ascii_in_any_language(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, format="paste", lang="ko") == 0
    assert capsys.readouterr().out.isascii()


def test_commands_stand_in_fenced_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    run("plan", format="markdown")
    text = capsys.readouterr().out
    assert text.count("```") % 2 == 0
    assert "```text\nterminal length 0\nshow clock\n" in text


def test_the_smallest_change_is_written_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    import msgspec

    asked: dict[str, Any] = {"set": [], "smallest": True, "finding": "recovery-missing"}
    assert run("whatif", **asked) == 0
    assert RECOVERY in capsys.readouterr().out
    assert run("whatif", format="markdown", lang="ko", **asked) == 0
    assert RECOVERY in capsys.readouterr().out
    assert run("whatif", format="json", **asked) == 0
    msgspec.convert(json.loads(capsys.readouterr().out), Smallest)


@pytest.mark.parametrize(
    ("command", "given", "said"),
    [
        ("whatif", {"set": []}, "needs either --set"),
        ("whatif", {"smallest": True, "finding": "dpd-off"}, "needs either --set"),
        ("whatif", {"set": [], "smallest": True}, "--finding ID"),
        ("whatif", {"set": [], "smallest": True, "finding": "dpd-of"}, "did you mean dpd-off"),
        ("whatif", {"set": ["ike=absent"]}, "did you mean ike-sa"),
        ("whatif", {"device": "R9"}, "R1, R2"),
        ("whatif", {"set": ["setup-kind=svti", "setup-kind=getvpn"]}, "supposed already (setup-kind=svti)"),
        ("whatif", {"set": ["release=3.16.4S", "os=ios"]}, "a release of ios-xe, not of ios"),
        ("eem", {"storage": "tftp://192.0.2.9/"}, "file system"),
        ("plan", {"paths": ["/no/such/file"]}, "/no/such/file"),
        ("eem", {"paths": ["/no/such/file"]}, "/no/such/file"),
        ("plan", {"answer": ["ike-sa=maybe"]}, "ike-sa is one of"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    command: str, given: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, **given) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert said in printed.err


def test_a_line_that_no_parser_reads_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("whatif", set=["config:reload", RECOVERY]) == 0
    printed = capsys.readouterr().err
    assert printed.startswith("ipsecdx: config:reload: nothing follows from this line")
    assert len(printed.splitlines()) == 1


def test_an_overlay_reaches_plans_applets_and_suppositions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {
        "plan.title": "PLAN OF {case}", "eem.title": "APPLETS OF {case}", "whatif.title": "WHAT IF OF {case}",
    }  # fmt: skip
    lines = [f"  {key}: {{en: '{text}', ko: '{text}'}}" for key, text in words.items()]
    base = "base: [{command: show inventory, unless: never-seen, why: {en: Mine, ko: 내 것}}]\n"
    levers = (
        "levers: {seen-once: {to: ['yes'], title: {en: THE LEVER, ko: 레버}, set: 'seen-once={value}'}}\n"
    )
    capture = (KB / "eem/capture.yaml").read_text("utf-8")
    folder = overlay(
        tmp_path,
        plan=base + levers + "\n".join(["words:", *lines]) + "\n",
        eem__mine=capture.replace("append {{ file }}", "append {{ storage }}mine.txt"),
    )
    for command, text in zip(("plan", "eem", "whatif"), words.values(), strict=True):
        assert run(command, overlays=[str(folder)]) == 0
        printed = capsys.readouterr().out
        assert text.partition("{")[0] in printed
        assert ("show inventory" in printed) == (command == "plan")
        assert ("mine.txt" in printed) == (command == "eem")
    asked: dict[str, Any] = {
        "set": [],
        "smallest": True,
        "finding": "desync-proven",
        "overlays": [str(folder)],
    }
    assert run("whatif", format="json", **asked) == 0
    assert "THE LEVER" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["plan", "eem", "whatif"])
def test_a_bad_overlay_is_refused_whole_with_every_fault_and_its_place(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capture = (KB / "eem/capture.yaml").read_text("utf-8")
    folder = overlay(
        tmp_path,
        plan="opening: [show clock]\nbase:\n  - {command: show x, unless: version, why: {en: a}}\n",
        eem__mine=capture.replace("append {{ file }}", "append {{ files }}", 1),
    )
    assert run(command, overlays=[str(folder)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{folder}/plan.yaml:3:" in printed.err
    assert f"{folder}/eem/mine.yaml:" in printed.err
    assert len(printed.err.splitlines()) == 2


def test_a_case_with_nothing_to_do_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing of interest\n", "utf-8")
    for command, said in (("plan", "No invalid SPI message was found"), ("eem", "No applet fits")):
        assert run(command, paths=[str(path)]) == 0
        assert said in capsys.readouterr().out


def test_no_secret_of_a_configuration_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("plan", "eem", "whatif"):
        for form in ("terminal", "json", "markdown"):
            run(command, format=form)
    printed = capsys.readouterr()
    assert "Ex4mpleKey" not in printed.out + printed.err
