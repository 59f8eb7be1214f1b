"""What people write leads to the symptom that they mean, however they spell it, and other texts lead to none."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge.faults import KnowledgeError
from engine.knowledge.load import load
from engine.knowledge.model import Knowledge
from engine.knowledge.symptoms import LEAST_SCORE, MOST_CHARACTERS, find, joined
from tests.knowledge.folders import overlay

SYMPTOM = """\
invented:
  title: {en: An invented symptom, ko: 지어낸 증상}
  phrases: {en: [the lamp is green], ko: [램프가 초록색입니다]}
  says: {spi-repeats: "yes"}
  points-to: [desync-proven]
  cites: [{source: field#invented, statement: inferred}]
"""
NEAR = {
    "Hi, the tunnel is up, but there is no traffic at all since this morning": "up-but-no-traffic",
    "터널은올라와있는데 통신이안됩니다": "up-but-no-traffic",
    "터널은 올라와 있으나 통신이 안되고 있습니다.": "up-but-no-traffic",
    "VPN터널은 UP 상태인데 통신불가 입니다": "up-but-no-traffic",
    "Traffic stopped right after the rekey": "broken-after-rekey",
    "traffic blackholed after a rekey": "broken-after-rekey",
    "rekey후끊김": "broken-after-rekey",
    "Rekey 이후 끊깁니다": "broken-after-rekey",
    "키 재설정후 통신두절 되었습니다": "broken-after-rekey",
    "어제 재기동 후 통신이 두절되었습니다": "broken-after-restart",
    "라우터 재부팅후 VPN통신 안됨": "broken-after-restart",
    "After the reload there was no traffic": "broken-after-restart",
    "invalid spi log 가 계속 발생 합니다": "message-repeats",
    "잘못된SPI 로그가 계속 올라오고 있습니다": "message-repeats",
    "we already enabled crypto isakmp invalid-spi-recovery but it doesn't help": "recovery-does-not-help",
    "HSRP 절체 후 VPN 통신 안됨": "after-failover",
    "one-way traffic on the VPN tunnel": "one-way-traffic",
    "한쪽 방향으로만 통신이 됩니다": "one-way-traffic",
    "session is stuck in DOWN-NEGOTIATING": "stuck-negotiating",
    "SD-WAN BFD session down": "sdwan-bfd-down",
    "Session status: UP-NO-IKE": "ike-down-ipsec-up",
    "ISAKMP SA 가 안보입니다": "ike-down-ipsec-up",
    "clear crypto sa 하면 복구 됩니다": "clearing-helps",
    "it works again after clear crypto sa": "clearing-helps",
    "간헐적으로 invalid spi 메시지 발생": "message-intermittent",
    "phase1 is down but phase2 is up": "ike-down-ipsec-up",
    "터널은 올라와 있는데 통신이 않됩니다": "up-but-no-traffic",
    "tunel is up but no trafic": "up-but-no-traffic",
}
OTHER = [
    "The tunnel is up and traffic passes fine",
    "please send me the invoice",
    "터널이 정상적으로 올라와 있고 통신이 잘 됩니다",
    "OSPF neighbor is down",
    "BGP session flaps every night",
    "how do I configure a static route",
    "프린터가 동작하지 않습니다",
    "오늘 회의는 3시입니다",
    "the router is fine",
    "interface is up",
    "up",
    "no",
    "",
    "SPI",
    "통신",
    "rekey",
    "Building configuration...\nhostname R1\ninterface Tunnel0\n tunnel protection ipsec profile P",
    "show crypto ipsec sa",
    "메일이 발송되지 않습니다",
    "crypto isakmp invalid-spi-recovery",
    "DHCP 주소를 받지 못합니다",
    "show logging | include RECVD_PKT_INV_SPI",
    "no crypto isakmp invalid-spi-recovery",
    "Clear crypto session was not run",
    "the switch rebooted",
    "무선 통신이 안됩니다",
    "통신이 안 됩니다",
]


@cache
def kb() -> Knowledge:
    return load()


@pytest.mark.parametrize("text", NEAR)
def test_a_text_leads_to_the_symptom_that_is_meant(text: str) -> None:
    found = find(kb(), text)
    assert [match.id for match in found[:1]] == [NEAR[text]], found


@pytest.mark.parametrize("text", OTHER)
def test_a_text_about_something_else_leads_to_none(text: str) -> None:
    assert find(kb(), text) == []


def test_every_phrase_leads_to_its_own_symptom() -> None:
    for name, symptom in kb().symptoms.items():
        for phrase in [*symptom.phrases.en, *symptom.phrases.ko]:
            first = find(kb(), phrase, limit=1)
            assert [match.id for match in first] == [name], (phrase, first)


def test_a_phrase_inside_a_ticket_is_found() -> None:
    ticket = "안녕하세요.\n본사-지점 간 VPN 문의드립니다.\n어제 저녁 라우터 재부팅 후 VPN 통신이 안 됩니다.\n확인 부탁드립니다."
    assert "broken-after-restart" in {match.id for match in find(kb(), ticket)}


def test_the_nearest_stands_first_and_no_more_than_asked_for() -> None:
    text = "잘못된 SPI 로그가 계속 올라옵니다. HSRP 절체 이후 VPN 통신이 안 됩니다. anti replay errors"
    found = find(kb(), text)
    assert len(found) >= 3
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    assert all(LEAST_SCORE <= m.score <= 100 for m in found)
    assert find(kb(), text, limit=2) == found[:2]
    assert find(kb(), text, limit=0) == []


def test_a_text_that_denies_nothing_is_not_like_a_phrase_that_does() -> None:
    assert find(kb(), "the tunnel is up") == []
    assert find(kb(), "the tunnel is up but no traffic")


def test_only_the_beginning_of_a_long_text_is_compared() -> None:
    begun = time.perf_counter()
    assert find(kb(), "x" * MOST_CHARACTERS + ". anti replay errors") == []
    find(kb(), "some words of no meaning\n" * 100_000)
    assert time.perf_counter() - begun < 20


@given(st.text(max_size=200))
def test_no_text_whatever_it_is_fails(text: str) -> None:
    assert all(match.id in kb().symptoms for match in find(kb(), text))


def test_spelling_makes_no_other_phrase() -> None:
    assert joined("rekey 후  끊김!") == joined("REKEY후 끊김") == joined("ｒｅｋｅｙ후끊김")


def test_an_overlay_adds_symptoms(tmp_path: Path) -> None:
    new = load(None, [overlay(tmp_path, symptoms=SYMPTOM)])
    assert [match.id for match in find(new, "The lamp is green.")] == ["invented"]
    assert set(new.symptoms) == {*kb().symptoms, "invented"}


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("spi-repeats", "spi-repeat", "kb-unknown", "did you mean spi-repeats?"),
        ('"yes"', '"maybe"', "kb-unknown", "(yes, no)"),
        ("desync-proven", "desync-prove", "kb-unknown", "did you mean desync-proven?"),
        ("[the lamp is green]", "[]", "kb-language", "no phrase"),
        ("the lamp is green", '"..."', "kb-language", "without a letter"),
        ("the lamp is green", "the lamp is green, The LAMP is-green", "kb-twice", "under invented already"),
        ("the lamp is green", "Anti-Replay errors", "kb-twice", "under replay-errors already"),
        ("[{source: field#invented, statement: inferred}]", "[]", "kb-uncited", "no source"),
        ('  says: {spi-repeats: "yes"}\n  points-to: [desync-proven]\n', "", "kb-empty", "tell nothing"),
        ("phrases:", "phrase:", "kb-shape", "did you mean phrases?"),
    ],
)
def test_a_wrong_symptom_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, code: str, said: str
) -> None:
    assert old in SYMPTOM
    with pytest.raises(KnowledgeError) as caught:
        load(None, [overlay(tmp_path, symptoms=SYMPTOM.replace(old, new))])
    (fault,) = caught.value.faults
    assert (fault.code, fault.file) == (code, f"{tmp_path}/symptoms.yaml")
    assert said in fault.message
    assert fault.line
