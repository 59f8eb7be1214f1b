"""The running-config as a whole: tree, coverage, global commands, interfaces."""

from __future__ import annotations

from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import (
    ConfigInterface,
    ConfigSetup,
    Coverage,
    Fact,
    Hostname,
    RecoveryCommand,
    RunningConfig,
)
from engine.parsers.config_tree import after, read_tree
from engine.parsers.running_config import parse

F = TypeVar("F", bound=Fact)

WHOLE = """\
Building configuration...

Current configuration : 5120 bytes
!
! Last configuration change at 09:00:00 KST Mon Sep 2 2024 by admin
!
version 15.7
service timestamps debug datetime msec
service timestamps log datetime msec localtime show-timezone year
!
hostname branch-a
!
banner motd ^C
Only for staff.
interface Tunnel99
 tunnel destination 203.0.113.99
 tunnel protection ipsec profile BANNER
crypto isakmp invalid-spi-recovery
end
^C
clock timezone KST 9 0
!
crypto pki certificate chain ROOT
 certificate ca 01
  30820122 300D0609 2A864886 F70D0101 01050003 82010F00 3082010A 02820101
  0123ABCD
\t\tquit
crypto isakmp policy 10
 authentication pre-share
crypto isakmp key SECRET address 198.51.100.1
crypto ipsec security-association lifetime seconds 28800
!
crypto map CM 10 ipsec-isakmp
 description crypto isakmp invalid-spi-recovery
 set peer 198.51.100.1
 match address 101
!
interface Loopback0
 ip address 192.0.2.200 255.255.255.255
!
interface GigabitEthernet0/0
 description interface Tunnel5
 vrf forwarding OUT
 ip address 192.0.2.3 255.255.255.0 secondary
 ip address 192.0.2.2 255.255.255.0
 ipv6 address 2001:DB8::2/64
 standby version 2
 standby 1 ip 192.0.2.1
 standby 1 priority 110
 crypto map CM
!
interface GigabitEthernet0/1
 ip unnumbered Loopback0
 shutdown
!
interface Dialer1
 ip address negotiated
!
event manager applet RECOVER
 event syslog pattern "RECVD_PKT_INV_SPI"
 action 1.0 cli command "conf t"
 action 2.0 cli command "crypto isakmp invalid-spi-recovery"
!
alias exec recover crypto isakmp invalid-spi-recovery
macro name fix
crypto isakmp invalid-spi-recovery
interface Tunnel98
@
end
"""


def section(text: str, *, filtered: bool = False) -> Section:
    source = Source("branch-a.txt", text.encode())
    return Section(source, "show running-config", 1, source.line_count, closed=True, filtered=filtered)


def of(kind: type[F], text: str, *, filtered: bool = False) -> list[F]:
    return [f for f in parse(section(text, filtered=filtered)) if isinstance(f, kind)]


def test_a_config_from_head_to_end_is_whole() -> None:
    assert [c.whole for c in of(Coverage, WHOLE)] == [True]
    assert of(Coverage, WHOLE)[0].family == "running-config"


def test_global_commands_are_read() -> None:
    (config,) = of(RunningConfig, WHOLE)
    assert config.hostname == "branch-a"
    assert config.whole
    assert config.log_timestamps_local is True
    assert config.log_timestamps_zone is True
    assert config.clock_offset_minutes == 540
    assert config.lifetime_seconds == 28800


def test_the_hostname_has_its_line() -> None:
    (name,) = of(Hostname, WHOLE)
    assert (name.name, name.basis, name.at.line) == ("branch-a", "configuration", 11)


def test_commands_quoted_in_banner_description_alias_applet_and_macro_are_not_configured() -> None:
    assert of(RecoveryCommand, WHOLE) == []
    assert [i.name for i in of(ConfigInterface, WHOLE)] == [
        "Loopback0",
        "GigabitEthernet0/0",
        "GigabitEthernet0/1",
        "Dialer1",
    ]
    assert [s.name for s in of(ConfigSetup, WHOLE)] == ["CM 10"]


def test_interface_addresses_include_secondary_ipv6_and_hsrp() -> None:
    facts = {i.name: i for i in of(ConfigInterface, WHOLE)}
    outside = facts["GigabitEthernet0/0"]
    assert outside.addresses == ("192.0.2.3", "192.0.2.2", "2001:db8::2", "192.0.2.1")
    assert outside.vrf == "OUT"
    assert facts["GigabitEthernet0/1"].addresses == ("192.0.2.200",)
    assert facts["GigabitEthernet0/1"].shutdown
    assert facts["Dialer1"].dynamic_address
    assert not outside.dynamic_address


