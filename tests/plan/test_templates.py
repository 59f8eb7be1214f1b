"""The data of the generators: complete in both languages, loaded strictly, every fault with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from engine.knowledge.applet_template import PLACES, render, template_faults
from engine.knowledge.faults import KnowledgeError
from engine.knowledge.load import load
from engine.knowledge.placeholders import SUBJECT
from engine.knowledge.written import Text
from engine.plan.eem import Options
from tests.knowledge.folders import KB, copy_of_kb, overlay
from tests.plan.build import SPOKE, hub, investigate, judge

HANGUL = re.compile("[가-힣]")


def texts() -> Iterator[tuple[str, Text]]:
    plan = judge().kb.plan
    yield from plan.words.items()
    yield from ((name, lever.title) for name, lever in plan.levers.items())
    yield from ((base.command, base.why) for base in plan.base)
    for name, template in judge().kb.eem.items():
        yield name, template.title
        yield from ((name, note) for note in template.notes)


def test_every_text_is_in_both_languages() -> None:
    for name, text in texts():
        assert text.en.strip(), name
        assert text.en.isascii(), name
        assert HANGUL.search(text.ko), name


def test_both_languages_have_the_same_places() -> None:
    for name, text in texts():
        places = [{p for _, p, _, _ in Formatter().parse(t) if p} for t in (text.en, text.ko)]
        assert places[0] == places[1], name


def test_no_korean_place_is_followed_by_a_particle() -> None:
    for name, text in texts():
        assert not re.search(r"\}(?:은|는|이|가|을|를|과|와|로|으로)(?:\s|$)", text.ko), name


def test_words_of_the_plan_are_not_words_of_the_reports() -> None:
    assert not set(judge().kb.plan.words) & set(judge().kb.words)


def test_levers_are_conditions_with_their_values() -> None:
    conditions = judge().kb.conditions
    for name, lever in judge().kb.plan.levers.items():
        values = conditions[name].values or ["yes", "no"]
        assert set(lever.to) <= set(values), name


def test_what_is_filled_in_is_what_the_checks_know() -> None:
    from engine.advise.fill import values
    from engine.plan.eem import _Role, _values

    one = investigate([hub("17.3", "ikev1")]).judged[0]
    template = judge().kb.eem["capture"]
    assert set(_values(_Role("capture", template, one, Options()), SPOKE)) == set(PLACES)
    # Ports and VRFs are not known of this flow.
    assert set(values(one.subject)) <= SUBJECT
    code = (KB.parent / "engine/advise/fill.py").read_text("utf-8")
    assert set(re.findall(r'"((?:flow|setup|sender-setup)\.[a-z0-9-]+|device)"', code)) == SUBJECT


def test_words_of_another_language_version_keep_their_places(tmp_path: Path) -> None:
    words = "words: {plan.title: {en: 'Plan of {case}', ko: '{case}: 계획'}}"
    plan = load(None, [overlay(tmp_path, plan=words)]).plan
    assert plan.words["plan.title"].en == "Plan of {case}"
    before = judge().kb.plan
    assert {**plan.words, "plan.title": before.words["plan.title"]} == before.words
    assert (plan.base, plan.levers, plan.opening) == (before.base, before.levers, before.opening)


def test_an_overlay_gives_single_fields_levers_and_applets(tmp_path: Path) -> None:
    capture = (KB / "eem/capture.yaml").read_text("utf-8")
    folder = overlay(
        tmp_path,
        plan="opening: [show clock]\nlevers: {ike-sa: {to: [], title: {en: Mine, ko: 내 것}, set: 'ike-sa={value}'}}",
        eem__capture=capture.replace("order: 10", "order: 40"),
        eem__capture_twice=capture,
    )
    kb = load(None, [folder])
    assert kb.plan.opening == ["show clock"]
    assert kb.plan.closing == judge().kb.plan.closing
    assert kb.plan.levers["ike-sa"].title.en == "Mine"
    assert list(kb.plan.levers) == list(judge().kb.plan.levers)
    assert kb.eem["capture"].order == 40
    assert list(kb.eem) == [*judge().kb.eem, "capture_twice"]
    assert kb.digest != judge().kb.digest


def test_every_fault_is_found_with_its_file_and_line(tmp_path: Path) -> None:
    capture = (KB / "eem/capture.yaml").read_text("utf-8")
    folder = overlay(
        tmp_path,
        plan="only-ios: []",
        eem__order=capture.replace("order: 10", "order: ten"),
        eem__torn=capture.replace("title:", "title: [", 1),
        eem__place=capture.replace("append {{ file }}", "append {{ fil }}", 1),
        eem__loop=capture.replace("{% if ikev1 %}", "{% for x in ikev1 %}", 1),
        eem__call=capture.replace("{{ file }}", "{{ file.upper() }}", 1),
        eem__undo=capture.replace("undo:", "undo:\n  - no {{ nothing }}", 1),
        eem__harm=capture.replace("show clock |", "reload |", 1),
        eem__source=capture.replace("eem-guide#", "eem-guid#", 1),
        levers="a: b",
    )
    with pytest.raises(KnowledgeError) as caught:
        load(None, [folder])
    found = {(f.file.removeprefix(f"{tmp_path}/"), f.code): f for f in caught.value.faults}
    assert set(found) == {
        ("plan.yaml", "kb-shape"),
        ("eem/order.yaml", "kb-shape"),
        ("eem/torn.yaml", "kb-yaml"),
        ("eem/place.yaml", "kb-placeholder"),
        ("eem/loop.yaml", "kb-placeholder"),
        ("eem/call.yaml", "kb-placeholder"),
        ("eem/undo.yaml", "kb-placeholder"),
        ("eem/harm.yaml", "kb-applet"),
        ("eem/source.yaml", "kb-source"),
        ("levers.yaml", "kb-stray"),
    }
    assert all(f.line for (file, _), f in found.items() if file != "levers.yaml")
    place = found["eem/place.yaml", "kb-placeholder"]
    text = (tmp_path / "eem/place.yaml").read_text("utf-8")
    assert "{{ fil }}" in text.split("\n")[place.line - 1]
    assert "did you mean file?" in place.message


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("base: [{command: 'show x {pear}', unless: version, why: {en: a, ko: 가}}]", "kb-placeholder", "did you mean peer?"),
        ("levers: {ike-sa: {to: [gone], title: {en: a, ko: 가}, set: x}}", "kb-unknown", "(present, absent)"),
        ("levers: {ike-sas: {to: [], title: {en: a, ko: 가}, set: x}}", "kb-unknown", "did you mean ike-sa?"),
        ("levers: {ike-sa: {to: [], title: {en: a, ko: 가}, set: '{valu}'}}", "kb-placeholder", "did you mean value?"),
        ("words: {plan.title: {en: '{cas}', ko: '{cas}'}}", "kb-placeholder", "did you mean case?"),
        ("words: {plan.title: {en: '{case}', ko: 계획}}", "kb-placeholder", "one of the languages"),
        ("words: {plan.title: {en: '{case', ko: '{case'}}", "kb-placeholder", "braces"),
        ("words: {plan.title: {en: Plan}}", "kb-shape", "ko"),
        ("words: [a]", "kb-shape", "array"),
        ("- a", "kb-shape", "array"),
        ("opening: show clock", "kb-shape", "str"),
    ],
)  # fmt: skip
def test_a_wrong_plan_is_refused_with_its_place(tmp_path: Path, text: str, code: str, said: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(None, [overlay(tmp_path, plan=text)])
    assert code in {f.code for f in caught.value.faults}
    assert said in str(caught.value)
    assert all(f.file == f"{tmp_path}/plan.yaml" and f.line for f in caught.value.faults)


def test_a_knowledge_base_needs_its_plan(tmp_path: Path) -> None:
    folder = copy_of_kb(tmp_path / "kb")
    (folder / "plan.yaml").unlink()
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert [(f.file, f.code) for f in caught.value.faults] == [("plan.yaml", "kb-missing")]


def test_an_unknown_place_in_a_template_is_an_error_and_never_an_empty_text() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        render("{{ nothing }}", {})


def test_a_template_cannot_reach_into_python() -> None:
    from jinja2.exceptions import SecurityError

    hostile = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
    assert template_faults(hostile)
    with pytest.raises(SecurityError):
        render(hostile, {})


def test_nothing_but_places_and_conditions_is_a_template() -> None:
    assert (
        template_faults("a {{ peer }}\n{% if ikev1 and not ikev2 or qfp %}\n b\n{% else %}\nc\n{% endif %}")
        == ()
    )
    for text in (
        "{% set a = 1 %}",
        "{{ peer | upper }}",
        "{{ 1 + 1 }}",
        "{% for a in peer %}{% endfor %}",
        "{% if",
    ):
        assert template_faults(text), text
    assert template_faults("x\n\n{{ per }}") == ((3, "no place 'per'; did you mean peer?"),)
