from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import IkeNotify
from engine.parsers.ike_notify import parse, scan

IGNORED = (
    "ignoring request to send delete notify (no ISAKMP sa) src 192.0.2.1 dst 198.51.100.7 for SPI 0x1A2B3C4D"
)
RECEIVED = (
    "IKEv2:(SESSION ID = 7,SA ID = 1):Received Packet [From 198.51.100.7:500/To 192.0.2.1:500/VRF i0:f0]"
)
SENDING = "IKEv2:(SESSION ID = 7,SA ID = 1):Sending Packet [To 198.51.100.7:500/From 192.0.2.1:500/VRF i0:f0]"
PACKET = """\
Initiator SPI : 1122334455667788 - Responder SPI : 8877665544332211 Message id: 4
IKEv2 INFORMATIONAL Exchange REQUEST
Payload contents:
 NOTIFY({kind})  Next payload: NONE, reserved: 0x0, length: 8
    Security protocol id: Unknown - 0, spi size: 0, type: {kind}
"""


def notes(text: str, skip: list[tuple[int, int]] | None = None) -> list[IkeNotify]:
    return scan(Source("r1.txt", text.encode()), skip or [])


def only(text: str) -> IkeNotify:
    found = notes(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("tag", ["ISAKMP-ERROR: (0):", "ISAKMP: ", "ISAKMP:(0:0:N/A:0): "])
def test_an_ignored_delete_says_that_there_was_no_ike_sa(tag: str) -> None:
    fact = only(f"*Sep  2 13:36:47.290: {tag}{IGNORED}\n")
    assert (fact.notify, fact.direction, fact.outcome) == ("DELETE", "sent", "ignored-no-ike-sa")
    assert (fact.peer, fact.spi) == ("198.51.100.7", 0x1A2B3C4D)
    assert fact.stamp is not None
    assert fact.stamp.iso() == "--09-02T13:36:47.290"


def test_an_ignored_delete_without_time_stamps_is_read_too() -> None:
    assert only(f"ISAKMP-ERROR: (0):{IGNORED}").stamp is None


def test_a_wrapped_line_is_joined() -> None:
    fact = only("ISAKMP: " + IGNORED.replace(" dst", "\n dst"))
    assert (fact.peer, fact.at.line, fact.at.last_line) == ("198.51.100.7", 1, 2)


def test_an_ikev1_invalid_spi_notify_is_read_with_the_peer_of_its_packet() -> None:
    fact = only(
        "ISAKMP-PAK: (1003):received packet from 198.51.100.7 dport 500 sport 500 Global (I) QM_IDLE\n"
        "ISAKMP: (1003):processing NOTIFY INVALID_SPI protocol 3\n"
        "        spi 439041101, message ID = 2718281828, sa = 0x7F0011223344\n"
    )
    assert (fact.notify, fact.direction, fact.peer, fact.spi) == (
        "INVALID_SPI",
        "received",
        "198.51.100.7",
        0x1A2B3C4D,
    )
    assert (fact.at.line, fact.at.last_line) == (2, 3)


def test_an_ikev1_invalid_spi_notify_that_is_sent_is_sent() -> None:
    fact = only(
        "ISAKMP: (1003):Sending NOTIFY INVALID_SPI protocol 3\n\tspi 0x1A2B3C4D, message ID = 1, sa = 0x7F\n"
    )
    assert (fact.direction, fact.spi) == ("sent", 0x1A2B3C4D)


def test_other_notifies_are_not_read() -> None:
    assert (
        notes("ISAKMP: (1003):processing NOTIFY INITIAL_CONTACT protocol 1\n        spi 0, message ID = 0\n")
        == []
    )


@pytest.mark.parametrize(
    ("packet", "kind", "direction"),
    [
        (RECEIVED, "INVALID_SPI", "received"),
        (SENDING, "INVALID_SYNTAX", "sent"),
        (SENDING, "INVALID_SPI", "sent"),
    ],
)
def test_an_ikev2_notify_goes_the_way_of_its_packet(packet: str, kind: str, direction: str) -> None:
    fact = only(f"*Sep  2 13:36:47.290: {packet}\n" + PACKET.format(kind=kind))
    assert (fact.notify, fact.direction, fact.peer, fact.spi_size) == (kind, direction, "198.51.100.7", 0)
    assert fact.spi is None
    assert (fact.at.line, fact.at.last_line) == (5, 6)


def test_the_nearest_packet_line_counts() -> None:
    text = (
        f"{RECEIVED}\n"
        + PACKET.format(kind="INVALID_SPI")
        + f"{SENDING}\n"
        + PACKET.format(kind="INVALID_SYNTAX")
    )
    assert [(f.notify, f.direction) for f in notes(text)] == [
        ("INVALID_SPI", "received"),
        ("INVALID_SYNTAX", "sent"),
    ]


def test_parsing_is_receiving_and_building_is_sending() -> None:
    parsed = only(
        "IKEv2:Parse Notify Payload: INVALID_SPI NOTIFY(INVALID_SPI)  Next payload: NONE, length: 8\n"
    )
    built = only(
        "IKEv2:Building packet for encryption.\nPayload contents:\n NOTIFY(INVALID_SYNTAX)  Next payload: NONE\n"
    )
    assert (parsed.direction, built.direction) == ("received", "sent")
    assert parsed.spi_size is None


def test_a_direction_that_nothing_tells_stays_unknown() -> None:
    fact = only(
        " NOTIFY(INVALID_SPI)  Next payload: NONE\n  Security protocol id: Unknown - 0, spi size: 0\n"
    )
    assert (fact.direction, fact.peer, fact.spi_size) == ("unknown", None, 0)


def test_the_size_of_the_next_payload_is_not_taken() -> None:
    text = " NOTIFY(INVALID_SPI)  Next payload: NOTIFY\n NOTIFY(OTHER)  Next payload: NONE\n  Security, spi size: 4\n"
    assert only(text).spi_size is None


@pytest.mark.parametrize(
    ("verb", "direction", "outcome"), [("Sending", "sent", "sent"), ("Processing", "received", None)]
)
def test_an_event_trace_tells_of_deletes(verb: str, direction: str, outcome: str | None) -> None:
    fact = only(
        "*Sep  2 13:36:47.484: SA ID:2 SESSION ID:1 Remote: 198.51.100.7/500 Local: 192.0.2.1/500  "
        f"{verb} DELETE INFO message for IPsec SA [SPI: 0x1A2B3C4D]\n"
    )
    assert (fact.notify, fact.direction, fact.outcome) == ("DELETE", direction, outcome)
    assert (fact.peer, fact.spi) == ("198.51.100.7", 0x1A2B3C4D)
    assert fact.stamp is not None


def test_the_delete_of_an_ike_sa_is_not_about_an_spi() -> None:
    assert (
        notes(
            "Sending DELETE INFO message for IKEv2 SA [ISPI: 0x1122334455667788 RSPI: 0x8877665544332211]\n"
        )
        == []
    )


def test_lines_to_skip_are_skipped() -> None:
    assert notes(f"!\nISAKMP: {IGNORED}\n", [(1, 2)]) == []


def test_facts_come_in_the_order_of_their_lines() -> None:
    text = f"{RECEIVED}\n{PACKET.format(kind='INVALID_SPI')}ISAKMP: {IGNORED}\n"
    assert [f.notify for f in notes(text)] == ["INVALID_SPI", "DELETE"]


STATS = """\
EXCHANGE/NOTIFY                   TX(REQ)    TX(RES)    RX(REQ)    RX(RES)

EXCHANGES

INFORMATIONAL                          65         62         24         91

ERROR NOTIFY

INVALID_SPI                             0          0         12          1
INVALID_SYNTAX                          3         12          0          0
NO_PROPOSAL_CHOSEN                      0         53          0          0
INVALID_IKE_SPI                         7          0          0          0
"""


def test_the_exchange_counters_give_one_fact_per_direction() -> None:
    source = Source("r1.txt", STATS.encode())
    facts = parse(Section(source, "show crypto ikev2 stats exchange", 1, source.line_count, closed=True))
    rows = [(f.notify, f.direction, f.count, f.at.line) for f in facts if isinstance(f, IkeNotify)]
    assert rows == [
        ("INVALID_SPI", "sent", 0, 9),
        ("INVALID_SPI", "received", 13, 9),
        ("INVALID_SYNTAX", "sent", 15, 10),
        ("INVALID_SYNTAX", "received", 0, 10),
    ]


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [
            "delete notify",
            IGNORED,
            "NOTIFY INVALID_SPI",
            "NOTIFY(INVALID_SPI)",
            "DELETE INFO message for IPsec SA",
        ]
    ),
    st.binary(max_size=200),
)
def test_no_bytes_around_a_hit_raise(before: bytes, literal: str, after: bytes) -> None:
    scan(Source("x", before + literal.encode() + after))
