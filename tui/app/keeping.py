"""Where things are kept between runs, and the settings: language and theme (`$XDG_STATE_HOME/ipsecdx`)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from engine.diagnosis.document import Lang


class Settings(msgspec.Struct, frozen=True):
    """What a person chose last: language, and the short name of the theme."""

    lang: Literal["en", "ko"] = "en"
    theme: str = "dark"


def default_home() -> Path:
    """Where things are kept, by the XDG base directory specification."""
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else Path.home() / ".local" / "state") / "ipsecdx"


class Keeping:
    """The settings of a folder. Without a folder, or where it cannot be written, they last as long as the program."""

    def __init__(self, home: Path | None) -> None:
        self.home = home
        self.settings = Settings()
        if home is not None:
            with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
                self.settings = msgspec.json.decode(self._file(home).read_bytes(), type=Settings)

    def set(self, *, lang: Lang | None = None, theme: str | None = None) -> None:
        """Remember a choice."""
        self.settings = Settings(lang or self.settings.lang, theme or self.settings.theme)
        if self.home is not None:
            with suppress(OSError):
                self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file(self.home).write_bytes(msgspec.json.encode(self.settings) + b"\n")

    @staticmethod
    def _file(home: Path) -> Path:
        return home / "settings.json"
