"""Inference as the rest of the program uses it: durable_rules decides, the second engine checks every answer."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from engine.inference.closure import Closure
from engine.inference.direct import Direct
from engine.inference.durable_backend import BackendFault, Durable, DurableUnavailable
from engine.inference.formula import Atom, Rule, Truth, atoms

MEMO_SIZE = 4096
"""Closures kept. Subjects with the same known truths have the same answer: a hub with a thousand alike peers costs one."""


class Disagreement(msgspec.Struct, frozen=True):
    """The two engines differ on a head, or durable_rules failed: a defect of the program, to be shown as a problem.

    Attributes:
        atom: the head; None where durable_rules gave no answer at all.
        durable: its truth there.
        direct: its truth in the second engine.
        facts: digest of the known truths, the same in every process, so that reports can be compared.
        reason: one sentence.
    """

    atom: Atom | None
    durable: Truth
    direct: Truth
    facts: str
    reason: str


class Inference:
    """Closes known truths under a rule set.

    Attributes:
        engine: the back end that decides, for `tool.engine`: "durable_rules 2.0.28" or "direct".
        unavailable: why durable_rules does not decide, one sentence for standard error; None where it does, and
            where `prefer` did not ask for it.
        disagreements: every difference met so far, in the order met, each once.

    Raises:
        RuleError: from the constructor: the rules cannot be used.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        roles: Mapping[str, str],
        prefer: Literal["durable", "direct"] = "durable",
        memo_size: int = MEMO_SIZE,
    ) -> None:
        rules = tuple(rules)
        self._direct = Direct(rules)
        self._durable: Durable | None = None
        self.unavailable: str | None = None
        if prefer == "durable":
            try:
                self._durable = Durable(rules, roles)
            except DurableUnavailable as error:
                self.unavailable = str(error)
        self.engine = self._direct.name if self._durable is None else self._durable.name
        self.disagreements: list[Disagreement] = []
        self._leaves = {atom for rule in rules for atom in atoms(rule.body)} - {rule.head for rule in rules}
        self._memo: OrderedDict[frozenset[tuple[Atom, bool]], Closure] = OrderedDict()
        self._memo_size = memo_size

    def close(self, facts: Mapping[Atom, bool]) -> Closure:
        """What follows from the known truths, with proofs.

        A head on which the engines differ is left unknown and recorded: nothing is concluded from a defect. Where
        durable_rules fails on this set of facts, the second engine answers and the failure is recorded. The answer
        is kept and shared between callers: read it, do not change it.
        """
        known = {atom: facts[atom] for atom in self._leaves if atom in facts}
        key = frozenset(known.items())
        closure = self._memo.get(key)
        if closure is None:
            closure = self._memo[key] = self._close(known)
            if len(self._memo) > self._memo_size:
                self._memo.popitem(last=False)
        else:
            self._memo.move_to_end(key)
        return closure

    def suppose(self, facts: Mapping[Atom, bool]) -> Closure:
        """What would follow: truths only, from the second engine, for hypotheticals by the thousand."""
        return Closure(self._direct.truths(facts), {})

    def disputes(self, facts: Mapping[Atom, bool]) -> list[Disagreement]:
        """The differences met for these known truths, whenever they were closed first."""
        if not self.disagreements:
            return []
        known = digest({atom: truth for atom, truth in facts.items() if atom in self._leaves})
        return [d for d in self.disagreements if d.facts == known]

    def _close(self, known: Mapping[Atom, bool]) -> Closure:
        if self._durable is None:
            return self._direct.close(known)
        try:
            closure = self._durable.close(known)
        except BackendFault as fault:
            self._record(Disagreement(None, None, None, digest(known), str(fault)))
            return self._direct.close(known)
        expected = self._direct.truths(known)
        if closure.truths == expected:
            return closure
        return self._common(closure, expected, known)

    def _common(self, closure: Closure, expected: Mapping[Atom, bool], known: Mapping[Atom, bool]) -> Closure:
        """The heads on which both agree; the others are recorded."""
        facts = digest(known)
        truths: dict[Atom, bool] = {}
        for atom in sorted({*closure.truths, *expected}, key=str):
            ours, theirs = closure.truths.get(atom), expected.get(atom)
            if ours is None or ours is not theirs:
                self._record(Disagreement(atom, ours, theirs, facts, f"the two engines differ on {atom}"))
            else:
                truths[atom] = ours
        proofs = {known: proof for known, proof in closure.proofs.items() if known[0] in truths}
        return Closure(truths, proofs)

    def _record(self, disagreement: Disagreement) -> None:
        if disagreement not in self.disagreements:
            self.disagreements.append(disagreement)


def digest(facts: Mapping[Atom, bool]) -> str:
    """A short name for a set of known truths: the same truths, the same name, on any machine."""
    lines = sorted(f"{atom} {'yes' if truth else 'no'}\n" for atom, truth in facts.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]
