"""Crypto setups of a configuration: every kind, and every trap that makes one look like another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import ConfigSetup
from engine.parsers.running_config import parse

KINDS = {
    "static-crypto-map", "dynamic-crypto-map", "p2p-gre-tunnel-protection", "mgre-tp-static-nhrp",
    "mgre-tp-dynamic-nhrp", "svti", "ezvpn-client", "dvti", "flexvpn-client", "getvpn", "gre-over-crypto-map",
    "manual-keying", "sdwan",
}  # fmt: skip

OUTSIDE = """\
interface GigabitEthernet0/0
 ip address 192.0.2.2 255.255.255.0
"""
ISAKMP = """\
crypto isakmp policy 10
 authentication pre-share
crypto isakmp key SECRET address 0.0.0.0
"""
PROFILE = """\
crypto ipsec profile P
 set transform-set TS
"""


def found(text: str, *, filtered: bool = False, whole: bool = False) -> list[ConfigSetup]:
    body = f"version 15.7\n{text}\nend\n" if whole else text
    source = Source("hub.txt", body.encode())
    section = Section(source, "show running-config", 1, source.line_count, closed=True, filtered=filtered)
    return [f for f in parse(section) if isinstance(f, ConfigSetup)]


def only(text: str, *, filtered: bool = False, whole: bool = False) -> ConfigSetup:
    setups = found(text, filtered=filtered, whole=whole)
    assert len(setups) == 1, setups
    return setups[0]


def kinds(text: str, *, filtered: bool = False) -> list[tuple[str, str | None, str | None]]:
    return [(s.kind, s.interface, s.name) for s in found(text, filtered=filtered)]


def addresses(setup: ConfigSetup) -> list[str]:
    return [p.address for p in setup.peers]


STATIC = f"""\
{ISAKMP}crypto map CM 10 ipsec-isakmp
 set peer 198.51.100.1 default
 set peer 198.51.100.2
 set peer vpn.example.com dynamic
 set transform-set TS
 match address 101
{OUTSIDE} crypto map CM
"""


def test_a_static_map_names_all_its_peers() -> None:
    setup = only(STATIC)
    assert (setup.kind, setup.interface, setup.name) == ("static-crypto-map", "GigabitEthernet0/0", "CM 10")
    assert addresses(setup) == ["198.51.100.1", "198.51.100.2", "vpn.example.com"]
    assert setup.local == ("192.0.2.2",)
    assert not setup.any_local
    assert setup.applied
    assert setup.ike == ("ikev1",)


def test_a_setup_points_at_its_lines() -> None:
    setup = only(STATIC)
    lines = STATIC.splitlines()
    assert lines[setup.at.line - 1] == "crypto map CM 10 ipsec-isakmp"
    assert [lines[p.line - 1].strip() for p in setup.places] == [
        "set peer 198.51.100.1 default",
        "set peer 198.51.100.2",
        "set peer vpn.example.com dynamic",
        "interface GigabitEthernet0/0",
        "crypto map CM",
    ]
    assert [lines[p.at.line - 1].split()[2] for p in setup.peers] == addresses(setup)


def test_a_map_on_no_interface_is_reported_as_not_applied() -> None:
    setup = only("crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n")
    assert (setup.kind, setup.interface, setup.applied) == ("static-crypto-map", None, False)
    assert setup.any_local


def test_a_map_without_peer_is_static_and_has_none() -> None:
    setup = only(f"crypto map CM 10 ipsec-isakmp\n match address 101\n{OUTSIDE} crypto map CM\n")
    assert (setup.kind, setup.peers, setup.applied) == ("static-crypto-map", (), True)


def test_a_map_on_two_interfaces_is_two_setups() -> None:
    text = f"crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n{OUTSIDE} crypto map CM\ninterface Vlan9\n crypto map CM\n"
    assert [(s.interface, s.any_local) for s in found(text)] == [
        ("GigabitEthernet0/0", False),
        ("Vlan9", True),
    ]


@pytest.mark.parametrize("options", ["", " discover"])
def test_static_and_dynamic_sequences_of_one_map_are_told_apart(options: str) -> None:
    text = (
        f"crypto dynamic-map DYN 10\n set transform-set TS\ncrypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n"
        f"crypto map CM 65535 ipsec-isakmp dynamic DYN{options}\n{OUTSIDE} crypto map CM\n"
    )
    assert kinds(text) == [
        ("static-crypto-map", "GigabitEthernet0/0", "CM 10"),
        ("dynamic-crypto-map", "GigabitEthernet0/0", "CM 65535"),
    ]


def test_a_dynamic_map_entry_with_a_peer_stays_dynamic() -> None:
    text = (
        f"{ISAKMP}crypto dynamic-map DYN 10\n set peer 198.51.100.7\n set security-association lifetime seconds 900\n"
        f"crypto map CM 65535 ipsec-isakmp dynamic DYN\n{OUTSIDE} crypto map CM\n"
    )
    setup = only(text)
    assert (setup.kind, addresses(setup), setup.lifetime_seconds) == (
        "dynamic-crypto-map",
        ["198.51.100.7"],
        900,
    )
    assert setup.ike == ("ikev1",)


def test_a_gdoi_map_is_getvpn_and_a_manual_map_is_manual_keying() -> None:
    text = (
        "crypto map CM local-address Loopback0\ncrypto map CM 1 gdoi\n set group G\n"
        f"crypto map CM 2 ipsec-manual\n set peer 198.51.100.1\n{OUTSIDE} crypto map CM\n"
    )
    assert [k for k, _, _ in kinds(text)] == ["getvpn", "manual-keying"]
    assert [s.ike for s in found(text)] == [(), ()]


def test_local_address_decides_where_a_map_receives() -> None:
    text = (
        "crypto map CM local-address Lo0\ncrypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n"
        f"interface Loopback0\n ip address 192.0.2.200 255.255.255.255\n{OUTSIDE} crypto map CM\n"
    )
    assert only(text).local == ("192.0.2.200",)


def test_a_map_with_redundancy_receives_at_the_virtual_address_too() -> None:
    text = f"crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n{OUTSIDE} standby 1 ip 192.0.2.1\n crypto map CM redundancy HA stateful\n"
    assert only(text).local == ("192.0.2.2", "192.0.2.1")


def test_options_of_a_whole_map_are_no_sequence() -> None:
    text = "crypto map CM client configuration address respond\ncrypto map CM isakmp authorization list L\ncrypto map CM redundancy replay-interval inbound 10 outbound 10\n"
    assert found(text) == []


def test_an_ipv6_map_receives_at_ipv6_addresses() -> None:
    text = (
        f"crypto map ipv6 CM6 10 ipsec-isakmp\n set peer 2001:DB8::9\n{OUTSIDE} ipv6 address 2001:DB8::2/64\n"
        " ipv6 crypto map CM6\n"
    )
    setup = only(text)
    assert (setup.name, addresses(setup), setup.local) == ("CM6 10", ["2001:db8::9"], ("2001:db8::2",))


def test_a_map_on_a_dhcp_interface_may_receive_anywhere() -> None:
    setup = only(
        "crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\nint Di1\n ip address negotiated\n crypto map CM\n"
    )
    assert (setup.local, setup.any_local) == ((), True)


@pytest.mark.parametrize("header", ["interface GigabitEthernet0/0.10", "interface GigabitEthernet0/0"])
def test_a_map_on_a_shut_interface_or_under_a_shut_parent_is_not_applied(header: str) -> None:
    text = (
        "crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\ninterface GigabitEthernet0/0\n shutdown\n"
        f"{header}\n vrf forwarding OUT\n crypto map CM\n"
    )
    setup = only(text)
    assert not setup.applied
    assert setup.interface is not None
    assert setup.vrf == "OUT"


def test_a_sequence_whose_kind_is_not_in_the_text_needs_a_peer_to_be_static() -> None:
    assert found("crypto map CM 10\n description later\n") == []
    assert only("crypto map CM 10\n set peer 198.51.100.1\n").kind == "static-crypto-map"


def test_profiles_for_a_whole_map_or_sequence_are_read() -> None:
    entry = "crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n"
    profile = "crypto isakmp profile I\n keepalive 10 retry 3\n"
    assert only(f"{profile}crypto map CM isakmp-profile I\n{entry}").dpd == "on-demand"
    assert (
        only(f"{profile}crypto map CM 10 ipsec-isakmp profile I\n set peer 198.51.100.1\n").dpd == "on-demand"
    )
    assert only(f"crypto map CM isakmp authorization list L\n{entry}").ike == ()
    assert only(f"crypto key generate rsa\n{entry}").ike == ()


def test_a_map_on_a_tunnel_interface_does_not_tell_where_it_receives() -> None:
    text = f"crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n{OUTSIDE}{TUNNEL} ip address 10.0.0.1 255.255.255.0\n crypto map CM\n"
    setup = only(text)
    assert (setup.interface, setup.local, setup.any_local) == ("Tunnel0", (), True)


def test_gre_with_the_map_on_the_tunnel_itself_is_reported_beside_it() -> None:
    text = f"crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n{TUNNEL} tunnel destination 198.51.100.1\n crypto map CM\n"
    assert [s.kind for s in found(text)] == ["static-crypto-map", "gre-over-crypto-map"]


def test_gre_under_manual_keys_is_only_manual_keying() -> None:
    text = f"crypto map CM 10 ipsec-manual\n set peer 198.51.100.1\n{OUTSIDE} crypto map CM\n{TUNNEL} tunnel destination 198.51.100.1\n"
    assert [s.kind for s in found(text)] == ["manual-keying"]


def test_a_flattened_option_of_a_map_does_not_apply_it_to_the_interface_above() -> None:
    text = f"crypto map CM 10 ipsec-isakmp\nset peer 198.51.100.1\n{OUTSIDE}crypto map CM local-address Loopback0\n"
    assert only(text).interface is None


def test_a_removed_sequence_is_no_setup() -> None:
    assert found("crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\nno crypto map CM 10\n") == []


TUNNEL = "interface Tunnel0\n tunnel source GigabitEthernet0/0\n"


def test_a_tunnel_without_mode_is_gre() -> None:
    setup = only(
        f"{OUTSIDE}{TUNNEL} tunnel destination 198.51.100.1\n tunnel protection ipsec profile P shared\n"
    )
    assert (setup.kind, setup.interface, setup.name) == ("p2p-gre-tunnel-protection", "Tunnel0", "P")
    assert (addresses(setup), setup.local) == (["198.51.100.1"], ("192.0.2.2",))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("tunnel destination 198.51.100.1", "p2p-gre-tunnel-protection"),
        ("tunnel destination hub.example.com", "p2p-gre-tunnel-protection"),
        ("tunnel mode gre ip\n tunnel destination 198.51.100.1", "p2p-gre-tunnel-protection"),
        ("tunnel mode gre ipv6\n tunnel destination 2001:db8::1", "p2p-gre-tunnel-protection"),
        ("ip nhrp map 10.0.0.1 198.51.100.1\n tunnel destination 198.51.100.1", "p2p-gre-tunnel-protection"),
        ("tunnel mode ipsec ipv4\n tunnel destination 198.51.100.1", "svti"),
        ("tunnel mode ipsec ipv6\n tunnel destination 2001:db8::1", "svti"),
        ("tunnel mode ipsec dual-overlay\n tunnel destination 198.51.100.1", "svti"),
        ("tunnel protection ipsec policy ipv4 ACL\n tunnel destination 198.51.100.1", "svti"),
        ("tun mode ips ipv4\n tun dest 198.51.100.1", "svti"),
        ("tunnel mode ipsec ipv4\n tunnel destination dynamic", "flexvpn-client"),
        ("tunnel destination dynamic", "flexvpn-client"),
        ("tunnel mode gre multipoint", "mgre-tp-dynamic-nhrp"),
        ("tun mode gre multi\n ip nhrp map mult dyn", "mgre-tp-dynamic-nhrp"),
        ("tunnel mode gre multipoint\n ip nhrp map multicast 198.51.100.1", "mgre-tp-dynamic-nhrp"),
        ("tunnel mode gre multipoint\n ip nhrp map group G service-policy output Q", "mgre-tp-dynamic-nhrp"),
        ("tunnel mode gre multipoint\n ip nhrp nhs 10.0.0.1", "mgre-tp-dynamic-nhrp"),
        ("tunnel mode gre multipoint\n ip nhrp map 10.0.0.1 198.51.100.1", "mgre-tp-static-nhrp"),
        (
            "tunnel mode gre multipoint ipv6\n ipv6 nhrp map 2001:db8:a::1/128 2001:db8::1",
            "mgre-tp-static-nhrp",
        ),
    ],
)
def test_the_lines_of_a_tunnel_decide_its_kind(lines: str, kind: str) -> None:
    assert [k for k, _, _ in kinds(f"{TUNNEL} {lines}\n tunnel protection ipsec profile P\n")] == [kind]


MGRE = f"{OUTSIDE}{TUNNEL} tunnel mode gre multipoint\n tunnel protection ipsec profile P\n"


@pytest.mark.parametrize(
    ("line", "nbma", "overlay"),
    [
        ("ip nhrp map 10.0.0.1 198.51.100.1", "198.51.100.1", "10.0.0.1"),
        ("ip nhrp map 10.0.0.1 255.255.255.255 198.51.100.1", "198.51.100.1", "10.0.0.1"),
        ("ip nhrp map 10.0.0.1 198.51.100.1 preference 10", "198.51.100.1", "10.0.0.1"),
        ("ip nhrp nhs 10.0.0.1 nbma 198.51.100.1 multicast", "198.51.100.1", "10.0.0.1"),
        ("ip nhrp nhs 10.0.0.1 nbma hub.example.com multicast", "hub.example.com", "10.0.0.1"),
        ("ip nhrp nhs dynamic nbma hub.example.com multicast", "hub.example.com", None),
        ("ipv6 nhrp map 2001:DB8:A::1/128 198.51.100.1", "198.51.100.1", "2001:db8:a::1"),
        ("ipv6 nhrp nhs 2001:DB8:A::1 nbma 2001:DB8::1", "2001:db8::1", "2001:db8:a::1"),
    ],
)
def test_each_form_of_static_mapping_is_read(line: str, nbma: str, overlay: str | None) -> None:
    setup = only(f"{MGRE} {line}\n")
    assert setup.kind == "mgre-tp-static-nhrp"
    assert [(p.address, p.tunnel_address) for p in setup.peers] == [(nbma, overlay)]
    assert setup.local == ("192.0.2.2",) or ":" in nbma


def test_a_hub_with_static_and_dynamic_mappings_is_both() -> None:
    setups = found(
        f"{MGRE} ip nhrp map 10.0.0.2 203.0.113.2\n ip nhrp nhs 10.0.0.2 nbma 203.0.113.2\n ip nhrp map multicast dynamic\n"
    )
    assert [(s.kind, addresses(s)) for s in setups] == [
        ("mgre-tp-static-nhrp", ["203.0.113.2"]),
        ("mgre-tp-dynamic-nhrp", []),
    ]


def test_a_tunnel_without_protection_is_no_setup() -> None:
    assert (
        found(f"{TUNNEL} tunnel mode gre multipoint\n ip nhrp map multicast dynamic\n keepalive 10 3\n") == []
    )


def test_removed_protection_is_none() -> None:
    assert found(f"{TUNNEL} tunnel protection ipsec profile P\n no tunnel protection ipsec profile\n") == []


def test_a_tunnel_knows_its_front_door_vrf() -> None:
    setup = only(
        f"{TUNNEL} vrf forwarding RED\n tunnel vrf BLUE\n tunnel destination 198.51.100.1\n tunnel protection ipsec profile P\n"
    )
    assert setup.vrf == "BLUE"


def test_a_tunnel_source_interface_gives_its_primary_address() -> None:
    text = (
        "interface GigabitEthernet0/0\n ip address 192.0.2.3 255.255.255.0 secondary\n"
        " ip address 192.0.2.2 255.255.255.0\n standby 1 ip 192.0.2.1\n"
        f"{TUNNEL} tunnel destination 198.51.100.1\n tunnel protection ipsec profile P\n"
    )
    assert only(text).local == ("192.0.2.2",)


@pytest.mark.parametrize(
    ("source", "local", "any_local"),
    [
        ("192.0.2.2", ("192.0.2.2",), False),
        ("Gi0/0", ("192.0.2.2",), False),
        ("GigabitEthernet 0/0", ("192.0.2.2",), False),
        ("Cellular0/1/0", (), True),
        ("Loopback9", (), True),
        ("dynamic", (), True),
    ],
)
def test_the_tunnel_source_is_resolved(source: str, local: tuple[str, ...], any_local: bool) -> None:
    text = (
        f"{OUTSIDE}interface Cellular0/1/0\n ip address negotiated\ninterface Tunnel0\n tunnel source {source}\n"
        " tunnel destination 198.51.100.1\n tunnel protection ipsec profile P\n"
    )
    setup = only(text)
    assert (setup.local, setup.any_local) == (local, any_local)


@pytest.mark.parametrize("source", ["GigabitEthernet0/0", "192.0.2.2"])
def test_a_tunnel_over_a_shut_port_is_not_applied(source: str) -> None:
    text = (
        f"{OUTSIDE} shutdown\ninterface Tunnel0\n tunnel source {source}\n tunnel destination 198.51.100.1\n"
        " tunnel protection ipsec profile P\n"
    )
    assert not only(text).applied


def test_the_holder_of_a_tunnel_source_is_looked_for_in_its_vrf() -> None:
    text = (
        f"{OUTSIDE}interface GigabitEthernet0/1\n vrf forwarding BLUE\n ip address 192.0.2.2 255.255.255.0\n shutdown\n"
        "interface Tunnel0\n tunnel source 192.0.2.2\n tunnel vrf BLUE\n tunnel protection ipsec profile P\n"
        "interface Tunnel1\n tunnel source 192.0.2.2\n tunnel protection ipsec profile P\n"
    )
    assert [s.applied for s in found(text)] == [False, True]


def test_a_tunnel_source_on_one_port_that_is_up_is_enough() -> None:
    text = (
        f"interface Vlan1\n ip address 192.0.2.2 255.255.255.0\n shutdown\n{OUTSIDE}"
        "interface Tunnel0\n tunnel source 192.0.2.2\n tunnel protection ipsec profile P\n"
    )
    assert only(text).applied


def test_a_shut_tunnel_is_not_applied() -> None:
    assert not only(
        f"{TUNNEL} shutdown\n tunnel destination 198.51.100.1\n tunnel protection ipsec profile P\n"
    ).applied


TEMPLATE = (
    "interface Virtual-Template1 type tunnel\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile P\n"
)


def test_a_virtual_template_is_dvti_and_not_svti() -> None:
    setup = only(f"{PROFILE}crypto ikev2 profile V2\n virtual-template 1\n dpd 30 3 periodic\n{TEMPLATE}")
    assert (setup.kind, setup.interface, setup.peers) == ("dvti", "Virtual-Template1", ())
    assert (setup.ike, setup.dpd, setup.any_local) == (("ikev2",), "periodic", True)


EZVPN = """\
crypto ipsec client ezvpn BRANCH
 connect auto
 mode client
 virtual-interface 1
 peer 198.51.100.1
 peer 198.51.100.2
