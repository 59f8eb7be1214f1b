from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.parsers.syslog import head, lines_above, opens_head, rest_and_below, skipper, text_before

HEADS = [
    # text before the percent sign, host, stamp in ISO form, mark
    ("", None, None, ""),
    ("Sep  2 13:36:47.287: ", None, "--09-02T13:36:47.287", ""),
    ("*Sep  2 13:36:47.287: ", None, "--09-02T13:36:47.287", "*"),
    (".Sep 12 13:36:47: ", None, "--09-12T13:36:47", "."),
    ("Jul 16 10:11:50 GMT: ", None, "--07-16T10:11:50Z", ""),
    ("Feb  2 11:39:59KST: ", None, "--02-02T11:39:59", ""),
    ("Jan 8 15:00:23.723 EDT: : ", None, "--01-08T15:00:23.723", ""),
    ("Sep  2 13:36:47.123 +0900: ", None, "--09-02T13:36:47.123+09:00", ""),
    ("Jan 19 2015 20:00:43: ", None, "2015-01-19T20:00:43", ""),
    ("000123: Sep  2 2024 13:36:47.123 UTC: ", None, "2024-09-02T13:36:47.123Z", ""),
    ("<189>989474: *Sep  2 13:36:47: ", None, "--09-02T13:36:47", "*"),
    ("<190>511: 43w2d: ", None, "43w2d", ""),
    ("00:27:07: ", None, "00:27:07", ""),
    ("R1: *Sep  2 13:36:47.287: ", "R1", "--09-02T13:36:47.287", "*"),
    ("<189>123: R1: Sep 2 13:36:47: ", "R1", "--09-02T13:36:47", ""),
    ("Sep  2 13:36:47.287: R1: ", "R1", "--09-02T13:36:47.287", ""),
    ("<0>91: *Oct 07 03:10:04: hub.example.net ", "hub.example.net", "--10-07T03:10:04", "*"),
    ("Mar 09 2017 10:25:04 EDGE : ", "EDGE", "2017-03-09T10:25:04", ""),
    ("Sep  2 13:36:48 r1 123: ", "r1", "--09-02T13:36:48", ""),
    ("Sep  2 13:36:48 r1 123: Sep 2 13:36:47.287: ", "r1", "--09-02T13:36:47.287", ""),
    ("Sep  2 13:36:48 192.0.2.7 511: 43w2d: ", "192.0.2.7", "43w2d", ""),
    ("Sep  2 13:36:48 2001:db8::1 123: ", "2001:db8::1", "--09-02T13:36:48", ""),
    ("Sep  2 13:36:48 192.0.2.7 12: R1: *Sep  2 13:36:47: ", "R1", "--09-02T13:36:47", "*"),
    ("2024-09-02T13:36:48Z loghost Sep  2 13:36:48 r1 7: *Sep  2 13:36:47: ", "r1", "--09-02T13:36:47", "*"),
    ("2024-09-02T13:36:48+00:00 r1 123: ", "r1", "2024-09-02T13:36:48+00:00", ""),
    ("<189>1 2024-09-02T13:36:47.707Z r1 - - - - ", "r1", "2024-09-02T13:36:47.707Z", ""),
    ('<189>1 2024-09-02T13:36:47.707Z r1 ios 7 - [a b="c d"] ', "r1", "2024-09-02T13:36:47.707Z", ""),
    ("<189>1 2024-09-02T13:36:47.707Z - ios - - - ", None, "2024-09-02T13:36:47.707Z", ""),
    ("<189>1 2024-09-02T13:36:48Z r1 - - - - *Sep  2 13:36:47.1: ", "r1", "--09-02T13:36:47.1", "*"),
    ("2024-09-02 13:36:48\tLocal7.Warning\t192.0.2.7\t12: *Sep  2 13:36:47: ", "192.0.2.7", "--09-02T13:36:47", "*"),
    ("192.0.2.7 12: *Sep  2 13:36:47: ", "192.0.2.7", "--09-02T13:36:47", "*"),
    ("> Sep  2 13:36:47.287: ", None, "--09-02T13:36:47.287", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "host", "iso", "mark"), HEADS)
