"""Nothing is confirmed that the evidence does not show, and nothing is advised that would do harm."""

from __future__ import annotations

import re

import pytest

from engine.diagnosis.document import Action, Diagnosis
from tests.evidence.samples import (
    HUB,
    ISAKMP_EMPTY,
    ISAKMP_UP,
    SPI,
    SPOKE,
    TWICE,
    VERSION,
    clock,
    config,
    console,
    hub,
    logging,
    message,
    sa_list,
    sources,
    spoke,
)
from tests.tui.pipeline import diagnosed

FF = 0xFF010203
STRANGER = "203.0.113.5"


def dx(**texts: str) -> Diagnosis:
    return diagnosed(sources(**texts))


def verdicts(document: Diagnosis) -> dict[str, str]:
    return {f.id: f.verdict for f in document.findings}


def actions(document: Diagnosis, name: str) -> list[Action]:
    return [a for a in document.actions if a.id.split("/")[1] == name]


def test_the_seed_case_is_confirmed_in_full() -> None:
    found = verdicts(dx(hub=hub(*TWICE), spoke=spoke()))
    for name in ("desync-proven", "recovery-missing", "ike-sa-absent", "invalid-spi-persistent"):
        assert found[name] == "confirmed"


def test_one_message_is_never_more_than_likely_transient() -> None:
    found = verdicts(dx(hub=hub(TWICE[0])))
    assert found["invalid-spi-transient"] == "likely"
    assert "confirmed" not in {v for k, v in found.items() if k not in {"ike-sa-absent", "recovery-active"}}


def test_a_message_in_buffer_and_export_is_one() -> None:
    assert "invalid-spi-persistent" not in verdicts(dx(hub=hub(TWICE[0]), export=TWICE[0]))


@pytest.mark.parametrize(
    "command",
    [
        "show crypto isakmp sa | include 198.51.100.9",
        "show crypto isakmp sa vrf RED",
        "show crypto isakmp sa nat",
        "show crypto isakmp sa active",
        "show crypto isakmp sa count",
    ],
)
def test_a_selected_ike_list_proves_no_absence(command: str) -> None:
    text = hub(*TWICE).replace("show crypto isakmp sa", command)
    assert verdicts(dx(hub=text)).get("recovery-missing") != "confirmed"
    assert verdicts(dx(hub=text)).get("ike-sa-absent") is None


@pytest.mark.parametrize(
    "command",
    [
        "show crypto ipsec sa vrf RED",
        "show crypto ipsec sa interface Tunnel1",
        "show crypto ipsec sa map OTHER",
        "show crypto ipsec sa active",
        "show crypto ipsec sa peer 203.0.113.77",
        "show crypto ipsec sa ipv6",
        "sh cry ips sa | i spi",
        "sh cry ips sa int Tu1",
    ],
)
def test_a_selected_ipsec_list_proves_no_desync(command: str) -> None:
    text = hub(*TWICE).replace("#show crypto ipsec sa\n", f"#{command}\n")
    assert verdicts(dx(hub=text, spoke=spoke())).get("desync-proven") not in {"confirmed", "likely"}


@pytest.mark.parametrize("cut", [200, 600, 700])
def test_a_list_cut_off_proves_nothing(cut: int) -> None:
    text = console("HUB1", ("show running-config", config()), ("show logging", logging(*TWICE)))
    torn = text + "HUB1#show crypto ipsec sa\n" + sa_list(HUB, SPOKE)[:cut]
    assert verdicts(dx(hub=torn, spoke=spoke())).get("desync-proven") not in {"confirmed", "likely"}


def test_a_sender_with_another_spi_is_no_desync() -> None:
    assert verdicts(dx(hub=hub(*TWICE), spoke=spoke(outbound=SPI + 1))).get("desync-proven") is None


def test_a_part_of_the_configuration_does_not_say_that_the_command_is_missing() -> None:
    text = hub(*TWICE).replace("show running-config\n", "show running-config | section crypto\n")
    document = dx(hub=text)
    assert verdicts(document).get("recovery-missing") is None
    assert all(s.recovery.configured is None for s in document.setups)


def test_recovery_is_never_advised_where_an_ike_sa_exists_or_for_a_stranger() -> None:
    assert not actions(dx(hub=hub(*TWICE, isakmp=ISAKMP_UP), spoke=spoke()), "enable-recovery")
    strange = [message(at, src=STRANGER) for at in ("12:10:00.100", "12:12:00.100")]
    assert not actions(dx(hub=hub(*strange)), "enable-recovery")


