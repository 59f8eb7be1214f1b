from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Coverage, IkeSa
from engine.parsers.isakmp_sa import parse

COMMAND = "show crypto isakmp sa"

PLAIN = """\
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
192.0.2.1       198.51.100.7    QM_IDLE           1009 ACTIVE
192.0.2.1       198.51.100.8    MM_NO_STATE       1008 ACTIVE (deleted)
198.51.100.9    192.0.2.1       MM_KEY_EXCH       1010 ACTIVE

IPv6 Crypto ISAKMP SA

 dst: 2001:DB8::1
 src: 2001:DB8::7
 state: QM_IDLE         conn-id:   1011 status: ACTIVE

"""

DETAIL = """\
Codes: C - IKE configuration mode, D - Dead Peer Detection
       K - Keepalives, N - NAT-traversal
       T - cTCP encapsulation, X - IKE Extended Authentication
       psk - Preshared key, rsig - RSA signature
       renc - RSA encryption
IPv4 Crypto ISAKMP SA

C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.

1009  192.0.2.1       198.51.100.7    RED    ACTIVE aes  sha256 psk  14 23:01:47 DN
       Engine-id:Conn-id =  SW:9

1008  192.0.2.1       198.51.100.8           ACTIVE aes  sha256 psk  14 00:10:02 D (deleted)
       Engine-id:Conn-id =  SW:8

1010  192.0.2.1       198.51.100.9           ACTIVE aes  sha256 psk  14 0
       Engine-id:Conn-id =  SW:10

IPv6 Crypto ISAKMP SA

"""


