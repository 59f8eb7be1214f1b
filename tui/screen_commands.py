"""`ipsecdx guide`, and `ipsecdx` alone: the guided application in this terminal."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from tui import output
from tui.cli import DONE, WRONG


def guide(options: Namespace) -> int:
    """`ipsecdx guide [PATH...]`.

    Returns:
        0 left in order; 2 there is no terminal to draw on.
    """
    if not can_draw():
        output.err("guide needs a terminal; `ipsecdx diagnose` writes a report anywhere")
        return WRONG
    from tui.app.app import GuideApp
    from tui.app.keeping import default_home

    app = GuideApp(
        options.paths, lang=options.lang, overlays=options.overlays, theme=options.theme, home=default_home()
    )
    app.run()
    return app.return_code or DONE


def can_draw() -> bool:
    """Whether somebody sees and types: both ends are a terminal, or a browser is served (Textual's web driver)."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return output.is_terminal() and sys.stdin is not None and sys.stdin.isatty()
