"""The idle time of SAs: own, global, taken back, and where it is read from."""

from __future__ import annotations

import pytest

from engine.evidence.source import Source
from engine.facts import ConfigSetup
from engine.reading import read

HEAD = "R1#show running-config\nBuilding configuration...\n\nversion 17.6\nhostname R1\n"
MAP = """crypto isakmp key Ex4mpleKey address 198.51.100.7
{everywhere}crypto map WAN 10 ipsec-isakmp
 set peer 198.51.100.7
{own} set transform-set TS
interface GigabitEthernet0/0
 ip address 192.0.2.2 255.255.255.252
 crypto map WAN
end
R1#
"""
TUNNEL = """crypto ipsec profile P
 set security-association idle-time 1800
interface Tunnel1
 tunnel source GigabitEthernet0/0
 tunnel destination 198.51.100.7
 tunnel protection ipsec profile P
end
R1#
"""


def idle(body: str) -> int | None:
    found = read(Source("r1.txt", (HEAD + body).encode()))
    (setup,) = (fact for _, fact in found.facts if isinstance(fact, ConfigSetup))
    return setup.idle_seconds


@pytest.mark.parametrize(
    ("everywhere", "own", "seconds"),
    [
        ("", "", None),
        ("", " set security-association idle-time 720\n", 720),
        ("", " set security-association idle-time 720 default\n", 720),
        ("crypto ipsec security-association idle-time 600\n", "", 600),
        (
            "crypto ipsec security-association idle-time 600\n",
            " set security-association idle-time 720\n",
            720,
        ),
        ("", " set security-association idle-time\n", None),
        ("", " set security-association idle-time soon\n", None),
        ("", " set security-association lifetime seconds 900\n", None),
        (
            "crypto ipsec security-association idle-time 600\nno crypto ipsec security-association idle-time\n",
            "",
            None,
        ),
    ],
)
def test_the_own_idle_time_counts_before_the_global_one(
    everywhere: str, own: str, seconds: int | None
) -> None:
    assert idle(MAP.format(everywhere=everywhere, own=own)) == seconds


def test_a_profile_gives_it_to_its_tunnel() -> None:
    assert idle(TUNNEL) == 1800
