"""The observers, one by one: what makes each yes, no and unknown."""

from __future__ import annotations

from typing import Any

import pytest

from engine.facts import Clock, DropCounter, Fact, IkeNotify, LogWindow, RunningConfig
from engine.observe import observers
from engine.observe.subject import Observation, Subject, places
from engine.relate.setups import setups_of
from engine.relate.views import CaseView, DeviceView, FlowView
from engine.stamp import Stamp
from tests.evidence.samples import HUB, SPOKE
from tests.relate.build import at, case_of, clock, coverage, device, flow, inv_spi, ipsec_sa, setup, stamp

LAST = stamp("12:11:00")


def utc(when: str) -> Stamp:
    return stamp(when, year=2024, zone="UTC")


def pair(receiver: tuple[Fact, ...] = (), sender: tuple[Fact, ...] | None = None, **more: Any) -> Subject:
    """A flow from SPOKE7 to HUB1, and what is known of both; the lists of HUB1 are in hub.txt, line 10 to 20."""
    hub1 = device("HUB1", *receiver)
    spoke7 = device("SPOKE7", *sender) if sender is not None else None
    one: FlowView = flow(hub1, last=LAST, sender=spoke7, **more)
    case: CaseView = case_of(*filter(None, [hub1, spoke7]), flows=(one,))
    case.sections.update({"hub.txt": [(10, 20)], "spoke.txt": [(10, 20)]})
    return Subject(kind="flow", flow=one, flows=[one], device=None, case=case)


def of_device(held: DeviceView) -> Subject:
    return Subject(kind="device", flow=None, flows=[], device=held, case=case_of(held))


def hub_clock(when: str, **more: Any) -> Clock:
    return clock(utc(when), line=11, source="hub.txt", **more)


def spoke_clock(when: str, **more: Any) -> Clock:
    return clock(utc(when), line=11, source="spoke.txt", **more)


HUB_LIST = coverage("ipsec-sa", line=10)
HELD = ipsec_sa("outbound", local=SPOKE, peer=HUB, line=12, source="spoke.txt")
CONFIG = RunningConfig(at=at(), hostname="HUB1", whole=True)


@pytest.mark.parametrize(
    ("hub_at", "spoke_at", "truth"),
    [
        ("12:30:00", "12:31:00", True),
        ("12:00:00", "12:31:00", False),
        ("12:30:00", "12:00:00", False),
        (None, "12:31:00", None),
        ("12:30:00", None, None),
    ],
)
def test_both_lists_fit_where_they_were_taken_after_the_last_message(
    hub_at: str | None, spoke_at: str | None, truth: bool | None
) -> None:
    receiver = (HUB_LIST, *([hub_clock(hub_at)] if hub_at else []))
    sender = (HELD, *([spoke_clock(spoke_at)] if spoke_at else []))
    one = pair(receiver, sender)
    assert observers.lists_fit_in_time(one).truth is truth
    assert observers.lists_too_early(one).truth is (truth is False)


def test_a_list_of_a_sender_whose_clock_is_not_synchronised_proves_nothing() -> None:
    unsure = clock(stamp("12:31:00", year=2024, zone="UTC", mark="*"), line=2, source="spoke.txt")
    assert observers.lists_fit_in_time(pair((HUB_LIST, hub_clock("12:30:00")), (HELD, unsure))).truth is None


def test_lists_overlap_where_the_sas_age_reaches_back_to_the_receivers_list() -> None:
    whole = RunningConfig(at=at(), hostname="x", whole=True, lifetime_seconds=3600)
    old = ipsec_sa("outbound", local=SPOKE, peer=HUB, line=12, source="spoke.txt", remaining_seconds=600)
    receiver, sender = (HUB_LIST, hub_clock("12:05:00"), whole), (old, spoke_clock("12:06:00"), whole)
    assert observers.lists_fit_in_time(pair(receiver, sender)).truth is True
    young = ipsec_sa("outbound", local=SPOKE, peer=HUB, line=12, source="spoke.txt", remaining_seconds=3599)
    assert observers.lists_fit_in_time(pair(receiver, (young, spoke_clock("12:06:00"), whole))).truth is False


def test_desync_is_shown_by_both_lists_only() -> None:
    assert observers.desync_shown(pair((HUB_LIST,), (HELD,))).truth is True
    assert observers.desync_shown(pair((HUB_LIST, ipsec_sa("inbound", line=12)), (HELD,))).truth is False
    assert observers.desync_shown(pair((), (HELD,))).truth is False
    assert observers.desync_shown(pair((HUB_LIST,), ())).truth is False
    assert observers.desync_shown(pair((HUB_LIST,))).truth is False
    assert observers.desync_shown(pair((HUB_LIST, hub_clock("12:00:00")), (HELD,))).truth is False


