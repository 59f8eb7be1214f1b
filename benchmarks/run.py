"""Times a diagnosis of large inputs beside programs that search the same file, and checks every answer.

Whole processes are timed, the commands of one input take turns, and the files are in memory. From each time the start
of its own program is taken off. The start of ipsecdx is the diagnosis of a log with one message: interpreter, imports,
knowledge base, and what any diagnosis costs; "imports included" takes off only `ipsecdx --version`. The start of Python
is `python -c pass`, that of insights-core its run over the one message. Ratios are to the first program of the input: of
the seconds that one waits, and of those that processors were busy, in all processes. Printed are tables in Markdown
(docs/performance.md).

    python -m benchmarks.run --folder /var/tmp/bench --insights other-venv/bin/insights-run
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks import generate, peers

PYTHON, VERSION, START = "python -c pass", "ipsecdx --version", "ipsecdx diagnose, one message"
OTHER_START = "insights-core, one message"
OURS, IMPORTS = "ipsecdx", "ipsecdx, imports included"
# How many times the wait for another program 500 MB with 20 flows may cost beyond the start.
GOALS = {"mmap.find": 1.5, "rg -n": 5.0}
_STARTS = """\
| start of | seconds, waited | seconds, processor | memory, MB |
|---|---|---|---|"""
_HEAD = """\
| input | MB | command | seconds, waited | seconds, processor | ratio, waited | ratio, processor | memory, MB |
|---|---|---|---|---|---|---|---|"""
# A program that is installed has its modules compiled.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_MESSAGE = (
    "Sep  2 00:00:30.125: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    "destaddr=192.0.2.1, prot=50, spi=0x10000001(268435457), srcaddr=198.51.100.7\n"
)


class Job(NamedTuple):
    """An input.

    Attributes:
        truth: what is true of it.
        peers: what else is run on it: command by name, and the start that is taken off.
        goals: how many times another program it may cost.
    """

    name: str
    path: Path
    truth: generate.Truth
    peers: dict[str, tuple[list[str], str]]
    goals: dict[str, float]


class Run(NamedTuple):
    """One run.

    Attributes:
        waited: seconds from start to end.
        busy: seconds of processor, of the processes that it started too.
        megabytes: peak memory of the process, with the pages of a mapped file that it touched.
        printed: what it wrote to standard output.
    """

    waited: float
    busy: float
    megabytes: float
    printed: bytes


def main(argv: list[str] | None = None) -> int:
    """Generate, run, check, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--folder", type=Path, help="where inputs are written, and kept (default: a temporary one)"
    )
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command (default 5)")
    parser.add_argument("--scale", type=int, default=100, help="per cent of the sizes (default 100)")
    parser.add_argument("--insights", type=Path, help="insights-run of an environment with insights-core")
    parser.add_argument("--program", type=Path, help="ipsecdx to be measured (default: of this environment)")
    options = parser.parse_args(argv)
    program = options.program or Path(sysconfig.get_path("scripts"), "ipsecdx")
    if not program.exists():
        print(
            f"run.py: {program} is missing: install ipsecdx in this environment (make test)", file=sys.stderr
        )
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        small = Path(scratch, "small.log")
        small.write_text(_MESSAGE)
        starts = {
            PYTHON: [sys.executable, "-c", "pass"],
            VERSION: [str(program), "--version"],
            START: _diagnose(program, small),
        }
        if options.insights is not None:
            starts[OTHER_START] = peers.insights(options.insights, small, Path(scratch, "one-message"))
        print(_STARTS)
        for name, runs in _in_turns(starts, options.runs).items():
            print(f"| {name} | {_waited(runs):.3f} | {_busy(runs):.3f} | {_memory(runs):.0f} |")
        print(f"\n{_HEAD}", flush=True)
        said = []
        for job in _jobs(folder, options.scale, options.insights, Path(scratch)):
            said += _measure(job, program, starts, options.runs)
            if options.folder is None:
                job.path.unlink()
        print("", *said, sep="\n")
    return 0


def _diagnose(program: Path, path: Path) -> list[str]:
    return [str(program), "diagnose", str(path), "--format", "json"]


