"""In which order parts of the document are shown, the same in every format made for people."""

from __future__ import annotations

from engine.diagnosis.document import Action, Diagnosis, Finding, Verdict

LEADING: tuple[Verdict, ...] = ("confirmed", "likely", "possible")


def findings(document: Diagnosis, *verdicts: Verdict) -> list[Finding]:
    """The findings with one of these verdicts, by rank."""
    return sorted((f for f in document.findings if f.verdict in verdicts), key=lambda f: (f.rank, f.id))


def ruled_out(document: Diagnosis) -> tuple[list[Finding], list[Finding]]:
    """The findings that are ruled out: those to show each for itself, and those of which the id will do.

    A finding stands for itself where something spoke for it, or where elsewhere in the case it is at least possible.
    """
    leading = {f.id for f in document.findings if f.verdict in LEADING}
    found = findings(document, "ruled_out")
    own = [f for f in found if f.because or f.id in leading]
    return own, [f for f in found if not f.because and f.id not in leading]


def actions(document: Diagnosis) -> list[Action]:
    """The actions as a person should go through them: by their `order`."""
    return sorted(document.actions, key=lambda a: (a.order, a.id))
