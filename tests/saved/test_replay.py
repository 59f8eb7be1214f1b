"""`ipsecdx replay`: the same verdicts, or which differ and why."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from engine.case import Investigation
from engine.evidence.open import open_case
from engine.replay import NothingToReplay, diagnosed, replay
from engine.saved import GivenAnswer, Knowledge, PastedText, SavedCase, load, save, saved_case
from tests.tui.pipeline import judge
from tui.cli import DONE, FOUND, WRONG, main

CASES = Path(__file__).parents[1] / "cases"
KB = Knowledge("1", "0" * 64)
FLOW = "R1/flow/198.51.100.1/192.0.2.2/0x1DB73BBB"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A saved case beside a copy of its evidence."""
    folder = tmp_path / "captures"
    shutil.copytree(CASES / "001-seed-persistent-pair" / "input", folder)
    opened = open_case([str(folder)])
    document = Investigation(opened.sources, judge()).document(opened.case, opened.troubles)
    save(tmp_path / "case.ipsecdx.json", saved_case(document, paths=[str(folder)]))
    return tmp_path / "case.ipsecdx.json"


def test_the_same_evidence_gives_the_same_verdicts(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(case)]) == DONE
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("captures: the same verdicts (")
    assert told[1] == "evidence: the same"
    assert told[2].startswith("knowledge base: the same")


def test_other_evidence_gives_other_verdicts_and_both_are_told(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (case.parent / "captures" / "r2.txt").unlink()
    assert main(["replay", str(case)]) == FOUND
    told = capsys.readouterr().out
    assert "different verdicts" in told
    assert f"desync-proven  {FLOW}: Confirmed -> Undetermined" in told
    assert "evidence: missing: " in told


def test_the_differences_are_told_to_programs_too(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited = json.loads(case.read_text("utf-8"))
    edited["verdicts"][f"desync-proven|{FLOW}"] = "possible"
    edited["kb"]["digest"] = "0" * 64
    case.write_text(json.dumps(edited), "utf-8")
    assert main(["replay", str(case), "--format", "json"]) == FOUND
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "ipsecdx/replay/1"
    assert told["differences"] == [
        {"hypothesis": "desync-proven", "subject": FLOW, "saved": "possible", "now": "confirmed"}
    ]
    assert told["evidence"] == []
    assert told["kb_saved"]["digest"] != told["kb_now"]["digest"]


def test_korean_is_told_in_korean(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(case), "--lang", "ko"]) == DONE
    assert "판정이 모두 같습니다" in capsys.readouterr().out


def test_without_evidence_or_case_the_exit_status_is_two(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(case.parent / "captures")
    assert main(["replay", str(case)]) == WRONG
    assert main(["replay", str(case.parent / "none.ipsecdx.json")]) == WRONG
    assert main(["replay", str(CASES / "001-seed-persistent-pair" / "document.json")]) == WRONG
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 3
    assert "is no saved case: its schema is 'ipsecdx/diagnosis/1'" in told.err


def test_answers_and_pasted_text_are_replayed() -> None:
    text = (CASES / "020-seed-message-alone" / "input").glob("*")
    pasted = [PastedText(f"pasted-{n}", path.read_text("utf-8")) for n, path in enumerate(text, 1)]
    empty = SavedCase(name="none", kb=KB)
    case = msgspec.structs.replace(empty, pasted=pasted)
    without = replay(case, judge())
    answered = msgspec.structs.replace(case, given=[GivenAnswer("spi-repeats", "yes")])
    verdicts = {d.hypothesis: d.now for d in replay(answered, judge()).differences}
    assert verdicts != {d.hypothesis: d.now for d in without.differences}
    assert verdicts["invalid-spi-persistent"] == "likely"


def test_a_case_of_answers_alone_needs_no_evidence() -> None:
    case = SavedCase(name="none", kb=KB, given=[GivenAnswer("spi-repeats", "yes")])
    assert diagnosed(case, judge(), lang="ko").lang == "ko"


def test_a_case_whose_evidence_is_gone_is_not_judged_without_it() -> None:
    with pytest.raises(NothingToReplay):
        replay(SavedCase(name="none", kb=KB, paths=["/nowhere/captures"]), judge())


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir() if path.is_dir())[::8])
def test_what_is_saved_is_replayed_the_same(name: str, tmp_path: Path) -> None:
    opened = open_case([str(CASES / name / "input")])
    document = Investigation(opened.sources, judge()).document(opened.case, opened.troubles)
    path = tmp_path / "case.ipsecdx.json"
    save(path, saved_case(document, paths=[str(CASES / name / "input")]))
    saved = load(path)
    assert len(saved.verdicts) == len(document.findings)
    assert replay(saved, judge()).same
