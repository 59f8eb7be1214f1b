"""When a list was taken, and whether that was after a log line: answered only where the clocks allow it.

`service timestamps` prints UTC unless `localtime` is configured, while `show clock` prints the local zone; a log
line mostly has neither zone nor year. So a comparison is made only where both are known to be in one zone.
"""

from __future__ import annotations

import msgspec

from engine.evidence.source import Place
from engine.facts import Clock, RunningConfig
from engine.relate.devices import DeviceFacts
from engine.stamp import Stamp, seconds_between

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


def taken(device: DeviceFacts, at: Place, sections: dict[str, list[tuple[int, int]]]) -> Taken:
    """When the output at this place was taken, from the clocks read around it in the same source.

    Args:
        device: the device of the output.
        at: where the output stands.
        sections: first and last line of every section, by source.
    """
    clocks = [c for c in device.of(Clock) if c.at.source == at.source]
    first, last = next(
        ((f, e) for f, e in sections.get(at.source, []) if f <= at.line <= e), (at.line, at.last_line)
    )
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


def in_zone_of(stamp: Stamp, clock: Stamp, device: DeviceFacts) -> Stamp | None:
    """A log stamp put into the zone of the device's clock, where the configuration or the zones allow it."""
    if stamp.uptime is not None or clock.uptime is not None:
        return None
    if stamp.zone is not None:
        return stamp if stamp.zone == clock.zone or (stamp.is_utc and clock.is_utc) else None
    config = next(iter(device.of(RunningConfig)), None)
    local = config.log_timestamps_local if config else None
    if clock.is_utc or local:
        return msgspec.structs.replace(stamp, zone=clock.zone)
    # Without `localtime` log lines are in UTC; whether it is configured is not known here.
    return None


def seconds_after(clock: Stamp | None, logged: Stamp | None, device: DeviceFacts) -> float | None:
    """Seconds from a log line to a reading of the same device's clock; None where they cannot be compared."""
    if clock is None or logged is None:
        return None
    aligned = in_zone_of(logged, clock, device)
    return None if aligned is None else seconds_between(aligned, clock)


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