@pytest.mark.parametrize(
    ("lines", "addresses", "dynamic"),
    [
        ("ip address dhcp", (), True),
        (
            "ip address 192.0.2.9 255.255.255.0\n vrrp 1 ip 192.0.2.1 secondary",
            ("192.0.2.9", "192.0.2.1"),
            False,
        ),
        ("vrrp 7 address-family ipv4\n  address 192.0.2.1 primary", ("192.0.2.1",), False),
        ("vrrp 7 address-family ipv4\n\taddress 192.0.2.1 primary", ("192.0.2.1",), False),
        ("glbp 3 ip 192.0.2.4", ("192.0.2.4",), False),
        ("redundancy group 1 ip 192.0.2.5 exclusive decrement 50", ("192.0.2.5",), False),
        ("standby 1 ipv6 2001:db8::1/64", ("2001:db8::1",), False),
        ("standby 1 ip", (), False),
        ("ipv6 address 2001:db8:1::/64 eui-64", (), True),
        ("ipv6 address fe80::1 link-local", ("fe80::1",), False),
        ("ipv6 address autoconfig", (), True),
        ("ip unnumbered Loopback7", (), False),
        ("ip address 192.0.2.9 255.255.255.0\n no ip address", (), False),
    ],
)
def test_each_way_to_get_an_address_is_read(lines: str, addresses: tuple[str, ...], dynamic: bool) -> None:
    (found,) = of(ConfigInterface, f"interface Gi0/0\n {lines}\n")
    assert (found.addresses, found.dynamic_address) == (addresses, dynamic)


def test_an_unnumbered_interface_is_as_dynamic_as_its_lender() -> None:
    text = "interface Gi0/0\n ip address dhcp\ninterface Tunnel0\n ip unnumbered Gi 0/0\n"
    assert [i.dynamic_address for i in of(ConfigInterface, text)] == [True, True]


def test_interfaces_unnumbered_in_a_circle_have_no_address() -> None:
    text = "interface Loopback1\n ip unnumbered Loopback2\ninterface Loopback2\n ip unnumbered Loopback1\n"
    assert [i.addresses for i in of(ConfigInterface, text)] == [(), ()]


def test_two_stanzas_of_one_interface_are_one_interface() -> None:
    text = "interface Gi0/0\n ip address 192.0.2.1 255.255.255.0\n shutdown\n!\nint gig 0/0\n no shut\n"
    (found,) = of(ConfigInterface, text)
    assert found.addresses == ("192.0.2.1",)
    assert not found.shutdown
    assert found.at.line == 1


@pytest.mark.parametrize(
    ("text", "enabled"),
    [
        ("crypto isakmp invalid-spi-recovery\n", True),
        ("no crypto isakmp invalid-spi-recovery\n", False),
        ("cry isa inv\n", True),
        ("R1(config)#crypto isakmp invalid-spi-recovery\n", True),
        ("crypto isakmp invalid-spi-recovery\nno crypto isakmp invalid-spi-recovery\n", False),
        ("hostname R1\n    crypto isakmp invalid-spi-recovery\n", True),
    ],
)
def test_the_recovery_command_and_its_no_form_are_told_apart(text: str, enabled: bool) -> None:
    assert [r.enabled for r in of(RecoveryCommand, text)] == [enabled]


@pytest.mark.parametrize(
    "text",
    [
        "! crypto isakmp invalid-spi-recovery\n",
        "!crypto isakmp invalid-spi-recovery\n",
        "alias exec x crypto isakmp invalid-spi-recovery\n",
        "banner login # crypto\ncrypto isakmp invalid-spi-recovery\n#\n",
        "banner exec \x03\ncrypto isakmp invalid-spi-recovery\n\x03\n",
        "aaa authentication fail-message ^C\ncrypto isakmp invalid-spi-recovery\n^C\n",
        "crypto isakmp client configuration group G\n banner ^C\ncrypto isakmp invalid-spi-recovery\n^C\n",
        'event manager applet A\n action 1 cli command "crypto isakmp invalid-spi-recovery"\n',
        "event manager environment fix crypto isakmp invalid-spi-recovery\n",
        "kron policy-list K\n cli crypto isakmp invalid-spi-recovery\n",
        "crypto isakmp keepalive 10\n",
        "privilege configure level 5 crypto isakmp invalid-spi-recovery\n",
    ],
)
def test_text_that_quotes_the_recovery_command_is_not_the_command(text: str) -> None:
    assert of(RecoveryCommand, text) == []


