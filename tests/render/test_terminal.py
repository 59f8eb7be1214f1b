from __future__ import annotations

import re
import subprocess
import sys

import msgspec
import pytest

from engine.diagnosis.document import Diagnosis, Finding, Lang, Question
from engine.render import order, terminal
from engine.render.width import display_width
from tests.render.documents import FLOW, empty_case, flows, full_case, spi_ff
from tests.render.words_file import ROOT, words

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def drawn(document: Diagnosis, *, width: int = 100, colour: bool = False, full: bool = False) -> list[str]:
    return list(terminal.render(document, words(document.lang), width=width, colour=colour, full=full))


def many_flows(count: int) -> Diagnosis:
    first = flows()[0]
    listed = [
        msgspec.structs.replace(first, id=f"R1/flow/{n}", src=f"203.0.113.{n % 250}", spi=f"0x{n:08X}")
        for n in range(count)
    ]
    return msgspec.structs.replace(full_case("en"), flows=listed)


def many_findings(count: int) -> Diagnosis:
    listed: list[Finding] = [
        msgspec.structs.replace(spi_ff("en"), id=f"f/{n}", rank=n, title=f"Finding number {n}")
        for n in range(count)
    ]
    return msgspec.structs.replace(full_case("en"), findings=listed)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_answer_comes_first_and_all_that_matters_stands_on_the_first_screen(lang: Lang) -> None:
    document = full_case(lang)
    lines = drawn(document)
    screen = "\n".join(lines[:45])
    assert lines[0].startswith("R1")
    assert "%CRYPTO-4-RECVD_PKT_INV_SPI" in screen
    for finding in document.findings[-3:]:
        assert finding.title.split(":")[0] in screen
    assert "         clear crypto sa peer 198.51.100.1" in lines[:45]
    assert document.questions[0].text.split()[0] in screen


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 132])
def test_no_line_is_wider_than_asked_but_for_what_must_not_be_broken(lang: Lang, width: int) -> None:
    document = full_case(lang)
    whole = {c for a in document.actions for c in (*a.commands, *a.verify, *a.rollback)}
    whole |= {c for f in document.findings for m in f.missing for c in m.collect}
    whole |= {c for q in document.questions for c in q.collect}
    for line in drawn(document, width=width):
        if display_width(line) > width:
            assert line.strip() in whole or len(line.split()) == 1, line


@pytest.mark.parametrize("width", [1, 7, 20, 60])
def test_commands_are_never_broken(width: int) -> None:
    document = full_case("en")
    lines = [line.strip() for line in drawn(document, width=width)]
    for action in document.actions:
        assert all(command in lines for command in action.commands)


def test_without_a_width_nothing_is_broken() -> None:
    document = full_case("en")
    assert any(
        line.endswith(document.findings[-1].because[0].evidence[0].text) for line in drawn(document, width=0)
    )


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_colour_changes_neither_words_nor_layout(lang: Lang) -> None:
    plain, coloured = drawn(full_case(lang)), drawn(full_case(lang), colour=True)
    assert [ANSI.sub("", line).rstrip() for line in coloured] == plain
    assert any(ANSI.search(line) for line in coloured)
    assert not any("\x1b" in line for line in plain)


def test_columns_align_in_korean() -> None:
    lines = drawn(full_case("ko"))
    head = next(n for n, line in enumerate(lines) if line.lstrip().startswith("카운터") and "장비" in line)
    columns = {
        display_width(line[: line.index(cell)])
        for line, cell in zip(lines[head:], ("장비", "R1"), strict=False)
    }
    assert len(columns) == 1


def test_long_evidence_shows_its_first_and_last_line_and_how_many_are_left_out() -> None:
    text = "\n".join(drawn(full_case("en"), width=0))
    first = text[text.index("yes  The message repeats") : text.index("no   R1 has an IKE SA")]
    assert "show-tech.txt:140" in first
    assert "+ 5 more" in first
    assert "show-tech.txt:146" in first
    assert "show-tech.txt:141" not in first
    assert "show-tech.txt:141" in "\n".join(drawn(full_case("en"), width=0, full=True))


