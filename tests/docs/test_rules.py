"""docs/rules.md quotes kb/ verbatim and lists what the language has."""

from pathlib import PurePosixPath

import msgspec
import pytest

from engine.knowledge import asides, model
from engine.knowledge.load import load
from engine.observe.observers import OBSERVERS
from engine.observe.subject import Subject
from engine.relate.devices import DeviceFacts
from engine.relate.views import CaseView, FlowView
from tests.docs.quoted import blocks, first_cells, text_of

RULES = text_of("docs/rules.md")
EXAMPLES = blocks(RULES, "yaml")


def section(title: str) -> str:
    return RULES.split(f"\n{title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.split("\n")[0] for e in EXAMPLES])
def test_an_example_stands_in_the_knowledge_base_word_for_word(example: str) -> None:
    first, _, quoted = example.partition("\n")
    path = first.removeprefix("# ")
    assert PurePosixPath(path).parts[0] == "kb"
    assert quoted in text_of(path)


def test_every_observer_is_described_and_none_that_is_gone() -> None:
    observers = section("### Observers").split("\n### ")[0]
    assert first_cells(observers) - {"observer"} == set(OBSERVERS)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("## Conditions", model.Condition),
        ("## Hypotheses: bugs, causes, findings", model.Hypothesis),
        ("## Remedies", model.Remedy),
        ("## Symptoms", asides.Symptom),
        ("## Plan and applets", asides.Plan),
    ],
)
def test_every_field_of_an_entry_is_described(title: str, kind: type[msgspec.Struct]) -> None:
    fields = {field.encode_name for field in msgspec.structs.fields(kind)}
    described = first_cells(section(title))
    assert fields <= described, fields - described


def test_every_placeholder_of_remedies_is_described() -> None:
    from engine.advise.fill import values

    facts = DeviceFacts("R1")
    flow = FlowView(
        id="", receiver=None, src="192.0.2.1", dst="198.51.100.1", protocol=50, spi=1, interface="Tunnel0",
        messages=(), count=1, first=None, last=None, span_seconds=None, quotes=(),
    )  # fmt: skip
    case = CaseView(devices={}, nameless=facts, setups=[], flows=[flow], sections={})
    known = values(Subject(kind="flow", flow=flow, flows=[flow], device=None, case=case))
    for name in {*known, "device", "setup.vrf", "sender-setup.vrf"}:
        assert f"`{{{name}}}`" in RULES


def test_every_part_of_the_knowledge_base_is_named() -> None:
    parts = {path.split("/")[0] for path in load().places.values()}
    named = " ".join(first_cells(RULES))
    assert all(part in named for part in parts), parts
