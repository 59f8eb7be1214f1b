"""Steps 5 and 6 for one subject: observe, infer, and decide every hypothesis by the verdict table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, cast

import msgspec

from engine.inference.closure import Closure
from engine.inference.engine import Disagreement, Inference
from engine.inference.formula import Atom, atoms
from engine.inference.verdict import Cap, Grounds, Verdict, decide
from engine.knowledge.formulas import VERDICTS_UP, verdict_atom
from engine.knowledge.model import Condition, Hypothesis, Knowledge
from engine.knowledge.rules import GROUNDS, SUPPORT, RuleBase, rule_base
from engine.observe.settle import atoms_of, settle
from engine.observe.subject import Observation, Subject
from engine.relate.views import DeviceView, SetupView


class Judged(msgspec.Struct, kw_only=True):
    """What was found and decided for one subject.

    Attributes:
        observations: by condition.
        facts: the known truths given to the inference.
        closure: what followed, with proofs.
        grounds: by hypothesis, as the verdict table saw them.
        verdicts: by hypothesis.
        disputes: where the two engines differed on this subject.
    """

    subject: Subject
    observations: dict[str, Observation]
    facts: dict[Atom, bool]
    closure: Closure
    grounds: dict[str, Grounds]
    verdicts: dict[str, Verdict]
    disputes: list[Disagreement] = []

    def truth(self, atom: Atom) -> bool | None:
        """The truth of an observed or derived atom."""
        found = self.facts.get(atom)
        return found if found is not None else self.closure.truths.get(atom)

    def value(self, name: str, values: Iterable[str]) -> str | None:
        """The first value of a derived category that holds; None where none is known to."""
        return next((v for v in values if self.closure.truths.get(Atom(name, v))), None)


class Judge:
    """The knowledge base ready to judge subjects; one per process and knowledge base."""

    def __init__(self, kb: Knowledge, *, prefer_direct: bool = False) -> None:
        self.kb = kb
        self.rules: RuleBase = rule_base(kb)
        prefer = "direct" if prefer_direct else "durable"
        self.judging = Inference(self.rules.judge, self.rules.roles, prefer=prefer)  # type: ignore[arg-type]
        self.advising = Inference(self.rules.advise, self.rules.roles, prefer=prefer)  # type: ignore[arg-type]
        self.hypotheses = kb.hypotheses()
        self._ground_atoms = {name: [Atom(f"{g}:{name}") for g in GROUNDS] for name in self.hypotheses}
        # What the formulas of actions may ask of each verdict, here and on the same device.
        self._verdict_atoms = [
            (
                name,
                [verdict_atom(name, level) for level in VERDICTS_UP],
                [verdict_atom(name, level, on="device") for level in VERDICTS_UP],
            )
            for name in self.hypotheses
        ]
        self._needed = {kind: self._conditions_for(kind) for kind in ("flow", "pair", "device")}

    @property
    def engine(self) -> str:
        """The back end that decides, for `tool.engine`."""
        return self.judging.engine

    def judge(self, subject: Subject) -> Judged:
        """Settle every condition for the subject, infer, and decide the hypotheses of its kind."""
        observations = settle(self._needed[subject.kind], subject)
        facts = atoms_of(self.kb.conditions, observations)
        closure = self.judging.close(facts)
        judged = Judged(
            subject=subject, observations=observations, facts=facts, closure=closure, grounds={}, verdicts={}
        )
        # Subjects of the same devices with the same truths have the same verdicts, unless somebody's word counts.
        plain = all(o.by == "evidence" for o in observations.values())
        key = ("verdicts", subject.kind, *_names(subject), frozenset(facts.items()))
        known = subject.case.memo.get(key) if plain else None
        if known is None:
            known = self._decide(judged)
            subject.case.memo[key] = known
        judged.grounds, judged.verdicts = known
        return judged

    def _decide(self, judged: Judged) -> tuple[dict[str, Grounds], dict[str, Verdict]]:
        kind = judged.subject.kind
        grounds = {
            name: self.grounds(name, judged, judged.closure)
            for name, (_, h) in self.hypotheses.items()
            if h.of == kind
        }
        return grounds, {name: decide(found) for name, found in grounds.items()}

    def _conditions_for(self, kind: str) -> dict[str, Condition]:
        """The conditions that anything judged or advised for a kind of subject can rest on."""
        rules = {rule.head: rule.body for rule in (*self.rules.judge, *self.rules.advise)}
        mine = {name for name, (_, h) in self.hypotheses.items() if h.of == kind}
        mine |= {name for name, remedy in self.kb.remedies.items() if remedy.of == kind}
        wanted = [h for h in rules if h.name.partition(":")[2] in mine]
        if kind == "flow":  # tables and the sentences on top are about flows
            wanted += [h for h in rules if ":" not in h.name or h.name.startswith("summary:")]
        seen: set[Atom] = set()
        while wanted:
            atom = wanted.pop()
            if atom not in seen:
                seen.add(atom)
                wanted.extend(atoms(rules[atom]) if atom in rules else ())
        names = {atom.name for atom in seen}
        return {name: c for name, c in self.kb.conditions.items() if name in names}

    def suppose(self, judged: Judged, extra: dict[Atom, bool]) -> dict[str, Verdict]:
        """The verdicts if further atoms were known, from the second engine."""
        closure = self.judging.suppose({**judged.facts, **extra})
        return {name: decide(self.grounds(name, judged, closure)) for name in judged.verdicts}

    def grounds(self, name: str, judged: Judged, closure: Closure) -> Grounds:
        """What the verdict table looks at for one hypothesis."""
        kind, hypothesis = self.hypotheses[name]
        at = self._ground_atoms[name]
        excluded, signature, proof, some_for, some_against = map(closure.truths.get, at)
        status = release_status(hypothesis, judged.subject)
        held = at[:-1]
        return Grounds(
            kind=kind, excluded=excluded, release_clear=status == "clear", signature=signature,
            release_affected=status == "affected", proof=proof, some_for=some_for, some_against=some_against,
            cap=_cap([a for a in held if closure.truths.get(a)], judged),
        )  # fmt: skip

    def advise(self, judged: Judged, on_pair: dict[str, Verdict], on_device: dict[str, Verdict]) -> Closure:
        """Severities, actions, risks and the sentence on top that follow from the verdicts.

        Args:
            judged: the subject.
            on_pair: the verdicts on the pair of a flow, which count as the flow's own.
            on_device: the best verdict of each hypothesis for any subject of the same device.
        """
        parts = (judged.facts, judged.verdicts, on_pair, on_device)
        key = ("advice", *(frozenset(part.items()) for part in parts))
        memo = judged.subject.case.memo
        if key in memo:
            advice, judged.disputes = memo[key]
            return cast("Closure", advice)
        facts = {**judged.facts, **judged.closure.truths}
        for name, here, anywhere in self._verdict_atoms:
            own = _height(judged.verdicts.get(name) or on_pair.get(name))
            best = max(own, _height(on_device.get(name)))
            facts.update({atom: own > level for level, atom in enumerate(here)})
            facts.update({atom: best > level for level, atom in enumerate(anywhere)})
        advice = self.advising.close(facts)
        judged.disputes = [*self.judging.disputes(judged.facts), *self.advising.disputes(facts)]
        memo[key] = (advice, judged.disputes)
        return advice

    def support(self, setup: SetupView) -> Closure:
        """What the matrix says of a setup, whether or not a flow uses it."""
        kinds = self.kb.conditions["setup-kind"].values or []
        return self.judging.close({Atom("setup-kind", kind): kind == setup.kind for kind in kinds})


def support_of(closure: Closure) -> str | None:
    """`recovery.support` from a closure: the matrix value, not_stated outside it, None without a setup."""
    known = [closure.truths.get(Atom(SUPPORT, value)) for value in ("yes", "no", "not_applicable")]
    if True in known:
        return ("yes", "no", "not_applicable")[known.index(True)]
    return "not_stated" if all(k is False for k in known) else None


def _names(subject: Subject) -> tuple[str, str]:
    """Names of the two devices that verdicts may rest on."""
    sender = subject.flow.sender if subject.flow is not None else None
    return (subject.receiver.name if subject.receiver else "", sender.name if sender else "")


def _height(verdict: Verdict | None) -> int:
    """0 below possible, then one more for each step up."""
    return VERDICTS_UP.index(verdict) + 1 if verdict in VERDICTS_UP else 0


def device_of(hypothesis: Hypothesis, subject: Subject) -> DeviceView | None:
    """The device that a hypothesis is about: the receiver, or the sender."""
    if hypothesis.subject == "sender":
        return subject.flow.sender if subject.flow is not None else None
    return subject.receiver


def release_status(hypothesis: Hypothesis, subject: Subject) -> Literal["affected", "clear"] | None:
    """`affected`, `clear`, or None where the lists are empty or do not reach the release's train.

    An IOS XE release counts by its own number and by that of the IOS inside it, whichever the lists name; where the
    two contradict each other, neither counts. A build made for one customer is never `affected` nor `clear`.
    """
    releases = hypothesis.releases
    device = device_of(hypothesis, subject)
    if releases is None or not (releases.affected or releases.fixed):
        return None
    if device is None or device.special_build or not (device.version or device.ios_release):
        return None
    lists = tuple(releases.affected), tuple(releases.fixed)
    return _listed(*lists, device.version, device.ios_release)


@lru_cache(maxsize=4096)
def _listed(
    affected: tuple[str, ...], fixed: tuple[str, ...], version: str | None, ios_release: str | None
) -> Literal["affected", "clear"] | None:
    from engine.release import parse, status

    named = [release for text in (version, ios_release) if text and (release := parse(text)) is not None]
    found = {status(release, affected, fixed) for release in named} - {None}
    return found.pop() if len(found) == 1 else None


def leaves_of(atom: Atom, closure: Closure) -> list[tuple[Atom, bool]]:
    """The observed atoms that a derived atom rests on, by its proof, each once in order."""
    found: dict[tuple[Atom, bool], None] = {}
    truth = closure.truths.get(atom)
    stack = [] if truth is None else [(atom, truth)]
    while stack:
        known = stack.pop()
        proof = closure.proofs.get(known)
        if proof is None:
            found[known] = None
        else:
            stack.extend(reversed(proof.because))
    return list(found)


def _cap(held: list[Atom], judged: Judged) -> Cap | None:
    """How far a verdict may rest on what people said, or on outputs that name no device: likely; on prose: possible."""
    sources = {
        judged.observations[leaf.name].by
        for atom in held
        for leaf, _ in leaves_of(atom, judged.closure)
        if leaf.name in judged.observations
    }
    if "prose" in sources:
        return "possible"
    return "likely" if sources & {"answer", "assumed"} else None
