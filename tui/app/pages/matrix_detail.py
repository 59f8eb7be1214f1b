"""What a cell of the matrix says: short in the table, in full with its source below it."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual.content import Content

from engine.kbtools.matrix import Cell, Row
from engine.knowledge.model import Knowledge
from engine.knowledge.written import Cite
from engine.render.phrases import Phrases
from engine.render.visible import prose
from engine.render.words import Words
from tui.app.pages.matrix_places import Place

_MOST_LINES = 3


class Telling:
    """Words for rows and places in one language.

    Args:
        kb: for the titles of sources.
        words: fixed words of the reports.
        lang: language of the knowledge's texts.
        phrases: of the case.
        word: a text of the screens by its key, with places filled in.
    """

    def __init__(
        self, kb: Knowledge, words: Words, lang: str, phrases: Phrases, word: Callable[..., str]
    ) -> None:
        self._kb = kb
        self._words = words
        self._lang = lang
        self._phrases = phrases
        self._word = word

    def cell(self, shown: Row | Place, column: str) -> Text:
        """What stands in the table. Words tell; weight only underlines them."""
        if isinstance(shown, Place):
            return self._cell_of_place(shown, column)
        if column == "kind":
            return Text(self._words.term("setup-kind", shown.setup), "bold" if shown.stated else "italic")
        if column == "support":
            return Text(self._word(f"matrix.support_{shown.support.value}"))
        if column == "inferred":
            if shown.why is None:
                return Text("")
            value = shown.inferred.value if shown.inferred is not None else "unknown"
            return Text(f"~ {self._word(f'matrix.support_{value}')}", "italic")
        return Text(self._word(f"matrix.outcome_{shown.outcomes[column].value}"))

    def _cell_of_place(self, place: Place, column: str) -> Text:
        if column == "kind":
            return Text(f"  {self._ends(place)}")
        if column == "support":
            known = {True: "yes", False: "no", None: "unknown"}[place.configured]
            return Text(self._word(f"matrix.command_{known}"))
        if column not in place.columns:
            return Text("")
        if len(place.columns) == 1:
            return Text(self._word("matrix.now"), "bold reverse")
        return Text(self._word("matrix.maybe"))

    def _ends(self, place: Place) -> str:
        device = place.device or self._words("unknown.device")
        return prose(f"{device} ← {place.peer or self._word('matrix.any_peer')}")

    def detail(self, shown: Row | Place, column: str) -> Content:
        """The cell in full, and who says so."""
        lines = self._of_place(shown) if isinstance(shown, Place) else self._of_row(shown, column)
        return Content("\n").join(lines)

    def _of_row(self, row: Row, column: str) -> list[Content]:
        words = self._words
        lines = [Content.styled(row.title(self._lang), "bold")]
        if column == "inferred" or (column == "kind" and not row.stated):
            return lines + self._inferred(row)
        if column in {"kind", "support"}:
            value = words(f"support.{row.support.value}")
            lines.append(Content(f"{words('matrix.supported')}: {value}"))
            return lines + self._cited(row.support.cites)
        cell: Cell = row.outcomes[column]
        lines.append(Content(f"{words(f'matrix.{column}')}: {words(f'outcome.{cell.value}')}"))
        return lines + self._cited(cell.cites)

    def _inferred(self, row: Row) -> list[Content]:
        words = self._words
        if row.why is None:
            return [Content(self._word("matrix.stated_so")), *self._cited(row.support.cites)]
        known = words("outcome.unknown") if row.inferred is None else words(f"support.{row.inferred.value}")
        said = words("matrix.inferred", support=known, why=row.why(self._lang))
        entry = self._kb.matrix.outside[row.setup]
        return [
            Content(f"{words('matrix.supported')}: {words(f'support.{row.support.value}')}"),
            Content(said),
            *self._cited([Cite(source=entry.source, statement="inferred")]),
        ]

    def _cited(self, cites: list[Cite]) -> list[Content]:
        if not cites:
            return [Content.styled(self._word("matrix.no_source"), "$text-muted")]
        return [self._citation(cite) for cite in cites]

    def _citation(self, cite: Cite) -> Content:
        source = self._kb.sources.get(cite.source.partition("#")[0])
        title = f" {source.title}" if source is not None else ""
        statement = self._words(f"statement.{cite.statement}")
        return Content.styled(
            f"{self._words('label.source')} {cite.source} ({statement}){title}", "$text-muted"
        )

    def _of_place(self, place: Place) -> list[Content]:
        words = self._words
        setup = self._phrases.setup_by_id(place.setup)
        lines = [
            Content.assemble(
                (self._ends(place), "bold"), f"  {prose(setup or self._word('matrix.unplaced'))}"
            )
        ]
        command = f"{words('column.command')}: {self._phrases.configured(place.configured)}"
        if place.flow is None:
            lines.append(Content(f"{command}; {self._word('matrix.silent')}"))
        else:
            recovery = place.flow.recovery
            ike_sa = f"{words('column.ike-sa')}: {words(f'ike-sa.{recovery.ike_sa}')}"
            lines.append(Content(f"{command}; {ike_sa}"))
            outcome = words(f"outcome.{recovery.outcome}")
            lines.append(Content(self._word("matrix.now_does", outcome=outcome)))
        shown = place.evidence[:_MOST_LINES]
        lines += [
            Content.styled(f"{e.source}:{e.line}  {prose(e.text)}".replace("\n", " "), "$text-muted")
            for e in shown
        ]
        return lines
