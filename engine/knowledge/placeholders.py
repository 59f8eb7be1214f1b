"""Placeholders of templates: `{flow.src}` in commands and questions, `{n}` in words; which there are, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import Formatter

from engine.knowledge.near import near

SUBJECT = frozenset({
    "device", "flow.src", "flow.dst", "flow.spi", "flow.interface", "flow.src-family", "flow.dst-family", "flow.src4",
    "flow.acl-protocol", "flow.src-port", "flow.dst-port", "setup.vrf", "sender-setup.vrf",
})  # fmt: skip
"""What commands and questions are filled with (`engine.advise.fill`)."""
SUMMARY = frozenset({"receiver", "src", "spi", "count", "span", "kind"})
"""What the sentence about a flow is filled with (`engine.diagnosis.compose`)."""
BASE = frozenset({"peer"})
"""What the commands that every case needs are filled with (`engine.plan.collection`)."""
LEVER = frozenset({"value"})
"""What a lever's `set` is filled with (`engine.whatif.smallest`)."""
_FIELD = re.compile(r"\{([^{}]*)\}")


def unknown(template: str, known: Iterable[str]) -> Iterator[str]:
    """A sentence for everything in braces that nothing fills."""
    known = frozenset(known)
    for name in dict.fromkeys(_FIELD.findall(template)):
        if name not in known:
            listed = near(name, known) or f" ({', '.join(sorted(known))})"
            yield f"nothing fills {{{name}}}{listed}"
    if set(_FIELD.sub("", template)) & set("{}"):
        yield "a brace without its partner"


def places(phrase: str) -> frozenset[str]:
    """The places of a phrase for `str.format`.

    Raises:
        ValueError: its braces do not match.
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(phrase) if name is not None)
