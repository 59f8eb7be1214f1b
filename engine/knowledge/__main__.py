"""`python -m engine.knowledge [FOLDER]` prints every fault of a knowledge base and exits 1 where there is one."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.knowledge.faults import KnowledgeError
from engine.knowledge.load import load


def main(arguments: list[str]) -> int:
    """Check the shipped knowledge base, or the one in a folder."""
    try:
        kb = load(Path(arguments[0]) if arguments else None)
    except KnowledgeError as error:
        sys.stdout.write(f"{error}\n{len(error.faults)} faults\n")
        return 1
    entries = sum(len(p) for p in (kb.conditions, kb.bugs, kb.causes, kb.findings, kb.remedies, kb.tables))
    sys.stdout.write(f"knowledge base in order: {entries} entries, {len(kb.sources)} sources\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
