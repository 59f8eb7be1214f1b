"""A saved case: written whole and for its owner alone, read back the same, and every fault is one sentence."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import saved
from engine.diagnosis.document import Subject
from engine.saved import PastedText, SavedCase, SavedCaseError, changes, load, save, saved_case, verdicts_of
from tests.render.documents import full_case
from tui.app.words import word


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "captures"
    (folder / "deep").mkdir(parents=True)
    (folder / "r1.txt").write_text("one\n", "utf-8")
    (folder / "deep" / "r2.txt").write_text("two\n", "utf-8")
    return folder


def case_of(evidence: Path, **more: object) -> SavedCase:
    return saved_case(full_case("en"), paths=[str(evidence)], **more)  # type: ignore[arg-type]


def test_a_case_is_read_as_it_was_written(evidence: Path, tmp_path: Path) -> None:
    case = case_of(
        evidence,
        pasted=[PastedText("pasted-1", "가나다\n show clock\n")],
        given=[("ike-sa", "absent", None), ("spi-repeats", "yes", "R1/flow/1")],
        focus="R1/flow/1",
        page="guide",
        open_=True,
    )
    save(tmp_path / "case.ipsecdx.json", case)
    assert load(tmp_path / "case.ipsecdx.json") == case


def test_every_file_of_a_folder_is_named_with_its_size_and_digest(evidence: Path) -> None:
    case = case_of(evidence)
    assert [(Path(f.path).name, f.bytes) for f in case.evidence] == [("r1.txt", 4), ("r2.txt", 4)]
    assert case.evidence[0].sha256 == "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806"


def test_the_file_is_readable_by_its_owner_alone_even_where_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "case.ipsecdx.json"
    path.write_text("{}", "utf-8")
    path.chmod(0o644)
    save(path, saved_case(full_case("en")))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_paths_below_the_file_are_relative_to_it_and_both_can_be_moved(
    evidence: Path, tmp_path: Path
) -> None:
    save(tmp_path / "case.ipsecdx.json", case_of(evidence))
    written = json.loads((tmp_path / "case.ipsecdx.json").read_text("utf-8"))
    assert written["paths"] == ["captures"]
    assert [f["path"] for f in written["evidence"]] == ["captures/r1.txt", "captures/deep/r2.txt"]
    moved = tmp_path.with_name(tmp_path.name + "-moved")
    tmp_path.rename(moved)
    case = load(moved / "case.ipsecdx.json")
    assert case.paths == [str(moved / "captures")]
    assert changes(case) == []


def test_paths_elsewhere_are_absolute(evidence: Path, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    save(tmp_path / "cases" / "case.ipsecdx.json", case_of(evidence))
    written = json.loads((tmp_path / "cases" / "case.ipsecdx.json").read_text("utf-8"))
    assert written["paths"] == [str(evidence)]


def test_a_missing_a_changed_and_a_new_file_are_told(evidence: Path) -> None:
    (evidence / "r3.txt").write_text("three\n", "utf-8")
    case = case_of(evidence)
    (evidence / "r1.txt").unlink()
    (evidence / "r3.txt").write_text("THREE\n", "utf-8")
    (evidence / "r4.txt").write_text("four\n", "utf-8")
    found = {Path(change.path).name: change.what for change in changes(case)}
    assert found == {"r1.txt": "missing", "r3.txt": "changed", "r4.txt": "new"}


def test_of_a_big_file_the_size_and_the_ends_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "WHOLE", 100)
    monkeypatch.setattr(saved, "_END", 10)
    log = tmp_path / "big.log"
    log.write_bytes(b"a" * 200)
    case = saved_case(full_case("en"), paths=[str(log)])
    for changed in (b"b" + b"a" * 199, b"a" * 199 + b"b", b"a" * 201):
        log.write_bytes(changed)
        assert [change.what for change in changes(case)] == ["changed"]


def test_standard_input_is_no_path() -> None:
    assert saved_case(full_case("en"), paths=["-"]).paths == []


def test_a_verdict_is_named_by_its_hypothesis_and_subject() -> None:
    verdicts = verdicts_of(full_case("en"))
    assert list(verdicts) == sorted(verdicts)
    assert len(verdicts) == len(full_case("en").findings)
    assert saved.subject_key(Subject(device="R1", peer="192.0.2.1")) == "R1 192.0.2.1"
    assert saved.subject_key(Subject()) == ""


FAULTS = {
    "": "not a JSON object",
    "no json": "not a JSON object",
    "[1]": "not a JSON object",
    "{}": "it names no schema",
    '{"schema": 7}': "not a JSON object",
    '{"schema": "ipsecdx/diagnosis/1"}': "its schema is 'ipsecdx/diagnosis/1'",
    '{"schema": "ipsecdx/case/2"}': "saved by a newer ipsecdx (ipsecdx/case/2)",
    '{"schema": "ipsecdx/case/1"}': "damaged saved case: Object missing required field `name`",
    '{"schema": "ipsecdx/case/1", "name": "x", "kb": {"version": "1", "digest": ""}, "verdicts": {"a": "maybe"}}': "damaged",
}


@pytest.mark.parametrize("text", FAULTS)
def test_what_is_no_saved_case_is_refused_in_one_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "case.ipsecdx.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SavedCaseError) as refused:
        load(path)
    error = refused.value
    assert FAULTS[text] in word("en", f"errors.{error.key}", **error.values)
    assert "\n" not in word("ko", f"errors.{error.key}", **error.values)


def test_a_file_that_is_not_there_or_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SavedCaseError, match=r"unreadable.*No such file"):
        load(tmp_path / "none.ipsecdx.json")
    with pytest.raises(SavedCaseError, match=r"unwritable.*No such file"):
        save(tmp_path / "none" / "case.ipsecdx.json", saved_case(full_case("en")))
    with pytest.raises(SavedCaseError, match="unreadable"):
        load(tmp_path)
    with pytest.raises(SavedCaseError, match="unreadable"):
        load("a\0b")
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "case.ipsecdx.json", tmp_path / f"{'x' * 5_000}.ipsecdx.json"):
        with pytest.raises(SavedCaseError, match="unwritable"):
            save(path, saved_case(full_case("en")))


def test_a_file_that_is_nested_without_end_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "case.ipsecdx.json"
    path.write_text('{"schema": ' + "[" * 100_000)
    with pytest.raises(SavedCaseError, match="no_case"):
        load(path)
    path.write_text('{"schema": "ipsecdx/case/1", "more": ' + "[" * 100_000)
    with pytest.raises(SavedCaseError):
        load(path)


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "case.ipsecdx.json"
    save(path, saved_case(full_case("en")))
    before = path.read_bytes()
    with pytest.raises(SavedCaseError, match="not_utf8"):
        save(path, saved_case(full_case("en"), pasted=[PastedText("pasted-1", "\udc80")]))
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_field_that_a_later_version_adds_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "case.ipsecdx.json"
    case = saved_case(full_case("en"))
    save(path, case)
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "added": 1}), "utf-8")
    assert load(path) == case


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "case.ipsecdx.json"
    path.write_bytes(data)
    with pytest.raises(SavedCaseError):
        load(path)


def test_the_schema_names_every_field() -> None:
    schema = json.loads(saved.json_schema())
    fields = {field.encode_name for field in msgspec.structs.fields(SavedCase)}
    assert set(schema["$defs"]["SavedCase"]["properties"]) == fields


def test_a_saved_case_beside_the_evidence_is_no_evidence(evidence: Path) -> None:
    case = case_of(evidence)
    save(evidence / "case.ipsecdx.json", case)
    assert changes(load(evidence / "case.ipsecdx.json")) == []
