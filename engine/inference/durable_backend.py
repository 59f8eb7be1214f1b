"""durable_rules as a back end: one host per process, one session per set of facts.

A fact says what was observed of a role: `{"of": "receiver", "is": "spi-installed-inbound", "truth": "yes"}`, or of a
category `{"of": "receiver-setup", "is": "kind", "truth": "static-crypto-map"}`, known not to have a value
`"truth": "not static-crypto-map"`. Each clause of the compiled program is one durable rule; its action only notes
that it fired and with which facts. What it derives is asserted in turn, until nothing new follows.

Everything here that looks roundabout keeps durable_rules 2.0.28 inside the subset that works: its other paths crash,
loop or answer wrongly. The reasons stand beside the lines.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from itertools import count
from typing import Any, TypeAlias

from engine.inference.closure import Closure, Known, Proof
from engine.inference.compiler import (
    ALIASES,
    SENTINEL_ID,
    Clause,
    Literal,
    Program,
    compile_rules,
    fnv1a,
)
from engine.inference.formula import Atom, Rule

DISTRIBUTION = "durable_rules"
DERIVED = "rule"
"""The role of helper propositions, and of heads for which the caller names none."""

Firing: TypeAlias = tuple[int, tuple[str, ...]]
"""Clause number, and the ids of the facts that it was bound to, in the order of its body."""

_SENTINEL_RULE = -1
_SENTINEL = {"of": "session", "is": "open", "truth": "yes"}
# Asserting from several threads at once loses results and crashes; under one lock they only wait for each other.
_LOCK = threading.Lock()


class DurableUnavailable(ImportError):  # noqa: N818  names a state of the installation, as the documents do
    """durable_rules is not installed, does not load on this Python, or does not take the rules."""


class BackendFault(RuntimeError):  # noqa: N818  names an event that is reported, not a class of mistakes
    """durable_rules did something that the subset rules out: a swallowed exception, a firing with other facts."""


class Durable:
    """A rule set, registered once in this process and closed once per set of facts.

    Args:
        rules: the rules.
        roles: the role that a condition is judged for, by condition name.

    Raises:
        DurableUnavailable: durable_rules cannot be imported, or refuses the compiled rules.
        RuleError: the rules cannot be compiled (see `compile_rules`).
    """

    def __init__(self, rules: Iterable[Rule], roles: Mapping[str, str]) -> None:
        self._registered = _register(tuple(rules), tuple(sorted(roles.items())))
        self.name = _version()

    def close(self, facts: Mapping[Atom, bool]) -> Closure:
        """Run one session.

        Raises:
            BackendFault: see the class; the answer of this session cannot be relied on.
        """
        program = self._registered.program
        given = [Literal(name, facts[atom]) for atom, name in program.leaves.items() if atom in facts]
        # the stack forgets every opened session, whatever happened in it
        with _LOCK, ExitStack() as opened:
            fired = _Session(self._registered, opened).run(given)
        return _read(program, fired)


class _Registered:
    """A compiled program whose rulesets the host knows.

    Attributes:
        program: the clauses.
        names: the name of each ruleset.
        patterns: the fact that asserts a literal, without its id and session.
        literals: the literal of an id.
        hashes: of the ids; no session may collide with one.
        firings: appended by the actions, taken away after each fact.
    """

    def __init__(self, program: Program, roles: Mapping[str, str], prefix: str) -> None:
        self.program = program
        self.names = tuple(f"{prefix}.{index}" for index in range(len(program.rulesets)))
        self.patterns = {literal: _pattern(literal, roles) for literal in program.routes}
        self.literals = {identity: literal for literal, identity in program.ids.items()}
        self.hashes = {fnv1a(identity) for identity in (SENTINEL_ID, *program.ids.values())}
        self.firings: list[Firing] = []
        for name, ruleset in zip(self.names, program.rulesets, strict=True):
            # register_rulesets takes the actions out of the definition: it is built here, used once, and dropped
            definition = {"sentinel": self._rule(_SENTINEL_RULE, [_SENTINEL])}
            for number in ruleset:
                clause = program.clauses[number]
                definition[_rule_name(clause)] = self._rule(
                    number, [self.patterns[literal] for literal in clause.body]
                )
            try:
                _host().register_rulesets({name: definition})
            except Exception as error:
                raise DurableUnavailable(f"durable_rules refuses the rules: {error}") from error

    def _rule(self, number: int, patterns: list[dict[str, str]]) -> dict[str, Any]:
        aliases = ALIASES[: len(patterns)]
        conditions = [
            {alias: {"$and": [{field: value} for field, value in pattern.items()]}}
            for alias, pattern in zip(aliases, patterns, strict=True)
        ]
        # dist 0: otherwise one fact cannot serve two conditions
        return {"all": conditions, "dist": 0, "run": _action(self.firings, number, aliases)}


def _action(firings: list[Firing], number: int, aliases: tuple[str, ...]) -> Callable[[Any], None]:
    """An action of exactly one argument: a second one, even with a default, would make it asynchronous."""

    def run(firing: Any) -> None:
        firings.append((number, tuple(getattr(firing, alias).id for alias in aliases)))

    return run


def _pattern(literal: Literal, roles: Mapping[str, str]) -> dict[str, str]:
    name, _, value = literal.proposition.partition("=")
    if "#" in literal.proposition:
        name, value = literal.proposition, ""  # a helper is yes or no, even that of a head with a value
    role = roles.get(name, DERIVED)
    if value:
        return {"of": role, "is": name, "truth": value if literal.truth else f"not {value}"}
    return {"of": role, "is": name, "truth": "yes" if literal.truth else "no"}


def _rule_name(clause: Clause) -> str:
    """The id of the knowledge base entry, made unique; the library writes names unescaped into JSON."""
    return f"{re.sub(r'[^A-Za-z0-9_.:/-]', '_', clause.source)}.{clause.number}"


class _Session:
    """One run over the rulesets. A ruleset is opened when the first literal is routed to it."""

    def __init__(self, registered: _Registered, opened: ExitStack) -> None:
        self._registered = registered
        self._opened = opened
        self._open: set[str] = set()
        # the library stores the session itself as a message, "sid-" and its id
        self._sid = next(sid for sid in _sids if fnv1a(f"sid-{sid}") not in registered.hashes)
        registered.firings.clear()

    def run(self, given: list[Literal]) -> dict[Literal, int]:
        """Forward chaining; the lowest clause that fired, by derived literal."""
        program = self._registered.program
        fired: dict[Literal, int] = {}
        agenda = deque([*(Literal(name, truth) for name, truth in program.constants.items()), *given])
        while agenda:
            literal = agenda.popleft()
            for index in program.routes.get(literal, ()):
                for clause in self._assert(self._registered.names[index], literal):
                    if clause.head.opposite() in fired:
                        raise BackendFault(f"{clause.head.proposition} was derived both yes and no")
                    if clause.head not in fired:
                        agenda.append(clause.head)
                    fired[clause.head] = min(clause.number, fired.get(clause.head, clause.number))
        return fired

    def _assert(self, ruleset: str, literal: Literal) -> list[Clause]:
        """Assert a literal in a ruleset: the clauses that fire."""
        registered = self._registered
        if ruleset not in self._open:
            # delete_state crashes where nothing ever fired, so the sentinel fires first
            if self._post(ruleset, SENTINEL_ID, _SENTINEL) != [(_SENTINEL_RULE, (SENTINEL_ID,))]:
                raise BackendFault(f"ruleset {ruleset} did not open")
            self._open.add(ruleset)
            self._opened.callback(self._forget, ruleset)
        clauses = []
        for number, bound in self._post(
            ruleset, registered.program.ids[literal], registered.patterns[literal]
        ):
            clause = registered.program.clauses[number]
            if tuple(registered.literals.get(identity) for identity in bound) != clause.body:
                raise BackendFault(
                    f"clause {number} ({clause.source}) fired with facts that it does not name"
                )
            clauses.append(clause)
        return clauses

    def _forget(self, ruleset: str) -> None:
        try:
            _host().delete_state(ruleset, self._sid)
        except Exception as error:
            raise BackendFault(f"durable_rules cannot forget a session: {error}") from error

    def _post(self, ruleset: str, identity: str, pattern: Mapping[str, str]) -> list[Firing]:
        """Assert one fact: what fires. One by one, since in a batch an unhandled fact keeps all from firing."""
        try:
            state = _host().assert_fact(ruleset, {"id": identity, "sid": self._sid, **pattern})
        except _library().MessageNotHandledException:
            return []
        except Exception as error:
            raise BackendFault(f"durable_rules refused a fact: {error}") from error
        if state and "exception" in state:  # an action's exception is stored, not raised
            raise BackendFault(f"durable_rules swallowed an exception: {state['exception']}")
        firings = self._registered.firings.copy()
        self._registered.firings.clear()
        return firings


def _read(program: Program, fired: Mapping[Literal, int]) -> Closure:
    """Truths and proofs of the heads, in rule order."""
    truths: dict[Atom, bool] = {}
    proofs: dict[Known, Proof] = {}
    named = {name: atom for atom, name in program.leaves.items()} | program.heads
    for name, head in program.heads.items():
        for truth in (True, False):
            literal = Literal(name, truth)
            if literal in fired:
                because = tuple(dict.fromkeys(_because(program, fired, named, literal)))
            elif program.constants.get(name) is truth:
                because = ()
            else:
                continue
            truths[head] = truth
            proofs[head, truth] = Proof(head, truth, program.sources[name], because)
    return Closure(truths, proofs)


def _because(
    program: Program, fired: Mapping[Literal, int], named: Mapping[str, Atom], head: Literal
) -> Iterator[Known]:
    """The named literals of a firing, helpers replaced by what fired them."""
    stack = [*reversed(program.clauses[fired[head]].body)]
    while stack:
        literal = stack.pop()
        atom = named.get(literal.proposition)
        if atom is None:
            stack.extend(reversed(program.clauses[fired[literal]].body))
        else:
            yield atom, literal.truth


@cache
def _library() -> Any:
    try:
        from durable import engine
    except ImportError as error:
        raise DurableUnavailable(f"durable_rules cannot be loaded: {error}") from error
    # Its wall clock (deprecated utcfromtimestamp) drops firings when the system clock is set while one is handled.
    # Nothing in the subset needs a clock: a firing that takes no time never expires.
    engine._unix_now = lambda: 0.0  # noqa: SLF001  the library has no public setting for it
    return engine


@cache
def _host() -> Any:
    """The one host of this process. Its `_run` would start two polling threads: ours does nothing."""
    return type("QuietHost", (_library().Host,), {"_run": lambda _self: None})()


@cache
def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # not needed to start the program

    try:
        return f"{DISTRIBUTION} {version(DISTRIBUTION)}"
    except PackageNotFoundError:
        return DISTRIBUTION


_sids = map(str, count(1))
_prefixes = map("r{}".format, count(1))
_programs: dict[tuple[tuple[Rule, ...], tuple[tuple[str, str], ...]], _Registered] = {}


def _register(rules: tuple[Rule, ...], roles: tuple[tuple[str, str], ...]) -> _Registered:
    """A rule set is registered once: rulesets cannot be taken back, and a name only serves once."""
    key = (rules, roles)
    with _LOCK:
        _host()  # even where there is no rule to register, a library that does not load must show
        if key not in _programs:
            _programs[key] = _Registered(compile_rules(rules), dict(roles), next(_prefixes))
        return _programs[key]
