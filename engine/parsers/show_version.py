"""`show version`: which software runs, on which hardware, since when, and why it last started.

What it reads (IOS XE 17; every other form is in the tests):

    Cisco IOS XE Software, Version 17.03.04a
    Cisco IOS Software [Amsterdam], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.3.4a, RELEASE SOFTWARE (fc3)
    ...
    ROM: 16.12(2r)
    branch-7 uptime is 1 year, 2 weeks, 3 days, 4 hours, 5 minutes
    System image file is "bootflash:isr4300-universalk9.17.03.04a.SPA.bin"
    Last reload reason: Reload Command
    cisco ISR4331/K9 (1RU) processor with 1656280K/3071K bytes of memory.

Forms of the version, from real outputs:

* IOS: `Cisco IOS Software, ... Version 15.6(3)M2, RELEASE SOFTWARE`; before 12.3, `IOS (tm) ... Version ...`.
* IOS XE 2 and 3 up to 3.8: only that line, with the IOS number; the IOS XE number is in the image file name. The
  name is believed only where the IOS number inside it, if there is one, is the printed one.
* IOS XE 3.9: `IOS XE Version: 03.09.01.S` below; from 3.10 `Cisco IOS XE Software, Version 03.16.05.S` above.
* IOS XE 3 switches: the IOS XE number in the IOS line, without the comma: `Version 03.06.07E RELEASE SOFTWARE`.
* IOS XE 16 and 17: both lines, padded in the first; images for Linux hosts print the second only. The name of
  the release can stand before its number: `Version Denali 16.2.1`.
* Developer builds: `Version BLD_POLARIS_DEV_...`, `Experimental Version 17.14.20230827:110032`: no release.

Versions of ROMMON and boot loaders (`ROM:`, `BOOTLDR:`, `System Bootstrap`) are never taken for the software's.
ASA, NX-OS, IOS XR and other Cisco systems are recognised, with their version as printed and no release.
"""

from __future__ import annotations

import re

import msgspec

from engine import release as releases
from engine.evidence.source import Section
from engine.facts import Fact, Hostname, Version
from engine.release import Release

__all__ = ["parse"]

_XE_LINE = re.compile(r"(?:Cisco )?IOS[- ]XE (?:Software, Version|Version:) (?:[A-Z][a-z]+ )?([^\s,]+)")
_IOS_LINE = re.compile(r"Cisco IOS Software\b|IOS \(tm\) ")
_IOS_VERSION = re.compile(r"(Experimental )?\bVersion (?:[A-Z][a-z]+ )?([^\s,]+)")
# A name of a release in brackets came with IOS XE 16, and stands there even where it is empty.
_XE_MARK = re.compile(r"IOS[- ]?XE|LINUX_IOSD|IOS Software \[")
_XE_COPYRIGHT = "Cisco IOS-XE software, Copyright"
_BOOT = ("ROM:", "BOOTLDR:", "System Bootstrap")
_DEVELOPER = "BLD_"
_OTHERS = (
    ("ios-xr", re.compile(r"Cisco IOS XR Software")),
    ("asa", re.compile(r"Cisco Adaptive Security Appliance Software")),
    ("nx-os", re.compile(r"Cisco Nexus Operating System|Cisco NX-OS|(?:system|NXOS): +version ")),
    ("other", re.compile(r"Cisco (?:AP|NFV Infrastructure) Software|AP Running Image")),
)
_OTHERS_VERSION = {
    "ios-xr": re.compile(r"Cisco IOS XR Software.*, Version ([^\s\[]+)"),
    "asa": re.compile(r"Cisco Adaptive Security Appliance Software Version (\S+)"),
    "nx-os": re.compile(r"(?:system|NXOS): +version (\S+)"),
    "other": re.compile(r"(?:AP Running Image *: *|Version )(\S+)"),
}
# "edge-1 uptime is 5 weeks, 2 days"; ASA "fw-1 up 41 days 19 hours"; NX-OS "Kernel uptime is 1 day(s), ...".
_UPTIME = re.compile(r"(\S+) (uptime is|up) (.+)")
_UPTIME_PART = re.compile(r"\b(\d{1,6}) (year|week|day|hour|min|sec)")
_SECONDS = {"year": 365 * 86400, "week": 7 * 86400, "day": 86400, "hour": 3600, "min": 60, "sec": 1}
_NO_NAMES = frozenset({"Kernel", "System", "%N"})
_RELOAD = re.compile(r"Last reload reason *: *(\S.*)")
_RETURNED = re.compile(r"System (?:returned to ROM|restarted) by +(\S.*)")
_NO_REASON = "<NULL>"
# `Version 16.9.5, CUST-SPECIAL:V169_5_SR000000000_1`: made for one customer from that release.
_SPECIAL = "CUST-SPECIAL"
_IMAGE = re.compile(r'System image file is "([^"]+)')
# asr1001-universalk9.03.09.01.S.153-2.S1.bin: IOS XE 03.09.01.S, IOS 15.3(2)S1.
_IMAGE_RELEASES = re.compile(
    r"\.(0?[23]\.\d\d\.\d\d[a-z]?(?:\.?[A-Z]{1,3})?)"
    r"(?:\.(\d\d)(\d)-(\d+[a-z]?)\.([A-Z]+\d*[a-z]?))?(?=[.-]|$)"
)
_HARDWARE = (
    re.compile(r"(?:cisco|Allen-Bradley) ([^(),]{1,40}?) \(.*(?:processor|revision)", re.IGNORECASE),
    re.compile(r"cisco (\S+) ARM\S* Processor", re.IGNORECASE),
    re.compile(r"cisco (\S+(?: \S+)?) +(?:\([^)]*\) +)?chassis\b", re.IGNORECASE),
    re.compile(r"Hardware: +([^\s,]+)"),
)
_MODEL = re.compile(r"(?:Product/)?Model number *: *(\S+)", re.IGNORECASE)
# What follows is printed once per member of a stack.
_MEMBER = re.compile(r"Switch \d+")


