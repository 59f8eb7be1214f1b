from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Coverage, IkeSa
from engine.parsers.ikev2_sa import parse

COMMAND = "show crypto ikev2 sa"

PLAIN = """\
 IPv4 Crypto IKEv2  SA

Tunnel-id Local                 Remote                fvrf/ivrf            Status
3         192.0.2.1/4500        198.51.100.7/4500     INET/none            READY
      Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:19, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: 86400/735 sec
      CE id: 0, Session-id: 12
      Local spi: 0123456789ABCDEF       Remote spi: FEDCBA9876543210

Tunnel-id Local                 Remote                fvrf/ivrf            Status
4         192.0.2.1/500         198.51.100.8/500      none/none            IN-NEG
      Encr: Unknown - 0, PRF: Unknown - 0, Hash: None, DH Grp:0, Auth sign: Unknown - 0, Auth verify: Unknown - 0
      Life/Active Time: 86400/0 sec
      CE id: 0, Session-id: 0

 IPv6 Crypto IKEv2  SA

Tunnel-id    fvrf/ivrf              Status
1          (none)/(none)         READY
Local  2001:DB8::1/500
Remote  2001:DB8::7/500
      Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:21, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: 86400/218 sec
"""

DETAIL = """\
 IPv4 Crypto IKEv2  SA

Tunnel-id Local                 Remote                fvrf/ivrf            Status
3         192.0.2.1/4500        198.51.100.7/4500     none/BLUE            READY
      Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:19, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: 86400/735 sec
      CE id: 0, Session-id: 12
      Status Description: Negotiation done
      Local id: 192.0.2.1
      Remote id: spoke7.example.net
      Local req msg id:  3              Remote req msg id:  5
      Local window:      5              Remote window:      5
      DPD configured for 60 seconds, retry 3
      Fragmentation not  configured.
      NAT-T is detected  outside
      Cisco Trust Security SGT is disabled
      Initiator of SA : No
      Remote subnets:
      203.0.113.0 255.255.255.0
      PEER TYPE: IOS-XE

Tunnel-id Local                 Remote                fvrf/ivrf            Status
4         192.0.2.1/500         198.51.100.8/500      none/none            DELETE
      Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:19, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: 86400/86399 sec
      Status Description: Deleting IKE SA
      DPD configured for 0 seconds, retry 0
      Initiator of SA : Yes

 IPv6 Crypto IKEv2  SA

"""

SESSION = """\
 IPv4 Crypto IKEv2 Session

Session-id:12, Status:UP-ACTIVE, IKE count:1, CHILD count:1

Tunnel-id Local                 Remote                fvrf/ivrf            Status
3         192.0.2.1/4500        198.51.100.7/4500     none/none            READY
      Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:19, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: 86400/735 sec
Child sa: local selector  203.0.113.0/0 - 203.0.113.127/65535
          remote selector 203.0.113.128/0 - 203.0.113.255/65535
          ESP spi in/out: 0x9C0417EE/0x4D2A91C0

 IPv6 Crypto IKEv2 Session
"""


def section(text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False) -> Section:
    data = text.encode()
    lines = Source("ikev2.txt", data).line_count if text else 0
    return Section(
        Source("ikev2.txt", data + b"HUB1#\n" * closed), command, 1, lines, closed=closed, filtered=filtered
    )


def read(
    text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False
) -> tuple[list[IkeSa], Coverage]:
    facts = parse(section(text, command, closed=closed, filtered=filtered))
    coverage = facts[-1]
    assert isinstance(coverage, Coverage)
    sas = [fact for fact in facts if isinstance(fact, IkeSa)]
    assert len(sas) == len(facts) - 1
    return sas, coverage


