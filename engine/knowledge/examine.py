"""A knowledge base read, built and checked, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.knowledge.build import Index, build
from engine.knowledge.check import faults_of
from engine.knowledge.documents import Layer, digest_of, parse_layer, read_layers
from engine.knowledge.faults import Fault
from engine.knowledge.model import Knowledge


class Examined(msgspec.Struct, frozen=True):
    """A knowledge base with everything that is wrong with it.

    Attributes:
        kb: what could be built; entries with faults are missing from it.
        index: where each entry is written.
        layers: the folders, lowest first.
        faults: in order; none means that `kb` can be used.
    """

    kb: Knowledge
    index: Index
    layers: list[Layer]
    faults: list[Fault]


def examine(root: Path | None = None, overlays: Sequence[Path] = (), *, strict: bool = False) -> Examined:
    """Read and check a knowledge base, and keep what is in order of it."""
    faults: list[Fault] = []
    return examine_layers(read_layers(root, overlays, faults), faults, strict=strict)


def examine_layers(layers: list[Layer], faults: list[Fault], *, strict: bool = False) -> Examined:
    """Build and check what was read. Keys written twice are looked for in overlays, and with `strict` everywhere."""
    for number, layer in enumerate(layers):
        parse_layer(layer, faults, strict=strict or number > 0)
    kb, index = build(layers, digest_of(layers), faults)
    faults.extend(faults_of(kb, index))
    return Examined(kb, index, layers, sorted(set(faults)))