class _Seen(msgspec.Struct):
    """What the lines so far have told. The first line that tells a thing counts."""

    os: str | None = None
    xe: str | None = None
    ios: str | None = None
    experimental: bool = False
    special: bool = False
    other: str | None = None
    version_lines: list[int] = msgspec.field(default_factory=list)
    first_line: int | None = None
    image: str | None = None
    image_line: int = 0
    platform: str | None = None
    model: str | None = None
    uptime: int | None = None
    name: str | None = None
    name_line: int = 0
    reload: str | None = None
    returned: str | None = None


def parse(section: Section) -> list[Fact]:
    """One Version, and a Hostname where the device names itself; nothing where nothing is recognised.

    The Version stands at the line or lines that state the version; where the release is known from the name of
    the image file only, at that line.
    """
    seen = _Seen()
    lines = section.lines()
    for index, (number, line) in enumerate(lines):
        text = line.strip()
        if _MEMBER.fullmatch(text):
            break
        if not text or text.startswith(_BOOT):
            continue
        following = lines[index + 1][1].strip() if index + 1 < len(lines) else ""
        if _read_version(seen, number, text, following):
            seen.special = seen.special or _SPECIAL in text
            seen.first_line = seen.first_line or number
        elif _read_state(seen, number, text):
            seen.first_line = seen.first_line or number
    if seen.first_line is None:
        return []
    facts: list[Fact] = [_version(seen, section)]
    if seen.name is not None:
        facts.append(Hostname(at=section.place(seen.name_line), name=seen.name, basis="version"))
    return facts


def _read_version(seen: _Seen, number: int, text: str, following: str) -> bool:
    """Take from a line what it says of system and version; whether it said anything."""
    if found := _XE_LINE.match(text):
        seen.os = seen.os or "ios-xe"
        if seen.xe is None and seen.os == "ios-xe":
            seen.xe = found[1]
            seen.version_lines.append(number)
        return True
    if _IOS_LINE.match(text):
        return _read_ios_line(seen, number, text, following)
    if text.startswith(_XE_COPYRIGHT):
        seen.os = "ios-xe" if seen.os in {None, "ios"} else seen.os
        return True
    return _read_other(seen, number, text)


