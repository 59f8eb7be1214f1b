from __future__ import annotations

from random import Random

import pytest

from engine.inference.direct import evaluate
from engine.inference.formula import All, Any, Atom, Formula, Not, atoms
from engine.inference.needs import needs
from tests.inference.random_rules import formula, leaf_atoms

A, B, C = Atom("a"), Atom("b"), Atom("ike-sa", "absent")


def said(found: Formula, truth: bool) -> list[set[str]]:
    return [{f"{atom} {'yes' if wanted else 'no'}" for atom, wanted in need} for need in needs(found, truth)]


def test_a_conjunction_needs_every_part_and_its_denial_one_of_them() -> None:
    found = All((A, Any((B, Not(C)))))
    assert said(found, True) == [{"a yes"}, {"b yes", "ike-sa=absent no"}]
    assert said(found, False) == [{"a no", "b no"}]


def test_of_an_alternative_the_shortest_need_of_each_part_counts() -> None:
    assert said(Any((All((Any((A, B)), C)), Not(B))), True) == [{"ike-sa=absent yes", "b no"}]


def test_what_holds_anyhow_needs_nothing_and_what_never_holds_cannot_be_met() -> None:
    assert needs(All(()), True) == ()
    assert needs(Any((A, All(()))), True) == ()
    assert needs(Any(()), True) == (frozenset(),)
    assert needs(All((A, Any(()))), True) == (frozenset(((A, True),)), frozenset())


def test_a_need_stands_once() -> None:
    assert said(All((A, All((B, A)))), True) == [{"a yes"}, {"b yes"}]


@pytest.mark.parametrize("seed", range(300))
def test_no_formula_has_a_truth_of_which_a_need_is_not_met(seed: int) -> None:
    random = Random(seed)
    found = formula(random, leaf_atoms(random), 4, empty=bool(seed % 2))
    known = sorted(set(atoms(found)), key=str)
    for _ in range(20):
        facts = {atom: random.random() < 0.5 for atom in known if random.random() < 0.6}
        truth = evaluate(found, facts)
        literals = set(facts.items())
        for wanted in (True, False):
            met = not any(map(literals.isdisjoint, needs(found, wanted)))
            assert met or truth is not wanted
