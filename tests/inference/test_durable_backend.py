from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any as Anything

import pytest

from engine.inference import durable_backend
from engine.inference.closure import Closure, Proof
from engine.inference.compiler import MAX_CLAUSES
from engine.inference.direct import Direct
from engine.inference.durable_backend import BackendFault, Durable, DurableUnavailable
from engine.inference.formula import All, Any, Atom, Not, Rule

pytestmark = pytest.mark.durable

ROOT = Path(__file__).parents[2]
PERSISTENT, INSTALLED = Atom("flow-persistent"), Atom("spi-installed-inbound")
FIRST_OCTET, ABSENT = Atom("spi-first-octet-ff"), Atom("ike-sa", "absent")
PROVEN, SIGNATURE = Atom("desync-proven"), Atom("signature")
RULES = (
    Rule(SIGNATURE, All((FIRST_OCTET, Any((PERSISTENT, Not(INSTALLED))), ABSENT)), "CSCxx00001"),
    Rule(PROVEN, All((SIGNATURE, Not(INSTALLED))), "desync"),
)
ROLES = {"flow-persistent": "flow", "spi-installed-inbound": "receiver", "ike-sa": "pair"}
FACTS = {FIRST_OCTET: True, INSTALLED: False, ABSENT: True}


def python(script: str) -> str:
    """Output of a script in a process of its own."""
    command = [sys.executable, "-W", "error", "-c", script]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def library() -> Anything:
    return durable_backend._library()


def test_a_proof_names_only_conditions_and_heads() -> None:
    closure = Durable(RULES, ROLES).close(FACTS)
    assert closure.truths == {SIGNATURE: True, PROVEN: True}
    assert closure.proofs == {
        (SIGNATURE, True): Proof(
            SIGNATURE, True, "CSCxx00001", ((FIRST_OCTET, True), (INSTALLED, False), (ABSENT, True))
        ),
        (PROVEN, True): Proof(PROVEN, True, "desync", ((SIGNATURE, True), (INSTALLED, False))),
    }


def test_facts_say_of_which_role_what_is_observed(library: Anything, monkeypatch: pytest.MonkeyPatch) -> None:
    asserted: list[dict[str, str]] = []
    real = library.Ruleset.assert_fact

    def spy(self: Anything, fact: dict[str, str]) -> Anything:
        asserted.append({field: fact[field] for field in ("of", "is", "truth")})
        return real(self, fact)

    monkeypatch.setattr(library.Ruleset, "assert_fact", spy)
    Durable(RULES, ROLES).close({INSTALLED: False, ABSENT: False, PERSISTENT: True})
    assert asserted[0] == {"of": "session", "is": "open", "truth": "yes"}
    assert {"of": "receiver", "is": "spi-installed-inbound", "truth": "no"} in asserted
    assert {"of": "pair", "is": "ike-sa", "truth": "not absent"} in asserted
    assert {"of": "flow", "is": "flow-persistent", "truth": "yes"} in asserted
    Durable(RULES, ROLES).close({ABSENT: True})
    assert {"of": "pair", "is": "ike-sa", "truth": "absent"} in asserted


def test_nothing_known_gives_nothing_and_no_crash() -> None:
    assert Durable(RULES, ROLES).close({}) == Closure({}, {})
    assert Durable((), {}).close({PERSISTENT: True}) == Closure({}, {})


def test_atoms_that_no_rule_uses_and_truths_of_heads_are_ignored() -> None:
    assert Durable(RULES, ROLES).close({Atom("unheard-of"): True, SIGNATURE: True}).truths == {}


def test_heads_that_always_hold_are_known_without_facts() -> None:
    always, user = Atom("always"), Atom("user")
    rules = (Rule(always, All(()), "kb"), Rule(user, Any((PERSISTENT, Not(always))), "kb"))
    closure = Durable(rules, {}).close({PERSISTENT: True})
    assert closure.truths == {always: True, user: True}
    assert closure.proofs[always, True].because == ()


