"""Another reader of `show crypto ipsec sa detail`, the template of ntc-templates, must see what we see.

That template is the only one for an SA list of IOS (there is none for `show crypto isakmp sa` and `show crypto
ikev2 sa`). It knows neither IPv6 endpoints nor lifetimes without kilobytes nor AH without a replay window, and
refuses the whole text where a line is unknown to it, so the texts here are the ones that it reads.

The corpus is not part of the project; IPSECDX_CORPUS names its directory.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from engine.evidence.source import Section, Source
from engine.facts import IpsecSa
from engine.parsers.ipsec_sa import parse

ntc_parse = pytest.importorskip("ntc_templates.parse")

_ROOT = os.environ.get("IPSECDX_CORPUS", "")
READ_BY_BOTH = (
    sorted((Path(_ROOT) / "ipsec_sa").glob("*cisco_ios_show_crypto_ipsec_sa_detail*")) if _ROOT else []
)

OWN = """\
interface: Tunnel{n}
    Crypto map tag: Tunnel{n}-head-0, local addr 192.0.2.1

   protected vrf: RED
   local  ident (addr/mask/prot/port): (192.0.2.1/255.255.255.255/47/0)
   remote ident (addr/mask/prot/port): (198.51.100.{n}/255.255.255.255/47/0)
   current_peer 198.51.100.{n} port 4500
     PERMIT, flags={{origin_is_acl,}}
    #pkts encaps: 91{n}, #pkts encrypt: 91{n}, #pkts digest: 91{n}
    #pkts decaps: 17{n}, #pkts decrypt: 17{n}, #pkts verify: 17{n}
    #pkts compressed: 0, #pkts decompressed: 0

     local crypto endpt.: 192.0.2.1, remote crypto endpt.: 198.51.100.{n}
     plaintext mtu 1458, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet0/0/0
     current outbound spi: 0xB0000{n:03d}(2952790016)
     PFS (Y/N): N, DH group: none

     inbound esp sas:
      spi: 0xA0000{n:03d}(2684354560)
        transform: esp-256-aes esp-sha-hmac ,
        in use settings ={{Transport UDP-Encaps, }}
        conn id: 3{n}, flow_id: ESG:{n}, sibling_flags 80000000, crypto map: Tunnel{n}-head-0
        sa timing: remaining key lifetime (k/sec): (43{n}/32{n})
        IV size: 16 bytes
        replay detection support: Y  replay window size: 1024
        Status: ACTIVE(ACTIVE)

     inbound ah sas:

     inbound pcp sas:

     outbound esp sas:
      spi: 0xB0000{n:03d}(2952790016)
        transform: esp-256-aes esp-sha-hmac ,
        in use settings ={{Transport UDP-Encaps, }}
        conn id: 4{n}, flow_id: ESG:{n}, sibling_flags 80000000, crypto map: Tunnel{n}-head-0
        sa timing: remaining key lifetime (k/sec): (42{n}/31{n})
        IV size: 16 bytes
        replay detection support: Y  replay window size: 1024
        Status: ACTIVE(ACTIVE)

     outbound ah sas:

     outbound pcp sas:

"""


def ours(text: str) -> list[dict[str, object]]:
    source = Source("sa.txt", text.encode())
    facts = parse(Section(source, "show crypto ipsec sa detail", 1, source.line_count))
    return [
        {
            "interface": sa.interface,
            "tag": sa.tag,
            "direction": sa.direction,
            "protocol": sa.protocol,
            "spi": sa.spi,
            "local": sa.local,
            "peer": sa.peer,
            "port": sa.peer_port,
            "vrf": sa.vrf,
            "remote_ident": sa.remote_ident,
            "encaps": sa.encaps,
            "decaps": sa.decaps,
            "seconds": sa.remaining_seconds,
            "kilobytes": sa.remaining_kilobytes,
            "status": sa.status,
            "current": sa.current,
        }
        for sa in facts
        if isinstance(sa, IpsecSa)
    ]


def theirs(text: str) -> list[dict[str, object]]:
    rows: list[dict[str, Any]] = ntc_parse.parse_output("cisco_ios", "show crypto ipsec sa detail", text)
    return [
        {
            "interface": row["interface"],
            "tag": row["crypto_map_tag"],
            "direction": row["sa_orientation"],
            "protocol": row["sa_type"],
            "spi": int(row["sa_spi_hex"], 16),
            "local": row["local_crypto_endpt"],
            "peer": row["remote_crypto_endpt"],
            "port": int(row["port"]),
            "vrf": None if row["protected_vrf"] == "(none)" else row["protected_vrf"],
            "remote_ident": "/".join(
                row[f"remote_ident_{part}"] for part in ("addr", "mask", "prot", "port")
            ),
            "encaps": int(row["pkts_encaps"]),
            "decaps": int(row["pkts_decaps"]),
            "seconds": int(row["sa_lifetime_sec"]),
            "kilobytes": int(row["sa_lifetime_kbytes"]),
            "status": row["sa_status"],
            "current": row["sa_orientation"] == "outbound"
            and int(row["sa_spi_hex"], 16) == int(row["current_outbound_spi_hex"], 16),
        }
        for row in rows
    ]


def test_both_read_our_own_list_alike() -> None:
    text = "".join(OWN.format(n=n) for n in range(1, 30))
    assert len(ours(text)) == 58
    assert ours(text) == theirs(text)


@pytest.mark.parametrize("path", READ_BY_BOTH, ids=lambda path: path.name)
def test_both_read_a_published_list_alike(path: Path) -> None:
    text = path.read_text()
    assert ours(text)
    assert ours(text) == theirs(text)
