"""A command pays only for what it uses: heavy libraries are imported where they are needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Runs the command line in a process of its own, and reports on standard error what it had imported at the end.
PROBE = """
import json, sys
from tui.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as left:
    code = left.code
sys.stdout.flush()
print(json.dumps([code or 0, sorted({name.split(".")[0] for name in sys.modules})]), file=sys.stderr)
"""
HEAVY = {"durable", "durable_rules_engine", "packaging", "rapidfuzz", "rich", "textual", "yaml"}
MESSAGE = (
    "*Mar  4 10:15:32.120: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    "destaddr=192.0.2.1, prot=50, spi=0x5E1D0C3A(1578961978), srcaddr=198.51.100.7, "
    "input interface=GigabitEthernet0/0/0\n"
)


def imported(*arguments: str) -> tuple[str, set[str]]:
    """What the command printed into a pipe, and the top-level modules that it had imported."""
    command = [sys.executable, "-c", PROBE, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return done.stdout, set(modules)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_saying_what_the_program_is_imports_nothing_heavy(option: str) -> None:
    printed, modules = imported(option)
    assert "ipsecdx" in printed
    assert not modules & HEAVY


def test_json_into_a_pipe_never_imports_what_draws_on_a_terminal(tmp_path: Path) -> None:
    log = tmp_path / "r1.log"
    log.write_text(MESSAGE, "utf-8")
    printed, modules = imported("diagnose", str(log), "--format", "json")
    assert json.loads(printed)["schema"] == "ipsecdx/diagnosis/1"
    assert not modules & {"rich", "textual"}
