"""Searching a source: every line that shows the pattern, in order, wherever the pieces are cut."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import LONGEST_LINE, Source
from tui.app import scan as module
from tui.app.lines import Lines
from tui.app.scan import Pattern, PatternError, Scan, may_run_away

LOG = "".join(
    f"Sep  2 13:36:{n % 60:02d}: %CRYPTO-4-RECVD_PKT_INV_SPI: number {n} from 198.51.100.{n % 7}\n"
    for n in range(1, 1001)
)


def lines_of(text: str) -> Lines:
    lines = Lines(Source("r9.log", text.encode()))
    while lines.count_next():
        pass
    return lines


def found(text: str, pattern: Pattern) -> list[int]:
    scan = Scan(lines_of(text), pattern)
    while scan.step():
        pass
    assert scan.done
    assert scan.progress == 1.0
    return list(scan.numbers)


@given(
    st.lists(st.text(alphabet="abAB. 가\t", max_size=10), max_size=80),
    st.sampled_from(["a", "A", "ab", "b.", "가", ".a", "a b"]),
    st.booleans(),
    st.sampled_from([8, 64, 1 << 15]),
)
def test_exactly_the_lines_that_show_it_are_found(
    texts: list[str], needle: str, regex: bool, piece: int
) -> None:
    text = "\n".join(texts)
    pattern = Pattern(needle, regex=regex)
    lines = lines_of(text)
    wanted = [number for number in range(1, lines.known + 1) if pattern.holds(lines.shown(number))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE", piece)
        assert found(text, pattern) == wanted


@pytest.mark.parametrize(
    ("text", "regex", "count"),
    [
        ("inv_spi", False, 1000),
        ("INV_SPI", False, 1000),
        ("Inv_spi", False, 0),
        ("198.51.100.3", False, 143),
        ("number 5 ", False, 1),
        ("number (7|8) ", True, 2),
        ("^sep.*100\\.0$", True, 142),
        ("nothing of it", False, 0),
        ("a.b(", False, 0),
    ],
)
def test_case_counts_only_where_a_capital_is_typed(text: str, regex: bool, count: int) -> None:
    assert len(found(LOG, Pattern(text, regex=regex))) == count


def test_a_secret_cannot_be_found_by_looking_for_it() -> None:
    text = "crypto isakmp key Sesam0pen address 198.51.100.1\nno shutdown\n" * 40
    assert found(text, Pattern("sesam0pen")) == []
    assert found(text, Pattern("key S", regex=True)) == []
    assert len(found(text, Pattern("isakmp key"))) == 40


def test_a_line_longer_than_a_piece_is_one_line() -> None:
    text = "x" * (3 * LONGEST_LINE) + " hidden\nneedle\n" + "y" * 50 + "\nneedle"
    assert found(text, Pattern("needle")) == [2, 4]
    assert found(text, Pattern("hidden")) == []


def test_next_and_previous_are_counted_from_any_line() -> None:
    scan = Scan(lines_of(LOG), Pattern("number 10"))
    while scan.step():
        pass
    assert list(scan.numbers) == [10, *range(100, 110), 1000]
    after, before = scan.after(10), scan.before(10)
    assert after is not None
    assert scan.numbers[after] == 100
    assert before is None
    assert scan.index_of(105) == 6
    assert scan.index_of(11) is None
    assert scan.after(1000) is None


@pytest.mark.parametrize(
    "text", ["(a+)+", "(a*)*$", "(a|aa)+", "((ab)+c)*", "(?:x+y?){5,}", "([a-z]+)+x", "((a+)?)+"]
)
def test_what_could_run_forever_is_refused(text: str) -> None:
    assert may_run_away(text)
    with pytest.raises(PatternError, match="regex_endless"):
        Pattern(text, regex=True)


@pytest.mark.parametrize(
    "text",
    [
        "a+b+",
        "(ab)+",
        "(a|b)",
        "(a|b)?",
        "[(+]+",
        r"\(a+\)+",
        "spi=0x[0-9A-F]{8}",
        "(Tunnel|Gi)[0-9]+",
        "a{2}",
    ],
)
def test_what_is_useful_is_not_refused(text: str) -> None:
    assert not may_run_away(text)
    Pattern(text, regex=True)


@pytest.mark.parametrize("text", ["(", "[", "*a", "a{2,1}", "(?P<", "\\"])
def test_what_is_no_regular_expression_is_said(text: str) -> None:
    with pytest.raises(PatternError, match="regex_wrong"):
        Pattern(text, regex=True)
    assert Pattern(text).holds(f"x{text}y")


@given(st.text(alphabet="(a+)*|[]{}2,\\?.^$", max_size=9))
def test_no_accepted_pattern_takes_long(text: str) -> None:
    try:
        pattern = Pattern(text, regex=True)
    except PatternError:
        return
    begin = time.perf_counter()
    pattern.holds("a" * 60 + "!")
    assert time.perf_counter() - begin < 2