def test_every_known_head_gives_its_host_and_stamp(
    text: str, host: str | None, iso: str | None, mark: str
) -> None:
    read = head(text)
    assert read.host == host
    assert (read.stamp.iso() if read.stamp else None) == iso
    assert (read.stamp.mark if read.stamp else "") == mark


@pytest.mark.parametrize("text", ["R1#*Sep  2 13:36:47: ", "R1>Sep  2 13:36:47: ", "R1(config-if)#", "R1#"])
def test_a_prompt_glued_before_a_message_is_no_host(text: str) -> None:
    assert head(text).host is None


@pytest.mark.parametrize(
    "text",
    [
        "r1.log:*Sep  2 13:36:47: ",
        "Logs: Sep  2 13:36:47.1: ",
        "Sep  2 13:36:47.1: SW1_STBY: ",
        "Success rate is 80 percent: *Sep  2 13:36:47: ",
        "....!!!!*Sep  2 13:36:47: ",
        "Sep  2 13:36:47 x.x.x.x 123: ",
        "srcaddr=198.51.100.7, input interface=Vlan20 Sep  2 13:36:47: ",
        "*Sep  2 13:36:46.0: ISAKMP: (0):retransmitting *Sep  2 13:36:47.0: ",
    ],
)
def test_what_only_looks_like_a_host_is_none(text: str) -> None:
    read = head(text)
    assert read.host is None
    assert read.stamp is not None


@pytest.mark.parametrize(
    "text", ["Sep 99 13:36:47: ", "Sep  2 25:36:47: ", "2024-13-02T13:36:47Z ", "Sept 2: "]
)
def test_an_impossible_time_is_no_stamp(text: str) -> None:
    assert head(text).stamp is None


@pytest.mark.parametrize(
    "text",
    [
        "Sep  2 13:36:47.287:",
        "<188>",
        "<188>12: *Sep  2",
        "12: Sep  2 13:36:47",
        "Sep  2 13:36:48 r1 12:",
        "43w2d:",
    ],
)
def test_a_beginning_of_a_head_is_told_from_other_lines(text: str) -> None:
    expected = text != "<188>12: *Sep  2"  # half a stamp alone is not told from a word
    assert opens_head(text) is expected


@pytest.mark.parametrize(
    "text", ["", "Logs:", "R1#", "srcaddr=198.51.100.7", "Sep  2 13:36:47: some text, and more"]
)
def test_other_lines_are_no_head(text: str) -> None:
    assert not opens_head(text)


def test_text_before_stops_at_the_line() -> None:
    assert text_before(b"above\r\nSep 2: %X", 14) == "Sep 2: "


def test_text_before_is_bounded_on_one_endless_line() -> None:
    assert len(text_before("é".encode() * 5000, 9000)) <= 1024 + 1


def test_lines_above_come_nearest_first() -> None:
    assert list(lines_above(b"one\ntwo\n\nfour", 10)) == ["", "two", "one"]


def test_rest_and_below_is_bounded_and_cuts_no_character() -> None:
    pieces = list(rest_and_below("é".encode() * 5000, 0))
    assert len(pieces) == 1
    assert set(pieces[0]) == {"é"}


def test_ranges_to_skip_are_inclusive() -> None:
    skipped = skipper([(10, 12), (3, 3)])
    assert [n for n in range(1, 15) if skipped(n)] == [3, 10, 11, 12]
    assert not skipper([])(1)


@given(st.text(max_size=600))
def test_no_text_raises(text: str) -> None:
    head(text)
    opens_head(text)


@given(st.text(alphabet="Sep 2013:64<>189*.-:R1#\t\n[]%T+Z", max_size=80))
def test_no_mixture_of_head_characters_raises(text: str) -> None:
    read = head(text)
    assert read.stamp is None or read.stamp.iso()


@given(st.binary(max_size=6000), st.integers(0, 6000))
def test_no_bytes_around_an_offset_raise(data: bytes, offset: int) -> None:
    offset = min(offset, len(data))
    text_before(data, offset)
    list(lines_above(data, offset))
    list(rest_and_below(data, offset))
