"""Configurations of the labelled corpus: every file parses, and its setups are the labelled ones.

The corpus is not part of the project; IPSECDX_CORPUS names its directory.
"""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from engine.evidence.source import Section, Source
from engine.facts import ConfigSetup, Coverage, Fact, RecoveryCommand
from engine.parsers.running_config import parse

_ROOT = os.environ.get("IPSECDX_CORPUS", "")
CORPUS = Path(_ROOT)
pytestmark = pytest.mark.skipif(not _ROOT, reason="IPSECDX_CORPUS is not set")

# An entry of the column: KIND @ INTERFACE (NAME), for a tunnel (NAME [MODE; dst ADDRESS]).
_WHERE = re.compile(r"(\S+) @ (\S+) \(([^\[)]+?)(?: \[[^;]*; dst (\S+?)\][^)]*)?\)")
# Labels that this parser answers otherwise on purpose: end of the file name, column, what it finds, why.
OTHERWISE: dict[tuple[str, str], tuple[set[str], str]] = {
    ("cisco_crypto.cfg", "defined_but_unapplied"): (
        {"myothermap", "VPN", "VPNMAP"},
        "the fourth map is written in the one-line syntax of an ASA, which IOS does not have",
    ),
    ("ios-crypto-ipsec_configs_r1.cfg", "dpd"): (
        {"unknown"},
        "only ISAKMP profiles that no map or IPsec profile names have keepalives, and the text is not whole",
    ),
    ("ios-crypto-ipsec_configs_r2.cfg", "dpd"): ({"unknown"}, "as r1"),
    ("ios-crypto-ipsec_configs_r3.cfg", "dpd"): ({"unknown"}, "as r1"),
}


def _labels() -> list[dict[str, str]]:
    if not _ROOT:
        return []
    with (CORPUS / "labels_configs.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


LABELS = _labels()
IOS = [label for label in LABELS if label["os"] != "ASA"]


def _name(label: dict[str, str]) -> str:
    return label["file"][-48:]


def _facts(label: dict[str, str]) -> list[Fact]:
    source = Source(label["file"], (CORPUS / "configs" / label["file"]).read_bytes())
    return parse(Section(source, "show running-config", 1, source.line_count, closed=True))


def _setups(label: dict[str, str]) -> list[ConfigSetup]:
    return [f for f in _facts(label) if isinstance(f, ConfigSetup)]


def _otherwise(label: dict[str, str], column: str) -> set[str] | None:
    return next(
        (v for (end, c), (v, _) in OTHERWISE.items() if c == column and label["file"].endswith(end)), None
    )


def test_all_configs_are_labelled() -> None:
    assert {label["file"] for label in LABELS} == {p.name for p in (CORPUS / "configs").iterdir()}


@pytest.mark.parametrize("label", IOS, ids=_name)
def test_the_applied_setups_are_the_labelled_ones(label: dict[str, str]) -> None:
    meant = sorted(m.groups() for m in _WHERE.finditer(label["setups_where"]))
    assert len(meant) == label["setups_where"].count(" @ ")
    found = [s for s in _setups(label) if s.interface is not None]
    assert sorted((s.kind, s.interface, s.name) for s in found) == [m[:3] for m in meant]
    named = {(s.interface, s.name): [p.address for p in s.peers] for s in found}
    for _, interface, name, destination in meant:
        if destination is not None:
            assert named[interface, name] == ([] if destination == "None" else [destination])


@pytest.mark.parametrize("label", IOS, ids=_name)
def test_the_maps_on_no_interface_are_the_labelled_ones(label: dict[str, str]) -> None:
    meant = set(re.findall(r"crypto map (\S+) \(", label["defined_but_unapplied"]))
    found = {(s.name or "").split()[0] for s in _setups(label) if s.interface is None}
    assert found == (_otherwise(label, "defined_but_unapplied") or meant)


@pytest.mark.parametrize("label", LABELS, ids=_name)
def test_the_recovery_command_is_found_where_it_is_labelled(label: dict[str, str]) -> None:
    commands = [f for f in _facts(label) if isinstance(f, RecoveryCommand)]
    assert [c.enabled for c in commands] == ([True] if label["invalid_spi_recovery"] == "yes" else [])


@pytest.mark.parametrize("label", IOS, ids=_name)
def test_dpd_is_found_where_it_is_labelled(label: dict[str, str]) -> None:
    modes = {s.dpd for s in _setups(label)}
    if label["dpd"] == "no":
        assert modes <= {"off", "unknown"}
    elif modes:
        expected = _otherwise(label, "dpd") or {"periodic" if "periodic" in label["dpd"] else "on-demand"}
        assert expected <= modes


@pytest.mark.parametrize("label", IOS, ids=_name)
def test_ike_is_the_labelled_version(label: dict[str, str]) -> None:
    found = {s.ike for s in _setups(label) if s.interface is not None}
    meant: dict[str, set[tuple[str, ...]]] = {"v1": {("ikev1",)}, "unknown": {()}, "-": set()}
    assert found == meant[label["ike_used_by_applied"]]


@pytest.mark.parametrize("label", [label for label in LABELS if label["os"] == "ASA"], ids=_name)
def test_an_asa_configuration_has_no_setups(label: dict[str, str]) -> None:
    facts = _facts(label)
    assert [type(f) for f in facts] == [Coverage]
    assert not any(f.whole for f in facts if isinstance(f, Coverage))


@pytest.mark.parametrize("label", LABELS, ids=_name)
def test_every_line_of_a_corpus_file_can_be_the_last(label: dict[str, str]) -> None:
    source = Source(label["file"], (CORPUS / "configs" / label["file"]).read_bytes())
    for last in range(1, source.line_count + 1, 7):
        assert parse(Section(source, "show running-config", 1, last))
