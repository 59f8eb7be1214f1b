from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Coverage, Fact, LogMessage, LogWindow
from engine.parsers.show_logging import parse
from engine.parsers.syslog import head

BUFFER = """\
Syslog logging: enabled (0 messages dropped, 12 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)

No Active Message Discriminator.

    Console logging: level debugging, 734 messages logged, xml disabled,
                     filtering disabled
    Buffer logging:  level informational, 5501 messages logged, xml disabled,
                    filtering disabled
    Exception Logging: size (4096 bytes)
    Trap logging: level notifications, 68 message lines logged
        Logging to 203.0.113.9  (udp port 514, audit disabled, link up),
              68 message lines logged,
              3 message lines rate-limited,

Log Buffer (8192 bytes):
hanged state to up
*Sep  2 13:36:40.000: %LINK-3-UPDOWN: Interface Tunnel0, changed state to up
*Sep  2 13:36:47.287: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, spi=0x1A2B3C4D(439041101), srcaddr=198.51.100.7
*Sep  2 13:36:47.287: %CRYPTO-4-IKMP_NO_SA: IKE message from 198.51.100.7 has no SA and is not an initialization offer
*Sep  2 13:40:00.000: Rollback:Acquired Configuration lock.
"""


def read(text: str, command: str = "show logging", *, filtered: bool = False) -> list[Fact]:
    source = Source("r1.txt", text.encode())
    return parse(Section(source, command, 1, source.line_count, closed=True, filtered=filtered))


def windows(facts: list[Fact]) -> list[tuple[str | None, str | None, str | None, int]]:
    return [
        (f.host, f.first.iso() if f.first else None, f.last.iso() if f.last else None, f.lines)
        for f in facts
        if isinstance(f, LogWindow)
    ]


def messages(facts: list[Fact]) -> list[LogMessage]:
    return [f for f in facts if isinstance(f, LogMessage)]


def whole(facts: list[Fact]) -> bool:
    (coverage,) = (f for f in facts if isinstance(f, Coverage))
    assert coverage.family == "log"
    return coverage.whole


def test_a_buffer_gives_window_messages_and_coverage() -> None:
    facts = read(BUFFER)
    assert windows(facts) == [(None, "--09-02T13:36:40.000", "--09-02T13:40:00.000", 4)]
    assert [(m.mnemonic, m.peer, m.at.line) for m in messages(facts)] == [
        ("CRYPTO-4-IKMP_NO_SA", "198.51.100.7", 19)
    ]
    assert (
        messages(facts)[0].text
        == "IKE message from 198.51.100.7 has no SA and is not an initialization offer"
    )
    assert whole(facts)


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        ("debugging", 7),
        ("informational", 6),
        ("notifications", 5),
        ("warnings", 4),
        ("errors", 3),
        ("emergencies", 0),
    ],
)
def test_the_level_of_the_buffer_is_its_severity(level: str, severity: int) -> None:
    (window,) = (
        f for f in read(BUFFER.replace("level informational", f"level {level}")) if isinstance(f, LogWindow)
    )
    assert (window.severity, window.rate_limited) == (severity, 12)


def test_a_disabled_buffer_proves_no_absence() -> None:
    facts = read(BUFFER.replace("level informational, 5501 messages logged", "disabled"))
    (window,) = (f for f in facts if isinstance(f, LogWindow))
    assert window.severity is None
    assert not whole(facts)


@pytest.mark.parametrize(
    "text",
    [
        BUFFER.replace("Log Buffer (8192 bytes):\n", ""),
        BUFFER.replace(
            "xml disabled,\n                    filtering disabled", "xml disabled,\n   filtering enabled"
        ),
        BUFFER.replace("5501 messages logged,", "5501 messages logged, discriminator(NOSPI),"),
    ],
)
def test_a_buffer_without_head_or_with_a_filter_is_not_whole(text: str) -> None:
    assert not whole(read(text))


def test_a_pipe_leaves_lines_out() -> None:
    facts = read(
        "*Sep  2 13:36:47: %CRYPTO-4-IKMP_NO_SA: IKE message from 198.51.100.7 has no SA\n", filtered=True
    )
    assert len(messages(facts)) == 1
    assert not whole(facts)


@pytest.mark.parametrize("word", ["count", "history", "onboard", "process"])
def test_other_outputs_of_the_command_are_no_log(word: str) -> None:
    assert read("CRYPTO RECVD_PKT_INV_SPI 4 12 Sep  2 13:36:47\n", f"show logging {word}") == []


