"""Messages on a line: in per cent, in the clock of the router that logged, and only where a time is known."""

from __future__ import annotations

import msgspec

from engine.diagnosis.document import Diagnosis, Evidence, Flow
from engine.render.timeline import TimelineRow, timeline
from tests.render.documents import full_case


def with_flow(**fields: object) -> Diagnosis:
    document = full_case("en")
    flow = msgspec.structs.replace(document.flows[0], **fields)
    return msgspec.structs.replace(document, flows=[flow])


def message(text: str) -> Evidence:
    return Evidence(
        source="r1.log", line=1, last_line=1, kind="line", text=f"{text}: %CRYPTO-4-RECVD_PKT_INV_SPI: x"
    )


def row(document: Diagnosis) -> TimelineRow:
    found = timeline(document)
    assert found is not None
    return found.rows[0]


def test_messages_stand_in_order_between_the_first_and_the_last() -> None:
    clocks = ("13:00:00.000", "13:10:00.000", "13:20:00.000")
    found = row(
        with_flow(
            first="--09-02T13:00:00.000", last="--09-02T13:20:00.000",
            evidence=[message(f"*Sep  2 {clock}") for clock in clocks],
        )
    )  # fmt: skip
    assert found.marks[0] == found.begin < found.marks[1] < found.marks[2] == found.end
    assert abs(found.marks[1] - (found.begin + found.end) / 2) < 0.02
    assert (found.first, found.last) == ("09-02 13:00:00", "09-02 13:20:00")


def test_without_a_time_there_is_no_timeline() -> None:
    assert timeline(with_flow(first=None, last=None, evidence=[])) is None
    assert timeline(with_flow(first="43w2d", last="43w2d", evidence=[message("43w2d")])) is None
    assert timeline(msgspec.structs.replace(full_case("en"), flows=[])) is None


def test_one_message_is_one_mark() -> None:
    found = row(with_flow(first="--02-29T23:59:59", last="--02-29T23:59:59", evidence=[]))
    assert len(found.marks) == 1
    assert found.begin == found.end
    assert 0 < found.begin < 100


def test_a_capture_of_another_year_does_not_squeeze_the_messages() -> None:
    document = with_flow(first="2024-09-02T13:00:00Z", last="2024-09-02T13:01:00Z", evidence=[])
    name = document.flows[0].device
    devices = [
        msgspec.structs.replace(d, captured="2020-01-01T00:00:00Z") if d.name == name else d
        for d in document.devices
    ]
    assert row(msgspec.structs.replace(document, devices=devices)).captured is None


def test_a_flow_without_a_year_stands_in_the_year_that_another_one_names() -> None:
    document = with_flow(first="2024-09-02T13:00:00Z", last="2024-09-02T13:00:00Z", evidence=[])
    [named] = document.flows
    other = msgspec.structs.replace(
        named, id="other", device=None, first="--09-02T13:00:03", last="--09-02T13:00:03"
    )
    found = timeline(msgspec.structs.replace(document, devices=[], flows=[other, named]))
    assert found is not None
    begins = [row.begin for row in found.rows]
    assert 20 < begins[0] - begins[1] < 30  # three of thirteen seconds


def test_flows_with_the_most_messages_are_drawn_and_no_more_than_twenty() -> None:
    document = full_case("en")
    flows: list[Flow] = [
        msgspec.structs.replace(document.flows[0], id=f"f{n}", count=n) for n in range(1, 31)
    ]
    found = timeline(msgspec.structs.replace(document, flows=flows))
    assert found is not None
    assert [r.flow.count for r in found.rows] == list(range(30, 10, -1))


def test_every_place_is_within_the_drawing() -> None:
    found = timeline(full_case("en"))
    assert found is not None
    places = [p for r in found.rows for p in (*r.marks, r.begin, r.end, r.captured or 50)]
    assert all(0 <= p <= 100 for p in [*places, *(at for at, _ in found.ticks)])
