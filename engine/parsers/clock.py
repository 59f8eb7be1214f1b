"""The device's clock: `show clock`, and the lines that `terminal exec prompt timestamp` puts before an output.

    R1#show clock detail
    *13:40:00.123 UTC Mon Sep 2 2024
    Time source is NTP

    R1#show crypto isakmp sa
    Load for five secs: 2%/0%; one minute: 3%; five minutes: 3%
    Time source is hardware calendar, *13:40:00.123 UTC Mon Sep 2 2024

The mark before the time is `*` where the clock is not authoritative and `.` where it lost synchronisation (Cisco
IOS command reference, `show clock`).
"""

from __future__ import annotations

import re

from engine.evidence.source import Section
from engine.facts import Clock, Fact
from engine.stamp import MONTH, Stamp, month_number

__all__ = ["parse", "prologue"]

_CLOCK = re.compile(
    r"\s*(?P<mark>[*.]?)(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?\s+"
    rf"(?:(?P<zone>\S+)\s+)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s+(?P<month>{MONTH})\s+(?P<day>\d\d?)\s+(?P<year>\d{{4}})\s*$"
)
_SOURCE = re.compile(
    r"\s*(?:Time source is\s+(?P<source>[^,]*[^,\s])|(?P<none>No time source))\s*(?:,(?P<clock>.*))?$"
)
_PROLOGUE_LINES = 4


def parse(section: Section) -> list[Fact]:
    """The clock of `show clock` or `show clock detail`; nothing where the output has none.

    The source is "NTP", "hardware calendar", "user configuration" and so on as printed, "none" for
    `No time source`, and None where the output does not say.
    """
    clock: tuple[int, Stamp] | None = None
    source: tuple[int, str] | None = None
    for number, text in section.lines():
        m = _SOURCE.match(text)
        if m:
            source = (number, m["source"] or "none")
        elif clock is None and (stamp := _stamp(text)) is not None:
            clock = (number, stamp)
    if clock is None:
        return []
    first, last = clock[0], max(clock[0], source[0] if source else 0)
    return [Clock(at=section.place(first, last), stamp=clock[1], source=source[1] if source else None)]


def prologue(section: Section) -> Clock | None:
    """The clock printed before any command's output, within its first four lines; None where there is none."""
    for number in range(
        section.first_line, min(section.last_line, section.first_line + _PROLOGUE_LINES - 1) + 1
    ):
        m = _SOURCE.match(section.source.line(number))
        if m and m["clock"]:
            stamp = _stamp(m["clock"])
            if stamp is not None:
                return Clock(at=section.place(number), stamp=stamp, source=m["source"] or "none")
    return None


def _stamp(text: str) -> Stamp | None:
    m = _CLOCK.match(text)
    if not m:
        return None
    hour, minute, second, day = int(m["hour"]), int(m["minute"]), int(m["second"]), int(m["day"])
    if not (hour <= 23 and minute <= 59 and second <= 60 and 1 <= day <= 31):
        return None
    month, year = month_number(m["month"]), int(m["year"])
    return Stamp(month, day, hour, minute, second, m["fraction"] or "", year, m["zone"], m["mark"])
