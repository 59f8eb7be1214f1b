"""Lint finds in one run everything that is wrong, and everything that is doubtful."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kbtools.lint import is_whole, lint
from engine.kbtools.scaffold import scaffold
from engine.knowledge.faults import CODES, Fault
from tests.knowledge.folders import KB, copy_of_kb, overlay

HEAD = """\
of: flow
title: {en: An invented cause, ko: 지어낸 원인}
severity: info
axis: trigger
weight: rare
cites: [{source: field#invented, statement: inferred}]
"""
CONDITION = """\
  of: receiver
  title: {en: An invented condition, ko: 지어낸 조건}
  statement: inferred
  source: field#invented
"""
REMEDY = """\
mine:
  of: flow
  kind: collect
  side: receiver
  mode: exec
  title: {en: An invented remedy, ko: 지어낸 조치}
  when: spi-repeats
  because: [desync-proven]
  commands: ["show crypto session remote {flow.src}"]
  rollback: []
  disrupts: nothing
  risk: none
  order: 1
  cites: [{source: field#invented, statement: inferred}]
"""


def found(folder: Path) -> set[tuple[str, str]]:
    """Everything but notes about files of the folder, as (code, file)."""
    return {
        (f.code, f.file.removeprefix(f"{folder}/"))
        for f in lint(None, [folder])
        if f.file.startswith(str(folder)) and f.severity != "info"
    }


def doubts(folder: Path, **files: str) -> list[Fault]:
    overlay(folder, **files)
    return [f for f in lint(None, [folder]) if f.severity == "warning"]


def test_the_shipped_knowledge_base_has_neither_errors_nor_warnings() -> None:
    assert [str(f) for f in lint() if f.severity != "info"] == []


def test_every_python_observer_in_use_is_noted_with_its_place() -> None:
    notes = [f for f in lint() if f.code == "kb-python"]
    assert notes
    for note in notes:
        line = (KB / note.file).read_text(encoding="utf-8").split("\n")[note.line - 1]
        assert line[: note.column - 1].strip() == "observer:"


def test_a_whole_knowledge_base_is_told_from_an_overlay(tmp_path: Path) -> None:
    assert is_whole(KB)
    assert not is_whole(overlay(tmp_path, matrix="rows: {}"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("for: [{all: [spi-repeats, {not: spi-repeats}]}]", "kb-unreachable"),
        ("for: [{all: [{ike-sa: present}, {ike-sa: absent}]}]", "kb-unreachable"),
        ("for: [{all: [{recovery-support: 'yes'}, {setup-kind: dynamic-crypto-map}]}]", "kb-unreachable"),
        ("for: [spi-repeats]\nagainst: [spi-repeats]", "kb-unreachable"),
        ("signature: seen-once\nproof: {all: [spi-repeats, {not: seen-once}]}", "kb-unreachable"),
        (
            "for: [spi-repeats]\nnecessary: [{condition: seen-once, statement: inferred, source: field#x}]",
            "kb-inferred",
        ),
    ],
)
def test_a_rule_that_cannot_hold_or_exclude_is_doubtful(tmp_path: Path, body: str, code: str) -> None:
    assert [f.code for f in doubts(tmp_path, causes__invented__rule=f"{HEAD}{body}\n")] == [code]


@pytest.mark.parametrize(
    "body",
    [
        "for: [spi-repeats]\nagainst: [{not: spi-repeats}]",
        "signature: {all: [{outcome: no_effect}, {ike-sa: absent}]}",
        "signature: {all: [{recovery-support: 'no'}, {setup-kind: [dynamic-crypto-map, svti]}]}",
    ],
)
def test_a_rule_that_can_hold_is_not_doubtful(tmp_path: Path, body: str) -> None:
    assert doubts(tmp_path, causes__invented__rule=f"{HEAD}{body}\n") == []


def test_a_table_value_that_is_never_the_first_is_doubtful(tmp_path: Path) -> None:
    cites = "cites: [{source: field#x, statement: inferred}]"
    table = f"""\
invented:
  title: {{en: Invented, ko: 지어냄}}
  otherwise: none
  values:
    first: {{when: {{any: [spi-repeats, seen-once]}}, {cites}}}
    second: {{when: {{all: [spi-repeats, flow-ended]}}, {cites}}}
"""
    (fault,) = [f for f in doubts(tmp_path, tables__invented=table) if f.code == "kb-shadowed"]
    assert "second can never be the first" in fault.message
    assert fault.line == 6


def test_conditions_that_nobody_settles_or_uses_are_doubtful(tmp_path: Path) -> None:
    text = f"idle-one:\n{CONDITION}  yes: {{list: no-such-list}}\nused-one:\n{CONDITION}  yes: {{fact: ike-sa}}\n"
    rule = f"{HEAD}for: [used-one]\n"
    codes = {
        (f.code, f.message.split(":")[0])
        for f in doubts(tmp_path, conditions__mine=text, causes__invented__rule=rule)
    }
    assert codes == {("kb-unsettled", "idle-one"), ("kb-unused", "idle-one")}


def test_a_condition_that_is_never_no_makes_its_denial_unreachable(tmp_path: Path) -> None:
    text = f"one-way:\n{CONDITION}  yes: {{fact: ike-sa}}\n"
    rule = f"{HEAD}for: [{{not: one-way}}]\n"
    assert [f.code for f in doubts(tmp_path, conditions__mine=text, causes__invented__rule=rule)] == [
        "kb-unreachable"
    ]


def test_a_source_that_nothing_cites_and_korean_that_is_english_are_doubtful(tmp_path: Path) -> None:
    sources = 'invented: {title: "A document that nobody cites"}\n'
    rule = f"{HEAD}for: [spi-repeats]\n".replace("ko: 지어낸 원인", "ko: An invented cause")
    codes = {f.code for f in doubts(tmp_path, sources=sources, causes__invented__rule=rule)}
    assert codes == {"kb-idle", "kb-same"}


@pytest.mark.parametrize(
    ("files", "code", "file"),
    [
        ({"causes__CSCvp16730__rule": f"{HEAD}for: [spi-repeats]\n"}, "kb-head", "causes/CSCvp16730/rule.yaml"),
        ({"tables__spi_repeats": "seen-once: {title: {en: a, ko: 가}, otherwise: x, values: {}}"}, "kb-head", "tables/spi_repeats.yaml"),
        ({"conditions__mine": f"matrix-row:\n{CONDITION}  yes: {{fact: ike-sa}}\n"}, "kb-head", "conditions/mine.yaml"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{field: oss, is: ios}}\n"}, "kb-field", "conditions/mine.yaml"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{fact: ike-sa, where: {{peer: $flow.source}}}}\n"}, "kb-field", "conditions/mine.yaml"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{fact: ike-sa}}\n  colour: red\n"}, "kb-shape", "conditions/mine.yaml"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{field: os, in: ios}}\n"}, "kb-test", "conditions/mine.yaml"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{field: os, range: [1]}}\n"}, "kb-test", "conditions/mine.yaml"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{fact: ike-sa, where: {{peer: {{im: [a]}}}}}}\n"}, "kb-test", "conditions/mine.yaml"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{fact: ike-sa, count: 2}}\n"}, "kb-test", "conditions/mine.yaml"),
        ({"ranking": "cost: {show: 1}"}, "kb-shape", "ranking.yaml"),
        ({"remedies__mine": "enable-recovery: {of: flow}"}, "kb-shape", "remedies/mine.yaml"),
        ({"summary": "flow: {x: {when: {finding: CSCvp16731}, text: {en: a, ko: 가}}}"}, "kb-unknown", "summary.yaml"),
        ({"seed": "S1: {text: {en: a, ko: 가}, shown-by: {findings: [desync-prove]}}"}, "kb-unknown", "seed.yaml"),
    ],
)  # fmt: skip
def test_an_error_is_told_with_its_code_and_file(
    tmp_path: Path, files: dict[str, str], code: str, file: str
) -> None:
    overlay(tmp_path, **files)
    assert (code, file) in found(tmp_path)


def test_a_field_that_is_not_known_is_pointed_at_and_the_nearest_named(tmp_path: Path) -> None:
    overlay(tmp_path, causes__invented__rule=f"{HEAD}signatur: spi-repeats\n")
    (fault,) = [f for f in lint(None, [tmp_path]) if f.severity == "error"]
    assert (fault.line, fault.column, fault.code) == (7, 1, "kb-shape")
    assert "did you mean signature?" in fault.message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight: rare", "weight: rar", "allowed: common, occasional, rare; did you mean rare?"),
        ("severity: info", "severity: [{when: seen-once, severity: eror}]", "allowed: error, info, warning; did you mean error?"),
        ("severity: info", "severity: [{wen: seen-once, severity: error}]", "allowed: when, severity; did you mean when?"),
        ("title: {en:", "title: {fr: x, en:", "unknown field fr; allowed: en, ko"),
        ("weight: rare", "weigth: rare", "did you mean weight?"),
    ],
)  # fmt: skip
def test_what_is_allowed_instead_is_listed(tmp_path: Path, old: str, new: str, said: str) -> None:
    rule = f"{HEAD}for: [spi-repeats]\n"
    assert old in rule
    overlay(tmp_path, causes__invented__rule=rule.replace(old, new))
    (fault,) = [f for f in lint(None, [tmp_path]) if f.severity == "error"]
    assert fault.code == "kb-shape"
    assert said in fault.message


def test_of_an_overlay_only_its_own_notes_are_told(tmp_path: Path) -> None:
    assert lint(None, [overlay(tmp_path / "a", causes__invented__rule=f"{HEAD}for: [spi-repeats]\n")]) == []
    text = f"mine:\n{CONDITION.replace('receiver', 'flow')}  observer: three-spis-apart\n"
    folder = overlay(tmp_path / "b", conditions__mine=text, causes__invented__rule=f"{HEAD}for: [mine]\n")
    assert [(f.code, f.file) for f in lint(None, [folder])] == [
        ("kb-python", f"{folder}/conditions/mine.yaml")
    ]


def test_a_warning_that_an_overlay_causes_below_it_is_told(tmp_path: Path) -> None:
    base = "base: [{command: show x, unless: never-seen, why: {en: a, ko: 가}}]"
    (fault,) = lint(None, [overlay(tmp_path, plan=base)])
    assert (fault.code, fault.line) == ("kb-unsettled", 1)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"remedies__mine": REMEDY.replace("{flow.src}", "{flow.source}")}, "did you mean flow.src?"),
        ({"remedies__mine": REMEDY.replace("{flow.src}", "{FLOW}")}, "nothing fills {FLOW}"),
        ({"remedies__mine": REMEDY.replace("{flow.src}", "{flow.src")}, "without its partner"),
        ({"remedies__mine": REMEDY.replace("rollback: []", "rollback: ['no {device.name}']")}, "did you mean device?"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{fact: ike-sa}}\n  collect: [{{command: 'show {{peer}}'}}]\n"}, "nothing fills {peer}"),
        ({"conditions__mine": f"mine:\n{CONDITION}  yes: {{fact: ike-sa}}\n  ask: {{en: 'of {{peer}}?', ko: 물음}}\n"}, "nothing fills {peer}"),
        ({"summary": "flow: {mine: {when: spi-repeats, text: {en: 'of {counts}', ko: 가}}}"}, "did you mean count?"),
        ({"summary": "case: {more: {en: '{sentence} {number}', ko: '{sentence} {number}'}}"}, "nothing fills {number}"),
        ({"words": "more: {en: '+ {m} more', ko: '외 {m}개'}"}, "nothing fills {m}"),
        ({"words": "more: {en: '+ {n} more', ko: '외'}"}, "one of the languages"),
        ({"words": "more: {en: '+ {n more', ko: '외 {n}개'}"}, "braces do not match"),
    ],
)  # fmt: skip
def test_a_placeholder_that_nothing_fills_is_an_error(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    overlay(tmp_path, **files)
    faults = [f for f in lint(None, [tmp_path]) if f.severity == "error"]
    assert {f.code for f in faults} == {"kb-placeholder"}
    assert any(said in f.message for f in faults), faults


def test_the_key_of_a_wrong_row_is_found_although_the_message_does_not_name_it(tmp_path: Path) -> None:
    folder = copy_of_kb(tmp_path / "kb")
    path = folder / "matrix.yaml"
    text = path.read_text(encoding="utf-8").replace(
        'support: "no"\n    source: seed#S19', "support: maybe\n    source: seed#S19"
    )
    path.write_text(text, encoding="utf-8")
    (fault,) = [f for f in lint(folder) if f.code == "kb-shape"]
    assert text.split("\n")[fault.line - 1][fault.column - 1 :] == "maybe"


def test_a_key_written_twice_is_an_error_in_the_shipped_files_too(tmp_path: Path) -> None:
    folder = copy_of_kb(tmp_path / "kb")
    path = folder / "texts.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "all: {en: twice, ko: 두 번}\n", encoding="utf-8")
    assert [f.code for f in lint(folder) if f.severity == "error"] == ["kb-twice"]


@pytest.mark.parametrize(("kind", "name"), [("bug", "CSCzz00001"), ("cause", "invented-cause")])
def test_a_scaffold_has_nothing_wrong_but_its_blanks(tmp_path: Path, kind: str, name: str) -> None:
    files = scaffold("bug" if kind == "bug" else "cause", name, tmp_path)
    assert len(files) == 7
    problems = found(tmp_path)
    assert {code for code, _ in problems} == {"kb-blank"}
    assert {tmp_path / file for _, file in problems} == set(files)


def test_a_scaffold_never_writes_over_anything(tmp_path: Path) -> None:
    scaffold("cause", "invented-cause", tmp_path)
    with pytest.raises(FileExistsError):
        scaffold("cause", "invented-cause", tmp_path)
    for bad in ("../up", "CSC1", "Rekey", ""):
        with pytest.raises(ValueError, match="is no id"):
            scaffold("bug", bad, tmp_path)


def test_every_code_is_given_by_something() -> None:
    code = "".join(
        p.read_text(encoding="utf-8")
        for folder in ("knowledge", "kbtools")
        for p in (KB.parent / "engine" / folder).glob("*.py")
        if p.name != "faults.py"
    )
    assert [name for name in CODES if f'"{name}"' not in code] == []
