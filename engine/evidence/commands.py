"""Commands as people type them, abbreviated and piped, turned into one spelling.

IOS accepts any unambiguous beginning of a keyword: `sh cry ips sa pe 192.0.2.1` is
`show crypto ipsec sa peer 192.0.2.1`.
"""

from __future__ import annotations

import re

import msgspec

# Most wanted first: where a beginning fits several, the earlier one is meant ("sh cry is sa" is isakmp).
_KNOWN = [
    tuple(command.split())
    for command in (
        "show version",
        "show running-config",
        "show startup-config",
        "show clock",
        "show logging",
        "show tech-support",
        "show crypto ipsec sa",
        "show crypto isakmp sa",
        "show crypto isakmp peers",
        "show crypto ikev2 sa",
        "show crypto ikev2 session",
        "show crypto ikev2 stats exchange",
        "show crypto session",
        "show crypto map",
        "show crypto eli",
        "show crypto gdoi",
        "show crypto ipsec spi-lookup",
        "show dmvpn",
        "show ip nhrp",
        "show ipv6 nhrp",
        "show platform hardware qfp active statistics drop",
        "show platform hardware qfp active feature ipsec datapath drops",
        "show monitor event-trace crypto",
        "show inventory",
        "show interfaces",
        "show ip interface brief",
        "show standby",
        "show history",
        "show platform packet-trace",
    )
]
_ARGUMENTS = ("peer", "detail", "detailed", "interface", "remote", "vrf", "fvrf", "address", "map", "identity",
              "count", "platform", "all", "full")  # fmt: skip
# After these nothing is left out of the output; after any other pipe, absence proves nothing.
_HARMLESS_PIPES = ("redirect", "append", "tee")
_PIPE = re.compile(r"\s*\|\s*")


class Command(msgspec.Struct, frozen=True):
    """A command in full words.

    Attributes:
        text: "show crypto ipsec sa peer 192.0.2.1"; the pipe is not part of it.
        pipe: what stands behind the pipe, as typed; None without one.
    """

    text: str
    pipe: str | None = None

    @property
    def filtered(self) -> bool:
        """Whether lines are missing from the output by the user's wish."""
        if self.pipe is None:
            return False
        word = self.pipe.split(maxsplit=1)[0].lower() if self.pipe.split() else ""
        return not (word and any(p.startswith(word) for p in _HARMLESS_PIPES))


def is_show(text: str) -> bool:
    """Whether a typed line is a show command (also `do show` in configuration mode, also after an alias-free `sh`)."""
    words = text.lower().split(maxsplit=2)
    if len(words) > 1 and words[0] == "do":
        words = words[1:]
    return len(words) > 1 and len(words[0]) >= 2 and "show".startswith(words[0])


def expand(text: str) -> Command:
    """The full spelling of a show command; an unknown one keeps its words, with `show` in full."""
    body, _, pipe = text.strip().partition("|")
    words = body.lower().split()
    as_typed = body.split()
    if words and words[0] == "do":
        words, as_typed = words[1:], as_typed[1:]
    best = _match(words)
    if best is None:
        head = (
            ["show", *as_typed[1:]]
            if words and "show".startswith(words[0]) and len(words[0]) >= 2
            else as_typed
        )
    else:
        head = [*best, *map(_argument, as_typed[len(best) :])]
    return Command(" ".join(head), pipe.strip() if "|" in text else None)


def _match(words: list[str]) -> tuple[str, ...] | None:
    found: tuple[str, ...] | None = None
    for known in _KNOWN:
        if len(known) <= len(words) and all(k.startswith(w) for k, w in zip(known, words, strict=False)):
            exact = sum(k == w for k, w in zip(known, words, strict=False))
            if (
                found is None
                or len(known) > len(found)
                or (
                    len(known) == len(found)
                    and exact > sum(k == w for k, w in zip(found, words, strict=False))
                )
            ):
                found = known
    return found


def _argument(word: str) -> str:
    lower = word.lower()
    if len(lower) >= 2 and lower.isalpha():
        return next((a for a in _ARGUMENTS if a.startswith(lower)), word)
    return word
