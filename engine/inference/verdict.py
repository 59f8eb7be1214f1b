"""The ordered table that turns what the rules derived into one verdict per hypothesis and subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Literal, TypeAlias, TypeVar

import msgspec

from engine.inference.formula import Truth

Verdict: TypeAlias = Literal["confirmed", "likely", "possible", "undetermined", "ruled_out"]
Kind: TypeAlias = Literal["bug", "condition", "cause"]
Cap: TypeAlias = Literal["likely", "possible"]
T = TypeVar("T")


class Grounds(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one hypothesis for one subject. Each truth is yes, no or unknown (None).

    Attributes:
        kind: a bug is confirmed by release data, anything else by a proof.
        excluded: a necessary condition, stated by a source, is known not to hold.
        release_clear: bugs only: the release's own train lists a fix at or before it.
        signature: the whole signature holds.
        release_affected: bugs only: the release is listed as affected.
        proof: all but bugs: the hypothesis itself was seen, not only its signs.
        some_for: something that supports it holds.
        some_against: something that speaks against it holds.
        cap: the most that may be concluded where the grounds rest on what a person said: `likely` for an answer about
            device state, `possible` for prose in a ticket, None where they rest on device output alone.
    """

    kind: Kind
    excluded: Truth = None
    release_clear: Truth = None
    signature: Truth = None
    release_affected: Truth = None
    proof: Truth = None
    some_for: Truth = None
    some_against: Truth = None
    cap: Cap | None = None


def decide(grounds: Grounds) -> Verdict:
    """The verdict: the first line of the table that holds, then the cap.

    Only a known yes counts; "nothing speaks against it" is concluded here, and nowhere in the rules, from the absence
    of a known yes. A cap lowers a positive verdict to its level. What a person said cannot rule anything out either:
    an exclusion under a cap gives `undetermined`.
    """
    verdict = _table(grounds)
    if grounds.cap is None or verdict in ("possible", "undetermined"):
        return verdict
    return "undetermined" if verdict == "ruled_out" else grounds.cap


def _table(grounds: Grounds) -> Verdict:
    bug = grounds.kind == "bug"
    if grounds.excluded or (bug and grounds.release_clear):
        return "ruled_out"
    if grounds.signature:
        settled = grounds.release_affected if bug else grounds.proof
        return "confirmed" if settled else "likely"
    if grounds.some_for and not grounds.some_against:
        return "possible"
    return "undetermined"


class Sparse(MutableMapping[str, T]):
    """Something of every hypothesis of a subject's kind, where nearly all of them have nothing to be told.

    Attributes:
        told: what was decided; a hypothesis that is missing there has what `rest` says of it.
    """

    def __init__(self, told: dict[str, T], among: Mapping[str, None], rest: Callable[[str], T]) -> None:
        self.told = told
        self._among = among
        self._rest = rest

    def __getitem__(self, name: str) -> T:
        if name in self.told:
            return self.told[name]
        if name in self._among:
            return self._rest(name)
        raise KeyError(name)

    def __setitem__(self, name: str, value: T) -> None:
        self.told[name] = value

    def __delitem__(self, name: str) -> None:
        del self.told[name]

    def __contains__(self, name: object) -> bool:
        return name in self._among

    def __iter__(self) -> Iterator[str]:
        return iter(self._among)

    def __len__(self) -> int:
        return len(self._among)
