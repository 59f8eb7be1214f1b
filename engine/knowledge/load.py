"""Loading kb/, and folders laid over it: every fault reported with file, line and column, near names suggested.

One bad entry never hides the rest: all faults of a run are collected, then raised together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.knowledge import cache
from engine.knowledge.documents import read_layers
from engine.knowledge.faults import Fault, KnowledgeError
from engine.knowledge.model import Knowledge


def load(root: Path | None = None, overlays: Sequence[Path] = ()) -> Knowledge:
    """Load the shipped knowledge base, or the one below `root`, with `overlays` laid over it in their order.

    What was loaded and checked once is taken from the user's cache while nothing of it has changed.

    Raises:
        KnowledgeError: with every fault found; a knowledge base with a fault is not used at all.
    """
    faults: list[Fault] = []
    layers = read_layers(root, overlays, faults)
    stored = None if faults else cache.stored(layers)
    if stored is not None:
        return stored
    # Imported here: a start that finds everything in the cache needs no YAML and no checks.
    from engine.knowledge.examine import examine_layers

    examined = examine_layers(layers, faults)
    if examined.faults:
        raise KnowledgeError(examined.faults)
    cache.store(layers, examined.kb)
    return examined.kb
