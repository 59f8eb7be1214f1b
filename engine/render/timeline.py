"""When messages were logged, as places on a line: for a drawing, which needs no more than per cent.

Every row stands in the clock of the router that logged; rows of two routers are as far apart as their clocks are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from engine.diagnosis.document import Diagnosis, Flow
from engine.parsers.syslog import head
from engine.stamp import Stamp

# Flows that are drawn, those with the most messages first.
_SHOWN = 20
_TICKS = 5
_ISO = re.compile(
    r"(?:(?P<year>\d{4})|-)-(?P<month>\d\d)-(?P<day>\d\d)T(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?:\.(?P<fraction>\d{1,9}))?(?P<zone>Z|[+-]\d\d:\d\d)?"
)
# The year of stamps in a case that names none: a leap year, for 29 February.
_ANY_YEAR = 2000


class TimelineRow(NamedTuple):
    """A flow: places in per cent of its messages and of the capture (None: not known), and first and last time."""

    flow: Flow
    marks: list[float]
    begin: float
    end: float
    captured: float | None
    first: str
    last: str


class Timeline(NamedTuple):
    """Rows, and the ticks of the axis: place in per cent, and time."""

    rows: list[TimelineRow]
    ticks: list[tuple[float, str]]


class _Stamps(NamedTuple):
    """A flow, the stamps of its messages and of the capture as they are written: often without a year."""

    flow: Flow
    messages: list[Stamp]
    captured: Stamp | None

    @property
    def year(self) -> int | None:
        """The year that one of them names."""
        return next((s.year for s in (self.captured, *self.messages) if s is not None and s.year), None)


class _Times(NamedTuple):
    flow: Flow
    messages: list[datetime]
    captured: datetime | None


def timeline(document: Diagnosis) -> Timeline | None:
    """The flows of a document on one axis; None where no time of a message is known."""
    stamps = [_stamps(flow, document) for flow in document.flows]
    # One year for all that name none: rows of two routers stand on one axis.
    year = next((one.year for one in stamps if one.year), _ANY_YEAR)
    rows = [row for one in stamps if (row := _times(one, one.year or year)) is not None]
    rows = sorted(rows, key=lambda row: -row.flow.count)[:_SHOWN]
    if not rows:
        return None
    moments = [m for row in rows for m in (*row.messages, *([row.captured] if row.captured else []))]
    begin, end = min(moments), max(moments)
    margin = max((end - begin) / 20, timedelta(seconds=5))
    begin, end = begin - margin, end + margin

    def place(moment: datetime) -> float:
        return round((moment - begin) / (end - begin) * 100, 2)

    drawn = [
        TimelineRow(
            row.flow,
            sorted({place(m) for m in row.messages}),
            place(row.messages[0]),
            place(row.messages[-1]),
            None if row.captured is None else place(row.captured),
            _clock(row.messages[0]),
            _clock(row.messages[-1]),
        )
        for row in rows
    ]
    return Timeline(drawn, _ticks(begin, end))


def _stamps(flow: Flow, document: Diagnosis) -> _Stamps:
    device = next((d for d in document.devices if d.name == flow.device), None)
    captured = _read(device.captured) if device is not None else None
    found = [_read(flow.first), _read(flow.last), *_logged(flow)]
    return _Stamps(flow, [stamp for stamp in found if stamp is not None], captured)


def _times(stamps: _Stamps, year: int) -> _Times | None:
    messages = [m for s in stamps.messages if (m := s.moment(year)) is not None]
    if not messages:
        return None
    taken = stamps.captured.moment(year) if stamps.captured is not None else None
    first, last = min(messages), max(messages)
    # A capture half a year away is another year's, or a clock that was never set: it would hide everything else.
    if taken is not None and not first - timedelta(days=1) <= taken <= last + max(
        timedelta(days=1), (last - first) * 2
    ):
        taken = None
    return _Times(stamps.flow, sorted(messages), taken)


def _logged(flow: Flow) -> Iterable[Stamp]:
    """The stamps of the messages that are quoted."""
    for item in flow.evidence:
        before, percent, _ = item.text.partition("%CRYPTO")
        stamp = head(before).stamp if percent and item.kind == "line" else None
        if stamp is not None:
            yield stamp


def _read(iso: str | None) -> Stamp | None:
    found = _ISO.fullmatch(iso) if iso else None
    if found is None:
        return None
    month, day, hour, minute, second = (
        int(found[part]) for part in ("month", "day", "hour", "minute", "second")
    )
    year = int(found["year"]) if found["year"] else None
    return Stamp(month, day, hour, minute, second, found["fraction"] or "", year)


def _ticks(begin: datetime, end: datetime) -> list[tuple[float, str]]:
    step = (end - begin) / (_TICKS + 1)
    moments = [begin + step * number for number in range(1, _TICKS + 1)]
    long = end - begin > timedelta(days=2)
    places = [round(100 * number / (_TICKS + 1), 2) for number in range(1, _TICKS + 1)]
    texts = [f"{m:%m-%d}" if long else f"{m:%H:%M:%S}" for m in moments]
    return list(zip(places, texts, strict=True))


def _clock(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M:%S}"