def section(text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False) -> Section:
    data = text.encode()
    lines = Source("isakmp.txt", data).line_count if text else 0
    return Section(
        Source("isakmp.txt", data + b"HUB1#\n" * closed), command, 1, lines, closed=closed, filtered=filtered
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
    assert [(sa.ends, sa.state, sa.status, sa.up) for sa in sas] == [
        (("192.0.2.1", "198.51.100.7"), "QM_IDLE", "ACTIVE", True),
        (("192.0.2.1", "198.51.100.8"), "MM_NO_STATE", "ACTIVE (deleted)", False),
        (("198.51.100.9", "192.0.2.1"), "MM_KEY_EXCH", "ACTIVE", False),
        (("2001:db8::1", "2001:db8::7"), "QM_IDLE", "ACTIVE", True),
    ]
    assert {(sa.ike, sa.local, sa.peer, sa.vrf) for sa in sas} == {("ikev1", None, None, None)}
    assert coverage.family == "isakmp-sa"
    assert (coverage.whole, coverage.toward) == (True, None)


def test_the_place_of_an_sa_is_its_row() -> None:
    sas, _ = read(PLAIN)
    assert [(sa.at.line, sa.at.last_line) for sa in sas] == [(3, 3), (4, 4), (5, 5), (9, 11)]


def test_the_detailed_list_is_read() -> None:
    sas, coverage = read(DETAIL, "show crypto isakmp sa detail")
    assert [(sa.local, sa.peer, sa.state, sa.status, sa.up) for sa in sas] == [
        ("192.0.2.1", "198.51.100.7", "ACTIVE", "ACTIVE", True),
        ("192.0.2.1", "198.51.100.8", "ACTIVE", "ACTIVE (deleted)", False),
        ("192.0.2.1", "198.51.100.9", "ACTIVE", "ACTIVE", False),
    ]
    assert (sas[0].at.line, sas[0].at.last_line) == (10, 11)
    assert sas[0].vrf is None, "I-VRF is the inside VRF, not the front door"
    assert coverage.whole


def test_deleted_may_stand_on_the_engine_line() -> None:
    sas, _ = read(DETAIL.replace("SW:9", "SW:9 (deleted)"))
    assert (sas[0].status, sas[0].up) == ("ACTIVE (deleted)", False)


def test_a_standby_sa_is_not_up() -> None:
    text = (
        "dst             src             state          conn-id slot status\n"
        "192.0.2.1       198.51.100.7    QM_IDLE           1009    0 ACTIVE\n"
        "192.0.2.1       198.51.100.8    QM_IDLE           1008    0 STDBY\n"
    )
    sas, coverage = read(text)
    assert [(sa.status, sa.up) for sa in sas] == [("ACTIVE", True), ("STDBY", False)]
    assert coverage.whole


def test_a_release_without_the_status_column_is_read() -> None:
    text = (
        "dst             src             state          conn-id    slot\n"
        "192.0.2.1       198.51.100.7    QM_IDLE              1       0\n"
        "192.0.2.1       198.51.100.8    QM_IDLE              2       0 (deleted)\n"
    )
    sas, coverage = read(text)
    assert [(sa.status, sa.up) for sa in sas] == [(None, True), ("(deleted)", False)]
    assert coverage.whole


@pytest.mark.parametrize(
    "state", ["MM_NO_STATE", "MM_SA_SETUP", "MM_KEY_AUTH", "AG_NO_STATE", "AG_INIT_EXCH", "CONF_XAUTH"]
)
def test_an_sa_under_negotiation_is_not_up(state: str) -> None:
    sas, _ = read(PLAIN.replace("QM_IDLE    ", state))
    assert sas[0].state == state
    assert not sas[0].up


def test_ipv6_rows_in_columns_are_read() -> None:
    text = PLAIN[: PLAIN.index(" dst:")] + "2001:DB8::1      2001:DB8::7      QM_IDLE          1011 ACTIVE\n"
    sas, coverage = read(text)
    assert (sas[-1].ends, sas[-1].up) == (("2001:db8::1", "2001:db8::7"), True)
    assert coverage.whole


@pytest.mark.parametrize(
    "row",
    [
        "1011  2001:DB8:AAAA:BBBB:1:2:3:4 2001:DB8:AAAA:BBBB:5:6:7:8 BLUE ACTIVE aes  sha    psk  16 00:01:47 D\n",
        "1011  2001:DB8:AAAA:BBBB:1:2:3:4\n      2001:DB8:AAAA:BBBB:5:6:7:8        ACTIVE aes  sha    psk  16 00:01:47 D\n",
        "1011  2001:DB8:AAAA:BBBB:1:2:3:4\n\n      2001:DB8:AAAA:BBBB:5:6:7:8\n      BLUE   ACTIVE aes  sha    psk  16 00:01:47\n",
    ],
)
def test_detailed_ipv6_rows_may_wrap(row: str) -> None:
    sas, coverage = read(DETAIL + row + "       Engine-id:Conn-id =  SW:11\n")
    assert (sas[-1].local, sas[-1].peer, sas[-1].up) == (
        "2001:db8:aaaa:bbbb:1:2:3:4",
        "2001:db8:aaaa:bbbb:5:6:7:8",
        True,
    )
    assert coverage.whole


def test_an_empty_list_between_its_headings_is_whole() -> None:
    empty = "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n\nIPv6 Crypto ISAKMP SA\n"
    for text in (empty, empty.rstrip("\n"), empty.replace("\n", "\r\n")):
        sas, coverage = read(text)
        assert sas == []
        assert coverage.whole


def test_an_empty_list_that_may_just_end_too_early_is_not_whole() -> None:
    text = "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n"
    assert not read(text)[1].whole
    assert read(text, closed=True)[1].whole
    assert read(text.partition("\n")[2])[1].whole, "old releases print no heading"


@pytest.mark.parametrize("message", ["There are no ISAKMP SAs", "There are no IKE SAs", "No SAs found"])
def test_the_message_that_there_is_none_is_a_whole_empty_list(message: str) -> None:
    assert read(f"\n{message}\n\n")[1].whole is ("IKE SAs" not in message)


def test_no_output_before_the_next_prompt_is_a_whole_empty_list() -> None:
    assert read("", closed=True)[1].whole
    assert read("\n", closed=True)[1].whole
    assert read("Load for five secs: 1%/0%; one minute: 1%; five minutes: 1%\n", closed=True)[1].whole
    assert not read("")[1].whole


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("% Invalid input detected at '^' marker.\n", True),
        (PLAIN[PLAIN.index("192.0.2.1 ") :], True),
        (PLAIN[PLAIN.index("IPv6") :], True),
        (PLAIN[: PLAIN.index(" src: 2001")], False),
        (PLAIN[: PLAIN.index(" src: 2001")], True),
        (PLAIN + " --More-- ", False),
        (PLAIN.replace("198.51.100.8 ", "x.x.x.x      "), False),
        (
            DETAIL.replace(
                "1008  192.0.2.1       198.51.100.8           ACTIVE aes  sha256 psk  14 00:10:02 D (deleted)\n",
                "",
            ),
            False,
        ),
        (DETAIL[: DETAIL.index("       Engine-id:Conn-id =  SW:10")], False),
    ],
)
def test_a_list_with_something_lost_is_not_whole(text: str, closed: bool) -> None:
    assert not read(text, closed=closed)[1].whole