!
"""


def test_an_ezvpn_client_owns_its_virtual_template() -> None:
    text = f"{EZVPN}{OUTSIDE} crypto ipsec client ezvpn BRANCH\ninterface Vlan1\n crypto ipsec client ezvpn BRANCH inside\n!\n{TEMPLATE}"
    setup = only(text)
    assert (setup.kind, setup.interface, setup.name) == ("ezvpn-client", "GigabitEthernet0/0", "BRANCH")
    assert (addresses(setup), setup.local, setup.ike) == (
        ["198.51.100.1", "198.51.100.2"],
        ("192.0.2.2",),
        ("ikev1",),
    )


def test_an_ezvpn_client_is_known_by_its_interface_alone() -> None:
    setup = only(f"{OUTSIDE} crypto ipsec client ezvpn BRANCH outside\n")
    assert (setup.kind, setup.interface, setup.peers, setup.places) == (
        "ezvpn-client",
        "GigabitEthernet0/0",
        (),
        (),
    )


def test_a_flattened_ezvpn_client_is_defined_once_and_applied_once() -> None:
    text = f"{EZVPN}{OUTSIDE} crypto ipsec client ezvpn BRANCH\n!\n"
    flat = "\n".join(line.strip() for line in text.splitlines())
    assert found(flat) == found(text)
    assert only(flat).interface == "GigabitEthernet0/0"


def test_an_ezvpn_client_on_no_outside_interface_is_not_applied() -> None:
    setup = only(f"{EZVPN}interface Vlan1\n crypto ipsec client ezvpn BRANCH inside\n")
    assert (setup.interface, setup.applied) == (None, False)


def test_a_flexvpn_client_names_the_peers_of_its_client_block() -> None:
    text = (
        "crypto ikev2 client flexvpn FLEX\n  peer 1 198.51.100.1\n  peer 2 fqdn hub.example.com dynamic\n"
        "  peer reactivate\n  client connect Tunnel 0\n"
        f"{TUNNEL} tunnel destination dynamic\n tunnel protection ipsec profile P\n"
    )
    setup = only(text)
    assert (setup.kind, addresses(setup)) == ("flexvpn-client", ["198.51.100.1", "hub.example.com"])


def test_an_sdwan_tunnel_is_sdwan() -> None:
    setup = only(
        f"{OUTSIDE}interface Tunnel1\n ip unnumbered GigabitEthernet0/0\n tunnel source Gi0/0\n tunnel mode sdwan\n"
    )
    assert (setup.kind, setup.local, setup.ike, setup.name) == ("sdwan", ("192.0.2.2",), (), None)


GRE_MAP = f"{ISAKMP}crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n{OUTSIDE} crypto map CM\n"


@pytest.mark.parametrize("source", ["GigabitEthernet0/0", "192.0.2.2"])
def test_gre_whose_far_end_is_the_peer_of_a_map_is_reported_beside_it(source: str) -> None:
    setups = found(f"{GRE_MAP}interface Tunnel5\n tunnel source {source}\n tunnel destination 198.51.100.1\n")
    assert [(s.kind, s.interface, s.name) for s in setups] == [
        ("static-crypto-map", "GigabitEthernet0/0", "CM 10"),
        ("gre-over-crypto-map", "Tunnel5", "CM 10"),
    ]
    assert addresses(setups[1]) == ["198.51.100.1"]
    assert setups[1].ike == ("ikev1",)


@pytest.mark.parametrize(
    "tunnel",
    [
        "tunnel source GigabitEthernet0/0\n tunnel destination 198.51.100.8",
        "tunnel source GigabitEthernet0/1\n tunnel destination 198.51.100.1",
        "tunnel destination 198.51.100.1",
    ],
)
def test_gre_that_no_map_covers_is_no_setup(tunnel: str) -> None:
    assert [s.kind for s in found(f"{GRE_MAP}interface Tunnel5\n {tunnel}\n")] == ["static-crypto-map"]


def test_gre_from_the_local_address_of_a_map_is_covered() -> None:
    text = (
        f"crypto map CM local-address Loopback0\ninterface Loopback0\n ip address 192.0.2.200 255.255.255.255\n{GRE_MAP}"
        "interface Tunnel5\n tunnel source Loopback0\n tunnel destination 198.51.100.1\n"
    )
    assert [s.kind for s in found(text)] == ["static-crypto-map", "gre-over-crypto-map"]


VTI = f"{TUNNEL} tunnel mode ipsec ipv4\n tunnel destination 198.51.100.1\n tunnel protection ipsec profile P"


@pytest.mark.parametrize(
    ("config", "ike", "dpd"),
    [
        (f"{ISAKMP}{PROFILE}", ("ikev1",), "off"),
        (f"{ISAKMP}{PROFILE}crypto isakmp keepalive 30 5\n", ("ikev1",), "on-demand"),
        (f"{ISAKMP}{PROFILE}crypto isakmp keepalive 30 5 periodic\n", ("ikev1",), "periodic"),
        (f"{ISAKMP}{PROFILE}crypto isakmp keepalive 30 5 periodic\nno crypto isakmp keepalive\n", ("ikev1",), "off"),
        (f"{ISAKMP}{PROFILE} set isakmp-profile I\ncrypto isakmp profile I\n keepalive 10 retry 3\n", ("ikev1",), "on-demand"),
        (f"{ISAKMP}{PROFILE}crypto isakmp profile OTHER\n keepalive 10 retry 3\n", ("ikev1",), "unknown"),
        (f"{PROFILE} set ikev2-profile V\ncrypto ikev2 profile V\n dpd 10 2 periodic\ncrypto ikev2 dpd 30 3 on-demand\n", ("ikev2",), "periodic"),
        (f"{PROFILE} set ikev2-profile V\ncrypto ikev2 profile V\n match fvrf any\ncrypto ikev2 dpd 30 3 on-demand\n", ("ikev2",), "on-demand"),
        (f"{ISAKMP}crypto isakmp keepalive 10 periodic\n{PROFILE} set ikev2-profile V\ncrypto ikev2 profile V\n match fvrf any\n", ("ikev2",), "off"),
        (PROFILE, (), "unknown"),
        (ISAKMP, (), "unknown"),
    ],
)  # fmt: skip
def test_ike_and_dpd_follow_the_profile_then_the_global_lines(
    config: str, ike: tuple[str, ...], dpd: str
) -> None:
    setup = only(f"{config}{VTI}", whole=True)
    assert (setup.ike, setup.dpd) == (ike, dpd)


def test_dpd_of_a_config_not_seen_whole_is_never_off() -> None:
    assert only(f"{ISAKMP}{PROFILE}{VTI}").dpd == "unknown"


def test_a_tunnel_can_name_the_isakmp_profile_itself() -> None:
    setup = only(f"crypto isakmp profile I\n keepalive 10 retry 3\n{PROFILE}{VTI} isakmp-profile I\n")
    assert (setup.ike, setup.dpd) == (("ikev1",), "on-demand")


def test_the_default_ipsec_profile_uses_the_default_ikev2_profile() -> None:
    text = f"crypto ikev2 profile default\n match identity remote any\n{TUNNEL} tunnel mode ipsec ipv4\n tunnel protection ipsec profile default\n"
    assert only(text).ike == ("ikev2",)
    assert only(f"{ISAKMP}crypto ipsec profile default\n set transform-set TS\n{text}").ike == ("ikev2",)


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("", None),
        ("crypto ipsec security-association lifetime seconds 7200\n", 7200),
        (f"crypto ipsec security-association lifetime seconds 7200\n{PROFILE} set security-association lifetime seconds 900\n", 900),
        (f"{PROFILE} set security-association lifetime kilobytes disable\n", None),
        (f"{PROFILE} set security-association lifetime days 2\n", 172800),
        (f"{PROFILE} set sec life sec 3600\n", 3600),
    ],
)  # fmt: skip
def test_the_lifetime_is_the_own_one_or_the_global_one(lines: str, seconds: int | None) -> None:
    assert only(f"{lines}{VTI}").lifetime_seconds == seconds


def test_a_filter_that_may_hide_the_mode_leaves_a_tunnel_unclassified() -> None:
    text = "interface Tunnel0\n tunnel protection ipsec profile P\n"
    assert found(text, filtered=True) == []
    assert kinds(text) == [("p2p-gre-tunnel-protection", "Tunnel0", "P")]


def test_a_filter_that_may_hide_nhrp_leaves_a_multipoint_tunnel_unclassified() -> None:
    assert found(MGRE, filtered=True) == []
    assert [k for k, _, _ in kinds(f"{MGRE} ip nhrp map multicast dynamic\n", filtered=True)] == [
        "mgre-tp-dynamic-nhrp"
    ]


def test_flattened_setups_read_like_indented_ones() -> None:
    text = f"{ISAKMP}{EZVPN}{GRE_MAP}{MGRE} ip nhrp map 10.0.0.1 198.51.100.1\n!\n{TEMPLATE}"
    flat = "\n".join(line.strip() for line in text.splitlines())
    assert found(flat) == found(text)
    assert len(found(text)) == 3


CORPUS = [
    line
    for text in (STATIC, EZVPN, MGRE, TEMPLATE, GRE_MAP, VTI, PROFILE, "crypto dynamic-map DYN 10\n")
    for line in [*text.splitlines(), "!", " ip nhrp map multicast dynamic", " ip nhrp map 10.0.0.1 198.51.100.1", " tunnel destination dynamic"]
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(CORPUS), max_size=50))
def test_any_mixture_of_lines_gives_setups_that_hold_together(lines: list[str]) -> None:
    for setup in found("\n".join(lines)):
        assert setup.kind in KINDS
        assert setup.applied <= (setup.interface is not None)
        assert setup.dpd in {"periodic", "on-demand", "unknown"}
        assert setup.any_local or setup.local
        assert 1 <= setup.at.line <= len(lines)
        assert all(1 <= p.line <= len(lines) for p in setup.places)
