from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Coverage, Fact, IpsecSa
from engine.parsers.ipsec_sa import parse

COMMAND = "show crypto ipsec sa"

HEAD = """\
interface: GigabitEthernet0/0/1
    Crypto map tag: BRANCHES, local addr 192.0.2.1

"""

BLOCK = """\
   protected vrf: BLUE
   local  ident (addr/mask/prot/port): (203.0.113.0/255.255.255.128/0/0)
   remote ident (addr/mask/prot/port): (203.0.113.128/255.255.255.128/0/0)
   current_peer 198.51.100.7 port 4500
     PERMIT, flags={origin_is_acl,}
    #pkts encaps: 1210, #pkts encrypt: 1210, #pkts digest: 1210
    #pkts decaps: 87, #pkts decrypt: 87, #pkts verify: 87
    #pkts compressed: 0, #pkts decompressed: 0
    #pkts no sa (send) 0, #pkts invalid sa (rcv) 3
    ##pkts replay failed (rcv): 0

     local crypto endpt.: 192.0.2.1, remote crypto endpt.: 198.51.100.7
     plaintext mtu 1422, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet0/0/1
     current outbound spi: 0x4D2A91C0(1294635456)
     PFS (Y/N): N, DH group: none

     inbound esp sas:
      spi: 0x9C0417EE(2617513966)
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={Tunnel UDP-Encaps, }
        conn id: 2031, flow_id: ESG:31, sibling_flags FFFFFFFF80000048, crypto map: BRANCHES
        sa timing: remaining key lifetime (k/sec): (4607998/3205)
        IV size: 16 bytes
        replay detection support: Y
        Status: ACTIVE(ACTIVE)

     inbound ah sas:

     inbound pcp sas:

     outbound esp sas:
      spi: 0x11EE07A5(300812197)
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={Tunnel UDP-Encaps, }
        conn id: 2030, flow_id: ESG:30, sibling_flags FFFFFFFF80000048, crypto map: BRANCHES
        sa timing: remaining key lifetime (k/sec): (4600112/12)
        IV size: 16 bytes
        replay detection support: Y
        Status: ACTIVE(ACTIVE)
      spi: 0x4D2A91C0(1294635456)
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={Tunnel UDP-Encaps, }
        conn id: 2032, flow_id: ESG:32, sibling_flags FFFFFFFF80000048, crypto map: BRANCHES
        sa timing: remaining key lifetime (k/sec): (4607998/3205)
        IV size: 16 bytes
        replay detection support: Y
        Status: ACTIVE(ACTIVE)

     outbound ah sas:

     outbound pcp sas:
"""

EMPTY_BLOCK = """\

   protected vrf: (none)
   local  ident (addr/mask/prot/port): (192.0.2.1/255.255.255.255/47/0)
   remote ident (addr/mask/prot/port): (198.51.100.8/255.255.255.255/47/0)
   current_peer 198.51.100.8 port 500
     PERMIT, flags={origin_is_acl,}
    #pkts encaps: 0, #pkts encrypt: 0, #pkts digest: 0
    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0

     local crypto endpt.: 192.0.2.1, remote crypto endpt.: 198.51.100.8
     current outbound spi: 0x0(0)

     inbound esp sas:

     inbound ah sas:

     inbound pcp sas:

     outbound esp sas:

     outbound ah sas:

     outbound pcp sas:
"""

LIST = HEAD + BLOCK + EMPTY_BLOCK


def section(
    text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False, prompt: str = "EDGE1#"
) -> Section:
    """A section of its own file, or one before the next prompt."""
    data = text.encode()
    lines = Source("sa.txt", data).line_count if text else 0
    if closed:
        data += (prompt + "\n").encode()
    return Section(Source("sa.txt", data), command, 1, lines, closed=closed, filtered=filtered)


def read(
    text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False
) -> tuple[list[IpsecSa], Coverage]:
    return split(parse(section(text, command, closed=closed, filtered=filtered)))


def split(facts: Sequence[Fact]) -> tuple[list[IpsecSa], Coverage]:
    coverage = facts[-1]
    assert isinstance(coverage, Coverage)
    sas = [fact for fact in facts if isinstance(fact, IpsecSa)]
    assert len(sas) == len(facts) - 1
    return sas, coverage


