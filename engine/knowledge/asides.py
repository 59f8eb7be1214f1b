"""What stands beside the rules: symptoms, the interview of the guide, the data of plans and applets.

No verdict rests on it. docs/rules.md and docs/interview.md show each by example.
"""

from __future__ import annotations

from typing import Literal

from engine.knowledge.written import Cite, Entry, Text


class Phrases(Entry, frozen=True, kw_only=True):
    """What people write, in each language; a mixture of the two ("rekey 후 끊김") stands under ko."""

    en: list[str]
    ko: list[str]


class Symptom(Entry, frozen=True, kw_only=True):
    """What people say when they have the trouble, and what that points to (`engine.knowledge.symptoms`).

    Attributes:
        title: the symptom as a sentence.
        phrases: as it is written in tickets; letter case, spacing and punctuation do not matter.
        says: conditions with the value that the phrase claims: yes or no, or a value of a category.
        points_to: bugs, causes and findings to think of; what it says decides, this only orders.
    """

    title: Text
    phrases: Phrases
    says: dict[str, str] = {}
    points_to: list[str] = []
    cites: list[Cite]


class BaseCommand(Entry, frozen=True, kw_only=True):
    """A command that every case needs of a device.

    Attributes:
        command: complete line; `{peer}` is the address of the other end.
        unless: what makes it needless: `version` (the release is known), or a list family seen whole.
        why: what it is for, in a few words.
    """

    command: str
    unless: str
    why: Text


class Lever(Entry, frozen=True, kw_only=True):
    """A condition that an engineer can change or learn.

    Attributes:
        to: values that a change can bring about; empty where it can only be learned.
        title: what is changed or learned, as a noun.
        set: how `ipsecdx whatif --set` says it; `{value}` is the value of the condition.
    """

    to: list[str]
    title: Text
    set: str


class Plan(Entry, frozen=True, kw_only=True):
    """plan.yaml: what plans, applets and suppositions need beside the rules. No verdict rests on it.

    Attributes:
        opening, closing: commands around those of a device, for bracketing them in time.
        twice: beginnings of commands whose output is read twice, a minute apart.
        only_ios_xe: beginnings of commands that only IOS XE has.
        base: what every case needs.
        levers: by condition.
        words: fixed words around plans, applets and suppositions.
    """

    opening: list[str] = []
    closing: list[str] = []
    twice: list[str] = []
    only_ios_xe: list[str] = []
    base: list[BaseCommand] = []
    levers: dict[str, Lever] = {}
    words: dict[str, Text] = {}


class EemTemplate(Entry, frozen=True, kw_only=True):
    """A template of one EEM applet (Jinja2, strict).

    Attributes:
        side: on whose router it runs.
        order: place among the applets, smallest first.
        debug: it turns debugs on, and off again.
        applet: the configuration; plain ASCII, and no question mark, which a router takes as a call for help.
        undo: configuration lines that remove it; one that renders to nothing is left out.
        undo_exec: exec lines for the case that it was ended while it ran.
    """

    side: Literal["receiver", "sender"]
    order: int
    title: Text
    notes: list[Text]
    cites: list[Cite]
    applet: str
    undo: list[str]
    undo_exec: list[str] = []
    debug: bool = False


class Option(Entry, frozen=True, kw_only=True):
    """One answer to a question of the guide: its text, and the value of each condition that it says."""

    text: Text
    says: dict[str, str]


class Topic(Entry, frozen=True, kw_only=True):
    """A question of the guide that a person can answer without an output at hand; one answer settles several conditions.

    What an answer says counts as any answer of a person does.

    Attributes:
        title: what it is about, as a noun.
        ask: the question.
        options: answers in the order shown, by id; "unknown" is always possible and not listed.
        ready: how often a person has the answer at hand; it orders questions and is never shown.
        several: more than one answer may be chosen.
        free: `release`: a Cisco release may be typed instead, which settles every condition about releases.
        collect: commands whose output answers it; placeholders as in conditions.
    """

    title: Text
    ask: Text
    options: dict[str, Option]
    ready: Literal["always", "often", "seldom"] = "often"
    several: bool = False
    free: Literal["release"] | None = None
    collect: list[str] = []
