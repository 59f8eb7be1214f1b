from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import Coverage, Session
from engine.parsers.crypto_session import parse

COMMAND = "show crypto session"

PLAIN = """\
Crypto session current status

Interface: Tunnel0
Profile: BRANCHES
Session status: UP-ACTIVE
Peer: 198.51.100.7 port 4500
  Session ID: 3
  IKEv2 SA: local 192.0.2.1/4500 remote 198.51.100.7/4500 Active
  IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.7
        Active SAs: 2, origin: crypto map

Interface: GigabitEthernet0/1
Session status: UP-IDLE
Peer: 198.51.100.8 port 500
  IKE SA: local 192.0.2.1/500 remote 198.51.100.8/500 Inactive
  IKE SA: local 192.0.2.1/500 remote 198.51.100.8/500 Active

Interface: (unknown)
Session status: DOWN-NEGOTIATING
Peer: 198.51.100.9 port 500
  IKEv1 SA: local 192.0.2.1/500 remote 198.51.100.9/500 Inactive

Interface: Tunnel6
Session status: UP-ACTIVE
Peer: 2001:DB8::7 port 500
      System IP: 203.0.113.11  Interface: Tu6
  Session ID: 15
  IKEv2 SA: local 2001:DB8::1/500
          remote 2001:DB8::7/500 Active
  IPSEC FLOW: permit ipv6 ::/0 ::/0
        Active SAs: 2, origin: crypto map

Interface: Tunnel9
Session status: UP-NO-IKE
Peer: 198.51.100.19 port 500
  IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.19
        Active SAs: 2, origin: crypto map
"""

DETAIL = """\
Crypto session current status

Code: C - IKE Configuration mode, D - Dead Peer Detection
K - Keepalives, N - NAT-traversal, T - cTCP encapsulation
X - IKE Extended Authentication, F - IKE Fragmentation
R - IKE Auto Reconnect, U - IKE Dynamic Route Update
S - SIP VPN

Interface: Tunnel0
Profile: BRANCHES
Uptime: 00:14:09
Session status: UP-ACTIVE
Peer: 198.51.100.7 port 4500 fvrf: INET ivrf: (none)
      Phase1_id: branch7.example.net
      Desc: (none)
  Session ID: 3
  IKEv2 SA: local 192.0.2.1/4500 remote 198.51.100.7/4500 Active
          Capabilities:DNU connid:1 lifetime:23:45:51
  IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.7
        Active SAs: 2, origin: crypto map
        Inbound:  #pkts dec'ed 410 drop 0 life (KB/Sec) KB Vol Rekey Disabled/2751
        Outbound: #pkts enc'ed 349 drop 0 life (KB/Sec) KB Vol Rekey Disabled/2751

Interface: Tunnel1
Session status: UP-NO-IKE
Peer: 198.51.100.8 port 500 fvrf: (none) ivrf: RED
      Desc: (none)
      Phase1_id: (none)
  IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.8
        Active SAs: 2, origin: crypto map
        Inbound:  #pkts dec'ed 0 drop 0 life (KB/Sec) 4607999/912
        Outbound: #pkts enc'ed 77 drop 0 life (KB/Sec) 4607991/912

Interface: Tunnel2
Session status: DOWN-NEGOTIATING
Peer: 198.51.100.9 port 500 fvrf: (none) ivrf: (none)
      Desc: (none)
      Phase1_id: (none)
  Session ID: 0
  IKEv1 SA: local 192.0.2.1/500 remote 198.51.100.9/500 Inactive
          Capabilities:(none) connid:0 lifetime:0
  Session ID: 0
  IKEv1 SA: local 192.0.2.1/500 remote 198.51.100.9/500 Inactive
          Capabilities:(none) connid:0 lifetime:0
  IPSEC FLOW: permit 47 host 192.0.2.1 host 198.51.100.9
        Active SAs: 0, origin: crypto map
        Inbound:  #pkts dec'ed 0 drop 0 life (KB/Sec) 0/0
        Outbound: #pkts enc'ed 0 drop 0 life (KB/Sec) 0/0
"""