def test_a_quotation_is_not_repeated_within_a_finding() -> None:
    finding = full_case("en").findings[-1]
    again = msgspec.structs.replace(finding.because[0], title="It recurs")
    document = msgspec.structs.replace(
        full_case("en"), findings=[msgspec.structs.replace(finding, because=[finding.because[0], again])]
    )
    lines = drawn(document, width=0)
    assert sum("show-tech.txt:140  " in line for line in lines) == 1
    assert any(
        "yes  It recurs  (quoted above: r1/show-tech.txt:140, r1/show-tech.txt:141)" in line for line in lines
    )


def test_a_file_that_is_one_long_line_does_not_fill_the_screen() -> None:
    finding = full_case("en").findings[-1]
    item = msgspec.structs.replace(finding.because[0].evidence[0], text="x y " * 500_000)
    reason = msgspec.structs.replace(finding.because[0], evidence=[item])
    document = msgspec.structs.replace(
        full_case("en"), findings=[msgspec.structs.replace(finding, because=[reason])]
    )
    lines = drawn(document)
    assert len(lines) < 120
    assert "(+ 1998999 characters)" in " ".join(map(str.strip, lines))


def test_long_lists_are_cut_unless_everything_is_asked_for() -> None:
    short, whole = drawn(many_flows(500)), drawn(many_flows(500), full=True)
    assert len(short) < 260
    assert any(line == "  + 480 more, all of them in the JSON document" for line in short)
    assert sum("SPI 0x" in line and line.startswith("  R1 <-") for line in whole) == 500
    assert not any("in the JSON document" in line for line in whole)


def test_many_findings_are_shown_by_rank_and_counted() -> None:
    lines = drawn(many_findings(30))
    titles = [int(m[1]) for line in lines if (m := re.search(r"Finding number (\d+)", line))]
    assert titles[0] == 0
    assert max(titles) == 19
    assert any("+ 10 more, all of them in the JSON document" in line for line in lines)
    assert len([line for line in drawn(many_findings(30), full=True) if "id: f/" in line]) == 30


def test_actions_come_in_their_order_not_by_id() -> None:
    ids = [action.id for action in order.actions(full_case("en"))]
    assert ids == ["R2/clear-stale-sa", "192.0.2.77/collect-sa", "R1/enable-invalid-spi-recovery"]


def test_a_section_with_nothing_to_say_is_left_out() -> None:
    assert drawn(empty_case("en"))[1:4] == ["", "FINDINGS", "  " + words("en")("no-findings")]
    assert len(drawn(empty_case("en"))) == 6


def test_problems_stand_on_top_where_nothing_could_be_diagnosed() -> None:
    document = msgspec.structs.replace(full_case("en"), status="error", findings=[])
    lines = drawn(document)
    assert lines.index("PROBLEMS") < lines.index("FINDINGS")
    assert lines.count("PROBLEMS") == 1


def test_names_the_document_lacks_are_shown_as_they_are() -> None:
    finding = full_case("en").findings[-1]
    subject = msgspec.structs.replace(
        finding.subject, device="R9", flow="R9/flow/gone", setup="R9/setup/gone"
    )
    document = msgspec.structs.replace(
        full_case("en"),
        findings=[msgspec.structs.replace(finding, subject=subject)],
        setups=[],
        flows=[],
        questions=[Question(id="q", text="Is it?", answers=[], gain=1.0, settles=["nowhere"], collect=[])],
    )
    text = "\n".join(drawn(document))
    assert "R9/flow/gone, R9, R9/setup/gone" in text
    assert "settles: nowhere" in text


def test_an_action_without_device_or_address_names_the_side() -> None:
    action = full_case("en").actions[0]
    target = msgspec.structs.replace(action.target, device=None, address=None)
    document = msgspec.structs.replace(
        full_case("en"), actions=[msgspec.structs.replace(action, target=target)]
    )
    assert any("on: sender, exec mode" in line for line in drawn(document))


