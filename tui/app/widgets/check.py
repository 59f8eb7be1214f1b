"""A check box that says by its mark whether it is on: Textual's own says it by colour alone."""

from __future__ import annotations

from textual.content import Content, ContentText
from textual.widgets import Checkbox


class Check(Checkbox):
    """`[x] label` or `[ ] label`."""

    @property
    def _button(self) -> Content:
        return Content("[x]" if self.value else "[ ]")

    def say(self, label: ContentText) -> None:
        """Set the label; square brackets in it are no markup."""
        self.label = Content(label) if isinstance(label, str) else label