def test_sessions_do_not_see_each_other() -> None:
    durable = Durable(RULES, ROLES)
    halves = ({FIRST_OCTET: True}, {INSTALLED: False}, {ABSENT: True})
    for _ in range(50):
        assert all(durable.close(half).truths == {} for half in halves)
    assert durable.close(FACTS).truths == {SIGNATURE: True, PROVEN: True}


def test_derived_facts_travel_across_rulesets() -> None:
    heads = [Atom(f"step-{n}") for n in range(4 * MAX_CLAUSES)]
    rules = [Rule(after, before, "chain") for before, after in zip([PERSISTENT, *heads], heads, strict=False)]
    closure = Durable(rules, {}).close({PERSISTENT: True})
    assert closure.truths == dict.fromkeys(heads, True)
    assert len(Durable(rules, {})._registered.program.rulesets) > 4


def test_one_fact_serves_many_clauses_at_once() -> None:
    rules = [Rule(Atom(f"head-{n}"), All((PERSISTENT, Atom(f"other-{n % 3}"))), "kb") for n in range(300)]
    facts = {Atom("other-0"): True, Atom("other-1"): True, Atom("other-2"): False, PERSISTENT: True}
    assert Durable(rules, {}).close(facts).truths == Direct(rules).truths(facts)


def test_odd_sources_are_named_in_the_proof_as_they_are() -> None:
    for source in ('a "quoted" \\ id', "한국어", "", "$state", "r$flow", "x" * 5000):
        rule = Rule(SIGNATURE, PERSISTENT, source)
        assert Durable((rule,), {}).close({PERSISTENT: True}).proofs[SIGNATURE, True].rule == source


def test_a_rule_set_is_registered_once() -> None:
    first, second = Durable(RULES, ROLES), Durable(list(RULES), dict(reversed(ROLES.items())))
    assert first._registered is second._registered


def test_it_names_its_version() -> None:
    assert Durable(RULES, ROLES).name.startswith("durable_rules ")


def test_a_swallowed_exception_is_a_fault_and_the_next_session_is_sound(
    library: Anything, monkeypatch: pytest.MonkeyPatch
) -> None:
    durable = Durable(RULES, ROLES)

    def broken(_self: Anything, name: str) -> None:
        raise ValueError(name)

    with monkeypatch.context() as patch:
        patch.setattr(library.Closure, "__getattr__", broken)
        with pytest.raises(BackendFault, match="swallowed"):
            durable.close(FACTS)
    assert durable.close(FACTS).truths == {SIGNATURE: True, PROVEN: True}


def test_a_refused_fact_is_a_fault_and_the_next_session_is_sound(
    library: Anything, monkeypatch: pytest.MonkeyPatch
) -> None:
    durable = Durable(RULES, ROLES)
    real = library.Ruleset.assert_fact

    def observed(self: Anything, fact: dict[str, str]) -> Anything:
        if fact["is"] == "ike-sa":
            raise library.MessageObservedException(fact)
        return real(self, fact)

    with monkeypatch.context() as patch:
        patch.setattr(library.Ruleset, "assert_fact", observed)
        with pytest.raises(BackendFault, match="refused a fact"):
            durable.close(FACTS)
    assert durable.close(FACTS).truths == {SIGNATURE: True, PROVEN: True}


