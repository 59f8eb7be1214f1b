"""Which hypotheses can be anything but undetermined: told from what is known by an index, not by trying each of them.

A hypothesis is more than undetermined only where

* its signature, its proof or something for it holds. The index finds it by the literals that these need
  (`engine.inference.needs`): it stands under that one which the fewest others need;
* a condition that a source states as necessary is known not to hold. Hypotheses that need the same conditions are
  excluded together, by one rule: every bug of another system costs as much as one of them;
* or its list names a fix in the train of the release at hand: found by the entries of the lists.

So the cost of a case follows what is known of it, not how many bugs are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.inference.formula import Atom, Rule
from engine.knowledge.index import KindIndex, index_of
from engine.knowledge.model import Knowledge
from engine.knowledge.rules import exclusion, ground_rules
from engine.release import compare
from engine.release import parse as parse_release


class Choosing:
    """Asks the index of a knowledge base, and has the rules in groups (`engine.inference.layered.Groups`).

    A group is called as its hypothesis; one of necessary conditions is called `!CONDITION+CONDITION`.

    Attributes:
        hypotheses: by name, with their kind, as `Knowledge.hypotheses` gives them.

    Raises:
        FormulaError: from the constructor: a formula is not of the language.
    """

    def __init__(self, kb: Knowledge) -> None:
        self.hypotheses = kb.hypotheses()
        self._index = index_of(kb)
        self._needed = {"!" + "+".join(conditions): tuple(conditions) for conditions in self._index.needed}
        self._names = [*self.hypotheses, *self._needed]
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._named: dict[tuple[str, int], frozenset[int]] = {}
        self._atoms = {Atom(*atom): number for number, atom in enumerate(self._index.atoms)}
        self._members: dict[str, dict[str, None]] = {}
        self._rules: dict[str, tuple[Rule, ...]] = {}

    def rules(self, name: str) -> tuple[Rule, ...]:
        """The rules of a group; none where there is no such group."""
        rules = self._rules.get(name)
        if rules is None:
            if name in self._needed:
                rules = (Rule(Atom(f"excluded:{name}"), exclusion(self._needed[name]), name),)
            elif name in self.hypotheses:
                rules = tuple(ground_rules(name, self.hypotheses[name][1]))
            else:
                return ()
            self._rules[name] = rules
        return rules

    def chosen(self, known: Mapping[Atom, bool], kind: str | None) -> list[str]:
        """The groups that can conclude anything from what is known, in the order of the knowledge base."""
        kinds = self._index.kinds.values() if kind is None else (self._index.kinds[kind],)
        literals = self._literals(known)
        return [self._names[group] for group in sorted({g for part in kinds for g in _open(part, literals)})]

    def members(self, kind: str) -> Mapping[str, None]:
        """The hypotheses of a kind of subject, in the order of the knowledge base."""
        if kind not in self._members:
            members = self._index.kinds[kind].members
            self._members[kind] = dict.fromkeys(self._names[number] for number in members)
        return self._members[kind]

    def excluded_by(self, kind: str, group: str) -> list[str]:
        """The hypotheses of a kind that need a group of conditions; none where the group is a hypothesis."""
        if group not in self._needed:
            return []
        numbers = self._index.kinds[kind].excluded.get(self._numbers[group], ())
        return [self._names[number] for number in numbers]

    def mentioned(self, kind: str) -> Iterator[Atom]:
        """Every atom in a formula of a hypothesis of a kind."""
        mentions = self._index.kinds[kind].mentions
        return (atom for atom, number in self._atoms.items() if number in mentions)

    def graded(self) -> list[str]:
        """The hypotheses whose severity depends on the case."""
        return [self._names[number] for number in self._index.graded]

    def touched(
        self, kind: str, touched: Iterable[Atom], known: Mapping[Atom, bool], before: Iterable[str]
    ) -> tuple[list[str], list[str]]:
        """What further truths can change of a kind of subject.

        Args:
            kind: of the subject.
            touched: atoms that became known, and what follows from them.
            known: everything that is known now.
            before: the groups that could conclude something before.

        Returns:
            The hypotheses that name a touched atom and could conclude something before or can now, and the groups of
            necessary conditions that name one.
        """
        part = self._index.kinds[kind]
        numbers = [self._atoms[atom] for atom in touched if atom in self._atoms]
        naming = [self._naming(kind, number) for number in numbers]
        open_groups = _open(part, self._literals(known)) | {self._numbers[name] for name in before}
        names = [group for group in sorted(open_groups) if any(group in named for named in naming)]
        # The conditions of a group stand under their literals, since they are its only need.
        groups = {way.group for number in numbers for way in part.under.get(2 * number, ())}
        groups &= part.excluded.keys()
        return [self._names[group] for group in names], [self._names[group] for group in sorted(groups)]

    def fixed(self, kind: str, role: str, *releases: str | None) -> list[str]:
        """The bugs about a role whose lists name a fix at or before one of the releases, in its own train."""
        named = [release for text in releases if text and (release := parse_release(text)) is not None]
        found: set[int] = set()
        for text, bugs in self._index.kinds[kind].fixed.get(role, {}).items() if named else ():
            fix = parse_release(text)
            if fix is not None and any(compare(fix, release) in {-1, 0} for release in named):
                found.update(bugs)
        return [self._names[number] for number in sorted(found)]

    def _naming(self, kind: str, atom: int) -> frozenset[int]:
        """The hypotheses of a kind that name an atom."""
        found = self._named.get((kind, atom))
        if found is None:
            mentions = self._index.kinds[kind].mentions.get(atom, ())
            found = self._named[kind, atom] = frozenset(mentions)
        return found

    def _literals(self, known: Mapping[Atom, bool]) -> set[int]:
        numbers = self._atoms
        return {2 * numbers[atom] + truth for atom, truth in known.items() if atom in numbers}


def _open(kind: KindIndex, literals: set[int]) -> set[int]:
    """The groups of which a way has every need met, and those that are always chosen."""
    found = set(kind.ever)
    for literal in literals & kind.under.keys():
        for way in kind.under[literal]:
            if way.group not in found and not any(map(literals.isdisjoint, way.needs)):
                found.add(way.group)
    return found
