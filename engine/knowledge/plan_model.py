"""The data behind the generators: kb/plan.yaml and kb/eem/*.yaml, and the function that loads them.

They stand apart from the rules (`engine.knowledge.load`): nothing here takes part in a verdict. Every file is part of
the digest of the knowledge base all the same.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from engine.knowledge.faults import Document, Fault, KnowledgeError
from engine.knowledge.model import Cite, SourceDocument, Text

T = TypeVar("T")
PLAN = "plan.yaml"


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Base of what these files may say: no field that is not known here."""


class BaseCommand(_Entry, frozen=True, kw_only=True):
    """A command that every case needs of a device.

    Attributes:
        command: complete line; `{peer}` is the address of the other end.
        unless: what makes it needless: `version` (the release is known), or a list family seen whole.
        why: what it is for, in a few words.
    """

    command: str
    unless: str
    why: Text


class Lever(_Entry, frozen=True, kw_only=True):
    """A condition that an engineer can change or learn.

    Attributes:
        to: values that a change can bring about; empty where it can only be learned.
        title: what is changed or learned, as a noun.
        set: how `ipsecdx whatif --set` says it; `{value}` is the value of the condition.
    """

    to: list[str]
    title: Text
    set: str


class Plan(_Entry, frozen=True, kw_only=True):
    """kb/plan.yaml.

    Attributes:
        opening, closing: commands around those of a device, for bracketing them in time.
        twice: beginnings of commands whose output is read twice, a minute apart.
        only_ios_xe: beginnings of commands that only IOS XE has.
        base: what every case needs.
        levers: by condition.
        sources: documents that templates cite beside those of sources.yaml.
        words: fixed words around plans, applets and suppositions.
    """

    opening: list[str]
    closing: list[str]
    twice: list[str]
    only_ios_xe: list[str]
    base: list[BaseCommand]
    levers: dict[str, Lever]
    sources: dict[str, SourceDocument]
    words: dict[str, Text]


class EemTemplate(_Entry, frozen=True, kw_only=True):
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


class Templates(msgspec.Struct, frozen=True):
    """The plan and the applet templates by name, in their order."""

    plan: Plan
    eem: dict[str, EemTemplate]


def load_templates(kb_root: Path | None = None) -> Templates:
    """Load the shipped generator data, or those below `kb_root`.

    Raises:
        KnowledgeError: with every fault found.
    """
    return _shipped() if kb_root is None else _load(kb_root)


@cache
def _shipped() -> Templates:
    return _load(files("kb"))


def _load(root: Traversable) -> Templates:
    faults: list[Fault] = []
    plan = _read(root.joinpath(PLAN), PLAN, Plan, faults)
    found: dict[str, EemTemplate] = {}
    folder = root.joinpath("eem")
    entries = sorted(folder.iterdir(), key=lambda e: e.name) if folder.is_dir() else []
    for entry in entries:
        if entry.name.endswith(".yaml"):
            template = _read(entry, f"eem/{entry.name}", EemTemplate, faults)
            if template is not None:
                found[entry.name.removesuffix(".yaml")] = template
    if faults or plan is None:
        raise KnowledgeError(sorted(faults))
    return Templates(plan, dict(sorted(found.items(), key=lambda item: (item[1].order, item[0]))))


def _read(entry: Traversable, path: str, kind: type[T], faults: list[Fault]) -> T | None:
    import yaml

    if not entry.is_file():
        faults.append(Fault(path, 0, 0, "kb-missing", "this file is needed"))
        return None
    text = entry.read_bytes().decode("utf-8", errors="replace")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(text, Loader=loader)  # noqa: S506  a safe loader
        return msgspec.convert(data, kind)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        message = f"not YAML: {getattr(error, 'problem', error)}"
        faults.append(Fault(path, line, column, "kb-yaml", message))
    except msgspec.ValidationError as error:
        key = str(error).rpartition("`$")[2].strip(".`[]") or "?"
        line = Document(path, None, text).line_of(key.split(".")[0].split("[")[0])
        faults.append(Fault(path, line, 1, "kb-shape", str(error)))
    return None
