"""`ipsecdx kb ...` and `--kb DIR`: what is printed, and the exit status."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.knowledge.folders import KB, copy_of_kb, overlay
from tui.cli import DONE, FOUND, WRONG, main

CASE = str(KB / "bugs/CSCvp16730/cases/positive-installed/r1.txt")
RELEASES = "affected: [16.9.1]\ncites: [{source: field#invented, statement: inferred}]\n"


def run(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    printed = capfdbinary.readouterr()
    return status, printed.out.decode(), printed.err.decode()


def test_list_names_every_entry_with_its_title(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    status, out, _ = run(capfdbinary, "kb", "list")
    assert status == DONE
    assert "rekey-race" in out
    _, korean, _ = run(capfdbinary, "kb", "list", "causes", "--lang", "ko")
    assert {line.split()[0] for line in korean.splitlines()} == {"causes"}
    assert "경합" in korean


def test_show_prints_an_entry_as_written_and_suggests_near_names(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    status, out, _ = run(capfdbinary, "kb", "show", "cscvp16730")
    assert status == DONE
    assert "necessary:" in out
    status, out, err = run(capfdbinary, "kb", "show", "rekey-rase")
    assert (status, out) == (WRONG, "")
    assert "did you mean rekey-race?" in err


def test_the_matrix_is_printed_with_its_sources_in_both_languages(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    status, out, _ = run(capfdbinary, "kb", "matrix", "--setup", "dynamic-crypto-map")
    assert status == DONE
    assert out.splitlines()[1] == "    recovery works: no  [seed#S16, stated]"
    _, out, _ = run(capfdbinary, "kb", "matrix", "--support", "yes", "--lang", "ko")
    assert "정적 암호화 맵 (static-crypto-map)" in out
    assert "dynamic-crypto-map" not in out
    status, _, err = run(capfdbinary, "kb", "matrix", "--setup", "svtii")
    assert status == WRONG
    assert "did you mean svti?" in err


def test_symptoms_and_applets_are_listed_and_shown(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    status, out, _ = run(capfdbinary, "kb", "list", "symptoms", "--lang", "ko")
    assert status == DONE
    assert "터널은 올라와 있지만 통신이 되지 않음" in out
    assert all(line.startswith("symptoms ") for line in out.splitlines())
    assert "window-sender" in run(capfdbinary, "kb", "list", "eem")[1]
    status, out, _ = run(capfdbinary, "kb", "show", "up-but-no-traffic")
    assert status == DONE
    assert out.startswith("# symptoms: symptoms.yaml:")
    assert "tunnel is up but no traffic" in out
    status, _, err = run(capfdbinary, "kb", "show", "up-but-no-trafic")
    assert status == WRONG
    assert "did you mean up-but-no-traffic?" in err


def test_sources_say_what_cites_them(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    status, out, _ = run(capfdbinary, "kb", "sources")
    assert status == DONE
    assert "CSCvp16730" in next(line for line in out.splitlines() if line.startswith("    S25: "))


def test_coverage_ends_with_the_gaps(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    status, out, _ = run(capfdbinary, "kb", "coverage", "--lang", "ko")
    assert status == DONE
    assert out.splitlines()[-1].startswith("문장 25개")


def test_lint_of_the_shipped_knowledge_base_finds_no_error(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    status, out, _ = run(capfdbinary, "kb", "lint")
    assert status == DONE
    assert out.splitlines()[-1].startswith("0 errors, 0 warnings")


def test_lint_fails_on_errors_only_and_prints_json(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    folder = overlay(tmp_path, sources='idle: {title: "A document that nobody cites"}\n')
    assert run(capfdbinary, "kb", "lint", str(folder))[0] == DONE
    overlay(tmp_path, bugs__CSCzz00001__rule="of: flow\n")
    status, out, _ = run(capfdbinary, "kb", "lint", str(folder), "--format", "json")
    assert status == FOUND
    faults = json.loads(out)["faults"]
    assert {"file", "line", "column", "code", "message", "severity"} == set(faults[0])
    assert {f["severity"] for f in faults} == {"error", "warning"}


def test_lint_takes_a_whole_knowledge_base_too(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    folder = copy_of_kb(tmp_path / "kb")
    (folder / "seed.yaml").write_text("S1: {}\n", encoding="utf-8")
    status, out, _ = run(capfdbinary, "kb", "lint", str(folder))
    assert status == FOUND
    assert "error: seed.yaml:1:1: kb-shape" in out


def test_test_runs_the_cases_of_one_entry(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    status, out, _ = run(capfdbinary, "kb", "test", "CSCvp16730")
    assert status == DONE
    assert re.match(r"ok +bugs/CSCvp16730: [1-9]\d* positive, [1-9]\d* negative, [1-9]\d* unknown", out)
    status, _, err = run(capfdbinary, "kb", "test", "CSCvp16731")
    assert status == WRONG
    assert "did you mean CSCvp16730?" in err


def test_test_fails_where_an_entry_of_an_overlay_has_no_cases(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    rule = (KB / "causes/rekey-race/rule.yaml").read_text(encoding="utf-8")
    folder = overlay(tmp_path, causes__invented__rule=rule)
    (tmp_path / "causes/invented").rename(tmp_path / "causes/invented-cause")
    status, out, _ = run(capfdbinary, "kb", "test", "invented-cause", "--kb", str(folder))
    assert status == FOUND
    assert "invented-cause: no positive case" in out


def test_the_schema_is_printed_as_json(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    status, out, _ = run(capfdbinary, "kb", "schema")
    assert status == DONE
    assert "Hypothesis" in json.loads(out)["$defs"]


def test_new_writes_what_lint_then_asks_to_be_filled_in(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    assert run(capfdbinary, "kb", "new", "bug", "CSCzz00001", "--to", str(tmp_path))[0] == DONE
    status, out, _ = run(capfdbinary, "kb", "lint", str(tmp_path))
    assert status == FOUND
    assert {line.split()[2] for line in out.splitlines() if line.startswith("error")} == {"kb-blank:"}
    status, _, err = run(capfdbinary, "kb", "new", "bug", "CSCzz00001", "--to", str(tmp_path))
    assert status == WRONG
    assert len(err.splitlines()) == 1


def test_new_says_what_it_would_replace(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    told = {}
    for kind, name in (("bug", "CSCvp16730"), ("cause", "rekey-race"), ("bug", "CSCzz00001")):
        _, told[name], _ = run(capfdbinary, "kb", "new", kind, name, "--to", str(tmp_path))
    assert "replaces the shipped CSCvp16730; releases alone go to" in told["CSCvp16730"]
    assert "replaces the shipped rekey-race\n" in told["rekey-race"]
    assert "replaces" not in told["CSCzz00001"]


def test_import_and_diagnose_and_diff_work_together(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    answer = tmp_path / "answer.json"
    bug = {
        "bug_id": "CSCzz00001",
        "headline": "Invented",
        "severity": "3",
        "known_affected_releases": "16.9.1 x",
    }
    answer.write_text(json.dumps({"bugs": [bug]}), encoding="utf-8")
    folder = str(tmp_path / "mine")
    status, out, _ = run(capfdbinary, "kb", "import", str(answer), "--to", folder)
    assert status == DONE
    assert "not a release that can be compared: x" in out
    status, out, _ = run(capfdbinary, "diagnose", CASE, "--kb", folder, "--format", "json")
    assert status == DONE
    plain = json.loads(run(capfdbinary, "diagnose", CASE, "--format", "json")[1])
    assert json.loads(out)["kb"]["digest"] != plain["kb"]["digest"]
    status, out, _ = run(capfdbinary, "kb", "diff", "shipped", folder, "--corpus", str(Path(CASE).parents[1]))
    assert status == FOUND
    assert "bugs: + CSCzz00001" in out
    assert run(capfdbinary, "kb", "diff", "shipped", "shipped")[0] == DONE


def test_explain_takes_an_overlay(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    folder = overlay(tmp_path, bugs__CSCvp16730__releases=RELEASES)
    assert run(capfdbinary, "explain", "CSCvp16730", CASE, "--kb", str(folder))[0] == DONE


def test_a_bad_overlay_is_refused_with_every_error(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    folder = overlay(tmp_path, bugs__CSCzz00001__rule="a: 1\n", causes__one__rule="a: [")
    for command in (["diagnose", CASE], ["explain", "CSCvp16730", CASE], ["kb", "list"], ["kb", "test"]):
        status, out, err = run(capfdbinary, *command, "--kb", str(folder))
        assert (status, out) == (WRONG, "")
        assert "CSCzz00001/rule.yaml:1:1: kb-shape" in err
        assert "one/rule.yaml" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["kb"],
        ["kb", "nothing"],
        ["kb", "lint", "no-such-folder"],
        ["kb", "import", "no-such-file.json"],
        ["kb", "diff", "shipped", "no-such-folder"],
        ["kb", "diff", "shipped", "shipped", "--corpus", "no-such-folder"],
        ["kb", "list", "--kb", "no-such-folder"],
        ["kb", "new", "cause", "Not-A-Word"],
    ],
)
def test_wrong_usage_is_one_sentence(
    capfdbinary: pytest.CaptureFixture[bytes],
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capfdbinary, *arguments)
    assert (status, out, len(err.splitlines())) == (WRONG, "", 1)
    assert list(tmp_path.iterdir()) == []