def test_no_setup_takes_the_source_only_where_the_whole_configuration_was_seen() -> None:
    def of(known: bool | None, complete: bool) -> bool | None:
        one = pair(source_known=known)
        assert one.flow is not None
        assert one.flow.receiver is not None
        one.flow.receiver.complete_config = complete
        return observers.no_setup_takes_source(one).truth

    assert of(known=False, complete=True) is True
    assert of(known=True, complete=True) is False
    assert of(known=None, complete=False) is None


def test_a_source_that_may_be_a_peer_with_a_host_name_is_unknown() -> None:
    one = pair(source_known=None)
    assert one.flow is not None
    assert one.flow.receiver is not None
    one.flow.receiver.complete_config = True
    assert observers.no_setup_takes_source(one).truth is None


def apart(*whens: str) -> Observation:
    flows = [
        flow(device("HUB1"), last=stamp(when), spi=n, quotes=places(at(n + 1)))
        for n, when in enumerate(whens)
    ]
    return observers.three_spis_apart(
        Subject(kind="pair", flow=flows[0], flows=flows, device=None, case=case_of(flows=tuple(flows)))
    )


@pytest.mark.parametrize(
    ("whens", "truth"),
    [
        (("12:00:00", "12:10:00", "12:20:00"), True),
        (("12:20:00", "12:00:00", "12:10:00"), True),
        (("12:00:00", "12:10:00", "12:19:59"), False),
        (("12:00:00", "12:10:00"), False),
        (("12:00:00", "12:05:00", "12:10:00", "12:15:00", "12:20:00"), True),
    ],
)
def test_three_spis_are_apart_by_ten_minutes_each(whens: tuple[str, ...], truth: bool) -> None:
    assert apart(*whens).truth is truth


def test_decapsulation_rises_between_two_readings_of_the_same_spi() -> None:
    def of(*counts: int) -> bool | None:
        return observers.decaps_rising(
            pair(tuple(ipsec_sa("inbound", decaps=c, line=n) for n, c in enumerate(counts, 1)))
        ).truth

    assert of(10, 11) is True
    assert of(10, 10) is False
    assert of(10) is False
    assert of() is False


def test_an_sa_is_younger_than_the_message_by_what_remains_of_its_lifetime() -> None:
    def of(remaining: int) -> bool | None:
        sa = ipsec_sa("inbound", remaining_seconds=remaining, line=12)
        return observers.sa_shown_younger(pair((sa, hub_clock("12:30:00"), CONFIG))).truth

    assert of(3590) is True
    assert of(600) is False


def test_the_senders_sa_is_new_where_its_age_reaches_back_to_the_first_message() -> None:
    def of(remaining: int, *more: Fact) -> bool | None:
        sa = ipsec_sa(
            "outbound", local=SPOKE, peer=HUB, line=12, source="spoke.txt", remaining_seconds=remaining
        )
        moment = clock(utc("12:31:00"), line=11, source="spoke.txt")
        return observers.sender_sa_new(pair((hub_clock("12:30:00"),), (sa, moment, *more), first=LAST)).truth

    assert of(3600 - 1200, CONFIG) is True
    assert of(3600 - 1300, CONFIG) is False
    assert observers.sender_sa_new(pair((), (HELD,))).truth is None
    assert observers.sender_sa_new(pair(())).truth is None


def test_the_age_of_an_sa_is_unknown_where_its_lifetime_is() -> None:
    """It only lowers a verdict in sa_shown_younger; in sender_sa_new it makes CSCvn31824 likely."""
    sa = ipsec_sa("outbound", local=SPOKE, peer=HUB, line=12, source="spoke.txt", remaining_seconds=2400)
    moment = clock(utc("12:31:00"), line=11, source="spoke.txt")
    assert observers.sender_sa_new(pair((), (sa, moment), first=LAST)).truth is None


@pytest.mark.parametrize(("ike", "truth"), [(("ikev2",), True), (("ikev1",), False), ((), None)])
def test_the_pair_uses_ikev2_as_either_setup_says(ike: tuple[str, ...], truth: bool | None) -> None:
    (view,) = setups_of(device("HUB1", setup("static-crypto-map", SPOKE, ike=ike)))
    assert observers.pair_uses_ikev2(pair(setup=view)).truth is truth
    assert observers.pair_uses_ikev2(pair(sender_setup=view)).truth is truth


def note(
    name: str, direction: str, line: int, count: int | None = None, peer: str | None = None
) -> IkeNotify:
    return IkeNotify(
        at=at(line, "spoke.txt"), notify=name, direction=direction, peer=peer, spi=None, spi_size=None, outcome=None,
        count=count, stamp=None,
    )  # fmt: skip


