"""What a case says of one condition: its truth, its lines, what would settle it, and what looks at it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.case import Investigation
from engine.diagnosis.document import Lang, Subject
from engine.diagnosis.explain import ConditionExplanation
from engine.diagnosis.explaining_condition import ConditionExplainer
from engine.evidence.open import open_case
from engine.evidence.source import Source
from engine.judge import Judge
from engine.knowledge.load import load
from engine.observe.subject import Answered
from engine.render.condition_text import condition, condition_markdown
from engine.render.words import Words
from tests.evidence.samples import message

CASE = Path(__file__).parents[1] / "cases/001-seed-persistent-pair/input"


@cache
def judge() -> Judge:
    return Judge(load(), prefer_direct=True)


@cache
def pair() -> Investigation:
    return Investigation(open_case([str(CASE)]).sources, judge())


def log(*lines: str) -> Investigation:
    return Investigation(
        [Source("r1.log", "".join(f"{line.rstrip()}\n" for line in lines).encode())], judge()
    )


def explained(investigation: Investigation, name: str, lang: Lang = "en") -> list[ConditionExplanation]:
    composer = investigation.composer
    return ConditionExplainer(judge(), composer.reasoner, composer.quoter, lang).explain(
        name, investigation.judged
    )


def drawn(investigation: Investigation, name: str, lang: Lang = "en") -> str:
    words = Words(lang, {key: {"en": t.en, "ko": t.ko} for key, t in judge().kb.words.items()})
    document = investigation.document("case")
    (one,) = explained(investigation, name, lang)
    return "\n".join(condition(one, document, words, width=0)) + condition_markdown(one, document, words)


def test_what_is_settled_is_told_with_its_lines_and_subject() -> None:
    (one,) = explained(pair(), "spi-repeats")
    assert (one.truth, [e.line for e in one.evidence]) == ("yes", [145, 146])
    flow = pair().case.flows[0]
    assert one.subjects == [Subject(device="R1", flow=flow.id, peer=flow.src)]
    assert (one.citation.source, one.citation.locator, one.citation.statement) == ("seed", "S8", "stated")
    assert one.collect == []


def test_a_category_is_told_with_its_value_and_the_section_that_lacks_the_rest() -> None:
    (one,) = explained(pair(), "ike-sa")
    assert one.title.endswith("absent")
    assert one.truth == "yes"
    assert [(e.kind, e.text) for e in one.evidence] == [("absence", "show crypto isakmp sa")]
    assert one.answers == ["present", "absent"]


def test_what_is_open_says_what_would_settle_it() -> None:
    (one,) = explained(pair(), "sender-sa-new")
    assert (one.truth, one.evidence) == ("unknown", [])
    assert one.collect == ["show crypto ipsec sa peer 192.0.2.2 detail"]
    text = drawn(pair(), "sender-sa-new")
    assert "show crypto ipsec sa peer 192.0.2.2 detail" in text
    assert "--answer sender-sa-new=yes|no" in text


def test_an_answer_settles_it() -> None:
    answers = [Answered("sender-sa-new", "yes", "command line")]
    (one,) = explained(pair().again(answers=answers), "sender-sa-new")
    assert one.truth == "yes"
    assert [e.kind for e in one.evidence] == ["answer"]


def test_the_hypotheses_that_look_at_it_are_listed_best_first() -> None:
    (one,) = explained(pair(), "ike-sa")
    uses = {use.id: use for use in one.uses}
    assert uses["ike-sa-absent"].roles == ["signature", "proof"]
    assert uses["recovery-missing"].verdict == "confirmed"
    assert set(uses["delete-ignored"].roles) == {"signature", "for", "against"}
    order = ["confirmed", "likely", "possible", "undetermined", "ruled_out"]
    ranks = [order.index(use.verdict) for use in one.uses]
    assert ranks == sorted(ranks)


def test_what_is_looked_at_through_a_table_or_the_matrix_says_so() -> None:
    (one,) = explained(pair(), "setup-kind")
    through = {use.id: use.through for use in one.uses}
    assert through["recovery-missing"] == "recovery-support"
    assert through["delete-ignored"] == "outcome"
    assert through["getvpn-key-desync"] == ""


def test_every_use_of_a_condition_in_the_rules_is_listed() -> None:
    from engine.inference.formula import atoms
    from engine.knowledge.rules import rule_base

    heads = {rule.head.name: rule for rule in rule_base(judge().kb).judge}
    direct: dict[str, set[str]] = {name: set() for name in judge().kb.conditions}
    for head, rule in heads.items():
        hypothesis = head.partition(":")[2]
        for atom in atoms(rule.body) if hypothesis else ():
            direct.get(atom.name, set()).add(hypothesis)
    for name, users in direct.items():
        listed = {use.id for one in explained(pair(), name) for use in one.uses}
        assert users <= listed, name


def test_a_condition_about_a_device_is_told_for_each_device() -> None:
    found = explained(pair(), "device-is-firewall")
    assert [one.subjects for one in found] == [[Subject(device="R1")], [Subject(device="R2")]]
    assert {one.truth for one in found} == {"no"}


def test_alike_flows_are_told_once() -> None:
    lines = [message(f"10:{n:02}:00.000", spi=n + 1, src=f"198.51.100.{n + 1}") for n in range(8)]
    (one,) = explained(log(*lines), "receiver-is-ios-xe")
    assert len(one.subjects) == 8
    assert "+ 3 more" in drawn(log(*lines), "receiver-is-ios-xe")


def test_a_case_without_a_flow_has_no_subject() -> None:
    (one,) = explained(log("nothing of interest"), "spi-repeats")
    assert (one.truth, one.subjects) == ("unknown", [])


def test_everything_is_said_in_korean_too() -> None:
    for name in ("spi-repeats", "ike-sa", "sender-sa-new"):
        text = drawn(pair().again(lang="ko"), name, "ko")
        assert judge().kb.conditions[name].title.ko in text
        assert "이 조건을 사용하는 항목" in text


def test_no_condition_of_any_case_fails() -> None:
    for folder in sorted((CASE.parents[1]).glob("0*/input"))[:12]:
        investigation = Investigation(open_case([str(folder)]).sources, judge())
        for name in judge().kb.conditions:
            assert explained(investigation, name)


def test_a_condition_that_there_is_not_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        explained(pair(), "spi-repeat")


def test_the_command_takes_conditions_and_suggests_them(capsys: pytest.CaptureFixture[Any]) -> None:
    from tui.cli import main

    assert main(["explain", "SPI-Repeats", str(CASE)]) == 0
    assert capsys.readouterr().out.startswith("YES  The message comes again")
    assert main(["explain", "ike-sa", str(CASE), "--format", "markdown", "--lang", "ko"]) == 0
    assert capsys.readouterr().out.startswith("### ")
    assert main(["explain", "spi-repets", str(CASE)]) == 2
    assert "did you mean spi-repeats?" in capsys.readouterr().err
