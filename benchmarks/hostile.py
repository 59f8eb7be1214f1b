"""Input that nobody would send on purpose, at two sizes: is each done or refused, and in linear time?

Every kind is written once and twice as large; the table in Markdown shows both times (of the processor, which a busy
machine distorts least) and how they relate: 2 is linear, 4 would be quadratic. Memory is the peak at the full size, with
the pages of a mapped file.

    python -m benchmarks.hostile --folder /var/tmp/bench
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.generate import peer

Writer = Callable[[Path, int], None]

_MESSAGE = (
    "{stamp}: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, "
    "prot=50, spi=0x{spi:08X}({spi}), srcaddr={src}, input interface=GigabitEthernet0/0/0\n"
)
_CONFIG = (
    "Building configuration...\n\nCurrent configuration : 9 bytes\n!\nversion 17.3\n!\nhostname HUB1\n!\n"
)


def _repeated(path: Path, piece: bytes, count: int, head: bytes = b"", tail: bytes = b"") -> None:
    many = max(1, (1 << 20) // len(piece))
    with path.open("wb") as file:
        file.write(head)
        for _ in range(count // many):
            file.write(piece * many)
        file.write(piece * (count % many))
        file.write(tail)


def message(number: int) -> str:
    """An invalid SPI message of its own source and SPI."""
    stamp = f"Sep  2 {number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000"
    return _MESSAGE.format(stamp=stamp, spi=0x20000000 + number, src=peer(number))


def one_line(path: Path, size: int) -> None:
    """One line of `size` bytes, with a message in its middle."""
    half = b"x" * (size // 2)
    path.write_bytes(half + b" " + message(1).strip().encode() + b" " + half)


def newlines(path: Path, size: int) -> None:
    """Line feeds around one message."""
    _repeated(path, b"\n", size, tail=message(1).encode())


def only_newlines(path: Path, size: int) -> None:
    """Nothing but line feeds."""
    _repeated(path, b"\n", size)


def nuls(path: Path, size: int) -> None:
    """A log whose second half is NULs, as a file system leaves it after a crash."""
    _repeated(path, b"\0", size // 2, head=message(1).encode() * (size // 2 // len(message(1))))


def nesting(path: Path, depth: int) -> None:
    """A configuration of which every line is indented deeper than the one above."""
    path.write_text(_CONFIG + "".join(f"{' ' * n}level {n}\n" for n in range(depth)) + "end\n")


def sections(path: Path, count: int) -> None:
    """Headers of a show-tech with one line each."""
    rule = b"-" * 18
    _repeated(path, b"\n" + rule + b" show interfaces " + rule + b"\n\nup\n", count)


def prompts(path: Path, count: int) -> None:
    """Prompts without a command."""
    _repeated(path, b"R1#\n", count, head=b"R1#show clock\n12:00:00.000 UTC Mon Sep 2 2024\n")


def shows(path: Path, count: int) -> None:
    """Prompts with the same short command."""
    _repeated(path, b"R1#show clock\n12:00:00.000 UTC Mon Sep 2 2024\n", count)


def config(path: Path, lines: int) -> None:
    """A configuration of many lines, most of them of access lists, a tenth of them of a crypto map."""
    parts = [
        f"crypto map VPN {n} ipsec-isakmp\n set peer {peer(n)}\n set transform-set TS\n match address A{n}\n"
        if n % 10 == 0
        else f"ip access-list extended A{n}\n permit ip any host {peer(n)}\n remark one\n remark two\n"
        for n in range(lines // 4)
    ]
    path.write_text(
        _CONFIG
        + "".join(parts)
        + "interface Gi0/0\n ip address 192.0.2.1 255.255.255.0\n crypto map VPN\n!\nend\n"
    )


def scan(path: Path, flows: int) -> None:
    """A message of each of many sources, as a scan with forged addresses leaves them."""
    path.write_text("".join(map(message, range(flows))))


def repeats(path: Path, messages: int) -> None:
    """Many messages of one flow."""
    path.write_text(
        "".join(
            message(n)
            .replace(peer(n), peer(1))
            .replace(f"{0x20000000 + n:08X}", "20000001")
            .replace(str(0x20000000 + n), str(0x20000001))
            for n in range(messages)
        )
    )


def backspaces(path: Path, size: int) -> None:
    """A line that is typed and rubbed out."""
    path.write_bytes(
        b"R1#show version\n" + b"a" * (size // 2) + b"\x08" * (size // 2) + b"\n" + message(1).encode()
    )


KINDS: dict[str, tuple[Writer, int]] = {
    "one line": (one_line, 1_000_000_000),
    "line feeds and a message": (newlines, 200_000_000),
    "line feeds": (only_newlines, 200_000_000),
    "half NULs": (nuls, 200_000_000),
    "levels of indentation": (nesting, 10_000),
    "show-tech headers": (sections, 1_000_000),
    "prompts": (prompts, 1_000_000),
    "show commands": (shows, 100_000),
    "lines of a configuration": (config, 300_000),
    "flows of a scan": (scan, 100_000),
    "messages of one flow": (repeats, 100_000),
    "backspaces": (backspaces, 200_000),
}
"""How each kind is written, and its size: bytes, or what its name counts."""


def main(argv: list[str] | None = None) -> int:
    """Run each kind at half its size and at its size, and print both times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("kinds", nargs="*", help=f"of {', '.join(KINDS)} (default: all)")
    parser.add_argument("--folder", type=Path, help="where inputs are written (default: a temporary one)")
    parser.add_argument("--program", type=Path, help="ipsecdx to be measured (default: of this environment)")
    parser.add_argument("--scale", type=int, default=100, help="per cent of the sizes (default 100)")
    options = parser.parse_args(argv)
    program = options.program or Path(sysconfig.get_path("scripts"), "ipsecdx")
    print(
        "| input | size | seconds, half of it | seconds | ratio | memory, MB | ends with |\n"
        "|---|---|---|---|---|---|---|"
    )
    failed = False
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for kind in options.kinds or KINDS:
            write, full = KINDS[kind]
            size = full * options.scale // 100
            path = Path(folder, "input.txt")
            times = []
            megabytes, said = 0.0, ""
            for part in (size // 2, size):
                _written(write, path, part)
                seconds, megabytes, status, said = _run(program, path)
                failed = failed or status not in {0, 2} or "Traceback" in said
                times.append(seconds)
            path.unlink()
            end = said.strip().rpartition("\n")[2] or "a diagnosis"
            print(
                f"| {kind} | {size:,} | {times[0]:.2f} | {times[1]:.2f} | {times[1] / times[0]:.1f} "
                f"| {megabytes:.0f} | {end} |",
                flush=True,
            )
    return int(failed)


def _written(write: Writer, path: Path, size: int) -> None:
    """Write an input in a process of its own: what this one had in memory would count as its children's peak.

    Raises:
        RuntimeError: it cannot be written.
    """
    process = multiprocessing.Process(target=write, args=(path, size))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{path} could not be written")


def _run(program: Path, path: Path) -> tuple[float, float, int, str]:
    """Seconds of processor, peak memory in megabytes, exit status, and what was said on standard error."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [program, "diagnose", path, "--format", "json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        megabytes = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
        seconds = usage.ru_utime + usage.ru_stime
        return seconds, megabytes, process.returncode, said.read().decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
