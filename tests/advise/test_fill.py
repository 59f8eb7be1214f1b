"""Placeholders are filled whole or not at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.advise.fill import fill_with, values
from engine.observe.subject import Subject
from engine.relate.devices import DeviceFacts
from engine.relate.views import CaseView, FlowView


def test_a_known_placeholder_is_filled() -> None:
    assert (
        fill_with("show crypto ipsec sa peer {flow.src}", {"flow.src": "192.0.2.1"})
        == "show crypto ipsec sa peer 192.0.2.1"
    )


def test_an_unknown_placeholder_leaves_nothing_half_written() -> None:
    assert fill_with("clear crypto sa peer {flow.src}", {}) is None


def test_an_optional_part_stands_only_where_it_is_known() -> None:
    template = "clear crypto sa peer [vrf {setup.vrf} ]{flow.src}"
    assert fill_with(template, {"flow.src": "192.0.2.1"}) == "clear crypto sa peer 192.0.2.1"
    known = {"flow.src": "192.0.2.1", "setup.vrf": "WAN"}
    assert fill_with(template, known) == "clear crypto sa peer vrf WAN 192.0.2.1"


@given(st.text(min_size=1, max_size=30))
def test_no_value_of_a_log_can_smuggle_a_second_command(text: str) -> None:
    flow = FlowView(
        id="x", receiver=None, src=text, dst=text, protocol=50, spi=1, interface=text, messages=(), count=1,
        first=None, last=None, span_seconds=None, quotes=(),
    )  # fmt: skip
    case = CaseView(devices={}, nameless=DeviceFacts(None), setups=[], flows=[flow], sections={})
    known = values(Subject(kind="flow", flow=flow, flows=[flow], device=None, case=case))
    assert all(not set(v) & set(" \n\r\t;|\"'`$?") for v in known.values())
