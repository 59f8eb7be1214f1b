"""What nobody may be told to type: whatever reaches further than one peer. The rule for actions, questions and applets.

* `clear` is for one peer, whose address follows `peer` or `remote`.
* Nothing reloads, erases or writes, and no debug of others is stopped (`undebug`).
* A debug stands between its condition, which names one peer, and its undo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

CONDITION = re.compile(r"debug crypto condition peer (?:ipv4 [0-9.]+|ipv6 [0-9A-Fa-f:.]+)")
RESET = "debug crypto condition reset"
_ADDRESS = r"(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:.]+)"
_ONE_PEER = re.compile(rf"clear crypto (?:\S+ )+(?:peer|remote) (?:vrf \S+ )?{_ADDRESS}(?: .*)?")
_NEVER = ("reload", "write", "erase", "format", "delete", "undebug")
_LINE = re.compile(r"[\x20-\x7e]+")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACE = re.compile(r"\{([^{}]*)\}")
# Stands for the address of the peer while a template is looked at.
_FILLED = {"flow.src": "192.0.2.1", "flow.src4": "192.0.2.1", "flow.dst": "192.0.2.1", "peer": "192.0.2.1"}
_FILLED |= {"flow.src-family": "ipv4", "flow.dst-family": "ipv4"}


def clears(command: str) -> bool:
    """Whether a command clears something."""
    return _is(_words(command)[0], "clear")


def harm_in(templates: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(number, sentence) for every command that reaches further than one peer."""
    found: dict[tuple[int, str], None] = {}
    # With and without the parts in brackets.
    for kept in ("", r"\1"):
        lines = [_filled(_OPTIONAL.sub(kept, template)) for template in templates]
        for number, line in enumerate(lines):
            message = _box_wide(line, templates[number])
            if message:
                found[number, message] = None
        found |= dict.fromkeys(debug_faults(lines))
    yield from found


def debug_faults(commands: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(number, sentence) for every debug that is not for one peer, or is left on."""
    on: dict[str, int] = {}
    scope: int | None = None
    for number, command in enumerate(commands):
        if CONDITION.fullmatch(command):
            scope = number
        elif command == RESET:
            scope = None
            if on:
                yield number, f"the condition is reset before {next(iter(on))!r} is off"
        elif command.startswith("debug "):
            on[command] = number
            if scope is None or not command.startswith("debug crypto "):
                yield (
                    number,
                    f"debug without a condition: {command!r}; first `debug crypto condition peer ...`",
                )
        elif command.startswith("no debug "):
            on.pop(command.removeprefix("no "), None)
    left = next(iter(on.values()), scope)
    if left is not None:
        yield left, f"a debug or its condition is left on; end with its `no debug ...` and `{RESET}`"


def _box_wide(line: str, shown: str) -> str | None:
    if not _LINE.fullmatch(line):
        return "one line of plain ASCII is expected"
    words = _words(line)
    if _is(words[0], "clear") and not _ONE_PEER.fullmatch(" ".join(words)):
        return f"`{shown}` reaches further than one peer; write `clear crypto sa peer ...`"
    for name in _NEVER:
        if _is(words[0], name):
            return f"`{shown}` reaches further than one peer: no command of ours is a `{name}`"
    if words[0] != "debug" and _is(words[0], "debug"):
        return f"`{shown}`: write debug in full"
    if words[:3] == ["no", "debug", "all"]:
        return f"`{shown}` stops the debugs of others, too"
    return None


def _words(line: str) -> list[str]:
    """The words of a command, as a router takes them; `do` in front means an exec command in a configuration."""
    words = line.lower().split()
    return (words[1:] if words[:1] == ["do"] else words) or [""]


def _is(word: str, name: str) -> bool:
    """Whether a word is a command or short for it."""
    return len(word) > 1 and name.startswith(word)


def _filled(template: str) -> str:
    return _PLACE.sub(lambda place: _FILLED.get(place[1], "x"), template).strip()
