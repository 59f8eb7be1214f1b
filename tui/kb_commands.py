"""What each command below `ipsecdx kb` does."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from tui import output
from tui.cli import DONE, FOUND, WRONG
from tui.opening import knowledge, near, words_of

if TYPE_CHECKING:
    from engine.kbtools.matrix import Row
    from engine.knowledge.faults import Fault
    from engine.knowledge.model import Knowledge
    from engine.render.words import Words

SHIPPED = "shipped"


def run(options: Namespace) -> int:
    """`ipsecdx kb TOOL ...`."""
    tools = {
        "list": list_entries, "show": show, "matrix": matrix, "sources": sources, "coverage": coverage,
        "schema": schema, "lint": lint, "test": test, "diff": diff, "new": new, "import": import_answer,
    }  # fmt: skip
    return tools[options.tool](options)


def list_entries(options: Namespace) -> int:
    """`ipsecdx kb list [PART]`."""
    from engine.kbtools.listing import entries

    kb = knowledge(options.overlays)
    if kb is None:
        return WRONG
    found = [e for e in entries(kb, options.lang) if options.part in {None, e.part}]
    width = max((len(e.id) for e in found), default=0)
    part = max((len(e.part) for e in found), default=0)
    output.out_lines(f"{e.part:{part}}  {e.id:{width}}  {e.title}" for e in found)
    return DONE


def show(options: Namespace) -> int:
    """`ipsecdx kb show ID`."""
    from engine.kbtools.listing import written
    from engine.knowledge.examine import examine

    if knowledge(options.overlays) is None:
        return WRONG
    examined = examine(None, _paths(options.overlays))
    found = written(examined, options.id)
    if not found:
        names = dict.fromkeys(entry for _, entry in examined.index.entries)
        output.err(f"no entry {options.id!r}{near(options.id, names)}")
        return WRONG
    for number, one in enumerate(found):
        output.out_lines(([""] if number else []) + [f"# {one.part}: {one.place}", *one.lines])
        if one.users:
            output.out_lines([f"# used by: {', '.join(one.users)}"])
    return DONE


def matrix(options: Namespace) -> int:
    """`ipsecdx kb matrix`."""
    from engine.judge import Judge
    from engine.kbtools.matrix import rows

    kb = knowledge(options.overlays)
    if kb is None:
        return WRONG
    try:
        found = rows(Judge(kb, prefer_direct=True), support=options.support, setup=options.setup)
    except KeyError:
        kinds = [*kb.matrix.rows, *kb.matrix.outside]
        output.err(f"no setup kind {options.setup!r}{near(options.setup, kinds)}")
        return WRONG
    words = words_of(kb, options.lang)
    for number, row in enumerate(found):
        output.out_lines(([""] if number else []) + _matrix_lines(row, words, options.lang))
    return DONE


def _matrix_lines(row: Row, words: Words, lang: str) -> list[str]:
    headings = {
        "present": words("matrix.present"), "configured": words("matrix.configured"),
        "configured-ikev2": words("matrix.configured-ikev2"), "not-configured": words("matrix.not-configured"),
    }  # fmt: skip

    def cited(cites: list[tuple[str, str]]) -> str:
        texts = [f"{source}, {words(f'statement.{statement}')}" for source, statement in cites]
        return f"  [{'; '.join(texts)}]" if texts else ""

    def pairs(cell: object) -> list[tuple[str, str]]:
        return [(c.source, c.statement) for c in getattr(cell, "cites", [])]

    support = words(f"support.{row.support.value}")
    lines = [
        f"{row.title(lang)} ({row.setup})",
        f"    {words('matrix.supported')}: {support}{cited(pairs(row.support))}",
    ]
    if row.why is not None:
        value = (
            words(f"support.{row.inferred.value}") if row.inferred is not None else words("outcome.unknown")
        )
        inferred = words("matrix.inferred", support=value, why=row.why(lang))
        lines.append(f"    {inferred}{cited(pairs(row.inferred))}")
    for column, cell in row.outcomes.items():
        lines.append(f"    {headings[column]}: {words(f'outcome.{cell.value}')}{cited(pairs(cell))}")
    return lines


def sources(options: Namespace) -> int:
    """`ipsecdx kb sources`."""
    from engine.kbtools.listing import citing

    kb = knowledge(options.overlays)
    if kb is None:
        return WRONG
    by_source = citing(kb)
    for number, (name, source) in enumerate(kb.sources.items()):
        lines = [""] if number else []
        lines += [f"{name}: {source.title}", *(f"    {t}" for t in (source.url, source.note) if t)]
        lines += [f"    {place}: {', '.join(ids)}" for place, ids in by_source.get(name, {}).items()]
        output.out_lines(lines)
    return DONE


def coverage(options: Namespace) -> int:
    """`ipsecdx kb coverage`."""
    from engine.judge import Judge
    from engine.kbtools.cases import Cases, roots_of
    from engine.kbtools.coverage import coverage as covered

    kb = knowledge(options.overlays)
    if kb is None:
        return WRONG
    roots = roots_of(None, _paths(options.overlays))
    # A checkout has whole cases beside the knowledge base; an installation has not.
    whole = roots[0].parent / "tests" / "cases"
    statements = covered(Cases(Judge(kb), roots), whole if whole.is_dir() else None)
    words = words_of(kb, options.lang)
    nothing = words("coverage.nothing")
    for one in statements:
        gap = f"  <- {words('coverage.gap')}" if one.gaps else ""
        shown = f"{one.shown[0]} (+{len(one.shown) - 1})" if one.shown else nothing
        carried, shown_by = words("coverage.carried"), words("coverage.shown")
        output.out_lines([
            f"{one.number}  {one.text(options.lang)}{gap}",
            f"    {carried}: {', '.join(one.carried) or nothing}",
            f"    {shown_by}: {shown}",
        ])  # fmt: skip
    without = {gap: [o.number for o in statements if gap in o.gaps] for gap in ("entry", "case")}
    said = {gap: ", ".join(numbers) or nothing for gap, numbers in without.items()}
    total = words("coverage.total", n=len(statements), entries=said["entry"], cases=said["case"])
    output.out_lines(["", total])
    return DONE


def schema(options: Namespace) -> int:
    """`ipsecdx kb schema`."""
    del options
    import json

    from engine.kbtools.schema import schema as made

    output.out(json.dumps(made(), indent=2, ensure_ascii=False) + "\n")
    return DONE


def lint(options: Namespace) -> int:
    """`ipsecdx kb lint [DIR]`: exit status 1 where there is an error."""
    from engine.kbtools.lint import is_whole
    from engine.kbtools.lint import lint as linted

    overlays = _paths(options.overlays)
    root = None
    if options.folder is not None:
        folder = Path(options.folder)
        if not folder.is_dir():
            output.err(f"{folder} is no folder")
            return WRONG
        if is_whole(folder):
            root = folder
        else:
            overlays = [folder, *overlays]
    found = linted(root, overlays)
    errors = sum(f.severity == "error" for f in found)
    if options.format == "json":
        output.out(_faults_as_json(found))
    else:
        output.out_lines(f"{f.severity}: {f}" for f in found)
        warnings = sum(f.severity == "warning" for f in found)
        output.out_lines([f"{errors} errors, {warnings} warnings, {len(found) - errors - warnings} notes"])
    return FOUND if errors else DONE


def _faults_as_json(found: list[Fault]) -> str:
    import msgspec

    faults = [{**msgspec.to_builtins(f), "severity": f.severity} for f in found]
    return msgspec.json.format(msgspec.json.encode({"faults": faults}), indent=2).decode() + "\n"


def test(options: Namespace) -> int:
    """`ipsecdx kb test [ID]`: exit status 1 where a case fails or one is missing."""
    from engine.judge import Judge
    from engine.kbtools.cases import Cases, owners, roots_of

    kb = knowledge(options.overlays)
    if kb is None:
        return WRONG
    cases = Cases(Judge(kb), roots_of(None, _paths(options.overlays)))
    entries = cases.entries()
    if options.id is not None:
        parts = owners(kb, options.id)
        if not parts:
            output.err(
                f"no bug, cause, finding or matrix row {options.id!r}{near(options.id, [e for _, e in entries])}"
            )
            return WRONG
        entries = [(part, options.id) for part in parts]
    failed = 0
    for part, entry in entries:
        result = cases.run(part, entry)
        failed += len(result.failures)
        counts = ", ".join(f"{n} {kind}" for kind, n in result.counts.items())
        verdict = "FAILED" if result.failures else "ok"
        output.out_lines(
            [f"{verdict:6}  {part}/{entry}: {counts}", *(f"        {line}" for line in result.failures)]
        )
    strays = list(cases.strays()) if options.id is None else []
    output.out_lines(
        [f"FAILED  {line}" for line in strays] + [f"{len(entries)} entries, {failed + len(strays)} failures"]
    )
    return FOUND if failed or strays else DONE


def diff(options: Namespace) -> int:
    """`ipsecdx kb diff OLD NEW`: exit status 1 where something changes."""
    from engine.judge import Judge
    from engine.kbtools.compare import case_changes, cases_of, entry_changes

    old, new = _side(options.old), _side(options.new)
    if old is None or new is None:
        return WRONG
    changes = list(entry_changes(old, new))
    if options.corpus is not None:
        corpus = Path(options.corpus)
        if not corpus.is_dir():
            output.err(f"{corpus} is no folder")
            return WRONG
        before, after = Judge(old, prefer_direct=True), Judge(new, prefer_direct=True)
        changes += case_changes(before, after, cases_of(corpus))
    output.out_lines([*map(str, changes), f"{len(changes)} changes"])
    return FOUND if changes else DONE


def new(options: Namespace) -> int:
    """`ipsecdx kb new bug|cause ID`."""
    from engine.kbtools.scaffold import scaffold

    try:
        written = scaffold(options.kind, options.id, Path(options.to))
    except (ValueError, FileExistsError) as error:
        output.err(str(error))
        return WRONG
    except OSError as error:
        output.err(f"{options.to} cannot be written: {error.strerror}")
        return WRONG
    output.out_lines(map(str, written))
    kb = knowledge([])
    bug = options.kind == "bug"
    if kb is not None and options.id in (kb.bugs if bug else kb.causes):
        releases = Path(options.to, "bugs", options.id, "releases.yaml")
        alone = f"; releases alone go to {releases}, which adds to it" if bug else ""
        output.out_lines([f"with --kb {options.to} it replaces the shipped {options.id}{alone}"])
    output.out_lines([f"next: fill in the blanks, then ipsecdx kb lint {options.to}"])
    return DONE


def import_answer(options: Namespace) -> int:
    """`ipsecdx kb import FILE.json`."""
    from engine.kbtools.bugapi import read_answer, write_overlay

    kb = knowledge(options.overlays)
    if kb is None:
        return WRONG
    try:
        bugs = read_answer(Path(options.file).read_bytes())
    except OSError as error:
        output.err(f"{options.file} cannot be read: {error.strerror}")
        return WRONG
    except ValueError as error:
        output.err(f"{options.file}: {error}")
        return WRONG
    try:
        done = write_overlay(bugs, kb, Path(options.to))
    except OSError as error:
        output.err(f"{options.to} cannot be written: {error.strerror}")
        return WRONG
    for one in done:
        bug = one.bug
        what = "releases added" if one.known else "listed by release only"
        output.out_lines(
            [f"{bug.id}: {what}: {len(bug.affected)} affected, {len(bug.fixed)} fixed ({one.path})"]
        )
        if bug.unread:
            output.out_lines([f"    not a release that can be compared: {', '.join(bug.unread)}"])
    output.out_lines([f"use it with: ipsecdx diagnose CASE --kb {options.to}"])
    return DONE if knowledge([*options.overlays, options.to]) is not None else WRONG


def _side(name: str) -> Knowledge | None:
    """One side of a comparison: the shipped knowledge base, a whole one, or one laid over the shipped."""
    from engine.kbtools.lint import is_whole

    if name == SHIPPED:
        return knowledge([])
    return knowledge([], root=Path(name)) if is_whole(Path(name)) else knowledge([name])


def _paths(folders: list[str]) -> list[Path]:
    return [Path(folder) for folder in folders]