def test_the_plain_list_is_read() -> None:
    sas, coverage = read(PLAIN)
    assert [(sa.local, sa.peer, sa.state, sa.up, sa.vrf, sa.age_seconds) for sa in sas] == [
        ("192.0.2.1", "198.51.100.7", "READY", True, "INET", 735),
        ("192.0.2.1", "198.51.100.8", "IN-NEG", False, None, 0),
        ("2001:db8::1", "2001:db8::7", "READY", True, None, 218),
    ]
    assert sas[0].ends == ("192.0.2.1", "198.51.100.7")
    assert {(sa.ike, sa.status, sa.dpd_seconds) for sa in sas} == {("ikev2", None, None)}
    assert coverage.family == "ikev2-sa"
    assert (coverage.whole, coverage.toward) == (True, None)


def test_the_place_of_an_sa_is_its_row() -> None:
    sas, _ = read(PLAIN)
    assert [(sa.at.line, sa.at.last_line) for sa in sas] == [(4, 4), (11, 11), (19, 21)]


def test_the_detailed_list_is_read() -> None:
    sas, coverage = read(DETAIL, "show crypto ikev2 sa detailed")
    assert [(sa.state, sa.up, sa.dpd_seconds, sa.age_seconds, sa.vrf) for sa in sas] == [
        ("READY", True, 60, 735, None),
        ("DELETE", False, 0, 86399, None),
    ]
    assert coverage.whole


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("text", [PLAIN, DETAIL])
def test_indentation_and_blank_lines_do_not_matter(text: str, between: str) -> None:
    flat = between.join(" ".join(line.split()) for line in text.splitlines() if line.strip()) + between
    plain, flattened = read(text), read(flat)
    assert [(sa.ends, sa.state, sa.dpd_seconds) for sa in plain[0]] == [
        (sa.ends, sa.state, sa.dpd_seconds) for sa in flattened[0]
    ]
    assert flattened[1].whole


def test_a_list_without_headings_is_whole_where_its_last_sa_is_complete() -> None:
    text = PLAIN[PLAIN.index("Tunnel-id") : PLAIN.index(" IPv6")]
    assert read(text)[1].whole
    assert not read(text.rstrip())[1].whole
    assert not read(text[: text.rindex("      Life")])[1].whole
    text = DETAIL[DETAIL.index("Tunnel-id") : DETAIL.index(" IPv6")]
    assert read(text)[1].whole
    assert not read(text[: text.rindex("      Initiator")])[1].whole


def test_an_empty_list_between_its_headings_is_whole() -> None:
    empty = " IPv4 Crypto IKEv2  SA\n\n IPv6 Crypto IKEv2  SA\n"
    assert read(empty)[1].whole
    assert read(empty.rstrip("\n"))[1].whole
    assert not read(" IPv4 Crypto IKEv2  SA\n")[1].whole
    assert read(" IPv4 Crypto IKEv2  SA\n", closed=True)[1].whole


def test_no_output_before_the_next_prompt_is_a_whole_empty_list() -> None:
    assert read("", closed=True)[1].whole
    assert read("\n", closed=True)[1].whole
    assert read("There are no IKEv2 SAs\n")[1].whole
    assert not read("")[1].whole
    assert not read("% Invalid input detected at '^' marker.\n", closed=True)[1].whole


@pytest.mark.parametrize(
    ("command", "toward", "whole"),
    [
        ("show crypto ikev2 sa", None, True),
        ("show crypto ikev2 sa detailed", None, True),
        ("show crypto ikev2 sa remote 198.51.100.7", "198.51.100.7", True),
        ("show crypto ikev2 sa remote 198.51.100.7 detailed", "198.51.100.7", True),
        ("show crypto ikev2 sa remote 2001:DB8::7", "2001:db8::7", True),
        ("show crypto ikev2 sa local 192.0.2.1", None, False),
        ("show crypto ikev2 sa fvrf INET", None, False),
        ("show crypto ikev2 sa | include READY", None, False),
        ("show crypto ikev2 session", None, False),
        ("", None, False),
    ],
)
def test_the_command_tells_how_far_the_list_goes(command: str, toward: str | None, whole: bool) -> None:
    _, coverage = read(DETAIL, command)
    assert (coverage.toward, coverage.whole) == (toward, whole)


