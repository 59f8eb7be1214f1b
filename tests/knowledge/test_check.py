"""The knowledge base is checked as a whole: every fault of a run is found, with file, line and a near name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import kb as shipped
from engine.knowledge.faults import Fault, KnowledgeError
from engine.knowledge.load import load

KB = Path(shipped.__file__).parent
Change = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "kb"
    shutil.copytree(KB, target, ignore=shutil.ignore_patterns("cases", "__pycache__", "*.py"))
    return target


@pytest.fixture
def change(folder: Path) -> Change:
    def apply(file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer has {old!r}: mend this test"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


def faults(folder: Path) -> list[Fault]:
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    return caught.value.faults


def only(folder: Path) -> Fault:
    found = faults(folder)
    assert len(found) == 1, [str(f) for f in found]
    return found[0]


def test_the_shipped_knowledge_base_has_no_fault() -> None:
    kb = load()
    assert {"CSCvn31824", "CSCvd40554", "CSCvp16730"} <= set(kb.bugs)
    assert len(kb.matrix.rows) == 7


def test_the_digest_changes_with_any_content(folder: Path, change: Change) -> None:
    before = load(folder).digest
    change("summary.yaml", "No invalid SPI message was found", "No message was found")
    assert load(folder).digest != before


def test_an_unknown_condition_is_named_with_its_place_and_a_near_name(folder: Path, change: Change) -> None:
    change("bugs/CSCvp16730/rule.yaml", "for: [spi-first-octet-ff]", "for: [spi-first-octet-f]")
    fault = only(folder)
    assert fault.code == "kb-unknown"
    assert fault.file == "bugs/CSCvp16730/rule.yaml"
    assert "did you mean spi-first-octet-ff?" in fault.message
    line = (folder / fault.file).read_text(encoding="utf-8").split("\n")[fault.line - 1]
    assert "spi-first-octet-f" in line


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("bugs/CSCvp16730/rule.yaml", "source: seed#S25, statement: stated}", "source: sead#S25, statement: stated}", "kb-source"),
        ("bugs/CSCvp16730/rule.yaml", "source: seed#S25, statement: stated}", "source: seed, statement: stated}", "kb-source"),
        ("bugs/CSCvp16730/rule.yaml", "weight: rare", "weight: sometimes", "kb-shape"),
        ("bugs/CSCvp16730/rule.yaml", "weight: rare", "weight: rare\ncolour: red", "kb-shape"),
        ("bugs/CSCvp16730/rule.yaml", "affected: []", 'affected: ["sixteen"]', "kb-release"),
        ("tables/outcome.yaml", "{ike-sa: present}", "{ike-sa: there}", "kb-unknown"),
        ("tables/outcome.yaml", "{ike-sa: present}", "ike-sa", "kb-formula"),
        ("tables/outcome.yaml", "{ike-sa: present}", "{finding: CSCvp16730}", "kb-formula"),
        ("conditions/flow.yaml", "observer: no-setup-takes-source", "observer: no-setup-takes-sauce", "kb-observer"),
        ("conditions/flow.yaml", "yes: {field: count, is: 1}", "yes: {feeld: count, is: 1}", "kb-test"),
        ("conditions/receiver.yaml", "yes: {fact: ipsec-sa, where: {peer:", "yes: {fact: ipsec-sa, where: {pear:", "kb-test"),
        ("remedies/recover.yaml", "because: [unsolicited-esp]", "because: [unsolicited-esb]", "kb-unknown"),
        ("texts.yaml", "en: all of", "en: ' '", "kb-language"),
        ("summary.yaml", "\nflow:", "\nflow: [", "kb-yaml"),
    ],
)  # fmt: skip
def test_each_kind_of_fault_has_its_code(  # noqa: PLR0917  one row of the table
    folder: Path, change: Change, file: str, old: str, new: str, code: str
) -> None:
    change(file, old, new)
    found = faults(folder)
    assert code in {f.code for f in found}, [str(f) for f in found]
    assert all(f.file == file for f in found if f.code == code)


def test_all_faults_are_found_in_one_run(folder: Path, change: Change) -> None:
    change("bugs/CSCvp16730/rule.yaml", "for: [spi-first-octet-ff]", "for: [nothing-known]")
    change("causes/rekey-race/rule.yaml", "for: [seen-once]", "for: [seen-one]")
    change("findings/dpd-off/rule.yaml", "seed#S9", "sed#S9")
    assert {f.file for f in faults(folder)} == {
        "bugs/CSCvp16730/rule.yaml",
        "causes/rekey-race/rule.yaml",
        "findings/dpd-off/rule.yaml",
    }


def test_rules_that_need_each_other_in_a_circle_are_refused(folder: Path, change: Change) -> None:
    change(
        "tables/outcome.yaml",
        "when: {all: [{ike-sa: present},",
        "when: {all: [{outcome: no_effect}, {ike-sa: present},",
    )
    change(
        "tables/outcome.yaml",
        "- {ike-sa: absent}\n          - any:",
        "- {outcome: delete_over_existing_ike_sa}\n          - any:",
    )
    assert {f.code for f in faults(folder)} == {"kb-cycle"}


def test_yes_and_no_are_words_of_the_language_not_booleans(folder: Path, change: Change) -> None:
    change("matrix.yaml", 'support: "yes"', "support: yes")
    assert load(folder).matrix.rows["static-crypto-map"].support == "yes"
