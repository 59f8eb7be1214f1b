"""What a diagnosis costs when thousands of bugs are known: an overlay of invented bugs over the shipped knowledge.

    python -m benchmarks.bugs --bugs 10000

Each run is a process of its own; those with and without the overlay take turns. Timed are the load of the knowledge
(from the cache), one case with all that has to be made ready for it, and on average each of twenty further cases; in
seconds of processor, which a busy machine distorts least.
Printed is a table in Markdown (docs/performance.md) with the ratios to the shipped knowledge alone. Every answer is
checked: of each case what is said without the overlay is said with it, and in the first case of the invented bugs
exactly those are listed that the mixture makes so.

The mixture (`MIXTURE`) is that of a bug database, most of which has nothing to do with the case at hand: most bugs
rest on signs of other features that nothing shows, some on a sign that this case is shown not to have; some are ruled
out, by what they need or by a fixed release; a few are possible. They rest on forty conditions of their own and on
those of the shipped knowledge. Each bug that is listed costs its entry in the document, whatever made it so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import msgspec

from engine.case import diagnose
from engine.evidence.open import open_case
from engine.inference.engine import Inference
from engine.inference.formula import Atom, Rule
from engine.judge import Judge
from engine.knowledge.load import load

_CASES = Path(__file__).parents[1] / "tests" / "cases"
CASE = _CASES / "001-seed-persistent-pair" / "input"
FURTHER = 20
FEATURES = 40
MIXTURE = {
    "other-feature": 0.968,  # rests on a sign of another feature, which nothing shows: undetermined
    "other-sign": 0.018,  # rests on signs that the case is shown not to have: undetermined
    "excluded": 0.006,  # needs what the case is shown not to have: ruled out
    "fixed": 0.006,  # the release at hand has the fix: ruled out
    "possible": 0.002,  # something for it is shown: possible
}
"""Share of the bugs, and what comes of them for `CASE`."""
LISTED = {"excluded": "ruled_out", "fixed": "ruled_out", "possible": "possible"}
# Of CASE: what is known to hold, and what is known not to hold, of the flow.
_SHOWN = (
    "spi-repeats",
    "spi-held-by-sender",
    "sender-list-whole",
    "setup-uses-ikev1",
    "source-named",
    "interface-known",
)
_NOT_SHOWN = ("spi-first-octet-ff", "ipsec-sa-with-source", "spi-installed-inbound", "restart-shown", "clear-logged",
              "decaps-rising-on-spi", "session-down-before", "became-active-before", "delete-sent", "flow-ended")  # fmt: skip
NEEDS = ("spi-first-octet-ff", "pair-uses-ikev2", "setup-uses-ikev2")
# Other trains than that of CASE's receiver, and releases of its own train up to its own.
_TRAINS = [f"16.{n}" for n in range(1, 13) if n != 9] + [f"17.{n}" for n in range(1, 16)]
_FIXED_BEFORE = ("16.9.2", "16.9.3", "16.9.4")


# As of the shipped bugs: the share of which no list of fixed releases is public.
_NOT_PUBLIC = 0.6


def write(
    folder: Path, number: int, seed: int = 1, mixture: dict[str, float] | None = None
) -> dict[str, str]:
    """Write an overlay of invented bugs. The same seed gives the same bytes.

    Returns:
        The kind of each bug, a key of `MIXTURE`.
    """
    dice = random.Random(seed)  # noqa: S311  nothing secret
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.yaml").write_text("invented:\n  title: Bugs made up to measure with\n")
    (folder / "conditions").mkdir(exist_ok=True)
    (folder / "conditions" / "features.yaml").write_text("".join(map(_feature, range(FEATURES))))
    shares = mixture or MIXTURE
    kinds = dice.choices(list(shares), list(shares.values()), k=number)
    found = {}
    for index, kind in enumerate(kinds):
        name = f"CSCzz{index:05d}"
        bug = folder / "bugs" / name
        bug.mkdir(parents=True, exist_ok=True)
        (bug / "rule.yaml").write_text(_bug(name, kind, dice))
        found[name] = kind
    return found


def _feature(number: int) -> str:
    return (
        f"feature-{number:02d}-in-trouble:\n"
        "  of: receiver\n"
        f"  title: {{en: The log says that feature {number:02d} is in trouble, ko: 기능 {number:02d}의 이상이 기록됨}}\n"
        f"  yes: {{fact: log-message, where: {{mnemonic: FEATURE{number:02d}-3-STALE}}}}\n"
        "  statement: inferred\n"
        "  source: invented#features\n"
        "  collect: [{command: show logging, cost: show}]\n"
    )


def _bug(name: str, kind: str, dice: random.Random) -> str:
    feature = f"feature-{dice.randrange(FEATURES):02d}-in-trouble"
    shown, absent = dice.sample(_SHOWN, 3), dice.sample(_NOT_SHOWN, 3)
    needs = ""
    signature = [*shown[:2], feature]
    support = [shown[2], feature]
    train = dice.choice(_TRAINS)
    rebuild = dice.randrange(2, 9)
    affected, fixed = f"{train}.1-{train}.{rebuild}", f"{train}.{rebuild + 1}"
    if kind == "other-feature" and dice.random() < _NOT_PUBLIC:
        affected, fixed = "", ""
    if kind == "other-sign":
        signature, support = [*shown, *absent[:2]], [shown[0], *absent[1:]]
    elif kind == "excluded":
        needs = (
            f"necessary: [{{condition: {dice.choice(NEEDS)}, statement: stated, source: invented#needs}}]\n"
        )
    elif kind == "fixed":
        affected, fixed = "16.9.1", dice.choice(_FIXED_BEFORE)
    elif kind == "possible":
        signature, support = [*shown, feature], shown[:2]
    return (
        f'of: flow\ntitle:\n  en: "{name}: an invented bug"\n  ko: "{name}: 지어낸 버그"\n'
        f"severity: {dice.choice(('info', 'warning', 'error'))}\naxis: defect\nweight: rare\nrelation: near\n{needs}"
        f"signature: {{all: [{', '.join(signature)}]}}\n"
        f"for:\n  - {{all: [{', '.join(support)}]}}\n  - {{all: [{feature}, {{not: {absent[2]}}}]}}\n"
        f"against: [{absent[1]}]\n"
        f"releases: {{affected: [{affected}], fixed: [{fixed}]}}\n"
        "cites: [{source: invented#bugs, statement: inferred}]\n"
    )


def main(argv: list[str] | None = None) -> int:
    """Write the overlay, run, check, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--bugs", type=int, default=10_000, help="invented bugs (default 10000)")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each (default 7)")
    parser.add_argument(
        "--one", metavar="FOLDER", help=argparse.SUPPRESS
    )  # a child: one run, printed as JSON
    options = parser.parse_args(argv)
    if options.one is not None:
        print(json.dumps(_one([Path(options.one)] if options.one else [])))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "overlay")
        kinds = write(folder, options.bugs)
        environment = {**os.environ, "XDG_CACHE_HOME": str(Path(scratch, "cache"))}
        environment.pop("IPSECDX_NO_CACHE", None)
        runs: dict[str, list[dict[str, Any]]] = {"": [], str(folder): []}
        for counted in [False] + [True] * options.runs:
            for overlay, found in runs.items():
                run = _child(overlay, environment)
                found.extend([run] if counted else [])
        plain, many = runs.values()
        _check(plain[0], many[0], kinds)
    _print(plain, many, options.bugs)
    return 0


