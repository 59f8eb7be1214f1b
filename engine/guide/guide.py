"""The guide itself: from a case and the answers so far to the next question, or to the end."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.advise.fill import fill
from engine.case import Investigation
from engine.diagnosis.document import Verdict
from engine.guide.choose import Choice, ordered
from engine.guide.given import Given, answers_of, denied, of_the_router, says
from engine.guide.prospects import prospects
from engine.inference.formula import Atom
from engine.judge import Judge, Judged
from engine.knowledge.model import Condition
from engine.observe.subject import Subject

_HEIGHT: dict[str, int] = {"ruled_out": 0, "undetermined": 1, "possible": 2, "likely": 3, "confirmed": 4}
# What people say raises a verdict to likely at most: no question can do more for these.
_SETTLED = frozenset({"likely", "confirmed", "ruled_out"})
# A release stands for many answers: each of these is what one generation of software would say.
_GENERATIONS = (
    "12.4(24)T",
    "15.2(4)M",
    "15.4(1)T",
    "15.7(3)M",
    "3.7.4S",
    "3.13.1S",
    "16.3.5",
    "16.9.2",
    "17.6.1",
)


class Choosable(msgspec.Struct, frozen=True):
    """One answer that can be chosen."""

    id: str
    text: str


class Concern(msgspec.Struct, frozen=True):
    """A hypothesis that the answers to a question could move, and how: option id to verdict."""

    hypothesis: str
    title: str
    now: Verdict
    then: dict[str, Verdict]


class Question(msgspec.Struct, frozen=True):
    """The next question.

    Attributes:
        id: of the interview's question, or of the condition.
        text: the question itself.
        options: answers to choose from; `unknown` is always possible and not among them.
        several: whether more than one option may be chosen; their ids are then joined by `+`.
        free: whether a release may be typed instead.
        collect: commands whose output answers it, ready to paste.
        open: how many questions could still change a verdict, this one included.
        about: flow that it is about; None where the case has one flow or none.
    """

    id: str
    text: str
    options: tuple[Choosable, ...]
    several: bool
    free: bool
    collect: tuple[str, ...]
    open: int
    about: str | None = None


class Change(msgspec.Struct, frozen=True):
    """A verdict that an answer or an output changed."""

    hypothesis: str
    title: str
    before: Verdict
    after: Verdict


class Guide:
    """Questions for one knowledge base; make one per process and keep it."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self._prospects = prospects(judge)
        self._choices = self._all_choices()
        conditions = judge.kb.conditions
        self._of_the_router = {
            choice.id
            for choice in self._choices
            if all(of_the_router(conditions[atom.name]) for atom in choice.atoms())
        }

    def next(
        self, investigation: Investigation, given: Sequence[Given], focus: str | None = None
    ) -> Question | None:
        """The question to ask now; None where nothing that is open can change a verdict.

        Args:
            investigation: the case, with the answers so far.
            given: those answers.
            focus: the flow to speak of; without it the one with the most messages.
        """
        about = self._about(investigation, focus)
        best = self.candidates(about, given)
        if not best:
            return None
        flow = next((one.subject.flow for one in about if one.subject.flow is not None), None)
        several = flow is not None and len(investigation.case.flows) > 1
        subject = about[0].subject
        return self._question(
            best[0], subject, investigation.lang, len(best), flow.id if flow and several else None
        )

    def candidates(self, about: Sequence[Judged], given: Sequence[Given]) -> list[Choice]:
        """The questions that could still change a verdict, best first."""
        subject = about[0].subject
        # What was answered when the case had one flow only is about each; what is the router's own, about all of its.
        here = {None, subject.id}
        beside = {f.id for f in subject.case.flows if f.receiver is subject.receiver}
        answered = {
            one.question
            for one in given
            if one.about in here or (one.question in self._of_the_router and one.about in beside)
        }
        known = self._known(about)
        done = {name for one in about for name, v in one.told().items() if v in _SETTLED}
        open_choices = [c for c in self._choices if c.id not in answered]
        return ordered(open_choices, self._prospects, known, done)

    def _known(self, about: Sequence[Judged]) -> dict[Atom, bool]:
        """What is known of the subjects. Where no message is in the case, that nothing shows a thing is no answer."""
        told, conditions = about[0].subject.told, self.judge.kb.conditions
        known: dict[Atom, bool] = {}
        for one in reversed(about):
            for atom, truth in one.facts.items():
                said = one.observations[atom.name].by == "answer"
                if truth or said or not told or denied(conditions[atom.name]):
                    known[atom] = truth
        return known

    def why(self, investigation: Investigation, question: Question) -> list[Concern]:
        """What the answers to a question would change, by the rules themselves; the most important first."""
        concerns: dict[str, Concern] = {}
        about = self._about(investigation, question.about)
        for option in question.options:
            said = dict(self._said(question.id, option.id))
            for one in about:
                for name, supposed in self.judge.suppose(one, said).items():
                    now = one.verdicts[name]
                    # What a person says makes nothing confirmed.
                    verdict: Verdict = supposed if supposed != "confirmed" or now == "confirmed" else "likely"
                    if verdict != now:
                        title = self.judge.hypotheses[name][1].title(investigation.lang)
                        concern = concerns.setdefault(name, Concern(name, title, now, {}))
                        concern.then[option.id] = verdict
        order = self.judge.kb.ranking.kinds
        return sorted(
            concerns.values(),
            key=lambda c: (
                -max(_HEIGHT[v] for v in c.then.values()),
                order.index(self.judge.hypotheses[c.hypothesis][0]),
                c.hypothesis,
            ),
        )

    def answered(self, investigation: Investigation, given: Sequence[Given]) -> Investigation:
        """The case with these answers."""
        kb = self.judge.kb
        return investigation.again(answers=answers_of(given, kb, investigation.case), asked=True)

    def changes(self, before: Investigation, after: Investigation) -> list[Change]:
        """The verdicts that differ between two states of a case, the greatest first."""
        old, new = best_verdicts(before), best_verdicts(after)
        open_: Verdict = "undetermined"
        pairs = {name: (old.get(name, open_), new.get(name, open_)) for name in {**old, **new}}
        found = [
            Change(name, self.judge.hypotheses[name][1].title(after.lang), was, now)
            for name, (was, now) in pairs.items()
            if was != now
        ]
        return sorted(found, key=lambda c: (-_HEIGHT[c.after], c.hypothesis))

    def _about(self, investigation: Investigation, focus: str | None) -> list[Judged]:
        """The subjects of the flow spoken of: itself, its pair, its receiver."""
        flows = [one for one in investigation.judged if one.subject.kind == "flow"]
        chosen = next((one for one in flows if one.subject.id == focus), None) or max(
            flows, key=lambda one: one.subject.flow.count if one.subject.flow else 0
        )
        flow, receiver = chosen.subject.flow, chosen.subject.receiver
        beside = [
            one
            for one in investigation.judged
            if (
                one.subject.kind == "pair"
                and flow
                and one.subject.flow
                and one.subject.flow.pair == flow.pair
            )
            or (one.subject.kind == "device" and (one.subject.device is receiver or receiver is None))
        ]
        return [chosen, *beside]

    def _all_choices(self) -> list[Choice]:
        interview = [
            Choice(name, tuple((o, self._said(name, o)) for o in self._answers(name)), topic.ready)
            for name, topic in self.judge.kb.interview.items()
        ]
        covered = {atom.name for choice in interview for atom in choice.atoms()}
        plain = [
            Choice(name, tuple((value, self._said(name, value)) for value in values_of(condition)))
            for name, condition in self.judge.kb.conditions.items()
            if condition.ask is not None and name not in covered
        ]
        return [*interview, *plain]

    def _answers(self, question: str) -> list[str]:
        topic = self.judge.kb.interview[question]
        return [*topic.options, *(_GENERATIONS if topic.free == "release" else ())]

    def _said(self, question: str, answer: str) -> dict[Atom, bool]:
        """The atoms that an answer settles."""
        conditions = self.judge.kb.conditions
        atoms: dict[Atom, bool] = {}
        for name, value in says(Given(question, answer), self.judge.kb).items():
            values = conditions[name].values
            if values is None:
                atoms[Atom(name)] = value == "yes"
            else:
                atoms.update({Atom(name, v): v == value for v in values})
        return atoms

    def _word(self, value: str, lang: str) -> str:
        """`yes` and `no` in a language; another value as it is written in commands and outputs."""
        text = self.judge.kb.texts.get(f"answer.{value}")
        return text(lang) if text is not None else value

    def _question(
        self, choice: Choice, subject: Subject, lang: str, open_questions: int, about: str | None
    ) -> Question:
        topic = self.judge.kb.interview.get(choice.id)
        conditions = self.judge.kb.conditions
        if topic is not None:
            text, commands = topic.ask(lang), topic.collect
            options = tuple(Choosable(name, option.text(lang)) for name, option in topic.options.items())
        else:
            condition = conditions[choice.id]
            assert condition.ask is not None  # only such a condition is a choice
            text, commands = condition.ask(lang), [c.command for c in condition.collect]
            options = tuple(Choosable(v, self._word(v, lang)) for v in values_of(condition))
        filled = [fill(command, subject) for command in commands]
        return Question(
            id=choice.id,
            text=fill(text, subject) or text,
            options=options,
            several=topic is not None and topic.several,
            free=topic is not None and topic.free is not None,
            collect=tuple(dict.fromkeys(command for command in filled if command)),
            open=open_questions,
            about=about,
        )


def values_of(condition: Condition) -> list[str]:
    """The answers that a condition's own question takes, without `unknown`."""
    return condition.values or ["yes", "no"]


def best_verdicts(investigation: Investigation) -> dict[str, Verdict]:
    """The highest verdict of each hypothesis for any subject; undetermined where there is none."""
    best: dict[str, Verdict] = {}
    for one in investigation.judged:
        for name, verdict in one.told().items():
            if name not in best or _HEIGHT[verdict] > _HEIGHT[best[name]]:
                best[name] = verdict
    return best