RELAYED = """\
Sep  2 13:36:48 r1 123: *Sep  2 13:36:47.287: %LINK-3-UPDOWN: Interface Tunnel0, changed state to up
Sep  2 13:36:50 r2 7: *Sep  2 13:36:49.100: %SYS-5-RELOAD: Reload requested by admin. Reload Reason: Reload Command.
Sep  2 13:37:00 r1 124: *Sep  2 13:36:59.000: %SYS-6-LOGOUT: User admin has exited
Sep  2 13:38:00 r2 8: %HSRP-5-STATECHANGE: GigabitEthernet0/0 Grp 1 state Standby -> Active
Sep  2 13:38:01 r3 9: R3: *Sep  2 13:38:00.5: %SYS-6-LOGOUT: User admin has exited
"""


def test_a_file_gives_one_window_for_each_host() -> None:
    facts = read(RELAYED, "syslog")
    assert windows(facts) == [
        ("R3", "--09-02T13:38:00.5", "--09-02T13:38:00.5", 1),
        ("r1", "--09-02T13:36:47.287", "--09-02T13:36:59.000", 2),
        ("r2", "--09-02T13:36:49.100", "--09-02T13:38:00", 2),
    ]
    assert [(m.host, m.mnemonic) for m in messages(facts)] == [
        ("r2", "SYS-5-RELOAD"),
        ("r2", "HSRP-5-STATECHANGE"),
    ]
    assert whole(facts)


LINES = [
    "<189>123: *Sep  2 13:36:47.287: ",
    "<189>1 2024-09-02T13:36:47.707Z r1 - - - - ",
    "<189>1 2024-09-02T13:36:48Z r1 - - - - *Sep  2 13:36:47.1: ",
    "R1: *Sep  2 13:36:47.287: ",
    "*Sep  2 13:36:47: r1.example.net ",
    "Sep  2 13:36:47 UTC: ",
    "Sep  2 13:36:47KST: ",
    "Sep  2 13:36:47 r1 : ",
    "Sep  2 13:36:47 r1: ",
    "Sep  2 13:36:48 192.0.2.7 12: R1: *Sep  2 13:36:47: ",
    "2024-09-02T13:36:48+00:00 r1 123: ",
    "43w2d: ",
    "00:27:07: ",
    "Sep  2 13:36:48 r1 511: 43w2d: ",
    "",
]


@pytest.mark.parametrize("line", LINES)
def test_a_window_names_the_host_that_its_lines_name(line: str) -> None:
    read_head = head(line)
    ((host, first, last, lines),) = windows(read(f"{line}%LINK-3-UPDOWN: Interface Tunnel0\n" * 3, "syslog"))
    assert host == read_head.host
    assert first == last == (read_head.stamp.iso() if read_head.stamp else None)
    assert lines == 3


def test_unmarked_lines_do_not_hide_the_first_stamp() -> None:
    text = "%LINK-3-UPDOWN: x\nSep  2 13:36:47: %LINK-3-UPDOWN: x\nSep  2 13:37:47: y\n%LINK-3-UPDOWN: x\n"
    assert windows(read(text, "syslog")) == [(None, "--09-02T13:36:47", "--09-02T13:37:47", 4)]


def test_a_debug_tag_is_no_host() -> None:
    assert windows(read("*Sep  2 13:36:47.1: ISAKMP: (0):received packet\n", "syslog"))[0][0] is None


def test_an_empty_log_is_a_window_without_stamps_or_none() -> None:
    assert windows(read(BUFFER.partition("hanged")[0])) == [(None, None, None, 0)]
    assert windows(read("", "syslog")) == []


