"""The observers that causes rest on, one by one: what makes each yes, no and unknown."""

from __future__ import annotations

from typing import Any

import pytest

from engine.facts import ConfigInterface, ConfigSetup, Fact, LogMessage, NhrpPeer, RunningConfig, Version
from engine.observe import observers
from engine.observe.subject import Subject
from engine.relate.setups import setups_of
from engine.relate.views import CaseView, DeviceView, FlowView
from engine.stamp import Stamp
from tests.evidence.samples import HUB, SPI, SPOKE
from tests.relate.build import at, case_of, clock, coverage, device, flow, inv_spi, ipsec_sa, setup, stamp

FIRST = stamp("12:10:00")
OTHER = "203.0.113.9"


def said(
    mnemonic: str, when: Stamp | None, text: str = "", *, peer: str | None = None, line: int = 5
) -> LogMessage:
    return LogMessage(at=at(line), stamp=when, host=None, mnemonic=mnemonic, peer=peer, text=text)


def seen(*facts: Fact, sender: DeviceView | None = None, first: Stamp | None = FIRST, **more: Any) -> Subject:
    """A flow from SPOKE7 to HUB1, and what is known of HUB1."""
    hub1 = device("HUB1", *facts)
    one: FlowView = flow(hub1, last=first, sender=sender, **more)
    case: CaseView = case_of(*filter(None, [hub1, sender]), flows=(one,))
    return Subject(kind="flow", flow=one, flows=[one], device=None, case=case)


def version(uptime: int) -> Version:
    return Version(
        at=at(2), os="ios-xe", release=None, ios_release=None, printed=None, platform=None, uptime_seconds=uptime,
        reload_reason=None, hostname=None,
    )  # fmt: skip


def read_at(when: str) -> Fact:
    return clock(stamp(when, year=2024, zone="UTC"), line=1)


class TestRestart:
    @pytest.mark.parametrize(
        ("uptime", "truth"),
        [(25 * 60, True), (60 * 60 + 20 * 60, True), (30 * 86400, False), (0, False), (15 * 60, None)],
    )
    def test_uptime_and_clock_place_it_beside_the_first_message(
        self, uptime: int, truth: bool | None
    ) -> None:
        assert observers.restarted_before(seen(read_at("12:30:00"), version(uptime))).truth is truth

    def test_uptime_without_a_clock_is_unknown(self) -> None:
        assert observers.restarted_before(seen(version(1500))).truth is None

    def test_its_message_places_it_exactly(self) -> None:
        restarted = said("SYS-5-RESTART", stamp("12:09:10"))
        assert observers.restarted_before(seen(restarted)).truth is True

    def test_an_old_one_in_the_log_is_none(self) -> None:
        restarted = said("SYS-5-RESTART", stamp("02:09:10"))
        assert observers.restarted_before(seen(restarted)).truth is False

    def test_the_one_before_the_message_counts_though_another_came_since(self) -> None:
        facts = (said("SYS-5-RESTART", stamp("12:09:10")), read_at("18:00:00"), version(300))
        assert observers.restarted_before(seen(*facts)).truth is True

    def test_uptime_stamps_count_from_it(self) -> None:
        soon, late = (Stamp(0, 0, 0, 0, 0, uptime=text) for text in ("00:07:41", "3w2d"))
        assert observers.restarted_before(seen(first=soon)).truth is True
        assert observers.restarted_before(seen(first=late)).truth is False

    def test_the_longer_lifetime_of_both_ends_is_how_long_it_matters(self) -> None:
        restarted = said("SYS-5-RESTART", stamp("06:00:00"))
        one = seen(restarted)
        assert one.flow is not None
        assert one.flow.receiver is not None
        one.flow.setup = setups_of(device("HUB1", setup("svti", SPOKE, lifetime_seconds=28800)))[0]
        assert observers.restarted_before(one).truth is True

    def test_further_sources_count_only_after_it(self) -> None:
        restarted = said("SYS-5-RESTART", stamp("12:05:00"))
        after = inv_spi(stamp("12:11:00"), src=OTHER, line=8)
        before = inv_spi(stamp("12:01:00"), src=OTHER, line=4)
        assert observers.others_after_restart(seen(restarted, after)).truth is True
        assert observers.others_after_restart(seen(restarted, before)).truth is False
        assert observers.others_after_restart(seen(restarted, inv_spi(FIRST))).truth is False
        assert observers.others_after_restart(seen(after)).truth is False


