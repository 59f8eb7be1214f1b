from __future__ import annotations

import pytest

from engine.evidence.source import Section, Source
from engine.parsers.listing import Scope, cut_by_pager, is_preamble, scope, torn_line

PAGER = b" --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08\x08"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("show crypto ipsec sa", Scope(None, narrowed=False)),
        ("show crypto ipsec sa detail", Scope(None, narrowed=False)),
        ("show crypto ipsec sa peer 192.0.2.1", Scope("192.0.2.1", narrowed=False)),
        ("show crypto ipsec sa peer 192.0.2.1 detail", Scope("192.0.2.1", narrowed=False)),
        ("show crypto ipsec sa peer 192.0.2.1 vrf BLUE", Scope("192.0.2.1", narrowed=True)),
        ("show crypto ipsec sa peer", Scope(None, narrowed=True)),
        ("show crypto ipsec sa count", Scope(None, narrowed=True)),
        ("show crypto ipsec", Scope(None, narrowed=True)),
        ("show crypto ipsec security-association", Scope(None, narrowed=True)),
        ("", Scope(None, narrowed=True)),
    ],
)
def test_a_command_is_understood_or_counts_as_narrowed(command: str, expected: Scope) -> None:
    assert scope(command, "show crypto ipsec sa", "peer") == expected


@pytest.mark.parametrize(
    ("data", "last_line", "closed", "cut"),
    [
        (b"a\nb\n", 2, False, False),
        (b"a\nb\nR1#\n", 2, True, False),
        (b"a\n" + PAGER + b"b\nR1#\n", 2, True, False),
        (b"a\nb\n" + PAGER + b"R1#\n", 2, True, True),
        (b"a\nb\n" + PAGER + b"\r\nR1#\n", 3, True, True),
        (b"a\nb\n" + PAGER + b"------------------ show clock ------------------\n", 2, True, False),
        (b"a\nb\n --More-- ", 3, False, True),
        (b"a\nb\n--More--", 3, False, True),
        (b"", 0, False, False),
        (b"\n\n", 2, False, False),
    ],
)
def test_a_pager_that_was_left_early_is_noticed(data: bytes, last_line: int, closed: bool, cut: bool) -> None:
    assert cut_by_pager(Section(Source("a.txt", data), "show clock", 1, last_line, closed=closed)) is cut


def test_only_the_end_of_a_file_can_be_torn() -> None:
    torn, ended = Source("a.txt", b"a\nb"), Source("a.txt", b"a\nb\n")
    assert torn_line(Section(torn, "", 1, 2)) == 2
    assert torn_line(Section(torn, "", 1, 1)) is None
    assert torn_line(Section(torn, "", 1, 2, closed=True)) is None
    assert torn_line(Section(ended, "", 1, 2)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Load for five secs: 1%/0%; one minute: 1%; five minutes: 1%", True),
        ("Time source is NTP, 10:11:12.345 UTC Tue Mar 3 2026", True),
        ("Mar  3 10:11:12.345: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up", True),
        ("interface: Tunnel0", False),
        ("% Invalid input detected at '^' marker.", False),
    ],
)
def test_what_stands_before_an_output_is_told_apart(text: str, expected: bool) -> None:
    assert is_preamble(text) is expected
