"""What a person says raises a verdict to likely at most, and never rules anything out."""

from __future__ import annotations

import pytest

from engine.case import diagnose
from engine.diagnosis.document import Diagnosis, Finding
from engine.evidence.source import Source
from engine.judge import Judge
from engine.knowledge.load import load
from engine.observe.subject import Answered

MESSAGE = (
    "Sep  2 13:36:47.287: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    "destaddr=192.0.2.2, prot=50, spi=0xFF00AB12(4278233874), srcaddr=198.51.100.1\n"
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load())


def run(judge: Judge, text: str, *answers: Answered) -> Diagnosis:
    return diagnose([Source("log.txt", text.encode())], judge, name="answers", answers=answers)


def finding(document: Diagnosis, name: str) -> Finding | None:
    return next((f for f in document.findings if f.id == name), None)


def test_an_answer_makes_a_finding_likely_where_output_would_confirm_it(judge: Judge) -> None:
    said = Answered("spi-repeats", "yes", "person")
    found = finding(run(judge, MESSAGE, said), "invalid-spi-persistent")
    assert found is not None
    assert found.verdict == "likely"
    assert found.because[0].evidence[0].kind == "answer"


def test_prose_makes_it_possible_at_most(judge: Judge) -> None:
    said = Answered("spi-repeats", "yes", "ticket", by="prose")
    found = finding(run(judge, MESSAGE, said), "invalid-spi-persistent")
    assert found is not None
    assert found.verdict == "possible"


def test_device_output_confirms_whatever_is_said_beside_it(judge: Judge) -> None:
    twice = MESSAGE + MESSAGE.replace("13:36:47.287", "13:37:48.039")
    found = finding(run(judge, twice, Answered("ike-sa", "absent", "person")), "invalid-spi-persistent")
    assert found is not None
    assert found.verdict == "confirmed"


def test_that_the_message_repeats_takes_away_that_it_is_transient(judge: Judge) -> None:
    assert finding(run(judge, MESSAGE), "invalid-spi-transient") is not None
    said = Answered("spi-repeats", "yes", "person")
    assert finding(run(judge, MESSAGE, said), "invalid-spi-transient") is None


def test_an_answer_never_rules_out(judge: Judge) -> None:
    found = finding(run(judge, MESSAGE, Answered("receiver-is-ios-xe", "no", "person")), "CSCvn31824")
    assert found is not None
    assert found.verdict == "undetermined"


def test_do_not_know_changes_nothing(judge: Judge) -> None:
    said = run(judge, MESSAGE, Answered("spi-repeats", "unknown", "person"))
    plain = run(judge, MESSAGE)
    assert said.findings == plain.findings


def test_answers_are_in_the_document(judge: Judge) -> None:
    document = run(judge, MESSAGE, Answered("ike-sa", "absent", "person"))
    assert [(a.question, a.answer, a.source) for a in document.answers] == [("ike-sa", "absent", "person")]


def test_whether_it_repeats_is_always_asked_of_a_single_message(judge: Judge) -> None:
    assert any(q.id.endswith("/ask/spi-repeats") for q in run(judge, MESSAGE).questions)


def test_questions_come_with_the_highest_gain_first(judge: Judge) -> None:
    gains = [q.gain for q in run(judge, MESSAGE).questions]
    assert gains == sorted(gains, reverse=True)
