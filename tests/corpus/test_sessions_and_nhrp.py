"""The session and NHRP outputs of the published corpus: every file parses, and nothing that is printed is passed over.

The corpus is not part of the project; IPSECDX_CORPUS names its directory.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.evidence.source import Section, Source
from engine.facts import Coverage, Fact, NhrpPeer, Session
from engine.parsers import crypto_session, dmvpn, nhrp

_ROOT = os.environ.get("IPSECDX_CORPUS", "")
CORPUS = Path(_ROOT)
pytestmark = pytest.mark.skipif(not _ROOT, reason="IPSECDX_CORPUS is not set")

Parser = Callable[[Section], list[Fact]]

# Commands that print no list of NHRP entries, by what the file names have between `Show` and `_golden`.
NO_CACHE = re.compile(r"Show(?:Ip|Ipv6)?Nhrp(Nhs|Stats|Traffic|Summary|Redirect)")


def files(folder: str) -> list[Path]:
    return sorted((CORPUS / folder).glob("*")) if _ROOT else []


def facts_of(path: Path, parse: Parser, command: str) -> list[Fact]:
    """The facts of a file; a command echoed in its first line is left out, as a prompt line would be."""
    source = Source(path.name, path.read_bytes())
    first = 2 if re.match(r"(?:\S+# *)?show ", source.line(1)) else 1
    last = source.line_count
    closed = bool(re.fullmatch(r"\S+#", source.line(last)))
    return parse(Section(source, command, first, last - closed, closed=closed))


def complete(path: Path) -> bool:
    return path.read_bytes().endswith(b"\n")


def coverage_of(facts: list[Fact]) -> Coverage:
    (coverage,) = (fact for fact in facts if isinstance(fact, Coverage))
    return coverage


@pytest.mark.parametrize("path", files("crypto_session"), ids=lambda path: path.name)
def test_every_ike_sa_of_a_session_is_a_fact(path: Path) -> None:
    text = path.read_text()
    facts = facts_of(path, crypto_session.parse, "show crypto session")
    sessions = [fact for fact in facts if isinstance(fact, Session)]
    printed = re.findall(r"IKE(v[12])? SA: local \S+\s+remote \S+ (Active|Inactive)", text)
    assert [(s.ike, s.active) for s in sessions] == [
        (f"ike{version}" if version else None, state == "Active") for version, state in printed
    ]
    assert sessions
    assert {s.interface for s in sessions} == set(re.findall(r"^Interface: (\S+)", text, re.MULTILINE))
    assert all(s.peer and s.port and s.status in {"UP-ACTIVE", "DOWN-NEGOTIATING"} for s in sessions)
    assert [s.capabilities for s in sessions if s.capabilities is not None] == [
        letters.replace("(none)", "") for letters in re.findall(r"Capabilities:(\S+)", text)
    ]
    headed = text.startswith(("Crypto session", "Code:"))
    assert coverage_of(facts).whole is (headed and complete(path))


@pytest.mark.parametrize("path", files("dmvpn"), ids=lambda path: path.name)
def test_every_row_of_a_dmvpn_list_is_a_peer(path: Path) -> None:
    text = path.read_text()
    facts = facts_of(path, dmvpn.parse, "show dmvpn")
    peers = [fact for fact in facts if isinstance(fact, NhrpPeer)]
    rows = re.findall(
        r"\b(UP|IKE|NHRP)(?:, UpDn Time:)? +(?:\d[\d:a-z]+|never)\b.*?([A-Z]\S*)\s*$", text, re.MULTILINE
    )
    kinds = {"S": "static", "D": "dynamic", "I": "incomplete"}
    assert [(p.state, p.kind) for p in peers] == [(state, kinds[letters[0]]) for state, letters in rows]
    assert all(p.tunnel_address and p.interface for p in peers)
    assert all(p.nbma for p in peers if p.kind != "incomplete")
    assert coverage_of(facts).whole is ("Legend" in text and complete(path))


@pytest.mark.parametrize("path", files("nhrp"), ids=lambda path: path.name)
def test_every_entry_of_an_nhrp_cache_is_a_peer_but_the_own_addresses(path: Path) -> None:
    text = path.read_text()
    facts = facts_of(path, nhrp.parse, "show ip nhrp")
    peers = [fact for fact in facts if isinstance(fact, NhrpPeer)]
    printed = re.findall(r"via (\S+)\s+.*?Type: (\w+), Flags:([^\n]*)\s+NBMA address: (\S+)", text, re.DOTALL)
    if NO_CACHE.search(path.name):
        printed = [entry for entry in printed if "Redirect" in path.name]
    assert [(p.tunnel_address, p.kind, p.nbma) for p in peers] == [
        (via, kind, nbma) for via, kind, flags, nbma in printed if "local" not in flags.split()
    ]
    assert coverage_of(facts).whole is (bool(printed) and complete(path))


@pytest.mark.parametrize(
    "path",
    [
        path
        for folder in ("configs", "logging", "show_version", "ipsec_sa", "isakmp_sa", "ikev2_sa")
        for path in files(folder)
    ],
    ids=lambda path: path.name,
)
def test_other_texts_are_no_sessions_and_no_nhrp_entries(path: Path) -> None:
    for parse in (crypto_session.parse, dmvpn.parse, nhrp.parse):
        facts = facts_of(path, parse, "")
        assert not coverage_of(facts).whole
        assert len(facts) == 1