def test_invalid_syntax_answers_invalid_spi_in_a_debug() -> None:
    got, sent = note("INVALID_SPI", "received", 5), note("INVALID_SYNTAX", "sent", 6)
    assert observers.invalid_syntax_answered(pair((), (got, sent))).truth is True
    assert (
        observers.invalid_syntax_answered(pair((), (note("INVALID_SPI", "received", 7), sent))).truth is None
    )
    assert observers.invalid_syntax_answered(pair((), (got,))).truth is None
    assert observers.invalid_syntax_answered(pair(())).truth is None


def test_counters_count_only_where_both_grow_and_there_is_one_peer() -> None:
    grown = tuple(
        note(name, direction, line, count)
        for name, direction in (("INVALID_SPI", "received"), ("INVALID_SYNTAX", "sent"))
        for line, count in ((1, 1), (2, 5))
    )
    one_peer = setup("svti", HUB, ike=("ikev2",))
    assert observers.invalid_syntax_answered(pair((), (*grown, one_peer))).truth is True
    assert observers.invalid_syntax_answered(pair((), (*grown[:2], one_peer))).truth is None
    two = setup("svti", HUB, "203.0.113.9", ike=("ikev2",))
    assert observers.invalid_syntax_answered(pair((), (*grown, two))).truth is None


def test_an_answer_to_another_peer_does_not_count() -> None:
    notes = (
        note("INVALID_SPI", "received", 5, peer="203.0.113.9"),
        note("INVALID_SYNTAX", "sent", 6, peer="203.0.113.9"),
    )
    assert observers.invalid_syntax_answered(pair((), notes)).truth is None


def drop(
    packets: int, line: int, name: str = "IN_US_V4_PKT_SA_NOT_FOUND_SPI", source: str = "hub.txt"
) -> DropCounter:
    return DropCounter(at=at(line, source), scope="feature", name=name, packets=packets)


def test_the_counter_rises_only_between_two_readings() -> None:
    assert observers.spi_not_found_rising(of_device(device("HUB1", drop(5, 1), drop(9, 2)))).truth is True
    assert observers.spi_not_found_rising(of_device(device("HUB1", drop(5, 1), drop(5, 2)))).truth is False
    assert observers.spi_not_found_rising(of_device(device("HUB1", drop(5, 1)))).truth is None
    other = device("HUB1", drop(5, 1, "OUT_X"), drop(9, 2, "OUT_X"))
    assert observers.spi_not_found_rising(of_device(other)).truth is None


def test_readings_of_two_files_are_in_the_order_of_their_clocks() -> None:
    facts = (
        clock(utc("12:40:00"), line=1, source="after.txt"), drop(9, 2, source="after.txt"),
        clock(utc("12:30:00"), line=1, source="before.txt"), drop(5, 2, source="before.txt"),
    )  # fmt: skip
    assert observers.spi_not_found_rising(of_device(device("HUB1", *facts))).truth is True


def window(first: str, last: str, severity: int | None = 7) -> LogWindow:
    return LogWindow(at=at(9), host=None, first=stamp(first), last=stamp(last), lines=3, severity=severity)


@pytest.mark.parametrize(
    ("seen", "truth"),
    [
        (window("11:00:00", "13:00:00"), True),
        (window("12:35:00", "13:00:00"), None),
        (window("11:00:00", "12:35:00"), None),
        (window("11:00:00", "13:00:00", 3), None),
        (window("11:00:00", "13:00:00", 4), True),
        (window("11:00:00", "13:00:00", None), True),
    ],
)
def test_a_log_lacks_the_message_only_where_it_covers_both_readings(
    seen: LogWindow, truth: bool | None
) -> None:
    held = device(
        "HUB1", clock(utc("12:30:00"), line=1), drop(5, 2), clock(utc("12:40:00"), line=3), drop(9, 4), seen
    )
    one = of_device(held)
    one.case.sections["hub.txt"] = [(1, 1), (2, 2), (3, 3), (4, 4), (9, 9)]
    assert observers.log_without_message(one).truth is truth


def test_a_log_with_the_message_does_not_lack_it() -> None:
    assert observers.log_without_message(of_device(device("HUB1", inv_spi(LAST), drop(5, 1)))).truth is False


def test_every_observer_says_nothing_wild_of_a_subject_of_which_nothing_is_known() -> None:
    empty = Subject(kind="flow", flow=None, flows=[], device=None, case=case_of())
    bare = pair()
    for observer in observers.OBSERVERS.values():
        assert observer(empty).truth is not True
        assert observer(bare).truth is not True