def test_a_one_line_banner_hides_nothing_below_it() -> None:
    assert of(RecoveryCommand, "banner motd #hello#\ncrypto isakmp invalid-spi-recovery\n")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("version 15.7\nhostname R1\nend\n", True),
        ("!\n! NVRAM config last updated\n!\nversion 17.9\nhostname R1\n!\nend\n\n", True),
        ("Using 5120 out of 262144 bytes\n!\nversion 15.7\nend\n", True),
        ("Load for five secs: 1%/0%\nTime source is NTP, 07:47:11.317 UTC Thu Sep 8 2016\n\nBuilding configuration...\nend\n", True),
        ("version 15.7\nend\n*Sep  2 09:00:00: %SYS-5-CONFIG_I: Configured from console\n", True),
        ("version 15.7\nhostname R1\n", False),
        ("hostname R1\nend\n", False),
        ("version 15.7\nbanner motd ^C\nend\n", False),
        ("", False),
        ("version 15.7\nend\ninterface Gi0/0\n", False),
    ],
)  # fmt: skip
def test_whole_needs_head_and_end(text: str, whole: bool) -> None:
    assert [c.whole for c in of(Coverage, text)] == [whole]


def test_a_filtered_config_is_never_whole() -> None:
    assert [c.whole for c in of(Coverage, WHOLE, filtered=True)] == [False]
    assert [c.whole for c in of(RunningConfig, WHOLE, filtered=True)] == [False]


@pytest.mark.parametrize(
    ("line", "local", "zone"),
    [
        ("service timestamps log datetime msec", False, False),
        ("service timestamps log datetime localtime", True, False),
        ("service timestamps log datetime msec show-timezone", False, True),
        ("service timestamps log uptime", False, False),
        ("no service timestamps log", False, False),
        ("service timestamps debug datetime localtime", None, None),
    ],
)
def test_log_time_stamps_are_read(line: str, local: bool | None, zone: bool | None) -> None:
    (config,) = of(RunningConfig, f"{line}\n")
    assert (config.log_timestamps_local, config.log_timestamps_zone) == (local, zone)


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("clock timezone EST -5 0", -300),
        ("clock timezone IST 5 30", 330),
        ("clock timezone NST -3 30", -210),
        ("clock timezone GMT 0", 0),
        ("clock timezone EAST", None),
        ("clock timezone X 99 0", None),
        ("clock timezone X soon", None),
    ],
)
def test_the_clock_offset_is_in_minutes(line: str, minutes: int | None) -> None:
    assert of(RunningConfig, f"{line}\n")[0].clock_offset_minutes == minutes


@pytest.mark.parametrize(
    "text",
    [
        "ASA Version 9.16(4)\n!\nhostname fw\ncrypto map OUT 10 set peer 198.51.100.1\ncrypto map OUT interface outside\n",
        ": Saved\n:\nhostname fw\n",
        "interface GigabitEthernet0/0\n nameif outside\n ip address 192.0.2.1 255.255.255.0\n",
        "crypto map OUT 10 match address A\ncrypto map OUT 10 set peer 198.51.100.1\ncrypto map OUT interface outside\n",
    ],
)
def test_an_asa_configuration_gives_only_coverage(text: str) -> None:
    facts = parse(section(text))
    assert [type(f) for f in facts] == [Coverage]
    assert isinstance(facts[0], Coverage)
    assert not facts[0].whole


def test_a_vlan_name_does_not_make_a_switch_an_asa() -> None:
    assert of(RunningConfig, "vlan 10\n name USERS\n")


def test_one_asa_line_among_ios_entries_does_not_make_an_asa() -> None:
    text = "crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\ncrypto map X 10 set peer 198.51.100.2\n"
    assert [s.name for s in of(ConfigSetup, text)] == ["CM 10"]


def test_an_empty_section_gives_only_coverage() -> None:
    assert [type(f) for f in parse(section(""))] == [Coverage]


@pytest.mark.parametrize(
    ("typed", "command", "rest"),
    [
        ("tun prot ipsec prof P", "tunnel protection ipsec profile", ["P"]),
        ("TUNNEL PROTECTION IPSEC PROFILE P", "tunnel protection ipsec profile", ["P"]),
        ("ip add 192.0.2.1 255.255.255.0", "ip address", ["192.0.2.1", "255.255.255.0"]),
        ("shutdown", "shutdown", []),
    ],
)
def test_abbreviated_commands_match(typed: str, command: str, rest: list[str]) -> None:
    assert after(typed.split(), command) == rest


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("shape average 1000", "shutdown"),
        ("ip address-pool local", "ip address"),
        ("t p ipsec profile P", "tunnel protection ipsec profile"),
        ("ip", "ip address"),
        ("ip address", "ipv6 address"),
        ("crypto key generate", "crypto keyring"),
        ("name USERS", "nameif"),
    ],
)
def test_other_commands_do_not_match(typed: str, command: str) -> None:
    assert after(typed.split(), command) is None


