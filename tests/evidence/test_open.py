"""Bytes become text, or the reason why they are none; paths become sources, or troubles."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence import open as opening
from engine.evidence.open import as_text, open_case
from engine.evidence.source import Source
from tests.evidence.samples import hub

TEXT = hub()
LINES = TEXT.split("\n")


def lines_of(data: bytes) -> list[str]:
    text = as_text(data)
    assert isinstance(text, bytes)
    source = Source("x", text)
    return [source.line(n) for n in range(1, source.line_count + 1)]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r\r\n").encode(),
        TEXT.replace("\n", "\n\r").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        ("\ufeff" + TEXT).encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode("utf-16"),
    ],
    ids=["lf", "crlf", "crcrlf", "lfcr", "cr", "bom", "utf16", "le", "be", "be-bom", "utf16-crlf"],
)
def test_every_line_keeps_its_number_and_text_in_every_encoding(data: bytes) -> None:
    read = lines_of(data)
    assert [line for line in read if line] == [line for line in LINES if line]
    assert read[: len(LINES) - 1] == LINES[:-1]


@given(st.text(st.characters(exclude_characters="\r\n\x08\x1b", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_a_line_in_any_script_survives_utf16_with_a_mark(text: str) -> None:
    if "More" not in text and text.strip():
        assert lines_of(f"a\n{text}\nb".encode("utf-16"))[1].strip() == text.strip()


def test_windows_text_is_read_line_by_line() -> None:
    assert lines_of("caf\xe9\n한국어\n".encode("cp1252", errors="ignore") + "한국어".encode())[-1] == "한국어"


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", "  \n".encode("utf-16")])
def test_nothing_but_blanks_is_empty(data: bytes) -> None:
    assert as_text(data) == "empty"


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("r1.txt", TEXT)
    return buffer.getvalue()


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("r1.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT.encode()))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [gzip.compress(TEXT.encode()), bz2.compress(TEXT.encode()), lzma.compress(TEXT.encode()), _zip()],
    ids=["gzip", "bzip2", "xz", "zip"],
)
def test_an_archive_is_called_one(data: bytes) -> None:
    assert as_text(data) == "archive"


@pytest.mark.parametrize("size", [64, 500, 5_000, 100_000])
def test_random_bytes_are_binary_and_never_diagnosed(size: int) -> None:
    source = random.Random(7)
    noise = [as_text(b"\x80" + source.randbytes(size)) for _ in range(50)]
    assert noise.count("binary") >= (49 if size >= 500 else 40)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200), b"\x7fELF" + bytes(100), _tar()]
)
def test_files_of_programs_are_binary(data: bytes) -> None:
    assert as_text(data) == "binary"


def test_line_noise_in_a_console_log_is_no_reason_to_refuse_it() -> None:
    noisy = TEXT.encode().replace(b"!\n", b"!\x00\x07\n", 3)
    assert as_text(noisy) == noisy


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    text = as_text(data)
    if isinstance(text, bytes):
        source = Source("x", text)
        assert all(isinstance(source.line(n), str) for n in range(1, source.line_count + 1))
    else:
        assert text in {"empty", "archive", "binary"}


def codes(paths: list[str]) -> list[tuple[str, str | None]]:
    return [(t.code, t.source) for t in open_case(paths).troubles]


def test_what_is_not_there_is_a_trouble(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.txt")
    assert codes([gone]) == [("missing", gone)]


def test_an_empty_argument_is_not_the_current_folder() -> None:
    opened = open_case([""])
    assert [t.code for t in opened.troubles] == ["missing"]
    assert not opened.sources


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_an_impossible_name_is_a_trouble(name: str) -> None:
    assert codes([name])[0][0] in {"missing", "unreadable"}


def test_an_empty_folder_and_one_with_hidden_files_only_hold_no_file(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("x")
    assert codes([str(tmp_path)]) == [("empty-folder", str(tmp_path))]


def test_a_pipe_in_the_file_system_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert codes([str(tmp_path / "pipe")]) == [("not-a-file", str(tmp_path / "pipe"))]


def test_a_file_that_may_not_be_read_is_a_trouble_beside_the_good_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    opened = open_case([str(tmp_path)])
    assert [(t.code, t.source, t.detail) for t in opened.troubles] == [
        ("unreadable", "a.txt", {"why": "Permission denied"})
    ]
    assert [s.path for s in opened.sources] == ["b.txt"]


def test_files_of_a_folder_are_named_below_it_and_come_in_order(tmp_path: Path) -> None:
    for name in ("z.txt", "a/r2.txt", "a/r1.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    opened = open_case([str(tmp_path)])
    assert [s.path for s in opened.sources] == ["z.txt", "a/r1.txt", "a/r2.txt"]
    assert opened.case == tmp_path.name


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "r1.txt").write_text(TEXT)
    (tmp_path / "case" / "loop").symlink_to(tmp_path / "case")
    assert [s.path for s in open_case([str(tmp_path / "case")]).sources] == ["r1.txt"]


def test_a_file_given_twice_gets_two_names(tmp_path: Path) -> None:
    path = tmp_path / "r1.txt"
    path.write_text(TEXT)
    assert [s.path for s in open_case([str(path), str(path)]).sources] == [str(path), f"{path}#2"]


def test_a_folder_of_many_cases_is_cut_and_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MAX_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(TEXT)
    opened = open_case([str(tmp_path)])
    assert len(opened.sources) == 3
    assert [t.code for t in opened.troubles] == ["too-many-files"]


def test_a_closed_standard_input_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert codes(["-"]) == [("unreadable", "stdin")]
