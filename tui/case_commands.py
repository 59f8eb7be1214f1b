"""Commands about a case beside its report: a collection plan, EEM applets, and what would be if."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from tui import output
from tui.app.words import word
from tui.cli import DONE, WRONG
from tui.commands import _hypothesis, _start
from tui.opening import words_of, wrong

if TYPE_CHECKING:
    import msgspec

    from engine.case import Investigation
    from engine.evidence.open import Opened
    from engine.judge import Judge
    from engine.observe.subject import Answered
    from engine.plan.sheet import Block
    from engine.whatif.settings import SettingError


def plan(options: Namespace) -> int:
    """`ipsecdx plan PATH...`: what to collect where, read-only commands first."""
    opened = _opened(options)
    if opened is None:
        return WRONG
    case, investigation = opened
    from engine.plan.collection import plan_of
    from engine.plan.text import plan_blocks, plan_paste

    document = plan_of(investigation, investigation.document(case.case, case.troubles))
    if options.format == "paste":
        output.out(plan_paste(document))
    else:
        words = words_of(investigation.judge.kb, options.lang)
        _show(document, plan_blocks(document, words), options)
    return DONE


def eem(options: Namespace) -> int:
    """`ipsecdx eem PATH...`: applets that capture the next loss."""
    from engine.plan.eem import Options, applets_of, is_storage
    from engine.plan.text import eem_blocks, eem_paste

    if options.storage is not None and not is_storage(options.storage):
        wrong(options.lang, "storage", value=options.storage)
        return WRONG
    opened = _opened(options)
    if opened is None:
        return WRONG
    case, investigation = opened
    chosen = Options(
        bypass=options.authorization_bypass,
        file_prompt_quiet=options.file_prompt_quiet,
        storage=options.storage,
        debug=not options.no_debug,
    )
    diagnosis = investigation.document(case.case, case.troubles)
    document = applets_of(investigation, diagnosis, chosen)
    if options.format == "paste":
        output.out(eem_paste(document))
    else:
        words = words_of(investigation.judge.kb, options.lang)
        _show(document, eem_blocks(document, words), options)
    return DONE


def whatif(options: Namespace) -> int:
    """`ipsecdx whatif PATH... --set ...`, or `--smallest --finding ID`."""
    if options.smallest == bool(options.set) or options.smallest != bool(options.finding):
        wrong(options.lang, "whatif_usage")
        return WRONG
    started = _start(options)
    if started is None:
        return WRONG
    opened, judge, answers = started
    return (
        _smallest(options, opened, judge, answers)
        if options.smallest
        else _flips(options, opened, judge, answers)
    )


def _flips(options: Namespace, opened: Opened, judge: Judge, answers: list[Answered]) -> int:
    from engine.case import Investigation
    from engine.whatif.compare import compare
    from engine.whatif.settings import SettingError, parse_settings
    from engine.whatif.text import whatif_blocks
    from engine.whatif.world import World

    try:
        settings = parse_settings(options.set, judge.kb)
        world = World(
            opened.sources, judge, settings, device=options.device, lang=options.lang, answers=answers
        )
    except SettingError as error:
        _not_supposed(error, options.lang)
        return WRONG
    for setting in world.unread:
        wrong(options.lang, "unread", text=setting.text)
    before = Investigation(opened.sources, judge, lang=options.lang, answers=answers)
    document = compare(before, world, settings, name=opened.case, troubles=opened.troubles)
    _show(document, whatif_blocks(document, words_of(judge.kb, options.lang)), options)
    return DONE


def _not_supposed(error: SettingError, lang: str) -> None:
    """Say why something cannot be supposed."""
    values = dict(error.values)
    for key, stands_for in (("device", "this_case"), ("devices", "no_names")):
        if values.get(key) == "":
            values[key] = word(lang, f"errors.{stands_for}")
    wrong(lang, error.key, error.near, **values)


def _smallest(options: Namespace, opened: Opened, judge: Judge, answers: list[Answered]) -> int:
    from engine.case import Investigation
    from engine.whatif.smallest import Searcher
    from engine.whatif.text import smallest_blocks

    finding = _hypothesis(options.finding, judge, options.lang)
    if finding is None:
        return WRONG
    investigation = Investigation(opened.sources, judge, lang=options.lang, answers=answers)
    diagnosis = investigation.document(opened.case, opened.troubles)
    document = Searcher(investigation, finding).search(diagnosis)
    _show(document, smallest_blocks(document, words_of(judge.kb, options.lang)), options)
    return DONE


def _opened(options: Namespace) -> tuple[Opened, Investigation] | None:
    """The case, read and judged; None, with a sentence on standard error, where that fails."""
    started = _start(options)
    if started is None:
        return None
    opened, judge, answers = started
    from engine.case import Investigation

    return opened, Investigation(opened.sources, judge, lang=options.lang, answers=answers)


def _show(document: msgspec.Struct, blocks: Iterable[Block], options: Namespace) -> None:
    if options.format == "json":
        from engine.render import json_document

        output.out(json_document.render(cast("Any", document)))  # it writes any of the documents
        return
    from engine.plan import sheet

    if options.format == "markdown":
        output.out(sheet.markdown(blocks))
        return
    output.out_lines(sheet.terminal(blocks, width=output.columns(), colour=output.wants_colour()))
