from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from engine.inference.closure import Closure
from engine.inference.direct import Direct
from engine.inference.durable_backend import BackendFault, Durable
from engine.inference.engine import Disagreement, Inference, digest
from engine.inference.formula import All, Any, Atom, Not, Rule
from engine.inference.order import RuleError

ROOT = Path(__file__).parents[2]
A, B, C = Atom("a"), Atom("b"), Atom("ike-sa", "absent")
H, G = Atom("h"), Atom("g")
RULES = (Rule(H, All((A, Not(B))), "first"), Rule(G, Any((H, C)), "second"))


class Counting:
    """Stands in for durable_rules: counts the calls, answers what it is told to."""

    name = "durable_rules 0"

    def __init__(self, answer: Closure | None = None) -> None:
        self.calls = 0
        self._answer = answer

    def close(self, facts: Mapping[Atom, bool]) -> Closure:
        self.calls += 1
        return Direct(RULES).close(facts) if self._answer is None else self._answer


class Failing(Counting):
    def close(self, facts: Mapping[Atom, bool]) -> Closure:
        raise BackendFault(f"{len(facts)} facts refused")


def with_backend(backend: Counting, memo_size: int = 10) -> Inference:
    inference = Inference(RULES, {}, prefer="direct", memo_size=memo_size)
    inference._durable = backend  # type: ignore[assignment]
    return inference


@pytest.mark.durable
def test_durable_rules_decides_and_the_second_engine_agrees() -> None:
    inference = Inference(RULES, {"a": "flow"})
    closure = inference.close({A: True, B: False})
    assert inference.engine.startswith("durable_rules ")
    assert inference.unavailable is None
    assert closure == Direct(RULES).close({A: True, B: False})
    assert closure.proofs[G, True].because == ((H, True),)
    assert inference.disagreements == []


def test_the_second_engine_decides_alone_where_that_is_preferred() -> None:
    inference = Inference(RULES, {}, prefer="direct")
    assert (inference.engine, inference.unavailable) == ("direct", None)
    assert inference.close({C: True}) == Direct(RULES).close({C: True})


def test_the_second_engine_decides_alone_where_the_library_does_not_load() -> None:
    script = """
import sys
sys.modules["durable"] = None
from engine.inference.engine import Inference
from engine.inference.formula import Atom, Rule
inference = Inference((Rule(Atom("h"), Atom("a"), "kb"),), {})
print(inference.engine, inference.close({Atom("a"): True}).truths[Atom("h")], inference.unavailable)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("direct True durable_rules cannot be loaded: ")


def test_a_difference_is_recorded_once_and_left_unknown() -> None:
    facts = {A: True, B: False}
    right = Direct(RULES).close(facts)
    wrong = Closure({H: True, G: False}, {**right.proofs, (G, False): right.proofs[G, True]})
    inference = with_backend(Counting(wrong), memo_size=0)
    for _ in range(3):
        closure = inference.close(facts)
    assert closure == Closure({H: True}, {(H, True): right.proofs[H, True]})
    assert inference.disagreements == [
        Disagreement(G, False, True, digest(facts), "the two engines differ on g")
    ]


def test_a_head_that_only_one_engine_knows_is_a_difference() -> None:
    inference = with_backend(Counting(Closure({}, {})))
    assert inference.close({C: True}) == Closure({}, {})
    assert [(d.atom, d.durable, d.direct) for d in inference.disagreements] == [(G, None, True)]
    extra = Closure({H: False}, {})
    inference = with_backend(Counting(extra))
    assert inference.close({}) == Closure({}, {})
    assert [(d.atom, d.durable, d.direct) for d in inference.disagreements] == [(H, False, None)]


def test_a_fault_is_recorded_and_the_second_engine_answers() -> None:
    inference = with_backend(Failing())
    assert inference.close({C: True}) == Direct(RULES).close({C: True})
    (fault,) = inference.disagreements
    assert (fault.atom, fault.facts, fault.reason) == (None, digest({C: True}), "1 facts refused")


def test_subjects_with_the_same_relevant_truths_cost_one_session() -> None:
    backend = Counting()
    inference = with_backend(backend)
    answers = [inference.close({A: True, B: False, Atom(f"peer-{n}"): True, H: False}) for n in range(100)]
    assert backend.calls == 1
    assert all(answer is answers[0] for answer in answers)


def test_the_memo_is_bounded_and_forgets_what_was_not_used_longest() -> None:
    backend = Counting()
    inference = with_backend(backend, memo_size=2)
    for facts in ({A: True}, {A: False}, {A: True}, {B: True}, {A: True}):
        inference.close(facts)
    assert backend.calls == 3
    inference.close({A: False})
    assert backend.calls == 4
    assert len(inference._memo) == 2


def test_a_supposition_asks_the_second_engine_only() -> None:
    backend = Counting()
    inference = with_backend(backend)
    assert inference.suppose({A: True, B: False}) == Closure({H: True, G: True}, {})
    assert backend.calls == 0


def test_the_digest_does_not_depend_on_the_order_of_the_facts() -> None:
    assert digest({A: True, C: False}) == digest({C: False, A: True})
    assert digest({A: True}) != digest({A: False})
    assert digest({}) != digest({A: True})
    assert len(digest({})) == 16


def test_rules_that_cannot_be_used_are_refused_by_either_engine() -> None:
    circle = (Rule(H, G, "first"), Rule(G, H, "second"))
    for prefer in ("durable", "direct"):
        with pytest.raises(RuleError, match="circle"):
            Inference(circle, {}, prefer=prefer)


def test_both_engines_and_their_answers_can_be_written_as_json() -> None:
    disagreement = Disagreement(G, None, True, "0" * 16, "why")
    assert msgspec.json.decode(msgspec.json.encode(disagreement), type=Disagreement) == disagreement


@pytest.mark.durable
def test_a_real_session_and_a_direct_evaluation_give_the_same_proofs() -> None:
    durable, direct = Durable(RULES, {}), Direct(RULES)
    for facts in ({}, {A: True, B: False}, {A: False}, {C: False, B: True}, {C: True}):
        assert durable.close(facts) == direct.close(facts)
