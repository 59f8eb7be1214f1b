"""The cases hold every part of every rule in place: leave one out or invert it, and a case fails (engine.kbtools.mutate).

What no case can notice, or none notices yet, stands in mutation_survivors.txt, each line with its reason.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.inference.formula import All, Atom, Formula, Not
from engine.inference.formula import Any as AnyOf
from engine.judge import Judge
from engine.kbtools.cases import Cases
from engine.kbtools.mutate import (
    Mutant,
    Trial,
    changes_of,
    failures_of,
    killer_of,
    mutants_of,
    survivors_of,
    trial,
    trials_of,
)
from engine.kbtools.partial import differences
from engine.knowledge.load import load
from engine.observe.subject import Answered

HERE = Path(__file__).parent
KB = HERE.parents[1] / "kb"
WHOLE_CASES = sorted((HERE.parent / "cases").glob("[0-9]*/expected.json"))
LISTED = HERE / "mutation_survivors.txt"
A, B = Atom("a"), Atom("b")


@cache
def judge() -> Judge:
    return Judge(load(), prefer_direct=True)


@cache
def trials() -> list[Trial]:
    found = trials_of(Cases(judge(), [KB]))
    for path in WHOLE_CASES:
        expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if expected.get("_exit") == 2:
            continue
        found.append(
            trial(
                path.parent.name,
                [path.parent / "input"],
                judge(),
                failures=lambda document, expected=expected: differences(expected, document),  # type: ignore[misc]
                answers=[
                    Answered(name, value, "case") for name, value in expected.get("_answers", {}).items()
                ],
            )
        )
    return found


def listed() -> dict[str, str]:
    """The survivors that are known of, each with its reason."""
    lines = LISTED.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("  # ") for line in lines if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, _, reason in pairs}


def test_every_part_of_a_rule_is_held_by_a_case_or_listed_with_a_reason() -> None:
    found = set(survivors_of(judge(), trials()))
    assert not sorted(found - set(listed())), "no case notices these: write one, or list them with a reason"
    assert not sorted(set(listed()) - found), "listed as survivors, but a case notices them, or they are gone"


def test_every_listed_survivor_has_a_reason_and_stands_once() -> None:
    lines = [line for line in LISTED.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(lines) == len(listed())
    assert all(listed().values())


def test_no_case_fails_while_nothing_is_changed() -> None:
    unchanged = Mutant("bugs", "none", "nothing", {})
    failing = [t.label for t in trials() if failures_of(unchanged, t, judge())]
    assert not failing


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (A, {"drop a": AnyOf(()), "invert a": Not(A)}),
        (Not(A), {"drop not a": AnyOf(()), "invert not a": A}),
        (
            All((A, B)),
            {
                "drop a": All((B,)),
                "invert a": All((Not(A), B)),
                "drop b": All((A,)),
                "invert b": All((A, Not(B))),
            },
        ),
        (
            AnyOf((All((A,)), A)),
            {
                "drop a": AnyOf((A,)),
                "invert a": AnyOf((All((Not(A),)), A)),
                "drop a #2": AnyOf((All((A,)),)),
                "invert a #2": AnyOf((All((A,)), Not(A))),
            },
        ),
        (
            Not(AnyOf((A, B))),
            {
                "drop a": Not(AnyOf((B,))),
                "invert a": Not(AnyOf((Not(A), B))),
                "drop b": Not(AnyOf((A,))),
                "invert b": Not(AnyOf((A, Not(B)))),
            },
        ),
    ],
    ids=["atom", "negated", "all", "repeated", "within not"],
)
def test_every_leaf_is_left_out_and_inverted(body: Formula, changed: dict[str, Formula]) -> None:
    assert dict(changes_of(body)) == changed


def test_a_necessary_condition_is_named_as_it_is_written() -> None:
    assert [name for name, _ in changes_of(AnyOf((Not(A),)), necessary=True)] == ["drop a", "invert a"]


def test_what_no_case_is_about_survives() -> None:
    assert killer_of(next(mutants_of(judge())), [], judge()) is None


def test_the_names_of_mutants_are_used_once() -> None:
    names = [mutant.name for mutant in mutants_of(judge())]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("row", sorted(load().matrix.rows))
def test_a_row_of_the_matrix_that_says_something_else_is_noticed(row: str) -> None:
    changed = [m for m in mutants_of(judge()) if (m.part, m.entry) == ("matrix", row)]
    assert len(changed) == 2
    assert all(killer_of(m, trials(), judge()) for m in changed)
