"""The arguments of the commands around the guided application: replay a saved case, serve it to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import kb_arguments

if TYPE_CHECKING:
    from argparse import _SubParsersAction
    from typing import Any

HOST, PORT = "127.0.0.1", 8000


def register(commands: _SubParsersAction[Any]) -> None:
    """Add the commands."""
    replay = commands.add_parser("replay", help="judge a saved case again and compare the verdicts, for CI")
    replay.add_argument("file", metavar="FILE", help="a saved case, *.ipsecdx.json")
    replay.add_argument(
        "--format", choices=("terminal", "json"), default="terminal", help="default: terminal"
    )
    replay.add_argument(
        "--lang", choices=("en", "ko"), help="language of the text (default: that of the case)"
    )
    kb_arguments.overlays(replay)

    serve = commands.add_parser("serve", help="the guided application in a browser")
    serve.add_argument("paths", nargs="*", metavar="PATH", help="files and folders of one case")
    serve.add_argument("--host", default=HOST, help=f"where to listen (default: {HOST}, this machine only)")
    serve.add_argument("--port", type=int, default=PORT, help=f"default: {PORT}")
    serve.add_argument(
        "--lang", choices=("en", "ko"), help="language (default: the one used last, else English)"
    )
    kb_arguments.overlays(serve)
