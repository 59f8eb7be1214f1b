"""Random acyclic rule sets and random truths, from a seed, for the tests that compare the two engines."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from engine.inference.formula import All, Any, Atom, Formula, Not, Rule, atoms

ROLES = {
    f"c{n}": role for n, role in enumerate(("flow", "receiver", "receiver-setup", "sender", "pair", "case"))
}
MARKS = "!$%&'()*+,-./:;<>?@[]^_`{|}~"
VALUES = (
    "absent",
    "present",
    "yes",
    "no",
    "true",
    "null",
    "0",
    "1",
    "1.0",
    "17.3.4a",
    "15.6(3)M7",
    "$s",
    "$m",
)


def leaf_atoms(random: Random) -> list[Atom]:
    """Plain conditions and categories whose names and values try what a string equality could confuse."""
    leaves = [Atom(f"c{n}") for n in range(random.choice((1, 3, 6, 12, 45)))]
    leaves += [
        Atom(f"k{random.choice(MARKS)}{n}", value) for n in range(2) for value in random.sample(VALUES, 3)
    ]
    leaves += [Atom(f"x{random.choice(MARKS)}{random.choice(MARKS)}")]
    return list(dict.fromkeys(leaves))


def formula(random: Random, pool: list[Atom], depth: int, *, empty: bool) -> Formula:
    """A formula over the atoms of `pool`; now and then one with more parts than a clause can hold."""
    choice = random.random()
    if depth == 0 or choice < 0.25:
        return random.choice(pool)
    if choice < 0.4:
        return Not(formula(random, pool, depth - 1, empty=empty))
    if random.random() < 0.1:
        parts: tuple[Formula, ...] = tuple(
            random.sample(pool, min(len(pool), random.choice((14, 15, 27, 28, 44))))
        )
    else:
        size = 0 if empty and random.random() < 0.08 else random.choice((1, 2, 2, 3, 3, 4, 5))
        parts = tuple(formula(random, pool, depth - 1, empty=empty) for _ in range(size))
    return All(parts) if random.random() < 0.5 else Any(parts)


def rule_set(seed: int, *, heads: int = 14, depth: int = 4) -> tuple[Rule, ...]:
    """An acyclic rule set in random order. Even seeds have no empty `all` or `any`."""
    random = Random(seed)
    pool = leaf_atoms(random)
    rules = []
    for n in range(random.randint(1, heads)):
        head = Atom(f"h{n}", "derived" if random.random() < 0.2 else None)
        body = formula(random, pool, random.randint(0, depth), empty=bool(seed % 2))
        rules.append(Rule(head, body, random.choice((f"CSCxx{n:05}", f'kb "{n}" \\ note\u00e9', "row#1"))))
        pool.append(head)
    random.shuffle(rules)
    return tuple(rules)


def truths(random: Random, rules: Iterable[Rule]) -> dict[Atom, bool]:
    """Known truths for some of the leaves, from none to all of them."""
    rules = tuple(rules)
    leaves = {atom for rule in rules for atom in atoms(rule.body)} - {rule.head for rule in rules}
    share = random.random() * 1.3
    yes = random.choice((0, 0.05, 0.5, 0.6, 0.95, 1))  # long conjunctions hold only where nearly all is alike
    return {atom: random.random() < yes for atom in sorted(leaves, key=str) if random.random() < share}
