"""The IKE SA with a peer: present by a row that is up, absent by whole lists only."""

from __future__ import annotations

import pytest

from engine.relate.ike import ike_sa_with
from engine.relate.setups import setups_of
from engine.relate.views import DeviceView, SetupView
from tests.evidence.samples import HUB, SPOKE
from tests.relate.build import coverage, device, ike_sa, setup


def state(held: DeviceView, ike: tuple[str, ...] = ("ikev1",)) -> str:
    (view,) = setups_of(device("HUB1", setup("static-crypto-map", SPOKE, ike=ike)))
    return ike_sa_with(held, SPOKE, view, None, {})[0]


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


def test_what_speaks_for_absence_is_quoted_as_absence() -> None:
    (view,) = setups_of(device("HUB1", setup("static-crypto-map", SPOKE)))
    _, quotes = ike_sa_with(device("HUB1", coverage("isakmp-sa", line=9)), SPOKE, view, None, {})
    assert [(q.place.line, q.kind) for q in quotes] == [(9, "absence")]