def _child(overlay: str, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.bugs", "--one", overlay]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parents[1], check=True, capture_output=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _one(overlays: list[Path]) -> dict[str, Any]:
    """Load, diagnose a case, then others: seconds of each, rules handed to the engines, and what was said."""
    first = open_case([str(CASE)])
    others = [open_case([str(path)]) for path in sorted(_CASES.glob("*/input")) if path != CASE][:FURTHER]
    # What is imported on the way is not timed. The second engine needs no rulesets, which would be found again.
    diagnose(first.sources, Judge(load(), prefer_direct=True), name="warm")
    Inference([Rule(Atom("derived"), Atom("known"), "warm")], {}).close({Atom("known"): True})
    marks = [process_time()]
    kb = load(None, overlays)
    marks.append(process_time())
    judge = Judge(kb)
    documents = [diagnose(first.sources, judge, name="case")]
    marks.append(process_time())
    rules = judge.judging.handed + judge.advising.handed
    documents += [diagnose(other.sources, judge, name="case", troubles=other.troubles) for other in others]
    marks.append(process_time())
    return {
        "load": marks[1] - marks[0],
        "case": marks[2] - marks[1],
        "further": (marks[3] - marks[2]) / len(others),
        "rules": rules,
        "said": [
            [{**msgspec.to_builtins(f), "rank": 0} for f in document.findings] for document in documents
        ],
    }


def _check(plain: dict[str, Any], many: dict[str, Any], kinds: dict[str, str]) -> None:
    """Compare what was said with what is true of the mixture.

    Raises:
        RuntimeError: they differ.
    """
    shipped = [[finding for finding in said if finding["id"] not in kinds] for said in many["said"]]
    if shipped != plain["said"]:
        raise RuntimeError("the shipped knowledge says something else with the overlay")
    said = {finding["id"]: finding["verdict"] for finding in many["said"][0] if finding["id"] in kinds}
    true = {name: LISTED[kind] for name, kind in kinds.items() if kind in LISTED}
    if said != true:
        wrong = sorted(name for name in said.keys() | true.keys() if said.get(name) != true.get(name))
        raise RuntimeError(f"{len(wrong)} bugs differ from the truth, the first is {wrong[0]}")


def _print(plain: list[dict[str, Any]], many: list[dict[str, Any]], bugs: int) -> None:
    print(
        "| knowledge | listed | rules handed to the engines | load, s | first case, s | ratio | a further case, s | ratio |"
    )
    print("|---|---|---|---|---|---|---|---|")
    base = {what: median(run[what] for run in plain) for what in ("case", "further")}
    for name, runs in (("shipped", plain), (f"shipped and {bugs:,} bugs", many)):
        verdicts = Counter(finding["verdict"] for finding in runs[0]["said"][0])
        cells = [name, ", ".join(f"{n} {v}" for v, n in sorted(verdicts.items())), str(runs[0]["rules"])]
        cells.append(f"{median(run['load'] for run in runs):.3f}")
        for what in ("case", "further"):
            seconds = median(run[what] for run in runs)
            cells += [f"{seconds:.3f}", f"{seconds / base[what]:.2f}"]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
