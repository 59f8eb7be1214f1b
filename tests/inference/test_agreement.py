from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.durable

ROOT = Path(__file__).parents[2]
MUTATIONS = (
    "only-yes",
    "only-no",
    "forget-last-condition",
    "confuse-first-condition",
    "break-chains",
    "only-first-route",
)


def run(*arguments: str) -> tuple[int, str]:
    """Status and output of one of the scripts beside this file. A crash of the library is a negative status."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    return done.returncode, done.stdout + done.stderr


def compare(first: int, count: int, per_process: int) -> None:
    """Rule sets from `first` on, two processes at a time."""
    starts = range(first, first + count, per_process)
    with ThreadPoolExecutor(2) as pool:
        results = list(
            pool.map(lambda start: run("tests.inference.agree", str(start), str(per_process)), starts)
        )
    print(*(output.strip() for _, output in results), sep="\n")
    assert [output for status, output in results if status] == []


def test_the_engines_agree_on_500_random_rule_sets() -> None:
    compare(0, 500, 250)


@pytest.mark.slow
def test_the_engines_agree_on_10_000_random_rule_sets() -> None:
    compare(1000, 10_000, 250)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_wrong_compiler_does_not_go_unnoticed(mutation: str) -> None:
    status, output = run("tests.inference.agree", "0", "200", "--mutate", mutation)
    assert status == 1, output
    assert output.startswith("seed "), output


def test_5_000_subjects_in_one_process_leave_memory_as_it_was() -> None:
    status, output = run("tests.inference.soak", "5000")
    print(output)
    assert status == 0, output


@pytest.mark.slow
def test_200_000_subjects_in_one_process_leave_memory_as_it_was() -> None:
    status, output = run("tests.inference.soak", "200000")
    print(output)
    assert status == 0, output
