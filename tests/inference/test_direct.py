from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inference.closure import Proof
from engine.inference.direct import Direct, evaluate
from engine.inference.formula import All, Any, Atom, Formula, Not, Rule, Truth
from engine.inference.order import MAX_DEPTH, RuleError, order

LEAVES = tuple(Atom(name) for name in "abcd")
A, B, C, D = LEAVES
H, G = Atom("h"), Atom("g")

formulas = st.recursive(
    st.sampled_from(LEAVES),
    lambda part: (
        st.builds(Not, part)
        | st.lists(part, max_size=4).map(lambda parts: All(tuple(parts)))
        | st.lists(part, max_size=4).map(lambda parts: Any(tuple(parts)))
    ),
    max_leaves=12,
)
knowledge = st.dictionaries(st.sampled_from(LEAVES), st.booleans())


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_all_and_any_follow_kleenes_strong_tables(
    left: Truth, right: Truth, both: Truth, either: Truth
) -> None:
    facts = {atom: truth for atom, truth in ((A, left), (B, right)) if truth is not None}
    for parts in ((A, B), (B, A)):
        assert evaluate(All(parts), facts) is both
        assert evaluate(Any(parts), facts) is either


def test_not_exchanges_yes_and_no_and_leaves_unknown() -> None:
    assert evaluate(Not(A), {A: True}) is False
    assert evaluate(Not(A), {A: False}) is True
    assert evaluate(Not(A), {}) is None


def test_an_empty_all_is_true_and_an_empty_any_is_false() -> None:
    assert evaluate(All(()), {}) is True
    assert evaluate(Any(()), {}) is False


@given(formulas, knowledge)
def test_what_is_known_holds_however_the_unknown_turns_out(formula: Formula, facts: dict[Atom, bool]) -> None:
    truth = evaluate(formula, facts)
    if truth is None:
        return
    unknown = [atom for atom in LEAVES if atom not in facts]
    for completion in product((True, False), repeat=len(unknown)):
        assert evaluate(formula, facts | dict(zip(unknown, completion, strict=True))) is truth


@given(formulas, knowledge)
def test_with_everything_known_nothing_is_unknown(formula: Formula, facts: dict[Atom, bool]) -> None:
    everything = dict.fromkeys(LEAVES, False) | facts
    assert evaluate(formula, everything) is not None


@given(formulas, knowledge)
def test_a_proof_alone_proves_its_head_and_uses_only_what_is_known(
    formula: Formula, facts: dict[Atom, bool]
) -> None:
    closure = Direct([Rule(H, formula, "kb")]).close(facts)
    for (head, truth), proof in closure.proofs.items():
        assert closure.truths[head] is truth
        assert facts.items() >= set(proof.because)
        assert evaluate(formula, dict(proof.because)) is truth


def test_rules_are_evaluated_after_the_rules_they_need_in_whatever_order_they_come() -> None:
    first, second = Rule(H, Any((A, B)), "row"), Rule(G, All((Not(H), C)), "kb")
    facts = {A: False, B: False, C: True}
    for rules in ((first, second), (second, first)):
        assert [rule.head for rule in order(rules)] == [H, G]
        closure = Direct(rules).close(facts)
        assert closure.truths == {H: False, G: True}
        assert closure.proofs[G, True] == Proof(G, True, "kb", ((H, False), (C, True)))


def test_a_truth_given_for_a_head_is_not_looked_at() -> None:
    direct = Direct([Rule(H, A, "kb"), Rule(G, H, "kb")])
    assert direct.truths({H: True}) == {}
    assert direct.truths({H: True, A: False}) == {H: False, G: False}


def test_one_known_part_of_an_any_is_proof_enough() -> None:
    closure = Direct([Rule(H, Any((A, All((B, C)), D)), "kb")]).close({B: True, C: True, D: True})
    assert closure.proofs[H, True].because == ((B, True), (C, True))


def test_a_circle_of_rules_is_named() -> None:
    rules = [Rule(H, All((G, A)), "kb"), Rule(G, Not(Atom("f")), "kb"), Rule(Atom("f"), Any((B, H)), "kb")]
    with pytest.raises(RuleError) as caught:
        order(rules)
    circle = str(caught.value).split(": ")[1].split(" needs ")
    assert circle[0] == circle[-1]
    assert "h needs g needs f needs h" in " needs ".join(circle[:-1] * 2)


def test_a_rule_that_needs_itself_is_a_circle() -> None:
    with pytest.raises(RuleError, match="h needs h"):
        order([Rule(H, Any((A, H)), "kb")])


def test_a_head_derived_twice_is_refused_with_both_sources() -> None:
    with pytest.raises(RuleError, match=r"first.*second"):
        order([Rule(H, A, "first"), Rule(H, B, "second")])


def test_a_formula_nested_beyond_reading_is_refused() -> None:
    formula: Formula = A
    for _ in range(MAX_DEPTH - 1):
        formula = Not(formula)
    order([Rule(H, formula, "kb")])
    with pytest.raises(RuleError, match="deeper"):
        order([Rule(H, Not(formula), "kb")])
