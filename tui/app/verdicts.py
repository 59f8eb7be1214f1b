"""How a verdict is shown: a word and a symbol always, a colour besides; never a colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.diagnosis.document import Verdict

# The fuller the circle, the surer the verdict.
SYMBOLS: dict[str, str] = {
    "confirmed": "●",
    "likely": "◕",
    "possible": "◔",
    "undetermined": "○",
    "ruled_out": "✕",
}
# Theme variables.
COLOURS: dict[str, str] = {
    "confirmed": "$text-error",
    "likely": "$text-warning",
    "possible": "$text-accent",
    "undetermined": "$text-muted",
    "ruled_out": "$text-success",
}


def symbol(verdict: Verdict) -> str:
    """The symbol of a verdict, one cell wide."""
    return SYMBOLS[verdict]


def key(verdict: Verdict) -> str:
    """The key of its word: `app.word(verdicts.key(finding.verdict))`."""
    return f"common.verdict_{verdict}"
