"""What a plan may tell people to type: the last gate, whatever the knowledge base says.

Reading never changes anything. A debug is for one peer, stands behind its condition, and is undone. Nothing else is
ever part of a plan.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

# A pipe to a file writes to the router's flash.
_WRITES = re.compile(r"\|\s*(?:redirect|append|tee)\b", re.IGNORECASE)
_CONDITION = re.compile(r"debug crypto condition peer (?:ipv4|ipv6) (\S+)")
_RESET = "debug crypto condition reset"
_PRINTABLE = re.compile(r"[\x20-\x7e]+")


def reads_only(command: str) -> bool:
    """Whether a command only shows something: `show ...`, in one printable line, and not into a file."""
    return (
        command.startswith("show ")
        and _PRINTABLE.fullmatch(command) is not None
        and not set(command) & set("{}[]?")
        and not _WRITES.search(command)
    )


def split_debug(commands: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """The lines that start a debug and those that stop it; None where it is not for one peer or not undone."""
    if not commands or not all(_PRINTABLE.fullmatch(c) for c in commands):
        return None
    condition = _CONDITION.fullmatch(commands[0])
    if condition is None or not _is_address(condition[1]) or commands[-1] != _RESET:
        return None
    inner = list(commands[1:-1])
    start = [c for c in inner if c.startswith("debug crypto ")]
    stop = [c for c in inner if c.startswith("no debug crypto ")]
    # All starts before all stops, each stopped, and nothing else in between.
    if not start or inner != start + stop or sorted(stop) != sorted(f"no {c}" for c in start):
        return None
    return [commands[0], *start], [*stop, _RESET]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
