"""Steps 5 and 6 for one subject: observe, infer, and decide every hypothesis by the verdict table.

Of thousands of bugs only those reach the engines that can be anything but undetermined (`engine.knowledge.choosing`);
bugs that a necessary condition or a fixed release rules out are decided together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias, cast

import msgspec

from engine.inference.closure import Closure
from engine.inference.engine import Disagreement
from engine.inference.formula import Atom, Rule, atoms
from engine.inference.layered import Chosen, Layered
from engine.inference.order import order
from engine.inference.verdict import Cap, Grounds, Sparse, Verdict, decide
from engine.knowledge.choosing import Choosing
from engine.knowledge.formulas import VERDICTS_UP, verdict_atom
from engine.knowledge.model import Condition, Hypothesis, Knowledge
from engine.knowledge.rules import (
    GROUNDS,
    SUPPORT,
    RuleBase,
    advice_rules,
    core_rules,
    roles_of,
    rule_base,
    severity_rules,
)
from engine.observe.settle import atoms_of, settle
from engine.observe.subject import Observation, Subject
from engine.relate.views import DeviceView, SetupView

_OPEN = frozenset(VERDICTS_UP)
_Decided: TypeAlias = tuple[MutableMapping[str, Grounds], MutableMapping[str, Verdict]]


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
    grounds: MutableMapping[str, Grounds]
    verdicts: MutableMapping[str, Verdict]
    disputes: list[Disagreement] = []

    def truth(self, atom: Atom) -> bool | None:
        """The truth of an observed or derived atom."""
        found = self.facts.get(atom)
        return found if found is not None else self.closure.truths.get(atom)

    def value(self, name: str, values: Iterable[str]) -> str | None:
        """The first value of a derived category that holds; None where none is known to."""
        return next((v for v in values if self.closure.truths.get(Atom(name, v))), None)

    def told(self) -> Mapping[str, Verdict]:
        """The verdicts of the hypotheses of which there is something to tell; any other is undetermined."""
        return _told(self.verdicts)

    def held(self) -> dict[str, Verdict]:
        """The verdicts of the hypotheses that are at least possible."""
        return {name: verdict for name, verdict in self.told().items() if verdict in _OPEN}


class Judge:
    """The knowledge base ready to judge subjects; one per process and knowledge base."""

    def __init__(self, kb: Knowledge, *, prefer_direct: bool = False) -> None:
        self.kb = kb
        prefer: Literal["durable", "direct"] = "direct" if prefer_direct else "durable"
        self.choosing = Choosing(kb)
        self.core = order(core_rules(kb))
        roles = roles_of(kb)
        self.judging = Layered(self.core, self.choosing, roles, prefer=prefer)
        self.hypotheses = self.choosing.hypotheses
        self._advice = tuple(advice_rules(kb))
        self.advising = Layered(self._advice, _Severities(self), roles, prefer=prefer)
        self._needed = {kind: self._conditions_for(kind) for kind in ("flow", "pair", "device")}
        self._cleared: dict[tuple[str | None, ...], tuple[str, ...]] = {}

    @property
    def engine(self) -> str:
        """The back end that decides, for `tool.engine`."""
        return self.judging.engine

    @cached_property
    def rules(self) -> RuleBase:
        """Every rule of the knowledge base, for tools; nothing of a diagnosis needs them all."""
        return rule_base(self.kb)

    def judge(self, subject: Subject) -> Judged:
        """Settle every condition for the subject, infer, and decide the hypotheses of its kind."""
        observations = settle(self._needed[subject.kind], subject)
        facts = atoms_of(self.kb.conditions, observations)
        closure = self.judging.close(facts, subject.kind)
        judged = Judged(
            subject=subject, observations=observations, facts=facts, closure=closure, grounds={}, verdicts={}
        )
        # Subjects of the same devices with the same truths have the same verdicts, unless somebody's word counts.
        plain = all(o.by == "evidence" for o in observations.values())
        key = ("verdicts", subject.kind, *_names(subject), frozenset(facts.items()))
        known = subject.case.memo.get(key) if plain else None
        if known is None:
            known = (facts, *self._decide(judged, closure))
            subject.case.memo[key] = known
        # Alike subjects share what was found: a scan leaves a hundred thousand of them.
        judged.facts, judged.grounds, judged.verdicts = known
        return judged

    def _decide(self, judged: Judged, closure: Chosen) -> _Decided:
        """The verdicts: of what was chosen one by one, of what is excluded or fixed all at once."""
        kind = judged.subject.kind
        among = self.choosing.members(kind)
        told = {name: self.grounds(name, judged, closure) for name in closure.groups if name in among}
        for group in closure.groups:
            members = self.choosing.excluded_by(kind, group)
            head = Atom(f"excluded:{group}")
            if members and closure.truths.get(head):
                cap = _cap([head], judged)
                for name in members:
                    told.setdefault(name, Grounds(kind=self.hypotheses[name][0], excluded=True, cap=cap))
        for name in self._fixed(judged.subject):
            told.setdefault(name, Grounds(kind=self.hypotheses[name][0], release_clear=True))
        grounds = Sparse(told, among, lambda name: self.grounds(name, judged, closure))
        verdicts = {name: decide(found) for name, found in told.items()}
        return grounds, Sparse(verdicts, among, lambda _: "undetermined")

    def _fixed(self, subject: Subject) -> Iterable[str]:
        """The bugs that are fixed in the release of the device they are about."""
        for role, device in (("receiver", subject.receiver), ("sender", _sender(subject))):
            if device is None or device.special_build:
                continue
            key = (subject.kind, role, device.version, device.ios_release)
            if key not in self._cleared:
                named = self.choosing.fixed(*key)
                clear = (n for n in named if release_status(self.hypotheses[n][1], subject) == "clear")
                self._cleared[key] = tuple(clear)
            yield from self._cleared[key]

    def _conditions_for(self, kind: str) -> dict[str, Condition]:
        """The conditions that anything judged or advised for a kind of subject can rest on."""
        wanted = list(self.choosing.mentioned(kind))
        mine = {name for name, remedy in self.kb.remedies.items() if remedy.of == kind}
        wanted += _mentioned(rule for rule in self._advice if rule.head.name.partition(":")[2] in mine)
        if kind == "flow":  # tables and the sentences on top are about flows
            wanted += _mentioned(self.core)
            wanted += _mentioned(rule for rule in self._advice if rule.head.name.startswith("summary:"))
        bodies = {rule.head: rule.body for rule in self.core}
        seen: set[Atom] = set()
        while wanted:
            atom = wanted.pop()
            if atom not in seen:
                seen.add(atom)
                wanted.extend(atoms(bodies[atom]) if atom in bodies else ())
        names = {atom.name for atom in seen}
        return {name: c for name, c in self.kb.conditions.items() if name in names}

    def suppose(self, judged: Judged, extra: dict[Atom, bool]) -> dict[str, Verdict]:
        """The verdicts that can be others if further atoms were known, from the second engine."""
        facts = {**judged.facts, **extra}
        closure = self.judging.suppose(facts)
        kind = judged.subject.kind
        known = {**facts, **closure.truths}
        before = judged.closure.groups if isinstance(judged.closure, Chosen) else judged.verdicts
        names, groups = self.choosing.touched(kind, self._touched(extra), known, before)
        found = {name: decide(self.grounds(name, judged, closure)) for name in names}
        for group in groups:
            head = Atom(f"excluded:{group}")
            was, excluded = judged.closure.truths.get(head), closure.truths.get(head)
            if bool(excluded) is bool(was):
                continue
            for name in self.choosing.excluded_by(kind, group):
                if name not in found:
                    alike = excluded and was is None
                    found[name] = "ruled_out" if alike else decide(self.grounds(name, judged, closure))
        return found

    def _touched(self, extra: Iterable[Atom]) -> set[Atom]:
        """These atoms, and what the matrix and the tables conclude from them."""
        found = set(extra)
        for rule in self.core:  # a head stands behind what it rests on
            if not found.isdisjoint(atoms(rule.body)):
                found.add(rule.head)
        return found

    def grounds(self, name: str, judged: Judged, closure: Closure) -> Grounds:
        """What the verdict table looks at for one hypothesis."""
        kind, hypothesis = self.hypotheses[name]
        at = [Atom(f"{ground}:{name}") for ground in GROUNDS]
        excluded, signature, proof, some_for, some_against = map(closure.truths.get, at)
        status = release_status(hypothesis, judged.subject)
        held = at[:-1]
        return Grounds(
            kind=kind, excluded=excluded, release_clear=status == "clear", signature=signature,
            release_affected=status == "affected", proof=proof, some_for=some_for, some_against=some_against,
            cap=_cap([a for a in held if closure.truths.get(a)], judged),
        )  # fmt: skip

    def advise(
        self, judged: Judged, on_pair: Mapping[str, Verdict], on_device: Mapping[str, Verdict]
    ) -> Closure:
        """Severities, actions, risks and the sentence on top that follow from the verdicts.

        Args:
            judged: the subject.
            on_pair: the verdicts on the pair of a flow, which count as the flow's own.
            on_device: the best verdict of each hypothesis for any subject of the same device.
        """
        told, pair = judged.told(), _told(on_pair)
        parts = (judged.facts, told, pair, on_device)
        key = ("advice", *(frozenset(part.items()) for part in parts))
        memo = judged.subject.case.memo
        if key in memo:
            advice, judged.disputes = memo[key]
            return cast("Closure", advice)
        known = {**judged.facts, **judged.closure.truths}
        facts = {atom: known[atom] for atom in self._asked if atom in known}
        for name, here, anywhere in self._verdict_atoms:
            own = _height(told.get(name) or pair.get(name))
            best = max(own, _height(on_device.get(name)))
            facts.update({atom: own > level for level, atom in enumerate(here)})
            facts.update({atom: best > level for level, atom in enumerate(anywhere)})
        graded = [name for name in judged.held() if name in self.graded]
        advice = self.advising.close(facts, also=graded)
        judged.disputes = [*self.judging.disputes(judged.facts), *self.advising.disputes(facts)]
        memo[key] = (advice, judged.disputes)
        return advice

    @cached_property
    def graded(self) -> dict[str, tuple[Rule, ...]]:
        """The hypotheses whose severity depends on the case, and its rules."""
        names = self.choosing.graded()
        return {name: tuple(severity_rules(name, self.hypotheses[name][1])) for name in names}

    @cached_property
    def _asked(self) -> frozenset[Atom]:
        """Every atom in a formula of advice."""
        graded = (rule for rules in self.graded.values() for rule in rules)
        return frozenset(_mentioned([*self._advice, *graded]))

    @cached_property
    def _verdict_atoms(self) -> list[tuple[str, list[Atom], list[Atom]]]:
        """What the formulas of advice ask of verdicts, here and on the same device: by hypothesis, from possible up."""
        asked = (atom.name.partition(":") for atom in self._asked)
        named = sorted({name for of, _, name in asked if of in {"finding", "device-finding"}})
        return [
            (
                name,
                [verdict_atom(name, level) for level in VERDICTS_UP],
                [verdict_atom(name, level, on="device") for level in VERDICTS_UP],
            )
            for name in named
        ]

    def support(self, setup: SetupView) -> Closure:
        """What the matrix says of a setup, whether or not a flow uses it."""
        kinds = self.kb.conditions["setup-kind"].values or []
        return self.judging.core({Atom("setup-kind", kind): kind == setup.kind for kind in kinds})


class _Severities:
    """The severities of each hypothesis as a group of rules: which are inferred, its verdict says."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def rules(self, name: str) -> tuple[Rule, ...]:
        """The rules of a hypothesis."""
        return self._judge.graded.get(name, ())

    def chosen(self, known: Mapping[Atom, bool], kind: str | None) -> tuple[str, ...]:  # noqa: ARG002  see the class
        """None by what is known."""
        return ()


