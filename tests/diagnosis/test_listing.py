"""Which findings are listed: all but the undetermined, once for a device where it rules them out for all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import generate
from engine.case import Investigation, diagnose
from engine.diagnosis.document import Diagnosis, Finding
from engine.evidence.open import open_case
from engine.evidence.source import Source
from engine.judge import Judge
from engine.knowledge.load import load
from engine.observe.subject import Answered
from tests.evidence.samples import console, hub, message, sources

XE = "Cisco IOS XE Software, Version 17.06.05\n"
ASA = "Cisco Adaptive Security Appliance Software Version 9.16(4)\n"
FIREWALL_BUGS = {"CSCtq57752", "CSCvx23833", "CSCwc54984"}
FEW, MANY = 12, 60


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load())


def run(judge: Judge, *answers: Answered, **texts: str) -> Diagnosis:
    return diagnose(sources(**texts), judge, name="listing", answers=answers)


def of(document: Diagnosis, name: str) -> list[Finding]:
    return [f for f in document.findings if f.id == name]


def peers(judge: Judge, count: int, folder: Path) -> Diagnosis:
    path = folder / f"hub{count}.txt"
    generate.hub(path, count)
    return diagnose(open_case([str(path)]).sources, judge, name="hub")


def test_what_a_device_rules_out_is_listed_once_whatever_the_number_of_its_flows(
    judge: Judge, tmp_path: Path
) -> None:
    few, many = (
        [f for f in peers(judge, count, tmp_path).findings if f.verdict == "ruled_out"]
        for count in (FEW, MANY)
    )
    assert {f.id for f in few} >= {*FIREWALL_BUGS, "CSCvd69373"}
    assert [(f.id, f.subject) for f in few] == [(f.id, f.subject) for f in many]
    assert len({f.id for f in few}) == len(few)


def test_the_one_entry_for_a_device_names_it_and_neither_flow_nor_peer(judge: Judge, tmp_path: Path) -> None:
    (found,) = of(peers(judge, FEW, tmp_path), "CSCvd69373")
    assert found.subject.device is not None
    assert (found.subject.flow, found.subject.peer, found.subject.setup) == (None, None, None)
    assert [(r.condition, r.value) for r in found.against[:1]] == [("pair-uses-ikev2", "no")]


def test_the_only_peer_of_a_device_is_named(judge: Judge) -> None:
    (found,) = of(run(judge, hub=hub(message("12:10:00.100"))), "CSCvd69373")
    assert found.subject.peer is not None


def test_where_one_peer_leaves_it_open_the_others_are_listed_each_for_itself(judge: Judge) -> None:
    other = message("12:12:00.100", src="203.0.113.9", spi=7)
    unknown = message("12:14:00.100", src="203.0.113.77", spi=9)
    peer = " set peer 198.51.100.7\n"
    text = hub(message("12:10:00.100"), other, unknown).replace(peer, peer + " set peer 203.0.113.9\n")
    assert " set peer 203.0.113.9\n" in text
    found = of(run(judge, hub=text), "CSCvd69373")
    assert {f.verdict for f in found} == {"ruled_out"}
    assert [f.subject.peer for f in found] == ["198.51.100.7", "203.0.113.9"]


def test_each_device_has_its_own_entry_with_its_own_evidence(judge: Judge) -> None:
    router = console("R1", ("show version", XE))
    document = run(judge, r1=router, r2=router.replace("R1", "R2"), fw=console("FW1", ("show version", ASA)))
    for name in FIREWALL_BUGS:
        found = of(document, name)
        assert [(f.subject.device, f.verdict) for f in found] == [("R1", "ruled_out"), ("R2", "ruled_out")]
        assert [f.against[0].evidence[0].source for f in found] == ["r1.txt", "r2.txt"]


def test_of_a_case_without_flows_only_what_is_known_of_the_devices_is_listed(judge: Judge) -> None:
    document = run(judge, r1=console("R1", ("show version", XE)))
    siblings = {n for n, bug in judge.kb.bugs.items() if not bug.always}
    listed = {f.id for f in document.findings} & siblings
    assert listed >= FIREWALL_BUGS
    assert {judge.kb.bugs[name].of for name in listed} == {"device"}


def test_what_a_person_says_rules_nothing_out_and_lists_nothing(judge: Judge) -> None:
    said = Answered("pair-uses-ikev2", "no", "person")
    assert (
        of(run(judge, said, hub=console("HUB1", ("show logging", message("12:10:00.100")))), "CSCvd69373")
        == []
    )


def test_every_bug_that_is_not_undetermined_somewhere_is_listed(judge: Judge) -> None:
    """The listing and the verdicts, told apart: nothing is dropped and nothing undetermined is added."""
    text = Source("hub.txt", hub(message("12:10:00.100"), message("12:11:01.200")).encode())
    case = Investigation([text], judge)
    settled = {n for one in case.judged for n, v in one.verdicts.items() if v != "undetermined"}
    seeds = {n for n, (_, h) in judge.hypotheses.items() if h.always}
    assert {f.id for f in case.document("x").findings} == settled | seeds
