"""Flows: messages counted once, in time, with what is known of their state."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts import InvSpi, LogWindow
from engine.relate.devices import DeviceFacts
from engine.relate.flows import compare, flows_of, inbound, lists, outbound, settle_state, spi_text
from engine.relate.views import FlowView
from engine.stamp import Stamp
from tests.evidence.samples import HUB, SPI, SPOKE, TWICE, console, hub, logging, message, spoke
from tests.relate.build import (
    at,
    case_of,
    coverage,
    device,
    flow,
    inv_spi,
    ipsec_sa,
    only_flow,
    related,
    stamp,
)


def flows(*messages: InvSpi) -> list[FlowView]:
    hub1 = device("HUB1", *messages)
    return flows_of({"HUB1": hub1}, DeviceFacts(None), {})


def window(first: Stamp, last: Stamp, source: str = "hub.txt") -> LogWindow:
    return LogWindow(at=at(50, source), host=None, first=first, last=last, lines=9)


def test_a_flow_is_one_source_destination_and_spi_at_one_receiver() -> None:
    when = stamp("12:10:00")
    found = flows(
        inv_spi(when), inv_spi(when, spi=7), inv_spi(when, src="203.0.113.9"), inv_spi(when, dst="192.0.2.9")
    )
    assert len({f.id for f in found}) == 4
    assert all(f.pattern == "transient" for f in found)


def test_the_id_is_made_of_what_it_names() -> None:
    assert flows(inv_spi(None))[0].id == f"HUB1/flow/{SPOKE}/{HUB}/0x5E1D0C3A"
    assert flows(inv_spi(None, src=None, spi=None))[0].id == f"HUB1/flow/-/{HUB}/-"


def test_two_messages_make_it_persistent_with_their_span() -> None:
    (found,) = flows(inv_spi(stamp("12:10:00.100")), inv_spi(stamp("12:11:01.200")))
    assert (found.count, found.span_seconds, found.pattern) == (2, 61.1, "persistent")


def test_messages_are_in_the_order_of_their_stamps_whatever_the_order_of_lines() -> None:
    (found,) = flows(inv_spi(stamp("12:12:00"), line=1), inv_spi(stamp("12:10:00"), line=2))
    assert (found.first, found.last) == (stamp("12:10:00"), stamp("12:12:00"))


def test_one_message_in_two_sources_counts_once() -> None:
    one = stamp("12:10:00.100")
    assert flows(inv_spi(one), inv_spi(one, source="export.log"))[0].count == 1
    assert (
        flows(
            inv_spi(one), inv_spi(one, source="export.log"), inv_spi(stamp("12:11:01"), source="export.log")
        )[0].count
        == 2
    )


def test_every_line_of_one_source_counts() -> None:
    assert flows(inv_spi(None, line=1), inv_spi(None, line=2))[0].count == 2


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["a.log", "b.log"])), min_size=1, max_size=12))
def test_copies_never_raise_a_count_above_that_of_the_source_with_most(seen: list[tuple[int, str]]) -> None:
    facts = [
        inv_spi(stamp(f"12:1{minute}:00"), line=n, source=source) for n, (minute, source) in enumerate(seen)
    ]
    most = sum(max(seen.count((minute, s)) for s in ("a.log", "b.log")) for minute in range(6))
    assert flows(*facts)[0].count == most


@given(st.permutations(range(6)))
def test_the_order_of_reading_does_not_change_a_flow(order: list[int]) -> None:
    facts = [inv_spi(stamp(f"12:1{n}:00"), line=n) for n in order]
    (found,) = flows(*facts)
    assert (found.count, found.first, found.last) == (6, stamp("12:10:00"), stamp("12:15:00"))


def test_a_log_that_goes_on_for_ten_quiet_minutes_ends_a_flow() -> None:
    quiet = "".join(f"Mar  4 12:{m}:00.000: %SYS-5-CONFIG_I: Configured from console\n" for m in (15, 22))
    ended = only_flow(hub=console("HUB1", ("show logging", logging(*TWICE, quiet))))
    assert ended.state == "ended"
    short = "Mar  4 12:19:00.000: %SYS-5-CONFIG_I: Configured from console\n"
    assert only_flow(hub=console("HUB1", ("show logging", logging(*TWICE, short)))).state == "unknown"


def test_a_flow_is_going_on_at_the_end_of_its_log() -> None:
    assert only_flow(hub=console("HUB1", ("show logging", logging(*TWICE)))).state == "ongoing"


def test_one_message_is_not_going_on() -> None:
    assert only_flow(hub=console("HUB1", ("show logging", logging(TWICE[0])))).state == "unknown"


def test_a_later_list_of_the_sender_decides_the_state() -> None:
    assert only_flow(hub=hub(*TWICE), spoke=spoke(outbound=SPI)).state == "ongoing"
    assert only_flow(hub=hub(*TWICE), spoke=spoke(outbound=SPI + 1)).state == "ended"


def test_an_earlier_list_of_the_sender_decides_nothing() -> None:
    quiet = only_flow(hub=hub(TWICE[0], at="12:15:00.000"), spoke=spoke(outbound=SPI + 1, at="11:00:00.000"))
    assert quiet.state == "unknown"


def test_the_log_of_another_source_does_not_end_a_flow() -> None:
    receiver = device(
        "HUB1", inv_spi(stamp("12:10:00")), window(stamp("10:00:00"), stamp("13:00:00"), "other.log")
    )
    one = flow(receiver, last=stamp("12:10:00"))
    settle_state(one, {})
    assert one.state == "unknown"


def test_outbound_and_inbound_are_told_by_direction_spi_and_peer() -> None:
    held = device(
        "SPOKE7",
        ipsec_sa("outbound", peer=HUB),
        ipsec_sa("outbound", peer="203.0.113.9"),
        ipsec_sa("inbound"),
    )
    assert [sa.peer for sa in outbound(held, flow())] == [HUB]
    assert len(inbound(held, flow())) == 1
    assert outbound(held, flow(spi=7)) == []


def test_a_list_counts_for_a_peer_only_where_it_was_seen_whole_and_not_toward_another() -> None:
    seen = (coverage("ipsec-sa", line=1), coverage("ipsec-sa", toward=SPOKE, line=2),
            coverage("ipsec-sa", toward="203.0.113.9", line=3), coverage("ipsec-sa", whole=False, line=4),
            coverage("isakmp-sa", line=5))  # fmt: skip
    assert [c.at.line for c in lists(device("HUB1", *seen), SPOKE)] == [1, 2]


@pytest.mark.parametrize(
    ("spi", "text"), [(0, "0x00000000"), (7, "0x00000007"), (0xFF000001, "0xFF000001"), (None, None)]
)
def test_an_spi_is_written_with_eight_digits(spi: int | None, text: str | None) -> None:
    assert spi_text(spi) == text


def test_flows_within_a_minute_of_each_other_are_marked() -> None:
    near = flows(
        inv_spi(stamp("12:10:00")), inv_spi(stamp("12:11:00"), spi=7), inv_spi(stamp("12:20:00"), spi=9)
    )
    compare(near)
    assert {f.spi: f.others_close for f in near} == {SPI: True, 7: True, 9: False}


def test_one_spi_from_several_sources_is_marked() -> None:
    scan = flows(inv_spi(None), inv_spi(None, src="203.0.113.9"), inv_spi(None, spi=7))
    compare(scan)
    assert sorted((f.spi == SPI, f.same_spi) for f in scan) == [(False, False), (True, True), (True, True)]


def test_flows_without_a_device_belong_to_nobody() -> None:
    nameless = DeviceFacts(None)
    nameless.add(inv_spi(stamp("12:10:00")))
    (found,) = flows_of({}, nameless, {})
    assert found.receiver is None
    assert found.id.startswith("-/flow/")
    assert case_of().devices == {}


CLOCK = ("show clock", "12:30:00.000 UTC Mon Mar 4 2024\n")


def test_every_line_of_a_buffer_printed_twice_counts_and_is_known_as_a_copy() -> None:
    """Two `show logging` of one session print the same line twice; the limit allows one message a minute."""
    one, two = (("show logging", logging(*TWICE[:n])) for n in (1, 2))
    once = only_flow(hub=console("HUB1", one))
    assert (once.count, once.copies) == (1, 0)
    again = only_flow(hub=console("HUB1", one, CLOCK, one))
    assert (again.count, again.copies, again.pattern) == (2, 1, "persistent")
    grown = only_flow(hub=console("HUB1", one, CLOCK, two))
    assert (grown.count, grown.copies) == (3, 1)


def test_equal_lines_of_one_output_are_no_copies() -> None:
    found = only_flow(hub=console("HUB1", ("show logging", logging(TWICE[0], TWICE[0]))))
    assert (found.count, found.copies) == (2, 0)


def test_lines_without_a_stamp_are_no_copies() -> None:
    (found,) = flows_of(
        {"HUB1": device("HUB1", inv_spi(None, line=1), inv_spi(None, line=9))},
        DeviceFacts(None),
        {"hub.txt": [(1, 5), (6, 9)]},
    )
    assert (found.count, found.copies) == (2, 0)


def test_a_second_source_that_has_a_line_twice_shows_that_it_is_no_copy() -> None:
    when = stamp("12:10:00")
    printed = [inv_spi(when, line=line) for line in (1, 6, 9)]
    exported = [inv_spi(when, line=line, source="export.log") for line in (1, 2)]
    sections = {"hub.txt": [(1, 5), (6, 8), (9, 12)], "export.log": [(1, 2)]}
    (found,) = flows_of({"HUB1": device("HUB1", *printed, *exported)}, DeviceFacts(None), sections)
    assert (found.count, found.copies) == (3, 1)


def test_a_message_printed_twice_is_not_going_on() -> None:
    buffer = ("show logging", logging(TWICE[0]))
    assert only_flow(hub=console("HUB1", buffer, buffer)).state == "unknown"


def test_the_copies_of_others_do_not_use_up_the_limit() -> None:
    quiet = "".join(f"Mar  4 12:{m}:00.000: %SYS-5-CONFIG_I: Configured from console\n" for m in (15, 30))
    others = [message(f"12:{m}:05.000", src="203.0.113.9", spi=7) for m in range(12, 17)]
    buffer = ("show logging", logging(*TWICE, *others, quiet))
    found = {f.src: f for f in related(hub=console("HUB1", buffer, CLOCK, buffer))[0].flows}
    assert (found[SPOKE].state, found[SPOKE].others_after) == ("ended", 5)


def test_a_flow_is_not_ended_while_others_use_up_the_limit() -> None:
    others = [message(f"12:{m}:05.000", src="203.0.113.9", spi=7) for m in range(12, 25)]
    found = {f.src: f.state for f in related(hub=hub(*TWICE, *others))[0].flows}
    assert found[SPOKE] != "ended"


def test_a_flow_is_not_going_on_where_the_log_was_taken_an_hour_later() -> None:
    assert only_flow(hub=hub(*TWICE, at="13:30:00.000")).state != "ongoing"