def test_rules_that_the_library_refuses_are_reported_and_can_be_tried_again(
    library: Anything, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [Rule(Atom(f"refused-{n}"), PERSISTENT, "kb") for n in range(2 * MAX_CLAUSES)]
    real = library.durable_rules_engine.create_ruleset
    names: list[str] = []

    def refuse_second(name: str, definition: str) -> Anything:
        names.append(name)
        if len(names) == 2:
            raise ValueError("error 304")
        return real(name, definition)

    monkeypatch.setattr(library.durable_rules_engine, "create_ruleset", refuse_second)
    with pytest.raises(DurableUnavailable, match="refuses the rules: error 304"):
        Durable(rules, {})
    assert len(Durable(rules, {}).close({PERSISTENT: True}).truths) == len(rules)


def test_a_session_that_cannot_be_forgotten_is_a_fault(
    library: Anything, monkeypatch: pytest.MonkeyPatch
) -> None:
    durable = Durable(RULES, ROLES)
    real = library.Ruleset.delete_state

    def delete(self: Anything, sid: str) -> None:
        real(self, sid)
        raise ValueError("error 309")

    with monkeypatch.context() as patch:
        patch.setattr(library.Ruleset, "delete_state", delete)
        with pytest.raises(BackendFault, match="cannot forget a session: error 309"):
            durable.close(FACTS)
    assert durable.close(FACTS).truths == {SIGNATURE: True, PROVEN: True}


def test_a_firing_with_facts_of_another_clause_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    durable = Durable(RULES, ROLES)
    monkeypatch.setattr(durable._registered, "literals", {})
    with pytest.raises(BackendFault, match="facts that it does not name"):
        durable.close(FACTS)


def test_every_opened_session_is_deleted_even_after_an_interrupt(
    library: Anything, monkeypatch: pytest.MonkeyPatch
) -> None:
    durable = Durable(RULES, ROLES)
    deleted: list[str] = []
    real_delete, real_assert = library.Ruleset.delete_state, library.Ruleset.assert_fact

    def delete(self: Anything, sid: str) -> None:
        deleted.append(sid)
        real_delete(self, sid)

    def interrupted(self: Anything, fact: dict[str, str]) -> Anything:
        if fact["is"] == "ike-sa":
            raise KeyboardInterrupt
        return real_assert(self, fact)

    monkeypatch.setattr(library.Ruleset, "delete_state", delete)
    durable.close(FACTS)
    assert len(deleted) == 1
    with monkeypatch.context() as patch:
        patch.setattr(library.Ruleset, "assert_fact", interrupted)
        with pytest.raises(KeyboardInterrupt):
            durable.close(FACTS)
    assert len(deleted) == 2
    assert durable.close(FACTS).truths == {SIGNATURE: True, PROVEN: True}


def test_a_system_clock_that_is_set_meanwhile_loses_no_firing(
    library: Anything, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(1_000_000))

    def now() -> datetime:
        return datetime(2026, 1, 1) + timedelta(hours=next(ticks))  # noqa: DTZ001  as the library has it

    leaping = SimpleNamespace(now=now, utcfromtimestamp=lambda _: datetime(1970, 1, 1))  # noqa: DTZ001  likewise
    monkeypatch.setattr(library, "datetime", SimpleNamespace(datetime=leaping))
    assert Durable(RULES, ROLES).close(FACTS).truths == {SIGNATURE: True, PROVEN: True}


def test_threads_wait_for_each_other() -> None:
    durable, direct = Durable(RULES, ROLES), Direct(RULES)
    subjects = [
        {atom: bool(n >> bit & 1) for bit, atom in enumerate((FIRST_OCTET, INSTALLED, ABSENT, PERSISTENT))}
        for n in range(16)
    ] * 20
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(durable.close, subjects))
    assert [answer.truths for answer in answers] == [direct.truths(subject) for subject in subjects]


def test_the_host_starts_no_thread() -> None:
    Durable(RULES, ROLES).close(FACTS)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_importing_the_package_does_not_import_the_library() -> None:
    script = "import sys, engine.inference.engine; print('durable' in sys.modules)"
    assert python(script) == "False\n"


@pytest.mark.parametrize("module", ["durable", "durable_rules_engine"])
def test_a_library_that_does_not_load_is_reported_as_unavailable(module: str) -> None:
    script = f"""
import sys
sys.modules[{module!r}] = None
from engine.inference.durable_backend import Durable, DurableUnavailable
from engine.inference.formula import Atom, Rule
try:
    Durable((Rule(Atom("h"), Atom("a"), "kb"),), {{}})
except DurableUnavailable as error:
    print(str(error).startswith("durable_rules cannot be loaded"))
"""
    assert python(script) == "True\n"


def test_a_session_raises_no_warning() -> None:
    script = """
from engine.inference.durable_backend import Durable
from engine.inference.formula import Atom, Rule
print(Durable((Rule(Atom("h"), Atom("a"), "kb"),), {}).close({Atom("a"): True}).truths[Atom("h")])
"""
    assert python(script) == "True\n"
