"""Templates of EEM applets: what may stand in them, and how they are rendered.

A template is text with places and conditions, `{{ peer }}` and `{% if ikev2 %}`, and nothing else of Jinja2: what it
renders to can then be checked for every router by rendering it for a few.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import product
from typing import Any

from engine.knowledge.applet_check import faults_in
from engine.knowledge.near import near

PLACES = (
    "bypass", "family", "file", "file_prompt_quiet", "ikev1", "ikev2", "name", "peer", "peer_pattern", "qfp",
    "storage", "variable", "where",
)  # fmt: skip
"""What an applet is rendered with (`engine.plan.eem`)."""
_FLAGS = ("bypass", "file_prompt_quiet", "ikev1", "ikev2", "qfp")
_PEERS = (("192.0.2.9", r"192\.0\.2\.9", "ipv4"), ("2001:DB8::9", "2001:DB8::9", "ipv6"))
_NODES = frozenset({"Template", "Output", "TemplateData", "Name", "If", "Not", "And", "Or"})


def render(text: str, values: Mapping[str, Any]) -> list[str]:
    """A template rendered, line by line; empty lines left out.

    Raises:
        jinja2.TemplateError: it is not a template, or has a place without a value.
    """
    rendered: str = _environment().from_string(text).render(values)
    return [line.rstrip() for line in rendered.splitlines() if line.strip()]


@lru_cache(maxsize=256)
def template_faults(text: str) -> tuple[tuple[int, str], ...]:
    """What is wrong with a template, whatever it is rendered with: (line inside it from 1, sentence)."""
    from jinja2 import TemplateSyntaxError

    try:
        tree = _environment().parse(text)
    except TemplateSyntaxError as error:
        return ((error.lineno, f"not a template: {error.message}"),)
    return tuple(dict.fromkeys(_strange(tree)))


@lru_cache(maxsize=64)
def applet_faults(text: str) -> tuple[str, ...]:
    """What is wrong with what a template renders to, on some router or other; empty where nothing is."""
    found: dict[str, None] = {}
    for values in _samples():
        found.update(dict.fromkeys(faults_in(render(text, values))))
    return tuple(found)


def _strange(tree: Any) -> Iterator[tuple[int, str]]:
    """Places that nothing fills, and whatever is neither a place nor a condition."""
    from jinja2.nodes import Name, Node

    for node in tree.find_all(Node):
        if isinstance(node, Name) and node.name not in PLACES:
            yield node.lineno, f"no place {node.name!r}{near(node.name, PLACES)}"
        elif type(node).__name__ not in _NODES:
            kind = type(node).__name__
            yield node.lineno, f"a template has {{{{ places }}}} and {{% if %}} only, no {kind}"


def _samples() -> Iterator[dict[str, Any]]:
    """Values for each kind of router and peer that changes what is rendered."""
    for flags in product((False, True), repeat=len(_FLAGS)):
        chosen = dict(zip(_FLAGS, flags, strict=True))
        if not (chosen["ikev1"] or chosen["ikev2"]):
            continue  # one of the two is always known or assumed
        for peer, pattern, family in _PEERS:
            yield {
                **chosen, "where": "R1", "name": "IPSECDX-CAP-A", "variable": "ipsecdx_A", "peer": peer,
                "peer_pattern": pattern, "family": family, "storage": "flash:", "file": "flash:ipsecdx-R1-A.txt",
            }  # fmt: skip


@cache
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # Configuration is no HTML: nothing is to be escaped for a browser, and `faults_in` checks what comes out.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
