"""Times a diagnosis of large inputs beside programs that search the same file, and checks every answer.

Whole processes are timed, and the commands of one input take turns. Ratios are of processor time, which a busy machine
distorts least; each command runs on one processor, and the files are in memory. From each time the
start of its own program is taken off: of ipsecdx `ipsecdx --version`, of Python `python -c pass`. "Input alone" is
the diagnosis less one of a log with a single message: what the size of the input costs. Prints a table in Markdown
(docs/performance.md); ratios are to the first program of the input.

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

VERSION, SMALL = "ipsecdx --version", "ipsecdx, one message"
ALONE = "ipsecdx, input alone"
PYTHON = "python -c pass"
_HEAD = """\
| input | MB | command | seconds, waited | seconds, processor | ratio | ms per MB | memory, MB |
|---|---|---|---|---|---|---|---|"""
_MESSAGE = (
    "Sep  2 00:00:30.125: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    "destaddr=192.0.2.1, prot=50, spi=0x10000001(268435457), srcaddr=198.51.100.7\n"
)


class Job(NamedTuple):
    """An input, what is true of it, and what else is run on it: command by name, and the start that is taken off."""

    name: str
    path: Path
    truth: generate.Truth
    peers: dict[str, tuple[list[str], str]]


class Run(NamedTuple):
    """One run: seconds waited, seconds of processor, peak memory in megabytes (mapped pages of the file included), what it printed."""

    waited: float
    seconds: float
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
        print(_HEAD)
        for job in _jobs(folder, options.scale, options.insights, Path(scratch)):
            _measure(job, str(program), small, options.runs)
            if options.folder is None:
                job.path.unlink()
    return 0


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
        yield Job(f"syslog, {messages} messages, {flows} flows", path, truth, beside)
    path = folder / "show-tech.txt"
    truth = generate.show_tech(path, 5_000_000 * scale // 100)
    beside = {}
    if insights is not None:
        beside["insights-core, one rule"] = (peers.insights(insights, path, scratch / "insights"), "")
    yield Job("show-tech", path, truth, beside)
    for number in (250, 500, 1000, 2000):
        path = folder / f"hub-{number}.txt"
        truth = generate.hub(path, number * scale // 100)
        yield Job(f"hub, {number * scale // 100} peers", path, truth, {})


def _measure(job: Job, program: str, small: Path, runs: int) -> None:
    diagnose = [program, "diagnose", str(job.path), "--format", "json"]
    commands = {
        PYTHON: [sys.executable, "-c", "pass"],
        VERSION: [program, "--version"],
        SMALL: [program, "diagnose", str(small), "--format", "json"],
        "ipsecdx": diagnose,
        **{name: command for name, (command, _) in job.peers.items()},
    }
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for counted in [False] + [True] * runs:
        for name, command in commands.items():
            one = _run(command)
            if counted:
                found[name].append(one)
    _check(job, json.loads(found["ipsecdx"][-1].printed))
    rows = [(name, name, start) for name, (_, start) in job.peers.items()]
    rows += [("ipsecdx", "ipsecdx", VERSION), (ALONE, "ipsecdx", SMALL)]
    megabytes = job.path.stat().st_size / 1e6
    first = 0.0
    for shown, name, start in rows:
        waited, seconds = (
            median(getattr(r, what) for r in found[name])
            - (median(getattr(r, what) for r in found[start]) if start else 0)
            for what in ("waited", "seconds")
        )
        first = first or seconds
        ratio = f"{seconds / first:.2f}" if job.peers else "-"
        memory = f"{median(r.megabytes for r in found[name]):.0f}" if shown == name else "-"
        per_megabyte = f"{seconds / megabytes * 1e3:.2f}"
        cells = [
            job.name,
            f"{megabytes:.1f}",
            shown,
            f"{waited:.3f}",
            f"{seconds:.3f}",
            ratio,
            per_megabyte,
            memory,
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


def _run(command: list[str]) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed, so that its time would mean nothing.
    """
    with tempfile.TemporaryFile() as printed:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.DEVNULL
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
