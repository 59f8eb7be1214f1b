"""Interface names, whatever their dress."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.parsers.names import interface_name


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Gi0/0", "GigabitEthernet0/0"),
        ("gig 0/0/1.10", "GigabitEthernet0/0/1.10"),
        ("GigabitEthernet0/0", "GigabitEthernet0/0"),
        ("Te1/0/1", "TenGigabitEthernet1/0/1"),
        ("Fa0", "FastEthernet0"),
        ("e0/1", "Ethernet0/1"),
        ("tu0", "Tunnel0"),
        ("Lo100", "Loopback100"),
        ("vl10", "Vlan10"),
        ("Po1.100", "Port-channel1.100"),
        ("Se0/0/0:0", "Serial0/0/0:0"),
        ("Di1", "Dialer1"),
        ("Ce0/1/0", "Cellular0/1/0"),
        ("Vi2", "Virtual-Access2"),
        ("Vt1", "Virtual-Template1"),
        ("Virtual-T1", "Virtual-Template1"),
        ("Twe1/0/1", "TwentyFiveGigE1/0/1"),
        ("Tw1/0/1", "TwoGigabitEthernet1/0/1"),
        ("Fo1/0/1", "FortyGigabitEthernet1/0/1"),
        ("Hu1/0/1", "HundredGigE1/0/1"),
        ("BD10", "BDI10"),
        ("outside", "outside"),
        ("", ""),
        ("Zz9", "Zz9"),
    ],
)
def test_a_name_is_written_in_full(short: str, full: str) -> None:
    assert interface_name(short) == full


@given(st.text(max_size=30))
def test_a_full_name_stays_as_it_is(text: str) -> None:
    once = interface_name(text)
    assert interface_name(once) == once
