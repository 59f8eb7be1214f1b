"""Cisco releases: reading, printing, comparing, release lists, IOS XE 3 and the IOS inside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.release import (
    Release,
    ReleaseMap,
    TrainPair,
    compare,
    ios_of_xe3,
    parse,
    span,
    status,
    xe3_of_ios,
)

RELEASES_YAML = Path(__file__).parents[2] / "kb" / "releases.yaml"


def release(text: str) -> Release:
    found = parse(text)
    assert found is not None, text
    return found


def kb() -> dict[str, Any]:
    loaded = yaml.safe_load(RELEASES_YAML.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def release_map() -> ReleaseMap:
    return ReleaseMap(msgspec.convert(kb()["xe_to_ios"], tuple[TrainPair, ...]))


# Reading and printing


@pytest.mark.parametrize(
    ("printed", "normal", "train"),
    [
        ("15.6(3)M2", "15.6(3)M2", "15.6(3)M"),
        ("15.6(03)M07", "15.6(3)M7", "15.6(3)M"),
        ("15.6(3)M0a", "15.6(3)M0a", "15.6(3)M"),
        ("15.6(3)M", "15.6(3)M", "15.6(3)M"),
        ("15.6(2)SP1c", "15.6(2)SP1c", "15.6(2)SP"),
        ("15.5(2)XB", "15.5(2)XB", "15.5(2)XB"),
        ("15.2(5a)E1", "15.2(5a)E1", "15.2(5a)E"),
        ("12.4(25e)JAP1n", "12.4(25e)JAP1n", "12.4(25e)JAP"),
        ("12.4(25e)JAO20s", "12.4(25e)JAO20s", "12.4(25e)JAO"),
        ("12.4(25f)", "12.4(25f)", "12.4(25)"),
        ("12.4(25)", "12.4(25)", "12.4(25)"),
        ("12.2(33)XNC2", "12.2(33)XNC2", "12.2(33)XNC"),
        ("11.2(5)P", "11.2(5)P", "11.2(5)P"),
        ("15.4(0.10)S", "15.4(0.10)S", "15.4(0.10)S"),
        ("15.2(4.0.55)E", "15.2(4.0.55)E", "15.2(4.0.55)E"),
        ("03.16.05.S", "3.16.5S", "3.16S"),
        ("3.16.5S", "3.16.5S", "3.16S"),
        ("3.16.4gS", "3.16.4gS", "3.16S"),
        ("03.16.07b.S", "3.16.7bS", "3.16S"),
        ("03.06.07E", "3.6.7E", "3.6E"),
        ("03.03.01SE", "3.3.1SE", "3.3SE"),
        ("3.18.1aSP", "3.18.1aSP", "3.18SP"),
        ("02.04.02", "2.4.2", "2.4"),
        ("16.12.1y", "16.12.1y", "16.12"),
        ("17.06.01a", "17.6.1a", "17.6"),
        ("17.09.03m3", "17.9.3m3", "17.9"),
        ("17.07.01prd16", "17.7.1prd16", "17.7"),
        (" 16.9.4\n", "16.9.4", "16.9"),
    ],
)
def test_a_release_is_read_padded_or_not_and_printed_in_one_form(
    printed: str, normal: str, train: str
) -> None:
    assert str(release(printed)) == normal
    assert release(printed).train_name == train


@pytest.mark.parametrize(
    "text",
    [
        "15.6(1r)T",
        "12.2(8r)",
        "16.9.1r",
        "17.14.20230827:110032",
        "17.14.20230827",
        "BLD_POLARIS_DEV_LATEST_20240101_001122",
        "15.4(NIGHTLY_20140201)",
        "15.3(2b)",
        "10.3(5)",
        "9.3(15)",
        "7.3(5)N1(1)",
        "9.16(3)19",
        "6.6.2",
        "17.3",
        "3.16.5",
        "20.6.1",
        "15.6(3)m2",
        "15.6(3)M2, RELEASE",
        "",
        "١٧.3.4",
    ],
)
def test_what_is_no_cisco_ios_release_is_none(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_reading(text: str) -> None:
    parse(text)
    span(text)


_letters = st.sampled_from(["", *"abcdefghijklmnopq", *"stuvwxyz"])
_small = st.integers(0, 99)


@st.composite
def ios_releases(draw: st.DrawFn) -> Release:
    train = draw(st.sampled_from(["M", "T", "S", "SP", "E", "SXF", "JAP"]))
    numbers = (15, draw(st.integers(0, 9)), draw(_small))
    return Release("ios", numbers, train, draw(_small), draw(_letters), draw(st.sampled_from(["", "a", "e"])))


@st.composite
def mainline_releases(draw: st.DrawFn) -> Release:
    return Release("ios", (12, draw(st.integers(0, 4)), draw(_small)), letter=draw(_letters))


@st.composite
def xe3_releases(draw: st.DrawFn) -> Release:
    train = draw(st.sampled_from(["S", "SP", "E", "SE", "SG"]))
    return Release("ios-xe", (3, draw(st.integers(1, 18))), train, draw(_small), draw(_letters))


@st.composite
def xe16_releases(draw: st.DrawFn) -> Release:
    letter = draw(_letters | st.sampled_from(["m3", "prd16", "za"]))
    return Release("ios-xe", (draw(st.sampled_from([16, 17])), draw(_small)), "", draw(_small), letter)


any_release = ios_releases() | mainline_releases() | xe3_releases() | xe16_releases()


@given(any_release)
def test_what_is_printed_is_read_back(one: Release) -> None:
    assert parse(str(one)) == one


@given(xe3_releases(), st.booleans())
def test_padding_and_the_last_dot_of_ios_xe_3_do_not_matter(one: Release, dot: bool) -> None:
    padded = f"03.{one.numbers[1]:02d}.{one.rebuild:02d}{one.letter}{'.' if dot else ''}{one.train}"
    assert parse(padded) == one


@given(xe16_releases())
def test_padding_of_ios_xe_16_and_17_does_not_matter(one: Release) -> None:
    assert parse(f"{one.numbers[0]}.{one.numbers[1]:02d}.{one.rebuild:02d}{one.letter}") == one


@given(ios_releases())
def test_padding_of_ios_does_not_matter(one: Release) -> None:
    major, minor, maintenance = one.numbers
    padded = (
        f"{major}.{minor}({maintenance:02d}{one.maintenance_letter}){one.train}{one.rebuild:02d}{one.letter}"
    )
    assert parse(padded) == one


# Comparing


def test_packaging_would_take_a_rebuild_letter_for_an_alpha() -> None:
    from packaging.version import Version

    assert Version("17.3.4a").is_prerelease
    assert Version("17.3.4a") < Version("17.3.4")


def test_ios_follows_rebuild_then_letter() -> None:
    order = [release(f"15.6(3){tail}") for tail in ("M", "M0a", "M1", "M1a", "M1b", "M2", "M9", "M10")]
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            assert compare(a, b) == (i > j) - (i < j), (str(a), str(b))


def test_mainline_follows_the_letter() -> None:
    assert compare(release("12.4(25)"), release("12.4(25f)")) == -1


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        ("16.9.3a", "16.9.4", -1),
        ("16.9.10", "16.9.9s", 1),
        ("17.3.4a", "17.3.4a", 0),
        ("17.3.4a", "17.3.4", None),
        ("17.3.4a", "17.3.4b", None),
        ("16.9.4", "16.10.1", None),
        ("15.6(3)M2", "15.6(2)M2", None),
        ("15.6(3)M2", "15.6(3)T2", None),
        ("15.2(5)E1", "15.2(5a)E1", None),
        ("12.4(23)", "12.4(25)", None),
        ("3.16.5S", "3.16.4gS", 1),
        ("3.6.5S", "3.6.6E", None),
        ("15.4(0.10)S", "15.4(0.11)S", None),
        ("15.4(0.10)S", "15.4(0.10)S", 0),
    ],
)
def test_numbers_decide_inside_a_train_and_nothing_across(a: str, b: str, result: int | None) -> None:
    assert compare(release(a), release(b)) == result


@given(any_release, any_release)
def test_releases_are_comparable_only_inside_a_train(a: Release, b: Release) -> None:
    if a.train_name != b.train_name:
        assert compare(a, b) is None


@given(any_release, _small, _letters)
def test_comparing_backwards_gives_the_opposite(a: Release, rebuild: int, letter: str) -> None:
    if not (a.os == "ios" and not a.train):
        b = Release(a.os, a.numbers, a.train, rebuild, letter, a.maintenance_letter)
        there, back = compare(a, b), compare(b, a)
        assert there is back is None or (there is not None and back is not None and there == -back)


@given(st.lists(st.tuples(_small, _letters), min_size=3, max_size=3))
def test_a_train_of_ios_is_in_one_total_order(tails: list[tuple[int, str]]) -> None:
    a, b, c = (Release("ios", (15, 6, 3), "M", rebuild, letter) for rebuild, letter in tails)
    assert None not in {compare(a, b), compare(b, c), compare(a, c)}
    if compare(a, b) in {-1, 0} and compare(b, c) in {-1, 0}:
        assert compare(a, c) in {-1, 0}
    assert (compare(a, b) == 0) == (a == b)


# Release lists


@pytest.mark.parametrize(
    ("which", "affected", "fixed", "result"),
    [
        ("16.9.2", ["16.9.2"], [], "affected"),
        ("16.9.2", ["16.9.1-16.9.3"], [], "affected"),
        ("16.9.1", ["16.9.1-16.9.3"], [], "affected"),
        ("16.9.3", ["16.9.1-16.9.3"], [], "affected"),
        ("16.9.3", ["16.9.1 - 16.9.3"], [], "affected"),
        ("16.9.4", ["16.9.1-16.9.3"], [], None),
        ("16.10.2", ["16.9.1-16.9.3"], [], None),
        ("16.9.2s", ["16.9.1-16.9.3"], [], None),
        ("16.9.2s", ["16.9.1-16.9.3", "16.9.2s"], [], "affected"),
        ("16.9.3a", ["16.9.1-16.9.3a"], [], "affected"),
        ("16.9.3", ["16.9.1-16.9.3a"], [], None),
        ("16.9.1", ["16.9.1a-16.9.3"], [], None),
        ("16.12.1", ["16.12.1y"], [], None),
        ("15.6(3)M1a", ["15.6(3)M-15.6(3)M6"], [], "affected"),
        ("15.6(3)M7", ["15.6(3)M-15.6(3)M6"], ["15.6(3)M7"], "clear"),
        ("15.7(3)M5", [], ["15.6(03)M07", "15.7(03)M05"], "clear"),
        ("15.7(3)M4", [], ["15.6(03)M07", "15.7(03)M05"], None),
        ("15.9(3)M4", [], ["15.6(03)M07", "15.7(03)M05"], None),
        ("16.11.1", [], ["16.9.4", "16.12.2"], None),
        ("16.9.5a", [], ["16.9.4"], "clear"),
        ("16.9.4a", [], ["16.9.4"], None),
        ("16.9.3", [], ["16.9.4"], None),
        ("16.9.5", ["16.9.5"], ["16.9.4"], None),
        ("16.9.5", [], [], None),
        ("16.9.5", ["day-1 issue", "16.9.1-", "16.9.1-16.12.9", "16.9.9-16.9.1"], ["to be decided"], None),
    ],
)
def test_release_lists_speak_only_of_what_they_name(
    which: str, affected: list[str], fixed: list[str], result: str | None
) -> None:
    assert status(release(which), affected, fixed) == result


@pytest.mark.parametrize(
    ("entry", "covered", "left"),
    [
        (
            "3.2S before 3.7.5S",
            ["3.2.0S", "3.5.2S", "3.7.0S", "3.7.4S", "3.7.4aS"],
            ["3.1.4S", "3.7.5S", "3.7.6S", "3.8.0S", "3.3.1SG", "3.6.4E", "16.3.1", "15.2(4)S3"],
        ),
        ("3.13S before 3.13.2S", ["3.13.0S", "3.13.1aS"], ["3.13.2S", "3.12.4S"]),
        ("2.1 before 2.4.3", ["2.1.0", "2.4.2"], ["2.4.3", "2.5.0", "3.1.0S"]),
        ("16.4 before 16.6.7", ["16.4.1", "16.5.1b", "16.6.5a", "16.6.6"], ["16.6.7", "16.6.7a", "16.3.9"]),
        ("3.2.1S before 3.3.2S", ["3.2.1S", "3.3.0S"], ["3.2.0S", "3.3.2S"]),
        (
            "15.2(1)S before 15.2(4)S5",
            ["15.2(1)S", "15.2(2)S2", "15.2(4)S4a"],
            ["15.2(4)S5", "15.2(4.0.55)S", "15.2(2a)S", "15.2(4)M3", "15.1(3)S"],
        ),
    ],
)
def test_a_range_over_trains_covers_what_the_source_states_and_no_other_letters(
    entry: str, covered: list[str], left: list[str]
) -> None:
    assert [text for text in covered if status(release(text), [entry], []) != "affected"] == []
    assert [text for text in left if status(release(text), [entry], []) is not None] == []


@pytest.mark.parametrize(
    "entry",
    [
        "3.7S before 3.2.5S", "3.2S before 3.7.5E", "3.2S before 16.3.1", "3.2S before 3.7S", "3.2 before 3.7.5S",
        "16.4S before 16.6.7", "before 3.7.5S", "3.2S before ", "3.7.5S before 3.7.5S", "15.2 before 15.2(4)S5",
        "3.2S before 3.7.5S before 3.8.1S", "the start before 3.7.5S",
    ],
)  # fmt: skip
def test_a_range_over_trains_that_cannot_be_is_none(entry: str) -> None:
    assert span(entry) is None


@given(any_release, any_release)
def test_a_range_over_trains_never_covers_its_own_fix_nor_what_follows_it_in_the_train(
    one: Release, fix: Release
) -> None:
    entry = span(f"{one} before {fix}")
    assert entry is None or (not entry.covers(fix) and entry.covers(one))


@given(any_release)
def test_empty_lists_never_decide(one: Release) -> None:
    assert status(one, [], []) is None


@given(any_release, any_release)
def test_a_fix_in_another_train_clears_nothing(one: Release, fix: Release) -> None:
    if one.train_name != fix.train_name:
        assert status(one, [], [str(fix)]) is None


@given(any_release)
def test_a_release_is_covered_by_its_own_name(one: Release) -> None:
    assert status(one, [str(one)], []) == "affected"
    assert status(one, [], [str(one)]) == "clear"


# IOS XE 3 and the IOS inside


@pytest.mark.parametrize(
    ("xe", "ios"),
    [
        ("3.16.7bS", "15.5(3)S7b"),
        ("3.16.0S", "15.5(3)S"),
        ("3.11.3aE", "15.2(7)E3a"),
        ("3.18.4SP", "15.6(2)SP4"),
        ("3.3.5SE", "15.0(1)EZ5"),
        ("2.3.2", "12.2(33)XNC2"),
    ],
)
def test_ios_xe_3_and_its_ios_are_found_from_each_other(xe: str, ios: str) -> None:
    assert ios_of_xe3(release(xe), release_map()) == release(ios)
    assert xe3_of_ios(release(ios), release_map()) == release(xe)


@pytest.mark.parametrize("text", ["3.5.1S", "3.19.1S", "17.3.4a", "15.5(3)S5"])
def test_no_ios_is_named_where_no_source_pairs_the_train(text: str) -> None:
    assert ios_of_xe3(release(text), release_map()) is None


@pytest.mark.parametrize("text", ["15.2(1)S1", "15.6(3)M2", "15.2(5a)E1", "12.4(25f)", "3.16.5S"])
def test_no_ios_xe_3_is_named_where_no_source_pairs_the_train(text: str) -> None:
    assert xe3_of_ios(release(text), release_map()) is None


@given(xe3_releases())
def test_the_way_there_and_back_ends_where_it_began(one: Release) -> None:
    pairs = release_map()
    ios = ios_of_xe3(one, pairs)
    assert ios is None or xe3_of_ios(ios, pairs) == one


def test_every_pair_of_the_map_names_trains_once_and_its_source() -> None:
    pairs = release_map().pairs
    assert len({p.xe for p in pairs}) == len({p.ios for p in pairs}) == len(pairs)
    assert all(p.source for p in pairs)
    for pair in pairs:
        assert release(f"{pair.ios}1").train_name == pair.ios


def test_every_named_entry_of_the_knowledge_has_statement_and_source() -> None:
    knowledge = kb()
    assert set(knowledge) == {"trains", "names", "xe_to_ios"}
    for entries in knowledge.values():
        for entry in entries:
            assert entry["statement"] in {"stated", "unverified"}
            assert entry["source"]
