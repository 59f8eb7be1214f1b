"""In which order parts of the document are shown, the same in every format made for people."""

from __future__ import annotations

from engine.diagnosis.document import Action, Diagnosis, Finding, Verdict

LEADING: tuple[Verdict, ...] = ("confirmed", "likely", "possible")


def findings(document: Diagnosis, *verdicts: Verdict) -> list[Finding]:
    """The findings with one of these verdicts, by rank."""
    return sorted((f for f in document.findings if f.verdict in verdicts), key=lambda f: (f.rank, f.id))


def actions(document: Diagnosis) -> list[Action]:
    """The actions as a person should go through them: by their `order`."""
    return sorted(document.actions, key=lambda a: (a.order, a.id))
