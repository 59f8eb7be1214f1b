"""A walk over one page of an open case, by keys; what was to be shown elsewhere is noted instead of shown."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from typing import Any

from textual.pilot import Pilot

from tests.tui.app.snapshots import DEMO, SMALL, settled
from tui.app.app import GuideApp

Walk = Callable[["Watched", Pilot[None]], Awaitable[None]]


class Watched(GuideApp):
    """Notes what was to be shown: the page, and what in it."""

    CSS_PATH = str(files("tui.app") / "app.tcss")  # Textual looks for it beside this file else

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.asked: list[tuple[str, dict[str, object]]] = []

    def show(self, page: str, **target: object) -> None:
        self.asked.append((page, target))
        if not target:
            super().show(page)


def walk(
    page: str,
    check: Walk,
    *,
    paths: Sequence[str] = (DEMO,),
    lang: str = "en",
    size: tuple[int, int] = SMALL,
) -> None:
    """Open a case, show a page of it, and check."""

    async def run() -> None:
        app = Watched(paths, lang="ko" if lang == "ko" else "en")
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            app.show(page)
            await settled(pilot)
            await check(app, pilot)

    asyncio.run(run())


async def until(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    """Wait for something that a timer brings about."""
    for _ in range(300):
        await pilot.pause(0.02)
        if done():
            await settled(pilot)
            return
    raise AssertionError("it never came to that")
