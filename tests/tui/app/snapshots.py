"""What the tests of the screens share: an application driven by keys, its screen as text, and screens kept as SVG.

`snap` compares a screen with `svg/NAME.svg` beside this file. `IPSECDX_UPDATE_GOLDEN=1` writes it anew: look at
it in a browser before you commit it.
"""

import asyncio
import difflib
import html
import os
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from tui.app.app import GuideApp

FOLDER = Path(__file__).parent / "svg"
SMALL, LARGE = (80, 24), (120, 40)
CASES = Path(__file__).parents[2] / "cases"
DEMO = str(CASES / "001-seed-persistent-pair" / "input")


async def settled(pilot: Pilot[Any], rounds: int = 200) -> None:
    """Wait until nothing is being computed or drawn any more."""
    still = 0
    for _ in range(rounds):
        await pilot.pause()
        still = still + 1 if all(worker.is_finished for worker in pilot.app.workers) else 0
        if still == 3:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the application does not come to rest")


def screen(app: App[Any]) -> str:
    """What stands on the screen, line by line, without blanks at the ends."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def drive(
    make: Callable[[], App[Any]],
    check: Callable[[Pilot[Any]], Awaitable[None]],
    *,
    size: tuple[int, int] = SMALL,
    press: Sequence[str] = (),
    notifications: bool = False,
) -> None:
    """Run an application without a terminal, press keys, each when all is settled, and then check."""

    async def run() -> None:
        async with make().run_test(size=size, notifications=notifications) as pilot:
            await settled(pilot)
            for key in press:
                await pilot.press(key)
                await settled(pilot)
            await check(pilot)

    asyncio.run(run())


def shown(make: Callable[[], App[Any]], *, size: tuple[int, int] = SMALL, press: Sequence[str] = ()) -> str:
    """The screen as text after some keys."""
    found: list[str] = []

    async def check(pilot: Pilot[Any]) -> None:
        found.append(screen(pilot.app))

    drive(make, check, size=size, press=press)
    return found[0]


def snap(
    make: Callable[[], App[Any]],
    name: str,
    *,
    size: tuple[int, int] = SMALL,
    press: Sequence[str] = (),
) -> None:
    """Compare the screen after some keys with the one that is kept."""
    found: list[str] = []

    async def check(pilot: Pilot[Any]) -> None:
        pilot.app.screen.set_focus(pilot.app.screen.focused)
        found.append(_normal(pilot.app.export_screenshot(title="ipsecdx")))

    def still() -> App[Any]:
        app = make()
        app.animation_level = "none"
        return app

    drive(still, check, size=size, press=press)
    kept = FOLDER / f"{name}.svg"
    if os.environ.get("IPSECDX_UPDATE_GOLDEN"):
        FOLDER.mkdir(exist_ok=True)
        kept.write_text(found[0], encoding="utf-8")
    before = kept.read_text(encoding="utf-8") if kept.exists() else ""
    if before != found[0]:
        apart = difflib.unified_diff(_texts(before), _texts(found[0]), "kept", "now", lineterm="", n=1)
        raise AssertionError(f"{kept.name} is another screen now:\n" + "\n".join(apart))


def demo(lang: str = "en", **options: Any) -> Callable[[], GuideApp]:
    """An application that opens the demo case."""
    return lambda: GuideApp([DEMO], lang="ko" if lang == "ko" else "en", **options)


def _normal(svg: str) -> str:
    """Without the number that Textual makes of the content, and one element a line, so that changes can be read."""
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    return re.sub(r">\s*<", ">\n<", svg).rstrip() + "\n"


def _texts(svg: str) -> list[str]:
    """The lines of text of a screen."""
    lines: dict[str, list[str]] = {}
    for where, text in re.findall(r'<text [^>]*?y="([\d.]+)"[^>]*>([^<]*)</text>', svg):
        lines.setdefault(where, []).append(html.unescape(text).replace("\xa0", " "))
    return ["".join(parts) for _, parts in sorted(lines.items(), key=lambda line: float(line[0]))]