def _in_turns(commands: dict[str, list[str]], runs: int) -> dict[str, list[Run]]:
    """The counted runs of each command; one round before them warms the caches."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for counted in [False] + [True] * runs:
        for name, command in commands.items():
            one = _run(command)
            if counted:
                found[name].append(one)
    return found


def _waited(runs: list[Run]) -> float:
    return median(run.waited for run in runs)


def _busy(runs: list[Run]) -> float:
    return median(run.busy for run in runs)


def _memory(runs: list[Run]) -> float:
    return median(run.megabytes for run in runs)


def _jobs(folder: Path, scale: int, insights: Path | None, scratch: Path) -> Iterator[Job]:
    for megabytes, flows, messages in (
        (60, 20, 500),
        (125, 20, 500),
        (250, 20, 500),
        (500, 20, 500),
        (500, 200, 2_000),
    ):
        path = folder / f"syslog-{megabytes}-{flows}.log"
        truth = generate.syslog(path, megabytes * scale * 10_000, flows=flows, messages=messages)
        beside = {"mmap.find": (peers.mmap_find(path), PYTHON)}
        ripgrep = peers.ripgrep(path)
        if ripgrep:
            beside["rg -n"] = (ripgrep, "")
        goals = GOALS if (megabytes, flows) == (500, 20) else {}
        yield Job(f"syslog, {messages} messages, {flows} flows", path, truth, beside, goals)
    path = folder / "show-tech.txt"
    truth = generate.show_tech(path, 5_000_000 * scale // 100)
    beside = {}
    if insights is not None:
        beside["insights-core, one rule"] = (
            peers.insights(insights, path, scratch / "insights"),
            OTHER_START,
        )
    yield Job("show-tech", path, truth, beside, {})
    for number in (250, 500, 1000, 2000):
        path = folder / f"hub-{number}.txt"
        truth = generate.hub(path, number * scale // 100)
        yield Job(f"hub, {number * scale // 100} peers", path, truth, {}, {})


def _measure(job: Job, program: Path, starts: dict[str, list[str]], runs: int) -> list[str]:
    """Time one input, check the answer, print the rows; returns how the goals were met."""
    commands = {
        **starts,
        **{name: command for name, (command, _) in job.peers.items()},
        OURS: _diagnose(program, job.path),
    }
    found = _in_turns(commands, runs)
    _check(job, json.loads(found[OURS][-1].printed))
    rows = [(name, name, start) for name, (_, start) in job.peers.items()]
    rows += [(OURS, OURS, START), (IMPORTS, OURS, VERSION)]
    times: dict[str, tuple[float, float]] = {}
    for shown, name, start in rows:
        own, off = found[name], found.get(start, [])
        times[shown] = (
            _waited(own) - (_waited(off) if off else 0),
            _busy(own) - (_busy(off) if off else 0),
        )
        first = times[rows[0][0]]
        ratios = [f"{a / b:.2f}" if job.peers else "-" for a, b in zip(times[shown], first, strict=True)]
        seconds = [f"{value:.3f}" for value in times[shown]]
        megabytes = f"{job.path.stat().st_size / 1e6:.1f}"
        cells = [job.name, megabytes, shown, *seconds, *ratios, f"{_memory(own):.0f}"]
        print(f"| {' | '.join(cells)} |", flush=True)
    return [
        f"{job.name}: waited {times[OURS][0] / times[name][0]:.2f} times {name} (goal: {goal})"
        for name, goal in job.goals.items()
        if name in times
    ]


def _run(command: list[str]) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed, so that its time would mean nothing.
    """
    with tempfile.TemporaryFile() as printed:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.DEVNULL, env=_ENVIRONMENT
        )
        _, status, usage = os.wait4(process.pid, 0)
        waited = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}")
        printed.seek(0)
        unit = 1024 if sys.platform != "darwin" else 1024 * 1024
        return Run(waited, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, printed.read())


def _check(job: Job, document: dict[str, Any]) -> None:
    """Compare an answer with the truth.

    Raises:
        RuntimeError: they differ.
    """
    outcomes = any(expected.outcome for expected in job.truth.values())
    said = {
        flow["id"]: generate.Expected(
            flow["count"], flow["first"], flow["last"], flow["recovery"]["outcome"] if outcomes else None
        )
        for flow in document["flows"]
    }
    if said != job.truth:
        wrong = sorted(key for key in said.keys() | job.truth.keys() if said.get(key) != job.truth.get(key))
        raise RuntimeError(f"{job.name}: {len(wrong)} flows differ from the truth, the first is {wrong[0]}")


if __name__ == "__main__":
    sys.exit(main())