def section(text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False) -> Section:
    data = text.encode()
    lines = Source("session.txt", data).line_count if text else 0
    source = Source("session.txt", data + b"HUB1#\n" * closed)
    return Section(source, command, 1, lines, closed=closed, filtered=filtered)


def read(
    text: str, command: str = COMMAND, *, closed: bool = False, filtered: bool = False
) -> tuple[list[Session], Coverage]:
    facts = parse(section(text, command, closed=closed, filtered=filtered))
    coverage = facts[-1]
    assert isinstance(coverage, Coverage)
    sessions = [fact for fact in facts if isinstance(fact, Session)]
    assert len(sessions) == len(facts) - 1
    return sessions, coverage


def said(sessions: list[Session]) -> list[tuple[str | None, str, str | None, str | None, bool | None]]:
    return [(s.interface, s.status, s.peer, s.ike, s.active) for s in sessions]


def test_the_plain_list_gives_one_fact_for_each_ike_sa_and_each_session_without_one() -> None:
    sessions, coverage = read(PLAIN)
    assert said(sessions) == [
        ("Tunnel0", "UP-ACTIVE", "198.51.100.7", "ikev2", True),
        ("GigabitEthernet0/1", "UP-IDLE", "198.51.100.8", None, False),
        ("GigabitEthernet0/1", "UP-IDLE", "198.51.100.8", None, True),
        (None, "DOWN-NEGOTIATING", "198.51.100.9", "ikev1", False),
        ("Tunnel6", "UP-ACTIVE", "2001:db8::7", "ikev2", True),
        ("Tunnel9", "UP-NO-IKE", "198.51.100.19", None, None),
    ]
    assert [s.port for s in sessions] == [4500, 500, 500, 500, 500, 500]
    assert {(s.fvrf, s.ivrf, s.capabilities) for s in sessions} == {(None, None, None)}
    assert (coverage.family, coverage.whole, coverage.toward) == ("session", True, None)


def test_the_detailed_list_adds_vrfs_and_capabilities() -> None:
    sessions, coverage = read(DETAIL, "show crypto session detail")
    assert said(sessions) == [
        ("Tunnel0", "UP-ACTIVE", "198.51.100.7", "ikev2", True),
        ("Tunnel1", "UP-NO-IKE", "198.51.100.8", None, None),
        ("Tunnel2", "DOWN-NEGOTIATING", "198.51.100.9", "ikev1", False),
        ("Tunnel2", "DOWN-NEGOTIATING", "198.51.100.9", "ikev1", False),
    ]
    assert [(s.fvrf, s.ivrf, s.capabilities) for s in sessions] == [
        ("INET", None, "DNU"),
        (None, "RED", None),
        (None, None, ""),
        (None, None, ""),
    ]
    assert coverage.whole


def test_the_place_runs_from_the_interface_to_the_ike_sa_or_to_the_peer() -> None:
    sessions, _ = read(DETAIL)
    assert [(s.at.line, s.at.last_line) for s in sessions] == [(9, 18), (24, 26), (34, 41), (34, 44)]
    sessions, _ = read(PLAIN)
    assert [(s.at.line, s.at.last_line) for s in sessions][4:] == [(23, 29), (33, 35)]


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("text", [PLAIN, DETAIL])
def test_indentation_and_blank_lines_do_not_matter(text: str, between: str) -> None:
    flat = between.join(" ".join(line.split()) for line in text.splitlines() if line.strip()) + between
    assert said(read(flat)[0]) == said(read(text)[0])
    assert read(flat)[1].whole


def test_the_clock_and_log_messages_between_the_lines_are_none_of_it() -> None:
    noise = "*Mar  4 10:11:12.345: %SYS-5-CONFIG_I: Configured from console by admin on vty0\n"
    text = "Load for five secs: 2%/0%\nTime source is NTP, 10:11:12.345 UTC Wed Mar 4 2026\n" + PLAIN
    text = text.replace("Peer: 198.51.100.7", noise + "Peer: 198.51.100.7")
    sessions, coverage = read(text)
    assert said(sessions) == said(read(PLAIN)[0])
    assert coverage.whole


