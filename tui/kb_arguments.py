"""The arguments of `ipsecdx kb ...`."""

from __future__ import annotations

import argparse
from typing import Any

PARTS = (
    "bugs", "causes", "findings", "conditions", "tables", "remedies", "matrix", "sources", "seed", "symptoms", "eem",
)  # fmt: skip
DEFAULT_OVERLAY = "ipsecdx-kb"
_LANGS = ("en", "ko")
_ANSWERS = ("yes", "no", "not_applicable", "not_stated")


def overlays(parser: argparse.ArgumentParser) -> None:
    """`--kb DIR`, repeatable."""
    parser.add_argument(
        "--kb", dest="overlays", action="append", default=[], metavar="DIR",
        help="a folder laid over the knowledge base: same ids are replaced, new ones added (repeatable)",
    )  # fmt: skip


def knowledge(parser: argparse.ArgumentParser) -> None:
    """Every command below `kb`."""
    tools = parser.add_subparsers(dest="tool", metavar="TOOL", required=True, parser_class=type(parser))
    show_what_there_is(tools)
    check_what_there_is(tools)
    add_something(tools)


def show_what_there_is(tools: Any) -> None:
    """list, show, matrix, sources, coverage, schema."""
    one = _tool(tools, "list", "every entry with its title")
    one.add_argument("part", nargs="?", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    _lang(one)
    one = _tool(tools, "show", "an entry as it is written, where, and what uses it")
    one.add_argument("id", metavar="ID")
    one = _tool(tools, "matrix", "where invalid SPI recovery works, and what the receiver does, with sources")
    one.add_argument("--support", choices=_ANSWERS, help="only setups with this answer")
    one.add_argument("--setup", metavar="KIND", help="only this setup kind")
    _lang(one)
    _tool(tools, "sources", "every source and what cites it")
    one = _tool(tools, "coverage", "which statements of the seed are carried by an entry and shown by a case")
    _lang(one)
    tools.add_parser("schema", help="JSON Schema of the files")


def check_what_there_is(tools: Any) -> None:
    """lint, test, diff."""
    one = _tool(tools, "lint", "everything wrong or doubtful, with file, line and column")
    one.add_argument(
        "folder", nargs="?", metavar="DIR", help="a knowledge base, or a folder to lay over the shipped one"
    )
    one.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    one = _tool(tools, "test", "run the cases beside the rules")
    one.add_argument("id", nargs="?", metavar="ID", help="only those of this entry")
    one = tools.add_parser(
        "diff", help="what changes between two knowledge bases, entry by entry and case by case"
    )
    for name in ("old", "new"):
        one.add_argument(name, metavar=name.upper(), help="a folder, or the word `shipped`")
    one.add_argument("--corpus", metavar="DIR", help="a folder of cases to diagnose with both")


def add_something(tools: Any) -> None:
    """new, import."""
    one = tools.add_parser("new", help="a rule and three cases with marked blanks")
    one.add_argument("kind", choices=("bug", "cause"))
    one.add_argument("id", metavar="ID", help="CSCvp16730; for a cause a word such as rekey-race")
    _to(one)
    one = _tool(tools, "import", "an answer of the Cisco Support Bug API, as a folder for --kb")
    one.add_argument("file", metavar="FILE.json")
    _to(one)


def _tool(tools: Any, name: str, about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = tools.add_parser(name, help=about)
    overlays(parser)
    return parser


def _lang(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=_LANGS, default="en", help="language (default: en)")


def _to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        default=DEFAULT_OVERLAY,
        metavar="DIR",
        help=f"where it is written (default: ./{DEFAULT_OVERLAY})",
    )
