"""An index of the hypotheses by what has to be known for them to matter; numbers only, so that it can be kept in a file.

Built once per knowledge base and kept with it in the user's cache. `engine.knowledge.choosing` asks it.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque

import msgspec

from engine.inference.formula import Atom, Formula, atoms
from engine.inference.needs import needs
from engine.knowledge.formulas import parse
from engine.knowledge.model import Hypothesis, Knowledge
from engine.knowledge.rules import exclusion, severity_rules, stated


class Way(msgspec.Struct, frozen=True, array_like=True):
    """A group can conclude something where one literal of each need is known.

    Attributes:
        group: its number: of a hypothesis its place in the knowledge base, behind them those of necessary conditions.
        needs: literals; one is twice the number of its atom, and one more where the atom has to be true.
    """

    group: int
    needs: list[list[int]]


class KindIndex(msgspec.Struct):
    """The hypotheses of one kind of subject, by number.

    Attributes:
        members: all of them.
        ever: groups that are always chosen: the seed bugs, and what holds whatever is known.
        ways: by group.
        under: by literal, the ways that stand under it: of each way the need that the fewest others have.
        mentions: by atom, the hypotheses that name it in a formula.
        excluded: by number of a group of necessary conditions, the hypotheses that need them.
        fixed: by role and entry of a release list, the bugs whose list names it as fixed.
    """

    members: list[int] = []
    ever: list[int] = []
    ways: dict[int, list[Way]] = {}
    under: dict[int, list[Way]] = {}
    mentions: dict[int, list[int]] = {}
    excluded: dict[int, list[int]] = {}
    fixed: dict[str, dict[str, list[int]]] = {}


class Index(msgspec.Struct):
    """The whole index.

    Attributes:
        atoms: name and value of each atom.
        needed: groups of necessary conditions; their numbers follow those of the hypotheses.
        graded: hypotheses whose severity depends on the case.
        kinds: by kind of subject.
    """

    atoms: list[tuple[str, str | None]] = []
    needed: list[list[str]] = []
    graded: list[int] = []
    kinds: dict[str, KindIndex] = {}


def build_index(kb: Knowledge) -> Index:
    """Index the hypotheses of a knowledge base.

    Raises:
        FormulaError: a formula is not of the language.
    """
    return _Builder(kb).index


def index_of(kb: Knowledge) -> Index:
    """The index of a knowledge base, built where it was not kept."""
    found = next((index for known, index in _KEPT if known is kb), None)
    return keep(kb, build_index(kb)) if found is None else found


def keep(kb: Knowledge, index: Index) -> Index:
    """Remember the index of a knowledge base; the knowledge bases used last are remembered."""
    _KEPT.append((kb, index))
    return index


_KEPT: deque[tuple[Knowledge, Index]] = deque(maxlen=4)


class _Builder:
    """One build."""

    def __init__(self, kb: Knowledge) -> None:
        self.index = Index(kinds={kind: KindIndex() for kind in ("flow", "pair", "device")})
        self._atoms: dict[Atom, int] = {}
        self._needed: dict[tuple[str, ...], int] = {}
        hypotheses = kb.hypotheses()
        self._count = len(hypotheses)
        for number, (name, (_, hypothesis)) in enumerate(hypotheses.items()):
            self._enter(number, name, hypothesis, self.index.kinds[hypothesis.of])
        self.index.atoms = [(atom.name, atom.value) for atom in self._atoms]
        self.index.needed = [list(conditions) for conditions in self._needed]
        for kind in self.index.kinds.values():
            _file(kind)

    def _enter(self, number: int, name: str, hypothesis: Hypothesis, kind: KindIndex) -> None:
        kind.members.append(number)
        if hypothesis.always:
            kind.ever.append(number)
        signs = [sign for sign in (hypothesis.signature, hypothesis.proof) if sign is not None]
        formulas = [parse(formula) for formula in (*signs, *hypothesis.for_)]
        kind.ways[number] = [self._way(number, formula) for formula in formulas]
        formulas += map(parse, hypothesis.against)
        if not isinstance(hypothesis.severity, str):
            self.index.graded.append(number)
            formulas += [rule.body for rule in severity_rules(name, hypothesis)]
        needed = stated(hypothesis)
        if needed:
            formulas.append(exclusion(needed))
            group = self._needed.setdefault(needed, self._count + len(self._needed))
            kind.ways.setdefault(group, [self._way(group, formulas[-1])])
            kind.excluded.setdefault(group, []).append(number)
        for atom in dict.fromkeys(self._number(atom) for formula in formulas for atom in atoms(formula)):
            kind.mentions.setdefault(atom, []).append(number)
        fixed = kind.fixed.setdefault(hypothesis.subject, {})
        for text in hypothesis.releases.fixed if hypothesis.releases is not None else ():
            fixed.setdefault(text, []).append(number)

    def _way(self, group: int, formula: Formula) -> Way:
        wanted = needs(formula, True)
        return Way(group, [[2 * self._number(atom) + truth for atom, truth in need] for need in wanted])

    def _number(self, atom: Atom) -> int:
        return self._atoms.setdefault(atom, len(self._atoms))


def _file(kind: KindIndex) -> None:
    """Put every way under the literals of the rarest of its needs."""
    ways = [way for of_group in kind.ways.values() for way in of_group]
    common = Counter(literal for way in ways for need in way.needs for literal in need)
    under = defaultdict(list)
    for way in ways:
        if not way.needs:
            kind.ever.append(way.group)
            continue
        for literal in min(way.needs, key=lambda need: sum(common[literal] for literal in need)):
            under[literal].append(way)
    kind.under = dict(under)