def test_a_finding_about_the_sender_names_the_sender_beside_the_flow() -> None:
    finding = full_case("en").findings[-1]
    subject = msgspec.structs.replace(finding.subject, device="R2", flow=FLOW, setup=None, peer="192.0.2.1")
    document = msgspec.structs.replace(
        full_case("en"), findings=[msgspec.structs.replace(finding, subject=subject)]
    )
    assert "     R1 <- 192.0.2.1 SPI 0x1DB73B01, R2" in drawn(document)


def test_rich_is_imported_only_for_colour() -> None:
    program = (
        "import sys\n"
        "from tests.render.documents import full_case\n"
        "from tests.render.words_file import words\n"
        "from engine.render import terminal, markdown, json_document\n"
        "list(terminal.render(full_case('en'), words('en')))\n"
        "sys.exit('rich' in sys.modules or 'textual' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def ruled_out(*found: tuple[str, str | None]) -> Diagnosis:
    """Findings that are ruled out by one condition each, or by their release (None)."""
    excluded = next(f for f in full_case("en").findings if f.verdict == "ruled_out")
    reason = excluded.against[0]
    listed = [
        msgspec.structs.replace(
            excluded,
            id=name,
            rank=rank,
            title=f"{name}: what it does",
            against=[msgspec.structs.replace(reason, title=title)] if title else [],
            note=None if title else "The release has the fix.",
        )
        for rank, (name, title) in enumerate(found, 1)
    ]
    return msgspec.structs.replace(empty_case("en"), findings=listed)


def section(lines: list[str], head: str) -> list[str]:
    first = lines.index(head) + 1
    return lines[first : lines.index("", first)]


EXCLUDED = (
    ("B1", "It is an ASA"),
    ("B2", "IKEv2 is used"),
    ("B3", "It is an ASA"),
    ("B4", None),
    ("B1", "It is an ASA"),
)


def test_what_nothing_spoke_for_is_named_by_what_rules_it_out() -> None:
    assert section(drawn(ruled_out(*EXCLUDED)), "RULED OUT") == [
        "  no   It is an ASA: B1, B3",
        "  no   IKEv2 is used: B2",
        "  The release has the fix: B4",
    ]


def test_everything_that_is_ruled_out_is_shown_with_its_title_where_all_was_asked_for() -> None:
    shown = "\n".join(drawn(ruled_out(*EXCLUDED), full=True))
    assert shown.count("what it does") == len(EXCLUDED)
    assert "The release has the fix." in shown


def test_what_something_spoke_for_keeps_its_reasons_although_it_is_ruled_out() -> None:
    document = ruled_out(("B1", "It is an ASA"), ("B2", "It is an ASA"))
    first = msgspec.structs.replace(document.findings[0], because=spi_ff("en").because)
    lines = drawn(msgspec.structs.replace(document, findings=[first, document.findings[1]]))
    shown = section(lines, "RULED OUT")
    assert shown[0].startswith("  B1: what it does")
    assert shown[-1] == "  no   It is an ASA: B2"


def test_what_is_ruled_out_here_and_possible_there_is_told_with_what_it_is_about() -> None:
    document = ruled_out(("B1", "It is an ASA"))
    here = msgspec.structs.replace(document.findings[0], verdict="likely", rank=2)
    lines = drawn(msgspec.structs.replace(document, findings=[*document.findings, here]))
    assert section(lines, "RULED OUT")[0] == "  B1: what it does (peer 192.0.2.1)"


def test_a_condition_that_rules_out_without_a_word_is_not_left_without_reason() -> None:
    document = ruled_out(("B1", None))
    silent = msgspec.structs.replace(document.findings[0], note=None)
    lines = drawn(msgspec.structs.replace(document, findings=[silent]))
    assert section(lines, "RULED OUT") == ["  A necessary condition is known not to hold: B1"]


def test_thousands_that_one_condition_rules_out_take_few_lines() -> None:
    document = ruled_out(*((f"B{n:04}", "It is an ASA") for n in range(3000)))
    shown = section(drawn(document), "RULED OUT")
    assert "+ 2980 more" in " ".join(shown)
    assert len(shown) < 10
