"""Matrix, coverage, schema, comparison, reach: what the tools say is what the knowledge base says."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.inference.formula import All, Atom, Formula, Not, Rule
from engine.inference.formula import Any as Either
from engine.judge import Judge
from engine.kbtools.cases import Case, Cases
from engine.kbtools.compare import case_changes, cases_of, entry_changes
from engine.kbtools.coverage import coverage
from engine.kbtools.emitted import fact_kinds, families
from engine.kbtools.listing import written
from engine.kbtools.matrix import rows
from engine.kbtools.reach import Reach, TooManyError
from engine.kbtools.schema import FILES, schema
from engine.knowledge.examine import examine
from engine.knowledge.load import load
from engine.observe.tests import FACTS
from tests.docs.quoted import text_of
from tests.knowledge.folders import KB, overlay

A, B, RED, BLUE = Atom("a"), Atom("b"), Atom("colour", "red"), Atom("colour", "blue")


@cache
def judge() -> Judge:
    return Judge(load(), prefer_direct=True)


def ways(formula: Formula, **given: Any) -> int:
    reach = Reach(given.get("rules", {}), {"colour": ["red", "blue"]}, given.get("never", frozenset()))
    return len(reach.ways(formula))


# The recovery matrix of the seed, S15 to S21.
SEED_MATRIX = {
    "static-crypto-map": "yes", "dynamic-crypto-map": "no", "p2p-gre-tunnel-protection": "yes",
    "mgre-tp-static-nhrp": "yes", "mgre-tp-dynamic-nhrp": "no", "svti": "yes", "ezvpn-client": "not_applicable",
}  # fmt: skip


def test_the_matrix_is_that_of_the_seed_with_its_statements() -> None:
    found = rows(judge())
    stated = {row.setup: row for row in found if row.stated}
    assert {name: row.support.value for name, row in stated.items()} == SEED_MATRIX
    assert [c.source for row in stated.values() for c in row.support.cites] == [
        f"seed#S{n}" for n in range(15, 22)
    ]
    assert {row.support.value for row in found if not row.stated} == {"not_stated"}


def test_the_matrix_answers_both_ways() -> None:
    assert {r.setup for r in rows(judge(), support="no")} == {
        "dynamic-crypto-map",
        "mgre-tp-dynamic-nhrp",
        "dvti",
    }
    (row,) = rows(judge(), setup="dynamic-crypto-map")
    assert (row.support.value, row.outcomes["configured"].value) == ("no", "no_effect")
    assert rows(judge(), setup="svti", support="no") == []
    with pytest.raises(KeyError):
        rows(judge(), setup="svtii")


def test_the_cells_of_a_row_say_what_the_receiver_does_and_cite_why() -> None:
    (row,) = rows(judge(), setup="svti")
    assert {column: cell.value for column, cell in row.outcomes.items()} == {
        "present": "delete_over_existing_ike_sa",
        "configured": "new_ike_sa_then_delete",
        "configured-ikev2": "unknown",
        "not-configured": "no_effect",
    }
    assert "seed#S12" in {c.source for c in row.outcomes["present"].cites}
    assert row.outcomes["configured-ikev2"].cites == []


def test_the_statements_of_the_seed_are_those_of_the_document() -> None:
    kb = load()
    assert list(kb.seed) == [f"S{n}" for n in range(1, 26)]
    page = text_of("docs/seed.md")
    for number, statement in kb.seed.items():
        assert f"| {number} | {statement.text.en} |" in page


def test_coverage_tells_what_carries_and_what_shows_a_statement() -> None:
    found = {one.number: one for one in coverage(Cases(judge(), [KB]))}
    assert len(found) == 25
    assert "CSCvp16730" in found["S25"].carried
    assert "bugs/CSCvp16730/positive-installed" in found["S25"].shown


def test_every_statement_is_shown_by_a_case() -> None:
    whole = KB.parent / "tests" / "cases"
    assert [o.number for o in coverage(Cases(judge(), [KB]), whole) if "case" in o.gaps] == []


def test_the_schema_takes_every_shipped_file_and_refuses_an_unknown_field() -> None:
    examined = examine()
    documents = {path: d.data for path, d in examined.layers[0].documents.items()}
    checker = jsonschema.Draft202012Validator(schema())
    assert [e.message for e in checker.iter_errors(documents)] == []
    assert all(
        any(_matches(pattern, path) for path in documents) for pattern in FILES if "releases" not in pattern
    )
    wrong = {"bugs/CSCzz00001/rule.yaml": {**documents["bugs/CSCvp16730/rule.yaml"], "colour": "red"}}
    assert not checker.is_valid(wrong)


def _matches(pattern: str, path: str) -> bool:
    import re

    return re.search(pattern, path) is not None


def test_a_comparison_names_changed_entries_and_what_changes_in_cases(tmp_path: Path) -> None:
    condition = """\
