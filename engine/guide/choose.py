"""Which question comes next: the one after which the fewest further questions are to be expected.

Each hypothesis has a coarse weight: how common its class is, raised for every sign of it that is known and lowered for
what speaks against it. For each answer that a question allows it is asked how the weights would shift, and how many
questions would still lie between each hypothesis and its verdict; the question with the smallest expectation over its
answers is asked. The weights order questions and are never shown. Ties fall to the order of the knowledge base.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from engine.guide.prospects import Prospect, Way, groups, missing, open_ways
from engine.inference.formula import Atom

# How much a known sign raises a hypothesis, and one that speaks against it lowers it.
_SIGN, _AGAINST = 3.0, 0.2
# How likely an answer is that says what a hypothesis needs, the opposite, or nothing of it; and "I do not know".
_NEEDED, _OPPOSITE, _SILENT, _BESIDE = 1.0, 0.05, 0.1, 0.35
# How often nobody knows the answer.
_NOT_KNOWN = {"always": 0.02, "often": 0.2, "seldom": 0.5}
# A verdict that needs what nobody knows is out of the guide's reach, whatever else is answered.
_OUT_OF_REACH = 0.1


class Choice(msgspec.Struct, frozen=True):
    """A question that could be asked: its id, and for each answer the atoms that it would settle.

    `ready` tells how often a person has the answer at hand.
    """

    id: str
    answers: tuple[tuple[str, dict[Atom, bool]], ...]
    ready: str = "seldom"

    def atoms(self) -> set[Atom]:
        """Every atom that some answer settles."""
        return {atom for _, said in self.answers for atom in said}


def ordered(
    choices: Sequence[Choice], prospects: Sequence[Prospect], known: Mapping[Atom, bool], done: set[str]
) -> list[Choice]:
    """The choices, best first; those that settle nothing any open hypothesis needs are left out.

    Args:
        choices: what can be asked.
        prospects: the hypotheses.
        known: atoms already settled.
        done: hypotheses whose verdict cannot rise any more.
    """
    field = _Field(choices, prospects, known, done)
    scored = [(field.remaining(choice), index, choice) for index, choice in enumerate(choices)]
    useful = [entry for entry in scored if entry[0] is not None]
    return [choice for _, _, choice in sorted(useful, key=lambda entry: (entry[0], entry[1]))]


class _Field:
    """The hypotheses under what is known, and under what an answer would add."""

    def __init__(
        self,
        choices: Sequence[Choice],
        prospects: Sequence[Prospect],
        known: Mapping[Atom, bool],
        done: set[str],
    ) -> None:
        self.known = dict(known)
        self.homes: dict[str, str] = {}
        for choice in choices:
            for atom in choice.atoms():
                self.homes.setdefault(atom.name, choice.id)
        self.open = [p for p in prospects if p.name not in done and open_ways(p, known)]
        self.now = [self._standing(p, self.known) for p in self.open]
        self.concerned: dict[Atom, list[int]] = {}
        for index, prospect in enumerate(self.open):
            for atom in {*prospect.against, *(a for way in prospect.ways for a in way)}:
                self.concerned.setdefault(atom, []).append(index)

    def remaining(self, choice: Choice) -> float | None:
        """Expected further effort after a choice; None where no open hypothesis needs what it settles."""
        new = {atom for atom in choice.atoms() if atom not in self.known}
        touched = sorted({i for atom in new for i in self.concerned.get(atom, ())})
        if not any(
            atom in new for i in touched for way in open_ways(self.open[i], self.known) for atom in way
        ):
            return None
        possible = [said for _, said in choice.answers if self._possible(said)]
        if not possible:
            return None
        even = 1 / len(possible)
        likelihoods = {i: self._likelihoods(self.open[i], possible, new) for i in touched}
        total = sum(weight for weight, _ in self.now)
        expected = 0.0
        for number, said in enumerate(possible):
            then = {**self.known, **said}
            after = [(weight * even, steps) for weight, steps in self.now]
            for i in touched:
                steps = self._steps(self.open[i], then)
                after[i] = (self.now[i][0] * likelihoods[i][number], steps or 0.0)
            expected += sum(weight for weight, _ in after) / total * _effort(after)
        silent = _NOT_KNOWN[choice.ready]
        return (1 - silent) * expected + silent * _effort(self.now)

    def _possible(self, said: dict[Atom, bool]) -> bool:
        """Whether an answer says nothing that is known to be otherwise."""
        return all(self.known.get(atom, sign) is sign for atom, sign in said.items())

    def _likelihoods(
        self, prospect: Prospect, answers: Sequence[dict[Atom, bool]], new: set[Atom]
    ) -> list[float]:
        """How likely each answer is where a hypothesis is so; they add up to one."""
        fits = [self._likelihood(prospect, said, new) for said in answers]
        return [fit / sum(fits) for fit in fits]

    def _likelihood(self, prospect: Prospect, said: dict[Atom, bool], new: set[Atom]) -> float:
        """How well an answer fits the best way to a hypothesis."""
        ways = open_ways(prospect, self.known)
        fits = []
        for way in ways:
            wanted = {atom: sign for atom, sign in way.items() if atom in new}
            if not wanted:
                fits.append(_BESIDE)
                continue
            fit = 1.0
            for atom, sign in wanted.items():
                told = said.get(atom)
                fit *= _SILENT if told is None else _NEEDED if told is sign else _OPPOSITE
            fits.append(fit)
        return max(fits, default=_OPPOSITE)

    def _standing(self, prospect: Prospect, known: Mapping[Atom, bool]) -> tuple[float, float]:
        """Weight of a hypothesis, and how many questions lie before its verdict."""
        weight = prospect.prior * _SIGN ** max(_signs(way, known) for way in open_ways(prospect, known))
        weight *= _AGAINST ** sum(1 for atom in prospect.against if known.get(atom))
        steps = self._steps(prospect, known)
        return (weight, steps) if steps is not None else (weight * _OUT_OF_REACH, 0.0)

    def _steps(self, prospect: Prospect, known: Mapping[Atom, bool]) -> float | None:
        """How many questions lie before the verdict of a hypothesis; None where questions do not lead there."""
        found = (groups(missing(way, known), self.homes) for way in open_ways(prospect, known))
        return min((steps for steps in found if steps is not None), default=None)


def _signs(way: Way, known: Mapping[Atom, bool]) -> int:
    """Signs of a way that are known and show: a missing thing is a weak sign and does not count."""
    return sum(1 for atom, sign in way.items() if sign and known.get(atom))


def _effort(standing: Sequence[tuple[float, float]]) -> float:
    """Questions to be expected: the way to the verdict by weight, and what it takes to tell the hypotheses apart."""
    total = sum(weight for weight, _ in standing)
    if total <= 0:
        return 0.0
    away = sum(weight * steps for weight, steps in standing) / total
    entropy = -sum(w / total * math.log2(w / total) for w, _ in standing if w > 0)
    return away + entropy
