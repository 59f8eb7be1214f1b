from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Coverage, DropCounter
from engine.parsers.qfp_drops import parse

GLOBAL = "show platform hardware qfp active statistics drop"
FEATURE = "show platform hardware qfp active feature ipsec datapath drops"
RULER = "-" * 73

GLOBAL_TEXT = f"""\
Last clearing of QFP drops statistics : Mon Sep  2 00:00:15 2024

{RULER}
Global Drop Stats                         Packets                  Octets
{RULER}
IpsecInput                                      0                       0  <======
IpsecInvalidSa                                 12                    1824
Ipv4NoRoute                                   181                    7964
"""
FEATURE_TEXT = f"""\
{RULER}
Drop Type  Name                                     Packets
{RULER}
        4  IN_US_V4_PKT_SA_NOT_FOUND_SPI                           67643  <====== look here

       33  OUT_V4_PKT_HIT_IKE_START_SP                                 0
"""


def read(
    text: str, command: str, *, closed: bool = True, filtered: bool = False
) -> tuple[dict[str, int], str, Coverage | None]:
    source = Source("r1.txt", text.encode())
    facts = parse(Section(source, command, 1, source.line_count, closed=closed, filtered=filtered))
    counters = [f for f in facts if isinstance(f, DropCounter)]
    (scope,) = {c.scope for c in counters} or {""}
    coverage = next((f for f in facts if isinstance(f, Coverage)), None)
    return {c.name: c.packets for c in counters}, scope, coverage


def test_the_global_list_gives_packets_by_name() -> None:
    counters, scope, coverage = read(GLOBAL_TEXT, GLOBAL)
    assert counters == {"IpsecInput": 0, "IpsecInvalidSa": 12, "Ipv4NoRoute": 181}
    assert scope == "global"
    assert coverage is not None
    assert (coverage.family, coverage.whole) == ("qfp-global-drops", True)


def test_the_feature_list_gives_packets_by_name() -> None:
    counters, scope, coverage = read(FEATURE_TEXT, f"{FEATURE} all")
    assert counters == {"IN_US_V4_PKT_SA_NOT_FOUND_SPI": 67643, "OUT_V4_PKT_HIT_IKE_START_SP": 0}
    assert scope == "feature"
    assert coverage is not None
    assert (coverage.family, coverage.whole) == ("qfp-feature-drops", True)


def test_the_place_is_the_row() -> None:
    source = Source("r1.txt", FEATURE_TEXT.encode())
    fact = parse(Section(source, FEATURE, 1, source.line_count))[0]
    assert source.text(fact.at).split()[1] == "IN_US_V4_PKT_SA_NOT_FOUND_SPI"


def test_a_filtered_list_gives_its_rows_and_proves_no_absence() -> None:
    row = "        4  IN_US_V4_PKT_SA_NOT_FOUND_SPI                           67643\n"
    counters, scope, coverage = read(row, FEATURE, filtered=True)
    assert (counters, scope) == ({"IN_US_V4_PKT_SA_NOT_FOUND_SPI": 67643}, "feature")
    assert coverage is not None
    assert not coverage.whole


def test_a_list_without_its_head_is_not_whole() -> None:
    _, _, coverage = read("IpsecInput                 1            120\n", GLOBAL)
    assert coverage is not None
    assert not coverage.whole


def test_a_list_cut_off_in_a_line_is_not_whole() -> None:
    _, _, coverage = read(FEATURE_TEXT.rstrip(), FEATURE, closed=False)
    assert coverage is not None
    assert not coverage.whole


def test_all_zero_is_a_whole_list_without_rows() -> None:
    counters, _, coverage = read(f"{RULER}\n   The Global drop stats were all zero\n", GLOBAL)
    assert counters == {}
    assert coverage is not None
    assert coverage.whole


def test_detail_has_numbers_in_front() -> None:
    head = "  ID  Global Drop Stats                         Packets                  Octets\n"
    counters, _, _ = read(
        f"{head} 52  IpsecInput                            12                    1824\n", f"{GLOBAL} detail"
    )
    assert counters == {"IpsecInput": 12}


def test_history_counts_all_packets_and_not_the_last_minute() -> None:
    head = (
        "Global Drop Stats                           1-Min           5-Min         30-Min             All\n"
    )
    counters, _, _ = read(
        f"{head}IpsecInput                    1               5             30             99\n", GLOBAL
    )
    assert counters == {"IpsecInput": 99}


def test_an_error_message_gives_nothing() -> None:
    counters, _, coverage = read("% Invalid input detected at '^' marker.\n", GLOBAL)
    assert counters == {}
    assert coverage is None


@given(st.text(max_size=300), st.sampled_from([GLOBAL, FEATURE]))
def test_no_text_raises(text: str, command: str) -> None:
    source = Source("x", (GLOBAL_TEXT + text + FEATURE_TEXT).encode("utf-8", "replace"))
    parse(Section(source, command, 1, source.line_count))


@given(st.integers(0, len(FEATURE_TEXT)))
def test_a_list_cut_anywhere_invents_no_counter(length: int) -> None:
    counters, _, _ = read(FEATURE_TEXT[:length], FEATURE, closed=False)
    assert set(counters) <= {"IN_US_V4_PKT_SA_NOT_FOUND_SPI", "OUT_V4_PKT_HIT_IKE_START_SP"}