class TestWhatTheLogTellsOfThePeer:
    @pytest.mark.parametrize(
        ("peer", "when", "truth"),
        [(SPOKE, "12:10:04", True), (SPOKE, "12:11:00", False), (OTHER, "12:10:00", False)],
    )
    def test_an_ike_message_without_sa_counts_in_the_same_seconds(
        self, peer: str, when: str, truth: bool
    ) -> None:
        message = said("CRYPTO-4-IKMP_NO_SA", stamp(when), peer=peer)
        assert observers.unknown_ike_close(seen(message)).truth is truth

    @pytest.mark.parametrize(
        ("text", "when", "truth"),
        [
            ("Crypto tunnel is DOWN.  Peer", "12:07:00", True),
            ("Crypto tunnel is UP  .  Peer", "12:07:00", False),
            ("Crypto tunnel is DOWN.  Peer", "11:07:00", False),
            ("Crypto tunnel is DOWN.  Peer", "12:10:30", False),
        ],
    )
    def test_a_session_that_goes_down_counts_minutes_before(self, text: str, when: str, truth: bool) -> None:
        message = said("CRYPTO-5-SESSION_STATUS", stamp(when), text, peer=SPOKE)
        assert observers.session_down_before(seen(message)).truth is truth

    def test_the_sender_may_have_seen_it_too(self) -> None:
        message = said(
            "CRYPTO-5-IKEV2_SESSION_STATUS", stamp("12:09:00"), "Crypto tunnel v2 is DOWN.", peer=HUB
        )
        assert observers.session_down_at_sender(seen(sender=device("SPOKE7", message))).truth is True
        assert observers.session_down_at_sender(seen(sender=device("SPOKE7"))).truth is False
        assert observers.session_down_at_sender(seen()).truth is False

    @pytest.mark.parametrize(
        ("typed", "truth"),
        [
            ("logged command:clear crypto sa", True),
            (f"logged command:clear crypto sa peer {SPOKE}", True),
            (f"logged command:clear crypto session remote {OTHER}", False),
            ("logged command:clear crypto sa counters", False),
            ("logged command:clear crypto mib ipsec", False),
            ("logged command:interface Tunnel0", False),
        ],
    )
    def test_a_clear_command_counts_for_the_peers_that_it_reaches(self, typed: str, truth: bool) -> None:
        message = said("PARSER-5-CFGLOG_LOGGEDCMD", stamp("12:08:00"), f"User:ops  {typed}")
        assert observers.clear_logged_before(seen(message)).truth is truth


class TestTakeover:
    ACTIVE = "GigabitEthernet0/0/0 Grp 1 state Standby -> Active"
    PORT = ConfigInterface(
        at=at(3), name="GigabitEthernet0/0/0", addresses=("192.0.2.2", HUB), dynamic_address=False, vrf=None,
        shutdown=False,
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("when", "text", "truth"),
        [
            ("12:09:40", ACTIVE, True),
            ("12:09:40", "Gi0/0/0 Grp 1 state Backup -> Master", True),
            ("12:09:40", "GigabitEthernet0/0/0 Grp 1 state Active -> Speak", False),
            ("11:09:40", ACTIVE, False),
            ("12:12:00", ACTIVE, False),
        ],
    )
    def test_becoming_active_counts_minutes_before(self, when: str, text: str, truth: bool) -> None:
        message = said("HSRP-5-STATECHANGE", stamp(when), text)
        assert observers.became_active_before(seen(message)).truth is truth

    def test_the_destination_is_the_virtual_address_or_the_own_one(self) -> None:
        message = said("HSRP-5-STATECHANGE", stamp("12:09:40"), self.ACTIVE)
        assert observers.destination_is_virtual(seen(message, self.PORT)).truth is True
        assert observers.destination_is_virtual(seen(message, self.PORT, dst="192.0.2.2")).truth is False
        assert observers.destination_is_virtual(seen(message)).truth is None
        assert observers.destination_is_virtual(seen(self.PORT)).truth is None