def test_a_filter_or_a_pager_left_early_leaves_the_list_open() -> None:
    assert not read(PLAIN, filtered=True)[1].whole
    assert not read(PLAIN + " --More-- ")[1].whole


@pytest.mark.parametrize(
    "text",
    [
        PLAIN[PLAIN.index(" IPv6") :],
        PLAIN[PLAIN.index("3         192") :],
        PLAIN.replace(
            "4         192.0.2.1/500         198.51.100.8/500      none/none            IN-NEG\n", ""
        ),
        PLAIN.replace("Remote  2001:DB8::7/500\n", ""),
        PLAIN.replace("198.51.100.8/", "x.x.x.x/"),
    ],
)
def test_a_list_with_something_lost_is_not_whole(text: str) -> None:
    assert not read(text, closed=True)[1].whole


def test_a_masked_address_keeps_the_row_and_the_readable_end() -> None:
    sas, _ = read(PLAIN.replace("198.51.100.7/", "x.x.x.x/"))
    assert (sas[0].ends, sas[0].local, sas[0].peer, sas[0].up) == (("192.0.2.1",), "192.0.2.1", None, True)


@pytest.mark.parametrize("command", [COMMAND, "show crypto ikev2 session"])
def test_the_sessions_give_their_rows_but_are_not_the_list(command: str) -> None:
    sas, coverage = read(SESSION, command, closed=True)
    assert [(sa.peer, sa.up, sa.age_seconds) for sa in sas] == [("198.51.100.7", True, 735)]
    assert not coverage.whole


def test_a_row_that_breaks_off_in_its_status_is_left_out() -> None:
    text = PLAIN[: PLAIN.index("READY") + len("REA")]
    assert read(text)[0] == []
    assert len(read(text + "DY")[0]) == 1


def test_an_address_that_breaks_off_is_not_believed() -> None:
    sas, _ = read(PLAIN[: PLAIN.index("2001:DB8::7") + len("2001:DB8::")])
    assert (sas[-1].local, sas[-1].peer) == ("2001:db8::1", None)


@pytest.mark.parametrize("text", [PLAIN, DETAIL])
def test_a_list_cut_anywhere_says_nothing_that_the_list_does_not_say(text: str) -> None:
    known = {(sa.local, sa.state) for sa in read(text)[0]}
    ages = {sa.age_seconds for sa in read(text)[0]} | {None}
    for cut in range(1, len(text)):
        sas, coverage = read(text[:cut])
        assert {(sa.local, sa.state) for sa in sas if sa.ends} <= known
        assert {sa.age_seconds for sa in sas} <= ages
        in_a_line = text[cut - 1] != "\n" != text[cut]
        if in_a_line and not text[:cut].rstrip().endswith("IPv6 Crypto IKEv2  SA"):
            assert not coverage.whole, "the last line is torn"
        _, heading, last = text[:cut].rpartition("Tunnel-id")
        if heading and "IPv6" not in last and "Life/Active Time" not in last:
            assert not coverage.whole, "the last SA is torn"


@given(st.sets(st.integers(0, 40)), st.booleans(), st.booleans())
def test_a_list_with_lines_lost_never_raises(lost: set[int], detailed: bool, closed: bool) -> None:
    text = DETAIL if detailed else PLAIN
    read("".join(x for i, x in enumerate(text.splitlines(keepends=True)) if i not in lost), closed=closed)


@given(st.text(max_size=300), st.booleans())
def test_no_text_raises(text: str, closed: bool) -> None:
    read(text, closed=closed)


@given(
    st.lists(
        st.sampled_from([*PLAIN.splitlines(), *SESSION.splitlines(), "1 a/b c/d e/f g", "1 a/b c", "Local"]),
        max_size=40,
    )
)
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    read("\n".join(lines))
