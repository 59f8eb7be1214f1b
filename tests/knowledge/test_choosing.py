"""What the index chooses and decides all at once is what trying every hypothesis would give."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

import engine.judge
from engine.case import Investigation
from engine.evidence.open import open_case
from engine.inference.closure import Closure
from engine.inference.direct import Direct
from engine.inference.formula import Atom
from engine.inference.verdict import Verdict, decide
from engine.judge import Judge, Judged
from engine.knowledge.index import Index, build_index, index_of
from engine.knowledge.load import load
from engine.knowledge.model import Hypothesis, Knowledge, Necessary, Releases, SeverityWhen
from engine.knowledge.written import Cite, Text
from engine.observe.subject import Answered, Observation, Subject

ROOT = Path(__file__).parents[2]
CASES = sorted(ROOT.glob("tests/cases/*/input"))
BESIDE = sorted(path for path in ROOT.glob("kb/*/*/cases/*") if path.is_dir())


@cache
def judge() -> Judge:
    return Judge(load(), prefer_direct=True)


@cache
def everything(of: Judge) -> Direct:
    return Direct(of.rules.judge)


def one_by_one(of: Judge, judged: Judged) -> dict[str, Verdict]:
    """The verdicts by full inference, of every hypothesis of the subject's kind."""
    full = everything(of).close(judged.facts)
    again = msgspec.structs.replace(judged, closure=full)
    return {
        name: decide(of.grounds(name, again, full))
        for name, (_, hypothesis) in of.hypotheses.items()
        if hypothesis.of == judged.subject.kind
    }


def supposed_one_by_one(of: Judge, judged: Judged, extra: dict[Atom, bool]) -> dict[str, Verdict]:
    full = Closure(everything(of).truths({**judged.facts, **extra}), {})
    return {name: decide(of.grounds(name, judged, full)) for name in judged.verdicts}


def open_atoms(of: Judge, judged: Judged) -> Iterator[dict[Atom, bool]]:
    """What an answer to each open condition would say."""
    for name, found in judged.observations.items():
        values = of.kb.conditions[name].values
        if values is not None and found.value is None:
            yield from ({Atom(name, v): v == value for v in values} for value in values)
        elif values is None and found.truth is None:
            yield from ({Atom(name): truth} for truth in (True, False))


def check(of: Judge, judged: Judged) -> None:
    assert dict(judged.verdicts) == one_by_one(of, judged)
    assert {name for name, v in judged.verdicts.items() if v != "undetermined"} <= judged.told().keys()
    full = everything(of).truths(judged.facts)
    assert all(judged.truth(head) is full.get(head) for head in (rule.head for rule in of.rules.judge))


def check_suppositions(of: Judge, judged: Judged, suppositions: list[dict[Atom, bool]]) -> None:
    for extra in suppositions:
        some, each = of.suppose(judged, extra), supposed_one_by_one(of, judged, extra)
        moved = {name: verdict for name, verdict in each.items() if verdict != judged.verdicts[name]}
        assert {name: v for name, v in some.items() if v != judged.verdicts[name]} == moved


@pytest.mark.parametrize(
    "paths", [CASES[:70], CASES[70:], BESIDE[::2], BESIDE[1::2]], ids=lambda p: str(len(p))
)
def test_in_every_case_the_verdicts_are_those_of_full_inference(paths: list[Path]) -> None:
    answers = (
        Answered("spi-first-octet-ff", "yes", "asked"),
        Answered("device-is-firewall", "no", "mail", by="prose"),
        Answered("sdwan-configured", "no", "asked"),
    )
    for number, path in enumerate(paths):
        files = [str(file) for file in path.iterdir() if file.name != "expect.yaml"]
        opened = open_case([str(path)] if path.name == "input" else files)
        for judged in Investigation(
            opened.sources, judge(), answers=answers if number % 3 == 0 else ()
        ).judged:
            check(judge(), judged)
            if number % 10 == 0:
                check_suppositions(judge(), judged, list(open_atoms(judge(), judged)))


def formula(dice: random.Random, names: list[str], depth: int = 2) -> Any:
    kind = dice.random()
    if depth == 0 or kind < 0.4:
        return dice.choice(names) if dice.random() < 0.85 else {"ike-sa": dice.choice(["absent", "present"])}
    if kind < 0.5:
        return {"not": formula(dice, names, depth - 1)}
    parts = [formula(dice, names, depth - 1) for _ in range(dice.randint(1, 3))]
    return {"all" if dice.random() < 0.6 else "any": parts}


