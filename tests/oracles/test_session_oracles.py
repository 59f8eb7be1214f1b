"""Other readers of `show crypto session`, `show dmvpn` and `show ip nhrp` must see what we see.

ntc-templates has templates for `show crypto session detail` (one row per session, so of several IKE SAs the last) and
`show dmvpn` (table rows with a number only); it has none for `show ip nhrp`. The parsers of Genie read all three, and
are compared where `genie.libs.parser` and what it needs are installed.

The corpus is not part of the project; IPSECDX_CORPUS names its directory.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from engine.evidence.source import Section, Source
from engine.facts import NhrpPeer, Session
from engine.parsers import crypto_session, dmvpn, nhrp
from engine.parsers.addresses import canonical

_ROOT = os.environ.get("IPSECDX_CORPUS", "")


def texts(own: str, folder: str, part: str) -> list[Any]:
    """Our own text, and those of the corpus, without the command that some begin with."""
    found = [pytest.param(own, id="own")]
    for path in sorted((Path(_ROOT) / folder).glob(f"*{part}*")) if _ROOT else []:
        text = path.read_text()
        found.append(
            pytest.param(text.partition("\n")[2] if text.startswith("show ") else text, id=path.name)
        )
    return found


OWN_SESSION = """\
Interface: Tunnel{n}
Profile: BRANCH{n}
Uptime: 3d0{n}h
Session status: UP-ACTIVE
Peer: 198.51.100.{n} port 4500 fvrf: INET ivrf: (none)
      Phase1_id: branch{n}.example.net
      Desc: (none)
  Session ID: {n}
  IKEv{version} SA: local 192.0.2.1/4500 remote 198.51.100.{n}/4500 Active
          Capabilities:DN connid:{n} lifetime:09:0{n}:41
  IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.{n}
        Active SAs: 2, origin: crypto map
        Inbound:  #pkts dec'ed 15{n} drop 0 life (KB/Sec) 4236992/61{n}
        Outbound: #pkts enc'ed 18{n} drop 0 life (KB/Sec) 4236962/61{n}

"""
OWN_SESSIONS = "Crypto session current status\n\n" + "".join(
    OWN_SESSION.format(n=n, version=1 + n % 2) for n in range(1, 10)
)

OWN_DMVPN = """\
Legend: Attrb --> S - Static, D - Dynamic, I - Incomplete
        N - NATed, L - Local, X - No Socket
        UpDn Time --> Up or Down Time for a Tunnel
==========================================================================

Interface: Tunnel0, IPv4 NHRP Details
Type:Hub, NHRP Peers:9,

 # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb
 ----- --------------- --------------- ----- -------- -----
