"""`ipsecdx kb import`: an answer of the Cisco Support Bug API becomes a folder to lay over the knowledge base.

    {"bugs": [{"bug_id": "CSCvp16730", "headline": "...", "severity": "2", "status": "F",
               "known_affected_releases": "16.9.1 16.9.2", "known_fixed_releases": "16.9.3,16.12.1"}]}

Also one bug without the wrapping, or a bare list. Field names are those of the Bug API (developer.cisco.com,
Support APIs, Bug); releases come as one text with blanks or commas between them, or as a list.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from engine.knowledge.model import Knowledge
from engine.release import Release, parse

SOURCE = "cisco-bug-api"
MARK = "# Written by `ipsecdx kb import`; the next import writes it anew."
_ID = re.compile(r"CSC[a-z]{2}\d{5}")
_SEPARATOR = re.compile(r"[\s,;]+")
# "Amsterdam-17.3.1", "Denali-16.3.1": the code name of the train before the release.
_NAMED = re.compile(r"[A-Z][a-z]+-(?=\d)")
# Tags that headlines have; "<peer>" and "<0xFF..>" are text.
_TAG = re.compile(r"</?(?:b|i|u|p|br|em|strong|span|div|font|tt|code|pre|a)\b[^<>]*>", re.IGNORECASE)
_SEVERITY = {"1": "error", "2": "error", "3": "warning", "4": "warning", "5": "info", "6": "info"}
_MOST_BYTES = 64_000_000


class Bug(msgspec.Struct, frozen=True):
    """One bug of the answer.

    Attributes:
        affected, fixed: releases in the form of this program, in order, each once.
        unread: words among the releases that are none it can compare.
    """

    id: str
    headline: str
    severity: str
    status: str
    affected: list[str]
    fixed: list[str]
    unread: list[str]


class Imported(msgspec.Struct, frozen=True):
    """What an import wrote: each bug with its file, and whether it was known before."""

    bug: Bug
    path: Path
    known: bool


def read_answer(raw: bytes) -> list[Bug]:
    """The bugs of an answer, by id.

    Raises:
        ValueError: it is no such answer; the message is a sentence.
    """
    if len(raw) > _MOST_BYTES:
        raise ValueError(f"it is larger than {_MOST_BYTES:,} bytes")
    try:
        data = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"it is not JSON: {error}") from error
    if isinstance(data, dict):
        data = data.get("bugs", [data] if "bug_id" in data else None)
    if not isinstance(data, list) or not data:
        raise ValueError('it has no bugs: {"bugs": [{"bug_id": ...}]} is expected')
    found: dict[str, Bug] = {}
    for number, entry in enumerate(data, 1):
        bug = _bug(entry, number)
        found[bug.id] = _joined(found[bug.id], bug) if bug.id in found else bug
    return [found[name] for name in sorted(found)]


def write_overlay(bugs: Iterable[Bug], kb: Knowledge, folder: Path) -> list[Imported]:
    """Write the bugs below a folder, and name the source there.

    A bug that the knowledge base knows gets a `releases.yaml`; any other becomes an entry that is listed by release
    only, and possible at most. A rule in the folder that an import did not write is kept.

    Raises:
        OSError: the folder cannot be written.
    """
    done = []
    for bug in bugs:
        home = folder / "bugs" / bug.id
        rule = home / "rule.yaml"
        own = rule.is_file() and not rule.read_text(encoding="utf-8", errors="replace").startswith(MARK)
        known = own or (bug.id in kb.bugs and not rule.is_file())
        home.mkdir(parents=True, exist_ok=True)
        if known:
            path = home / "releases.yaml"
            path.write_text(_releases(bug), encoding="utf-8")
        else:
            path = rule
            conditions = folder / "conditions" / f"{bug.id}.yaml"
            conditions.parent.mkdir(exist_ok=True)
            conditions.write_text(_condition(bug), encoding="utf-8")
            path.write_text(_rule(bug), encoding="utf-8")
        done.append(Imported(bug, path, known))
    if SOURCE not in kb.sources:
        _name_source(folder / "sources.yaml")
    return done


def _bug(entry: Any, number: int) -> Bug:
    name = entry.get("bug_id") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not _ID.fullmatch(name.strip()):
        raise ValueError(f"entry {number} has no bug_id such as CSCvp16730")
    affected, bad = _release_list(entry.get("known_affected_releases"))
    fixed, worse = _release_list(entry.get("known_fixed_releases"))
    severity = _SEVERITY.get(str(entry.get("severity", "")).strip()[:1], "warning")
    headline = _plain(str(entry.get("headline") or "")) or "no headline"
    status = str(entry.get("status") or "").strip()
    return Bug(name.strip(), headline, severity, status, affected, fixed, list(dict.fromkeys([*bad, *worse])))


def _plain(text: str) -> str:
    """A headline as one line of text: without HTML, and without control characters, which YAML does not take."""
    text = html.unescape(_TAG.sub(" ", text))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _release_list(value: Any) -> tuple[list[str], list[str]]:
    """(releases in our form, words that are none)."""
    words = [
        w
        for part in (value if isinstance(value, list) else [value])
        for w in _SEPARATOR.split(str(part or ""))
    ]
    releases: dict[str, None] = {}
    unread = []
    for word in filter(None, words):
        release = release_of(word)
        if release is None:
            unread.append(word)
        else:
            releases[str(release)] = None
    return list(releases), unread


def release_of(word: str) -> Release | None:
    """The release that a word of the API names, with or without the name of its train."""
    return parse(_NAMED.sub("", word, count=1))


def _joined(one: Bug, other: Bug) -> Bug:
    """The same bug twice in one answer: its lists together."""
    return msgspec.structs.replace(
        one,
        affected=list(dict.fromkeys([*one.affected, *other.affected])),
        fixed=list(dict.fromkeys([*one.fixed, *other.fixed])),
        unread=list(dict.fromkeys([*one.unread, *other.unread])),
    )


def _releases(bug: Bug) -> str:
    return f"""\
{MARK}
affected: {_quoted(bug.affected)}
fixed: {_quoted(bug.fixed)}
cites:
  - {{source: {SOURCE}#{bug.id}, statement: stated}}
"""


def _rule(bug: Bug) -> str:
    """A bug of which nothing but its releases is known: no signature, so it is possible at most."""
    return f"""\
{MARK}
of: device
title:
  en: {_quoted(f"{bug.id}: {bug.headline} (listed by release only)")}
  ko: {_quoted(f"{bug.id}: {bug.headline} (릴리스 목록에만 근거함)")}
severity: {bug.severity}
axis: defect
weight: rare
for: [{_listed(bug)}]
releases:
  affected: {_quoted(bug.affected)}
  fixed: {_quoted(bug.fixed)}
cites:
  - {{source: {SOURCE}#{bug.id}, statement: stated}}
"""


def _condition(bug: Bug) -> str:
    return f"""\
{MARK}
{_listed(bug)}:
  of: device
  title:
    en: {_quoted(f"The device runs a release that is listed as affected by {bug.id}")}
    ko: {_quoted(f"장비의 릴리스가 {bug.id}의 영향받는 릴리스 목록에 있음")}
  yes: {_runs_one_of(bug.affected)}
  statement: stated
  source: {SOURCE}#{bug.id}
  collect: [{{command: show version, cost: show}}]
"""


def _runs_one_of(releases: list[str]) -> str:
    """The test for a listed release. IOS XE 2 and 3 also count by the IOS release inside, as in `release_status`."""
    own = f"{{field: version, in: {_quoted(releases)}}}"
    inside = [text for text in releases if (release := parse(text)) is not None and release.os == "ios"]
    if not inside:
        return own
    before_16 = '{any: [{field: version, prefix: "2."}, {field: version, prefix: "3."}]}'
    return f"{{any: [{own}, {{all: [{before_16}, {{field: ios-release, in: {_quoted(inside)}}}]}}]}}"


def _listed(bug: Bug) -> str:
    return f"{bug.id}-release-listed"


def _quoted(value: str | list[str]) -> str:
    """JSON, which is YAML too, whatever the text holds."""
    return msgspec.json.encode(value).decode()


def _name_source(path: Path) -> None:
    entry = f"""\
{SOURCE}:
  title: "Cisco Support APIs, Bug API: an answer that the user imported"
  url: https://developer.cisco.com/docs/support-apis/
"""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if f"{SOURCE}:" not in text:
        path.write_text(text + ("\n" if text and not text.endswith("\n") else "") + entry, encoding="utf-8")
