"""`ipsecdx kb new`: a rule and its three cases with marked blanks, so that lint asks for nothing but the blanks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from engine.kbtools.cases import EXPECT
from engine.knowledge.documents import BLANK

_BUG = re.compile(r"CSC[a-z]{2}\d{5}")
_CAUSE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KIND_VERDICT = {"positive": "likely", "negative": "undetermined", "unknown": "possible"}
_CASE = {
    "positive": "it is the case: device text that shows the whole signature, both routers where the rule needs both",
    "negative": "it is not the case: device text in which a sign is shown to be missing",
    "unknown": "nobody can tell: device text that leaves a sign open",
}


def scaffold(kind: Literal["bug", "cause"], name: str, folder: Path) -> list[Path]:
    """Write the files of a new bug or cause below a folder.

    Raises:
        ValueError: the id is not of the form of such ids; the message is a sentence.
        FileExistsError: there is such an entry in the folder already.
    """
    pattern, example = (_BUG, "CSCvp16730") if kind == "bug" else (_CAUSE, "rekey-race")
    if not pattern.fullmatch(name):
        raise ValueError(f"{name!r} is no id of a {kind}; ids look like {example}")
    home = folder / ("bugs" if kind == "bug" else "causes") / name
    if home.exists():
        raise FileExistsError(f"{home} is there already")
    files = {home / "rule.yaml": _rule(kind, name)}
    for word, verdict in _KIND_VERDICT.items():
        case = home / "cases" / f"{word}-first"
        files[case / EXPECT] = f"# {BLANK}one sentence: what this case is]\nverdicts: {{{name}: {verdict}}}\n"
        files[case / "r1.txt"] = (
            f"{BLANK}{_CASE[word]}; documentation addresses and invented host names only]\n"
        )
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _rule(kind: str, name: str) -> str:
    bug = kind == "bug"
    prefix = f"{name}: " if bug else ""
    own = (
        f"""\
# Releases as a source lists them; an empty list means that they are not public, and never gives a verdict.
releases: {{affected: ["{BLANK}releases, for example 16.9.4 or 16.9.1-16.9.3; [] where not public]"], fixed: []}}
"""
        if bug
        else f"""\
# What is not a sign of it but the thing itself; without a proof it is at most likely.
proof: "{BLANK}a formula, or leave this line out]"
"""
    )
    return f"""\
# What every field means: docs/rules.md. Known conditions: `ipsecdx kb list conditions`.
of: flow
title:
  en: "{BLANK}{prefix}what is the case, in one English sentence]"
  ko: "{BLANK}{prefix}the same in Korean]"
severity: "{BLANK}error, warning or info]"
axis: {"defect" if bug else "trigger"}
weight: rare
# Conditions without which it cannot be. Only those that a document states rule it out.
necessary:
  - {{condition: "{BLANK}a condition, or leave necessary out]", statement: stated, source: "{BLANK}ID#place]"}}
# The picture as a whole: all of it known to be so makes it likely.
signature:
  all:
    - "{BLANK}a condition, such as spi-repeats]"
# What counts on its own, for and against.
for:
  - "{BLANK}a condition or formula]"
against:
  - "{BLANK}a condition or formula; or leave against out]"
{own}cites:
  - {{source: "{BLANK}ID#place, with ID from sources.yaml]", statement: stated}}
"""