def bug(dice: random.Random, names: list[str], number: int) -> Hypothesis:
    stated = [dice.choice(names) for _ in range(dice.choice((0, 0, 1, 1, 2)))]
    releases = None
    if dice.random() < 0.4:
        fixed = dice.sample(["16.9.1", "16.9.4", "16.9.5", "17.3.4", "15.5(3)M4", "15.5(3)M9"], 2)
        releases = Releases(affected=dice.sample(["16.9.4", "16.9.1-16.9.4", "15.5(3)M4a"], 1), fixed=fixed)
    severity: Any = "warning"
    if dice.random() < 0.2:
        severity = [
            SeverityWhen(when=formula(dice, names), severity="error"),
            SeverityWhen(when="spi-repeats", severity="info"),
        ]
    return Hypothesis(
        of="flow", title=Text(en=str(number), ko=str(number)), severity=severity, axis="defect", weight="rare",
        subject=dice.choice(("receiver", "sender")), always=dice.random() < 0.02,
        necessary=[
            Necessary(condition=c, statement=dice.choice(("stated", "stated", "inferred")), source="seed#1")
            for c in stated
        ],
        signature=formula(dice, names) if dice.random() < 0.9 else None,
        proof=formula(dice, names) if dice.random() < 0.3 else None,
        for_=[formula(dice, names) for _ in range(dice.randint(0, 2))],
        against=[formula(dice, names) for _ in range(dice.randint(0, 2))],
        releases=releases, cites=[Cite(source="seed#1", statement="stated")],
    )  # fmt: skip


def random_knowledge(seed: int) -> tuple[Knowledge, list[str]]:
    """The shipped knowledge with random bugs and causes about flows, over some of its conditions."""
    dice = random.Random(seed)
    kb = load()
    plain = [
        name for name, c in kb.conditions.items() if c.values is None and c.of in {"flow", "receiver", "pair"}
    ]
    names = dice.sample(plain, dice.randint(3, 25))
    bugs = {f"CSCzz{n:05d}": bug(dice, names, n) for n in range(60)}
    causes = {f"invented-{n}": bug(dice, names, n) for n in range(20)}
    return msgspec.structs.replace(kb, bugs=bugs, causes=causes, remedies={}), names


def random_observations(dice: random.Random, kb: Knowledge, names: list[str]) -> dict[str, Observation]:
    share, by = dice.random(), dice.choice((["evidence"], ["evidence", "answer", "assumed", "prose"]))
    found = {}
    for name in names:
        truth = dice.random() < 0.6 if dice.random() < share else None
        found[name] = Observation(truth, by=dice.choice(by))
    found["ike-sa"] = Observation(None, value=dice.choice([None, *(kb.conditions["ike-sa"].values or [])]))
    return found


@cache
def subjects() -> list[Subject]:
    opened = open_case([str(CASES[0])])
    return [judged.subject for judged in Investigation(opened.sources, judge()).judged]


@pytest.mark.parametrize("seed", range(60))
def test_of_random_knowledge_the_verdicts_are_those_of_full_inference(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb, names = random_knowledge(seed)
    dice = random.Random(seed)
    of = Judge(kb, prefer_direct=True)
    for _ in range(6):
        observations = random_observations(dice, kb, names)
        monkeypatch.setattr(engine.judge, "settle", lambda *_, found=observations: found)
        subject = subjects()[0]
        subject.case.memo.clear()
        judged = of.judge(subject)
        check(of, judged)
        suppositions = list(open_atoms(of, judged))
        # An answer can also replace what was observed: that a message seen once repeats.
        suppositions += [
            {Atom(name): not found.truth} for name, found in observations.items() if found.truth is not None
        ]
        check_suppositions(of, judged, suppositions)


def test_the_index_is_numbers_that_survive_being_written() -> None:
    index = build_index(load())
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(index), type=Index) == index


def test_the_index_of_another_knowledge_base_is_never_taken() -> None:
    kb = load()
    other = msgspec.structs.replace(kb, bugs={})  # with the digest of the first
    assert index_of(kb) is index_of(kb)
    assert index_of(other) != index_of(kb)
    assert Judge(other, prefer_direct=True).choosing.members("flow").keys().isdisjoint(kb.bugs)
