"""What the program is measured beside: programs that search the same file, and must find the same messages.

Each peer is a command line and what it prints. They do far less than a diagnosis; that is the point: the time of a
diagnosis is told in passes over the file.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

LITERAL = "RECVD_PKT_INV_SPI"

_FIND = f"""\
import mmap, sys
with open(sys.argv[1], "rb") as file:
    data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
found, at = 0, data.find(b"{LITERAL}")
while at >= 0:
    found, at = found + 1, data.find(b"{LITERAL}", at + 1)
print(found)
"""

_PLUGIN = f"""\
from insights import Parser, make_fail, parser, rule
from insights.core.context import HostArchiveContext
from insights.core.spec_factory import SpecSet, simple_file


class Specs(SpecSet):
    show_tech = simple_file("insights_commands/show_tech", context=HostArchiveContext)


@parser(Specs.show_tech)
class ShowTech(Parser):
    def parse_content(self, content):
        self.messages = [line for line in content if "{LITERAL}" in line]


@rule(ShowTech)
def report(tech):
    return make_fail("INVALID_SPI", count=len(tech.messages))
"""


def mmap_find(path: Path) -> list[str]:
    """One pass of `mmap.find`; prints the number of messages."""
    return [sys.executable, "-c", _FIND, str(path)]


def ripgrep(path: Path) -> list[str] | None:
    """`rg -n`, with line numbers; prints the lines. None where it is not installed."""
    beside = Path(sysconfig.get_path("scripts"), "rg")
    program = str(beside) if beside.exists() else shutil.which("rg")
    return [program, "-n", LITERAL, str(path)] if program else None


def insights(program: Path, path: Path, folder: Path) -> list[str]:
    """insights-core with one parser and one rule over a show-tech; prints the number of messages.

    Args:
        program: `insights-run` of an environment that has insights-core.
        path: the show-tech.
        folder: an empty folder, for the plugin and for the archive that insights-core expects around the file.
    """
    archive = folder / "archive" / "insights_commands"
    archive.mkdir(parents=True)
    shutil.copyfile(path, archive / "show_tech")
    (folder / "one_rule.py").write_text(_PLUGIN)
    return ["env", f"PYTHONPATH={folder}", str(program), "-p", "one_rule", str(archive.parent)]
