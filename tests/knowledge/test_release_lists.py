"""The release lists of the bugs: every release that a source lists is affected, and none that it leaves out."""

from __future__ import annotations

from functools import cache

import pytest

from engine.judge import release_status
from engine.knowledge.load import load
from engine.knowledge.model import Hypothesis, Knowledge, Releases
from engine.observe.subject import Subject
from engine.relate.devices import DeviceFacts
from engine.relate.views import CaseView, DeviceView
from engine.release import parse, span

SEED = {"CSCvn31824", "CSCvd40554", "CSCvp16730"}
WITHOUT_LISTS = SEED | {
    "CSCsq59183", "CSCve08418", "CSCvd69373", "CSCun31021", "CSCul29918", "CSCvc41277", "CSCuj47795", "CSCvq75871",
    "CSCwe65414", "CSCwj74769", "CSCwi81026", "CSCvx23833", "CSCwc54984", "CSCwc48375", "CSCtq57752",
}  # fmt: skip

OF_BOTH = """
    16.4.1 16.4.2 16.4.3 16.5.1 16.5.1a 16.5.1b 16.5.2 16.5.3
    16.6.1 16.6.2 16.6.3 16.6.4 16.6.4a 16.6.4s 16.6.5 16.6.5a 16.6.5b 16.6.6 16.7.1 16.7.1a 16.7.1b 16.7.2 16.7.3 16.7.4
    16.8.1 16.8.1a 16.8.1b 16.8.1c 16.8.1d 16.8.1e 16.8.1s 16.8.2 16.8.3
    16.9.1 16.9.1a 16.9.1b 16.9.1c 16.9.1d 16.9.1s 16.9.2 16.9.2a 16.9.2s 16.9.3 16.9.3a 16.9.3h 16.9.3s
    16.10.1 16.10.1a 16.10.1b 16.10.1c 16.10.1d 16.10.1e 16.10.1f 16.10.1s 16.11.1 16.11.1a 16.12.1y
"""
LISTED = {
    "CSCvq67658": OF_BOTH
    + "16.10.1g 16.10.2 16.11.1b 16.11.1c 16.11.1s 16.12.1 16.12.1a 16.12.1c 16.12.1s 16.12.1t 16.12.1w",
    "CSCvp44397": OF_BOTH
    + """
    16.1.1 16.1.2 16.1.3 16.2.1 16.2.2 16.3.1 16.3.1a 16.3.4 16.3.5 16.3.5b 16.3.8 15.1(2)T
    3.7.0S 3.7.0bS 3.7.2tS 3.7.4aS 3.7.8S 3.8.2S 3.9.0aS 3.10.2tS 3.10.8aS 3.10.10S 3.11.4S 3.12.0aS 3.13.0S 3.13.7aS
    3.13.10S 3.14.0S 3.15.1cS 3.16.0S 3.16.4gS 3.16.7bS 3.16.9S 3.17.0S 3.17.1aS 3.17.4S 3.18.0aS 3.18.4S 3.18.0SP
    3.18.1aSP 3.18.3bSP 3.18.6SP 3.3.0SG 3.3.2XO 3.4.8SG 3.5.0E 3.6.0bE 3.6.5aE 3.6.10E 3.7.5E 3.8.5aE 3.8.8E 3.9.2bE
    3.10.1sE 3.10.2E 3.11.0E
    """,
    "CSCui88426": "3.2.0S 3.2.2S 3.3.1S 3.4.6S 3.5.2S 3.6.2S 3.7.0S 3.7.4S 3.7.4aS 3.8.2S 3.9.1S 3.10.0S",
    "CSCuo75572": "3.1.3S 3.7.6S 3.11.4S 3.12.2S 3.13.1S 3.2.0E 3.6.3E 3.7.0E",
    "CSCts38429": "3.1.0S 3.3.2S 3.4.1S 3.5.0S 3.2.0SG 3.2.1SG",
}
LEFT_OUT = {
    "CSCvq67658": "16.3.8 16.4.4 16.6.7 16.9.3b 16.9.4 16.10.1h 16.10.3 16.11.2 16.12.1x 16.12.2 17.1.1 17.6.5 3.16.5S",
    "CSCvp44397": """
    3.16.10S 16.3.9 16.6.7 16.9.4 16.10.1g 16.10.2 16.11.1b 16.11.1c 16.11.1s 16.12.1 16.12.1a 17.3.4a 3.7.9S 3.13.11S
    3.6.1SE 3.11.1E 3.18.5S 15.1(2)T1 15.1(3)T 15.2(2)E8
    """,
    "CSCui88426": "3.1.0S 3.11.0S 3.16.5S 3.7.3E 3.3.1SG 3.18.0SP 16.9.4 2.4.2 15.1(4)M5 15.3(3)M 15.2(3)GC",
    "CSCuo75572": "2.5.1 2.6.2 3.3.1SG 3.4.5SG 3.14.0S 3.8.0E 3.2.1SE 15.4(3)M2 16.3.1",
    "CSCts38429": "2.1.0 2.6.2 3.6.0S 3.3.0SG 12.4(24)T5 15.2(1)T",
}
FIXED = {
    "CSCui88426": "3.7.5S 3.7.5aS 3.7.8S 3.10.1S 3.10.4S",
    "CSCuo75572": "3.12.3S 3.12.4S 3.13.2S 3.13.2aS 3.7.1E 3.7.5E",
    "CSCts38429": "3.4.2S 3.4.6S 3.5.1S 3.2.2SG",
}


