"""Step 2: a source becomes sections. Nothing is dropped: every line belongs to exactly one section or boundary.

Three forms are told apart, line by line:

* show-tech: `------------------ show version ------------------`, eighteen dashes on both sides. Rulers of 72
  dashes and four-dash sub-headers are body text.
* console captures: `R1#show crypto ipsec sa`. A prompt ends the output above it.
* bare outputs, configurations and logs: recognised by what they look like (`engine.evidence.bare`).
"""

from __future__ import annotations

import re

import msgspec

from engine.evidence.bare import recognise
from engine.evidence.commands import expand, is_show
from engine.evidence.source import Section, Source

_HEADER = re.compile(r"^-{18} (\S.*?) -{18}\s*$")
# A host name and # or >, with the configuration mode in parentheses between them. Never a lone sharp (a comment).
_PROMPT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9_.\-/:]{0,62})(?:\([A-Za-z0-9 _./\-]{1,40}\))?[#>] ?(.*)$")
# A word before > is a prompt only where a command follows: prose and mail quotations have such lines too.
# A wiped-out pager prompt or a terminal escape may stand before it (one quits the pager with q).
_QUICK = re.compile(rb"^(?:-{18} |[A-Za-z0-9][^\s#>]{0,80}[#>]|[ -]{0,3}More|\x1b)", re.MULTILINE)


class Boundary(msgspec.Struct, frozen=True):
    """A line that starts a section: a show-tech header or a prompt."""

    line: int
    form: str
    device: str | None
    command: str | None


def split(source: Source) -> list[Section]:
    """The sections of a source in order, bare regions recognised, lines numbered as read."""
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


def _boundaries(source: Source) -> list[Boundary]:
    """Headers and prompts in order. Inside a show-tech only the prompt of its own device or a show command counts.

    Where the command that a show-tech began with comes again, another one was appended, of a device not yet known.
    """
    marks: list[Boundary] = []
    hosts: set[str] = set()
    in_tech = False
    device: str | None = None
    opening: str | None = None
    for hit in _QUICK.finditer(source.data):
        number = source.line_at(hit.start())
        text = source.line(number)
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
