"""Documents become the knowledge base: every entry converted to its type, overlays laid over what is below them.

An overlay's entry replaces the one with its id, or is new. Lines of an overlay's summary that are new stand before
the others. `bugs/ID/releases.yaml` adds releases to a bug, whichever layer its rule is in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

import msgspec

from engine.knowledge.asides import EemTemplate, Plan, Symptom, Topic
from engine.knowledge.documents import Layer, blanks
from engine.knowledge.faults import Document, Fault, Keys
from engine.knowledge.model import (
    Condition,
    Hypothesis,
    Knowledge,
    Matrix,
    MoreReleases,
    Ranking,
    Releases,
    Remedy,
    SeedStatement,
    SourceDocument,
    Summary,
    Table,
)
from engine.knowledge.near import near
from engine.knowledge.shape import explained
from engine.knowledge.written import Text
from engine.version import __version__

T = TypeVar("T")
_BY_ID: dict[str, tuple[str, Any]] = {
    "sources": ("sources.yaml", SourceDocument),
    "conditions": ("conditions/", Condition),
    "tables": ("tables/", Table),
    "remedies": ("remedies/", Remedy),
    "words": ("words.yaml", Text),
    "problems": ("problems.yaml", Text),
    "texts": ("texts.yaml", Text),
    "seed": ("seed.yaml", SeedStatement),
    "symptoms": ("symptoms.yaml", Symptom),
    "interview": ("interview.yaml", Topic),
}
_BY_FOLDER = ("bugs", "causes", "findings")
_PLAN_BY_ID = ("levers", "words")
# Entries that are told of one file.
_MOST_MISSHAPEN = 50
RULE, RELEASES = "rule.yaml", "releases.yaml"
Namer: TypeAlias = Callable[[str], str | None]
"""The id of the entry that a whole file is, by its path; None for a file that is no entry of the part."""


class Index(msgspec.Struct):
    """Where entries are written, for faults and tools.

    Attributes:
        entries: by part ("bugs", "matrix", ...) and id: the document, and the way to the entry inside it.
        replaced: by part and id, the texts below those that an overlay put in their place.
        broken: ids that could not be read; naming them is no further fault.
        unread: parts of which a file could not be read.
        more_releases: bug, document and content of every bugs/ID/releases.yaml.
    """

    entries: dict[tuple[str, str], tuple[Document, Keys]] = {}
    replaced: dict[tuple[str, str], Text] = {}
    broken: set[str] = set()
    unread: set[str] = set()
    more_releases: list[tuple[str, Document, MoreReleases]] = []


def build(layers: list[Layer], digest: str, faults: list[Fault]) -> tuple[Knowledge, Index]:
    """The knowledge base of what could be read, and where it is written."""
    return _Builder(layers, faults).build(digest)


def entry_of(kb: Knowledge, part: str, name: str) -> Any:
    """An entry of the index; None where it could not be read."""
    if part == "ranking":
        return kb.ranking
    if part == "plan":
        return getattr(kb.plan, name.replace("-", "_"), None)
    if part.startswith("plan-"):
        return getattr(kb.plan, part.removeprefix("plan-")).get(name)
    if part == "matrix":
        return kb.matrix.rows.get(name) or kb.matrix.outside.get(name)
    if part.startswith("summary-"):
        return getattr(kb.summary, part.removeprefix("summary-")).get(name)
    return getattr(kb, part).get(name)


class _Builder:
    """One build; collects faults."""

    def __init__(self, layers: list[Layer], faults: list[Fault]) -> None:
        self.layers = layers
        self.faults = faults
        self.index = Index()
        # Files that are not YAML: what they would have defined is not missing.
        torn = [path for layer in layers for path in layer.raw if path not in layer.documents]
        self.index.unread = {path.split("/")[0].removesuffix(".yaml") for path in torn}
        self.index.broken = {name for path in torn if (name := _folder(path)) is not None}
        self.unfinished: set[str] = set()
        self.misshapen: Counter[str] = Counter()

    def build(self, digest: str) -> tuple[Knowledge, Index]:
        self._examine_files()
        entries: dict[str, Any] = {part: self._many(part, *where) for part, where in _BY_ID.items()}
        entries |= {part: self._many(part, f"{part}/", Hypothesis, _folder) for part in _BY_FOLDER}
        entries["eem"] = self._many("eem", "eem/", EemTemplate, _file)
        entries["bugs"] = self._more_releases(entries["bugs"])
        for path, number in self.misshapen.items():
            if number > _MOST_MISSHAPEN:
                message = f"and {number - _MOST_MISSHAPEN} more entries of a wrong shape"
                self.faults.append(Fault(path, 0, 0, "kb-shape", message))
        places = {entry: document.path for (_, entry), (document, _) in self.index.entries.items()}
        kb = Knowledge(
            version=__version__, digest=digest, places=places, matrix=self._matrix(), summary=self._summary(),
            ranking=self._ranking(), releases=self._releases(), plan=self._plan(), **entries,
        )  # fmt: skip
        return kb, self.index

    def _examine_files(self) -> None:
        """Blanks; and of overlays files at places that nothing reads."""
        shapes = {_shape(path) for path in self.layers[0].raw} | {("bugs", 3, RELEASES)}
        for number, layer in enumerate(self.layers):
            for document in layer.documents.values():
                found = blanks(document)
                if found:
                    self.unfinished.add(document.path)
                    self.faults.extend(found)
            for path in layer.raw if number else ():
                if _shape(path) not in shapes:
                    label = layer.documents[path].path if path in layer.documents else path
                    where = sorted({f"{top}/" if depth > 1 else name for top, depth, name in shapes})
                    hint = near(path.split("/")[0], where)
                    self.faults.append(
                        Fault(label, 0, 0, "kb-stray", f"nothing reads a file of this place{hint}")
                    )

    def _many(self, part: str, prefix: str, kind: type[T], named: Namer | None = None) -> dict[str, T]:
        """The entries of a part: by id in its files, or with `named` each file one entry."""
        found: dict[str, T] = {}
        for layer in self.layers:
            written: dict[str, str] = {}
            for path, document in layer.documents.items():
                own = named(path) if named is not None else None
                if not path.startswith(prefix) or (named is not None and own is None):
                    continue
                data = document.data if own is None else {own: document.data}
                if not isinstance(data, dict):
                    if document.data is not None or layer is self.layers[0]:
                        self.faults.append(
                            Fault(document.path, 1, 1, "kb-shape", "entries by id are expected")
                        )
                    continue
                for key, value in data.items():
                    name = str(key)
                    keys: Keys = () if own is not None else (name,)
                    if name in written:
                        where = document.place(keys, key=True)
                        message = f"{name} is defined in {written[name]} already"
                        self.faults.append(Fault(document.path, *where, "kb-twice", message))
                        continue
                    written[name] = document.path
                    self.index.entries[part, name] = (document, keys)
                    entry = self._convert(document, value, kind, keys)
                    below = found.get(name)
                    if isinstance(below, Text):
                        self.index.replaced[part, name] = below
                    if entry is None:
                        self.index.broken.add(name)
                        found.pop(name, None)
                    else:
                        found[name] = entry
        return found

    def _more_releases(self, bugs: dict[str, Hypothesis]) -> dict[str, Hypothesis]:
        for layer in self.layers:
            for path, document in layer.documents.items():
                top, _, rest = path.partition("/")
                name, _, file = rest.partition("/")
                if top != "bugs" or file != RELEASES:
                    continue
                more = self._convert(document, document.data, MoreReleases, ())
                if more is None or name in self.index.broken:
                    continue
                if name not in bugs:
                    message = f"there is no bug {name} to add releases to{near(name, bugs)}"
                    self.faults.append(Fault(document.path, 0, 0, "kb-unknown", message))
                    continue
                self.index.more_releases.append((name, document, more))
                bugs[name] = _with_releases(bugs[name], more)
        return bugs

    def _matrix(self) -> Matrix:
        whole = Matrix(rows={}, outside={})
        for document, one in self._each("matrix.yaml", Matrix, {"rows": {}, "outside": {}}):
            whole = Matrix(rows=whole.rows | one.rows, outside=whole.outside | one.outside)
            for part in ("rows", "outside"):
                for name in getattr(one, part):
                    self.index.entries["matrix", name] = (document, (part, name))
        return whole

    def _summary(self) -> Summary:
        whole = Summary(flow={}, case={})
        for document, one in self._each("summary.yaml", Summary, {"flow": {}, "case": {}}):
            new = {name: line for name, line in one.flow.items() if name not in whole.flow}
            for name in one.case.keys() & whole.case.keys():
                self.index.replaced["summary-case", name] = whole.case[name]
            whole = Summary(flow=new | (whole.flow | one.flow), case=whole.case | one.case)
            for part in ("flow", "case"):
                for name in getattr(one, part):
                    self.index.entries[f"summary-{part}", name] = (document, (part, name))
        return whole

    def _ranking(self) -> Ranking:
        # What is below is filled in while the layers are gone through: an overlay may give single fields.
        below: dict[str, Any] = {"verdicts": [], "severities": [], "kinds": []}
        below |= {"severity-weight": {}, "class-weight": {}, "cost": {}}
        whole = msgspec.convert(below, Ranking)
        for document, one in self._each("ranking.yaml", Ranking, below):
            below |= document.data
            whole = one
            self.index.entries["ranking", "ranking"] = (document, ())
        return whole

    def _plan(self) -> Plan:
        # An overlay may give single fields, and of levers and words single entries.
        below: dict[str, Any] = {part: {} for part in _PLAN_BY_ID}
        whole = Plan()
        for document, one in self._each("plan.yaml", Plan, {}):
            for field, data in document.data.items():
                if field not in _PLAN_BY_ID:
                    self.index.entries["plan", field] = (document, (field,))
                    below[field] = data
                    continue
                below[field] = below[field] | data
                for name in data:
                    self.index.entries[f"plan-{field}", name] = (document, (field, name))
            for name in one.words.keys() & whole.words.keys():
                self.index.replaced["plan-words", name] = whole.words[name]
            whole = msgspec.convert(below, Plan)
        return whole

    def _releases(self) -> dict[str, Any]:
        whole: dict[str, Any] = {}
        for layer in self.layers:
            document = layer.documents.get("releases.yaml")
            if document is not None and isinstance(document.data, dict):
                whole |= document.data
            elif document is not None:
                self.faults.append(
                    Fault(document.path, 1, 1, "kb-shape", "trains, names and pairs are expected")
                )
        return whole

    def _each(self, path: str, kind: type[T], rest: dict[str, Any]) -> Iterator[tuple[Document, T]]:
        """A file of each layer that has it; the lowest needs it whole, an overlay takes what it lacks from `rest`."""
        for number, layer in enumerate(self.layers):
            document = layer.documents.get(path)
            if document is None:
                if not number and path not in layer.raw:
                    self.index.unread.add(path.removesuffix(".yaml"))
                    self.faults.append(Fault(path, 0, 0, "kb-missing", "this file is needed"))
                continue
            data = document.data
            if number and isinstance(data, dict):
                data = rest | data
            one = self._convert(document, data, kind, ())
            if one is None:
                self.index.unread.add(path.removesuffix(".yaml"))
            else:
                yield document, one

    def _convert(self, document: Document, data: Any, kind: type[T], keys: Keys) -> T | None:
        if document.path in self.unfinished:
            return None
        try:
            if document.data is None:
                self.faults.append(Fault(document.path, 1, 1, "kb-shape", "the file is empty"))
                return None
            return msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            self.misshapen[document.path] += 1
            if self.misshapen[document.path] > _MOST_MISSHAPEN:
                return None
            message, inner, of_key = explained(error, data, kind)
            where = document.place((*keys, *inner), key=of_key)
            about = f"{keys[-1]}: " if keys else ""
            self.faults.append(
                Fault(document.path, *(where if any(where) else (1, 1)), "kb-shape", f"{about}{message}")
            )
            return None


def _folder(path: str) -> str | None:
    """The ID of bugs/ID/rule.yaml."""
    parts = path.split("/")
    return parts[-2] if parts[-1] == RULE and len(parts) > 1 else None


def _file(path: str) -> str:
    """The ID of eem/ID.yaml."""
    return path.rpartition("/")[2].removesuffix(".yaml")


def _shape(path: str) -> tuple[str, int, str]:
    """What kind of place a path is: its top, its depth, and the file name where that has a meaning."""
    parts = path.split("/")
    return parts[0], len(parts), parts[-1] if len(parts) != 2 else ""


def _with_releases(bug: Hypothesis, more: MoreReleases) -> Hypothesis:
    known = bug.releases or Releases()
    releases = Releases(
        affected=list(dict.fromkeys([*known.affected, *more.affected])),
        fixed=list(dict.fromkeys([*known.fixed, *more.fixed])),
    )
    return msgspec.structs.replace(bug, releases=releases, cites=[*bug.cites, *more.cites])
