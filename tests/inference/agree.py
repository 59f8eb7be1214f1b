"""Do the two engines agree? `python -m tests.inference.agree FIRST COUNT [--mutate NAME]`.

Closes COUNT random rule sets, from seed FIRST on, under random truths with both engines and compares truths, proofs
and verdicts. Prints one line of figures and ends with status 0, or the first difference and status 1. It is a process
of its own because rulesets are never given back: a few hundred rule sets each.

`--mutate` breaks the compiler on purpose, to show that the comparison would notice.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from random import Random
from typing import get_args

from engine.inference import compiler, durable_backend
from engine.inference.closure import Closure
from engine.inference.compiler import Clause, Literal
from engine.inference.direct import Direct, evaluate
from engine.inference.durable_backend import Durable
from engine.inference.formula import Atom, Rule
from engine.inference.verdict import Grounds, Verdict, decide
from tests.inference.random_rules import ROLES, rule_set, truths

SUBJECTS = 6
GROUNDS = ("excluded", "release_clear", "signature", "release_affected", "proof", "some_for", "some_against")


def only_yes(clause: Clause) -> Clause | None:
    return clause if clause.head.truth else None


def only_no(clause: Clause) -> Clause | None:
    return None if clause.head.truth else clause


def forget_last_condition(clause: Clause) -> Clause | None:
    body = clause.body[:-1] or clause.body
    return Clause(clause.number, clause.head, body, clause.source)


def confuse_first_condition(clause: Clause) -> Clause | None:
    first = clause.body[0].opposite()
    return Clause(clause.number, clause.head, (first, *clause.body[1:]), clause.source)


def break_chains(clause: Clause) -> Clause | None:
    return None if len(clause.body) == compiler.MAX_CONDITIONS else clause


MUTATIONS: dict[str, Callable[[Clause], Clause | None]] = {
    "only-yes": only_yes,
    "only-no": only_no,
    "forget-last-condition": forget_last_condition,
    "confuse-first-condition": confuse_first_condition,
    "break-chains": break_chains,
}


ROUTES = "only-first-route"


def mutate(name: str) -> None:
    """Make the compiler emit changed clauses, or route each literal to one ruleset only."""
    if name == ROUTES:
        route = compiler._route
        compiler._route = lambda *of: {literal: to[:1] for literal, to in route(*of).items()}
        return
    change = MUTATIONS[name]
    emit = compiler._Builder._emit

    def changed(self: compiler._Builder, head: Literal, body: list[Literal]) -> None:
        emit(self, head, body)
        clause = change(self.clauses.pop())
        if clause is not None:
            self.clauses.append(clause)

    compiler._Builder._emit = changed  # type: ignore[method-assign]


def verdict(closure: Closure, rules: tuple[Rule, ...], number: int) -> Verdict:
    """A verdict whose grounds are heads of the rule set, cut where it has too few."""
    heads = sorted({rule.head for rule in rules}, key=str)
    picked = [heads[(number + step) % len(heads)] for step in range(len(GROUNDS))]
    known = dict(zip(GROUNDS, (closure.truths.get(head) for head in picked), strict=True))
    return decide(Grounds(kind=("bug", "cause")[number % 2], **known))  # type: ignore[arg-type]


def difference(rules: tuple[Rule, ...], facts: dict[Atom, bool], durable: Closure, direct: Closure) -> str:
    """What the engines do not agree on, "" where they agree."""
    always = Direct(rules).truths({})  # a proof may leave out what holds whatever is known
    if durable.truths != direct.truths:
        heads = [
            rule.head for rule in rules if durable.truths.get(rule.head) is not direct.truths.get(rule.head)
        ]
        return f"truth of {', '.join(map(str, heads))} under {facts}"
    if set(durable.proofs) != set(durable.truths.items()):
        return "a truth without exactly one proof"
    for closure in (durable, direct):
        for proof in closure.proofs.values():
            rule = next(rule for rule in rules if rule.head == proof.head)
            if (
                evaluate(rule.body, always | dict(proof.because)) is not proof.truth
                or proof.rule != rule.source
            ):
                return f"a proof that does not prove {proof.head}"
            if not facts.items() | closure.truths.items() >= set(proof.because):
                return f"a proof of {proof.head} from what is not known"
    return ""


def compare(seed: int) -> str:
    """The first difference on one rule set, "" where there is none."""
    rules = rule_set(seed)
    direct, durable = Direct(rules), Durable(rules, ROLES)
    random = Random(seed)
    for number in range(SUBJECTS):
        facts = truths(random, rules)
        ours, theirs = durable.close(facts), direct.close(facts)
        found = difference(rules, facts, ours, theirs)
        # an empty part is a constant for the compiler, and a step that needs no fact for the direct reading
        if not found and seed % 2 == 0 and ours.proofs != theirs.proofs:
            found = "proofs that read differently"
        if not found and direct.truths(facts) != theirs.truths:
            found = "the hypothetical answer of the second engine and its answer with proofs"
        if not found and (
            verdict(ours, rules, number) not in get_args(Verdict)
            or verdict(ours, rules, number) != verdict(theirs, rules, number)
        ):
            found = "verdict"
        if found:
            return f"seed {seed}: {found}"
    return ""


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("first", type=int)
    arguments.add_argument("count", type=int)
    arguments.add_argument("--mutate", choices=(*MUTATIONS, ROUTES))
    options = arguments.parse_args()
    if options.mutate:
        mutate(options.mutate)
    start = time.perf_counter()
    for seed in range(options.first, options.first + options.count):
        try:
            found = compare(seed)
        except durable_backend.BackendFault as fault:
            found = f"seed {seed}: {fault}"
        if found:
            print(found)
            return 1
    seconds = time.perf_counter() - start
    print(
        f"{options.count} rule sets, {options.count * SUBJECTS} subjects, {seconds:.1f} s: the engines agree"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
