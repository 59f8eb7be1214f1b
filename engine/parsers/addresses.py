"""Addresses in one canonical spelling, so that two outputs that name one peer agree on its text.

IOS prints one address in many dresses: `192.0.2.1`, `192.0.2.1/500`, `192.0.2.1:500`, `2001:DB8::1`,
`2001:DB8::1/4500`, `[2001:DB8::1]:500`, and at the end of a sentence with a full stop behind it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

__all__ = ["canonical"]

# An address in brackets; what a port or prefix adds to it; IPv4 has one more way to add a port.
_DRESSED = re.compile(r"\[([^\]\s]*)\](?:[:/]\d{1,5})?|([^/%]*)(?:%[^/\s]+)?(?:/\d{1,5})?")
_V4_PORT = re.compile(r"([\d.]+):\d{1,5}")


@lru_cache(maxsize=65536)
def canonical(text: str) -> str | None:
    """The canonical text of an IPv4 or IPv6 address: dotted decimal, or RFC 5952 in lower case.

    A port or prefix length (`/500`, IPv4 `:500`, `[IPv6]:500`), an interface scope (`%Tunnel0`), brackets and
    the punctuation that ends a clause are taken off. None for anything else: a masked address (`x.x.x.x`,
    `192.0.2.xxx`), a host name, `(none)`, octets with leading zeros, nothing at all. `0.0.0.0` and `::` are
    addresses; what they mean is for the caller.
    """
    text = text.strip().rstrip(".,;)").removeprefix("(")
    if text.endswith(":") and not text.endswith("::"):
        text = text[:-1]
    dressed = _DRESSED.fullmatch(text)
    if not dressed:
        return None
    bare = dressed[1] if dressed[1] is not None else dressed[2]
    try:
        if ":" not in bare:
            return str(IPv4Address(bare))
        ported = _V4_PORT.fullmatch(bare)
        return str(IPv4Address(ported[1])) if ported else _text(IPv6Address(bare))
    except AddressValueError:
        return None


def _text(address: IPv6Address) -> str:
    # Python 3.13 began to print the dotted form of a mapped address; older ones print hexadecimal groups.
    inner = address.ipv4_mapped
    return f"::ffff:{inner}" if inner is not None else str(address)
