from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Coverage, NhrpPeer
from engine.parsers.dmvpn import parse

COMMAND = "show dmvpn"

LEGEND = """\
Legend: Attrb --> S - Static, D - Dynamic, I - Incomplete
        N - NATed, L - Local, X - No Socket
        T1 - Route Installed, T2 - Nexthop-override, B - BGP
        C - CTS Capable, I2 - Temporary
        # Ent --> Number of NHRP entries with same NBMA peer
        NHS Status: E --> Expecting Replies, R --> Responding, W --> Waiting
        UpDn Time --> Up or Down Time for a Tunnel
==========================================================================

"""
TABLE = """\
 # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb
 ----- --------------- --------------- ----- -------- -----
"""

HUB = (
    LEGEND
    + "Interface: Tunnel0, IPv4 NHRP Details \nType:Hub, NHRP Peers:5, \n\n"
    + TABLE
    + """\
     1 198.51.100.7         203.0.113.7    UP 00:14:09     D
     2 198.51.100.8         203.0.113.8    UP     3w5d    DN
                            203.0.113.9    UP    6d12h   DT1
     1 2001:DB8:1202::123
                           203.0.113.12   IKE 00:02:08    SC
     1 UNKNOWN             203.0.113.13  NHRP    never    IX
     1 198.51.100.14       203.0.113.14    UP 00:00:05    I2

Interface: Tunnel1, IPv6 NHRP Details
Type:Hub, Total NBMA Peers (v4/v6): 2
    1.Peer NBMA Address: 2001:DB8::7
        Tunnel IPv6 Address: 2001:DB8:100::7
        IPv6 Target Network: 2001:DB8:100::7/128
        # Ent: 1, Status: UP, UpDn Time: 00:02:39, Cache Attrib: D
    2.Peer NBMA Address: 198.51.100.7
        Tunnel IPv6 Address: 2001:DB8:100::8
        IPv6 Target Network: 2001:DB8:100::8/128 (RED)
        # Ent: 1, Status: NHRP, UpDn Time: never, Cache Attrib: S
"""
)

DETAIL = (
    LEGEND
    + """\
Tunnel51 is admin down

Interface Tunnel0 is up/up, Addr. is 203.0.113.1, VRF ""
   Tunnel Src./Dest. addr: 192.0.2.1/Multipoint, Tunnel VRF ""
   Protocol/Transport: "multi-GRE/IP", Protect "DMVPN"
   Interface State Control: Disabled
   nhrp event-publisher : Disabled

IPv4 NHS:
203.0.113.2  RE NBMA Address: 198.51.100.2 priority = 0 cluster = 0
Type:Hub/Spoke, Total NBMA Peers (v4/v6): 2

# Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb    Target Network
----- --------------- --------------- ----- -------- ----- -----------------
    1 198.51.100.7        203.0.113.7    UP 00:14:09    DN    203.0.113.7/32
NHRP group: SLOW
 Output QoS service-policy applied: SHAPE-SLOW

    1 198.51.100.2        203.0.113.2    UP 00:06:06     S    203.0.113.2/32


Crypto Session Details:
--------------------------------------------------------------------------------

Interface: Tunnel9
Session: [0xC21A4970]
  Crypto Session Status: UP-NO-IKE
  fvrf: (none), IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.7
        Active SAs: 2, origin: crypto map
   Outbound SPI : 0xBEB18ED0, transform : esp-256-aes esp-sha-hmac
    Socket State: Open

Pending DMVPN Sessions:

"""
)

OLD = (
    LEGEND
    + "Tunnel3, Type:Spoke, NBMA Peers:2, \n"
    + TABLE
    + """\
     2    198.51.100.21     203.0.113.21  IKE    3w0d D
     1    198.51.100.22     203.0.113.22 NHRP 02:40:51 S
"""
)


def section(text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False) -> Section:
    data = text.encode()
    lines = Source("dmvpn.txt", data).line_count if text else 0
    source = Source("dmvpn.txt", data + b"HUB1#\n" * closed)
    return Section(source, command, 1, lines, closed=closed, filtered=filtered)


def read(
    text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False
) -> tuple[list[NhrpPeer], Coverage]:
    facts = parse(section(text, command, closed=closed, filtered=filtered))
    coverage = facts[-1]
    assert isinstance(coverage, Coverage)
    peers = [fact for fact in facts if isinstance(fact, NhrpPeer)]
    assert len(peers) == len(facts) - 1
    return peers, coverage