@cache
def kb() -> Knowledge:
    return load()


def subject(version: str | None, ios_release: str | None = None, *, special_build: bool = False) -> Subject:
    facts = DeviceFacts("R1")
    device = DeviceView(
        name="R1", facts=facts, version=version, ios_release=ios_release, special_build=special_build
    )
    case = CaseView(devices={"R1": device}, nameless=DeviceFacts(None), setups=[], flows=[], sections={})
    return Subject(kind="device", flow=None, flows=[], device=device, case=case)


def status(bug: str, version: str | None, ios_release: str | None = None) -> str | None:
    return release_status(kb().bugs[bug], subject(version, ios_release))


def pairs(lists: dict[str, str]) -> list[tuple[str, str]]:
    return [(bug, release) for bug, text in lists.items() for release in text.split()]


@pytest.mark.parametrize(("bug", "release"), pairs(LISTED))
def test_a_release_that_the_source_lists_is_affected(bug: str, release: str) -> None:
    assert status(bug, release) == "affected"


@pytest.mark.parametrize(("bug", "release"), pairs(LEFT_OUT))
def test_a_release_that_the_source_leaves_out_is_neither_affected_nor_clear(bug: str, release: str) -> None:
    assert parse(release) is not None
    assert status(bug, release) is None


@pytest.mark.parametrize(("bug", "release"), pairs(FIXED))
def test_the_first_fixed_release_of_a_train_and_those_after_it_are_clear(bug: str, release: str) -> None:
    assert status(bug, release) == "clear"


@pytest.mark.parametrize("bug", sorted(WITHOUT_LISTS))
@pytest.mark.parametrize("release", ["15.4(1)T", "15.2(4)M6", "3.16.4S", "16.4.2", "17.6.5", "12.4(24)T8"])
def test_a_bug_without_public_lists_says_nothing_of_any_release(bug: str, release: str) -> None:
    assert status(bug, release) is None


def test_every_bug_has_lists_here_or_none_at_all() -> None:
    assert set(kb().bugs) == WITHOUT_LISTS | set(LISTED)


def test_every_bug_but_those_of_the_seed_says_how_it_is_related() -> None:
    assert all(bug.relation is not None for name, bug in kb().bugs.items() if name not in SEED)


def test_no_entry_of_a_list_is_unreadable() -> None:
    for bug in kb().bugs.values():
        if bug.releases is not None:
            assert all(span(entry) is not None for entry in bug.releases.affected)
            assert all(parse(entry) is not None for entry in bug.releases.fixed)


def test_no_fixed_release_is_inferred_from_its_absence_in_a_list() -> None:
    for bug in ("CSCvq67658", "CSCvp44397"):
        releases = kb().bugs[bug].releases
        assert releases is not None
        assert releases.fixed == []


# The IOS inside IOS XE, and builds for one customer

TWIN = Releases(affected=["15.2(4)S-15.2(4)S4"], fixed=["15.2(4)S5", "3.10.1S"])


def with_lists(releases: Releases) -> Hypothesis:
    bug = kb().bugs["CSCui88426"]
    return Hypothesis(
        of="device",
        title=bug.title,
        severity="info",
        axis="defect",
        weight="rare",
        releases=releases,
        cites=bug.cites,
    )


@pytest.mark.parametrize(
    ("version", "ios_release", "found"),
    [
        ("3.7.4S", "15.2(4)S4", "affected"),
        ("3.7.5S", "15.2(4)S5", "clear"),
        (None, "15.2(4)S4", "affected"),
        ("3.7.4S", None, None),
        ("3.10.1S", "15.3(3)S1", "clear"),
        ("3.10.1S", "15.2(4)S4", None),
        ("3.8.0S", "15.3(1)S", None),
        (None, None, None),
        (None, "no release", None),
    ],
)
def test_ios_xe_counts_by_its_release_and_by_the_ios_inside_unless_they_contradict(
    version: str | None, ios_release: str | None, found: str | None
) -> None:
    assert release_status(with_lists(TWIN), subject(version, ios_release)) == found


@pytest.mark.parametrize("version", ["3.7.4S", "3.7.5S"])
def test_a_build_for_one_customer_is_neither_affected_nor_clear(version: str) -> None:
    assert release_status(kb().bugs["CSCui88426"], subject(version, special_build=True)) is None