@pytest.mark.parametrize(
    ("text", "mnemonic", "peer"),
    [
        (
            (
                "%IOSXE-3-PLATFORM: R0/0: cpp_cp: QFP:0.0 Thread:000 TS:00000000000000000001 %IPSEC-3-REPLAY_ERROR: IPSec SA "
                "receives anti-replay error, DP Handle 13, src_addr 198.51.100.7, dest_addr 192.0.2.1, SPI 0x1a2b3c4d"
            ),
            "IPSEC-3-REPLAY_ERROR",
            "198.51.100.7",
        ),
        (
            "%CRYPTO-5-SESSION_STATUS: Crypto tunnel is DOWN.  Peer 198.51.100.7:500       Id: 198.51.100.7",
            "CRYPTO-5-SESSION_STATUS",
            "198.51.100.7",
        ),
        (
            (
                "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /192.0.2.1, "
                "src_addr= 198.51.100.7, prot= 47"
            ),
            "CRYPTO-4-RECVD_PKT_NOT_IPSEC",
            "198.51.100.7",
        ),
        (
            "%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Quick mode failed with peer at 198.51.100.7",
            "CRYPTO-6-IKMP_MODE_FAILURE",
            "198.51.100.7",
        ),
        (
            (
                "%CRYPTO-4-RECVD_PKT_MAC_ERR: decrypt: mac verify failed for connection id=7 local=192.0.2.1 "
                "remote=2001:DB8::7 spi=1A2B3C4D seqno=00000001"
            ),
            "CRYPTO-4-RECVD_PKT_MAC_ERR",
            "2001:db8::7",
        ),
        ("%IKEV2-5-SA_UP: SA UP", "IKEV2-5-SA_UP", None),
        ("%SYS-5-RESTART: System restarted --", "SYS-5-RESTART", None),
        ("%REDUNDANCY-3-SWITCHOVER: RP switchover (PEER_NOT_PRESENT)", "REDUNDANCY-3-SWITCHOVER", None),
        (
            (
                "%ASA-4-402114: IPSEC: Received an ESP packet (SPI= 0x1A2B3C4D, sequence number= 0x2) from 198.51.100.7 to "
                "192.0.2.1 with an invalid SPI."
            ),
            "ASA-4-402114",
            "198.51.100.7",
        ),
        ("%CRYPTO-4-IKMP_NO_SA: IKE message from x.x.x.x has no SA", "CRYPTO-4-IKMP_NO_SA", None),
    ],
)
def test_messages_that_matter_are_read_with_their_peer(text: str, mnemonic: str, peer: str | None) -> None:
    (message,) = messages(read(f"*Sep  2 13:36:47.1: {text}\n", "syslog"))
    assert (message.mnemonic, message.peer) == (mnemonic, peer)
    assert message.stamp is not None


@pytest.mark.parametrize(
    "text", ["%LINK-3-UPDOWN: x", "%CRYPTO_ENGINE-5-KEY_ADDITION: x", "%SYS-5-CONFIG_I: x", "%CRYPTO-x"]
)
def test_messages_that_do_not_matter_are_not_kept(text: str) -> None:
    assert messages(read(f"*Sep  2 13:36:47.1: {text}\n", "syslog")) == []


def test_an_indented_line_belongs_to_the_message_above() -> None:
    (message,) = messages(
        read(
            "*Sep  2 13:36:47: %CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed\n"
            "        connection id=29, sequence number=219\n\n"
            "  not part of it\n",
            "syslog",
        )
    )
    assert message.text == "decrypt: replay check failed connection id=29, sequence number=219"
    assert (message.at.line, message.at.last_line) == (1, 2)


def test_a_message_ends_where_another_begins_on_its_line() -> None:
    text = "%CRYPTO-4-IKMP_NO_SA: IKE message from 198.51.100.7 %CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is ON\n"
    assert [m.text for m in messages(read(text, "syslog"))] == [
        "IKE message from 198.51.100.7",
        "ISAKMP is ON",
    ]


def test_any_other_section_gives_its_messages_only() -> None:
    facts = read(
        "R1#\n*Sep  2 13:36:47: %CRYPTO-4-IKMP_NO_SA: IKE message from 198.51.100.7 has no SA\n", "debug"
    )
    assert len(facts) == len(messages(facts)) == 1


def test_a_section_stays_inside_its_lines() -> None:
    source = Source("r1.txt", RELAYED.encode())
    facts = parse(Section(source, "syslog", 2, 3, closed=True))
    assert [w[0] for w in windows(facts)] == ["r1", "r2"]
    assert [m.at.line for m in messages(facts)] == [2]
    assert parse(Section(source, "syslog", 2, 1)) != []


@given(st.binary(max_size=400), st.sampled_from(["show logging", "syslog", "show logging process", ""]))
def test_no_bytes_raise(noise: bytes, command: str) -> None:
    source = Source("x", noise + RELAYED.encode() + noise)
    parse(Section(source, command, 1, source.line_count))


@given(st.text(alphabet="Sep 2013:64<>189*.-:R1#\t\n%CRYPTO-4-T+Z", max_size=120))
def test_no_mixture_of_log_characters_raises(text: str) -> None:
    read(text, "syslog")


def test_a_large_log_is_read_in_one_pass() -> None:
    text = RELAYED * 40_000
    begin = time.perf_counter()
    facts = read(text, "syslog")
    assert sum(lines for *_, lines in windows(facts)) == 200_000
    assert time.perf_counter() - begin < 60  # a second or two, most of it for the 80,000 messages
