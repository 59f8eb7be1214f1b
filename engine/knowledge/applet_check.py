"""What a rendered applet has to keep, whatever its template says; checked before anybody sees it.

* It is plain ASCII without a question mark, which a router answers with help instead of taking the line.
* It starts on one event, and no line of it matches that event's own pattern: no self-trigger, not even where the
  router logs the commands that are configured.
* It is limited: `maxrun` and `ratelimit` on the event, and longer to run than it waits.
* It shows, appends, remembers, and debugs for one peer between condition and undo; nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.knowledge.harm import CONDITION, RESET, debug_faults

_ASCII = re.compile(r"[\x20-\x7e]+")
_EVENT = re.compile(r' event syslog pattern "([^"]+)" maxrun (\d+) ratelimit (\d+)')
_APPLET = re.compile(r"event manager applet [A-Za-z0-9.-]{1,31}(?: authorization bypass)?")
_ACTION = re.compile(r" action (\d{3}) +(\S.*)")
_CLI = re.compile(r'cli command "([^"]*)"')
_FREE_LINES = (
    _APPLET,
    re.compile(r"event manager environment [A-Za-z][A-Za-z0-9_]* (?:none|x{1,50}-)"),
    re.compile(r"file prompt quiet"),
    re.compile(r"crypto logging (?:session|ikev2)"),
)
_LABELS_IN_ORDER = "the actions run in the order of their labels, which is not the order of the lines"
_COMMANDS = (
    re.compile(r"enable|configure terminal|end"),
    re.compile(r"dir [a-z][a-z0-9-]*:"),
    re.compile(r"event manager environment [A-Za-z][A-Za-z0-9_]* \$(?:key,\$recent|rest)"),
    re.compile(r"show [^|]+ \| append [a-z][a-z0-9-]*:[A-Za-z0-9.-]+"),
    re.compile(r"show processes cpu \| include CPU utilization"),
)


def faults_in(config: Sequence[str]) -> list[str]:
    """What is wrong with a rendered applet, each as a sentence; empty where nothing is."""
    found: list[str] = []
    lines = [line for line in config if not line.startswith("!")]
    found += [f"not plain ASCII: {line!r}" for line in config if not _ASCII.fullmatch(line)]
    found += [f"a question mark: {line!r}" for line in config if "?" in line]
    applets = [line for line in lines if _APPLET.fullmatch(line)]
    events = [m for line in lines if (m := _EVENT.fullmatch(line))]
    if len(applets) != 1 or len(events) != 1:
        return [*found, "exactly one applet with one limited event is expected"]
    pattern = events[0][1]
    found += [f"would start itself: {line!r}" for line in config if re.search(pattern, line)]
    actions = [m for line in lines if (m := _ACTION.fullmatch(line))]
    for line in lines:
        if not (_ACTION.fullmatch(line) or _EVENT.fullmatch(line)) and not any(
            p.fullmatch(line) for p in _FREE_LINES
        ):
            found.append(f"not part of an applet: {line!r}")
    labels = [m[1] for m in actions]
    if labels != sorted(set(labels)):
        found.append(_LABELS_IN_ORDER)
    bodies = [m[2] for m in actions]
    found += _unbalanced(bodies)
    waits = sum(int(b.split()[1]) for b in bodies if b.startswith("wait "))
    if int(events[0][2]) < waits + 60:
        found.append("maxrun leaves no minute beside the waiting, so that a debug could stay on")
    return found + _unsafe([m[1] for b in bodies if (m := _CLI.fullmatch(b))])


def _unbalanced(bodies: Sequence[str]) -> list[str]:
    depth = 0
    for body in bodies:
        depth += body.startswith("if ")
        depth -= body == "end"
        if depth < 0:
            break
    return ["an `if` and its `end` do not match"] if depth else []


def _unsafe(commands: Sequence[str]) -> list[str]:
    """Commands that are none of the known harmless ones; debugs only between their condition and their undo."""
    found = [message for _, message in debug_faults(commands)]
    for number, command in enumerate(commands):
        if CONDITION.fullmatch(command) or command == RESET or command.startswith("debug crypto "):
            continue
        undoes = command.startswith("no debug crypto ") and command.removeprefix("no ") in commands[:number]
        if not undoes and not any(p.fullmatch(command) for p in _COMMANDS):
            found.append(f"not a command for an applet: {command!r}")
    return found