def test_every_field_of_an_sa_is_read() -> None:
    sas, coverage = read(LIST)
    assert [(sa.direction, sa.protocol, sa.spi, sa.current) for sa in sas] == [
        ("inbound", "esp", 0x9C0417EE, False),
        ("outbound", "esp", 0x11EE07A5, False),
        ("outbound", "esp", 0x4D2A91C0, True),
    ]
    first = sas[0]
    assert (first.interface, first.tag) == ("GigabitEthernet0/0/1", "BRANCHES")
    assert (first.local, first.peer, first.peer_port, first.vrf) == (
        "192.0.2.1",
        "198.51.100.7",
        4500,
        "BLUE",
    )
    assert first.local_ident == "203.0.113.0/255.255.255.128/0/0"
    assert first.remote_ident == "203.0.113.128/255.255.255.128/0/0"
    assert (first.remaining_kilobytes, first.remaining_seconds) == (4607998, 3205)
    assert (first.encaps, first.decaps) == (1210, 87)
    assert (first.status, first.settings) == ("ACTIVE(ACTIVE)", "Tunnel UDP-Encaps")
    assert coverage.family == "ipsec-sa"
    assert (coverage.whole, coverage.toward) == (True, None)


def test_the_place_of_an_sa_is_its_spi_line() -> None:
    sec = section(LIST)
    sas, coverage = split(parse(sec))
    assert [sec.source.text(sa.at).strip() for sa in sas] == [
        "spi: 0x9C0417EE(2617513966)",
        "spi: 0x11EE07A5(300812197)",
        "spi: 0x4D2A91C0(1294635456)",
    ]
    assert coverage.at == sec.whole_place


def test_the_last_of_several_sas_has_its_own_lifetime() -> None:
    sas, _ = read(LIST)
    assert [sa.remaining_seconds for sa in sas] == [3205, 12, 3205]


def test_an_ident_without_sa_lends_nothing_to_the_next_block() -> None:
    second = BLOCK.replace("0x9C0417EE(2617513966)", "0x70000001(1879048193)").replace(
        "vrf: BLUE", "vrf: (none)"
    )
    sas, coverage = read(HEAD + EMPTY_BLOCK + second.replace("198.51.100.7", "198.51.100.9"))
    assert sas[0].spi == 0x70000001
    assert (sas[0].peer, sas[0].vrf) == ("198.51.100.9", None)
    assert coverage.whole


def test_blocks_without_a_protected_vrf_line_are_told_apart_by_their_local_ident() -> None:
    old = BLOCK.replace("   protected vrf: BLUE\n", "")
    sas, coverage = read(HEAD + old + old.replace("198.51.100.7", "198.51.100.9"))
    assert [sa.peer for sa in sas] == ["198.51.100.7"] * 3 + ["198.51.100.9"] * 3
    assert {sa.vrf for sa in sas} == {None}
    assert coverage.whole


def test_the_next_interface_brings_its_own_tag_and_address() -> None:
    tunnel = "\ninterface: Tunnel7\n    Crypto map tag: Tunnel7-head-0, local addr 203.0.113.9\n\n"
    bare = BLOCK.replace("     local crypto endpt.: 192.0.2.1, remote crypto endpt.: 198.51.100.7\n", "")
    sas, coverage = read(LIST + tunnel + bare)
    assert (sas[3].interface, sas[3].tag, sas[3].local) == ("Tunnel7", "Tunnel7-head-0", "203.0.113.9")
    assert sas[3].peer == "198.51.100.7"
    assert coverage.whole


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n", "\n   \n"])
def test_indentation_and_blank_lines_do_not_matter(between: str) -> None:
    flat = between.join(" ".join(line.split()) for line in LIST.splitlines() if line.strip()) + between
    plain, flattened = read(LIST), read(flat)
    assert [(sa.spi, sa.peer, sa.decaps, sa.status) for sa in plain[0]] == [
        (sa.spi, sa.peer, sa.decaps, sa.status) for sa in flattened[0]
    ]
    assert flattened[1].whole


def test_ipv6_endpoints_stand_on_two_lines() -> None:
    text = (
        LIST.replace("local addr 192.0.2.1", "local addr 2001:DB8:A::1")
        .replace("endpt.: 192.0.2.1, remote", "endpt.: 2001:DB8:A::1,\n     remote")
        .replace("current_peer 198.51.100.7 ", "current_peer 2001:DB8:B::7 ")
        .replace("endpt.: 198.51.100.7", "endpt.: 2001:DB8:B::7")
        .replace("203.0.113.0/255.255.255.128", "2001:DB8:A::/64")
    )
    sas, coverage = read(text)
    assert (sas[0].local, sas[0].peer, sas[0].peer_port) == ("2001:db8:a::1", "2001:db8:b::7", 4500)
    assert sas[0].local_ident == "2001:DB8:A::/64/0/0"
    assert coverage.whole


@pytest.mark.parametrize(
    ("timing", "kilobytes", "seconds"),
    [
        ("(k/sec): (4607998/3205)", 4607998, 3205),
        ("(kB/sec): (12/3205)", 12, 3205),
        ("(k/sec): (0/0)", 0, 0),
        ("(sec): 94", None, 94),
        ("(sec): (94)", None, 94),
        ("1 hours, 10 mins", None, 4200),
        ("2 days, 3 hours", None, 183600),
        ("is not applicable", None, None),
        ("(k/sec): (" + "9" * 6000 + "/1)", None, None),
    ],
)
def test_every_form_of_the_lifetime_is_understood(
    timing: str, kilobytes: int | None, seconds: int | None
) -> None:
    sas, _ = read(LIST.replace("(k/sec): (4607998/3205)", timing))
    assert (sas[0].remaining_kilobytes, sas[0].remaining_seconds) == (kilobytes, seconds)


