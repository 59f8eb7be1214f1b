from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Literal

import pytest

from engine.inference.closure import Closure
from engine.inference.direct import Direct
from engine.inference.engine import Disagreement
from engine.inference.formula import All, Any, Atom, Not, Rule, atoms
from engine.inference.layered import PACK, Layered
from engine.inference.needs import needs
from tests.inference.random_rules import ROLES, formula, rule_set, truths

A, B, C = Atom("a"), Atom("b"), Atom("c")
CORE = (Rule(Atom("table", "x"), All((A, B)), "core"),)


class Told:
    """Groups of one rule each, chosen by what the rule needs for a yes; every group is of the kind "flow"."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        self.by_name = {name: tuple(group) for name, group in rules.items()}

    def rules(self, name: str) -> tuple[Rule, ...]:
        return self.by_name.get(name, ())

    def chosen(self, known: Mapping[Atom, bool], kind: str | None) -> list[str]:
        literals = set(known.items())
        ways = {name: [needs(rule.body, True) for rule in rules] for name, rules in self.by_name.items()}
        return [
            name
            for name, of_group in ways.items()
            if kind in {None, "flow"} and any(not any(map(literals.isdisjoint, way)) for way in of_group)
        ]


def one_rule_each(bodies: Mapping[str, Any | All | Not | Atom]) -> Told:
    return Told({name: (Rule(Atom(f"sign:{name}"), body, name),) for name, body in bodies.items()})


def layered(groups: Told, prefer: Literal["durable", "direct"] = "direct") -> Layered:
    return Layered(CORE, groups, ROLES, prefer=prefer)


def random_layers(seed: int) -> tuple[tuple[Rule, ...], Told]:
    """A random core, and random groups over its leaves and heads."""
    random = Random(seed)
    core = rule_set(seed, heads=5, depth=2)
    pool = sorted({atom for rule in core for atom in (rule.head, *atoms(rule.body))}, key=str)
    groups = {
        f"g{n}": [
            Rule(Atom(f"{ground}:g{n}"), formula(random, pool, 3, empty=bool(seed % 2)), f"g{n}")
            for ground in ("signature", "for", "against")[: random.randint(1, 3)]
        ]
        for n in range(random.randint(1, 12))
    }
    return core, Told(groups)


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_asked_the_answer_is_that_of_full_inference(seed: int) -> None:
    core, groups = random_layers(seed)
    everything = (*core, *(rule for rules in groups.by_name.values() for rule in rules))
    full, some = Direct(everything), Layered(core, groups, ROLES, prefer="direct")
    random = Random(seed)
    for _ in range(5):
        facts = truths(random, everything)
        expected, closure, supposed = full.close(facts), some.close(facts, "flow"), some.suppose(facts)
        for rule in everything:
            truth = expected.truths.get(rule.head)
            assert closure.truths.get(rule.head) is truth
            assert supposed.truths.get(rule.head) is truth
            if truth is not None:
                assert closure.proofs[rule.head, truth] == expected.proofs[rule.head, truth]
        # What was not chosen had nothing to say.
        said = {
            name for name in groups.by_name for rule in groups.rules(name) if expected.truths.get(rule.head)
        }
        assert said <= set(closure.groups)


@pytest.mark.durable
def test_the_chosen_groups_are_inferred_by_durable_rules() -> None:
    some = layered(one_rule_each({"one": All((Atom("table", "x"), C)), "two": Not(C)}), prefer="durable")
    closure = some.close({A: True, B: True, C: True})
    assert some.engine.startswith("durable_rules ")
    assert closure.groups == ("one",)
    assert dict(closure.truths) == {Atom("table", "x"): True, Atom("sign:one"): True}
    assert closure.proofs[Atom("sign:one"), True].because == ((Atom("table", "x"), True), (C, True))
    assert closure.truths.get(Atom("sign:two")) is False
    assert some.disagreements == []


def test_only_what_is_chosen_is_handed_over_and_only_once() -> None:
    groups = one_rule_each({f"g{n}": Atom(f"sign-{n}") for n in range(1000)})
    some = layered(groups)
    assert some.handed == len(CORE)
    some.close({Atom("sign-7"): True})
    assert some.handed == len(CORE) + 1
    some.close({Atom("sign-7"): True, A: True})
    assert some.handed == len(CORE) + 1
    some.close({Atom(f"sign-{n}"): True for n in range(7, 7 + PACK + 1)})
    assert some.handed == len(CORE) + PACK + 1
    assert len(some._packs) == 2


def test_groups_that_are_asked_for_are_inferred_whatever_is_known() -> None:
    some = layered(one_rule_each({"one": A, "two": B}))
    assert some.close({}).groups == ()
    assert some.close({}, also=("two",)).groups == ("two",)
    assert some.close({A: True}, "device", also=("two",)).groups == ("two",)


def test_the_same_truths_are_closed_once() -> None:
    some = layered(one_rule_each({"one": A}))
    first = some.close({A: True}, "flow")
    assert some.close({A: True}, "flow") is first
    assert some.close({A: True}) is not first


def test_an_unknown_head_is_no_answer() -> None:
    closure = layered(one_rule_each({"one": A})).close({B: True})
    assert closure.truths.get(Atom("sign:one")) is None
    assert closure.truths.get(Atom("nothing")) is None
    assert closure.truths.get(Atom("nothing"), default := True) is default
    with pytest.raises(KeyError):
        closure.truths[Atom("sign:one")]


def test_what_the_engines_dispute_stays_unknown_and_is_told() -> None:
    some = layered(one_rule_each({"one": A, "two": A}))
    some.close({A: True})

    class Wrong:
        name = "durable_rules 0"

        def close(self, _: Mapping[Atom, bool]) -> Closure:
            return Closure({Atom("sign:two"): True}, {})

    [pack] = some._packs
    pack._durable = Wrong()  # type: ignore[assignment]
    facts = {A: True, B: False}
    pack._memo.clear()
    closure = some.close(facts)
    assert closure.truths.get(Atom("sign:one")) is None
    assert closure.truths.get(Atom("sign:two")) is True
    [dispute] = some.disputes(facts)
    assert isinstance(dispute, Disagreement)
    assert dispute.atom == Atom("sign:one")
    assert some.disputes({A: False}) == []
