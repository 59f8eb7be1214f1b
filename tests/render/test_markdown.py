"""Markdown, read back with a CommonMark parser."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.diagnosis.document import Diagnosis, Lang
from engine.render import markdown
from engine.render.markdown_text import code, fence, inline, paragraph, table
from engine.render.visible import prose, visible
from tests.render.documents import full_case
from tests.render.words_file import words

PARSER = MarkdownIt("gfm-like", {"linkify": False})
LINES = st.text(
    st.characters(blacklist_categories=["Cs"]) | st.sampled_from("`*_[]()<>#~|\\&!-+=1. \t"), max_size=60
)


def parsed(text: str) -> list[Token]:
    tokens = PARSER.parse(text)
    return [*tokens, *(child for token in tokens for child in token.children or [])]


def shown(text: str) -> str:
    """What a reader sees of running text."""
    return "".join(t.content for t in parsed(text) if t.type in {"text", "code_inline"})


def with_evidence(text: str) -> Diagnosis:
    document = full_case("en")
    finding = document.findings[-1]
    item = msgspec.structs.replace(finding.because[0].evidence[0], text=text)
    reason = msgspec.structs.replace(finding.because[0], evidence=[item])
    return msgspec.structs.replace(document, findings=[msgspec.structs.replace(finding, because=[reason])])


@given(LINES)
@example("__0__")
@example("_a_ b__c #1")
def test_running_text_reads_as_it_stands(text: str) -> None:
    tokens = parsed(paragraph(text))
    assert not {t.type for t in tokens} - {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "text_special",
    }
    assert "".join(t.content for t in tokens if t.type in {"text", "text_special"}) == prose(text)


@given(LINES)
def test_a_code_span_reads_as_it_stands(text: str) -> None:
    kinds = [
        (t.type, t.content)
        for t in parsed(code(text))
        if t.type not in {"paragraph_open", "paragraph_close", "inline"}
    ]
    expected = prose(text)
    assert kinds == ([("code_inline", expected)] if expected else [])


@given(st.lists(LINES, max_size=5))
def test_nothing_inside_a_fence_closes_it(lines: list[str]) -> None:
    tokens = PARSER.parse("\n".join([*fence(lines), "", "after"]))
    assert [t.type for t in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].content == "".join(f"{visible(line)}\n" for line in lines)


@given(st.lists(st.lists(LINES, min_size=3, max_size=3), min_size=1, max_size=4))
def test_a_cell_cannot_break_its_table(rows: list[list[str]]) -> None:
    tokens = PARSER.parse("\n".join(table(["a", "b", "c"], rows)))
    assert [t.type for t in tokens if t.level == 0] == ["table_open", "table_close"]
    cells = [tokens[n + 1].content for n, t in enumerate(tokens) if t.type == "td_open"]
    assert len(cells) == 3 * len(rows)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_there_is_no_html_and_no_link(lang: Lang) -> None:
    document = msgspec.structs.replace(
        full_case(lang),
        summary="<script>alert(1)</script> [x](javascript:y) ![i](http://192.0.2.9/p.png) &lt;",
    )
    text = markdown.render(document, words(lang))
    assert not {t.type for t in parsed(text)} & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "autolink",
    }
    assert "<script>alert(1)</script> [x](javascript:y)" in shown(text.split("\n")[2])


@given(st.text(st.characters(blacklist_categories=["Cs"]) | st.sampled_from("`\n~"), max_size=80))
def test_fences_are_balanced_whatever_the_evidence(text: str) -> None:
    tokens = PARSER.parse(markdown.render(with_evidence(text), words("en")))
    quoted = next(t for t in tokens if t.type == "fence")
    assert quoted.content.startswith("r1/show-tech.txt:140")
    assert sum(t.type == "heading_open" and t.tag == "h2" for t in tokens) == 1
    assert [t.type for t in tokens if t.level == 0][-4:] == [
        "hr",
        "paragraph_open",
        "inline",
        "paragraph_close",
    ] or (tokens[-1].type == "paragraph_close")


def test_the_order_is_verdict_reasons_missing_actions_and_sources_last() -> None:
    text = markdown.render(full_case("en"), words("en"))
    heads = [line[4:] for line in text.split("\n") if line.startswith("### ")]
    assert heads == [
        "Findings", "Do next", "Find out", "Undetermined, and what would settle it", "Flows",
        "Crypto setups and invalid SPI recovery", "Drop counters", "Answers given", "Ruled out", "Devices", "Problems",
        "Sources",
    ]  # fmt: skip


def test_commands_stand_in_blocks_of_their_own() -> None:
    document = full_case("en")
    blocks = [t.content for t in PARSER.parse(markdown.render(document, words("en"))) if t.type == "fence"]
    for action in document.actions:
        assert "".join(f"{command}\n" for command in action.commands) in blocks


@pytest.mark.parametrize("name", ["RECVD_PKT_INV_SPI", "seed#matrix", "Gi0/0/0", "192.0.2.1"])
def test_names_stay_readable_unrendered(name: str) -> None:
    assert inline(name) == name


def test_what_nothing_spoke_for_is_named_by_what_rules_it_out() -> None:
    excluded = next(f for f in full_case("en").findings if f.verdict == "ruled_out")
    twice = [msgspec.structs.replace(excluded, id=name) for name in ("B1", "B2")]
    document = msgspec.structs.replace(full_case("en"), findings=twice)
    assert "\n### Ruled out\n\n- no The sender uses IKEv2: `B1`, `B2`\n" in markdown.render(
        document, words("en")
    )
    assert markdown.render(document, words("en"), full=True).count("`B1`") == 1
    told = [msgspec.structs.replace(f, because=excluded.against) for f in twice]
    shown = markdown.render(msgspec.structs.replace(document, findings=told), words("en"))
    assert shown.count(excluded.title.split(":")[0]) == len(told)