def support_of(closure: Closure) -> str | None:
    """`recovery.support` from a closure: the matrix value, not_stated outside it, None without a setup."""
    known = [closure.truths.get(Atom(SUPPORT, value)) for value in ("yes", "no", "not_applicable")]
    if True in known:
        return ("yes", "no", "not_applicable")[known.index(True)]
    return "not_stated" if all(k is False for k in known) else None


def _names(subject: Subject) -> tuple[str, str]:
    """Names of the two devices that verdicts may rest on."""
    sender = _sender(subject)
    return (subject.receiver.name if subject.receiver else "", sender.name if sender else "")


def _told(verdicts: Mapping[str, Verdict]) -> Mapping[str, Verdict]:
    return verdicts.told if isinstance(verdicts, Sparse) else verdicts


def _mentioned(rules: Iterable[Rule]) -> list[Atom]:
    return [atom for rule in rules for atom in atoms(rule.body)]


def _sender(subject: Subject) -> DeviceView | None:
    return subject.flow.sender if subject.flow is not None else None


def _height(verdict: Verdict | None) -> int:
    """0 below possible, then one more for each step up."""
    return VERDICTS_UP.index(verdict) + 1 if verdict in VERDICTS_UP else 0


def device_of(hypothesis: Hypothesis, subject: Subject) -> DeviceView | None:
    """The device that a hypothesis is about: the receiver, or the sender."""
    if hypothesis.subject == "sender":
        return _sender(subject)
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


def fixes_for(hypothesis: Hypothesis, subject: Subject) -> list[str]:
    """The fixed releases that its device can go to: of its system and not before its own, its own train first."""
    from engine.release import compare, parse

    releases, device = hypothesis.releases, device_of(hypothesis, subject)
    names = (device.version, device.ios_release) if device is not None else ()
    here = [release for text in names if text and (release := parse(text)) is not None]
    trains = {release.train_name for release in here}
    system = device.os if device is not None else None
    found = [
        fix for fix in map(parse, releases.fixed if releases is not None else ())
        if fix is not None and (fix.train_name in trains or system in {None, fix.os})
        and not any(compare(fix, release) in {-1, 0} for release in here)
    ]  # fmt: skip
    return [str(fix) for fix in sorted(found, key=lambda fix: fix.train_name not in trains)[:5]]


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
