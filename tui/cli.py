"""The command line. Every command imports its work inside, so that `ipsecdx --version` starts in milliseconds."""

from __future__ import annotations

import argparse
import gc
import sys
from typing import TYPE_CHECKING

from engine.version import __version__
from tui import case_arguments, guide_arguments, kb_arguments, output

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DONE, FOUND, WRONG = 0, 1, 2
_VERDICTS = ("confirmed", "likely", "possible")


class _Parser(argparse.ArgumentParser):
    """argparse with one-sentence errors, near names suggested, and exit status 2."""

    def error(self, message: str) -> None:  # type: ignore[override]
        output.err(f"{_with_hint(message)} (see {self.prog} --help)")
        raise SystemExit(WRONG)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Returns:
        0 done; 1 `--fail-on` was reached; 2 wrong usage, nothing readable, or nowhere to write.
    """
    # A command makes few cycles, and of a big case many objects that live to its end: looking through them again and
    # again would take a fifth of its time.
    gc.set_threshold(100_000, 50, 100)
    try:
        options = _parser().parse_args(arguments)
        if options.command is None:
            from tui.screen_commands import can_draw

            if not can_draw():
                _parser().print_help(sys.stderr)
                return WRONG
            options = _parser().parse_args(["guide"])
        result: int = _handler(options.command)(options)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG
    except KeyboardInterrupt:
        output.err("interrupted")
        return 130
    except output.OutputError as error:
        output.err(f"standard output cannot be written: {error}")
        return WRONG
    return result


def _handler(command: str) -> Callable[[argparse.Namespace], int]:
    """The function of a command, imported when the command is called."""
    if command in {"plan", "eem", "whatif"}:
        from tui import case_commands as module
    elif command == "guide":
        from tui import screen_commands as module  # type: ignore[no-redef]
    elif command in {"replay", "serve"}:
        from tui import guide_commands as module  # type: ignore[no-redef]
    else:
        from tui import commands as module  # type: ignore[no-redef]
    handler: Callable[[argparse.Namespace], int] = getattr(module, command)
    return handler


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=output.NAME,
        description="Diagnoses %CRYPTO-4-RECVD_PKT_INV_SPI on Cisco IOS and IOS XE: what happened, why, and what to do.",
    )
    parser.add_argument("--version", action="version", version=f"{output.NAME} {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    guide = commands.add_parser("guide", help="the guided application: from a dead tunnel to a proved cause")
    guide.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders of one case, or a saved case"
    )
    guide.add_argument(
        "--lang", choices=("en", "ko"), help="language (default: the one used last, else English)"
    )
    guide.add_argument(
        "--theme", choices=("dark", "light", "contrast"), help="default: the one used last, else dark"
    )
    kb_arguments.overlays(guide)

    diagnose = commands.add_parser(
        "diagnose", help="diagnose a case: show-techs, captures, configurations, logs"
    )
    _case_arguments(diagnose)
    diagnose.add_argument(
        "--format", choices=("terminal", "json", "markdown", "html", "ticket"), default="terminal",
        help="default: terminal",
    )  # fmt: skip
    diagnose.add_argument(
        "--fail-on", choices=_VERDICTS, metavar="VERDICT",
        help="exit with 1 where a finding has at least this verdict: confirmed, likely or possible",
    )  # fmt: skip
    diagnose.add_argument(
        "--full", action="store_true", help="every quotation and row, not only the first ones"
    )

    explain = commands.add_parser("explain", help="why, or why not: the proof of one bug, cause or condition")
    explain.add_argument(
        "id",
        metavar="ID",
        help="CSCvp16730, rekey-race, recovery-missing; or a condition: spi-repeats, ike-sa",
    )
    _case_arguments(explain)
    explain.add_argument(
        "--format", choices=("terminal", "markdown"), default="terminal", help="default: terminal"
    )

    case_arguments.register(commands, _case_arguments)
    guide_arguments.register(commands)

    kb = commands.add_parser("kb", help="the knowledge base: show, check, test and extend it")
    kb_arguments.knowledge(kb)

    schema = commands.add_parser("schema", help="print the JSON Schema of a document")
    schema.add_argument("document", choices=("diagnosis", "case"))
    return parser


def _case_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="files and folders of one case; - is standard input"
    )
    parser.add_argument(
        "--lang", choices=("en", "ko"), default="en", help="language of the report (default: en)"
    )
    parser.add_argument(
        "--answer", action="append", default=[], metavar="ID=VALUE",
        help="what you know of a condition: ike-sa=absent, spi-repeats=yes (repeatable)",
    )  # fmt: skip
    kb_arguments.overlays(parser)


def _with_hint(message: str) -> str:
    """The message of argparse, with the nearest of the choices it lists."""
    import re

    found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
    if not found:
        return message
    from rapidfuzz import process

    choices = [c.strip(" '\"") for c in found[2].split(",")]
    best = process.extractOne(found[1], choices, score_cutoff=60)
    return f"{message}; did you mean {best[0]}?" if best else message


if __name__ == "__main__":
    sys.exit(main())
