"""A configuration as a tree of commands, and the matching of commands that people abbreviate.

IOS prints a sub-command one blank deeper than the command that opens its mode, and separates modes by `!`::

    interface Tunnel0
     ip address 10.0.0.2 255.255.255.0
     tunnel protection ipsec profile P
    !

Captures lose those blanks (mail, tickets, `R1(config-if)#` sessions). A line without indentation that can only
be a sub-command of the mode opened last is therefore hung under that mode, and a line that can only open a mode
stands at the root however deep it is indented. Text that merely quotes commands is not configuration: comments,
banners and macros are left out; an alias, a description and an EEM action stay one line that begins with another
word than the command it quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Generic, TypeVar

__all__ = ["Commands", "Node", "Tree", "after", "is_interface_header", "read_tree"]

T = TypeVar("T")

# Shorter beginnings are ambiguous on every release, and match too much here.
_SHORTEST = 2
# Complete words that begin other ones: `crypto key` is not `crypto keyring` cut short.
_COMPLETE = frozenset(
    {
        ("ip", "ipv6"), ("key", "keyring"), ("name", "nameif"), ("route", "router"), ("host", "hostname"),
        ("isakmp", "isakmp-profile"), ("control", "control-plane"), ("access", "access-list"),
    }
)  # fmt: skip
_PROMPT = re.compile(r"[A-Za-z0-9][\w.\-/:]{0,62}\(config[\w\-]{0,40}\)#\s?")
_NUMBERED = re.compile(r"[\d/.:]+")


class Node:
    """One command with the commands below it.

    Attributes:
        line: 1-based line number in the source.
        words: its words, without a leading `no` and without a comment behind it.
        negated: it began with `no`.
        children: the commands of the mode that it opens.
    """

    __slots__ = ("children", "line", "negated", "words")

    def __init__(self, line: int, text: str) -> None:
        words = text.split()
        if "!" in text:
            cut = next((i for i, w in enumerate(words) if w[0] == "!"), len(words))
            words = words[:cut]
        self.line = line
        self.negated = len(words) > 1 and words[0].lower() == "no"
        self.words = words[1:] if self.negated else words
        self.children: list[Node] = []


class Tree:
    """The commands of a configuration.

    Attributes:
        roots: commands of the global level, in order.
        ended: the line `end` was seen, and no mode was opened after it.
    """

    __slots__ = ("ended", "roots")

    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.ended = False


@cache
def _keywords(command: str) -> tuple[str, ...]:
    return tuple(command.split())


def after(words: Sequence[str], command: str) -> Sequence[str] | None:
    """The words behind a command, None where the line is another command.

    Each word may be cut short to two letters, as typed by hand: `tun prot ipsec prof P` is
    `tunnel protection ipsec profile P`.
    """
    keywords = _keywords(command)
    if len(words) < len(keywords):
        return None
    for word, keyword in zip(words, keywords, strict=False):
        if word != keyword and not _abbreviates(word.lower(), keyword):
            return None
    return words[len(keywords) :]


def _abbreviates(word: str, keyword: str) -> bool:
    return len(word) >= _SHORTEST and keyword.startswith(word) and (word, keyword) not in _COMPLETE


class Commands(Generic[T]):
    """A table of commands and what reads them; the first one that fits a line reads it.

    A reader gets the object that is being built, the node, and the words behind the command.
    """

    def __init__(self, readers: Mapping[str, Callable[[T, Node, Sequence[str]], None]]) -> None:
        self._index: dict[str, list[tuple[str, Callable[[T, Node, Sequence[str]], None]]]] = {}
        for command, reader in readers.items():
            self._index.setdefault(command[:_SHORTEST], []).append((command, reader))

    def read(self, built: T, node: Node) -> bool:
        """Whether some reader took the node."""
        if not node.words:
            return False
        for command, reader in self._index.get(node.words[0][:_SHORTEST].lower(), ()):
            rest = after(node.words, command)
            if rest is not None:
                reader(built, node, rest)
                return True
        return False


# Sub-commands that are attached to the mode opened last where indentation is lost: those that are read.
_SET = ("set", "match")
_MODES: dict[str, tuple[str, ...]] = {
    "interface": (
        "ip address", "ipv6 address", "ip unnumbered", "ipv6 unnumbered", "ip vrf forwarding", "vrf forwarding",
        "ip nhrp", "ipv6 nhrp", "ipv6 crypto map", "tunnel", "shutdown", "standby", "vrrp", "glbp", "nameif",
        "crypto map", "crypto ipsec client ezvpn",
    ),
    "crypto dynamic-map": _SET,
    "crypto ipsec profile": _SET,
    "crypto isakmp profile": ("keepalive", "virtual-template"),
    "crypto ikev2 profile": ("dpd", "virtual-template"),
    "crypto ikev2 client flexvpn": ("peer", "client connect"),
    "crypto ipsec client ezvpn": ("peer", "virtual-interface", "local-address", "connect"),
    "crypto map": _SET,
}  # fmt: skip
# Commands that occur at the root only, whatever their indentation.
_ROOT_ONLY = (
    "crypto isakmp", "crypto ikev2", "crypto keyring", "crypto dynamic-map", "crypto gdoi", "crypto pki",
    "crypto ipsec profile", "crypto ipsec transform-set", "crypto ipsec security-association",
)  # fmt: skip
# Commands that never open a mode, so that what stands deeper after them is not theirs.
_LEAVES = frozenset({"version", "hostname", "service", "building", "current"})
# Commands that end the mode opened last where there is no indentation; any other `crypto` command does too.
_CLOSERS = (
    "router", "line", "route-map", "class-map", "policy-map", "access-list", "hostname", "aaa", "username",
    "snmp-server", "archive", "event manager", "control-plane", "dial-peer", "alias", "version", "ip access-list",
    "ip route", "ip vrf", "vrf definition", "key chain", "crypto",
)  # fmt: skip
_INTERFACE_KINDS = frozenset({"type", "tunnel", "point-to-point", "multipoint"})


def read_tree(lines: Iterable[tuple[int, str]]) -> Tree:
    """The tree of (line number, text) lines. Never fails; linear in the text."""
    builder = _Builder()
    for number, text in lines:
        builder.feed(number, text)
    return builder.tree


class _Builder:
    """Hangs line after line into the tree.

    `stack` holds the open commands by indentation, `mode` the command that takes flattened sub-commands, and
    `closing` the mark that ends a banner or macro.
    """

    def __init__(self) -> None:
        self.tree = Tree()
        self.stack: list[tuple[int, Node]] = []
        self.mode: Node | None = None
        self.mode_name = ""
        self.closing: str | None = None

    def feed(self, number: int, raw: str) -> None:
        text = raw.expandtabs()
        stripped = text.strip()
        if self.closing is not None:
            if self.closing in stripped:
                self.closing = None
            return
        if not stripped or self._separator(stripped, indented=text[0] == " "):
            return
        prompt = _PROMPT.match(stripped) if "(config" in stripped else None
        node = Node(number, stripped[prompt.end() :] if prompt else stripped)
        if node.words:
            self.closing = _closing_mark(stripped, node)
            self._hang(node, len(text) - len(text.lstrip()))

    def _separator(self, stripped: str, *, indented: bool) -> bool:
        """Whether the line is no command: a comment, or the end of a mode."""
        if stripped[0] == "!":
            if len(stripped) == 1 and not indented:
                self.mode = None
            return True
        word = stripped.lower() if len(stripped) < 5 else ""
        if word in {"exit", "end", "quit"}:
            self.tree.ended = self.tree.ended or word == "end"
            if not indented or word == "end":
                self.mode = None
            return True
        return False

    def _hang(self, node: Node, indent: int) -> None:
        name = _mode_name(node.words)
        top = (name or _is_root_only(node.words)) and not self._inside_interface(name, indent)
        while self.stack and (top or self.stack[-1][0] >= indent):
            self.stack.pop()
        if self.stack:
            self.stack[-1][1].children.append(node)
        elif self.mode is not None and not top and _is_sub_command(self.mode_name, node.words):
            self.mode.children.append(node)
        else:
            self._root(node, name)
        if node.words[0].lower() not in _LEAVES:
            self.stack.append((indent, node))

    def _inside_interface(self, name: str, indent: int) -> bool:
        """Whether `crypto ipsec client ezvpn NAME` is the line that applies it to the interface above."""
        if name != "crypto ipsec client ezvpn":
            return False
        return self.mode_name == "interface" and (self.mode is not None or indent > 0)

    def _root(self, node: Node, name: str) -> None:
        self.tree.roots.append(node)
        if name and not node.negated:
            self.mode, self.mode_name = node, name
            self.tree.ended = False
        elif _any(node.words, _CLOSERS):
            self.mode, self.mode_name = None, ""


def _any(words: Sequence[str], commands: Iterable[str]) -> bool:
    return any(after(words, c) is not None for c in commands)


def _is_root_only(words: Sequence[str]) -> bool:
    return words[0][:_SHORTEST].lower() == "cr" and _any(words, _ROOT_ONLY)


def _mode_name(words: Sequence[str]) -> str:
    """Which mode of `_MODES` a line opens; "" for none."""
    start = words[0][:_SHORTEST].lower()
    if start == "in":
        return "interface" if is_interface_header(words) else ""
    if start != "cr":
        return ""
    name = next((m for m in _MODES if m != "interface" and after(words, m)), "")
    return name if name != "crypto map" or _has_sequence(words) else ""


def is_interface_header(words: Sequence[str]) -> bool:
    """`interface NAME`, also `NAME point-to-point` and `NAME type tunnel`; not `interface NAME external` (PfR)."""
    rest = after(words, "interface")
    return bool(rest) and all(
        w.lower() in _INTERFACE_KINDS or _NUMBERED.fullmatch(w) for w in list(rest or ())[1:]
    )


def _has_sequence(words: Sequence[str]) -> bool:
    """Whether `crypto map ...` defines an entry (`crypto map CM 10 ...`) rather than applying or tuning a map."""
    return len(words) > 3 and (
        words[3].isdigit() or (len(words) > 4 and words[2] == "ipv6" and words[4].isdigit())
    )


def _is_sub_command(mode: str, words: Sequence[str]) -> bool:
    if not _any(words, _MODES[mode]):
        return False
    rest = after(words, "crypto map")
    # On an interface: `crypto map CM`, `crypto map CM redundancy GROUP`.
    return rest is None or len(rest) == 1 or (len(rest) > 2 and after(rest[1:], "redundancy") is not None)


def _closing_mark(stripped: str, node: Node) -> str | None:
    """The mark that ends the text a command opens: a banner's delimiter, the @ of a macro; None for no text."""
    if node.negated:
        return None
    if after(node.words, "macro name") and not stripped.startswith("macro auto"):
        return "@"
    delimited = _delimited(stripped, node.words)
    if not delimited:
        return None
    mark = "^C" if delimited.startswith("^C") else delimited[0]
    return None if mark in delimited[len(mark) :] else mark


def _delimited(stripped: str, words: Sequence[str]) -> str:
    """What follows `banner motd`, `banner` (of a client group) or `aaa authentication banner`; "" for others."""
    if words[0].lower() not in {"banner", "aaa"} or len(words) < 2:
        return ""
    if words[0].lower() == "aaa":
        if not (
            _any(words, ("aaa authentication banner", "aaa authentication fail-message")) and len(words) > 3
        ):
            return ""
        return stripped.split(maxsplit=3)[3]
    named = words[1].lower() in {
        "motd",
        "login",
        "exec",
        "incoming",
        "prompt-timeout",
        "slip-ppp",
        "config-save",
    }
    parts = stripped.split(maxsplit=2 if named else 1)
    return parts[-1] if len(parts) > (2 if named else 1) else ""