spi-first-octet-ff:
  of: flow
  title: {en: Narrower, ko: 좁힘}
  yes: {field: spi, range: ["0xFFFF0000", "0xFFFFFFFF"]}
  statement: stated
  source: seed#S25
"""
    new = load(None, [overlay(tmp_path / "kb", conditions__mine=condition)])
    assert [str(c) for c in entry_changes(load(), new)] == ["conditions: spi-first-octet-ff: old -> changed"]
    shutil.copytree(KB / "bugs/CSCvp16730/cases/positive-installed", tmp_path / "corpus/one")
    changes = [
        str(c) for c in case_changes(judge(), Judge(new, prefer_direct=True), cases_of(tmp_path / "corpus"))
    ]
    assert any("CSCvp16730 R1" in c and "likely -> ruled_out" in c for c in changes), changes
    assert list(case_changes(judge(), judge(), cases_of(tmp_path / "corpus"))) == []


def test_a_case_that_fails_or_is_missing_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "bugs/CSCvp16730/cases/positive-wrong"
    shutil.copytree(KB / "bugs/CSCvp16730/cases/positive-installed", folder)
    (folder / "expect.yaml").write_text("verdicts: {CSCvp16730: possible}\n", encoding="utf-8")
    result = Cases(judge(), [KB, tmp_path]).run("bugs", "CSCvp16730")
    assert result.counts == {"positive": 1, "negative": 0, "unknown": 0}
    assert result.failures == [
        "CSCvp16730: no negative case",
        "CSCvp16730: no unknown case",
        "CSCvp16730/positive-wrong: a positive case expects confirmed or likely, not possible",
        "CSCvp16730/positive-wrong: CSCvp16730 is likely, expected possible",
    ]


@pytest.mark.parametrize(
    "text", [None, "", "- a list", "a: [", "verdicts: {other: likely}", "verdicts: likely"]
)
def test_an_expectation_that_says_nothing_is_told(tmp_path: Path, text: str | None) -> None:
    folder = tmp_path / "positive-x"
    folder.mkdir()
    (folder / "r1.txt").write_text("R1#show clock\n", encoding="utf-8")
    if text is not None:
        (folder / "expect.yaml").write_text(text, encoding="utf-8")
    assert Cases(judge(), []).failures(Case("bugs", "CSCvp16730", folder))


def test_a_case_beside_nothing_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "causes/no-such-cause/cases/positive-x"
    folder.mkdir(parents=True)
    (folder / "r1.txt").write_text("x\n", encoding="utf-8")
    assert list(Cases(judge(), [tmp_path]).strays()) == [
        "no-such-cause/positive-x: there is no no-such-cause in causes"
    ]


def test_an_entry_is_shown_as_written_with_what_uses_it() -> None:
    found, lever = written(examine(), "IKE-SA")
    assert found.lines[0] == "ike-sa:"
    assert found.lines[1] == "  of: flow"
    assert {"ike-sa-lost", "table outcome"} <= set(found.users)
    assert (lever.part, lever.lines[0]) == ("plan-levers", "ike-sa:")


def test_what_parsers_give_is_read_off_their_code() -> None:
    assert {"ipsec-sa", "isakmp-sa", "ikev2-sa", "qfp-feature-drops", "running-config"} <= families()
    assert {"inv-spi", "ipsec-sa", "ike-sa", "coverage"} <= fact_kinds() <= set(FACTS)


def test_a_formula_has_as_many_ways_as_it_can_be_true_in() -> None:
    assert ways(All((A, Either((A, B))))) == 2
    assert ways(All((A, Not(A)))) == 0
    assert ways(All((RED, BLUE))) == 0
    assert ways(All((Not(RED), Not(BLUE)))) == 0  # it has one of its values
    assert ways(All((RED, Not(BLUE)))) == 1
    assert ways(Not(Either((A, Not(A))))) == 0
    assert ways(All((A, B)), never=frozenset({(B, True)})) == 0


def test_derived_names_are_written_out() -> None:
    rules = {B: Rule(B, Not(A), "b")}
    assert ways(All((A, B)), rules=rules) == 0
    assert ways(All((A, Not(B))), rules=rules) == 1


def test_too_many_ways_are_not_looked_through() -> None:
    pairs = tuple(Either((Atom(f"x{n}"), Atom(f"y{n}"))) for n in range(20))
    with pytest.raises(TooManyError):
        ways(All(pairs))