@pytest.mark.parametrize(
    "command",
    [
        "show crypto isakmp sa vrf BLUE",
        "show crypto isakmp sa active",
        "show crypto isakmp sa | include QM",
        "show crypto session",
        "",
    ],
)
def test_a_limited_command_is_not_whole(command: str) -> None:
    assert not read(PLAIN, command)[1].whole
    assert not read(PLAIN, filtered=True)[1].whole


def test_a_masked_address_keeps_the_row_and_the_readable_end() -> None:
    sas, _ = read(PLAIN.replace("198.51.100.7 ", "x.x.x.x      "))
    assert (sas[0].ends, sas[0].up) == (("192.0.2.1",), True)


def test_a_row_that_breaks_off_before_its_status_is_left_out() -> None:
    text = PLAIN[: PLAIN.index("1009 ACTIVE") + len("1009 ACT")]
    assert read(text)[0] == []
    assert len(read(text + "IVE")[0]) == 1


def test_log_messages_between_the_rows_do_no_harm() -> None:
    noise = "*Mar  3 10:11:12.345: %CRYPTO-4-IKMP_NO_SA: IKE message from 198.51.100.7 has no SA\n"
    sas, coverage = read(PLAIN.replace("\n", "\n" + noise))
    assert len(sas) == 4
    assert coverage.whole


@pytest.mark.parametrize("text", [PLAIN, DETAIL])
def test_a_list_cut_anywhere_says_nothing_that_the_list_does_not_say(text: str) -> None:
    known = {(sa.ends, sa.state, sa.local) for sa in read(text)[0]}
    for cut in range(1, len(text)):
        sas, coverage = read(text[:cut])
        assert {(sa.ends, sa.state, sa.local) for sa in sas} <= known
        in_a_line = text[cut - 1] != "\n" != text[cut]
        if in_a_line and not text[:cut].rstrip().endswith("IPv6 Crypto ISAKMP SA"):
            assert not coverage.whole, "the last line is torn"


@given(st.sets(st.integers(0, 30)), st.booleans(), st.booleans())
def test_a_list_with_lines_lost_never_raises(lost: set[int], detailed: bool, closed: bool) -> None:
    text = DETAIL if detailed else PLAIN
    read("".join(x for i, x in enumerate(text.splitlines(keepends=True)) if i not in lost), closed=closed)


@given(st.text(max_size=300), st.booleans())
def test_no_text_raises(text: str, closed: bool) -> None:
    read(text, closed=closed)


@given(
    st.lists(
        st.sampled_from([*PLAIN.splitlines(), *DETAIL.splitlines(), "dst:", "state:", "1", "1 2 3 4"]),
        max_size=40,
    )
)
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    read("\n".join(lines))
