"""How every page looks: both languages, a small and a large screen, light and dark; and high contrast."""

from __future__ import annotations

import pytest

from tests.tui.app.snapshots import LARGE, SMALL, demo, snap
from tui.app.app import GuideApp
from tui.app.widgets.tabs import PAGES

# Each page is seen in both languages, at both sizes and in both themes, without all eight combinations.
BEGIN = ["tab", "b"]  # without evidence, from the start page
LOOKS = [("en", SMALL, "dark"), ("en", LARGE, "light"), ("ko", SMALL, "light"), ("ko", LARGE, "dark")]


@pytest.mark.parametrize(("lang", "size", "theme"), LOOKS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_looks_as_it_did(page: str, lang: str, size: tuple[int, int], theme: str) -> None:
    name = f"{page}-{lang}-{size[0]}x{size[1]}-{theme}"
    if page in {"start", "guide"}:  # of a case with everything in it the guide has nothing to ask
        press = BEGIN if page == "guide" else []
        snap(lambda: GuideApp(lang="ko" if lang == "ko" else "en", theme=theme), name, size=size, press=press)
    else:
        snap(demo(lang, theme=theme), name, size=size, press=[str(PAGES.index(page))])


@pytest.mark.parametrize("page", ["start", "case", "guide"])
def test_a_page_in_high_contrast(page: str) -> None:
    make = demo("en", theme="contrast") if page == "case" else lambda: GuideApp(theme="contrast")
    snap(make, f"{page}-contrast", press=BEGIN if page == "guide" else [])


def test_the_guide_after_an_answer_and_why() -> None:
    keys = [*BEGIN, "j", "j", "enter"]
    snap(GuideApp, "guide-answered", size=LARGE, press=keys)
    snap(GuideApp, "guide-why", size=LARGE, press=[*keys, "w"])


def test_the_guide_when_nothing_is_left_to_ask() -> None:
    snap(demo(), "guide-end", press=["2"])
