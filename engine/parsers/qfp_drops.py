"""The two QFP drop lists of IOS XE.

    R1#show platform hardware qfp active statistics drop
    -------------------------------------------------------------------------
    Global Drop Stats                         Packets                  Octets
    -------------------------------------------------------------------------
    IpsecInput                                     12                    1824

    R1#show platform hardware qfp active feature ipsec datapath drops
    ------------------------------------------------------------------------
    Drop Type  Name                                     Packets
    ------------------------------------------------------------------------
            4  IN_US_V4_PKT_SA_NOT_FOUND_SPI                             12

Which number a name has differs between releases, so counters are known by name (Cisco document 115801, and
captures of several releases). Both commands leave out counters that are zero, the second unless it says `all`.
"""

from __future__ import annotations

import re

from engine.evidence.source import Section
from engine.facts import Coverage, DropCounter, Fact
from engine.parsers.listing import torn_line

__all__ = ["parse"]

_FAMILIES = {"global": "qfp-global-drops", "feature": "qfp-feature-drops"}
_GLOBAL_HEAD = re.compile(r"\s*(?:ID\s+)?Global Drop Stats\s+(?P<columns>.*)")
_FEATURE_HEAD = re.compile(r"\s*Drop Type\s+Name\s+Packets")
_ALL_ZERO = re.compile(r"\s*The Global drop stats were all zero", re.IGNORECASE)
# Packets and octets; `drop history` has one minute, five minutes, thirty minutes and all packets. What a reader
# wrote behind the numbers (`<======`) begins with anything but a digit.
_GLOBAL_ROW = re.compile(
    r"\s*(?:\d+\s+)?(?P<name>[A-Za-z][\w./-]*)\s+(?P<numbers>\d+(?:\s+\d+){1,3})(?:\s+\D.*)?\s*$"
)
_FEATURE_ROW = re.compile(r"\s*\d+\s+(?P<name>[A-Z][A-Z0-9_]+)\s+(?P<packets>\d+)(?:\s+\D.*)?\s*$")


def parse(section: Section) -> list[Fact]:
    """Every counter of the list, zero or not, and how far the list was seen.

    The list is whole where its head was seen, the command had no filter, and the text goes on after it or ends
    with a line feed.
    """
    scope = "feature" if " feature ipsec " in f"{section.command} " else "global"
    facts: list[Fact] = []
    head = False
    for number, text in section.lines():
        if _GLOBAL_HEAD.match(text):
            scope, head = "global", True
        elif _FEATURE_HEAD.match(text):
            scope, head = "feature", True
        elif _ALL_ZERO.match(text):
            head = True
        else:
            counter = _counter(text, scope)
            if counter is not None:
                name, packets = counter
                facts.append(DropCounter(at=section.place(number), scope=scope, name=name, packets=packets))
    if head or facts:
        whole = head and not section.filtered and torn_line(section) is None
        facts.append(Coverage(at=section.whole_place, family=_FAMILIES[scope], whole=whole))
    return facts


def _counter(text: str, scope: str) -> tuple[str, int] | None:
    if scope == "feature":
        m = _FEATURE_ROW.match(text)
        return (m["name"], int(m["packets"])) if m else None
    m = _GLOBAL_ROW.match(text)
    if not m:
        return None
    numbers = m["numbers"].split()
    return m["name"], int(numbers[-1] if len(numbers) == 4 else numbers[0])
