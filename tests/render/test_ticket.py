"""The ticket text: short, plain, the answer first, and nothing harmful in it."""

from __future__ import annotations

from itertools import starmap

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnosis.document import Diagnosis, Lang
from engine.render import ticket
from engine.render.page_words import table
from engine.render.width import display_width
from tests.render.documents import empty_case, full_case
from tests.render.test_any_text import ODD, harmless, rewritten
from tests.render.words_file import ROOT, words
from tui.cli import DONE, main

DEMO = ROOT / "tests" / "cases" / "001-seed-persistent-pair" / "input"


def lines(document: Diagnosis) -> list[str]:
    return list(ticket.render(document, words(document.lang)))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_demo_takes_at_most_sixty_lines(lang: Lang, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", str(DEMO), "--format", "ticket", "--lang", lang]) == DONE
    told = capsys.readouterr().out.splitlines()
    assert len(told) <= 60
    assert "198.51.100.1" in told[0]
    text = "\n".join(told)
    for wanted in ("r2.txt:101", "clear crypto sa peer 192.0.2.2", "no crypto isakmp invalid-spi-recovery"):
        assert wanted in text


@pytest.mark.parametrize("make", [full_case, empty_case])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_lines_fit_where_their_words_do_and_end_without_blanks(make: object, lang: Lang) -> None:
    for line in lines(make(lang)):  # type: ignore[operator]  # one of the two above
        assert line == line.rstrip()
        assert display_width(line) <= ticket.WIDTH or not line.strip().count(" ")


def test_it_has_verdict_reason_what_is_missing_action_risk_and_the_way_back() -> None:
    text = "\n".join(lines(full_case("en")))
    for wanted in ("WHY", "CONFIRMED", "MISSING", "DO, IN THIS ORDER", "risk:", "undo:", "verify:"):
        assert wanted in text


def test_the_same_finding_of_several_flows_is_told_once() -> None:
    case = full_case("en")
    first = next(f for f in case.findings if f.rank == 1)
    again = [
        msgspec.structs.replace(first, rank=2, subject=msgspec.structs.replace(first.subject, flow=f"F{n}"))
        for n in range(9)
    ]
    told = lines(msgspec.structs.replace(case, findings=[first, *again]))
    assert sum(first.title[:40] in line for line in told) == 1
    assert any("Likewise: " in line for line in told)
    assert any("+ 6 more" in line for line in told)


def test_of_a_long_proof_it_is_told_how_many_lines_were_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    case = full_case("en")
    monkeypatch.setattr(ticket, "_PROOF", 100)
    whole = len(lines(case))
    monkeypatch.setattr(ticket, "_PROOF", 2)
    cut = lines(case)
    assert any(line.strip().startswith(f"+ {whole - len(cut) + 1} more") for line in cut)


def test_what_could_not_be_read_is_told() -> None:
    case = full_case("en")
    told = "\n".join(lines(msgspec.structs.replace(case, status="partial")))
    assert case.problems[0].code in told


@settings(deadline=None, max_examples=40)
@given(st.lists(ODD, min_size=1, max_size=8))
def test_any_document_is_drawn_and_harmless(odd: list[str]) -> None:
    document = msgspec.convert(rewritten(msgspec.to_builtins(full_case("ko")), odd), Diagnosis)
    assert all(map(harmless, lines(document)))


def test_the_words_stand_in_both_languages_with_the_same_places() -> None:
    def places(text: str) -> list[str]:
        return sorted(part.partition("}")[0] for part in text.split("{")[1:])

    assert all(set(texts) == {"en", "ko"} for texts in table().values())
    assert all(
        starmap(lambda en, ko: places(en) == places(ko), ((t["en"], t["ko"]) for t in table().values()))
    )
    used = "".join(
        path.read_text("utf-8")
        for path in (ROOT / "engine" / "render").rglob("*")
        if path.suffix in {".py", ".j2"}
    )
    assert all(f'"{key}"' in used or key.startswith("replay.evidence-") for key in table())
