"""The cache gives back exactly what was loaded, notices every change, and is never in the way."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from engine.knowledge import cache
from engine.knowledge.index import build_index, index_of
from engine.knowledge.load import load
from tests.knowledge.folders import copy_of_kb


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("IPSECDX_NO_CACHE", raising=False)
    return tmp_path / "cache" / "ipsecdx"


def files(home: Path) -> list[Path]:
    return sorted(home.glob("kb-*.msgpack"))


def test_what_comes_from_the_cache_is_what_was_loaded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load()
    assert len(files(home)) == 1
    monkeypatch.setattr("engine.knowledge.examine.examine_layers", None)  # it must not be needed
    assert load() == first


def test_the_index_comes_with_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = build_index(load())
    assert len(files(home)) == 1
    monkeypatch.setattr("engine.knowledge.index.build_index", None)  # it must not be needed
    assert index_of(load()) == index


def test_what_is_large_is_kept_from_the_collector(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    frozen: list[bool] = []
    monkeypatch.setattr(cache, "_LARGE", 1)
    monkeypatch.setattr("gc.freeze", lambda: frozen.append(gc.isenabled()))
    load()
    assert frozen == [False]
    assert gc.isenabled()
    assert files(home)


def test_a_change_of_a_file_is_noticed(home: Path, tmp_path: Path) -> None:
    folder = copy_of_kb(tmp_path / "kb")
    before = load(folder)
    path = folder / "texts.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("en: all of", "en: each of"), encoding="utf-8")
    assert load(folder).texts["all"].en == "each of"
    assert before.texts["all"].en == "all of"
    assert len(files(home)) == 2


def test_a_change_of_the_code_is_noticed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    monkeypatch.setattr(cache, "_code", lambda: "other")
    load()
    assert len(files(home)) == 2


@pytest.mark.parametrize("damage", [b"", b"\x81", b"\xff" * 100])
def test_a_damaged_file_is_read_anew(home: Path, damage: bytes) -> None:
    first = load()
    files(home)[0].write_bytes(damage)
    assert load() == first
    assert files(home)[0].read_bytes() != damage


def test_a_folder_that_cannot_be_written_changes_nothing(home: Path) -> None:
    home.parent.mkdir(parents=True)
    home.write_text("a file where the folder should be", encoding="utf-8")
    assert load().bugs


def test_it_can_be_turned_off(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPSECDX_NO_CACHE", "1")
    load()
    assert not home.exists()


def test_only_a_few_are_kept(home: Path, tmp_path: Path) -> None:
    folder = copy_of_kb(tmp_path / "kb")
    for number in range(10):
        (folder / "extra.yaml").write_text(f"# {number}\n", encoding="utf-8")
        load(folder)
    assert len(files(home)) == 8
