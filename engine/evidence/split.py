"""Step 2: a source becomes sections. Nothing is dropped: every line belongs to exactly one section or boundary.

Three forms are told apart, line by line:

* show-tech: `------------------ show version ------------------`, eighteen dashes on both sides. Rulers of 72
  dashes and four-dash sub-headers are body text.
* console captures: `R1#show crypto ipsec sa`. A prompt ends the output above it.
* bare outputs, configurations and logs: recognised by what they look like (`engine.evidence.bare`).

A big file that is nothing but log lines wherever it is looked at is one log, and not read line by line
(docs/decisions/0012).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from engine.evidence.bare import SYSLOG, recognise
from engine.evidence.commands import expand, is_show
from engine.evidence.source import BIG, Section, Source

_HEADER = re.compile(r"^-{18} (\S.*?) -{18}\s*$")
# A host name and # or >, with the configuration mode in parentheses between them. Never a lone sharp (a comment).
_PROMPT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9_.\-/:]{0,62})(?:\([A-Za-z0-9 _./\-]{1,40}\))?[#>] ?(.*)$")
# A word before > is a prompt only where a command follows: prose and mail quotations have such lines too.
# A wiped-out pager prompt or a terminal escape may stand before it (one quits the pager with q).
_QUICK_FORM = rb"(?:-{18} |[A-Za-z0-9][^\s#>]{0,80}[#>]|[ -]{0,3}More|\x1b)"
# Behind a line feed, which is searched much faster than the beginning of a line.
_QUICK = re.compile(rb"\n" + _QUICK_FORM)
_QUICK_FIRST = re.compile(_QUICK_FORM)

# What a log line begins with: priority, number, the name of what relayed or logged it, a date or an uptime.
_LOG_LINE = re.compile(
    rb"(?:<\d{1,3}>)?(?:1 )?(?:\d{1,10}: ){0,2}(?:[\w.:-]{1,253} ){0,2}[*.]?(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct"
    rb"|Nov|Dec) {1,2}\d|\d{4}-\d\d-\d\d[T ]\d\d:|\d{1,4}:\d\d:\d\d:|(?:\d{1,4}[ywdh]){1,2}:)|%[A-Z][A-Z0-9_]*-"
)
_SAMPLES = 64
_SAMPLE = 8 << 10
_ENDS = 64 << 10


class Boundary(msgspec.Struct, frozen=True):
    """A line that starts a section: a show-tech header or a prompt."""

    line: int
    form: str
    device: str | None
    command: str | None


def split(source: Source) -> list[Section]:
    """The sections of a source in order, bare regions recognised, lines numbered as read."""
    if is_big_log(source):
        return [Section(source, SYSLOG, 1, source.line_count)]
    marks = _boundaries(source)
    sections: list[Section] = []
    first = 1
    last = source.line_count
    device: str | None = None
    command: str | None = None
    for mark in [*marks, None]:
        end = (mark.line if mark else last + 1) - 1
        if command is not None:
            expanded = expand(command)
            sections.append(
                Section(
                    source,
                    expanded.text,
                    first,
                    end,
                    device=device,
                    closed=mark is not None,
                    filtered=expanded.filtered,
                )
            )
        elif end >= first:
            sections.extend(recognise(source, first, end, device=device, closed=mark is not None))
        if mark is None:
            break
        first, device, command = mark.line + 1, mark.device, mark.command
    return sections


def is_big_log(source: Source) -> bool:
    """Whether a source is big, and every sample of it, its head and its tail are log lines and nothing else."""
    size = len(source.data)
    if size < BIG:
        return False
    step = (size - 2 * _ENDS) // _SAMPLES
    samples = [(_ENDS + number * step, _SAMPLE) for number in range(_SAMPLES)]
    return all(
        _is_log(source, begin, length) for begin, length in [(0, _ENDS), (size - _ENDS, _ENDS), *samples]
    )


def _is_log(source: Source, begin: int, length: int) -> bool:
    lines = [
        line for line in source.data[begin : begin + length].split(b"\n")[bool(begin) : -1] if line.strip()
    ]
    if any(_QUICK_FIRST.match(line) for line in lines):
        return False
    # Some messages go on over further lines, and what else writes to a collector has its own forms.
    return sum(_LOG_LINE.match(line) is not None for line in lines) * 10 > len(lines) * 9


def _boundaries(source: Source) -> list[Boundary]:
    """Headers and prompts in order. Inside a show-tech only the prompt of its own device or a show command counts.

    Where the command that a show-tech began with comes again, another one was appended, of a device not yet known.
    """
    marks: list[Boundary] = []
    hosts: set[str] = set()
    in_tech = False
    device: str | None = None
    opening: str | None = None
    for begin in _candidates(source):
        text = source.rest_of_line(begin)
        number = source.line_at(begin)
        header = _HEADER.match(text)
        if header:
            if not in_tech:
                opening = header[1]
            elif header[1] == opening:
                device = None
            in_tech = True
            marks.append(Boundary(number, "header", device, header[1]))
            continue
        prompt = _PROMPT.match(text)
        if not prompt:
            continue
        host, typed = prompt[1], prompt[2].strip()
        if in_tech and host not in hosts and not is_show(typed):
            continue
        if not _is_prompt(text, host, typed, hosts):
            continue
        hosts.add(host)
        device = host
        in_tech = False
        marks.append(Boundary(number, "prompt", host, typed if is_show(typed) else None))
    return marks


def _candidates(source: Source) -> Iterator[int]:
    """Offsets of the lines that may be a header or a prompt."""
    if _QUICK_FIRST.match(source.data):
        yield 0
    for hit in _QUICK.finditer(source.data):
        yield hit.start() + 1


def _is_prompt(text: str, host: str, typed: str, hosts: set[str]) -> bool:
    """Whether a line that has the form of a prompt is one."""
    if text.startswith("%") or host.lower() in {"http", "https"}:
        return False
    if is_show(typed):
        return True
    # Any other line needs a host already known from a show command, or the privileged "#" with a known verb.
    if host in hosts:
        return True
    return "#" in text[: len(host) + 45] and bool(
        re.match(
            r"(?:$|term|conf|en(?:able)?$|exit|end$|debug|undebug|clear|ping|copy|wr|\*|[A-Z][a-z]{2} +\d)",
            typed,
        )
    )
