"""The setup toward a source: configured, observed or assumed; and none where nothing leads there."""

from __future__ import annotations

import pytest

from engine.facts import ConfigInterface, ConfigSetup, Fact
from engine.relate.setups import Toward, setups_of, toward
from engine.relate.views import SetupView
from tests.evidence.samples import HUB, SPOKE
from tests.relate.build import at, coverage, device, ike_sa, ipsec_sa, setup

WHOLE = coverage("running-config")


def find(*facts: Fact, src: str | None = SPOKE, dst: str | None = HUB) -> Toward:
    held = device("HUB1", *facts, complete_config=WHOLE in facts)
    return toward(held, setups_of(held), src, dst)


def kind(found: Toward) -> tuple[str | None, str | None, bool | None]:
    return (found.setup.kind if found.setup else None, found.basis, found.known)


def interface(name: str, *addresses: str) -> ConfigInterface:
    return ConfigInterface(
        at=at(), name=name, addresses=addresses, dynamic_address=False, vrf=None, shutdown=False
    )


def mgre(*peers: str, kind: str = "mgre-tp-static-nhrp", **more: object) -> ConfigSetup:
    return setup(kind, *peers, **{"interface": "Tunnel0", "name": "DMVPN", **more})


def test_a_peer_that_the_configuration_names_is_configured() -> None:
    assert kind(find(setup("static-crypto-map", SPOKE))) == ("static-crypto-map", "configured", True)


def test_one_box_differs_from_peer_to_peer() -> None:
    facts = (mgre(SPOKE), mgre(kind="mgre-tp-dynamic-nhrp"))
    assert kind(find(*facts)) == ("mgre-tp-static-nhrp", "configured", True)
    assert kind(find(*facts, src="203.0.113.9"))[:2] == ("mgre-tp-dynamic-nhrp", "assumed")


def test_a_static_tunnel_takes_another_spoke_by_its_dynamic_side() -> None:
    assert kind(find(mgre("203.0.113.1"))) == ("mgre-tp-dynamic-nhrp", "assumed", False)


def test_an_sa_row_makes_it_observed() -> None:
    row = ipsec_sa(interface="Tunnel0", tag="Tunnel0-head-0")
    assert kind(find(mgre("203.0.113.1"), row)) == ("mgre-tp-dynamic-nhrp", "observed", True)
    assert kind(find(setup("dynamic-crypto-map", name="VPN 65000"), ipsec_sa())) == (
        "dynamic-crypto-map",
        "observed",
        True,
    )


def test_a_dynamic_setup_that_nothing_ties_to_the_source_is_assumed() -> None:
    assert kind(find(setup("dynamic-crypto-map"))) == ("dynamic-crypto-map", "assumed", False)


def test_a_dynamic_setup_that_is_not_applied_takes_nobody() -> None:
    assert kind(find(setup("dynamic-crypto-map", applied=False), WHOLE)) == (None, None, False)


def test_a_dynamic_setup_does_not_take_packets_to_another_address_of_the_router() -> None:
    facts = (
        setup("dynamic-crypto-map"),
        interface("GigabitEthernet0/0/0", HUB),
        interface("Loopback9", "192.0.2.99"),
    )
    assert kind(find(*facts))[0] == "dynamic-crypto-map"
    assert kind(find(*facts, dst="192.0.2.99"))[0] is None


def test_nothing_leads_to_the_source_where_the_whole_configuration_has_nothing() -> None:
    assert kind(find(setup("static-crypto-map", "203.0.113.1"), WHOLE)) == (None, None, False)
    assert kind(find(setup("static-crypto-map", "203.0.113.1"))) == (None, None, None)


def test_an_ike_row_names_the_source() -> None:
    assert kind(find(ike_sa(HUB, SPOKE), WHOLE)) == (None, None, True)


def test_without_a_source_there_is_no_setup() -> None:
    assert kind(find(setup("static-crypto-map", SPOKE), src=None)) == (None, None, None)


def test_a_setup_that_is_applied_comes_before_one_that_is_not() -> None:
    off = setup("svti", SPOKE, interface="Tunnel9", name="OLD", applied=False)
    assert kind(find(off, setup("static-crypto-map", SPOKE)))[0] == "static-crypto-map"


def test_a_crypto_map_below_gre_decides_for_it() -> None:
    gre = setup("gre-over-crypto-map", SPOKE, interface="Tunnel1", name=None)
    assert kind(find(gre, setup("static-crypto-map", SPOKE)))[0] == "static-crypto-map"


def test_kinds_of_two_vrfs_that_name_one_peer_are_not_chosen_between() -> None:
    one, two = (
        setup("static-crypto-map", SPOKE, vrf="RED"),
        setup("svti", SPOKE, interface="Tunnel1", name="P", vrf="BLUE"),
    )
    assert kind(find(one, two)) == (None, None, True)


@pytest.mark.parametrize("name", ["vpn.example.net", "spoke7"])
def test_a_peer_written_as_a_host_name_may_be_any_source(name: str) -> None:
    found = find(setup("static-crypto-map", name), WHOLE)
    assert kind(found) == (None, None, None)


def test_an_address_is_no_host_name() -> None:
    assert kind(find(setup("static-crypto-map", "2001:db8::9"), WHOLE)) == (None, None, False)


def view_ids(*facts: Fact) -> list[str]:
    views: list[SetupView] = setups_of(device("HUB1", *facts))
    return [v.id for v in views]


def test_the_id_of_a_setup_names_device_interface_kind_and_sequence() -> None:
    assert view_ids(setup("static-crypto-map", SPOKE)) == [
        "HUB1/setup/GigabitEthernet0/0/0/static-crypto-map/VPN/10"
    ]
    assert view_ids(mgre(SPOKE)) == ["HUB1/setup/Tunnel0/mgre-tp-static-nhrp"]


def test_one_configuration_in_two_files_gives_each_setup_once() -> None:
    assert len(view_ids(setup("static-crypto-map", SPOKE), setup("static-crypto-map", SPOKE))) == 1


@pytest.mark.parametrize("keyed", ["getvpn", "sdwan"])
def test_members_of_a_group_may_be_the_source(keyed: str) -> None:
    """A member gets ESP from every other member, and no configuration names them: the source is no stranger."""
    assert kind(find(setup(keyed), WHOLE)) == (keyed, "assumed", None)
