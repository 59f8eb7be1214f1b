"""The top of every page: the answer in one sentence, or how far the loading is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from tui.app.app import GuideApp
    from tui.app.progress import Progress


class TopBar(Static):
    """The one-line answer; two lines on a narrow screen."""

    ALLOW_SELECT: ClassVar[bool] = True

    def draw(self) -> None:
        """Show the progress where a case is being loaded, else the answer, else the program's name."""
        app = cast("GuideApp", self.app)
        if app.progress is not None:
            self.update(Content(progress_line(app, app.progress)))
        elif app.state is not None:
            self.update(Content.assemble((app.state.diagnosis.summary, "bold")))
        else:
            self.update(Content.assemble(("ipsecdx", "bold"), "  ", app.word("common.tagline")))


def progress_line(app: GuideApp, progress: Progress) -> str:
    """One line that says what is being done."""
    if progress.phase != "reading":
        return app.word(f"common.progress_{progress.phase}")
    done = sum(1 for source in progress.sources if source.kind is not None)
    return app.word(
        "common.progress_reading",
        path=progress.current or "",
        done=done,
        count=len(progress.sources),
        done_size=size(progress.done),
        size=size(progress.total),
    )


def size(count: int) -> str:
    """Bytes for people: `4.7 kB`, `212 MB`."""
    if count < 1000:
        return f"{count} B"
    for unit, scale in (("kB", 10**3), ("MB", 10**6)):
        if count < 1000 * scale:
            value = count / scale
            return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
    return f"{count / 10**9:.1f} GB"
