from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.parsers.addresses import canonical


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("192.0.2.1/500", "192.0.2.1"),
        ("192.0.2.1:4500", "192.0.2.1"),
        ("192.0.2.1.", "192.0.2.1"),
        ("192.0.2.1,", "192.0.2.1"),
        ("192.0.2.1:", "192.0.2.1"),
        ("(192.0.2.1)", "192.0.2.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("2001:DB8::1/4500", "2001:db8::1"),
        ("[2001:DB8::1]:500", "2001:db8::1"),
        ("[2001:DB8::1]/500", "2001:db8::1"),
        ("2001:DB8::", "2001:db8::"),
        ("FE80::1%Tunnel0", "fe80::1"),
        ("::", "::"),
        ("::FFFF:192.0.2.1", "::ffff:192.0.2.1"),
        ("::FFFF:C000:0201", "::ffff:192.0.2.1"),
    ],
)
def test_every_dress_of_an_address_has_one_spelling(printed: str, meant: str) -> None:
    assert canonical(printed) == meant


@pytest.mark.parametrize(
    "printed",
    ["", "x.x.x.x", "192.0.2.xxx", "*.*.*.*", "(none)", "none", "hub.example.net", "192.0.2", "192.0.2.256",
     "192.000.2.1", "500", "UNKNOWN", "2001:db8::xxxx", "192.0.2.1/", "192.0.2.1 port 500", "[", "[]", "%", "/"],
)  # fmt: skip
def test_what_is_no_address_is_none(printed: str) -> None:
    assert canonical(printed) is None


@given(st.ip_addresses())
def test_the_canonical_text_is_a_fixed_point_and_the_same_address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    text = canonical(str(address).upper())
    assert text is not None
    assert ipaddress.ip_address(text) == address
    assert canonical(text) == text


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    canonical(text)