@pytest.mark.parametrize(
    ("command", "toward", "whole"),
    [
        ("show crypto session", None, True),
        ("show crypto session detail", None, True),
        ("show crypto session remote 198.51.100.7", "198.51.100.7", True),
        ("show crypto session remote 2001:DB8::7 detail", "2001:db8::7", True),
        ("show crypto session remote 198.51.100.7 port 4500", "198.51.100.7", False),
        ("show crypto session local 192.0.2.1", None, False),
        ("show crypto session local 192.0.2.1 detail", None, False),
        ("show crypto session interface Tunnel0 detail", None, False),
        ("show crypto session fvrf INET", None, False),
        ("", None, False),
    ],
)
def test_the_command_tells_how_far_the_list_goes(command: str, toward: str | None, whole: bool) -> None:
    _, coverage = read(DETAIL, command)
    assert (coverage.toward, coverage.whole) == (toward, whole)


@pytest.mark.parametrize(
    "command",
    ["show crypto session brief", "show crypto session br", "show crypto session summary"],
)
def test_the_tables_of_other_forms_say_nothing(command: str) -> None:
    assert parse(section("Status: A- Active, U - Up, D - Down\n", command, closed=True)) == []


def test_a_filter_or_a_pager_left_early_leaves_the_list_open() -> None:
    assert not read(PLAIN, filtered=True)[1].whole
    assert not read(PLAIN + " --More-- ")[1].whole


def test_a_list_without_its_head_is_not_whole() -> None:
    for text in (PLAIN, DETAIL):
        headless = text[text.index("Interface:") :]
        sessions, coverage = read(headless, closed=True)
        assert said(sessions) == said(read(text)[0])
        assert not coverage.whole


def test_the_legend_alone_is_a_head_too() -> None:
    assert read(DETAIL[DETAIL.index("Code:") :], "show crypto session remote 198.51.100.7 detail")[1].whole


def test_no_session_is_only_believed_before_the_next_prompt() -> None:
    assert read("Crypto session current status\n\n", closed=True)[1].whole
    assert not read("Crypto session current status\n")[1].whole
    assert not read("", closed=True)[1].whole
    assert not read("% Invalid input detected at '^' marker.\n", closed=True)[1].whole


def test_a_missing_ike_sa_is_not_claimed_where_the_text_ends_first() -> None:
    text = PLAIN[: PLAIN.rindex("  IPSEC FLOW")]
    sessions, coverage = read(text)
    assert sessions[-1].peer == "2001:db8::7"
    assert not coverage.whole
    sessions, coverage = read(text, closed=True)
    assert (sessions[-1].peer, sessions[-1].active) == ("198.51.100.19", None)
    assert coverage.whole


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("Peer: 198.51.100.7 ", "Peer: x.x.x.x "),
        PLAIN.replace("Peer: 198.51.100.7 port 4500\n", ""),
        PLAIN.replace("Session status: UP-IDLE\n", ""),
        PLAIN.replace("Interface: Tunnel9\n", ""),
        PLAIN.replace("          remote 2001:DB8::7/500 Active\n", ""),
        PLAIN.replace("198.51.100.9/500 Inactive", "198.51.100.9/500 Ina"),
        PLAIN.replace("Interface: Tunnel9\nSession status: UP-NO-IKE\nPeer: 198.51.100.19 port 500\n",
                      "  IKEv1 SA: local 192.0.2.1/500 remote 198.51.100.19/500 Active\n"),
    ],
)  # fmt: skip
def test_a_list_with_something_lost_is_not_whole(text: str) -> None:
    sessions, coverage = read(text, closed=True)
    assert not coverage.whole
    known = {(s.status, s.peer, s.active) for s in read(PLAIN)[0]} | {("UP-ACTIVE", None, True)}
    assert {(s.status, s.peer, s.active) for s in sessions} <= known


