from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from engine.inference.compiler import (
    MAX_CLAUSES,
    MAX_CONDITIONS,
    MAX_LITERALS,
    Literal,
    Program,
    compile_rules,
    fnv1a,
    reserved_hashes,
)
from engine.inference.direct import Direct
from engine.inference.formula import All, Any, Atom, Formula, Not, Rule
from engine.inference.order import RuleError

ROOT = Path(__file__).parents[2]
A, B, C = Atom("a"), Atom("b"), Atom("c")
H = Atom("h")


def listed(*rules: Rule) -> list[str]:
    """Clauses in the notation of the module's docstring."""

    def word(literal: Literal) -> str:
        return literal.proposition if literal.truth else f"no {literal.proposition}"

    return [
        f"{word(clause.head)} <- {', '.join(word(literal) for literal in clause.body)}"
        for clause in compile_rules(rules).clauses
    ]


def forward(program: Program, facts: dict[Atom, bool]) -> dict[Atom, bool]:
    """Forward chaining in the plainest way, so that the compiler is tested without durable_rules."""
    known = {Literal(name, truth) for name, truth in program.constants.items()}
    known |= {Literal(name, facts[atom]) for atom, name in program.leaves.items() if atom in facts}
    while True:
        new = {c.head for c in program.clauses if c.head not in known and known.issuperset(c.body)}
        if not new:
            break
        known |= new
    return {program.heads[name]: truth for name, truth in known if name in program.heads}


def test_a_nested_formula_compiles_in_both_polarities_through_a_helper() -> None:
    assert listed(Rule(H, All((A, Not(Any((B, C))))), "kb")) == [
        "no h#1 <- no b, no c",
        "h#1 <- b",
        "h#1 <- c",
        "h <- a, no h#1",
        "no h <- no a",
        "no h <- h#1",
    ]


def test_a_single_atom_and_its_negation_need_no_helper() -> None:
    assert listed(Rule(H, A, "kb")) == ["h <- a", "no h <- no a"]
    assert listed(Rule(H, Not(A), "kb")) == ["h <- no a", "no h <- a"]
    assert listed(Rule(H, Not(Not(A)), "kb")) == ["h <- a", "no h <- no a"]


def test_a_repeated_part_is_one_condition() -> None:
    assert listed(Rule(H, All((A, A)), "kb")) == ["h <- a", "no h <- no a"]


def test_values_of_a_category_are_propositions_of_their_own() -> None:
    assert listed(Rule(H, Any((Atom("ike-sa", "absent"), A)), "kb")) == [
        "no h <- no ike-sa=absent, no a",
        "h <- ike-sa=absent",
        "h <- a",
    ]


@pytest.mark.parametrize("size", [13, 14, 15, 27, 28, 40, 100])
def test_long_conjunctions_are_chained_and_hold_only_when_every_part_does(size: int) -> None:
    parts = tuple(Atom(f"c{n}") for n in range(size))
    for body, wanted in ((All(parts), True), (Any(parts), False)):
        program = compile_rules([Rule(H, body, "kb")])
        assert max(len(clause.body) for clause in program.clauses) <= MAX_CONDITIONS
        facts = dict.fromkeys(parts, wanted)
        assert forward(program, facts) == {H: wanted}
        for part in (parts[0], parts[12], parts[size // 2], parts[-1]):
            assert forward(program, facts | {part: not wanted}) == {H: not wanted}
            assert forward(program, {atom: wanted for atom in parts if atom != part}) == {}


def test_constants_are_folded_away_wherever_they_stand() -> None:
    true, false = All(()), Any(())
    cases: list[tuple[Formula, bool | None]] = [
        (true, True),
        (false, False),
        (Not(true), False),
        (All((true, true)), True),
        (All((A, false)), False),
        (Any((A, true)), True),
        (Any((false, Not(true))), False),
        (All((A, true)), None),
        (Any((false, A)), None),
    ]
    for body, truth in cases:
        program = compile_rules([Rule(H, body, "kb"), Rule(Atom("g"), All((H, B)), "kb")])
        assert program.constants.get("h") is truth
        assert forward(program, {B: True}).get(H) is truth
        assert forward(program, {A: True, B: True}) == Direct(
            [Rule(H, body, "kb"), Rule(Atom("g"), All((H, B)), "kb")]
        ).truths({A: True, B: True})


def test_the_clauses_of_a_large_rule_set_stay_inside_the_limits_of_the_library() -> None:
    rules = [Rule(Atom(f"h{n}"), All(tuple(Atom(f"c{n}-{m}") for m in range(30))), "kb") for n in range(40)]
    rules += [Rule(Atom(f"g{n}"), Any((Atom(f"h{n}"), Atom(f"h{n + 1}"))), "kb") for n in range(39)]
    program = compile_rules(rules)
    assert [number for ruleset in program.rulesets for number in ruleset] == list(range(len(program.clauses)))
    for index, ruleset in enumerate(program.rulesets):
        literals = {literal for number in ruleset for literal in program.clauses[number].body}
        assert len(ruleset) + 1 <= MAX_CLAUSES
        assert len(literals) <= MAX_LITERALS
        assert literals == {literal for literal, routes in program.routes.items() if index in routes}


def test_ids_and_names_never_share_a_hash() -> None:
    rules = [Rule(Atom(f"h{n}"), All((Atom(f"c{n}"), Atom(f"d{n}"))), "kb") for n in range(3000)]
    ids = compile_rules(rules).ids
    hashes = [fnv1a(identity) for identity in ids.values()]
    assert len(ids) == 12_000
    assert len(set(hashes) | reserved_hashes()) == len(hashes) + len(reserved_hashes())


def test_the_hash_is_fnv_1a_of_32_bits() -> None:
    # vectors of the FNV reference page (Fowler, Noll, Vo)
    assert [fnv1a(""), fnv1a("a"), fnv1a("foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]


@pytest.mark.parametrize(
    "word", ["", "two words", 'quo"te', "back\\slash", "a#1", "a=b", "é", "tab\t", "nul\0"]
)
def test_words_that_leave_the_safe_characters_are_refused(word: str) -> None:
    for rule in (Rule(Atom(word), A, "kb"), Rule(H, Atom(word), "kb"), Rule(H, Atom("a", word), "kb")):
        with pytest.raises(RuleError, match="no condition name or value"):
            compile_rules([rule])


def test_a_condition_is_yes_or_no_or_a_category_but_not_both() -> None:
    with pytest.raises(RuleError, match="both as a yes/no condition and with a value"):
        compile_rules([Rule(H, All((Atom("a"), Atom("a", "x"))), "kb")])


def test_a_program_is_the_same_in_every_process() -> None:
    script = (
        "from tests.inference.random_rules import rule_set\n"
        "from engine.inference.compiler import compile_rules\n"
        "print([compile_rules(rule_set(seed)) for seed in range(8)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1


def test_forward_chaining_over_the_clauses_is_kleenes_logic() -> None:
    rules = [
        Rule(H, Any((All((A, Not(B))), Not(Any((C, All((B, Not(A)))))))), "kb"),
        Rule(Atom("g"), All((H, Any((A, B)), Not(C))), "kb"),
    ]
    program, direct = compile_rules(rules), Direct(rules)
    for values in product((True, False, None), repeat=3):
        facts = {atom: value for atom, value in zip((A, B, C), values, strict=True) if value is not None}
        assert forward(program, facts) == direct.truths(facts)
