"""docs/parsers.md and the README list what is read, and the example in it works."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from engine.evidence.source import Section, Source
from engine.facts import Coverage
from engine.parsers import _FAMILIES as FAMILIES
from engine.parsers import parser_for
from tests.docs.quoted import blocks, first_cells, text_of

PARSERS = text_of("docs/parsers.md")
TODAY = PARSERS.split("\n## What is read today\n")[1]


@pytest.fixture
def example() -> ModuleType:
    """The parser of the page as a module."""
    module = ModuleType("example")
    [code] = blocks(PARSERS, "python")
    exec(compile(code, "docs/parsers.md", "exec"), module.__dict__)
    return module


def test_every_command_that_is_read_is_listed() -> None:
    assert {command for command, _ in FAMILIES} == first_cells(TODAY)


@pytest.mark.parametrize("command", sorted(first_cells(TODAY)))
def test_a_listed_command_has_its_parser(command: str) -> None:
    parse = parser_for(command)
    assert parse is not None
    assert parse.__module__ in TODAY


@pytest.mark.parametrize("command", [c for c, _ in FAMILIES if c.startswith("show ")])
def test_the_readme_names_every_command_that_is_read(command: str) -> None:
    assert command in text_of("README.md")


def test_the_example_reads_its_own_sample(example: ModuleType) -> None:
    sample = "VPN peers:\n  198.51.100.7\n  203.0.113.9\n"
    source = Source("r1.txt", sample.encode())
    facts = example.parse(Section(source, "show vpn peers", 1, 3, closed=True))
    assert [f.address for f in facts if isinstance(f, example.VpnPeer)] == ["198.51.100.7", "203.0.113.9"]
    assert [f.whole for f in facts if isinstance(f, Coverage)] == [True]


def test_a_cut_example_is_not_whole(example: ModuleType) -> None:
    source = Source("r1.txt", b"VPN peers:\n  198.51.100.7\n  203.0.1")
    facts = example.parse(Section(source, "show vpn peers", 1, 3))
    assert [f.whole for f in facts if isinstance(f, Coverage)] == [False]


def test_files_that_the_page_names_exist() -> None:
    root = Path(import_module("engine").__file__ or "").parents[1]
    for path in (
        "engine/facts/",
        "engine/evidence/commands.py",
        "engine/evidence/bare.py",
        "engine/parsers/__init__.py",
    ):
        assert path in PARSERS
        assert (root / path).exists()