def test_a_masked_peer_keeps_its_session() -> None:
    sessions, _ = read(PLAIN.replace("Peer: 198.51.100.7 ", "Peer: x.x.x.x "))
    assert said(sessions)[0] == ("Tunnel0", "UP-ACTIVE", None, "ikev2", True)


def test_old_releases_print_the_port_behind_a_slash() -> None:
    sessions, _ = read(DETAIL.replace("198.51.100.7 port 4500 fvrf", "198.51.100.7/4500 fvrf"))
    assert (sessions[0].peer, sessions[0].port, sessions[0].fvrf) == ("198.51.100.7", 4500, "INET")


def test_a_second_peer_under_one_interface_is_a_session_of_its_own() -> None:
    another = """Peer: 198.51.100.20 port 500
  IKEv1 SA: local 192.0.2.1/500 remote 198.51.100.20/500 Active
"""
    sessions, coverage = read(PLAIN.replace("Interface: Tunnel9\n", another + "Interface: Tunnel9\n"))
    assert said(sessions)[-2] == ("Tunnel6", "UP-ACTIVE", "198.51.100.20", "ikev1", True)
    assert coverage.whole


def test_a_filter_leaves_only_the_status_to_tell_that_there_is_no_ike_sa() -> None:
    lines = [x for x in PLAIN.splitlines(keepends=True) if x.startswith(("Interface", "Session", "Peer"))]
    sessions, _ = read("".join(lines), filtered=True, closed=True)
    assert said(sessions) == [("Tunnel9", "UP-NO-IKE", "198.51.100.19", None, None)]


@pytest.mark.parametrize("text", [PLAIN, DETAIL])
def test_a_lost_line_makes_no_session_that_is_not_there(text: str) -> None:
    known = {(s.status, s.peer, s.active) for s in read(text)[0]} | {
        ("DOWN-NEGOTIATING", "198.51.100.9", None)
    }
    lines = text.splitlines(keepends=True)
    for lost in range(len(lines)):
        sessions, _ = read("".join(lines[:lost] + lines[lost + 1 :]), closed=True)
        assert {(s.status, s.peer, s.active) for s in sessions} <= known


def test_a_state_or_a_capability_that_breaks_off_is_not_believed() -> None:
    text = DETAIL[: DETAIL.index("Capabilities:DN") + len("Capabilities:DN")]
    assert read(text)[0][0].capabilities is None
    text = DETAIL[: DETAIL.index("198.51.100.7/4500 Act") + len("198.51.100.7/4500 Act")]
    assert read(text)[0] == []


@pytest.mark.parametrize("text", [PLAIN, DETAIL])
def test_a_list_cut_anywhere_says_nothing_that_the_list_does_not_say(text: str) -> None:
    known = set(said(read(text)[0]))
    letters = {s.capabilities for s in read(text)[0]} | {None}
    for cut in range(len(text)):
        sessions, coverage = read(text[:cut])
        assert set(said(sessions)) <= known
        assert {s.capabilities for s in sessions} <= letters
        if not text[:cut].endswith("\n"):
            assert not coverage.whole, "the last line is torn"


@given(st.sets(st.integers(0, 45)), st.booleans(), st.booleans())
def test_a_list_with_lines_lost_never_raises(lost: set[int], detailed: bool, closed: bool) -> None:
    text = DETAIL if detailed else PLAIN
    read("".join(x for i, x in enumerate(text.splitlines(keepends=True)) if i not in lost), closed=closed)


@given(st.text(max_size=300), st.booleans())
def test_no_text_raises(text: str, closed: bool) -> None:
    read(text, closed=closed)


@given(
    st.lists(st.sampled_from([*PLAIN.splitlines(), *DETAIL.splitlines(), "Peer:", "IKE SA:"]), max_size=40)
)
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    read("\n".join(lines))
