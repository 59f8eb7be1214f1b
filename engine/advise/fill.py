"""Placeholders of kb templates: `{flow.src}` is filled from the subject, `[vrf {setup.vrf} ]` is optional.

A template with an unknown placeholder outside brackets gives None: an incomplete command is never printed. A
template that is optional as a whole gives "" where it is left out.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from engine.observe.subject import Subject
from engine.relate.flows import spi_text

_OPTIONAL = re.compile(r"\[([^\[\]]*\{[^\[\]]*)\]")
_FIELD = re.compile(r"\{([a-z0-9.\-]+)\}")
# A value that ends up in a command line must not be able to carry a second command.
_SAFE = re.compile(r"[A-Za-z0-9_.:/\-]+")


def fill(template: str, subject: Subject) -> str | None:
    """The template with every placeholder filled, None where one is unknown."""
    return fill_with(template, values(subject))


def fill_with(template: str, known: dict[str, str]) -> str | None:
    """Like `fill`, from given values."""
    text = _OPTIONAL.sub(lambda m: m[1] if all(f in known for f in _FIELD.findall(m[1])) else "", template)
    if any(field not in known for field in _FIELD.findall(text)):
        return None
    return _FIELD.sub(lambda m: known[m[1]], text)


def values(subject: Subject) -> dict[str, str]:
    """What the placeholders of a subject stand for; unknown ones are left out."""
    flow = subject.flow
    receiver = subject.receiver
    found: dict[str, str | None] = {"device": receiver.name if receiver else None}
    if flow is not None:
        found |= {
            "flow.src": flow.src,
            "flow.dst": flow.dst,
            "flow.spi": spi_text(flow.spi),
            "flow.interface": flow.interface,
            "flow.src-family": _family(flow.src),
            "flow.dst-family": _family(flow.dst),
            "flow.src4": flow.src if _family(flow.src) == "ipv4" else None,
            "flow.acl-protocol": {50: "esp", 51: "ahp"}.get(flow.protocol or 0),
            "flow.src-port": _text(flow.source_port),
            "flow.dst-port": _text(flow.destination_port),
            "setup.vrf": flow.setup.vrf if flow.setup else None,
            "sender-setup.vrf": flow.sender_setup.vrf if flow.sender_setup else None,
        }
    return {name: value for name, value in found.items() if value and _SAFE.fullmatch(value)}


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


@lru_cache(maxsize=4096)
def _family(address: str | None) -> str | None:
    try:
        return f"ipv{ipaddress.ip_address(address or '').version}"
    except ValueError:
        return None
