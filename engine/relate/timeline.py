"""When a list was taken, and whether that was after a log line: answered only where the clocks allow it.

`service timestamps` prints UTC unless `localtime` is configured, while `show clock` prints the local zone; a log
line mostly has neither zone nor year. So a comparison is made only where both are known to be in one zone.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from typing import TypeAlias

import msgspec

from engine.evidence.source import Place
from engine.facts import Clock, RunningConfig
from engine.relate.devices import DeviceFacts
from engine.stamp import Stamp, seconds_between

Sections: TypeAlias = dict[str, list[tuple[int, int]]]
"""First and last line of every section, in order, by source."""

# Clocks of two devices under NTP agree better than this; a larger difference between two stamps is a real one.
CLOCK_TOLERANCE_SECONDS = 2.0


class Taken(msgspec.Struct, frozen=True):
    """When something was taken, on its device's clock: not before and not after; None where not known.

    `synchronised` says that the clock was set by NTP or printed no doubt about itself.
    """

    not_before: Stamp | None
    not_after: Stamp | None
    synchronised: bool
    places: tuple[Place, ...]


def taken(device: DeviceFacts, at: Place, sections: Sections) -> Taken:
    """When the output at this place was taken, from the clocks read around it in the same source.

    Args:
        device: the device of the output.
        at: where the output stands.
        sections: first and last line of every section, by source.
    """
    clocks = [c for c in device.of(Clock) if c.at.source == at.source]
    first, last = section_of(at, sections)
    exact = [c for c in clocks if first <= c.at.line <= last]
    before = exact or [c for c in clocks if c.at.line < first]
    after = exact or [c for c in clocks if c.at.line > last]
    lower = before[-1] if before else None
    upper = after[0] if after else None
    known = [c for c in (lower, upper) if c is not None]
    return Taken(
        lower.stamp if lower else None,
        upper.stamp if upper else None,
        bool(known) and all(not c.stamp.mark and (c.source is None or "NTP" in c.source) for c in known),
        tuple(dict.fromkeys(c.at for c in known)),
    )


def section_of(at: Place, sections: Sections) -> tuple[int, int]:
    """First and last line of the section that a place stands in; of the place itself where it stands in none."""
    spans = sections.get(at.source, [])
    index = bisect_right(spans, (at.line, sys.maxsize)) - 1
    if index >= 0 and spans[index][0] <= at.line <= spans[index][1]:
        return spans[index]
    return at.line, at.last_line


def log_zone(stamp: Stamp, device: DeviceFacts) -> str | None:
    """The zone in which a device's log line is stamped; None where neither line, clock nor configuration tells."""
    if stamp.zone is not None:
        return _zone(stamp)
    zones = {_zone(clock.stamp) for clock in device.of(Clock)}
    config = next(iter(device.of(RunningConfig)), None)
    local = config.log_timestamps_local if config else None
    if local is False or zones == {"UTC"}:
        return "UTC"
    # Without knowing whether `localtime` is configured the line may be in either zone.
    return zones.pop() if local and len(zones) == 1 else None


def _zone(stamp: Stamp) -> str | None:
    return "UTC" if stamp.is_utc else stamp.zone


def seconds_after(clock: Stamp | None, logged: Stamp | None, device: DeviceFacts) -> float | None:
    """Seconds from a log line of `device` to a reading of a clock; None where their zones are not known to be one."""
    if clock is None or logged is None:
        return None
    zone = log_zone(logged, device)
    if zone is None or zone != _zone(clock) or logged.uptime is not None or clock.uptime is not None:
        return None
    return seconds_between(msgspec.structs.replace(logged, zone=clock.zone), clock)


def was_after(
    taken_at: Taken, logged: Stamp | None, device: DeviceFacts, *, other: bool = False
) -> bool | None:
    """Whether an output was taken after a log line; None where it cannot be told.

    Args:
        taken_at: of the output.
        logged: stamp of the log line.
        device: the device that logged (its configuration says in which zone).
        other: the output is of another device, so both clocks have to be trusted.
    """
    if logged is None:
        return None
    if other and (not taken_at.synchronised or logged.mark):
        return None
    margin = CLOCK_TOLERANCE_SECONDS if other else 0.0
    low = seconds_after(taken_at.not_before, logged, device)
    if low is not None and low >= margin:
        return True
    high = seconds_after(taken_at.not_after, logged, device)
    if high is not None and high < -margin:
        return False
    return None
