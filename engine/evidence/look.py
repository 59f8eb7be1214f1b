"""One piece of a big file looked at: where the literal stands, and how many line feeds each block has.

Also the program of the helper (docs/decisions/0017): `python look.py SIZE LITERAL` reads the file that is its
standard input from its last piece to its first, and writes what it saw of each to standard output, until nobody
listens any more. It is started by path and without site packages, so it imports nothing of the project.
"""

from __future__ import annotations

import os
import sys
from array import array

BLOCK = 1 << 16
"""Bytes whose line feeds are counted together."""

PIECE = 1 << 18
"""Bytes that are searched and counted while they are in the processor's cache; whole blocks."""

_DENSE = 1024

Seen = tuple[list[int], list[int]]
"""Of one piece: line feeds in each of its blocks, and the offsets in it at which the literal begins."""


def look(data: bytes, size: int, literal: bytes) -> Seen:
    """Look at one piece.

    Args:
        data: the piece, and behind it as many bytes as a literal that begins in it can reach into.
        size: bytes of the piece itself.
        literal: what is searched.
    """
    hits: list[int] = []
    at = data.find(literal)
    while at >= 0:
        hits.append(at)
        at = data.find(literal, at + len(literal))
    return [feeds_in(data[at : min(at + BLOCK, size)]) for at in range(0, size, BLOCK)], hits


def feeds_in(block: bytes) -> int:
    """Line feeds in a block.

    `count` looks at every byte. `replace` jumps from one line feed to the next, which takes a third of the time for
    lines of a log, and more than `count` only where lines are very short.
    """
    if block.count(b"\n", 0, _DENSE) > _DENSE // 16:
        return block.count(b"\n")
    return len(block) - len(block.replace(b"\n", b""))


def pieces_of(size: int) -> int:
    """Number of pieces of a file."""
    return (size + PIECE - 1) // PIECE


def blocks_of(piece: int, size: int) -> int:
    """Number of blocks of a piece."""
    return (extent(piece, size)[1] + BLOCK - 1) // BLOCK


def extent(piece: int, size: int) -> tuple[int, int]:
    """Offset of a piece, and its bytes."""
    begin = piece * PIECE
    return begin, min(PIECE, size - begin)


def main(arguments: list[str]) -> int:
    """Look at every piece of standard input, the last one first, and write what was seen of each."""
    size, literal = int(arguments[0]), os.fsencode(arguments[1])
    for piece in range(pieces_of(size) - 1, -1, -1):
        begin, length = extent(piece, size)
        counts, hits = look(os.pread(0, length + len(literal) - 1, begin), length, literal)
        raw = array("I", [piece, len(counts), len(hits), *counts, *hits]).tobytes()
        try:
            while raw:
                raw = raw[os.write(1, raw) :]
        except OSError:  # nobody listens any more
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
