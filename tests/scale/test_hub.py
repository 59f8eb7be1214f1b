"""A hub and a show-tech of known truth: every flow, its count, its times and what the hub does about it."""

from __future__ import annotations

from pathlib import Path

from benchmarks import generate
from engine.diagnosis.document import Diagnosis
from engine.evidence.open import open_case
from tests.tui.pipeline import diagnosed


def said(document: Diagnosis) -> generate.Truth:
    return {
        f.id: generate.Expected(f.count, f.first or "", f.last or "", f.recovery.outcome)
        for f in document.flows
    }


def test_every_flow_of_a_hub_with_many_peers_is_told_as_it_is(tmp_path: Path) -> None:
    truth = generate.hub(tmp_path / "hub.txt", 120)
    document = diagnosed(open_case([str(tmp_path / "hub.txt")]).sources)
    assert said(document) == truth
    assert {f.setup_basis for f in document.flows} == {"configured"}


def test_every_flow_of_a_show_tech_is_told_as_it_is(tmp_path: Path) -> None:
    truth = generate.show_tech(tmp_path / "tech.txt", 400_000)
    document = diagnosed(open_case([str(tmp_path / "tech.txt")]).sources)
    assert said(document) == truth
    assert [s.kind for s in document.sources] == ["show-tech"]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate.hub(tmp_path / name, 8)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
