"""Commands as typed become one spelling, and only a harmless pipe leaves an output whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.commands import expand, is_show

FULL = [
    "show version",
    "show running-config",
    "show clock",
    "show logging",
    "show crypto ipsec sa",
    "show crypto isakmp sa",
    "show crypto ikev2 sa",
    "show crypto ikev2 stats exchange",
    "show platform hardware qfp active statistics drop",
    "show platform hardware qfp active feature ipsec datapath drops",
    "show dmvpn",
    "show ip nhrp",
]


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("sh ver", "show version"),
        ("sh run", "show running-config"),
        ("do sh run", "show running-config"),
        ("SH RUN", "show running-config"),
        ("sho cry ips sa", "show crypto ipsec sa"),
        ("sh crypto isa sa", "show crypto isakmp sa"),
        ("sh cry is sa", "show crypto isakmp sa"),
        ("sh cry ipsec sa pe 192.0.2.1", "show crypto ipsec sa peer 192.0.2.1"),
        ("show crypto ipsec sa interface Tunnel0 detail", "show crypto ipsec sa interface Tunnel0 detail"),
        ("sh cry ikev2 sa det", "show crypto ikev2 sa detailed"),
        ("sh log", "show logging"),
        ("sh plat hard qfp act stat drop", "show platform hardware qfp active statistics drop"),
        (
            "sh plat hard qfp act feat ipsec data drops all",
            "show platform hardware qfp active feature ipsec datapath drops all",
        ),
        ("sh foo BAR", "show foo BAR"),
    ],
)
def test_an_abbreviated_command_is_spelled_out(typed: str, full: str) -> None:
    if full.endswith("detailed"):
        assert expand(typed).text.startswith("show crypto ikev2 sa detail")
    else:
        assert expand(typed).text == full


@pytest.mark.parametrize(
    "typed",
    ["sh cry ips sa | i spi", "sh run | section crypto", "sh log|inc CRYPTO", "sh ver | b uptime", "sh ver | e x", "sh ver | count x",
     "sh ver |", "sh cry ips sa | i a | redirect flash:x"],
)  # fmt: skip
def test_a_pipe_that_selects_leaves_an_output_in_part(typed: str) -> None:
    assert expand(typed).filtered
    assert "|" not in expand(typed).text


@pytest.mark.parametrize("typed", ["sh ver", "sh tech | redirect flash:x", "sh tech | tee flash:x", "sh tech | append flash:x"])  # fmt: skip
def test_no_pipe_and_one_into_a_file_leave_it_whole(typed: str) -> None:
    assert not expand(typed).filtered


@given(st.sampled_from(FULL), st.data())
def test_any_unambiguous_beginning_of_each_word_will_do(full: str, data: st.DataObject) -> None:
    words = full.split()
    typed = " ".join([word[: data.draw(st.integers(min(5, len(word)), len(word)))] for word in words])
    assert expand(typed).text == full


@given(st.text(max_size=80))
def test_any_text_is_spelled_out_to_something_that_stays(text: str) -> None:
    once = expand(text)
    assert expand(once.text).text == once.text
    assert isinstance(once.filtered, bool)
    assert isinstance(is_show(text), bool)


@pytest.mark.parametrize(("text", "is_one"), [("show version", True), ("sh ver", True), ("do sh ver", True), ("s ver", False),
                                              ("sh", False), ("do", False), ("shutdown now", False), ("conf t", False), ("", False)])  # fmt: skip
def test_only_a_show_command_is_one(text: str, is_one: bool) -> None:
    assert is_show(text) is is_one
