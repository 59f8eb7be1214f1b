"""Lines of a source for the screen: the right ones, redacted, at a cost that does not depend on the source's size."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.look import BLOCK
from engine.evidence.redact import MARK, redact
from engine.evidence.source import LONGEST_LINE, Source
from engine.render.visible import visible
from tui.app import lines as module
from tui.app.lines import Lines, window

KEY = "\n".join(
    [
        "R9#show crypto key",
        "-----BEGIN RSA PRIVATE KEY-----",
        *(f"{n:02d}" + "Qx7" * 20 + "Aa" for n in range(40)),
        "Zm9vYmFyc2hvcnQ=",
        "-----END RSA PRIVATE KEY-----",
        "R9#",
    ]
)
RANDOM = st.lists(st.text(alphabet="ab\t é가\r\x1b\x00-", max_size=12), max_size=60)


class Watched(bytes):
    """Bytes that count how many of them were looked at as a slice."""

    taken = 0

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if isinstance(found, bytes):
            self.taken += len(found)
        return found


def counted(data: bytes) -> Lines:
    lines = Lines(Source("r9.txt", data))
    while lines.count_next():
        pass
    return lines


def shown(text: str) -> list[str]:
    lines = counted(text.encode())
    return [lines.shown(number) for number in range(1, lines.known + 1)]


@given(RANDOM, st.booleans())
def test_every_line_is_the_one_of_the_source(texts: list[str], ends: bool) -> None:
    source = Source("r9.txt", ("\n".join(texts) + "\n" * ends).encode())
    lines = counted(source.data[:])
    assert lines.known == source.line_count
    for number in range(1, lines.known + 1):
        assert lines.shown(number) == visible(redact(source.line(number))).expandtabs(8)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=80))
def test_lines_of_any_length_are_found_in_any_block(lengths: list[int]) -> None:
    data = b"".join(b"%d" % number + b" x" * length + b"\n" for number, length in enumerate(lengths, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", 64)
        lines = counted(data)
        for number in reversed(range(1, len(lengths) + 1)):
            assert lines.shown(number) == f"{number}{' x' * lengths[number - 1]}"


def test_an_empty_source_has_one_empty_line() -> None:
    lines = counted(b"")
    assert (lines.known, lines.complete, lines.progress, lines.shown(1)) == (1, True, 1.0, "")


def test_what_is_counted_so_far_can_be_shown_and_only_grows() -> None:
    lines = Lines(Source("big.log", b"".join(b"line %d\n" % n for n in range(1, 40_001))))
    known = [lines.known]
    assert not lines.complete
    assert 0 < lines.progress < 1
    assert lines.shown(known[0] - 1) == f"line {known[0] - 1}"
    assert lines.shown(known[0] + 1) == ""
    while lines.count_next():
        known.append(lines.known)
    assert all(one < other for one, other in pairwise(known))
    assert lines.shown(40_000) == "line 40000"
    assert lines.shown(40_001) == ""
    assert lines.shown(0) == ""


def test_the_last_line_of_a_run_is_not_kept_half_when_more_is_counted() -> None:
    data = b"".join(b"line %d\n" % n for n in range(1, 40_001))
    lines = Lines(Source("big.log", data))
    last = lines.known
    assert lines.shown(last) == f"line {last}"
    while lines.count_next():
        pass
    for number in range(last, last + 40):
        assert lines.shown(number) == f"line {number}"


def test_secrets_never_come_out() -> None:
    found = shown(
        "hostname R9\ncrypto isakmp key Sesam0pen address 198.51.100.1\nenable secret 5 $1$abcd$efgh\n"
    )
    assert MARK in found[1]
    assert not any("Sesam0pen" in line or "$1$" in line for line in found)


@pytest.mark.parametrize("first", [1, 3, 30, 43])
def test_a_private_key_is_covered_wherever_one_begins_to_read(first: int) -> None:
    lines = counted(KEY.encode())
    found = [lines.shown(number) for number in range(first, lines.known + 1)]
    assert not any("Qx7" in line or "Zm9v" in line for line in found)
    assert found[-1] == "R9#"


def test_text_after_a_private_key_is_shown_again() -> None:
    lines = counted((KEY + "\n" + "plain line\n" * 100).encode())
    assert lines.shown(120) == "plain line"


def test_what_would_steer_the_terminal_is_harmless() -> None:
    found = shown("a\x1b[2Jb\n\x9bc\td\x07\n\u202eevil\n")
    assert found == ["ab", "\\x9bc   d\\x07", "\\u202eevil"]


def test_a_line_of_any_length_is_cut_off() -> None:
    lines = counted(b"- " * (2 * LONGEST_LINE) + b"\nnext\n")
    assert lines.known == 2
    assert lines.shown(1) == "- " * (LONGEST_LINE // 2) + " …"
    assert lines.shown(2) == "next"


def test_showing_a_screen_anywhere_reads_a_few_blocks_of_a_big_source() -> None:
    line = (
        b"Sep  2 13:36:47.287: %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel7, changed state to up\n"
    )
    data = Watched(line * 200_000)
    lines = counted(data)
    for top in (1, 77_777, 199_960):
        data.taken = 0
        assert [lines.shown(number) for number in range(top, top + 40)] == [line.decode().rstrip()] * 40
        # The blocks that hold the screen, once, and the lines around it.
        assert data.taken < 3 * BLOCK + 200 * len(line)
        data.taken = 0
        lines.shown(top + 20)
        assert data.taken == 0


@pytest.mark.parametrize(
    ("text", "left", "width", "wanted"),
    [
        ("abcdef", 0, 6, (0, "abcdef", False)),
        ("abcdefg", 0, 6, (0, "abcde", True)),
        ("abcdefg", 3, 6, (3, "defg", False)),
        ("가나다라", 0, 8, (0, "가나다라", False)),
        ("가나다라마", 0, 8, (0, "가나다", True)),
        ("가나다라", 4, 8, (2, "다라", False)),
        ("", 0, 8, (0, "", False)),
    ],
)
def test_the_part_in_view_fits_the_screen(
    text: str, left: int, width: int, wanted: tuple[int, str, bool]
) -> None:
    assert window(text, left, width) == wanted
