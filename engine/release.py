"""Cisco IOS and IOS XE releases: read, printed in one form, compared, and looked up in release lists.

Cisco releases are not semantic versions. Each is split into the numbers of its train, the train's letters, a
rebuild number and a letter. `packaging` compares numbers and evaluates ranges of them; the letter is a field
of its own, because to `packaging` 17.3.4a is an alpha BEFORE 17.3.4.

    15.6(3)M0a     IOS: major.minor(maintenance)TRAIN, rebuild, letter
    15.2(5a)E1     IOS, with a letter in the maintenance number, which makes it a train of its own
    12.4(25f)      IOS mainline: no train letters, the rebuild is the letter in the parentheses
    15.4(0.10)S    IOS interim build: comparable with itself only
    3.16.4gS       IOS XE 3: printed padded, with or without the last dot (03.16.04g.S, 03.06.07E)
    17.3.4a        IOS XE 16 and 17: printed padded in the first line of `show version` (17.03.04a)

Two releases are comparable only inside one train, `Release.train_name`: a fix in one train says nothing about
another (16.9.4 has a fix that 16.10.1 and 16.11.1 lack: CSCvp44397). Within a train:

* IOS and IOS XE 3: rebuild number, then letter: M < M0a < M1 < M1a < M2. Field notice FN70489 lists releases in
  this order; that it holds in general is our inference. IOS XE 3 rebuilds carry the number and letter of the
  IOS release inside them, so they follow the same order.
* IOS XE 16 and 17: the rebuild number only. The letter marks a special build and is no order (CSCvp44397 lists
  16.12.1y but not 16.12.1, and 16.11.1a but not 16.11.1b), so equal numbers with other letters are incomparable.

Release lists (`span`) name releases in three ways:

    16.9.4                one release
    16.9.1-16.9.3         a closed range inside one train
    3.2S before 3.7.5S    every release of the trains 3.2S to 3.6S, and of 3.7S those before 3.7.5S

The last is for sources that state one fix for several trains ("3.2 through 3.7 before 3.7.5S": CVE-2014-2108). It
is a statement of that source about those trains, no order of releases across trains: `compare` knows none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from packaging.version import Version

__all__ = [
    "Release",
    "ReleaseMap",
    "Span",
    "TrainPair",
    "compare",
    "ios_of_xe3",
    "parse",
    "span",
    "status",
    "xe3_of_ios",
]

# IOS majors are 11, 12 and 15. Only up to 12 is there a mainline without train letters; 15.3(2b) is NX-OS in ACI mode.
# Up to two more numbers in the parentheses make an interim build: 15.4(0.10)S, 15.2(4.0.55)E.
_IOS = re.compile(
    r"(?P<major>1[125])\.(?P<minor>\d{1,2})"
    r"\((?P<maintenance>\d{1,3}(?:\.\d{1,3}){0,2})(?P<inner>[a-z]?)\)"
    r"(?:(?P<train>[A-Z]{1,4})(?:(?P<rebuild>\d{1,3})(?P<letter>[a-z]?))?)?"
)
_XE3 = re.compile(r"0?3\.(?P<minor>\d{1,2})\.(?P<rebuild>\d{1,2})(?P<letter>[a-z]?)\.?(?P<train>[A-Z]{1,3})")
_XE2 = re.compile(r"0?2\.(?P<minor>\d{1,2})\.(?P<rebuild>\d{1,2})(?P<letter>[a-z]?)")
# The letter can be a word with a number: 17.9.3m3, 17.7.1prd16. Developer builds put a date where the rebuild is.
_XE16 = re.compile(
    r"(?P<major>1[6-9])\.(?P<minor>\d{1,2})\.(?P<rebuild>\d{1,2})(?P<letter>(?:[a-z]{1,4}\d{0,2})?)"
)
_XE_TRAIN = re.compile(r"(?P<major>[23]|1[6-9])\.(?P<minor>\d{1,2})(?P<train>[A-Z]{0,3})")
_BEFORE = " before "
_TRAIN_LETTERS = re.compile(r"([\d.]+)([A-Z]*)")
# "15.6(1r)T", "16.9.1r": the letter of ROMMON, the boot loader, whose versions are not releases.
_ROMMON = "r"


class Release(msgspec.Struct, frozen=True):
    """One release.

    Attributes:
        os: ios or ios-xe.
        numbers: of the train, (15, 6, 3) for 15.6(3)M2, (3, 16) for 3.16.5S, (17, 3) for 17.3.4a; interim IOS
            builds have more.
        train: its letters: M, S, SP, JAP; "" for IOS mainline and for IOS XE 2, 16 and 17.
        rebuild: number within the train, 0 for the first release of an IOS train.
        letter: "" where there is none.
        maintenance_letter: IOS, the letter in the parentheses in front of train letters: "a" in 15.2(5a)E1.
    """

    os: Literal["ios", "ios-xe"]
    numbers: tuple[int, ...]
    train: str = ""
    rebuild: int = 0
    letter: str = ""
    maintenance_letter: str = ""

    @property
    def train_name(self) -> str:
        """What two releases must share to be comparable: 15.6(3)M, 12.4(25), 15.2(5a)E, 3.16S, 17.3."""
        if self.os == "ios":
            return f"{self._ios_base()}{self.train}"
        return f"{_dotted(self.numbers)}{self.train}"

    @property
    def letter_is_order(self) -> bool:
        """Whether the letter decides between equal numbers: on IOS and IOS XE 3, not on IOS XE 16 and 17."""
        return self.os == "ios" or self.numbers[0] < 16

    def __str__(self) -> str:
        if self.os == "ios-xe":
            return f"{_dotted(self.numbers)}.{self.rebuild}{self.letter}{self.train}"
        if not self.train:
            return self._ios_base(self.letter)
        tail = f"{self.rebuild}{self.letter}" if self.rebuild or self.letter else ""
        return f"{self._ios_base()}{self.train}{tail}"

    def _ios_base(self, mainline_letter: str = "") -> str:
        major, minor, *maintenance = self.numbers
        return f"{major}.{minor}({_dotted(maintenance)}{self.maintenance_letter}{mainline_letter})"

    @property
    def number(self) -> Version:
        """Train numbers and rebuild, without letters, for `packaging` to compare."""
        return _version(f"{_dotted(self.numbers)}.{self.rebuild}")


def _dotted(numbers: Iterable[int]) -> str:
    return ".".join(map(str, numbers))


@lru_cache(maxsize=4096)
def _version(numbers: str) -> Version:
    # Imported here: most runs see one release and compare it with none, and start-up counts.
    from packaging.version import Version

    return Version(numbers)


@lru_cache(maxsize=4096)
def parse(text: str) -> Release | None:
    """The release that a text names, padded or not: "17.03.04a", "03.16.05.S", "15.6(03)M07".

    The whole text must be the release. None for everything else: ROMMON versions (15.6(1r)T), developer builds
    (17.14.20230827:110032, BLD_POLARIS_DEV_...), train names (17.3), releases of other systems (NX-OS 9.3(15),
    ASA 9.16(3)19, IOS XR 6.6.3), prose.
    """
    text = text.strip()
    if not text.isascii():
        return None
    if found := _IOS.fullmatch(text):
        return _ios(found)
    if found := _XE3.fullmatch(text):
        return _xe(found, 3, found["train"])
    if found := _XE2.fullmatch(text):
        return _xe(found, 2, "")
    if found := _XE16.fullmatch(text):
        return _xe(found, int(found["major"]), "")
    return None


def _ios(found: re.Match[str]) -> Release | None:
    inner, train = found["inner"], found["train"] or ""
    if inner == _ROMMON or (not train and found["major"] == "15"):
        return None
    numbers = (int(found["major"]), int(found["minor"]), *map(int, found["maintenance"].split(".")))
    if not train:
        return Release("ios", numbers, letter=inner)
    return Release("ios", numbers, train, int(found["rebuild"] or 0), found["letter"] or "", inner)


def _xe(found: re.Match[str], major: int, train: str) -> Release | None:
    if found["letter"] == _ROMMON:
        return None
    return Release("ios-xe", (major, int(found["minor"])), train, int(found["rebuild"]), found["letter"])


def compare(a: Release, b: Release) -> Literal[-1, 0, 1] | None:
    """-1 where a comes before b, 0 where they are equal, 1 where a comes after b; None where nobody can tell.

    Nobody can tell across trains, and on IOS XE 16 and 17 between equal numbers with different letters. Numbers
    decide otherwise, whatever the letters: 16.9.3a comes before 16.9.4.
    """
    if a.train_name != b.train_name or a.os != b.os:
        return None
    if a == b:
        return 0
    number_a, number_b = a.number, b.number
    if number_a != number_b:
        return -1 if number_a < number_b else 1
    if not a.letter_is_order:
        return None
    return -1 if a.letter < b.letter else 1


class Span(msgspec.Struct, frozen=True):
    """One entry of a release list.

    Attributes:
        first: of a single release or a closed range, the first; of a range over trains, where it begins (rebuild 0
            where the entry names a train).
        last: the last, which is covered; of a range over trains the fix, which is not.
        over_trains: the entry is a range over trains.
    """

    first: Release
    last: Release
    over_trains: bool = False

    def covers(self, release: Release) -> bool:
        """Whether the entry names this release, itself or by range.

        Ranges on IOS and IOS XE 3 follow the order of the train. On IOS XE 16 and 17, where letters are special
        builds outside any order, a closed range covers the releases without letter from end to end; a release
        with a letter is covered only where it is itself an end of the range.

        A range over trains covers releases with the train letters of its ends only: "3.2S before 3.7.5S" says
        nothing about 3.3.1SG. Interim builds and trains of their own (15.2(5a)E) are never inside one.
        """
        if self.over_trains:
            return self._covers_train(release)
        if release in (self.first, self.last):
            return True
        if release.train_name != self.first.train_name or release.os != self.first.os:
            return False
        if release.letter_is_order:
            return compare(self.first, release) == -1 and compare(release, self.last) == -1
        return not release.letter and self._covers_number(release)

    def _covers_train(self, release: Release) -> bool:
        if not _same_line(self.first, release):
            return False
        begun = release.numbers > self.first.numbers or compare(self.first, release) in {-1, 0}
        return begun and (release.numbers < self.last.numbers or compare(release, self.last) == -1)

    def _covers_number(self, release: Release) -> bool:
        from packaging.specifiers import SpecifierSet

        # An end with a letter, 16.9.3a, does not say anything about the plain 16.9.3.
        above = ">" if self.first.letter else ">="
        below = "<" if self.last.letter else "<="
        ends = f"{above}{self.first.number},{below}{self.last.number}"
        return SpecifierSet(ends).contains(release.number)


def _same_line(a: Release, b: Release) -> bool:
    """Whether two releases differ in nothing but minor, maintenance and rebuild numbers and the letter."""
    return (
        a.os == b.os
        and a.train == b.train
        and a.numbers[0] == b.numbers[0]
        and len(a.numbers) == len(b.numbers)
        and a.maintenance_letter == b.maintenance_letter
    )


@lru_cache(maxsize=4096)
def span(text: str) -> Span | None:
    """The entry that a text writes: "16.9.4", "16.9.1-16.9.3", or "3.2S before 3.7.5S".

    In front of `before` stands an IOS XE train, or a release. None where a part is no release, where the ends of a
    closed range are of different trains or those of a range over trains differ in system, major number or train
    letters, and where the last comes before the first.
    """
    if _BEFORE in text:
        return _over_trains(*text.split(_BEFORE, 1))
    first_text, dash, last_text = text.partition("-")
    first = parse(first_text)
    last = parse(last_text) if dash else first
    if first is None or last is None or first.train_name != last.train_name or first.os != last.os:
        return None
    return None if compare(first, last) == 1 else Span(first, last)


def _over_trains(first_text: str, fix_text: str) -> Span | None:
    first, fix = parse(first_text) or _first_of_train(first_text.strip()), parse(fix_text)
    if first is None or fix is None or not _same_line(first, fix):
        return None
    ordered = first.numbers < fix.numbers or compare(first, fix) == -1
    return Span(first, fix, over_trains=True) if ordered else None


def _first_of_train(text: str) -> Release | None:
    """Rebuild 0 of an IOS XE train, whether or not there was one: "3.2S", "2.1", "16.4"."""
    found = _XE_TRAIN.fullmatch(text) if text.isascii() else None
    if found is None or (found["major"] == "3") != bool(found["train"]):
        return None
    return Release("ios-xe", (int(found["major"]), int(found["minor"])), found["train"])


def status(
    release: Release, affected: Iterable[str], fixed: Iterable[str]
) -> Literal["affected", "clear"] | None:
    """What the release lists of a bug say about a release.

    "affected" where an entry of `affected` covers it (`Span.covers`). "clear" only where `fixed` holds a release
    of its own train at or before it. None, unknown, for everything else: absence from a list says nothing; a fix
    in another train says nothing; and lists that contradict each other (affected, and fixed before) say nothing.

    Args:
        release: the release in question.
        affected: single releases and ranges, as `span` reads them. Entries it cannot read are passed over.
        fixed: single releases, as `parse` reads them. Entries it cannot read are passed over.
    """
    listed = any(entry is not None and entry.covers(release) for entry in map(span, affected))
    repaired = any(fix is not None and compare(fix, release) in {-1, 0} for fix in map(parse, fixed))
    if listed == repaired:
        return None
    return "affected" if listed else "clear"


class TrainPair(msgspec.Struct, frozen=True):
    """An IOS XE 2 or 3 train and the IOS train inside it.

    Attributes:
        xe: "3.16S".
        ios: "15.5(3)S".
        statement: stated (seen in an image name, a `show version` or a document), or unverified (from memory).
        source: where it was seen.
    """

    xe: str
    ios: str
    statement: Literal["stated", "unverified"]
    source: str


class ReleaseMap(msgspec.Struct, frozen=True):
    """The pairs of `kb/releases.yaml`. Only stated pairs translate: a verdict must not rest on memory."""

    pairs: tuple[TrainPair, ...]

    def ios_train(self, xe_train: str) -> str | None:
        """The IOS train inside an IOS XE 2 or 3 train, None where no source states it."""
        return next((p.ios for p in self.pairs if p.xe == xe_train and p.statement == "stated"), None)

    def xe_train(self, ios_train: str) -> str | None:
        """The IOS XE 2 or 3 train around an IOS train, None where no source states it."""
        return next((p.xe for p in self.pairs if p.ios == ios_train and p.statement == "stated"), None)


def ios_of_xe3(release: Release, release_map: ReleaseMap) -> Release | None:
    """The IOS release inside an IOS XE 2 or 3 release: 3.16.7bS holds 15.5(3)S7b.

    Rebuild and letter are the same on both sides in every pair seen, and rebuild 0 is not written on the IOS
    side. None for IOS, for IOS XE 16 and later, and for trains that no source pairs.
    """
    train = release_map.ios_train(release.train_name) if release.os == "ios-xe" else None
    return None if train is None else parse(f"{train}{release.rebuild}{release.letter}")


def xe3_of_ios(release: Release, release_map: ReleaseMap) -> Release | None:
    """The IOS XE 2 or 3 release around an IOS release: 15.5(3)S7b is inside 3.16.7bS.

    Only for an image known to be IOS XE: a 7200 runs 15.2(4)S5, and a Catalyst 2960-X 15.2(2)E7, as plain IOS.
    None where no source pairs the train.
    """
    train = release_map.xe_train(release.train_name) if release.os == "ios" else None
    parts = _TRAIN_LETTERS.fullmatch(train) if train is not None else None
    return None if parts is None else parse(f"{parts[1]}.{release.rebuild}{release.letter}{parts[2]}")
