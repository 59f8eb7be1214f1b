"""The arguments of the commands about a case beside its report: plan, eem, whatif."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction
    from collections.abc import Callable
    from typing import Any


def register(commands: _SubParsersAction[Any], of_case: Callable[[ArgumentParser], None]) -> None:
    """Add the commands; `of_case` adds the arguments that every command about a case has."""
    plan = commands.add_parser("plan", help="what to collect, device by device, the most telling first")
    of_case(plan)
    _format(plan, "terminal", "markdown", "paste", "json")

    eem = commands.add_parser("eem", help="EEM applets that capture the next loss of the same source and SPI")
    of_case(eem)
    _format(eem, "terminal", "markdown", "paste", "json")
    eem.add_argument(
        "--authorization-bypass", action="store_true", help="for routers with AAA command authorization"
    )
    eem.add_argument("--file-prompt-quiet", action="store_true", help="add `file prompt quiet`")
    eem.add_argument("--no-debug", action="store_true", help="the capture only, without the debug windows")
    eem.add_argument("--storage", metavar="FS", help="where to write: flash:, bootflash:, ...")

    whatif = commands.add_parser("whatif", help="which verdicts would change if something were otherwise")
    of_case(whatif)
    _format(whatif, "terminal", "markdown", "json")
    whatif.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE",
        help="release=16.12.5, os=ios-xe, 'config:crypto isakmp invalid-spi-recovery', ike-sa=absent (repeatable)",
    )  # fmt: skip
    whatif.add_argument("--device", help="the device that is changed (default: the receiver)")
    whatif.add_argument("--smallest", action="store_true", help="the smallest change that clears --finding")
    whatif.add_argument("--finding", metavar="ID", help="the finding to clear, with --smallest")


def _format(parser: ArgumentParser, *formats: str) -> None:
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")
