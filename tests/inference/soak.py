"""Does one process stay sound? `python -m tests.inference.soak SUBJECTS`.

Closes SUBJECTS different sets of known truths under one rule set, past every memo, in one process, and checks each
answer with the second engine. Prints figures and ends with status 1 where an answer differs or memory grows.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

from engine.inference.direct import Direct
from engine.inference.durable_backend import Durable
from engine.inference.formula import All, Any, Atom, Not, Rule

WARM_UP = 2_000
GROWTH = 8 * 1024 * 1024
"""Bytes that the resident size may grow after the warm-up: allocator noise, far below one byte lost per fact."""

CONDITIONS = tuple(Atom(f"condition-{n}") for n in range(12))


def hypothesis(n: int) -> tuple[Rule, ...]:
    a, b, c, d = (CONDITIONS[(n * 5 + step) % len(CONDITIONS)] for step in (0, 1, 4, 7))
    name = f"cause-{n}"
    signature = Atom(f"{name}.signature")
    return (
        Rule(Atom(f"{name}.excluded"), Any((Not(a), Not(b))), name),
        Rule(signature, All((a, b, Any((c, Not(d))))), name),
        Rule(Atom(f"{name}.proof"), All((signature, d)), name),
        Rule(Atom(f"{name}.some-for"), Any((a, b, c)), name),
    )


RULES = tuple(rule for n in range(6) for rule in hypothesis(n))


def subject(number: int) -> dict[Atom, bool]:
    """The number in base 3: unknown, no, yes. Neighbours differ in the first conditions."""
    facts: dict[Atom, bool] = {}
    for condition in CONDITIONS:
        number, digit = divmod(number, 3)
        if digit:
            facts[condition] = digit == 2
    return facts


def resident() -> int:
    """Bytes of memory in use now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("subjects", type=int)
    subjects = arguments.parse_args().subjects
    durable, direct = Durable(RULES, {}), Direct(RULES)
    baseline = peak = 0
    start = time.perf_counter()
    for number in range(subjects):
        # spread over all 3^12 sets, each met once: 104729 is a prime other than 3
        facts = subject(number * 104_729 % 3 ** len(CONDITIONS))
        if durable.close(facts).truths != direct.truths(facts):
            print(f"subject {number}: the engines differ under {facts}")
            return 1
        if number == WARM_UP:
            baseline = resident()
        elif number > WARM_UP and number % 1000 == 0:
            peak = max(peak, resident())
    seconds = time.perf_counter() - start
    growth = peak - baseline
    print(
        f"{subjects} subjects, {len(RULES)} rules, {seconds:.0f} s, {seconds / subjects * 1e6:.0f} us each,"
        f" resident {baseline >> 10} KB after {WARM_UP}, growth at most {growth >> 10} KB"
    )
    return int(growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
