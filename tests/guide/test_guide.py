"""The guide: what it asks next and why, what an answer says, what contradicts it, and when it ends."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.case import Investigation
from engine.evidence.source import Source
from engine.guide.given import UNKNOWN, Given, contradictions, says
from engine.guide.guide import best_verdicts
from tests.guide.interviewee import guide

MESSAGE = (
    b"Mar  1 10:0%d:07.123 UTC: %%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    b"destaddr=192.0.2.1, prot=50, spi=0x1DB73BBB(498547643), srcaddr=198.51.100.7, input interface=Gi1\n"
)
OTHER = (
    (MESSAGE % 1)
    .replace(b"198.51.100.7", b"198.51.100.9")
    .replace(b"0x1DB73BBB(498547643)", b"0x2DB73BBB(766982075)")
)


def _investigation(*texts: bytes) -> Investigation:
    sources = [Source(f"pasted-{n}", text, len(text)) for n, text in enumerate(texts, 1)]
    return Investigation(sources, guide().judge)


def _after(investigation: Investigation, *answers: Given) -> Investigation:
    return guide().answered(investigation, answers)


def test_the_first_question_of_nothing_at_all_is_what_is_seen() -> None:
    question = guide().next(_investigation(), [])
    assert question is not None
    assert question.id == "symptom"
    assert question.collect


def test_an_answer_counts_as_a_persons_word_likely_at_most() -> None:
    after = _after(_investigation(), Given("symptom", "repeats"))
    assert best_verdicts(after)["invalid-spi-persistent"] == "likely"


def test_an_answer_is_not_asked_for_again_and_neither_is_what_the_evidence_shows() -> None:
    seen = _investigation(MESSAGE % 1 + MESSAGE % 3)
    question = guide().next(seen, [])
    assert question is not None
    assert question.id != "spi"
    again = guide().next(_after(seen, Given(question.id, UNKNOWN)), [Given(question.id, UNKNOWN)])
    assert again is not None
    assert again.id != question.id


def test_why_names_the_verdicts_that_the_answers_would_change() -> None:
    seen = _after(_investigation(), Given("symptom", "repeats"), Given("ike-sa-up", "absent"))
    question = guide().next(seen, [Given("symptom", "repeats"), Given("ike-sa-up", "absent")])
    assert question is not None
    concerns = guide().why(seen, question)
    assert concerns
    for concern in concerns:
        assert concern.then
        for option, verdict in concern.then.items():
            assert verdict != concern.now
            given_too = (
                Given("symptom", "repeats"),
                Given("ike-sa-up", "absent"),
                Given(question.id, option),
            )
            assert best_verdicts(_after(seen, *given_too))[concern.hypothesis] == verdict


def test_a_typed_release_says_what_it_says_of_every_train() -> None:
    told = says(Given("release", "16.9.2"), guide().judge.kb)
    assert told["receiver-is-ios-xe"] == "yes"
    assert told["train-of-cve-2020-3220"] == "yes"
    assert told["software-before-xe-16"] == "no"
    assert says(Given("release", "nonsense"), guide().judge.kb) == {}


def test_of_several_chosen_options_what_one_says_to_be_so_is_not_denied_by_another() -> None:
    told = says(Given("before", "restart-one+cleared"), guide().judge.kb)
    assert told["restarted-before"] == "yes"
    assert told["clear-logged"] == "yes"
    told = says(Given("before", "restart-one+session-down-here"), guide().judge.kb)
    assert told["restarted-before"] == "yes"


def test_evidence_that_says_otherwise_is_a_contradiction_and_counts() -> None:
    seen = _investigation(MESSAGE % 1 + MESSAGE % 3)
    answers = [Given("spi", "ff")]
    found = contradictions(answers, guide().answered(seen, answers))
    assert [(c.condition, c.said, c.found, c.by) for c in found] == [
        ("spi-first-octet-ff", "yes", "no", None)
    ]
    assert best_verdicts(guide().answered(seen, answers))["CSCvp16730"] == "ruled_out"


def test_two_answers_that_say_otherwise_are_a_contradiction_and_the_later_counts() -> None:
    answers = [Given("lists", "receiver-alone"), Given("lists", "sender-only-gone")]
    assert not contradictions(answers, _investigation())  # the same question, answered anew
    answers = [Given("peer", "stranger"), Given("symptom", "strangers"), Given("peer-system", "ios")]
    assert not contradictions(answers, _after(_investigation(), *answers))
    answers = [Given("symptom", "strangers"), Given("peer", "peer")]
    found = contradictions(answers, _after(_investigation(), *answers))
    assert [(c.condition, c.question, c.by) for c in found] == [("source-named", "symptom", "peer")]


def test_what_is_not_shown_contradicts_nobody_who_saw_it() -> None:
    seen = _investigation(MESSAGE % 1 + MESSAGE % 3)
    answers = [Given("before", "cleared")]
    assert not contradictions(answers, guide().answered(seen, answers))


def test_changes_tell_what_an_answer_moved_and_in_both_directions() -> None:
    before = _investigation()
    after = _after(before, Given("symptom", "repeats"))
    moved = {c.hypothesis: (c.before, c.after) for c in guide().changes(before, after)}
    assert moved["invalid-spi-persistent"] == ("undetermined", "likely")
    back = {c.hypothesis: (c.before, c.after) for c in guide().changes(after, before)}
    assert back.get("CSCvp16730") is None


def test_answers_about_one_flow_of_several_leave_the_others_alone() -> None:
    seen = _investigation(b"R1#show logging\n" + MESSAGE % 1 + MESSAGE % 3 + OTHER)
    flows = seen.case.flows
    assert len(flows) == 2
    question = guide().next(seen, [], focus=flows[0].id)
    assert question is not None
    assert question.about == flows[0].id
    after = _after(seen, Given("ike-sa-up", "absent", flows[0].id))
    verdicts = {
        one.subject.id: one.verdicts["ike-sa-absent"] for one in after.judged if one.subject.kind == "flow"
    }
    assert verdicts == {flows[0].id: "likely", flows[1].id: "undetermined"}
    # What was asked about one flow is still open for the other.
    given = [Given("ike-sa-up", "absent", flows[0].id)]
    asked = [
        {choice.id for choice in guide().candidates(guide()._about(after, flow.id), given)} for flow in flows
    ]
    assert "ike-sa-up" not in asked[0]
    assert "ike-sa-up" in asked[1]


@pytest.mark.parametrize("prompt", [b"R1#show logging\n", b""])
@pytest.mark.parametrize("answer", ["16.9.2", UNKNOWN])
def test_the_release_of_a_router_is_asked_once_for_all_that_it_receives(answer: str, prompt: bytes) -> None:
    seen = _investigation(prompt + MESSAGE % 1 + MESSAGE % 3 + OTHER)
    first, second = (flow.id for flow in seen.case.flows)
    assert "release" in {c.id for c in guide().candidates(guide()._about(seen, second), [])}
    answers = [Given("release", answer, first)]
    after = _after(seen, *answers)
    assert "release" not in {c.id for c in guide().candidates(guide()._about(after, second), answers)}
    answered = {
        one.subject.id
        for one in after.judged
        if any(observation.by == "answer" for observation in one.observations.values())
    }
    assert answered == ({one.subject.id for one in after.judged} if answer != UNKNOWN else set())


def test_answers_about_two_flows_do_not_contradict_each_other() -> None:
    seen = _investigation(b"R1#show logging\n" + MESSAGE % 1 + MESSAGE % 3 + OTHER)
    first, second = (flow.id for flow in seen.case.flows)
    for other, contradicting in ((second, []), (first, ["peer"])):
        answers = [Given("symptom", "strangers", first), Given("peer", "peer", other)]
        found = contradictions(answers, _after(seen, *answers))
        assert [one.by for one in found if one.by is not None] == contradicting


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_answers_lead_to_an_end_and_no_question_comes_twice(chance: random.Random) -> None:
    investigation = _investigation()
    answers: list[Given] = []
    while (question := guide().next(_after(investigation, *answers), answers)) is not None:
        assert question.id not in {a.question for a in answers}
        options = [option.id for option in question.options] + [UNKNOWN]
        answers.append(Given(question.id, chance.choice(options)))
        assert len(answers) < 40
    assert guide().candidates(guide()._about(_after(investigation, *answers), None), answers) == []


def test_every_option_of_every_question_changes_what_is_known() -> None:
    for name, topic in guide().judge.kb.interview.items():
        for option in topic.options:
            assert says(Given(name, option), guide().judge.kb), (name, option)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_questions_and_options_stand_in_both_languages(lang: str) -> None:
    for topic in guide().judge.kb.interview.values():
        assert topic.ask(lang)
        assert all(option.text(lang) for option in topic.options.values())
