"""What a person supposes, read from `--set`: `release=17.3.4a`, `os=ios-xe`, `config:LINE`, `CONDITION=VALUE`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from engine.knowledge.model import Condition, Knowledge

OS_NAMES = ("ios", "ios-xe", "asa", "nx-os", "ios-xr", "other")
_CONFIG = "config:"
_LEVELS = re.compile(r"\s/(?:\s|$)")  # not the one of GigabitEthernet0/0
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,240}")


class SettingError(ValueError):
    """A supposition that cannot be made.

    Attributes:
        key: what is wrong; who talks to people has a sentence for each.
        values: of the places of that sentence.
        near: a name that may be meant.
    """

    def __init__(self, key: str, near: str = "", **values: str) -> None:
        super().__init__(f"{key}: {values}")
        self.key = key
        self.values = values
        self.near = near


class Setting(msgspec.Struct, frozen=True):
    """One supposition.

    Attributes:
        kind: release, os, config (a line of configuration) or condition.
        name: the condition; else the kind.
        value: the release, the system, the line, or the value of the condition.
        text: as it was written.
    """

    kind: Literal["release", "os", "config", "condition"]
    name: str
    value: str
    text: str

    @property
    def config(self) -> tuple[list[str], str, bool]:
        """Of a line of configuration: the modes above it, the line without `no`, and whether it is negated."""
        *above, line = [part.strip() for part in _LEVELS.split(self.value)]
        words = line.split()
        negated = len(words) > 1 and words[0].lower() == "no"
        return above, " ".join(words[1:] if negated else words), negated


def parse_setting(text: str, kb: Knowledge) -> Setting:
    """Read one supposition.

    Raises:
        SettingError: it is none; the sentence says what is wrong, and suggests a near name.
    """
    if text.startswith(_CONFIG):
        line = text.removeprefix(_CONFIG).strip()
        if not _LINE.fullmatch(line) or not all(part.strip() for part in _LEVELS.split(line)):
            raise SettingError("config_line", text=text)
        return Setting("config", "config", line, text)
    name, equals, value = text.partition("=")
    if not equals:
        raise SettingError("name_value", text=text)
    if name == "release":
        return _release(value, text)
    if name == "os":
        if value not in OS_NAMES:
            raise SettingError("one_of", text=text, name="os", values=", ".join(OS_NAMES))
        return Setting("os", "os", value, text)
    condition = kb.conditions.get(name)
    if condition is None:
        raise SettingError(
            "no_condition", near=_near(name, [*kb.conditions, "release", "os"]), text=text, name=name
        )
    values = condition.values or ["yes", "no"]
    if value not in values:
        raise SettingError("one_of", text=text, name=name, values=", ".join(values))
    return Setting("condition", name, value, text)


def parse_settings(texts: Iterable[str], kb: Knowledge) -> list[Setting]:
    """Read suppositions that are to hold together.

    Raises:
        SettingError: one is none, one thing is supposed twice, or the release is none of the system.
    """
    settings: list[Setting] = []
    named: dict[str, Setting] = {}
    for text in texts:
        setting = parse_setting(text, kb)
        if setting.kind != "config":
            if setting.name in named:
                raise SettingError("twice", text=text, name=setting.name, before=named[setting.name].text)
            named[setting.name] = setting
        settings.append(setting)
    if {"release", "os"} <= named.keys():
        from engine.release import parse

        release, system = parse(named["release"].value), named["os"].value
        if release is not None and release.os != system:
            raise SettingError("other_os", text=named["release"].text, os=release.os, other=system)
    return settings


def _release(value: str, text: str) -> Setting:
    from engine.release import parse

    release = parse(value)
    if release is None:
        raise SettingError("no_release", text=text, value=value)
    return Setting("release", "release", str(release), text)


def implied(kb: Knowledge, name: str, value: str) -> dict[str, str]:
    """The values of the other conditions that look at the same field: one thing cannot be so and not so.

    `ike-sa=absent` makes `ike-sa-shown` no. Where a "no" leaves open what the field is instead, only the condition
    itself follows.
    """
    condition = kb.conditions[name]
    found = {name: value}
    field, known = _field(condition, value)
    if field is None:
        return found
    for other, entry in kb.conditions.items():
        if other == name or entry.of != condition.of:
            continue
        if entry.values is not None:
            if entry.field == field and known in entry.values:
                found[other] = str(known)
        elif entry.yes is not None and entry.yes.get("field") == field:
            truth = _holds(entry.yes, known)
            if truth is not None:
                found[other] = "yes" if truth else "no"
    return found


def _field(condition: Condition, value: str) -> tuple[str | None, Any]:
    """The field that a condition looks at, and what it is when the condition has this value."""
    if condition.values is not None:
        return condition.field, value
    test = condition.yes or {}
    if set(test) != {"field", "is"}:
        return None, None
    if value == "yes":
        return test["field"], test["is"]
    return (test["field"], not test["is"]) if isinstance(test["is"], bool) else (None, None)


def _holds(test: dict[str, Any], known: Any) -> bool | None:
    if set(test) == {"field", "is"}:
        return bool(test["is"] == known)
    if set(test) == {"field", "in"}:
        return known in test["in"]
    return None


def _near(name: str, known: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process

    best = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=60)
    return best[0] if best else ""
