"""Times a start: `ipsecdx --version` and `ipsecdx diagnose` beside a Python that does nothing.

Whole processes are timed, as a user waits for them, and the commands take turns, so that a busy machine is
busy for all of them alike. What counts is the difference to bare Python: that part is ours.

    python benchmarks/startup.py tests/cases/001-seed-persistent-pair/input
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from statistics import median


def main(argv: list[str] | None = None) -> int:
    """Prints one line per command: median, difference to bare Python in milliseconds, and ratio to it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("path", nargs="?", type=Path, help="a small case to diagnose")
    parser.add_argument("--runs", type=int, default=15, help="starts of each command (default 15)")
    options = parser.parse_args(argv)

    program = Path(sysconfig.get_path("scripts"), "ipsecdx")
    if not program.exists():
        print(
            f"startup.py: {program} is missing: install ipsecdx in this environment (make test)",
            file=sys.stderr,
        )
        return 2
    bare = [sys.executable, "-c", "pass"]
    commands = {"python -c pass": bare, "ipsecdx --version": [str(program), "--version"]}
    if options.path is not None and options.path.exists():
        for name in ("json", "terminal"):
            commands[f"ipsecdx diagnose --format {name}"] = [
                str(program), "diagnose", str(options.path), "--format", name,
            ]  # fmt: skip
    times = measure(commands, options.runs)
    base = median(times["python -c pass"])
    print(f"{'median of ' + str(options.runs):34} {'ms':>8} {'ms more':>8} {'times':>6}")
    for label, seconds in times.items():
        middle = median(seconds)
        print(f"{label:34} {middle * 1e3:8.1f} {(middle - base) * 1e3:8.1f} {middle / base:6.2f}")
    return 0


def measure(commands: dict[str, list[str]], runs: int) -> dict[str, list[float]]:
    """Wall seconds of each run of each command, in turns; one round before them warms the caches.

    Raises:
        subprocess.CalledProcessError: a command failed, so that its time would mean nothing.
    """
    times: dict[str, list[float]] = {label: [] for label in commands}
    for counted in [False] + [True] * runs:
        for label, command in commands.items():
            begin = time.perf_counter()
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            if counted:
                times[label].append(time.perf_counter() - begin)
    return times


if __name__ == "__main__":
    sys.exit(main())
