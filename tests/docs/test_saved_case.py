"""docs/saved-case.md names every field of the saved case and of a replay, and its commands are real ones."""

import re
import shlex

import msgspec
import pytest

from engine import replay, saved
from tests.docs.quoted import blocks, first_cells, text_of
from tui import cli

PAGE = text_of("docs/saved-case.md")
HEAD, REPLAY = PAGE.split("\n## Replay\n")
PARTS = [saved.Program, saved.Knowledge, saved.EvidenceFile, saved.PastedText, saved.GivenAnswer]


def named(text: str) -> set[str]:
    """What stands in backticks, outside of blocks of commands."""
    return set(re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)))


def fields(part: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(part)}


def test_every_field_has_its_row_and_no_other() -> None:
    assert first_cells(HEAD) - {"field"} == fields(saved.SavedCase)


@pytest.mark.parametrize("part", PARTS)
def test_every_field_of_a_part_is_named(part: type[msgspec.Struct]) -> None:
    assert fields(part) <= named(HEAD)


@pytest.mark.parametrize("part", [replay.Replay, replay.Difference])
def test_every_field_of_a_replay_is_named(part: type[msgspec.Struct]) -> None:
    assert fields(part) <= named(REPLAY)


def test_schema_sizes_and_statuses_are_the_real_ones() -> None:
    assert f"`{saved.SCHEMA}`" in HEAD
    assert f"`{replay.SCHEMA}`" in REPLAY
    assert f"{saved.WHOLE >> 20} MiB" in HEAD
    for status in (cli.DONE, cli.FOUND, cli.WRONG):
        assert f"\n| {status} |" in REPLAY


@pytest.mark.parametrize("page", ["docs/saved-case.md", "docs/serve.md"])
def test_the_commands_are_ones_that_the_program_knows(page: str) -> None:
    lines = [line for block in blocks(text_of(page), "sh") for line in block.splitlines()]
    commands = [shlex.split(line, comments=True) for line in lines if line.startswith("ipsecdx ")]
    assert commands
    for command in commands:
        assert cli._parser().parse_args(command[1:]).command == command[1]
