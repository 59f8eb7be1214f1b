from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Coverage, NhrpPeer
from engine.parsers.nhrp import parse

COMMAND = "show ip nhrp"

CACHE = """\
203.0.113.7/32 via 203.0.113.7
   Tunnel0 created 00:14:09, expire 00:05:50
   Type: dynamic, Flags: unique registered nat used nhop
   NBMA address: 198.51.100.7
    (Claimed NBMA address: 192.0.2.7)
   Group: SPOKES
203.0.113.1/32 via 203.0.113.1
   Tunnel0 created 3w5d, never expire
   Type: static, Flags: nat used
   NBMA address: 198.51.100.1
   Preference: 255
203.0.113.128/25 (RED) via 203.0.113.7
   Tunnel0 created 00:00:32, expire 00:02:27
   Type: dynamic, Flags: router rib
   NBMA address: 198.51.100.7
203.0.113.2/32 via 203.0.113.2
   Tunnel0 created 00:00:32, expire 00:02:29
   Type: dynamic, Flags: router unique local
   NBMA address: 192.0.2.1
    (no-socket)
  Requester: 203.0.113.7 Request ID: 97
203.0.113.9/32
   Tunnel0 created 00:00:12, expire 00:02:48
   Type: incomplete, Flags: negative
   Cache hits: 4
203.0.113.14/32 via 203.0.113.14
   Virtual-Access1 created 10w2d, never expire
   Type: static, Flags:
   NBMA address: 2001:DB8::14
"""

OLD = """\
203.0.113.7/32 via 203.0.113.7, Tunnel0 created 00:17:49, expire 00:01:30
  Type: dynamic, Flags: unique registered used
  NBMA address: 198.51.100.7
203.0.113.9/32, Tunnel0 created 00:00:44, expire 00:02:20
  Type: incomplete, Flags: negative
  Cache hits: 2
203.0.113.10 255.255.255.255, tunnel 100 created 0:00:43 expire 1:59:16
  Type: static Flags: authoritative
  NBMA address: 198.51.100.10
"""

IPV6 = """\
2001:DB8:100::7/128 via 2001:DB8:100::7
   Tunnel1 created 00:02:40, expire 00:00:47
   Type: dynamic, Flags: unique registered used
   NBMA address: 198.51.100.7
FE80::7/128 via 2001:DB8:100::7
   Tunnel1 created 00:02:40, expire 00:00:47
   Type: dynamic, Flags: unique registered used
   NBMA address: 2001:DB8::7
"""

BRIEF = """\
   Target             Via            NBMA           Mode   Intfc   Claimed
    203.0.113.7/32 203.0.113.7     198.51.100.7    dynamic  Tu0     < 192.0.2.7 >
    203.0.113.1/32 203.0.113.1     198.51.100.1     static  Tu15272 <   >
    203.0.113.9/32                              incomplete  Tu0     <   >
"""

NEW_BRIEF = """\
****************************************************************************
    NOTE: Link-Local, No-socket and Incomplete entries are not displayed
****************************************************************************
Legend: Type --> S - Static, D - Dynamic
        Flags --> u - unique, r - registered, e - temporary, c - claimed
        a - authoritative, t - route
============================================================================

Intf     NextHop Address                                    NBMA Address
         Target Network                              T/Flag
-------- ------------------------------------------- ------ ----------------
Tu0      203.0.113.7                                        198.51.100.7
         203.0.113.7/32                              D/rc

Tu0      203.0.113.1                                        198.51.100.1
         203.0.113.1/32                              S/

"""


def section(text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False) -> Section:
    data = text.encode()
    lines = Source("nhrp.txt", data).line_count if text else 0
    source = Source("nhrp.txt", data + b"HUB1#\n" * closed)
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
    return [(p.interface, p.tunnel_address, p.nbma, p.kind) for p in peers]