""" + "".join(f"     1 198.51.100.{n}         203.0.113.{n}    UP 00:0{n}:09    DN\n" for n in range(1, 10))


def sessions(text: str) -> list[Session]:
    source = Source("session.txt", text.encode())
    facts = crypto_session.parse(Section(source, "show crypto session detail", 1, source.line_count))
    return [fact for fact in facts if isinstance(fact, Session)]


def peers(text: str) -> list[NhrpPeer]:
    source = Source("dmvpn.txt", text.encode())
    facts = dmvpn.parse(Section(source, "show dmvpn", 1, source.line_count))
    return [fact for fact in facts if isinstance(fact, NhrpPeer)]


def the_last_of_each(text: str) -> list[Session]:
    return list({(s.interface, s.peer, s.port): s for s in sessions(text)}.values())


def none(text: str) -> str | None:
    return None if text in {"(none)", "none", ""} else text


@pytest.mark.parametrize("text", texts(OWN_SESSIONS, "crypto_session", "cisco_ios_show_crypto_session"))
def test_ntc_templates_reads_the_sessions_alike(text: str) -> None:
    ntc = pytest.importorskip("ntc_templates.parse")
    rows: list[dict[str, Any]] = ntc.parse_output("cisco_ios", "show crypto session detail", text)
    ours = [
        (s.interface, s.status, s.peer, s.port, s.fvrf, s.ivrf, s.active, s.capabilities)
        for s in the_last_of_each(text)
    ]
    assert ours
    assert ours == [
        (
            row["interface"],
            row["session_status"],
            row["peer"],
            int(row["port"]),
            none(row["fvrf"]),
            none(row["ivrf"]),
            row["ikev1_status"] == "Active",
            none(row["capabilities"]) or "",
        )
        for row in rows
    ]


@pytest.mark.parametrize("text", texts(OWN_DMVPN, "dmvpn", "cisco_ios_show_dmvpn"))
def test_ntc_templates_reads_the_dmvpn_peers_alike(text: str) -> None:
    ntc = pytest.importorskip("ntc_templates.parse")
    rows: list[dict[str, Any]] = ntc.parse_output("cisco_ios", "show dmvpn", text)
    kinds = {"S": "static", "D": "dynamic", "I": "incomplete"}
    ours = [(p.nbma, p.tunnel_address, p.state, p.kind, p.natted) for p in peers(text)]
    assert ours
    assert ours == [
        (
            row["peer_nbma"],
            row["peer_tunnel"],
            row["state"],
            kinds[row["attribute"][0]],
            "N" in row["attribute"],
        )
        for row in rows
    ]


@pytest.mark.parametrize("text", texts(OWN_SESSIONS, "crypto_session", "genieparser"))
def test_genie_reads_the_sessions_alike(text: str) -> None:
    genie = pytest.importorskip("genie.libs.parser.iosxe.show_crypto", exc_type=ImportError)
    # Genie reads one session well; of several it files the later ones under the first.
    for session in re.split(r"^(?=Interface:)", text, flags=re.MULTILINE)[1:]:
        read = genie.ShowCryptoSessionDetail(device=None).cli(output=session)
        theirs = [
            (
                (name, canonical(peer), int(port), details["session_status"]),
                (none(at.get("fvrf", "")), none(at.get("ivrf", ""))),
                (ike["version"].lower(), ike["sa_status"] == "Active"),
                "" if ike.get("capabilities") == "none" else ike.get("capabilities"),
            )
            for name, details in read["interface"].items()
            for peer, by_port in details["peer"].items()
            for port, at in by_port["port"].items()
            for ike in at["ike_sa"].values()
        ]
        assert theirs
        assert theirs == [
            (
                (s.interface, s.peer, s.port, s.status),
                (s.fvrf, s.ivrf),
                (s.ike or "ike", s.active),
                s.capabilities,
            )
            for s in sessions(session)
        ]


@pytest.mark.parametrize("text", texts(OWN_DMVPN, "dmvpn", "ShowDmvpn_"))
def test_genie_reads_the_dmvpn_peers_alike(text: str) -> None:
    genie = pytest.importorskip("genie.libs.parser.iosxe.show_dmvpn", exc_type=ImportError)
    read = genie.ShowDmvpn(device=None).cli(output=text)
    theirs = {
        (name, canonical(nbma), tunnel, how["state"], attribute)
        for name, details in read["interfaces"].items()
        for by_count in details["ent"].values()
        for nbma, by_tunnel in by_count["peers"].items()
        for tunnel, by_attribute in by_tunnel["tunnel_addr"].items()
        for attribute, how in by_attribute["attrb"].items()
    }
    kinds = {"S": "static", "D": "dynamic", "I": "incomplete"}
    assert {(p.interface, p.nbma, p.tunnel_address, p.state, p.kind) for p in peers(text)} == {
        (*where, kinds[attribute[0]]) for *where, attribute in theirs
    }
    assert theirs


OWN_NHRP = "".join(
    f"""\
203.0.113.{n}/32 via 203.0.113.{n}
   Tunnel0 created 00:0{n}:09, expire 00:05:50
   Type: {("static", "dynamic")[n % 2]}, Flags: unique registered used nhop
   NBMA address: 198.51.100.{n}
"""
    for n in range(1, 10)
)


@pytest.mark.parametrize("text", texts(OWN_NHRP, "nhrp", "ShowIpNhrp_"))
def test_genie_reads_the_nhrp_cache_alike(text: str) -> None:
    genie = pytest.importorskip("genie.libs.parser.iosxe.show_ip", exc_type=ImportError)
    read = genie.ShowIpNhrp(device=None).cli(output=text)
    theirs = [
        (entry["tunnel"]["tunnel_name"], hop, entry["nbma_address"], entry["type"])
        for details in read.values()
        for hop, entry in details["via"].items()
        if "local" not in entry["flags"].split()
    ]
    source = Source("nhrp.txt", text.encode())
    facts = nhrp.parse(Section(source, "show ip nhrp", 1, source.line_count))
    found = [fact for fact in facts if isinstance(fact, NhrpPeer)]
    assert [(p.interface, p.tunnel_address, p.nbma, p.kind) for p in found] == theirs
    assert theirs
