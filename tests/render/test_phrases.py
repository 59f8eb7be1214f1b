"""Which findings an action or question is said to be for, where several flows have the same one."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from engine.diagnosis.document import Flow, Subject
from engine.render.phrases import Phrases
from engine.render.words import Words
from tests.render.documents import full_case

CASE = full_case("en")
FIRST, SECOND = "192.0.2.1", "192.0.2.77"  # R1, which is 198.51.100.1, refuses packets of both


def flow(src: str) -> Flow:
    return next(f for f in CASE.flows if f.src == src)


def of_flow(src: str) -> Subject:
    return Subject(device="R1", flow=flow(src).id, peer=src)


def of_pair(src: str) -> Subject:
    return Subject(device="R1", peer=src)


def phrases(*subjects: Subject) -> Phrases:
    """One finding, likely for each of these subjects, numbered in their order."""
    found = [
        msgspec.structs.replace(CASE.findings[0], id="same", verdict="likely", rank=rank, subject=subject)
        for rank, subject in enumerate(subjects, 1)
    ]
    document = msgspec.structs.replace(CASE, findings=found)
    numbered = {"finding-number": {"en": "{n}"}}
    return Phrases(document, Words("en", numbered))


def reasons(said: Phrases, place: str, side: str, whom: str) -> str:
    (action, *_) = CASE.actions
    named = any(place == d.name for d in CASE.devices)
    target = msgspec.structs.replace(
        action.target, device=place if named else None, address=None if named else place
    )
    meant = msgspec.structs.replace(
        action, id=f"{place}/do{whom}", target=target, side=side, because_of=["same"]
    )
    return said.reasons(meant)


@pytest.mark.parametrize("subject", [of_flow, of_pair])
def test_an_action_is_for_the_finding_of_its_own_flow(subject: Callable[[str], Subject]) -> None:
    said = phrases(subject(FIRST), subject(SECOND))
    assert reasons(said, SECOND, "sender", "/198.51.100.1") == "2"
    assert reasons(said, "R1", "receiver", f"/{SECOND}") == "2"
    assert reasons(said, "R1", "receiver", f"/{SECOND}/{flow(SECOND).spi}") == "2"
    assert reasons(said, "R1", "receiver", "") == "1"


def test_an_action_for_none_of_several_names_the_id() -> None:
    assert (
        reasons(phrases(of_flow(FIRST), of_flow(SECOND)), "203.0.113.9", "sender", "/198.51.100.1") == "same"
    )


def test_the_only_finding_of_its_id_is_the_one_meant() -> None:
    assert reasons(phrases(of_flow(FIRST)), "203.0.113.9", "sender", "/198.51.100.1") == "1"


@pytest.mark.parametrize(("about", "said"), [(FIRST, "1"), (SECOND, "2")], ids=["first", "second"])
def test_a_question_settles_the_finding_of_its_own_flow(about: str, said: str) -> None:
    question = msgspec.structs.replace(CASE.questions[0], id=f"{flow(about).id}/ask/x", settles=["same"])
    assert phrases(of_flow(FIRST), of_flow(SECOND)).settled(question) == said


def test_a_question_about_another_flow_does_not_name_the_finding_of_this_one() -> None:
    question = msgspec.structs.replace(CASE.questions[0], id=f"{flow(SECOND).id}/ask/x", settles=["same"])
    assert phrases(of_flow(FIRST)).settled(question) == "same"
