"""What the application tells its pages."""

from __future__ import annotations

from textual.message import Message


class CaseChanged(Message):
    """The state is another one; every page draws anew."""


class LanguageChanged(Message):
    """The language is another one; every page sets its texts anew."""


class ProgressChanged(Message):
    """The loading of a case went on, or ended."""
