"""What lint lets pass is harmless and can be used: overlays that once crashed, misled or did nothing, refused."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from engine.evidence.source import Place
from engine.kbtools.cases import EXPECT, expected_of
from engine.kbtools.lint import lint
from engine.knowledge.check_tests import VIEWS
from engine.knowledge.check_values import kind_of
from engine.knowledge.faults import Fault
from engine.knowledge.harm import harm_in
from engine.observe.subject import Subject
from engine.observe.tests import FACTS, run
from engine.relate.devices import DeviceFacts
from engine.relate.views import CaseView, DeviceView
from tests.knowledge.folders import overlay
from tests.knowledge.test_lint import CONDITION, HEAD, REMEDY

COMMANDS = 'commands: ["show crypto session remote {flow.src}"]'


def errors(folder: Path, **files: str) -> list[Fault]:
    overlay(folder, **files)
    return [f for f in lint(None, [folder]) if f.severity == "error"]


def only(folder: Path, **files: str) -> Fault:
    found = errors(folder, **files)
    assert len(found) == 1, [str(f) for f in found]
    return found[0]


def test_box_wide_commands_of_a_remedy_are_errors_with_their_place(tmp_path: Path) -> None:
    text = REMEDY.replace(COMMANDS, 'commands: ["clear crypto sa", "reload", "debug crypto isakmp"]')
    found = errors(tmp_path, remedies__mine=text)
    assert {f.code for f in found} == {"kb-shape"}
    assert {f.line for f in found} == {
        text[: text.index(f)].count("\n") + 1 for f in ("commands:", "disrupts:")
    }
    said = " ".join(f.message for f in found)
    assert "clear crypto sa peer" in said
    assert "`reload` reaches further" in said
    assert "debug without a condition" in said


def test_a_clear_that_says_it_disrupts_nothing_is_an_error(tmp_path: Path) -> None:
    text = REMEDY.replace(COMMANDS, 'commands: ["clear crypto sa peer {flow.src}"]')
    assert "disrupts this_peer" in only(tmp_path, remedies__mine=text).message


def test_a_question_never_asks_for_a_box_wide_command(tmp_path: Path) -> None:
    text = f"mine:\n{CONDITION}  yes: {{fact: ike-sa}}\n  collect: [{{command: clear crypto isakmp}}]\n"
    assert "reaches further" in only(tmp_path, conditions__mine=text).message


@pytest.mark.parametrize(
    "command",
    [
        "clear crypto session", "CLEAR CRYPTO SA", "do clear crypto sa", "cle cry sa", "clear crypto sa peer {device}",
        "clear crypto sa[ peer {flow.src}]", "[reload]", "write erase", "undebug all", "no debug all", "deb cry isa",
        "show version\nreload", "debug ip packet", "clear counters", "",
    ],
)  # fmt: skip
def test_what_reaches_further_than_one_peer_is_seen(command: str) -> None:
    assert list(harm_in([command]))


@pytest.mark.parametrize(
    "command",
    [
        "clear crypto sa peer [vrf {setup.vrf} ]{flow.dst}", "clear crypto ikev2 sa remote 2001:db8::1",
        "clear crypto session remote {flow.dst} port {flow.dst-port}[ fvrf {setup.vrf}]", "no debug crypto ipsec",
        "deny esp host {flow.src4} any", "crypto ikev2 dpd 30 5 periodic", "show debug", "default interface x",
    ],
)  # fmt: skip
def test_what_is_for_one_peer_may_be_written(command: str) -> None:
    assert list(harm_in([command])) == []


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("{fact: log-message, where: {text: {has: 5}}}", "has needs a text here"),
        ("{fact: log-message, where: {text: {at-least: 5}}}", "at-least is for a number"),
        ("{fact: ipsec-sa, where: {spi: {has: 'FF'}}}", "has is for a text or a list"),
        ("{fact: ipsec-sa, where: {spi: 'FF'}}", "this field is a number"),
        ("{fact: ipsec-sa, where: {direction: inbond}}", "did you mean inbound?"),
        ("{fact: ipsec-sa, where: {direction: [inbound]}}", "{in: [...]}"),
        ("{fact: log-message, where: {mnemonic: '%CRYPTO-6-X'}}", "without %: CRYPTO-6-X"),
        ("{fact: log-message, where: {mnemonic: {prefix: '%CRYPTO'}}}", "without %: CRYPTO"),
        ("{field: os, is: ios-xe, at-least: 5}", "at-least is for a number"),
        ("{field: os, is: iosxe}", "did you mean ios-xe?"),
        ("{field: train, in: [16.4]}", "write it in quotes"),
        ("{field: recovery, is: 'true'}", "this field is true or false"),
    ],
)
def test_a_value_that_can_never_be_is_an_error(tmp_path: Path, test: str, said: str) -> None:
    assert said in only(tmp_path, conditions__mine=f"mine:\n{CONDITION}  yes: {test}\n").message


def test_the_kind_of_every_field_is_known() -> None:
    for owner in [*VIEWS.values(), *FACTS.values()]:
        for name in owner.__struct_fields__:
            assert kind_of(owner, name).types, (owner, name)
    assert kind_of(FACTS["ipsec-sa"], "at").types == {Place}


def test_a_value_of_the_wrong_kind_is_false_at_run_time() -> None:
    device = DeviceView(name="R1", facts=DeviceFacts("R1"), os="ios-xe")
    case = CaseView(devices={"R1": device}, nameless=DeviceFacts(None), setups=[], flows=[], sections={})
    subject = Subject(kind="device", flow=None, flows=[], device=device, case=case)
    for test in ({"at-least": 5}, {"has": 5}, {"range": ["x", 1]}, {"in": 5}):
        assert run({"field": "os", **test}, "device", subject).truth is False


def test_no_severity_at_all_is_an_error(tmp_path: Path) -> None:
    text = HEAD.replace("severity: info", "severity: []") + "for: [spi-repeats]\n"
    assert only(tmp_path, causes__mine__rule=text).code == "kb-empty"


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-16-le"])
def test_only_utf8_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "sources.yaml").write_bytes("a:\n  title: 지어낸 원인\n".encode(encoding))
    found = only(tmp_path)
    assert found.code == "kb-yaml"
    assert found.line == (2 if encoding == "cp949" else 1)
    assert "save the file as UTF-8" in found.message


def test_a_file_by_almost_the_right_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "symptoms.YAML").write_text("a: b\n")
    (tmp_path / "texts.yml").write_text("a: b\n")
    (tmp_path / "words.yaml").mkdir()
    os.mkfifo(tmp_path / "seed.yaml")
    (tmp_path / "sources.yaml").write_text("{}\n")
    found = {f.file.rpartition("/")[2]: f.message for f in errors(tmp_path)}
    assert found == {
        "symptoms.YAML": "it is not read; name it symptoms.yaml",
        "texts.yml": "it is not read; name it texts.yaml",
        "words.yaml": "it is not read: it is no regular file",
        "seed.yaml": "it is not read: it is no regular file",
    }


def test_junk_is_refused_soon_and_in_few_lines(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("a: {en: b, ko: c}\n" * 600_000)
    (tmp_path / "texts.yaml").write_text("a: {en: b, ko: c}\n" * 1000)
    overlay(tmp_path, conditions__mine="".join(f"a{n}: 5\n" for n in range(60_000)))
    began = time.monotonic()
    found = errors(tmp_path)
    assert time.monotonic() - began < 20
    assert "59950 more entries" in found[0].message
    found = [f for f in found if "conditions" not in f.file]
    assert len(found) == 22
    assert found[-1].file.endswith("words.yaml")
    assert found[-1].code == "kb-yaml"
    assert "979 more keys" in found[-2].message


def test_messages_say_what_to_do(tmp_path: Path) -> None:
    more = "affected: [{}]\ncites: [{{source: field#x, statement: inferred}}]\n"
    (quoted,) = errors(tmp_path / "a", bugs__CSCvp16730__releases=more.format("16.10"))
    assert quoted.message.endswith("write it in quotes")
    (train,) = errors(tmp_path / "b", bugs__CSCvp16730__releases=more.format("'16.10'"))
    assert train.message.endswith("a train alone is none")
    assert only(tmp_path / "c", causes__mine__rule="").message == "the file is empty"


def test_a_circle_is_told_at_a_table_of_it(tmp_path: Path) -> None:
    cites = "cites: [{source: field#x, statement: inferred}]"
    text = "".join(
        f"{a}:\n  title: {{en: Invented {a}, ko: 지어냄 {a}}}\n  otherwise: none\n"
        f"  values:\n    x: {{when: {{{b}: x}}, {cites}}}\n"
        for a, b in (("one", "two"), ("two", "one"))
    )
    found = only(tmp_path, tables__mine=text)
    assert found.code == "kb-cycle"
    assert found.file.endswith("tables/mine.yaml")
    assert found.line in {5, 10}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a: 1\nb: [", r"expect\.yaml:\d: not YAML"),
        (b"a: 1\nb: \xb0\xa1", r"expect\.yaml:2: not UTF-8"),
        (b"- a", r"expect\.yaml:1: a mapping"),
    ],
)
def test_an_expectation_is_refused_with_its_line(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / EXPECT).write_bytes(text)
    with pytest.raises(ValueError, match=said):
        expected_of(tmp_path)
