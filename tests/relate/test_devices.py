"""Which device a fact is from: its prompt, its names, its addresses; in doubt nobody's."""

from __future__ import annotations

import pytest

from engine.facts import Coverage, InvSpi, IpsecSa
from tests.evidence.samples import (
    HUB,
    ISAKMP_EMPTY,
    SPI,
    SPOKE,
    TWICE,
    VERSION,
    config,
    console,
    hub,
    logging,
    message,
    sa_list,
    spoke,
)
from tests.relate.build import only_flow, related


def test_a_prompt_names_the_device_of_its_output() -> None:
    case, attribution = related(all=hub(*TWICE) + spoke())
    assert sorted(case.devices) == ["HUB1", "SPOKE7"]
    assert {sa.local for sa in case.devices["SPOKE7"].facts.of(IpsecSa)} == {SPOKE}
    assert attribution.source_device["all.txt"] is None


def test_a_source_of_one_device_is_that_device() -> None:
    _, attribution = related(hub=hub(*TWICE), spoke=spoke())
    assert attribution.source_device == {"hub.txt": "HUB1", "spoke.txt": "SPOKE7"}


@pytest.mark.parametrize("log", ["", message("12:10:00.100")])
def test_a_configuration_names_the_bare_outputs_beside_it(log: str) -> None:
    case, _ = related(tech=ISAKMP_EMPTY + VERSION.format(host="HUB1") + config() + log)
    assert list(case.devices) == ["HUB1"]
    assert case.devices["HUB1"].version == "17.3.4a"
    assert len(case.devices["HUB1"].facts.of(InvSpi)) == bool(log)


@pytest.mark.parametrize(
    "written",
    [
        "hub1",
        "HUB1",
        "HUB1.lab.example.net",
    ],
)
def test_letter_case_and_domain_make_no_other_device(written: str) -> None:
    log = message("12:10:00.100").replace("Mar  4", f"<189>Mar  4 12:10:00 {written} 7: Mar  4")
    case, _ = related(hub=hub(), log=log)
    assert list(case.devices) == ["HUB1"]
    assert [f.receiver.name for f in case.flows if f.receiver] == ["HUB1"]


def test_a_log_without_names_is_of_the_only_device() -> None:
    flow = only_flow(hub=hub(), log=message("12:10:00.100"))
    assert flow.receiver is not None
    assert flow.receiver.name == "HUB1"


def test_a_log_without_names_is_nobodys_where_there_are_two_devices() -> None:
    assert only_flow(hub=hub(), spoke=spoke(), log=message("12:10:00.100")).receiver is None


def test_an_unnamed_list_is_of_the_device_with_its_addresses() -> None:
    case, _ = related(hub=hub(), spoke=console("SPOKE7", ("show running-config", config("SPOKE7", SPOKE, HUB))),
                      list=sa_list(SPOKE, HUB, inbound=7, outbound=SPI))  # fmt: skip
    assert [sa.direction for sa in case.devices["SPOKE7"].facts.of(IpsecSa)] == ["inbound", "outbound"]
    assert not case.devices["HUB1"].facts.of(IpsecSa)


def test_an_unnamed_list_with_foreign_addresses_is_not_of_the_only_device() -> None:
    case, _ = related(hub=hub(), list=sa_list("203.0.113.80", "203.0.113.81", inbound=7))
    assert not case.devices["HUB1"].facts.of(IpsecSa)


def test_unnamed_lists_of_two_ends_are_two_devices() -> None:
    case, _ = related(
        a=sa_list(HUB, SPOKE, inbound=7, outbound=9), b=sa_list(SPOKE, HUB, inbound=9, outbound=7)
    )
    assert len(case.devices) == 2
    assert all(len(d.facts.of(IpsecSa)) == 2 for d in case.devices.values())


def test_a_collected_log_of_two_hosts_has_a_flow_for_each() -> None:
    lines = "".join(
        f"<189>Mar  4 12:10:0{n} {host} 7: {message(f'12:10:0{n}.000')}"
        for n, host in enumerate(["HUB1", "HUB2"])
    )
    case, _ = related(log=lines)
    assert [f.receiver.name for f in case.flows if f.receiver] == ["HUB1", "HUB2"]


def test_the_sender_is_the_device_with_the_source_address() -> None:
    flow = only_flow(hub=hub(*TWICE), spoke=spoke())
    assert flow.sender is not None
    assert flow.sender.name == "SPOKE7"


def test_an_address_that_two_devices_have_is_nobodys() -> None:
    twin = spoke().replace("SPOKE7", "SPOKE8")
    assert only_flow(hub=hub(*TWICE), spoke=spoke(), twin=twin).sender is None


def test_a_list_taken_at_the_source_address_is_not_of_the_router_that_logged() -> None:
    """HUB1 is known by its log only; a bare list with local address = srcaddr of that log is the peer's."""
    case, _ = related(
        hub=console("HUB1", ("show logging", logging(*TWICE))),
        list=sa_list(SPOKE, HUB, inbound=7, outbound=SPI),
    )
    assert not case.devices["HUB1"].facts.of(IpsecSa)


def test_a_list_that_nothing_ties_to_the_only_device_is_given_to_it_and_marked() -> None:
    """`show crypto isakmp sa` in a file of its own, empty and without a prompt, may be of the other end."""
    case, _ = related(
        hub=console("HUB1", ("show running-config", config()), ("show logging", logging(*TWICE))),
        peer=ISAKMP_EMPTY,
    )
    assert [c for c in case.devices["HUB1"].facts.of(Coverage) if c.family == "isakmp-sa"]
    assert len(case.assumed) == 1


def test_two_routers_with_the_same_name_and_other_addresses_are_not_one() -> None:
    case, _ = related(one=hub(*TWICE).replace("HUB1", "Router"), two=spoke().replace("SPOKE7", "Router"))
    assert len(case.devices) == 2
