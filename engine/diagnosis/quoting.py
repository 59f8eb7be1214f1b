"""Places become evidence: the one way by which text of a source enters a document, redacted on its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.diagnosis.document import Evidence
from engine.evidence.redact import redact
from engine.evidence.source import Section, Source
from engine.relate.views import Quote

# A flow of ten thousand messages is quoted by its first and last ones.
MOST_QUOTES = 20
_LONGEST_TEXT = 2_000


class Quoter:
    """Quotes the sources of one case."""

    def __init__(self, sources: Iterable[Source], sections: Iterable[Section]) -> None:
        self._sources = {source.path: source for source in sources}
        self._known: dict[Quote, Evidence] = {}
        self._commands = {
            (s.source.path, s.first_line, max(s.first_line, s.last_line)): s.command
            for s in sections
            if s.command
        }

    def evidence(self, quotes: Sequence[Quote]) -> list[Evidence]:
        """The quotes as evidence, each once, sorted by source and line; at most MOST_QUOTES of them."""
        unique = sorted(dict.fromkeys(quotes), key=lambda q: (q.place, q.kind))
        if len(unique) > MOST_QUOTES:
            half = MOST_QUOTES // 2
            unique = [*unique[:half], *unique[-half:]]
        return [self._one(quote) for quote in unique]

    def _one(self, quote: Quote) -> Evidence:
        """The evidence of a quote; a line that proves several things is read and redacted once."""
        known = self._known.get(quote)
        if known is None:
            known = self._known[quote] = self._read(quote)
        return known

    def _read(self, quote: Quote) -> Evidence:
        place = quote.place
        return Evidence(
            source=place.source,
            line=place.line,
            last_line=place.last_line,
            kind=quote.kind,
            text=self._text(quote),
        )

    def _text(self, quote: Quote) -> str:
        if quote.text is not None:
            return redact(quote.text)
        place = quote.place
        if quote.kind == "absence":
            # What is lacking cannot be quoted; the section that lacks it can be named.
            return self._commands.get((place.source, place.line, place.last_line), "")
        source = self._sources.get(place.source)
        text = redact(source.text(place)).strip("\n") if source is not None else ""
        return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + " ..."
