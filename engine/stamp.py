"""Time stamps as Cisco devices print them: often without a year, without a zone, or as an uptime.

A stamp never pretends to know more than was printed. Two stamps are compared only where that is honest: both
with a year, or both without one inside the same calendar year; uptime stamps only with each other.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_MONTHS = {name: number for number, name in enumerate(MONTH[3:-1].split("|"), 1)}
_UTC = frozenset({"UTC", "GMT", "Z"})
_UPTIME_UNITS = {"y": 365 * 86400, "w": 7 * 86400, "d": 86400, "h": 3600}
# 00:27:07, 1d02h, 43w2d, 1y12w: `service timestamps log uptime`
_UPTIME = re.compile(r"(?:(\d+):(\d\d):(\d\d)|((?:\d+[ywdh]){1,2}))")


class Stamp(msgspec.Struct, frozen=True):
    """A time stamp.

    Attributes:
        month, day, hour, minute, second: as printed; month is 0 for an uptime stamp.
        fraction: digits of the second's fraction as printed ("707"), "" where none.
        year: None where not printed.
        zone: zone name or offset as printed ("UTC", "KST", "+09:00"), None where not printed.
        mark: "*" clock never set, "." set but not synchronised, "" neither.
        uptime: the uptime stamp as written ("43w2d", "00:27:07"), None for a calendar stamp.
    """

    month: int
    day: int
    hour: int
    minute: int
    second: int
    fraction: str = ""
    year: int | None = None
    zone: str | None = None
    mark: str = ""
    uptime: str | None = None

    def iso(self) -> str:
        """ISO 8601; `--MM-DDThh:mm:ss.fff` without a year; an uptime stamp as written."""
        if self.uptime is not None:
            return self.uptime
        date = (
            f"{self.year:04d}-{self.month:02d}-{self.day:02d}"
            if self.year
            else f"--{self.month:02d}-{self.day:02d}"
        )
        clock = f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}"
        if self.fraction:
            clock += f".{self.fraction}"
        return f"{date}T{clock}{self._offset()}"

    def _offset(self) -> str:
        if not self.zone:
            return ""
        if self.zone.upper() in _UTC:
            return "Z"
        # A zone NAME is whatever the operator typed after `clock timezone`; only an offset is an offset.
        if self.zone[0] not in "+-":
            return ""
        digits = self.zone[1:].replace(":", "")
        return f"{self.zone[0]}{digits[:2]}:{digits[2:] or '00'}"

    @property
    def is_utc(self) -> bool:
        """Whether the stamp says that it is in UTC."""
        return self.zone is not None and self.zone.upper() in _UTC

    def uptime_seconds(self) -> int | None:
        """Seconds since boot for an uptime stamp; its last unit is its precision. None for a calendar stamp."""
        if self.uptime is None:
            return None
        m = _UPTIME.fullmatch(self.uptime)
        if not m:
            return None
        if m[1] is not None:
            return int(m[1]) * 3600 + int(m[2]) * 60 + int(m[3])
        return sum(int(n) * _UPTIME_UNITS[u] for n, u in re.findall(r"(\d+)([ywdh])", m[4]))

    def moment(self, year: int) -> datetime | None:
        """This stamp as a naive time, its own year or the given one; None for uptime stamps and no such day."""
        if self.uptime is not None:
            return None
        micro = int((self.fraction + "000000")[:6]) if self.fraction else 0
        try:
            return datetime(  # noqa: DTZ001  the zone is compared by the caller, by name
                self.year or year, self.month, self.day, self.hour, self.minute, min(self.second, 59), micro
            )
        except ValueError:
            return None


def seconds_between(first: Stamp, last: Stamp) -> float | None:
    """Seconds from first to last, exact to the printed fraction.

    None where it cannot be told: an uptime stamp beside a calendar stamp, different zones, and stamps without a
    year that cross a new year, or the end of February unless one of them is on the 29th.
    """
    if first.uptime is not None or last.uptime is not None:
        a, b = first.uptime_seconds(), last.uptime_seconds()
        return None if a is None or b is None else float(b - a)
    if (first.zone or "") != (last.zone or "") and not (first.is_utc and last.is_utc):
        return None
    if (first.year is None) != (last.year is None):
        # One side knows the year (a clock), the other (a log line) does not: take the clock's year, unless the
        # log line would then lie later in the calendar than the clock by more than half a year.
        year = first.year or last.year
        assert year is not None
        a_time, b_time = first.moment(year), last.moment(year)
        if a_time is None or b_time is None or abs((b_time - a_time).days) > 183:
            return None
        return (b_time - a_time) / timedelta(seconds=1)
    if first.year is None:
        if last.month < first.month:
            return None
        # A 29 February says that the year has one.
        leap = (2, 29) in {(first.month, first.day), (last.month, last.day)}
        if first.month <= 2 < last.month and not leap:
            return None
        return _difference(first, last, 2000 if leap else 2001)
    return _difference(first, last, first.year)


def _difference(first: Stamp, last: Stamp, year: int) -> float | None:
    a, b = first.moment(year), last.moment(year)
    return None if a is None or b is None else round((b - a) / timedelta(seconds=1), 6)


def month_number(name: str) -> int:
    """1 to 12 for an English three-letter month, as Cisco prints it; 0 for anything else."""
    return _MONTHS.get(name[:3].title(), 0)