def test_the_entries_of_the_cache_are_read() -> None:
    peers, coverage = read(CACHE)
    assert said(peers) == [
        ("Tunnel0", "203.0.113.7", "198.51.100.7", "dynamic"),
        ("Tunnel0", "203.0.113.1", "198.51.100.1", "static"),
        ("Tunnel0", "203.0.113.7", "198.51.100.7", "dynamic"),
        ("Tunnel0", "203.0.113.9", None, "incomplete"),
        ("Virtual-Access1", "203.0.113.14", "2001:db8::14", "static"),
    ]
    assert {p.state for p in peers} == {None}
    assert (coverage.family, coverage.whole, coverage.toward) == ("nhrp-peer", True, None)


def test_a_peer_behind_nat_claims_another_address_and_the_flag_nat_says_nothing() -> None:
    peers, _ = read(CACHE)
    assert [p.natted for p in peers] == [True, False, False, False, False]


def test_own_addresses_are_no_peers() -> None:
    peers, coverage = read(CACHE)
    assert "192.0.2.1" not in {p.nbma for p in peers}
    assert coverage.whole


def test_the_place_of_an_entry_ends_with_its_nbma_address() -> None:
    peers, _ = read(CACHE)
    assert [(p.at.line, p.at.last_line) for p in peers] == [(1, 5), (7, 10), (12, 15), (22, 24), (26, 29)]


def test_the_form_of_old_releases_is_read() -> None:
    peers, coverage = read(OLD)
    assert said(peers) == [
        ("Tunnel0", "203.0.113.7", "198.51.100.7", "dynamic"),
        ("Tunnel0", "203.0.113.9", None, "incomplete"),
        ("Tunnel100", "203.0.113.10", "198.51.100.10", "static"),
    ]
    assert coverage.whole


def test_the_ipv6_cache_is_read() -> None:
    peers, coverage = read(IPV6, "show ipv6 nhrp")
    assert said(peers) == [
        ("Tunnel1", "2001:db8:100::7", "198.51.100.7", "dynamic"),
        ("Tunnel1", "2001:db8:100::7", "2001:db8::7", "dynamic"),
    ]
    assert coverage.whole


@pytest.mark.parametrize("command", ["show ip nhrp brief", "show ip nhrp", ""])
def test_the_brief_forms_are_read_and_never_whole(command: str) -> None:
    peers, coverage = read(BRIEF, command, closed=True)
    assert said(peers) == [
        ("Tunnel0", "203.0.113.7", "198.51.100.7", "dynamic"),
        (None, "203.0.113.1", "198.51.100.1", "static"),
        ("Tunnel0", "203.0.113.9", None, "incomplete"),
    ]
    assert [p.natted for p in peers] == [True, False, False]
    assert not coverage.whole
    peers, coverage = read(NEW_BRIEF, command, closed=True)
    assert said(peers) == [
        ("Tunnel0", "203.0.113.7", "198.51.100.7", "dynamic"),
        ("Tunnel0", "203.0.113.1", "198.51.100.1", "static"),
    ]
    assert [p.natted for p in peers] == [True, False]
    assert [(p.at.line, p.at.last_line) for p in peers] == [(12, 13), (15, 16)]
    assert not coverage.whole


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("text", [CACHE, OLD, IPV6])
def test_indentation_and_blank_lines_do_not_matter(text: str, between: str) -> None:
    flat = between.join(" ".join(line.split()) for line in text.splitlines() if line.strip()) + between
    assert said(read(flat)[0]) == said(read(text)[0])
    assert read(flat)[1].whole


@pytest.mark.parametrize(
    ("command", "whole"),
    [
        ("show ip nhrp", True),
        ("show ip nhrp detail", True),
        ("show ipv6 nhrp detail", True),
        ("show ip nhrp 203.0.113.7", False),
        ("show ip nhrp vrf RED", False),
        ("show ip nhrp static", False),
        ("show ip nhrp interface Tunnel0", False),
        ("", False),
    ],
)
def test_the_command_tells_how_far_the_cache_goes(command: str, whole: bool) -> None:
    peers, coverage = read(CACHE, command)
    assert (coverage.whole, coverage.toward) == (whole, None)
    assert len(peers) == 5


