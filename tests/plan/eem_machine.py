"""A small router that runs EEM applets, as the command reference describes their actions.

It knows the event `syslog`, the actions set, regexp, if/else/end, cli command, wait and syslog, and environment
variables. It is written from the reference and not from the templates, so that it can tell what an applet does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ACTION = re.compile(r" action (\d+) +(.*)")
_EVENT = re.compile(r' event syslog pattern "(.*)" maxrun (\d+) ratelimit (\d+)')
_VARIABLE = re.compile(r"\$(\w+)")


class Router:
    """One router with applets.

    Attributes:
        commands: exec commands that the applets typed, in order.
        files: what was appended, command by command.
        said: messages of `action syslog`.
        debugs: debugs and conditions that are on.
    """

    def __init__(self, config: Sequence[str], *, free: int = 50_000_000, cpu: int = 5) -> None:
        self.environment: dict[str, str] = {}
        self.free, self.cpu = free, cpu
        self.commands: list[str] = []
        self.files: list[str] = []
        self.said: list[str] = []
        self.debugs: list[str] = []
        self.clock = 0.0
        self.last_run = float("-inf")
        self.actions: list[str] = []
        for line in config:
            if found := re.fullmatch(r"event manager environment (\S+) (.*)", line):
                self.environment[found[1]] = found[2]
            elif found := _EVENT.fullmatch(line):
                self.pattern, self.maxrun, self.ratelimit = found[1], int(found[2]), int(found[3])
            elif found := _ACTION.fullmatch(line):
                self.actions.append(found[2])

    def log(self, message: str, *, after: float = 60.0) -> bool:
        """A message is logged some seconds after the last one; whether the applet ran."""
        self.clock += after
        if not re.search(self.pattern, message) or self.clock - self.last_run < self.ratelimit:
            return False
        self.last_run = self.clock
        self._run({**self.environment, "_syslog_msg": message})
        return True

    def _run(self, values: dict[str, str]) -> None:
        """The actions in order; a stack says for each `if` whether its branch is taken."""
        taken: list[bool] = []
        ran = 0.0
        for action in self.actions:
            verb, _, rest = action.partition(" ")
            if verb == "if":
                taken.append(all(taken) and self._compare(rest, values))
            elif action == "else":
                taken[-1] = all(taken[:-1]) and not taken[-1]
            elif action == "end":
                taken.pop()
            elif all(taken):
                ran += self._act(verb, rest, values)
        assert not taken
        assert ran < self.maxrun

    def _compare(self, rest: str, values: dict[str, str]) -> bool:
        found = re.fullmatch(r'(\S+) (eq|ne) "(.*)"', rest)
        assert found is not None, rest
        same = self._text(found[1], values) == self._text(found[3], values)
        return same == (found[2] == "eq")

    def _act(self, verb: str, rest: str, values: dict[str, str]) -> float:
        if verb == "set":
            name, _, text = rest.partition(" ")
            values[name] = self._text(text.strip('"'), values)
        elif verb == "regexp":
            self._match(rest, values)
        elif verb == "cli":
            values["_cli_result"] = self._type(self._text(rest.split('"')[1], values))
        elif verb == "wait":
            return float(rest)
        else:
            assert verb == "syslog", verb
            self.said.append(self._text(rest.split('"')[1], values))
        return 0.0

    def _match(self, rest: str, values: dict[str, str]) -> None:
        found = re.fullmatch(r'"(.*?)" "(.*?)"(?: (.*))?', rest)
        assert found is not None, rest
        match = re.search(self._text(found[1], values), self._text(found[2], values))
        values["_regexp_result"] = "1" if match else "0"
        if match is not None:
            names = (found[3] or "").split()
            values.update(dict(zip(names, (match[0], *match.groups()), strict=False)))

    def _type(self, command: str) -> str:
        self.commands.append(command)
        if set_to := re.fullmatch(r"event manager environment (\S+) (.*)", command):
            self.environment[set_to[1]] = set_to[2]
        elif command.startswith("dir "):
            return f"Directory of flash:/\n\n255000000 bytes total ({self.free} bytes free)\n"
        elif command.startswith("show processes cpu"):
            busy = self.cpu
            return f"CPU utilization for five seconds: 7%/1%; one minute: {busy}%; five minutes: 4%"
        elif " | append " in command:
            self.files.append(command.partition(" | append ")[0])
        elif command == "debug crypto condition reset":
            self.debugs = [d for d in self.debugs if "condition" not in d]
        elif command.startswith("debug "):
            assert "condition" in command or self.debugs, "a debug before its condition"
            self.debugs.append(command)
        elif command.startswith("no debug "):
            self.debugs.remove(command.removeprefix("no "))
        return ""

    def _text(self, text: str, values: dict[str, str]) -> str:
        """Variables replaced; one that is not set ends an applet with an error."""
        return _VARIABLE.sub(lambda m: values[m[1]], text)
