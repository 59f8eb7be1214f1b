"""The looks: light, dark and high contrast. NO_COLOR (no-color.org) makes any of them grey; Textual sees to it."""

from __future__ import annotations

from textual.theme import Theme


def _variables(
    *, key: str, muted: str, cursor: str, blurred: str, on_cursor: str, edge: str
) -> dict[str, str]:
    """The colours that are ours to set: the line under the cursor keeps the colours of what stands in it readable."""
    return {
        "footer-key-foreground": key,
        "text-muted": muted,
        "block-cursor-background": cursor,
        "block-cursor-foreground": on_cursor,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": blurred,
        "block-cursor-blurred-foreground": on_cursor,
        "block-cursor-blurred-text-style": "none",
        "border": key,
        "border-blurred": edge,
        "scrollbar": edge,
        "scrollbar-hover": key,
        "scrollbar-active": key,
        "scrollbar-background": "transparent",
        "scrollbar-background-hover": "transparent",
        "scrollbar-background-active": "transparent",
        "scrollbar-corner-color": "transparent",
        "input-selection-background": f"{key} 35%",
    }


DARK = Theme(
    name="ipsecdx-dark",
    primary="#6cb6ff",
    secondary="#9ecbff",
    accent="#c4a7ff",
    success="#6fd08c",
    warning="#f0b95b",
    error="#ff7b72",
    foreground="#d7dde5",
    background="#12161c",
    surface="#181d25",
    panel="#222934",
    dark=True,
    variables=_variables(
        key="#6cb6ff",
        muted="#97a3b3",
        cursor="#27486b",
        blurred="#222f3f",
        on_cursor="#ffffff",
        edge="#3c4858",
    ),
)
LIGHT = Theme(
    name="ipsecdx-light",
    primary="#0b5cad",
    secondary="#3b6ea5",
    accent="#6f42c1",
    success="#1a7f37",
    warning="#9a6700",
    error="#b42318",
    foreground="#1f2933",
    background="#fbfbf9",
    surface="#f3f3ef",
    panel="#e6e6df",
    dark=False,
    variables=_variables(
        key="#0b5cad",
        muted="#56616d",
        cursor="#cfe3f7",
        blurred="#e4ebf1",
        on_cursor="#10181f",
        edge="#b9bfc6",
    ),
)
# Black and white, with the few colours that have a contrast of 7 to 1 and more on black (WCAG 2.2, AAA).
CONTRAST = Theme(
    name="ipsecdx-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#ffaaff",
    success="#00ff66",
    warning="#ffcc00",
    error="#ff9e9e",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    text_alpha=1.0,
    variables=_variables(
        key="#ffff00",
        muted="#ffffff",
        cursor="#0033aa",
        blurred="#333333",
        on_cursor="#ffffff",
        edge="#ffffff",
    ),
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT, CONTRAST)}
# What `--theme` takes: dark, light, contrast.
SHORT = {name.removeprefix("ipsecdx-"): name for name in THEMES}


def after(name: str) -> str:
    """The theme that follows in the round of `T`."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
