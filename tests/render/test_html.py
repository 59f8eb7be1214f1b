"""The HTML page: well formed, accessible, from nowhere else, and no text of a case can become markup."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnosis.document import Diagnosis, Lang
from engine.render import html
from tests.render.documents import empty_case, full_case
from tests.render.test_any_text import FREE, ODD, rewritten
from tests.render.words_file import words

_VOID = {"meta", "link", "line", "br"}
HOSTILE = (
    "</style></title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}<svg onload=alert(1)>",
    "`<b>` ` <i>javascript:alert(1)",
    "\x1b[31m\u202e\x00<!--",
)


class Page(HTMLParser):
    """The elements of a page; refuses what is not nested well."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(document: Diagnosis, *, full: bool = False) -> Page:
    return Page(html.render(document, words(document.lang), full=full))


def hostile(document: Diagnosis) -> Diagnosis:
    return msgspec.convert(rewritten(msgspec.to_builtins(document), list(HOSTILE)), Diagnosis)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_has_the_language_and_everything_of_the_document(lang: Lang) -> None:
    document = full_case(lang)
    shown = page(document)
    assert shown.all("html") == [{"lang": lang}]
    assert "".join(shown.text.split()).count("".join(document.summary.replace("`", "").split())) == 1
    for finding in document.findings:
        assert finding.id in shown.text
    for action in document.actions:
        for command in action.commands:
            assert command in shown.text
    for device in document.devices:
        assert device.name in shown.text


def test_it_loads_nothing_and_runs_nothing() -> None:
    for shown in (page(full_case("en")), page(hostile(full_case("en")), full=True)):
        names = {tag for tag, _ in shown.elements}
        assert not names & {"script", "img", "iframe", "object", "embed", "form", "base", "audio", "video"}
        assert [link["href"] for link in shown.all("link")] == ["data:,"]
        for _, attributes in shown.elements:
            assert not any(name.startswith("on") for name in attributes)
            assert all(name not in {"src", "style"} for name in attributes)
        [policy] = [
            m["content"] for m in shown.all("meta") if m.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policy is not None
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "@import" not in html.render(full_case("en"), words("en"))
    assert "url(" not in html.render(full_case("en"), words("en"))


def test_hostile_text_stays_text() -> None:
    expected = {tag for tag, _ in page(full_case("en")).elements}
    shown = page(hostile(full_case("en")))
    assert {tag for tag, _ in shown.elements} <= expected | {"code"}
    assert "<script>alert(1)</script>" in shown.text
    assert "{{ 7 * 7 }}" in shown.text
    assert "49" not in shown.text.replace("{{ 7 * 7 }}", "").split()
    raw = html.render(hostile(full_case("en")), words("en"))
    assert "<script" not in raw
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", raw)


@settings(deadline=None, max_examples=40)
@given(st.lists(ODD, min_size=1, max_size=8), st.booleans())
def test_any_document_is_a_page(odd: list[str], full: bool) -> None:
    document = msgspec.convert(rewritten(msgspec.to_builtins(full_case("ko")), odd), Diagnosis)
    shown = page(document, full=full)
    html.render(document, words("ko")).encode("utf-8")
    ids = [attributes["id"] for _, attributes in shown.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("make", [full_case, empty_case])
def test_every_link_leads_to_a_place_of_the_page_and_every_id_is_one(make: Any) -> None:
    shown = page(make("en"))
    ids = [attributes["id"] for _, attributes in shown.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    links = [a["href"] or "" for a in shown.all("a")]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    labels = [a["aria-labelledby"] for _, a in shown.elements if a.get("aria-labelledby")]
    assert set(labels) <= set(ids)


def test_a_quoted_line_is_an_anchor_of_its_file_and_line() -> None:
    shown = page(full_case("en"))
    ids = {attributes.get("id") for _, attributes in shown.elements}
    assert "at-r1-show-tech.txt:12" in ids
    assert {"class": "place", "href": "#at-r1-show-tech.txt:12"} in shown.all("a")


def test_tables_headings_and_pictures_speak_to_a_screen_reader() -> None:
    shown = page(full_case("en"))
    assert all(head.get("scope") in {"col", "row"} for head in shown.all("th"))
    levels = [int(tag[1]) for tag, _ in shown.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(svg.get("aria-label") or svg.get("aria-hidden") for svg in shown.all("svg"))
    assert len(shown.all("main")) == 1
    # A verdict is a word wherever its colour is.
    for verdict in ("confirmed", "likely"):
        assert words("en")(f"verdict.{verdict}") in shown.text


def test_long_lists_are_shortened_unless_everything_is_asked_for() -> None:
    case = full_case("en")
    many = [msgspec.structs.replace(case.actions[0], id=f"R1/x/{n}", order=n) for n in range(60)]
    case = msgspec.structs.replace(case, actions=many)
    assert page(case).all("article").count({"class": "action"}) == 50
    assert words("en")("more.elsewhere", n=10) in page(case).text
    assert page(case, full=True).all("article").count({"class": "action"}) == 60


def test_what_stands_in_backticks_is_code_and_a_lone_backtick_is_itself() -> None:
    assert html._told("`no <x>` here") == "<code>no &lt;x&gt;</code> here"
    assert html._told("a ` b") == "a ` b"


def test_every_field_that_the_hostile_case_replaces_is_free_text() -> None:
    assert {"summary", "title", "text", "commands", "note"} <= FREE
