"""The IKE SA with a peer: present by a row that is up, absent by whole lists only."""

from __future__ import annotations

import pytest

from engine.facts import Fact, Session
from engine.relate.devices import DeviceFacts
from engine.relate.flows import flows_of
from engine.relate.ike import ike_sa_with
from engine.relate.setups import setups_of
from engine.relate.views import DeviceView, SetupView
from tests.evidence.samples import HUB, SPOKE
from tests.relate.build import at, clock, coverage, device, ike_sa, inv_spi, ipsec_sa, setup, stamp


def state(held: DeviceView, ike: tuple[str, ...] = ("ikev1",)) -> str:
    (view,) = setups_of(device("HUB1", setup("static-crypto-map", SPOKE, ike=ike)))
    return ike_sa_with(held, SPOKE, view, None, {})[0]


def session(port: int | None) -> Session:
    return Session(
        at=at(), interface=None, status="UP-ACTIVE", peer=SPOKE, port=port, fvrf=None, ivrf=None, ike="ikev1",
        active=True, capabilities=None,
    )  # fmt: skip


BOTH = (coverage("isakmp-sa"), coverage("ikev2-sa"))


@pytest.mark.parametrize("ends", [(HUB, SPOKE), (SPOKE, HUB)])
def test_a_row_that_is_up_is_an_sa_whichever_end_started(ends: tuple[str, str]) -> None:
    assert state(device("HUB1", ike_sa(*ends))) == "present"


@pytest.mark.parametrize("text", ["MM_NO_STATE", "ACTIVE", "DELETE"])
def test_a_row_that_is_not_up_is_none(text: str) -> None:
    down = ike_sa(HUB, SPOKE, up=False, state=text)
    assert state(device("HUB1", down)) == "unknown"
    assert state(device("HUB1", down, coverage("isakmp-sa"))) == "absent"


def test_absent_needs_the_list_of_each_version_that_the_setup_uses() -> None:
    assert state(device("HUB1", coverage("isakmp-sa")), ("ikev1",)) == "absent"
    assert state(device("HUB1", coverage("isakmp-sa")), ("ikev2",)) == "unknown"
    assert state(device("HUB1", coverage("isakmp-sa")), ("ikev1", "ikev2")) == "unknown"
    assert state(device("HUB1", *BOTH), ("ikev1", "ikev2")) == "absent"


def test_without_a_setup_both_lists_are_needed() -> None:
    none: SetupView | None = None
    assert ike_sa_with(device("HUB1", coverage("isakmp-sa")), SPOKE, none, None, {})[0] == "unknown"
    assert ike_sa_with(device("HUB1", *BOTH), SPOKE, none, None, {})[0] == "absent"


@pytest.mark.parametrize(
    "seen", [coverage("isakmp-sa", whole=False), coverage("isakmp-sa", toward="203.0.113.9")]
)
def test_a_list_in_part_or_toward_another_peer_proves_nothing(seen: object) -> None:
    assert state(device("HUB1", seen)) == "unknown"  # type: ignore[arg-type]


def test_a_list_toward_this_peer_is_enough() -> None:
    assert state(device("HUB1", coverage("isakmp-sa", toward=SPOKE))) == "absent"


def test_without_a_source_nothing_is_known() -> None:
    assert ike_sa_with(device("HUB1", *BOTH), None, None, None, {}) == ("unknown", ())


def shared_by_two(*facts: Fact, spi: int = 9) -> str:
    """The state of a flow with this SPI, whose source address is shared by the peers with SPIs 2 and 3."""
    peers = [ipsec_sa(spi=spi, peer_port=port) for spi, port in ((2, 4500), (3, 61024))]
    hub = device("HUB1", inv_spi(stamp("12:10:00"), spi=spi, host="HUB1"), *peers, *facts)
    (held,) = flows_of({"HUB1": hub}, DeviceFacts(None), {})
    assert held.source_shared
    return ike_sa_with(hub, SPOKE, None, held.first, {}, flow=held)[0]


def test_of_peers_behind_one_address_a_row_says_not_whose_it_is_and_a_session_with_the_port_does() -> None:
    row = ike_sa(HUB, SPOKE)
    assert shared_by_two(row) == "unknown"
    assert shared_by_two(row, session(61024)) == "unknown"
    assert shared_by_two(row, session(61024), spi=2) == "unknown"
    assert shared_by_two(row, session(4500), spi=2) == "present"


def test_behind_one_address_whole_lists_without_a_row_still_prove_that_there_is_none() -> None:
    assert shared_by_two(*BOTH) == "absent"


@pytest.mark.parametrize(
    ("read", "log", "said"),
    [
        ("13:00:00", "log.txt", "unknown"),
        ("13:00:00", "hub.txt", "absent"),
        ("13:40:00", "log.txt", "absent"),
    ],
)
def test_a_list_that_may_be_older_than_a_message_of_another_source_says_nothing(
    read: str, log: str, said: str
) -> None:
    message = inv_spi(stamp("13:36:00", zone="UTC"), source=log, host="HUB1")
    hub = device(
        "HUB1",
        clock(stamp(read, zone="UTC"), line=2),
        coverage("isakmp-sa", line=9),
        coverage("ikev2-sa", line=9),
        message,
    )
    (held,) = flows_of({"HUB1": hub}, DeviceFacts(None), {})
    assert ike_sa_with(hub, SPOKE, None, held.first, {}, flow=held)[0] == said


def test_what_speaks_for_absence_is_quoted_as_absence() -> None:
    (view,) = setups_of(device("HUB1", setup("static-crypto-map", SPOKE)))
    _, quotes = ike_sa_with(device("HUB1", coverage("isakmp-sa", line=9)), SPOKE, view, None, {})
    assert [(q.place.line, q.kind) for q in quotes] == [(9, "absence")]
