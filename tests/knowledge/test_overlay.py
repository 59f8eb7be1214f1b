"""A folder laid over the knowledge base replaces by id, adds what is new, and is refused whole where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.knowledge.faults import Fault, KnowledgeError
from engine.knowledge.load import load
from tests.knowledge.folders import KB, overlay

CITES = "cites: [{source: field#invented, statement: inferred}]"
RULE = f"""\
of: flow
title: {{en: An invented bug, ko: 지어낸 버그}}
severity: info
axis: defect
weight: rare
signature: spi-repeats
{CITES}
"""


def faults(*folders: Path) -> list[Fault]:
    with pytest.raises(KnowledgeError) as caught:
        load(None, folders)
    return caught.value.faults


def test_a_new_rule_is_added_and_everything_else_stays(tmp_path: Path) -> None:
    kb = load(None, [overlay(tmp_path, bugs__CSCzz00001__rule=RULE)])
    assert set(kb.bugs) == {*load().bugs, "CSCzz00001"}
    assert kb.conditions == load().conditions


def test_an_entry_with_the_same_id_replaces_the_shipped_one(tmp_path: Path) -> None:
    condition = """\
seen-once:
  of: flow
  title: {en: Replaced, ko: 바꿈}
  yes: {field: count, is: 1}
  statement: stated
  source: seed#S7
"""
    kb = load(None, [overlay(tmp_path, conditions__mine=condition, causes__rekey_race__rule=RULE)])
    assert kb.conditions["seen-once"].title.en == "Replaced"
    assert list(kb.conditions) == list(load().conditions)
    assert kb.places["seen-once"] == f"{tmp_path}/conditions/mine.yaml"


def test_the_later_of_two_overlays_wins(tmp_path: Path) -> None:
    first = overlay(tmp_path / "a", bugs__CSCzz00001__rule=RULE)
    second = overlay(tmp_path / "b", bugs__CSCzz00001__rule=RULE.replace("An invented bug", "Another"))
    assert load(None, [first, second]).bugs["CSCzz00001"].title.en == "Another"
    assert load(None, [second, first]).bugs["CSCzz00001"].title.en == "An invented bug"


def test_releases_of_an_overlay_are_added_to_the_shipped_bug_with_their_source(tmp_path: Path) -> None:
    text = "affected: [16.9.1]\nfixed: [16.9.4]\ncites: [{source: field#invented, statement: stated}]\n"
    kb = load(None, [overlay(tmp_path, bugs__CSCvp16730__releases=text)])
    bug, before = kb.bugs["CSCvp16730"], load().bugs["CSCvp16730"]
    assert bug.releases is not None
    assert (bug.releases.affected, bug.releases.fixed) == (["16.9.1"], ["16.9.4"])
    assert bug.signature == before.signature
    assert "field#invented" in {c.source for c in bug.cites}


def test_an_overlay_gives_single_rows_lines_and_weights(tmp_path: Path) -> None:
    files = {
        "matrix": "rows: {svti: {title: {en: Mine, ko: 내 것}, support: 'no', source: field#invented}}",
        "summary": "flow: {mine: {when: spi-repeats, text: {en: Mine, ko: 내 것}}}",
        "ranking": "cost: {show: 2, config: 1, debug: 4, wait: 8}",
    }
    kb = load(None, [overlay(tmp_path, **files)])
    assert kb.matrix.rows["svti"].support == "no"
    assert list(kb.matrix.rows) == list(load().matrix.rows)
    assert next(iter(kb.summary.flow)) == "mine"  # a new line would never be the first below the shipped ones
    assert kb.ranking.cost["show"] == 2
    assert kb.ranking.verdicts == load().ranking.verdicts


def test_the_digest_covers_overlays(tmp_path: Path) -> None:
    folder = overlay(tmp_path, bugs__CSCzz00001__rule=RULE)
    before = load(None, [folder]).digest
    overlay(tmp_path, bugs__CSCzz00001__rule=RULE + "# a comment\n")
    assert len({load().digest, before, load(None, [folder]).digest}) == 3


def test_a_bad_overlay_is_refused_whole_with_every_error(tmp_path: Path) -> None:
    folder = overlay(
        tmp_path,
        bugs__CSCzz00001__rule=RULE.replace("spi-repeats", "spi-repeat"),
        bugs__CSCzz00002__rule=RULE.replace("weight: rare", "weight: seldom"),
        bugs__CSCzz00003__releases="affected: [sixteen]\ncites: []\n",
        bugs__CSCvp16730__releases="affected: [sixteen]\ncites: []\n",
        bug__CSCzz00004__rule=RULE,
        tables__mine="outcome: {title: {en: a, ko: 가}, otherwise: x, otherwise: y, values: {}}",
        remedies__torn="a: [",
    )
    found = {(f.file.removeprefix(f"{tmp_path}/"), f.code) for f in faults(folder)}
    assert found >= {
        ("bugs/CSCzz00001/rule.yaml", "kb-unknown"),
        ("bugs/CSCzz00002/rule.yaml", "kb-shape"),
        ("bugs/CSCzz00003/releases.yaml", "kb-unknown"),
        ("bugs/CSCvp16730/releases.yaml", "kb-release"),
        ("bugs/CSCvp16730/releases.yaml", "kb-uncited"),
        ("bug/CSCzz00004/rule.yaml", "kb-stray"),
        ("tables/mine.yaml", "kb-twice"),
        ("remedies/torn.yaml", "kb-yaml"),
    }


def test_the_place_of_a_fault_is_line_and_column_of_the_value(tmp_path: Path) -> None:
    text = RULE.replace(
        "signature: spi-repeats", "signature:\n  all:\n    - spi-repeats\n    - {ike-sa: gone}"
    )
    (fault,) = faults(overlay(tmp_path, bugs__CSCzz00001__rule=text))
    line = text.split("\n")[fault.line - 1]
    assert line[fault.column - 1 :].startswith("gone")
    assert fault.code == "kb-unknown"


def test_a_folder_that_is_not_there_or_holds_nothing_is_a_fault(tmp_path: Path) -> None:
    assert [f.code for f in faults(tmp_path / "none")] == ["kb-missing"]
    assert [f.code for f in faults(tmp_path)] == ["kb-missing"]


@pytest.mark.parametrize(
    "text",
    [
        "&a [*a]",
        "x: &a [" + "[" * 3000 + "]" * 3000 + "]",
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "\n".join(
            f"{c}: &{c} [{','.join([f'*{p}'] * 9)}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "? [a, b]\n: c",
        "? {a: b}\n: c",
        "when: 2024-13-40",
        "!!python/object/apply:os.system [echo]",
        "\x00",
        "a: b: c",
        "- just\n- a list",
        "plain",
    ],
    ids=range(11),
)
def test_no_file_whatever_it_holds_is_more_than_a_fault(tmp_path: Path, text: str) -> None:
    folder = overlay(tmp_path, conditions__bad=text, bugs__CSCzz00001__rule=text, matrix=text, ranking=text)
    assert all(f.file.startswith(str(tmp_path)) for f in faults(folder))


def test_the_shipped_files_are_read_as_pyyaml_reads_them() -> None:
    import yaml

    from engine.knowledge.words_yaml import loader_class, read

    for path in sorted(KB.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        assert read(text)[0] == yaml.load(text, Loader=loader_class()), path
