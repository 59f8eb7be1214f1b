"""How a case says what it expects; `ipsecdx kb test` uses the same rules (engine.kbtools.partial)."""

from engine.kbtools.partial import DIRECTIVES, differences

__all__ = ["DIRECTIVES", "differences"]