def said(peers: list[NhrpPeer]) -> list[tuple[str | None, ...]]:
    return [(p.interface, p.nbma, p.tunnel_address, p.state, p.kind) for p in peers]


def test_the_rows_of_a_hub_are_read() -> None:
    peers, coverage = read(HUB)
    assert said(peers) == [
        ("Tunnel0", "198.51.100.7", "203.0.113.7", "UP", "dynamic"),
        ("Tunnel0", "198.51.100.8", "203.0.113.8", "UP", "dynamic"),
        ("Tunnel0", "198.51.100.8", "203.0.113.9", "UP", "dynamic"),
        ("Tunnel0", "2001:db8:1202::123", "203.0.113.12", "IKE", "static"),
        ("Tunnel0", None, "203.0.113.13", "NHRP", "incomplete"),
        ("Tunnel0", "198.51.100.14", "203.0.113.14", "UP", None),
        ("Tunnel1", "2001:db8::7", "2001:db8:100::7", "UP", "dynamic"),
        ("Tunnel1", "198.51.100.7", "2001:db8:100::8", "NHRP", "static"),
    ]
    assert [p.tunnel_address for p in peers if p.natted] == ["203.0.113.8"]
    assert (coverage.family, coverage.whole, coverage.toward) == ("nhrp-peer", True, None)


def test_the_place_of_a_peer_is_its_row_and_the_long_address_above_it() -> None:
    peers, _ = read(HUB)
    places = [(p.at.line, p.at.last_line) for p in peers]
    assert places == [(15, 15), (16, 16), (17, 17), (18, 19), (20, 20), (21, 21), (25, 28), (29, 32)]


def test_the_detailed_form_ends_at_the_crypto_sessions() -> None:
    peers, coverage = read(DETAIL, "show dmvpn detail")
    assert said(peers) == [
        ("Tunnel0", "198.51.100.7", "203.0.113.7", "UP", "dynamic"),
        ("Tunnel0", "198.51.100.2", "203.0.113.2", "UP", "static"),
    ]
    assert [p.natted for p in peers] == [True, False]
    assert coverage.whole
    assert read(DETAIL[: DETAIL.index("Session: [0x")].rstrip())[1].whole


def test_the_form_of_old_releases_is_read() -> None:
    peers, coverage = read(OLD)
    assert said(peers) == [
        ("Tunnel3", "198.51.100.21", "203.0.113.21", "IKE", "dynamic"),
        ("Tunnel3", "198.51.100.22", "203.0.113.22", "NHRP", "static"),
    ]
    assert coverage.whole


def test_own_addresses_are_no_peers() -> None:
    text = HUB.replace("00:14:09     D\n", "00:14:09    DL\n")
    peers, coverage = read(text)
    assert said(peers) == said(read(HUB)[0])[1:]
    assert coverage.whole


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("text", [HUB, DETAIL, OLD])
def test_indentation_and_blank_lines_do_not_matter(text: str, between: str) -> None:
    flat = between.join(" ".join(line.split()) for line in text.splitlines() if line.strip()) + between
    assert said(read(flat)[0]) == said(read(text)[0])
    assert read(flat)[1].whole


@pytest.mark.parametrize(
    ("command", "toward", "whole"),
    [
        ("show dmvpn", None, True),
        ("show dmvpn detail", None, True),
        ("show dmvpn peer nbma 198.51.100.7", "198.51.100.7", True),
        ("show dmvpn peer nbma 198.51.100.7 detail", "198.51.100.7", True),
        ("show dmvpn peer tunnel 203.0.113.7", None, False),
        ("show dmvpn ipv6", None, False),
        ("show dmvpn interface Tunnel0", None, False),
        ("show dmvpn static", None, False),
        ("", None, False),
    ],
)
def test_the_command_tells_how_far_the_list_goes(command: str, toward: str | None, whole: bool) -> None:
    _, coverage = read(HUB, command)
    assert (coverage.toward, coverage.whole) == (toward, whole)


def test_a_filter_or_a_pager_left_early_leaves_the_list_open() -> None:
    assert not read(HUB, filtered=True)[1].whole
    assert not read(HUB + " --More-- ")[1].whole


def test_no_peer_is_only_believed_before_the_next_prompt() -> None:
    assert read(LEGEND, closed=True)[1].whole
    assert not read(LEGEND)[1].whole
    assert not read("", closed=True)[1].whole
    assert not read("% Invalid input detected at '^' marker.\n", closed=True)[1].whole
    assert not read("Number of lines which match regexp = 352\n", closed=True)[1].whole


