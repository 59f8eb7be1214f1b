"""Compiles rules to Horn clauses over strings, inside the subset in which durable_rules 2.0.28 is right.

Every proposition p has two literals, p known yes and p known no; unknown is neither. `all` is yes when every part is
yes and no when one part is no; `any` is the mirror image; `not` swaps the two. A nested formula gets a helper
proposition of its own, so nothing is expanded into a normal form, and a long conjunction is chained through helpers:

    head: a and not (b or c)      head      <- a, no head#1      head#1    <- b       head#1 <- c
                                  no head   <- no a              no head#1 <- no b, no c
                                  no head   <- head#1

The result is monotone and free of negation, joins and inequalities; forward chaining over it is exactly Kleene's
strong three-valued logic. Within one head the clauses stand in the order of the formula's parts, so the lowest
clause that fires is the proof that the formula, read from left to right, gives.

Where a limit comes from (src/rules of durable_rules 2.0.28): a frame holds 16 messages (error 304); one message
walks at most 64 open nodes (error 303); a node with 512 children makes the search for a free slot endless; message
and session ids are told apart by their 32-bit FNV-1a hash alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from engine.inference.formula import All, Any, Atom, Formula, Not, Rule, atoms
from engine.inference.order import RuleError, order

MAX_CONDITIONS = 14
"""Conditions in one clause."""
MAX_CLAUSES = 60
"""Clauses in one ruleset, the sentinel included."""
MAX_LITERALS = 200
"""Distinct literals that one ruleset tests. Each is a child of one node, and 512 children hang the library."""

FIELDS = ("of", "is", "truth", "id", "sid", "$s")
SENTINEL_ID = "0"
ALIASES = tuple(f"m{n}" for n in range(MAX_CONDITIONS))

# Printable ASCII without what JSON escapes, the space that sets off "not", and the marks of values and helpers.
_WORD = re.compile(r"[!$-<>-\[\]-~]+")


class Literal(NamedTuple):
    """A proposition known yes or known no.

    Attributes:
        proposition: `name`, `name=value`, or `head#n` for a helper of that head.
        truth: yes or no.
    """

    proposition: str
    truth: bool

    def opposite(self) -> Literal:
        """The same proposition the other way round."""
        return Literal(self.proposition, not self.truth)


class Clause(msgspec.Struct, frozen=True):
    """`head` follows when all of `body` is known.

    Attributes:
        number: its place among all clauses; of two that fire for one head, the lower one is the proof.
        head: what follows.
        body: distinct, never empty, at most `MAX_CONDITIONS`.
        source: `Rule.source`.
    """

    number: int
    head: Literal
    body: tuple[Literal, ...]
    source: str


class Program(msgspec.Struct, frozen=True):
    """A compiled rule set.

    Attributes:
        clauses: all of them; `clauses[n].number == n`.
        rulesets: the numbers of the clauses of each ruleset.
        routes: which rulesets test a literal; a literal without a route is never asserted.
        constants: heads that hold whatever is known, since their formula has no atom left that matters.
        heads: the derived atoms by proposition.
        leaves: the observed atoms, by atom.
        sources: `Rule.source` by the proposition of the head.
        ids: the short id under which a literal is asserted.
    """

    clauses: tuple[Clause, ...]
    rulesets: tuple[tuple[int, ...], ...]
    routes: dict[Literal, tuple[int, ...]]
    constants: dict[str, bool]
    heads: dict[str, Atom]
    leaves: dict[Atom, str]
    sources: dict[str, str]
    ids: dict[Literal, str]


def compile_rules(rules: Iterable[Rule]) -> Program:
    """Compile a rule set. The same rules give the same program, names and ids included.

    Raises:
        RuleError: the rules have no order (see `order`), an atom's name or value has a character that the subset
            does not allow, or one condition is used both as a yes/no and as a category.
    """
    ordered = order(rules)
    _check_words(ordered)
    builder = _Builder()
    for rule in ordered:
        builder.add(rule)
    clauses = tuple(builder.clauses)
    rulesets = tuple(_pack(clauses))
    routes = _route(clauses, rulesets)
    heads = {str(rule.head): rule.head for rule in ordered}
    leaves = {atom: str(atom) for rule in ordered for atom in atoms(rule.body) if str(atom) not in heads}
    return Program(
        clauses=clauses,
        rulesets=rulesets,
        routes=routes,
        constants={name: truth for name, truth in builder.constants.items() if name in heads},
        heads=heads,
        leaves=leaves,
        sources={str(rule.head): rule.source for rule in ordered},
        ids=_identify(routes),
    )


class _Builder:
    """Collects the clauses of rules that come in order."""

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.constants: dict[str, bool] = {}
        self._head = ""
        self._source = ""
        self._helpers = 0

    def add(self, rule: Rule) -> None:
        """Emit the clauses of a rule in both polarities."""
        self._head, self._source, self._helpers = str(rule.head), rule.source, 0
        self._define(self._head, rule.body)

    def _define(self, name: str, formula: Formula) -> None:
        """Emit the clauses of `name`, or note that it is constant."""
        if isinstance(formula, Any):
            wanted, parts = False, formula.parts  # `any` is no when every part is no, and yes when one is yes
        elif isinstance(formula, All):
            wanted, parts = True, formula.parts
        else:
            wanted, parts = True, (formula,)
        joint: dict[Literal, None] = {}
        for part in parts:
            literal = self._literal(part)
            if isinstance(literal, Literal):
                joint[literal if wanted else literal.opposite()] = None
            elif literal is not wanted:
                self.constants[name] = not wanted
                return
        if not joint:
            self.constants[name] = wanted
            return
        self._emit_joint(Literal(name, wanted), list(joint))
        for literal in joint:
            self._emit(Literal(name, not wanted), [literal.opposite()])

    def _literal(self, formula: Formula) -> Literal | bool:
        """The literal that is known yes exactly where the formula is; a bool where it is constant."""
        if isinstance(formula, Not):
            inner = self._literal(formula.part)
            return inner.opposite() if isinstance(inner, Literal) else not inner
        if isinstance(formula, Atom):
            name = str(formula)
        else:
            name = self._helper()
            self._define(name, formula)
        return self.constants[name] if name in self.constants else Literal(name, True)

    def _emit_joint(self, head: Literal, body: list[Literal]) -> None:
        """One clause, or a chain of them through helpers. A link needs no other polarity: only the next uses it."""
        while len(body) > MAX_CONDITIONS:
            link = Literal(self._helper(), True)
            self._emit(link, body[:MAX_CONDITIONS])
            body = [link, *body[MAX_CONDITIONS:]]
        self._emit(head, body)

    def _emit(self, head: Literal, body: list[Literal]) -> None:
        self.clauses.append(Clause(len(self.clauses), head, tuple(body), self._source))

    def _helper(self) -> str:
        self._helpers += 1
        return f"{self._head}#{self._helpers}"


def _check_words(rules: Iterable[Rule]) -> None:
    """Refuse what could make two propositions one string, or leave the safe characters."""
    categories: dict[str, bool] = {}
    for rule in rules:
        for atom in (rule.head, *atoms(rule.body)):
            for word in (atom.name, *(() if atom.value is None else (atom.value,))):
                if not _WORD.fullmatch(word):
                    raise RuleError(
                        f"{word!r} in {rule.source} is no condition name or value:"
                        ' use letters, digits and marks other than space, ", #, = and \\'
                    )
            if categories.setdefault(atom.name, atom.value is not None) is not (atom.value is not None):
                raise RuleError(
                    f"{atom.name} in {rule.source} is used both as a yes/no condition and with a value"
                )


def _pack(clauses: Iterable[Clause]) -> Iterator[tuple[int, ...]]:
    """Fill rulesets in order; neighbours share conditions, so a session opens few of them."""
    ruleset: list[int] = []
    literals: set[Literal] = set()
    for clause in clauses:
        union = literals.union(clause.body)
        if ruleset and (len(ruleset) + 1 >= MAX_CLAUSES or len(union) > MAX_LITERALS):
            yield tuple(ruleset)
            ruleset, union = [], set(clause.body)
        ruleset.append(clause.number)
        literals = union
    if ruleset:
        yield tuple(ruleset)


def _route(
    clauses: tuple[Clause, ...], rulesets: tuple[tuple[int, ...], ...]
) -> dict[Literal, tuple[int, ...]]:
    routes: dict[Literal, dict[int, None]] = {}
    for index, ruleset in enumerate(rulesets):
        for number in ruleset:
            for literal in clauses[number].body:
                routes.setdefault(literal, {})[index] = None
    return {literal: tuple(indices) for literal, indices in routes.items()}


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash by which durable_rules tells ids and names apart."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def reserved_hashes() -> set[int]:
    """Hashes of every string of ours that is no id of a literal: field names, aliases, the sentinel's id.

    Raises:
        RuleError: two of them collide, so that this version of the compiler cannot work at all.
    """
    names = (*FIELDS, *ALIASES, SENTINEL_ID)
    hashes = {fnv1a(name) for name in names}
    if len(hashes) != len(names):
        raise RuleError("two field names of the compiler have one hash: rename one of them")
    return hashes


def _identify(literals: Iterable[Literal]) -> dict[Literal, str]:
    """Short ids that no two literals share, by hash either: a number whose hash is taken is skipped."""
    taken = reserved_hashes()
    ids: dict[Literal, str] = {}
    number = 0
    for literal in literals:
        while (value := fnv1a(str(number := number + 1))) in taken:
            pass
        taken.add(value)
        ids[literal] = str(number)
    return ids
