"""docs/contract.md names every field and value of the document."""

import re
from typing import Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from engine.diagnosis import document
from tests.docs.quoted import text_of

CONTRACT = text_of("docs/contract.md")
PARTS = {
    document.Diagnosis: "## The object",
    document.Tool: "### `tool` and `kb`",
    document.KbRef: "### `tool` and `kb`",
    document.Problem: "### `problems[]`",
    document.SourceRef: "### `sources[]`",
    document.SectionRef: "### `sources[]`",
    document.SourceWarning: "### `sources[]`",
    document.Device: "### `devices[]`",
    document.Setup: "### `setups[]`",
    document.SetupRecovery: "### `setups[]`",
    document.Flow: "### `flows[]`",
    document.FlowRecovery: "### `flows[]`",
    document.Counter: "### `counters[]`",
    document.Finding: "### `findings[]`",
    document.Subject: "### `findings[]`",
    document.Reason: "### `findings[]`",
    document.Missing: "### `findings[]`",
    document.Citation: "### `findings[]`",
    document.Action: "### `actions[]`",
    document.Target: "### `actions[]`",
    document.Question: "### `questions[]` and `answers[]`",
    document.Answer: "### `questions[]` and `answers[]`",
    document.Evidence: "### Evidence",
}


def named(title: str) -> set[str]:
    """What stands in backticks in one section."""
    part = CONTRACT.split(f"\n{title}\n")[1]
    return set(re.findall(r"`([^`]+)`", re.split(r"\n###? ", part)[0]))


def values(hint: object) -> set[str]:
    """The values that a type allows, where it lists them."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {value for part in get_args(hint) for value in values(part)}


def test_every_part_of_the_document_is_described() -> None:
    parts = {p for p in vars(document).values() if isinstance(p, type) and issubclass(p, document._Part)}
    assert parts - {document._Part} == set(PARTS)


@pytest.mark.parametrize("part", PARTS, ids=[p.__name__ for p in PARTS])
def test_every_field_is_described_with_its_values(part: type[msgspec.Struct]) -> None:
    hints = get_type_hints(part)
    fields = {field.encode_name for field in msgspec.structs.fields(part)}
    wanted = fields | {value for field in fields for value in values(hints[field])}
    assert wanted <= named(PARTS[part]), wanted - named(PARTS[part])


def test_the_schema_is_named_by_its_version() -> None:
    assert document.SCHEMA in named("## The object")
