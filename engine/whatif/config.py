"""A line of configuration put into, or taken out of, the text of a case, so that every parser sees it.

Supposing at the text is the only way by which any command can be supposed, with all that follows from it: `config:no
crypto isakmp invalid-spi-recovery`, `config:interface Tunnel0 / ip nhrp map 10.0.0.9 198.51.100.9`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from engine.evidence.source import Place, Source
from engine.facts import Coverage, Fact, Hostname, RunningConfig
from engine.reading import read
from engine.relate.views import DeviceView
from engine.whatif.settings import Setting

NEW_SOURCE = "(what if)"


def with_line(sources: Sequence[Source], device: DeviceView, setting: Setting) -> list[Source]:
    """The sources with the line put into the device's configuration, or taken out of it.

    Where the case has no configuration of the device, a filtered output with the line alone is added: it shows that the
    line is there, and nothing of what is not.
    """
    configs = device.facts.of(RunningConfig)
    if not configs:
        text = "".join(f"{line}\n" for line in _lines(setting))
        new = f"{device.name}#show running-config | include .\n{text}{device.name}#\n".encode()
        old = next((s for s in sources if s.path == NEW_SOURCE), None)
        data = bytes(old.data) + new if old is not None else new
        return [*(s for s in sources if s is not old), Source(NEW_SOURCE, data)]
    place = configs[-1].at
    return [_changed(s, place, setting) if s.path == place.source else s for s in sources]


def says_more(before: Sequence[Source], after: Sequence[Source]) -> bool:
    """Whether the parsers read anything else from the sources after a line was put in or taken out."""
    old = {id(source) for source in before}
    new = {id(source) for source in after}
    gone = Counter(_gist(fact) for s in before if id(s) not in new for fact in _facts(s))
    come = Counter(_gist(fact) for s in after if id(s) not in old for fact in _facts(s))
    return gone != come


def _facts(source: Source) -> Iterator[Fact]:
    """What a source says, without that it is there: an added one always says whose it is, and how much of a list."""
    for _, fact in read(source).facts:
        empty = isinstance(fact, RunningConfig) and fact == RunningConfig(
            at=fact.at, hostname=None, whole=False
        )
        if not (empty or isinstance(fact, Coverage | Hostname)):
            yield fact


def _gist(thing: Any) -> Any:
    """A fact without the places in it, which every line that is put in moves."""
    if isinstance(thing, Place):
        return None
    if isinstance(thing, msgspec.Struct):
        return type(thing), tuple(_gist(getattr(thing, name)) for name in thing.__struct_fields__)
    return tuple(map(_gist, thing)) if isinstance(thing, tuple | list) else thing


def _changed(source: Source, place: Place, setting: Setting) -> Source:
    lines = bytes(source.data).split(b"\n")
    before, own, behind = (
        lines[: place.line - 1],
        lines[place.line - 1 : place.last_line],
        lines[place.last_line :],
    )
    above, line, negated = setting.config
    removed = False
    if negated:
        own, removed = _without(own, above, line)
    if not removed:
        at = next((i for i in range(len(own) - 1, -1, -1) if own[i].strip() == b"end"), len(own))
        own[at:at] = [text.encode() for text in _lines(setting)]
    return Source(source.path, b"\n".join([*before, *own, *behind]), source.size)


def _lines(setting: Setting) -> list[str]:
    """The line below its modes, indented as IOS prints it."""
    above, line, negated = setting.config
    typed = [*above, f"no {line}" if negated else line]
    return [" " * depth + text for depth, text in enumerate(typed)]


def _without(lines: list[bytes], above: list[str], line: str) -> tuple[list[bytes], bool]:
    """The lines without those that begin with the command, and without what stands below them.

    Words have to be equal: a router prints them in full, and what may be cut short cannot be told from a name.
    """
    kept: list[bytes] = []
    parent: list[str] = []
    below_removed: int | None = None
    removed = False
    for raw in lines:
        text = raw.decode("utf-8", errors="replace").expandtabs()
        words = text.split()
        indent = len(text) - len(text.lstrip())
        if below_removed is not None and words and indent > below_removed:
            continue
        below_removed = None
        fits = _begins(words, line)
        inside = not above or (indent > 0 and _begins(parent, above[-1]))
        if fits and inside and (above or indent == 0):
            removed, below_removed = True, indent
            continue
        if words and indent == 0:
            parent = words
        kept.append(raw)
    return kept, removed


def _begins(words: list[str], command: str) -> bool:
    wanted = command.lower().split()
    return [word.lower() for word in words[: len(wanted)]] == wanted