def both(
    of_hub: dict[str, Any], of_spoke: dict[str, Any], *facts: Fact, whole: bool = True, ike: str = "ikev1"
) -> Subject:
    """A flow with the setups of both ends; `facts` are the sender's."""
    config = RunningConfig(at=at(), hostname=None, whole=whole)
    fields: dict[str, Any] = {"ike": (ike,)}
    hub_setup: ConfigSetup = setup("static-crypto-map", SPOKE, **{**fields, **of_hub})
    spoke_setup: ConfigSetup = setup("static-crypto-map", HUB, **{**fields, **of_spoke})
    spoke7 = device("SPOKE7", spoke_setup, config, *facts, complete_config=whole)
    one = seen(hub_setup, config, sender=spoke7)
    assert one.flow is not None
    assert one.flow.receiver is not None
    one.flow.receiver.complete_config = whole
    one.flow.setup = setups_of(one.flow.receiver)[0]
    one.flow.sender_setup = setups_of(spoke7)[0]
    one.case.sections.update({"spoke.txt": [(10, 20)]})
    return one


def held(**more: Any) -> Fact:
    return ipsec_sa("outbound", local=SPOKE, peer=HUB, line=12, source="spoke.txt", **more)


class TestBothEnds:
    def test_lifetimes_differ_as_configured_or_by_default(self) -> None:
        day = {"lifetime_seconds": 86400}
        assert observers.lifetimes_differ(both(day, {})).truth is True
        assert observers.lifetimes_differ(both(day, day)).truth is False
        assert observers.lifetimes_differ(both({}, {"lifetime_seconds": 3600})).truth is False
        assert observers.lifetimes_differ(both(day, {}, whole=False)).truth is None
        assert observers.lifetimes_differ(seen()).truth is None

    def test_the_line_that_sets_a_timer_is_quoted_and_the_configuration_that_lacks_one(self) -> None:
        one = both({"lifetime_seconds": 86400, "lifetime_at": at(7)}, {}, coverage("running-config", line=30))
        quotes = observers.lifetimes_differ(one).quotes
        assert [(q.place.line, q.kind) for q in quotes] == [(7, "line"), (30, "absence")]

    def test_an_sa_outlives_the_receivers_lifetime_only_with_ikev2(self) -> None:
        hour, day = {"lifetime_seconds": 3600}, {"lifetime_seconds": 86400}
        old, young = held(remaining_seconds=600), held(remaining_seconds=86000)
        assert observers.sender_sa_outlived(both(hour, day, old, ike="ikev2")).truth is True
        assert observers.sender_sa_outlived(both(hour, day, young, ike="ikev2")).truth is False
        assert observers.sender_sa_outlived(both(hour, day, old)).truth is None
        assert observers.sender_sa_outlived(both(hour, day, ike="ikev2")).truth is None

    @pytest.mark.parametrize(
        ("hub", "spoke", "truth"),
        [(600, None, True), (600, 1200, True), (600, 600, False), (1200, 600, False), (None, 600, False)],
    )
    def test_idle_timers_are_compared(self, hub: int | None, spoke: int | None, truth: bool) -> None:
        one = both({"idle_seconds": hub}, {"idle_seconds": spoke})
        assert observers.idle_timer_shorter(one).truth is truth

    def test_no_idle_timer_is_known_only_from_a_whole_configuration(self) -> None:
        one = both({"idle_seconds": 600}, {}, whole=False)
        assert observers.idle_timer_shorter(one).truth is None
        assert observers.idle_timer_shorter(both({}, {"idle_seconds": 600}, whole=False)).truth is None

    @pytest.mark.parametrize(("remaining", "truth"), [(600, True), (3500, None)])
    def test_the_senders_sa_was_older_than_the_idle_time(self, remaining: int, truth: bool | None) -> None:
        when = clock(stamp("12:20:00", year=2024, zone="UTC"), line=11, source="spoke.txt")
        one = both({"idle_seconds": 600}, {}, held(remaining_seconds=remaining), when)
        assert one.flow is not None
        assert one.flow.receiver is not None
        one.flow.receiver.facts.add(read_at("12:30:00"))
        assert observers.sender_sa_older_than_idle(one).truth is truth


