"""What the command line promises: exit status, one clear line for every mistake, nothing else on standard output."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.version import __version__
from tests.evidence.samples import TWICE, VERSION, console, hub, logging, message, spoke
from tui.cli import main

ROOT = Path(__file__).resolve().parents[2]


class Ran:
    """A finished run."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out.decode("utf-8")
        self.err = err.decode("utf-8")

    @property
    def document(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Any:
    def _run(*arguments: str | Path) -> Ran:
        capsysbinary.readouterr()
        code = main([str(a) for a in arguments])
        return Ran(code, *capsysbinary.readouterr())

    return _run


def process(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "tui.cli", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "hub1.txt").write_text(hub(*TWICE))
    (folder / "spoke7.txt").write_text(spoke())
    return folder


def assert_refused(ran: Ran, *words: str) -> None:
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("ipsecdx: ")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


def test_a_missing_file_is_named(run: Any, tmp_path: Path) -> None:
    assert_refused(run("diagnose", tmp_path / "gone.txt"), "gone.txt", "no such file")


def test_an_empty_argument_does_not_diagnose_the_current_folder(run: Any) -> None:
    assert_refused(run("diagnose", ""), "no such file")


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(run: Any, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(content)
    assert_refused(run("diagnose", path), "is empty")


def test_a_binary_file_is_refused(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "core"
    path.write_bytes(bytes(range(256)) * 40)
    assert_refused(run("diagnose", path), "binary")


def test_an_archive_is_refused_with_what_to_do(run: Any, tmp_path: Path) -> None:
    packed, zipped = tmp_path / "r1.gz", io.BytesIO()
    packed.write_bytes(gzip.compress(b"x"))
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("r1.txt", "x")
    (tmp_path / "r1.zip").write_bytes(zipped.getvalue())
    assert_refused(run("diagnose", packed), "gzip", "unpack")
    assert_refused(run("diagnose", tmp_path / "r1.zip"), "zip", "unpack")


def test_an_empty_folder_is_refused(run: Any, tmp_path: Path) -> None:
    assert_refused(run("diagnose", tmp_path), "no file")


def test_an_unreadable_file_is_refused_with_the_reason(
    run: Any, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "hub1.txt":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert_refused(run("diagnose", case / "hub1.txt"), "hub1.txt", "Permission denied")


def test_a_file_name_cannot_steer_the_terminal_or_add_a_line(run: Any, tmp_path: Path) -> None:
    ran = run("diagnose", tmp_path / "a\n\x1b[31mred")
    assert_refused(ran, "\\x0a\\x1b[31mred")
    assert "\x1b" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["diagnos", "x"], ["invalid choice", "did you mean diagnose?"]),
        (["diagnose"], ["PATH"]),
        (["explain"], ["ID"]),
        (["schema", "diagnosys"], ["invalid choice", "did you mean diagnosis?"]),
        (["diagnose", "{case}", "--fail-on", "confirm"], ["invalid choice", "did you mean confirmed?"]),
        (["diagnose", "{case}", "--format", "jsn"], ["invalid choice", "did you mean json?"]),
        (["diagnose", "{case}", "--lang", "de"], ["invalid choice"]),
        (["diagnose", "{case}", "--bogus"], ["--bogus"]),
        (["diagnose", "{case}", "--answer", "ike-sas=absent"], ["ike-sas", "did you mean ike-sa?"]),
        (["diagnose", "{case}", "--answer", "ike-sa=maybe"], ["present", "absent", "unknown"]),
        (["diagnose", "{case}", "--answer", "spi-repeats"], ["yes", "no", "unknown"]),
        (["diagnose", "{case}", "--answer", "="], ["no condition"]),
        (["explain", "CSCvp1673", "{case}"], ["CSCvp1673", "did you mean CSCvp16730?"]),
        (["explain", "recovery-mising", "{case}"], ["did you mean recovery-missing?"]),
        (["explain", "", "{case}"], ["no bug"]),
    ],
)
def test_a_wrong_word_is_one_line_with_a_near_one(
    run: Any, case: Path, arguments: list[str], words: list[str]
) -> None:
    assert_refused(run(*[a.format(case=case) for a in arguments]), *words)


def test_a_word_like_nothing_known_gets_no_suggestion(run: Any, case: Path) -> None:
    assert "did you mean" not in run("diagnose", case, "--answer", "foo=yes").err
    assert "did you mean" not in run("explain", "zzz", case).err


def test_no_command_shows_the_help_and_is_wrong_usage(run: Any) -> None:
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert "diagnose" in ran.err


def test_the_help_and_the_version_go_to_standard_output(run: Any) -> None:
    assert run("--version").out == f"ipsecdx {__version__}\n"
    shown = run("--help")
    assert shown.code == 0
    assert "%%" not in shown.out
    for command in ("diagnose", "explain", "schema"):
        assert run(command, "--help").code == 0


def test_a_broken_file_beside_a_good_one_is_a_problem_and_no_failure(run: Any, case: Path) -> None:
    (case / "broken.gz").write_bytes(gzip.compress(b"x"))
    (case / "core").write_bytes(bytes(range(32)) * 40)
    (case / "void.txt").write_bytes(b"")
    ran = run("diagnose", case, case / "gone.txt", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.document["status"] == "partial"
    found = {(p["code"], Path(p["source"] or "").name) for p in ran.document["problems"]}
    assert found == {
        ("archive", "broken.gz"),
        ("binary", "core"),
        ("empty", "void.txt"),
        ("missing", "gone.txt"),
    }
    assert [f["count"] for f in ran.document["flows"]] == [2]


@pytest.mark.parametrize(
    ("verdict", "code"), [("confirmed", 1), ("likely", 1), ("possible", 1)]
)  # fmt: skip
def test_fail_on_ends_with_one_where_a_finding_reached_it(
    run: Any, case: Path, verdict: str, code: int
) -> None:
    ran = run("diagnose", case, "--fail-on", verdict)
    assert ran.code == code
    assert ran.out


def test_fail_on_ends_with_zero_where_no_finding_reached_it(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(console("HUB1", ("show logging", logging(message("12:10:00.100")))))
    assert run("diagnose", path, "--fail-on", "confirmed").code == 0
    path.write_text(console("HUB1", ("show version", VERSION.format(host="HUB1"))))
    assert run("diagnose", path, "--fail-on", "possible").code == 0


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_document_fits_the_published_schema(run: Any, case: Path, lang: str) -> None:
    schema = json.loads(run("schema", "diagnosis").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    (case / "void.txt").write_bytes(b"")
    ran = run("diagnose", case, "--format", "json", "--lang", lang, "--answer", "spi-repeats=yes")
    jsonschema.validate(ran.document, schema)


def test_the_document_fits_the_schema_where_there_is_nothing_to_say(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_text("Hello, our tunnel is down.\n")
    ran = run("diagnose", path, "--format", "json")
    jsonschema.validate(ran.document, json.loads(run("schema", "diagnosis").out))
    assert (ran.document["flows"], ran.document["actions"]) == ([], [])


@pytest.mark.parametrize("shown", ["json", "markdown", "terminal"])
def test_the_same_case_gives_the_same_bytes_under_any_hash_seed(case: Path, shown: str) -> None:
    runs = {
        process("diagnose", case, "--format", shown, PYTHONHASHSEED=seed).out for seed in ("0", "1", "77")
    }
    assert len(runs) == 1
    assert "192.0.2.1" in runs.pop()


def test_the_order_in_which_files_are_given_decides_nothing(run: Any, case: Path) -> None:
    one, two = case / "hub1.txt", case / "spoke7.txt"
    assert (
        run("diagnose", one, two, "--format", "json").out == run("diagnose", two, one, "--format", "json").out
    )


def test_where_the_case_lies_decides_nothing(run: Any, case: Path, tmp_path: Path) -> None:
    before = run("diagnose", case, "--format", "json").out
    (tmp_path / "elsewhere").mkdir()
    case.rename(tmp_path / "elsewhere" / "case")
    assert run("diagnose", tmp_path / "elsewhere" / "case", "--format", "json").out == before


def test_standard_input_is_a_source(case: Path) -> None:
    ran = process("diagnose", "-", "--format", "json", stdin=(case / "hub1.txt").read_bytes())
    assert ran.code == 0
    assert [s["path"] for s in ran.document["sources"]] == ["stdin"]
    assert ran.document["case"] == "stdin"


def test_an_empty_standard_input_is_refused() -> None:
    assert_refused(process("diagnose", "-"), "stdin is empty")


@pytest.mark.parametrize(
    "arguments", [["diagnose", "{case}", "--full"], ["diagnose", "{case}", "--format", "json"],
                  ["explain", "recovery-missing", "{case}"], ["schema", "diagnosis"]],
)  # fmt: skip
def test_a_reader_that_leaves_early_is_no_error(case: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "tui.cli", *[a.format(case=case) for a in arguments]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout is not None
        child.stdout.close()
        assert child.stderr is not None
        error = child.stderr.read()
    assert (child.returncode, error) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_one_line(case: Path) -> None:
    for arguments in (
        ["diagnose", str(case)],
        ["diagnose", str(case), "--format", "json"],
        ["schema", "diagnosis"],
    ):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "tui.cli", *arguments], stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT
            )  # fmt: skip
        assert_refused(Ran(done.returncode, b"", done.stderr), "No space left")


@pytest.mark.parametrize("closed", ["0", "1", "2"])
def test_a_closed_stream_is_no_traceback(case: Path, closed: str) -> None:
    script = f'exec "{sys.executable}" -m tui.cli diagnose {case / "hub1.txt"} - {closed}>&-'
    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == (2 if closed == "1" else 0)


def test_a_locale_without_unicode_changes_nothing(case: Path) -> None:
    plain = process("diagnose", case, "--lang", "ko", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert plain.code == 0
    assert plain.out == process("diagnose", case, "--lang", "ko").out


def test_no_colour_goes_into_a_pipe(case: Path) -> None:
    assert "\x1b" not in process("diagnose", case, TERM="xterm-256color").out


@pytest.mark.parametrize(
    ("environment", "colour"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colour: bool
) -> None:
    from tui import output

    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.wants_colour() is colour


def test_a_file_with_an_unprintable_name_is_diagnosed(run: Any, tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\xfe.txt"
    Path(os.fsdecode(name)).write_text(hub(*TWICE))
    for shown in ("json", "terminal", "markdown"):
        ran = run("diagnose", tmp_path, "--format", shown)
        assert ran.code == 0
    assert run("diagnose", tmp_path, "--format", "json").document["flows"]


def test_explain_says_why_and_why_not(run: Any, case: Path) -> None:
    assert "recovery-configured" in run("explain", "recovery-missing", case).out
    assert run("explain", "cscvp16730", case, "--format", "markdown").out.startswith("### ")
    assert run("explain", "CSCvp16730", case, "--lang", "ko").code == 0


def test_an_answer_moves_a_verdict_to_likely_at_most(run: Any, tmp_path: Path) -> None:
    from tests.evidence.samples import config

    path = tmp_path / "hub1.txt"
    path.write_text(console("HUB1", ("show running-config", config()), ("show logging", logging(*TWICE))))
    before = {f["id"]: f["verdict"] for f in run("diagnose", path, "--format", "json").document["findings"]}
    after = run("diagnose", path, "--format", "json", "--answer", "ike-sa=absent").document
    assert "recovery-missing" not in before
    assert {f["id"]: f["verdict"] for f in after["findings"]}["recovery-missing"] == "likely"
    assert after["answers"] == [{"question": "ike-sa", "answer": "absent", "source": "--answer"}]


def test_the_last_answer_to_a_question_counts(run: Any, case: Path) -> None:
    ran = run(
        "diagnose", case, "--format", "json", "--answer", "spi-repeats=no", "--answer", "spi-repeats=yes"
    )
    assert ran.code == 0


@pytest.mark.parametrize("stop", [KeyboardInterrupt])
def test_an_interruption_is_one_line(
    run: Any, case: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def interrupted(_: object) -> int:
        raise stop

    monkeypatch.setattr("tui.commands.diagnose", interrupted)
    ran = run("diagnose", case)
    assert (ran.code, ran.err) == (130, "ipsecdx: interrupted\n")