FLAT = """\
crypto map CM 10 ipsec-isakmp
set peer 198.51.100.1
match address 101
interface Tunnel0
bandwidth 1000
ip nhrp network-id 1
tunnel source GigabitEthernet0/0
tunnel mode gre multipoint
tunnel protection ipsec profile P
interface GigabitEthernet0/0
ip address 192.0.2.1 255.255.255.0
crypto map CM
router ospf 1
network 10.0.0.0 0.255.255.255 area 0
shutdown
"""


def test_flattened_sub_commands_belong_to_the_mode_opened_last() -> None:
    tree = read_tree(list(enumerate(FLAT.splitlines(), 1)))
    assert [(n.line, len(n.children)) for n in tree.roots if n.children] == [(1, 2), (4, 4), (10, 2)]
    assert {i.name: i.shutdown for i in of(ConfigInterface, FLAT)} == {
        "Tunnel0": False,
        "GigabitEthernet0/0": False,
    }


def test_a_first_line_without_the_indentation_of_the_others_takes_no_children() -> None:
    (config,) = of(RunningConfig, "version 15.7\n   hostname R1\n   service timestamps log uptime\n")
    assert (config.hostname, config.log_timestamps_local) == ("R1", False)


def test_a_separator_ends_a_flattened_mode() -> None:
    assert [i.shutdown for i in of(ConfigInterface, "interface Gi0/0\n!\nshutdown\n")] == [False]
    assert [i.shutdown for i in of(ConfigInterface, "interface Gi0/0\n! comment\nshutdown\n")] == [True]


def test_a_capture_indented_as_a_whole_reads_like_the_original() -> None:
    plain = [f for f in parse(section(WHOLE)) if isinstance(f, ConfigInterface | ConfigSetup | Hostname)]
    shifted = "\n".join(f"    {line}" for line in WHOLE.splitlines())
    assert [
        f for f in parse(section(shifted)) if isinstance(f, ConfigInterface | ConfigSetup | Hostname)
    ] == plain


def test_tabs_and_blank_lines_between_all_lines_change_nothing_but_the_line_numbers() -> None:
    text = WHOLE.replace("\n ", "\n\t").replace("\n", "\n\n")
    assert [i.addresses for i in of(ConfigInterface, text)] == [
        i.addresses for i in of(ConfigInterface, WHOLE)
    ]
    assert [s.kind for s in of(ConfigSetup, text)] == ["static-crypto-map"]


def test_an_interface_named_inside_another_mode_does_not_swallow_what_follows() -> None:
    text = (
        "pfr master\n border 192.0.2.1 key-chain K\n  interface GigabitEthernet0/0 external\n"
        "interface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\n"
    )
    assert [(i.name, i.at.line) for i in of(ConfigInterface, text)] == [("GigabitEthernet0/0", 4)]


def test_a_session_typed_at_prompts_is_read() -> None:
    text = (
        "R1(config)#int tu0\nR1(config-if)# tun so Gi0/0\nR1(config-if)#tun dest 198.51.100.1\n"
        "R1(config-if)#tun prot ipsec prof P\nR1(config-if)#end\n"
    )
    assert [(s.kind, s.interface, s.name) for s in of(ConfigSetup, text)] == [
        ("p2p-gre-tunnel-protection", "Tunnel0", "P")
    ]


LINES = WHOLE.splitlines() + FLAT.splitlines()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=60))
def test_no_shuffle_of_lines_raises(lines: list[str]) -> None:
    facts = parse(section("\n".join(lines)))
    assert isinstance(facts[0], Coverage)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE)), st.booleans())
def test_no_truncation_raises_nor_is_whole(cut: int, filtered: bool) -> None:
    text = WHOLE[:cut]
    facts = parse(section(text, filtered=filtered))
    coverage = next(f for f in facts if isinstance(f, Coverage))
    assert coverage.whole is (not filtered and cut >= len(WHOLE) - 1)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(sorted({w for line in LINES for w in line.split()})),
                st.sampled_from(
                    ["no", "!", "ipv6", "dynamic", "map", "nhs", "nbma", "set", "peer", "group", "²"]
                ),
                st.text(max_size=6),
            ),
            max_size=8,
        ),
        max_size=30,
    )
)
def test_no_mixture_of_words_raises(lines: list[list[str]]) -> None:
    text = "\n".join(" " * (i % 3) + " ".join(words) for i, words in enumerate(lines))
    assert parse(section(text))


def test_reading_stays_linear_in_hostile_input() -> None:
    text = (
        "interface Gi0/0\n"
        + " no crypto map A\n crypto map A\n" * 5000
        + "crypto map A 1 ipsec-isakmp\n" * 5000
    )
    assert len(parse(section(text))) > 1
