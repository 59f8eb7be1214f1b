"""A rule set of which only what can matter is inferred: a core, and groups of rules that are chosen per set of facts.

The core is inferred first, always. Then an index says which groups can conclude anything from what is known; those
are inferred by both engines, and nothing else is. What is asked of the others all the same ("why is this bug not
listed?") the second engine answers when it is asked, so a closure gives every answer that full inference would give.

Rulesets of durable_rules cannot be taken back, and registering one costs more than a session. So a group is registered
once, when it is first chosen, together with others that are chosen with it for the first time: a pack. A pack keeps
its own answers, so flows that differ elsewhere share them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, Protocol, TypeVar, overload

from engine.inference.closure import Closure, Known, Proof
from engine.inference.direct import Direct, evaluate, proof
from engine.inference.engine import MEMO_SIZE, Disagreement, Inference
from engine.inference.formula import Atom, Rule

PACK = 6
"""Groups in one pack: with some ten clauses each, they fill one ruleset."""

T = TypeVar("T")


class Groups(Protocol):
    """Groups of rules by name. The heads of a group are `SOMETHING:NAME`, and no other group rests on them."""

    def rules(self, name: str) -> tuple[Rule, ...]:
        """The rules of a group; none where there is no such group."""

    def chosen(self, known: Mapping[Atom, bool], kind: str | None) -> Sequence[str]:
        """The groups that can conclude anything about a kind of subject (any kind: None), in a fixed order."""


class Chosen(Closure, frozen=True):
    """A closure of the core and of the groups that were chosen.

    Attributes:
        groups: the names of those.
    """

    groups: tuple[str, ...]


class Layered:
    """Closes known truths under a core and the groups that can matter.

    Attributes:
        engine, unavailable: see `Inference`.
        handed: how many rules were handed to the engines so far, those of the core included.

    Raises:
        RuleError: from the constructor, the rules of the core cannot be used; from `close`, those of a group.
    """

    def __init__(
        self,
        core: Iterable[Rule],
        groups: Groups,
        roles: Mapping[str, str],
        prefer: Literal["durable", "direct"] = "durable",
    ) -> None:
        rules = tuple(core)
        self._core = Inference(rules, roles, prefer=prefer)
        self._direct = Direct(rules)
        self._heads = {rule.head for rule in rules}
        self._groups = groups
        self._roles = roles
        self._prefer = prefer
        self._packs: list[Inference] = []
        self._pack_of: dict[str, int] = {}
        self._by_head: dict[str, dict[Atom, Rule]] = {}
        self._memo: OrderedDict[tuple[str | None, tuple[str, ...], frozenset[Known]], Chosen] = OrderedDict()
        self.engine = self._core.engine
        self.unavailable = self._core.unavailable
        self.handed = len(rules)

    @property
    def disagreements(self) -> list[Disagreement]:
        """Every difference between the engines met so far."""
        return [d for inference in (self._core, *self._packs) for d in inference.disagreements]

    def close(self, facts: Mapping[Atom, bool], kind: str | None = None, also: Iterable[str] = ()) -> Chosen:
        """What follows from the known truths, with proofs; shared between callers: read it, do not change it.

        Args:
            facts: known truths of leaf atoms.
            kind: of the subject; None chooses among the groups of every kind.
            also: groups that are inferred whether or not they can conclude anything.
        """
        extra = tuple(also)
        key = (kind, extra, frozenset(facts.items()))
        found = self._memo.get(key)
        if found is not None:
            self._memo.move_to_end(key)
            return found
        found = self._memo[key] = self._close(facts, kind, extra)
        if len(self._memo) > MEMO_SIZE:
            self._memo.popitem(last=False)
        return found

    def core(self, facts: Mapping[Atom, bool]) -> Closure:
        """What follows from the core alone."""
        return self._core.close(facts)

    def suppose(self, facts: Mapping[Atom, bool]) -> Closure:
        """What would follow: truths only, from the second engine, and of groups only what is asked."""
        core = self._direct.truths(facts)
        return Closure(_Truths(core, self._rest({**facts, **core}, (), None)), {})

    def disputes(self, facts: Mapping[Atom, bool]) -> list[Disagreement]:
        """The differences met for these known truths."""
        if not self.disagreements:
            return []
        known = {**facts, **self._core.close(facts).truths}
        return [d for inference in (self._core, *self._packs) for d in inference.disputes(known)]

    def _close(self, facts: Mapping[Atom, bool], kind: str | None, also: tuple[str, ...]) -> Chosen:
        core = self._core.close(facts)
        known = {**facts, **core.truths}
        names = tuple(dict.fromkeys((*self._groups.chosen(known, kind), *also)))
        truths, proofs = dict(core.truths), dict(core.proofs)
        packs = self._packs_with(names)
        for number in packs:
            closure = self._packs[number].close(known)
            truths.update(closure.truths)
            proofs.update(closure.proofs)
        return Chosen(_Truths(truths, self._rest(known, packs, proofs)), proofs, names)

    def _packs_with(self, names: Sequence[str]) -> tuple[int, ...]:
        """The packs that hold these groups; those that no pack holds yet are put into new ones."""
        new = [name for name in names if name not in self._pack_of]
        for start in range(0, len(new), PACK):
            members = new[start : start + PACK]
            rules = [rule for name in members for rule in self._groups.rules(name)]
            self._packs.append(Inference(rules, self._roles, prefer=self._prefer))
            self._pack_of.update(dict.fromkeys(members, len(self._packs) - 1))
            self.handed += len(rules)
        return tuple(dict.fromkeys(self._pack_of[name] for name in names))

    def _rest(
        self, known: Mapping[Atom, bool], packs: tuple[int, ...], proofs: dict[Known, Proof] | None
    ) -> Callable[[Atom], bool | None]:
        """Answers what is asked of a head that was not inferred, by the second engine."""

        def find(head: Atom) -> bool | None:
            name = head.name.partition(":")[2]
            if head in self._heads or self._pack_of.get(name) in packs:
                return None  # inferred, and unknown
            rule = self._rules_of(name).get(head)
            truth = evaluate(rule.body, known) if rule is not None else None
            if proofs is not None and rule is not None and truth is not None:
                proofs[head, truth] = proof(rule, truth, known)
            return truth

        return find

    def _rules_of(self, name: str) -> dict[Atom, Rule]:
        """The rules of a group by head."""
        rules = self._by_head.get(name)
        if rules is None:
            rules = self._by_head[name] = {rule.head: rule for rule in self._groups.rules(name)}
        return rules


class _Truths(dict[Atom, bool]):
    """Truths by head. What was not inferred is found when it is asked for, and kept."""

    def __init__(self, truths: Mapping[Atom, bool], find: Callable[[Atom], bool | None]) -> None:
        super().__init__(truths)
        self._find = find
        self._unknown: set[Atom] = set()

    def __missing__(self, head: Atom) -> bool:
        truth = None if head in self._unknown else self._find(head)
        if truth is None:
            self._unknown.add(head)
            raise KeyError(head)
        self[head] = truth
        return truth

    @overload
    def get(self, key: Atom, default: None = None, /) -> bool | None: ...
    @overload
    def get(self, key: Atom, default: bool | T, /) -> bool | T: ...
    def get(self, key: Atom, default: object = None, /) -> object:
        """Like that of any dict, but finds what was not asked before."""
        try:
            return self[key]
        except KeyError:
            return default
