"""docs/guide.md names every key of the application that has a name, under the page that it works on."""

import re
from pathlib import Path

import pytest

from tests.docs.quoted import ROOT, text_of
from tui.app import themes
from tui.app.autosave import MOST
from tui.app.widgets.tabs import PAGES

GUIDE = text_of("docs/guide.md")
SIGNS = {
    "ampersand": "&", "colon": ":", "escape": "Esc", "left_square_bracket": "[", "question_mark": "?",
    "right_square_bracket": "]", "slash": "/",
}  # fmt: skip
NAMED = re.compile(r'Binding\(\s*"([^"]+)",\s*"[^"]+",\s*"(\w+)\.key_\w+"')


def bindings() -> list[tuple[str, str]]:
    """(page or common, keys) of every binding whose description is a text."""
    found = set()
    for path in Path(ROOT / "tui" / "app").rglob("*.py"):
        for keys, table in NAMED.findall(path.read_text(encoding="utf-8")):
            found.add((table, keys))
    return sorted(found)


def section(table: str) -> str:
    """The part of the document about a page, with what holds everywhere."""
    everywhere = GUIDE.split("\n## Keys everywhere\n")[1].split("\n## ")[0]
    if table not in PAGES:
        return everywhere + GUIDE
    return everywhere + re.split(r"\n##", GUIDE.split(f"\n### {PAGES.index(table)} ")[1])[0]


def written(key: str) -> str:
    """A key as the document writes it."""
    if key in SIGNS:
        return SIGNS[key]
    return "+".join(part if len(part) == 1 else part.capitalize() for part in key.split("+"))


@pytest.mark.parametrize(("table", "keys"), bindings())
def test_every_named_key_is_in_the_document(table: str, keys: str) -> None:
    assert any(f"`{written(key)}`" in section(table) for key in keys.split(",")), (table, keys)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_part(page: str) -> None:
    assert f"\n### {PAGES.index(page)} " in GUIDE


@pytest.mark.parametrize("theme", themes.SHORT)
def test_every_theme_is_named(theme: str) -> None:
    assert f"`{theme}`" in GUIDE


def test_the_number_of_kept_cases_is_the_real_one() -> None:
    assert MOST == 20
    assert "The last twenty cases are kept" in GUIDE
