"""A person who answers the guide by the truth of a case, and knows no more than the case shows."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import msgspec

from engine.case import Investigation
from engine.evidence.open import open_case
from engine.guide.choose import Choice
from engine.guide.given import UNKNOWN, Given, says
from engine.guide.guide import Guide, best_verdicts
from engine.inference.formula import Atom
from engine.judge import Judge, Judged
from engine.knowledge.load import load

KB = Path(__file__).parents[2] / "kb"
HEIGHT = {"undetermined": 0, "possible": 1, "likely": 2, "confirmed": 2}
MOST = 40
Order = Callable[[Guide, list[Choice]], list[Choice]]


class Walk(msgspec.Struct):
    """One diagnosis by answers alone: which case, what was asked, and how far the verdict came."""

    hypothesis: str
    case: str
    wanted: str
    reached: str
    asked: list[tuple[str, str]]

    @property
    def arrived(self) -> bool:
        return HEIGHT[self.reached] >= HEIGHT[self.wanted]


@cache
def guide() -> Guide:
    kb = load()
    return Guide(Judge(kb, prefer_direct=True))


def positive_cases() -> list[tuple[str, Path]]:
    """Every cause and bug with each of its positive cases; one that has none (likely is out of its reach) with the
    cases that make it possible."""
    found = []
    for part in ("causes", "bugs"):
        for folder in sorted((KB / part).iterdir()):
            cases = sorted((folder / "cases").glob("positive-*")) or [
                case
                for case in sorted((folder / "cases").glob("unknown-*"))
                if f"{folder.name}: possible" in (case / "expect.yaml").read_text(encoding="utf-8")
            ]
            assert cases, folder
            found += [(folder.name, case) for case in cases]
    return found


def truth_of(hypothesis: str, case: Path) -> tuple[dict[Atom, bool], str, str | None]:
    """What a case shows of the subject with the best verdict, that verdict, and the release of the receiver."""
    opened = open_case([str(p) for p in sorted(case.iterdir()) if p.name != "expect.yaml"])
    investigation = Investigation(opened.sources, guide().judge)
    about = [one for one in investigation.judged if hypothesis in one.verdicts]
    best = max(about, key=lambda one: HEIGHT.get(one.verdicts[hypothesis], -1))
    known: dict[Atom, bool] = {}
    for one in [*_beside(best, investigation.judged), best]:
        known |= one.facts
    verdict = "likely" if best.verdicts[hypothesis] == "confirmed" else best.verdicts[hypothesis]
    receiver = best.subject.receiver
    return known, verdict, receiver.version if receiver is not None else None


def _beside(best: Judged, judged: Sequence[Judged]) -> list[Judged]:
    flow, receiver = best.subject.flow, best.subject.receiver
    return [
        one
        for one in judged
        if one.subject.receiver is receiver
        and (flow is None or one.subject.flow is None or one.subject.flow.pair == flow.pair)
    ]


def answer(question: str, known: dict[Atom, bool], release: str | None) -> str:
    """The option that fits what is known best, every one that fits where several may be chosen; else `unknown`.

    An option fits where nothing that it says is known to be otherwise, and a third of what it says to be so is known to
    be so; "nothing of these" where no other fits and most of what it denies is known to be denied.
    """
    topic = guide().judge.kb.interview.get(question)
    if topic is not None and topic.free == "release" and release is not None:
        return release
    options = (
        list(topic.options)
        if topic is not None
        else guide().judge.kb.conditions[question].values or ["yes", "no"]
    )
    fitting: dict[str, float] = {}
    denying: list[str] = []
    for option in options:
        told = says(Given(question, option), guide().judge.kb)
        truths = {name: _agrees(name, value, known) for name, value in told.items()}
        if False in truths.values():
            continue
        so = [truths[name] for name, value in told.items() if value != "no"]
        denied = [truths[name] for name, value in told.items() if value == "no"]
        if 2 * so.count(True) >= max(1, so.count(None)):
            fitting[option] = so.count(True) - 0.2 * so.count(None)
        elif not so and denied.count(True) > denied.count(None):
            denying.append(option)
    if fitting and topic is not None and topic.several:
        return "+".join(fitting)
    return max(fitting, key=lambda option: fitting[option]) if fitting else next(iter(denying), UNKNOWN)


def _agrees(name: str, value: str, known: dict[Atom, bool]) -> bool | None:
    plain = guide().judge.kb.conditions[name].values is None
    truth = known.get(Atom(name) if plain else Atom(name, value))
    if truth is None:
        return None
    return truth is (value == "yes") if plain else truth


def walk(hypothesis: str, case: Path, order: Order) -> Walk:
    """Ask in an order, answer by the truth, and stop when the verdict of the case is reached."""
    known, wanted, release = truth_of(hypothesis, case)
    investigation = Investigation([], guide().judge)
    given: list[Given] = []
    result = Walk(hypothesis, case.name, wanted, "undetermined", [])
    while HEIGHT.get(result.reached, -1) < HEIGHT[wanted] and len(given) < MOST:
        about = guide()._about(investigation, None)
        choices = order(guide(), guide().candidates(about, given))
        if not choices:
            break
        said = answer(choices[0].id, known, release)
        given.append(Given(choices[0].id, said))
        result.asked.append((choices[0].id, said))
        investigation = guide().answered(investigation, given)
        result.reached = best_verdicts(investigation).get(hypothesis, "undetermined")
    return result


def by_guide(_: Guide, choices: list[Choice]) -> list[Choice]:
    return choices


def at_random(seed: int) -> Order:
    generator = random.Random(seed)

    def order(_: Guide, choices: list[Choice]) -> list[Choice]:
        shuffled = sorted(choices, key=lambda c: c.id)
        generator.shuffle(shuffled)
        return shuffled

    return order


def by_seed(guide: Guide, choices: list[Choice]) -> list[Choice]:
    """In the order in which the seed's text speaks of what they settle; what it does not speak of comes last."""

    def place(choice: Choice) -> int:
        sources = " ".join(str(guide.judge.kb.conditions[a.name].source) for a in choice.atoms())
        return min((int(n) for n in re.findall(r"seed#S(\d+)", sources)), default=99)

    return sorted(choices, key=lambda c: (place(c), c.id))