@pytest.mark.parametrize(
    ("printed", "peer", "port"),
    [
        ("current_peer 198.51.100.9 port 500", "198.51.100.9", 500),
        ("current_peer: 198.51.100.9:4500", "198.51.100.9", 4500),
        ("current_peer 198.51.100.9", "198.51.100.9", None),
        ("current_peer (none) port 500", None, 500),
        ("current_peer x.x.x.x port 500", None, 500),
        ("current_peer 2001:DB8::9 port 500", "2001:db8::9", 500),
        ("current_peer", None, None),
    ],
)
def test_the_current_peer_stands_in_for_a_missing_endpoint(
    printed: str, peer: str | None, port: int | None
) -> None:
    text = LIST.replace("current_peer 198.51.100.7 port 4500", printed)
    sas, _ = read(text.replace(", remote crypto endpt.: 198.51.100.7", ""))
    assert (sas[0].peer, sas[0].peer_port) == (peer, port)


def test_ah_counts_and_pcp_does_not() -> None:
    text = LIST.replace(
        "inbound ah sas:\n", "inbound ah sas:\n      spi: 0x100(256)\n        transform: ah-sha-hmac ,\n", 1
    )
    text = text.replace(
        "inbound pcp sas:\n", "inbound pcp sas:\n      spi: 0xB1C2(45506)\n        transform: comp-lzs ,\n", 1
    )
    sas, coverage = read(text)
    assert [(sa.protocol, sa.spi) for sa in sas if sa.direction == "inbound"] == [
        ("esp", 0x9C0417EE),
        ("ah", 0x100),
    ]
    assert coverage.whole


@pytest.mark.parametrize("unreadable", ["[Not Available]", "0xXXXXXXXX(xxxxxxxxxx)", "<removed>"])
def test_an_unreadable_spi_is_no_sa_and_leaves_the_list_open(unreadable: str) -> None:
    sas, coverage = read(LIST.replace("0x9C0417EE(2617513966)", unreadable))
    assert [sa.direction for sa in sas] == ["outbound", "outbound"]
    assert not coverage.whole


def test_a_lost_spi_line_leaves_the_list_open() -> None:
    sas, coverage = read(LIST.replace("      spi: 0x9C0417EE(2617513966)\n", ""))
    assert len(sas) == 2
    assert not coverage.whole


def test_a_block_without_all_its_headings_leaves_the_list_open() -> None:
    assert not read(LIST.replace("     outbound esp sas:\n", "", 1))[1].whole


def test_the_hexadecimal_spi_counts_where_the_decimal_disagrees() -> None:
    sas, _ = read(LIST.replace("0x9C0417EE(2617513966)", "0x9C0417EE(17)"))
    assert sas[0].spi == 0x9C0417EE


@pytest.mark.parametrize(
    ("command", "toward", "whole"),
    [
        ("show crypto ipsec sa", None, True),
        ("show crypto ipsec sa detail", None, True),
        ("show crypto ipsec sa peer 198.51.100.7", "198.51.100.7", True),
        ("show crypto ipsec sa peer 198.51.100.7 detail", "198.51.100.7", True),
        ("show crypto ipsec sa peer 2001:DB8::7", "2001:db8::7", True),
        ("show crypto ipsec sa peer x.x.x.x", None, False),
        ("show crypto ipsec sa peer", None, False),
        ("show crypto ipsec sa peer vrf BLUE 198.51.100.7", None, False),
        ("show crypto ipsec sa vrf BLUE", None, False),
        ("show crypto ipsec sa interface Tunnel0", None, False),
        ("show crypto ipsec sa map BRANCHES", None, False),
        ("show crypto ipsec sa identity", None, False),
        ("show crypto ipsec sa active", None, False),
        ("show crypto ipsec sa | include spi", None, False),
        ("show crypto gdoi ipsec sa", None, False),
        ("", None, False),
    ],
)
def test_the_command_tells_how_far_the_list_goes(command: str, toward: str | None, whole: bool) -> None:
    _, coverage = read(LIST, command)
    assert (coverage.toward, coverage.whole) == (toward, whole)


def test_a_filter_leaves_the_list_open() -> None:
    assert not read(LIST, filtered=True)[1].whole


def test_no_output_before_the_next_prompt_is_a_whole_empty_list() -> None:
    assert read("", closed=True)[1].whole
    assert read("\n\n", closed=True)[1].whole
    assert not read("\n\n")[1].whole
    assert not read("")[1].whole