def _read_ios_line(seen: _Seen, number: int, text: str, following: str) -> bool:
    if seen.ios is not None or seen.os not in {None, "ios-xe"}:
        return False
    found = _IOS_VERSION.search(text)
    last = number
    if found is None and (found := _IOS_VERSION.search(f"{text} {following}")):
        last = number + 1  # a mail program broke the line
    if found is None:
        return False
    seen.experimental = found[1] is not None
    seen.ios = found[2]
    seen.version_lines += range(number, last + 1)
    known = releases.parse(seen.ios)
    marked = _XE_MARK.search(text) is not None or (known is not None and known.os == "ios-xe")
    seen.os = "ios-xe" if marked else (seen.os or "ios")
    return True


def _read_other(seen: _Seen, number: int, text: str) -> bool:
    if seen.os in {"ios", "ios-xe"}:
        return False
    seen.os = seen.os or next((name for name, banner in _OTHERS if banner.match(text)), None)
    if seen.os is None or seen.other is not None:
        return False
    if found := _OTHERS_VERSION[seen.os].match(text):
        seen.other = found[1]
        seen.version_lines = [number]
    elif not seen.version_lines:
        seen.version_lines = [number]  # the banner, until the version comes
    else:
        return False
    return True


def _read_state(seen: _Seen, number: int, text: str) -> bool:
    """Take from a line what it says of the device and its last start; whether it said anything."""
    if found := _UPTIME.match(text):
        return _read_uptime(seen, number, found)
    if found := _IMAGE.match(text):
        seen.image, seen.image_line = seen.image or found[1], seen.image_line or number
    elif found := _RELOAD.match(text):
        seen.reload = seen.reload or (found[1] if found[1] != _NO_REASON else None)
    elif found := _RETURNED.match(text):
        seen.returned = seen.returned or found[1]
    elif found := _MODEL.match(text):
        seen.model = seen.model or found[1]
    elif seen.platform is None and (found := next(filter(None, (p.match(text) for p in _HARDWARE)), None)):
        seen.platform = found[1]
    return found is not None


def _read_uptime(seen: _Seen, number: int, found: re.Match[str]) -> bool:
    name, verb, time = found.groups()
    parts = _UPTIME_PART.findall(time)
    if not parts or (verb == "up" and seen.os != "asa"):
        return False
    if seen.uptime is None:
        seen.uptime = sum(int(count) * _SECONDS[unit] for count, unit in parts)
    if seen.name is None and name not in _NO_NAMES:
        seen.name, seen.name_line = name, number
    return True


def _version(seen: _Seen, section: Section) -> Version:
    release, ios, from_image = _releases(seen)
    first, last = (
        (seen.version_lines[0], seen.version_lines[-1]) if seen.version_lines else (seen.first_line, None)
    )
    if from_image:
        first, last = seen.image_line, None
    assert first is not None
    return Version(
        at=section.place(first, last),
        os=seen.os,
        release=str(release) if release else None,
        ios_release=str(ios) if ios else None,
        printed=seen.xe or seen.ios or seen.other,
        platform=seen.platform or seen.model,
        uptime_seconds=seen.uptime,
        reload_reason=seen.reload or seen.returned,
        hostname=seen.name,
        special=seen.special,
    )


def _releases(seen: _Seen) -> tuple[Release | None, Release | None, bool]:
    """(release, IOS release on IOS XE, whether the release is from the image name only)."""
    ios = releases.parse(seen.ios) if seen.ios and not seen.experimental else None
    if seen.os != "ios-xe":
        return ios, None, False
    release = releases.parse(seen.xe) if seen.xe else None
    if seen.experimental or (release is None and (seen.xe or "").startswith(_DEVELOPER)):
        return None, None, False
    if release is None and ios is not None and ios.os == "ios-xe":
        release = ios
    if ios is not None and ios.os == "ios-xe" and ios.letter_is_order:
        ios = None  # IOS XE 3 switches print the IOS XE number in the IOS line
    image_xe, image_ios = _image_releases(seen.image or "")
    if image_xe is None or (ios and image_ios and ios != image_ios) or (release and release != image_xe):
        return release, ios, False
    return image_xe, ios or image_ios, release is None


def _image_releases(image: str) -> tuple[Release | None, Release | None]:
    """The IOS XE 2 or 3 release and the IOS release in the name of an image file."""
    found = _IMAGE_RELEASES.search(image)
    if found is None:
        return None, None
    ios = releases.parse(f"{found[2]}.{found[3]}({found[4]}){found[5]}") if found[2] else None
    return releases.parse(found[1]), ios