@pytest.mark.parametrize(
    "argument", ["nhs", "nhs detail", "stats", "traffic", "summ", "redirect", "multicast"]
)
@pytest.mark.parametrize("base", ["show ip nhrp", "show ipv6 nhrp"])
def test_commands_that_print_no_cache_give_nothing(base: str, argument: str) -> None:
    text = "Tunnel0:\n203.0.113.1  RE  NBMA Address: 198.51.100.1 priority = 0 cluster = 0\n"
    assert parse(section(text, f"{base} {argument}", closed=True)) == []
    assert read(text, "")[0] == []


def test_a_filter_or_a_pager_left_early_leaves_the_cache_open() -> None:
    assert not read(CACHE, filtered=True)[1].whole
    assert not read(CACHE + " --More-- ")[1].whole


def test_no_output_before_the_next_prompt_is_an_empty_cache() -> None:
    assert read("", closed=True)[1].whole
    assert not read("")[1].whole
    assert not read("% Invalid input detected at '^' marker.\n", closed=True)[1].whole


@pytest.mark.parametrize(
    "text",
    [
        CACHE[CACHE.index("   Type") :],
        CACHE.replace("   Type: static, Flags: nat used\n", ""),
        CACHE.replace("   NBMA address: 198.51.100.1\n", ""),
        CACHE.replace("198.51.100.1\n", "x.x.x.x\n"),
        CACHE.replace("via 203.0.113.7\n", "via x.x.x.x\n"),
        CACHE.replace("Type: static, Flags: nat", "Type: st~tic, Flags: nat"),
        CACHE[: CACHE.rindex("   NBMA")],
    ],
)
def test_a_cache_with_something_lost_is_not_whole(text: str) -> None:
    assert not read(text, closed=True)[1].whole


def test_a_masked_target_or_nbma_address_keeps_the_entry() -> None:
    peers, _ = read(CACHE.replace("203.0.113.1/32 via 203.0.113.1\n", "x.x.x.x/32 via x.x.x.x\n"))
    assert said(peers)[1] == ("Tunnel0", None, "198.51.100.1", "static")
    peers, _ = read(CACHE.replace("NBMA address: 198.51.100.1\n", "NBMA address: x.x.x.x\n"))
    assert said(peers)[1] == ("Tunnel0", "203.0.113.1", None, "static")


@pytest.mark.parametrize("text", [CACHE, OLD, IPV6, BRIEF, NEW_BRIEF])
def test_a_cache_cut_anywhere_says_nothing_that_the_cache_does_not_say(text: str) -> None:
    known = set(said(read(text)[0]))
    known |= {(row[0], row[1], None, row[3]) for row in known}
    for cut in range(len(text)):
        peers, coverage = read(text[:cut])
        assert set(said(peers)) <= known
        if not text[:cut].endswith("\n"):
            assert not coverage.whole, "the last line is torn"


@pytest.mark.parametrize("text", [CACHE, OLD, IPV6, BRIEF])
def test_a_lost_line_gives_no_peer_the_address_of_another(text: str) -> None:
    known = {(p.tunnel_address, p.nbma) for p in read(text)[0]}
    lines = text.splitlines(keepends=True)
    for lost in range(len(lines)):
        peers, _ = read("".join(lines[:lost] + lines[lost + 1 :]), closed=True)
        assert {(p.tunnel_address, p.nbma) for p in peers if p.nbma} <= known


@given(st.sets(st.integers(0, 30)), st.booleans())
def test_a_cache_with_lines_lost_never_raises(lost: set[int], closed: bool) -> None:
    read("".join(x for i, x in enumerate(CACHE.splitlines(keepends=True)) if i not in lost), closed=closed)


@given(st.text(max_size=300), st.booleans())
def test_no_text_raises(text: str, closed: bool) -> None:
    read(text, closed=closed)


@given(
    st.lists(
        st.sampled_from(
            [
                *CACHE.splitlines(),
                *BRIEF.splitlines(),
                *NEW_BRIEF.splitlines(),
                "1.1.1.1/32 via",
                "created",
                "Type:",
            ]
        ),
        max_size=40,
    )
)
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    read("\n".join(lines))
