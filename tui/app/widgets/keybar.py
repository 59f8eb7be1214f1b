"""The footer: the few keys that matter now. A binding's description is a key of the texts: `case.key_open`."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widgets import Static

from tui.app.words import has

if TYPE_CHECKING:
    from textual import events
    from textual.binding import ActiveBinding
    from textual.screen import Screen

    from tui.app.app import GuideApp

_MOST = 6
_ALWAYS = ("explain", "command_palette", "quit")


class KeyBar(Static):
    """At most six keys: those of the focused widget and the page first, then the application's. Clicks work."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._keys: list[str] = []
        self._ends: list[int] = []  # the column behind each key

    def on_mount(self) -> None:
        """Follow the bindings as the focus moves."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.draw()

    def draw(self) -> None:
        """Write the keys in the language of the moment."""
        app = cast("GuideApp", self.app)
        parts: list[Content] = []
        keys: list[str] = []
        for active in self._shown(list(self.screen.active_bindings.values())):
            binding = active.binding
            text = binding.description
            label = app.word(text) if has(app.lang, text) else text
            key = app.get_key_display(binding)
            part = Content.assemble((f" {key} ", "bold $footer-key-foreground"), f"{label} ")
            if not active.enabled:
                part = part.stylize("dim")
            parts.append(part)
            keys.append(binding.key)
        self._keys = keys
        self._ends = list(accumulate(part.cell_length for part in parts))
        self.update(Content("").join(parts))

    def on_click(self, event: events.Click) -> None:
        """Press the key under the pointer."""
        at = bisect_right(self._ends, event.x - self.gutter.left)
        if at < len(self._keys):
            self.app.simulate_key(self._keys[at])

    def _shown(self, found: list[ActiveBinding]) -> list[ActiveBinding]:
        """The keys to show: nearest to the focus first; help, commands and quit never fall out."""
        shown: dict[str, ActiveBinding] = {}
        for active in found:
            action = active.binding.action
            # Of several keys for one thing the plainest: `q` rather than `ctrl+q`.
            if active.binding.show and (action not in shown or _plainer(active, shown[action])):
                shown[action] = active
        always = [active for action, active in shown.items() if action in _ALWAYS]
        others = [active for action, active in shown.items() if action not in _ALWAYS]
        return [*others[: _MOST - len(always)], *always]


def _plainer(one: ActiveBinding, other: ActiveBinding) -> bool:
    return len(one.binding.key) < len(other.binding.key) and one.node is other.node
