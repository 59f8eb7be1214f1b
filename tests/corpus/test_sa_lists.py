"""The SA lists of the published corpus: every file parses, and nothing that looks like an SA is passed over.

The corpus is not part of the project; IPSECDX_CORPUS names its directory.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.evidence.source import Section, Source
from engine.facts import Coverage, Fact, IkeSa, IpsecSa
from engine.parsers import ikev2_sa, ipsec_sa, isakmp_sa

_ROOT = os.environ.get("IPSECDX_CORPUS", "")
CORPUS = Path(_ROOT)
pytestmark = pytest.mark.skipif(not _ROOT, reason="IPSECDX_CORPUS is not set")

# Lists that are rightly not whole: a part of the file name, and why.
NOT_WHOLE = {
    "Count": "numbers of SAs, no list",
    "asa_show_crypto_ipsec_sa": "ASA prints other headings",
    "IpsecSaIpv6Detailed_golden_1": "its SPIs are [Not Available]",
    "IsakmpSa_golden_isakmp_no_ipv4": "its IPv6 addresses are malformed",
    "IsakmpSa_golden_isakmp_output": "its IPv6 addresses are malformed",
    "IsakmpSaDetail_golden_isakmp_no_ipv4": "its IPv6 addresses are malformed",
    "IsakmpSaDetail_golden_isakmp_output": "its IPv6 addresses are malformed",
    "Ikev2Session": "sessions, not the list of IKE SAs",
    "Ikev2SaDetail_golden2": "ends in the middle of a line",
    "Ikev2SaDetail_golden4": "ends in the middle of a line",
    "Ikev2SaDetail_golden7": "ends in the middle of a line",
    "Ikev2SaDetail_golden_output": "ends in the middle of a line",
    "Ikev2SaLocal": "ends in the middle of a line",
    "Ikev2SaRemote_": "ends in the middle of a line",
    "Ikev2Sa_golden2": "ends in the middle of a line",
}

Parser = Callable[[Section], list[Fact]]


def files(folder: str) -> list[Path]:
    return sorted((CORPUS / folder).glob("*")) if _ROOT else []


def facts_of(path: Path, parse: Parser, command: str) -> list[Fact]:
    source = Source(path.name, path.read_bytes())
    return parse(Section(source, command, 1, source.line_count))


def coverage_of(facts: list[Fact]) -> Coverage:
    (coverage,) = (fact for fact in facts if isinstance(fact, Coverage))
    return coverage


@pytest.mark.parametrize("path", files("ipsec_sa"), ids=lambda path: path.name)
def test_every_printed_spi_is_an_sa(path: Path) -> None:
    facts = facts_of(path, ipsec_sa.parse, "show crypto ipsec sa")
    printed = re.findall(r"^\s*spi: 0x([0-9A-Fa-f]+)", path.read_text(), re.MULTILINE)
    sas = [fact for fact in facts if isinstance(fact, IpsecSa)]
    assert [sa.spi for sa in sas] == [int(spi, 16) for spi in printed]
    assert all(sa.peer and sa.local and sa.interface and sa.settings for sa in sas if "asa" not in path.name)
    assert coverage_of(facts).whole is not any(part in path.name for part in NOT_WHOLE)


@pytest.mark.parametrize("path", files("isakmp_sa"), ids=lambda path: path.name)
def test_every_row_of_ikev1_is_an_sa(path: Path) -> None:
    facts = facts_of(path, isakmp_sa.parse, "show crypto isakmp sa")
    printed = re.findall(r"^.*\b(?:ACTIVE|STDBY)\b.*$", path.read_text(), re.MULTILINE)
    sas = [fact for fact in facts if isinstance(fact, IkeSa)]
    assert len(sas) == len(printed)
    assert [sa.up for sa in sas] == [not re.search("deleted|STDBY|MM_", row) for row in printed]
    assert coverage_of(facts).whole is not any(part in path.name for part in NOT_WHOLE)


@pytest.mark.parametrize("path", files("ikev2_sa"), ids=lambda path: path.name)
def test_every_row_of_ikev2_is_an_sa(path: Path) -> None:
    facts = facts_of(path, ikev2_sa.parse, "show crypto ikev2 sa")
    text = path.read_text()
    sas = [fact for fact in facts if isinstance(fact, IkeSa)]
    assert len(sas) == len(re.findall(r"\bREADY\b", text))
    assert all(sa.up for sa in sas)
    assert [sa.age_seconds for sa in sas] == [
        int(age) for age in re.findall(r"Active Time: \d+/(\d+) sec", text)
    ]
    assert coverage_of(facts).whole is not any(part in path.name for part in NOT_WHOLE)


@pytest.mark.parametrize(
    "path", [*files("configs"), *files("logging"), *files("show_version")], ids=lambda path: path.name
)
def test_other_texts_are_no_sa_lists(path: Path) -> None:
    for parse in (ipsec_sa.parse, isakmp_sa.parse, ikev2_sa.parse):
        facts = facts_of(path, parse, "")
        assert not coverage_of(facts).whole
        assert len(facts) == 1