@pytest.mark.parametrize(
    "text",
    [
        HUB[HUB.index("Interface:") :],
        HUB.replace("     1 198.51.100.7         203.0.113.7    UP 00:14:09     D\n", ""),
        HUB.replace("     1 2001:DB8:1202::123\n", ""),
        HUB.replace("                           203.0.113.12   IKE 00:02:08    SC\n", ""),
        HUB.replace("198.51.100.8 ", "x.x.x.x "),
        HUB.replace("203.0.113.8 ", "x.x.x.x "),
        HUB.replace("        Tunnel IPv6 Address: 2001:DB8:100::7\n", ""),
        HUB.replace("    2.Peer NBMA Address: 198.51.100.7\n", ""),
        HUB[: HUB.index("Type:Hub, Total")],
        HUB[: HUB.index("    2.Peer")],
    ],
)
def test_a_list_with_something_lost_is_not_whole(text: str) -> None:
    peers, coverage = read(text, closed=True)
    assert not coverage.whole
    pairs = {(p.tunnel_address, p.nbma) for p in read(HUB)[0]}
    assert {(p.tunnel_address, p.nbma) for p in peers if p.tunnel_address and p.nbma} <= pairs


def test_a_tunnel_address_is_not_given_to_the_peer_above_a_lost_line() -> None:
    peers, _ = read(HUB.replace("     1 2001:DB8:1202::123\n", ""))
    assert said(peers)[3] == ("Tunnel0", None, "203.0.113.12", "IKE", "static")
    peers, _ = read(HUB.replace("     1 2001:DB8:1202::123\n", "     1 2001:DB8:12~~\n"))
    assert said(peers)[3] == ("Tunnel0", None, "203.0.113.12", "IKE", "static")


@pytest.mark.parametrize("text", [HUB, DETAIL, OLD])
def test_a_lost_line_gives_no_peer_the_address_of_another(text: str) -> None:
    known = {(p.tunnel_address, p.nbma) for p in read(text)[0]}
    lines = text.splitlines(keepends=True)
    for lost in range(len(lines)):
        peers, _ = read("".join(lines[:lost] + lines[lost + 1 :]), closed=True)
        assert {(p.tunnel_address, p.nbma) for p in peers if p.tunnel_address and p.nbma} <= known


def test_a_masked_address_keeps_the_row() -> None:
    peers, _ = read(HUB.replace("198.51.100.8 ", "x.x.x.x "))
    assert said(peers)[1] == ("Tunnel0", None, "203.0.113.8", "UP", "dynamic")


@pytest.mark.parametrize("text", [HUB, DETAIL, OLD])
def test_a_list_cut_anywhere_says_nothing_that_the_list_does_not_say(text: str) -> None:
    known = set(said(read(text)[0]))
    known |= {(*row[:4], None) for row in known}
    for cut in range(len(text)):
        peers, coverage = read(text[:cut])
        assert set(said(peers)) <= known
        if not text[:cut].endswith("\n") and "Crypto Session Details" not in text[:cut]:
            assert not coverage.whole, "the last line is torn"


@pytest.mark.parametrize("text", [HUB, DETAIL, OLD])
def test_a_list_cut_after_any_line_is_whole_only_where_every_announced_peer_was_seen(text: str) -> None:
    lines = text.splitlines(keepends=True)
    every = len(read(text)[0])
    for count in range(len(lines)):
        peers, coverage = read("".join(lines[:count]), closed=True)
        if coverage.whole and "Peers" in "".join(lines[:count]):
            assert len(peers) in {every, 6}, "6: between the two tunnels of the hub"


@given(st.sets(st.integers(0, 45)), st.booleans(), st.booleans())
def test_a_list_with_lines_lost_never_raises(lost: set[int], detailed: bool, closed: bool) -> None:
    text = DETAIL if detailed else HUB
    read("".join(x for i, x in enumerate(text.splitlines(keepends=True)) if i not in lost), closed=closed)


@given(st.text(max_size=300), st.booleans())
def test_no_text_raises(text: str, closed: bool) -> None:
    read(text, closed=closed)


@given(
    st.lists(
        st.sampled_from(
            [*HUB.splitlines(), *DETAIL.splitlines(), "1", "1 UP never", "# Ent: 1, Status: UP,"]
        ),
        max_size=40,
    )
)
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    read("\n".join(lines))
