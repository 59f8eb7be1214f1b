"""The one pass over a big source: messages are found and line feeds counted together, on two processors if there are.

Each piece is searched and counted while it is in the processor's cache. A mapped file is shared with a helper
(`engine.evidence.helper`) that began at its end when it was opened: this process begins at the front, and where the
two meet, the pass is done. What is found is the same with and without a helper.
"""

from __future__ import annotations

from array import array
from contextlib import suppress
from mmap import mmap

from engine.evidence.helper import Helper
from engine.evidence.look import PIECE, Seen, extent, look, pieces_of

Data = bytes | mmap
"""What a source is read from. Both kinds are sliced, searched with `find` and matched by patterns of bytes."""

INV_SPI = b"RECVD_PKT_INV_SPI"
"""What every form of the invalid SPI message has in common."""

# Pieces between two looks at what the helper saw.
_BETWEEN = 4


def search(data: Data, helper: Helper | None = None) -> tuple[array[int], array[int]]:
    """Search a source for the invalid SPI message and count its line feeds.

    Returns:
        the offsets of the messages; and the line feeds before each block (`engine.evidence.look.BLOCK`), with one
        entry more than there are blocks: all line feeds.
    """
    size = len(data)
    seen: list[Seen | None] = [None] * pieces_of(size)
    front, back = 0, len(seen)
    while front < back:
        begin, length = extent(front, size)
        seen[front] = look(_read(data, helper, begin, length + len(INV_SPI) - 1), length, INV_SPI)
        front += 1
        if helper is not None and front % _BETWEEN == 0:
            for one in helper.received():
                back -= 1
                seen[back] = one
    return _joined(seen)


def _read(data: Data, helper: Helper | None, begin: int, length: int) -> bytes:
    """A part of the source. Read from the file it needs no page of the mapping, which is faster and saves memory."""
    if helper is not None:
        with suppress(OSError):
            return helper.read(begin, length)
    return data[begin : begin + length]


def _joined(seen: list[Seen | None]) -> tuple[array[int], array[int]]:
    found, counted = array("Q"), array("Q", [0])
    for piece, one in enumerate(seen):
        feeds, hits = one or ((), ())  # no piece is left out: the two have met
        found.extend(piece * PIECE + at for at in hits)
        for number in feeds:
            counted.append(counted[-1] + number)
    return found, counted