_FORBIDDEN = re.compile(
    r"^(?:clear crypto sa|clear crypto isakmp|clear crypto session|clear crypto ikev2 sa|reload|debug all|no crypto map.*|"
    r"clear crypto sa peer|clear crypto sa all)$"
)
CASES: dict[str, dict[str, str]] = {
    "pair": {"hub": hub(*TWICE), "spoke": spoke()},
    "ike-up": {"hub": hub(*TWICE, isakmp=ISAKMP_UP), "spoke": spoke()},
    "log": {"log": "".join(TWICE)},
    "ff": {"hub": hub(message("12:10:00.1", spi=FF), message("12:12:00.1", spi=FF)).replace(sa_list(HUB, SPOKE), sa_list(HUB, SPOKE, inbound=FF))},
    "stranger": {"hub": hub(message("12:10:00.1", src=STRANGER), message("12:12:00.1", src=STRANGER))},
    "ipv6": {"log": "".join(TWICE).replace(SPOKE, "2001:db8::7").replace(HUB, "2001:db8::1")},
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_no_command_is_box_wide_or_cannot_be_pasted(name: str) -> None:
    for action in dx(**CASES[name]).actions:
        for command in [*action.commands, *action.rollback, *action.verify]:
            assert not _FORBIDDEN.match(command), command
            assert "{" not in command
            assert "\n" not in command
            assert command == command.strip()


@pytest.mark.parametrize("name", CASES)
def test_a_debug_stands_between_its_condition_and_its_undo(name: str) -> None:
    for action in dx(**CASES[name]).actions:
        debugs = [c for c in action.commands if c.startswith("debug ")]
        if debugs:
            assert debugs[0].startswith("debug crypto condition peer ")
            undone = {c.removeprefix("no ") for c in action.commands if c.startswith("no debug ")}
            assert undone == {c for c in debugs if "condition" not in c}
            assert action.commands[-1] == "debug crypto condition reset"


def test_a_value_of_the_log_cannot_add_a_command() -> None:
    evil = (
        "".join(TWICE).replace("GigabitEthernet0/0/0", "Gi0;reload").replace(SPOKE, "198.51.100.7|redirect")
    )
    for action in dx(log=evil).actions:
        for command in action.commands:
            assert ";" not in command
            assert "redirect" not in command


def test_what_has_ended_is_not_disrupted() -> None:
    quiet = "".join(f"Mar  4 12:{m}:00.000: %SYS-5-CONFIG_I: Configured from console\n" for m in (30, 50))
    document = dx(hub=hub(*TWICE, quiet, at="12:55:00.000"))
    assert [f.state for f in document.flows] == ["ended"]
    assert not [a for a in document.actions if a.disrupts != "nothing"]


def test_peers_behind_one_address_are_not_cleared_together() -> None:
    both = sa_list(SPOKE, HUB, outbound=SPI).replace("port 500", "port 4500") + sa_list(
        SPOKE, HUB, outbound=SPI + 5
    ).replace("port 500", "port 4501").replace("10.2.0.0", "10.3.0.0")
    document = dx(hub=hub(*TWICE), spoke=console("SPOKE7", ("show crypto ipsec sa", both)))
    cleared = [c for a in document.actions for c in a.commands if c.startswith("clear ")]
    assert all("port 4500" in c for c in cleared)


def test_group_members_and_peers_with_host_names_are_not_called_strangers() -> None:
    named = hub(*TWICE).replace(f"set peer {SPOKE}", "set peer vpn.example.net dynamic")
    group = hub(*TWICE).replace(
        f"crypto map VPN 10 ipsec-isakmp\n set peer {SPOKE}", "crypto map VPN 10 gdoi\n set group G1"
    )
    for text in (named, group):
        document = dx(hub=text)
        assert verdicts(document).get("unsolicited-esp") not in {"likely", "confirmed"}
        assert not actions(document, "filter-unsolicited")


def test_an_ike_list_that_may_be_of_the_other_end_confirms_nothing() -> None:
    """An IKE list in a file of its own, empty and without a name, may be of the other end."""
    known = console("HUB1", ("show running-config", config()), ("show logging", logging(*TWICE)))
    assert verdicts(dx(hub=known, peer=ISAKMP_EMPTY)).get("recovery-missing") != "confirmed"


def test_a_buffer_printed_twice_proves_no_black_hole() -> None:
    buffer = ("show logging", logging(TWICE[0]))
    assert verdicts(dx(hub=console("HUB1", buffer, buffer)))["invalid-spi-persistent"] == "likely"


def test_log_times_in_another_zone_than_the_senders_clock_confirm_nothing() -> None:
    """HUB1 logs local time (EST, 12:10 UTC); the list of SPOKE7 is of 08:00 UTC, hours before the message."""
    text = (
        hub(message("07:10:00.000"), message("07:11:10.000"), top="clock timezone EST -5 0\n")
        .replace("log datetime msec", "log datetime msec localtime")
        .replace("12:30:00.000 UTC", "07:30:00.000 EST")
    )
    document = dx(hub=text, spoke=spoke(at="08:00:00.000"))
    assert verdicts(document).get("desync-proven") != "confirmed"


def test_an_ike_list_older_than_the_messages_confirms_nothing() -> None:
    text = console(
        "HUB1",
        ("show clock", clock("11:00:00.000")),
        ("show crypto isakmp sa", ISAKMP_EMPTY),
        ("show clock", clock("11:00:05.000")),
        ("show running-config", config()),
        ("show logging", logging(*TWICE)),
    )
    assert verdicts(dx(hub=text)).get("recovery-missing") != "confirmed"


def test_an_sa_listed_before_the_messages_is_no_sign_of_the_ff_defect() -> None:
    """Installed at 11:00, refused at 12:10: gone in between, an ordinary stale SA."""
    text = console(
        "HUB1",
        ("show clock", clock("11:00:00.000")),
        ("show crypto ipsec sa", sa_list(HUB, SPOKE, inbound=FF, outbound=7777777)),
        ("show clock", clock("11:00:05.000")),
        ("show running-config", config()),
        ("show logging", logging(message("12:10:00.100", spi=FF), message("12:12:00.100", spi=FF))),
    )
    document = dx(hub=text)
    assert verdicts(document).get("CSCvp16730") not in {"likely", "confirmed"}
    assert not actions(document, "renew-spi")


def test_filters_for_two_strangers_both_take_effect() -> None:
    """Pasted one after the other, the second deny line must not stand behind `permit ip any any`."""
    text = hub(
        *(message(f"12:{m}:00.100", src=src, spi=spi) for m, src, spi in ((10, STRANGER, 5), (12, STRANGER, 5), (14, "203.0.113.6", 6), (16, "203.0.113.6", 6)))
    )  # fmt: skip
    typed = [a.commands for a in actions(dx(hub=text), "filter-unsolicited")]
    lists = {c for commands in typed for c in commands if c.startswith("ip access-list")}
    assert len(typed) == len(lists) or len(typed) == 1


def test_ah_is_filtered_as_ah() -> None:
    strange = [
        message(at, src=STRANGER).replace("prot=50", "prot=51") for at in ("12:10:00.100", "12:12:00.100")
    ]
    for action in actions(dx(hub=hub(*strange)), "filter-unsolicited"):
        assert not any(c.startswith("deny esp") for c in action.commands)


def test_a_firewall_is_not_given_commands_of_ios() -> None:
    firewall = "Cisco Adaptive Security Appliance Software Version 9.8(2)\n\nFW1 up 3 days 4 hours\n"
    text = console(
        "FW1", ("show version", firewall), ("show crypto ipsec sa", sa_list(SPOKE, HUB, outbound=SPI))
    )
    document = dx(hub=hub(*TWICE), fw=text)
    for action in document.actions:
        if action.target.device == "FW1":
            assert not any(
                c.startswith(("crypto isakmp keepalive", "clear crypto sa")) for c in action.commands
            )


def test_a_sender_of_the_case_that_holds_the_spi_is_no_stranger() -> None:
    """HUB1 has a dynamic map and names no peer; SPOKE7 names HUB1 and holds the SPI, so it is one."""
    text = hub(*TWICE).replace(
        f"crypto map VPN 10 ipsec-isakmp\n set peer {SPOKE}\n set transform-set TS\n match address VPN-10\n",
        "crypto dynamic-map DYN 10\n set transform-set TS\ncrypto map VPN 65000 ipsec-isakmp dynamic DYN\n",
    )
    document = dx(hub=text, spoke=spoke())
    assert verdicts(document)["desync-proven"] == "confirmed"
    assert verdicts(document).get("unsolicited-esp") != "possible"
    assert actions(document, "clear-on-sender")


def test_an_ike_sa_in_standby_is_not_proven_absent() -> None:
    standby = ISAKMP_UP.replace("ACTIVE", "STDBY")
    assert verdicts(dx(hub=hub(*TWICE, isakmp=standby))).get("recovery-missing") != "confirmed"


def test_counters_alone_are_no_message() -> None:
    text = console("HUB1", ("show version", VERSION.format(host="HUB1")))
    assert dx(hub=text).flows == []
    assert not [a for a in dx(hub=text).actions if a.disrupts != "nothing"]