class TestOtherNodes:
    @staticmethod
    def beside(node: DeviceView, *facts: Fact) -> Subject:
        one = seen(*facts)
        one.case.devices["HUB2"] = node
        return one

    def test_the_sa_stands_on_a_sister_node(self) -> None:
        one = self.beside(device("HUB2", ipsec_sa(source="hub2.txt")))
        assert observers.spi_on_other_node(one).truth is True
        assert observers.destination_on_other_node(one).truth is True

    def test_a_node_with_another_address_does_not_take_the_destination(self) -> None:
        one = self.beside(device("HUB2", ipsec_sa(source="hub2.txt", local="192.0.2.99")))
        assert observers.spi_on_other_node(one).truth is True
        assert observers.destination_on_other_node(one).truth is False

    def test_what_the_receiver_has_too_is_no_wrong_node(self) -> None:
        one = self.beside(device("HUB2", ipsec_sa(source="hub2.txt")), ipsec_sa())
        assert observers.spi_on_other_node(one).truth is False

    def test_another_peer_or_direction_is_another_sa(self) -> None:
        for sa in (ipsec_sa(peer=OTHER), ipsec_sa("outbound"), ipsec_sa(spi=SPI + 1)):
            assert observers.spi_on_other_node(self.beside(device("HUB2", sa))).truth is False

    def test_a_tunnel_address_moves_between_two_addresses(self) -> None:
        def peer(nbma: str, tunnel: str | None = "10.4.0.21", line: int = 1) -> NhrpPeer:
            return NhrpPeer(
                at=at(line), interface="Tunnel0", tunnel_address=tunnel, nbma=nbma, kind="dynamic", natted=False,
                state="UP",
            )  # fmt: skip

        assert observers.overlay_address_moved(seen(peer(SPOKE), peer(OTHER, line=9))).truth is True
        assert observers.overlay_address_moved(seen(peer(SPOKE), peer(OTHER, "10.4.0.22"))).truth is False
        assert observers.overlay_address_moved(seen(peer(SPOKE, None), peer(OTHER, None))).truth is False
        assert observers.overlay_address_moved(seen(peer(OTHER))).truth is False

    def test_group_keys_are_looked_at_for_group_members_only(self) -> None:
        trouble = said("GDOI-4-GM_RE_REGISTER", stamp("12:01:00"))
        one = seen(trouble, said("GDOI-5-GM_REGS_COMPL", FIRST))
        assert one.flow is not None
        assert observers.group_keys_in_trouble(one).truth is False
        one.flow.setup = setups_of(device("HUB1", setup("getvpn")))[0]
        assert observers.group_keys_in_trouble(one).truth is True


def test_observers_of_causes_do_not_fail_on_a_flow_of_which_nothing_is_known() -> None:
    blank = FlowView(
        id="", receiver=None, src=None, dst=None, protocol=None, spi=None, interface=None, messages=(), count=0,
        first=None, last=None, span_seconds=None, quotes=(),
    )  # fmt: skip
    of_flow = Subject(kind="flow", flow=blank, flows=[blank], device=None, case=case_of())
    of_device = Subject(kind="device", flow=None, flows=[], device=device("R1"), case=case_of())
    for observe in observers.OBSERVERS.values():
        for subject in (of_flow, of_device):
            assert observe(subject).truth is not True