def test_the_message_that_there_is_none_is_a_whole_empty_list() -> None:
    assert read("\nNo SAs found\n")[1].whole
    assert read("No SAs found", "show crypto ipsec sa peer 198.51.100.7")[1].toward == "198.51.100.7"


@pytest.mark.parametrize(
    "answer", ["% Invalid input detected at '^' marker.\n", "Command authorization failed.\n"]
)
def test_a_refused_command_is_no_empty_list(answer: str) -> None:
    assert not read(answer, closed=True)[1].whole


def test_a_list_without_its_head_is_not_whole() -> None:
    assert not read(LIST[LIST.index("   protected vrf") :], closed=True)[1].whole


def test_the_clock_and_log_messages_before_the_list_are_no_part_of_it() -> None:
    before = (
        "Load for five secs: 3%/0%; one minute: 4%; five minutes: 4%\n"
        "Time source is NTP, 10:11:12.345 UTC Tue Mar 3 2026\n"
        "*Mar  3 10:11:12.345: %SYS-5-CONFIG_I: Configured from console by vty0\n\n"
    )
    assert read(before + LIST)[1].whole
    assert read(before, closed=True)[1].whole


@pytest.mark.parametrize("ending", ["", "EDGE1#"])
def test_a_list_left_at_the_pager_is_not_whole(ending: str) -> None:
    pager = " --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08         \x08\x08\x08\x08\x08\x08\x08\x08\x08"
    sec = (
        section(LIST, closed=True, prompt=pager + ending) if ending else section(LIST + pager.strip("\x08 "))
    )
    assert not split(parse(sec))[1].whole


def test_a_pager_that_was_paged_through_harms_nothing() -> None:
    pager = " --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08\x08"
    text = LIST.replace("     inbound ah sas:", pager + "     inbound ah sas:", 1)
    sas, coverage = read(text, closed=True)
    assert len(sas) == 3
    assert coverage.whole


def test_an_interface_without_idents_ends_the_list_only_where_something_follows() -> None:
    bare = "\ninterface: Tunnel9\n    Crypto map tag: Tunnel9-head-0, local addr 192.0.2.1\n"
    assert read(LIST + bare, closed=True)[1].whole
    assert not read(LIST + bare)[1].whole


def test_a_number_at_the_torn_end_of_a_file_is_not_believed() -> None:
    torn = LIST[: LIST.index("(k/sec): (4600112/12)") + len("(k/sec): (4600112/1")]
    sas, _ = read(torn)
    assert sas[-1].spi == 0x11EE07A5
    assert sas[-1].remaining_seconds is None
    torn = LIST[: LIST.index("spi: 0x11EE07A5") + len("spi: 0x11EE0")]
    assert [sa.spi for sa in read(torn)[0]] == [0x9C0417EE]


def test_other_outputs_with_similar_lines_do_no_harm() -> None:
    sas, coverage = read(
        "Interface: Tunnel0\nSession status: UP-ACTIVE\n  spi: 0x1(1)\nlocal\nremote\n#pkts\ncurrent\n"
    )
    assert sas == []
    assert not coverage.whole


def ends_torn(text: str) -> bool:
    """Whether the last block of a cut list lacks its end."""
    last = text[text.rfind("current_peer") :]
    return "outbound pcp sas:" not in last


def test_a_list_cut_anywhere_is_never_whole_and_torn() -> None:
    known = {(sa.spi, sa.direction, sa.peer, sa.encaps, sa.decaps, sa.current) for sa in read(LIST)[0]}
    lifetimes = {sa.remaining_seconds for sa in read(LIST)[0]} | {None}
    for cut in range(len(LIST)):
        sas, coverage = read(LIST[:cut])
        assert not (coverage.whole and ends_torn(LIST[:cut]))
        # What is read of a cut list is what the whole one says, only less of it.
        assert {(sa.spi, sa.direction, sa.peer, sa.encaps, sa.decaps, sa.current) for sa in sas} <= known
        assert {sa.remaining_seconds for sa in sas} <= lifetimes


@given(st.sets(st.integers(0, LIST.count("\n"))), st.booleans())
def test_a_list_with_lines_lost_never_raises(lost: set[int], closed: bool) -> None:
    kept = [line for number, line in enumerate(LIST.splitlines(keepends=True)) if number not in lost]
    sas, _ = read("".join(kept), closed=closed)
    assert len(sas) <= 3


@given(st.text(max_size=300), st.booleans())
def test_no_text_raises(text: str, closed: bool) -> None:
    read(text, closed=closed)


@given(
    st.lists(
        st.sampled_from([*LIST.splitlines(), "spi:", "sa timing:", "local ident", "in use {", "Status:"]),
        max_size=60,
    )
)
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    read("\n".join(lines))
