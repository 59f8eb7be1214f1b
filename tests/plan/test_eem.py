"""EEM applets: the golden ones, and what no applet of any case may do."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.facts import ConfigSetup, RecoveryCommand
from engine.parsers.config_tree import read_tree
from engine.parsers.running_config import parse
from engine.plan.document import Applet
from engine.plan.eem import MOST_PEERS, is_storage
from engine.plan.text import eem_paste
from tests.plan.build import (
    HUB,
    SPOKE,
    applets,
    hub,
    investigate,
    ios_version,
    judge,
    message,
    readable_cases,
    sources_of,
)

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("IPSECDX_UPDATE_GOLDEN") == "1"
CASE_NAMES = readable_cases()


def case(system: str, ike: str) -> list[Source]:
    if system == "ios":
        return [hub("15.7", ike), ios_version("HUB")]
    return [hub("17.3", ike)]


@pytest.mark.parametrize("ike", ["ikev1", "ikev2"])
@pytest.mark.parametrize("system", ["ios", "ios-xe"])
def test_the_applets_of_a_golden_case_stay_the_same(system: str, ike: str) -> None:
    text = eem_paste(applets(case(system, ike)))
    path = GOLDEN / f"{system}-{ike}.txt"
    if UPDATE:
        path.write_text(text, encoding="ascii")
    assert text == path.read_text("ascii")


def test_what_only_ios_xe_has_is_asked_of_ios_xe_only() -> None:
    for ike in ("ikev1", "ikev2"):
        assert "qfp" not in eem_paste(applets(case("ios", ike)))
        assert "qfp" in eem_paste(applets(case("ios-xe", ike)))
        assert "bootflash:" in eem_paste(applets(case("ios-xe", ike)))
    unknown = [Source("r1.log", (message("0x5E1D0C3A", 1) + "\n").encode())]
    assert "qfp" not in eem_paste(applets(unknown))


def test_the_ike_version_of_the_setup_decides_what_is_captured() -> None:
    first, second = (eem_paste(applets(case("ios-xe", ike))) for ike in ("ikev1", "ikev2"))
    assert "show crypto isakmp sa" in first
    assert "ikev2" not in first
    assert "show crypto ikev2 sa remote" in second
    assert "isakmp" not in second


def test_an_unknown_ike_version_covers_both_and_says_so() -> None:
    plan = applets([Source("r1.log", (message("0x5E1D0C3A", 1) + "\n").encode())])
    capture = plan.applets[0]
    text = "\n".join(capture.config)
    assert "show crypto isakmp sa" in text
    assert "show crypto ikev2 sa" in text
    assert judge().kb.plan.words["eem.ike-unknown"].en in capture.notes
    assert judge().kb.plan.words["eem.os-unknown"].en in capture.notes


def test_both_ends_are_armed_each_for_the_other() -> None:
    found = {(a.template, a.peer): a for a in applets(case("ios-xe", "ikev1")).applets}
    assert set(found) == {("capture", SPOKE), ("window-receiver", SPOKE), ("window-sender", HUB)}
    assert found["window-sender", HUB].target.address == SPOKE
    assert found["window-receiver", SPOKE].target.device == "HUB"


def test_an_ipv6_source_is_compared_as_the_router_prints_it() -> None:
    log = message("0x5E1D0C3A", 1, src="2001:DB8::1", dst="2001:DB8::2")
    capture = applets([Source("r1.log", (log + "\n").encode())]).applets[0]
    text = "\n".join(capture.config)
    assert '$peer eq "2001:DB8::1"' in text
    assert capture.peer == "2001:db8::1"
    assert len(capture.name) <= 31


def test_options_are_taken() -> None:
    plain = eem_paste(applets(case("ios", "ikev1")))
    assert "authorization bypass" not in plain
    assert "file prompt quiet" not in plain
    chosen = applets(case("ios", "ikev1"), bypass=True, file_prompt_quiet=True, storage="usb0:", debug=False)
    text = eem_paste(chosen)
    assert "authorization bypass" in text
    assert "file prompt quiet" in text
    assert "file prompt alert" in chosen.applets[0].undo
    assert "append usb0:ipsecdx-" in text
    assert {a.template for a in chosen.applets} == {"capture"}


@pytest.mark.parametrize("text", ["flash:", "bootflash:", "usb0:", "nvram:"])
def test_a_file_system_is_a_storage(text: str) -> None:
    assert is_storage(text)


@pytest.mark.parametrize(
    "text", ["", "flash", "tftp://192.0.2.9/", "flash:/x", "f l:", 'flash:" ', "flash:\nreload"]
)
def test_anything_else_is_no_storage(text: str) -> None:
    assert not is_storage(text)


def test_a_source_that_no_peer_is_gets_no_applet() -> None:
    assert applets(sources_of("052-stranger-and-static-map")).applets == []


def test_a_scan_does_not_give_an_applet_for_every_source() -> None:
    log = "\n".join(message("0x5E1D0C3A", i % 60, src=f"203.0.113.{i}") for i in range(1, 60))
    peers = {a.peer for a in applets([Source("r1.log", log.encode())]).applets if a.template == "capture"}
    assert len(peers) <= MOST_PEERS


def test_korean_changes_titles_and_notes_and_not_one_line_of_configuration() -> None:
    english, korean = (applets(case("ios-xe", "ikev2"), lang) for lang in ("en", "ko"))
    assert [a.config for a in english.applets] == [a.config for a in korean.applets]
    for one, other in zip(english.applets, korean.applets, strict=True):
        assert one.title != other.title
        assert all(re.search("[가-힣]", note) for note in other.notes)


# What follows holds for every applet of every case, and is checked without the code that makes or checks applets.


def assert_harmless(applet: Applet) -> None:
    text = "\n".join(applet.config)
    assert text.isascii()
    assert "?" not in text
    (event,) = [line for line in applet.config if line.startswith(" event ")]
    pattern = event.split('"')[1]
    assert "maxrun" in event
    assert "ratelimit" in event
    for line in [*applet.config, *applet.undo, *applet.undo_exec]:
        assert not re.search(pattern, line), line
    for trigger in ("RECVD_PKT_INV_SPI", "SESSION_STATUS"):
        assert trigger not in text
    commands = re.findall(r'cli command "([^"]*)"', text)
    assert commands
    for command in commands:
        assert not command.startswith(("reload", "clear", "undebug", "write", "copy", "delete")), command
        assert not command.startswith("redirect")
        if command.startswith("show") and "processes" not in command:
            assert " | append " in command, command
    debugs = [c for c in commands if c.startswith("debug ")]
    if debugs:
        assert debugs[0].startswith(
            ("debug crypto condition peer ipv4 ", "debug crypto condition peer ipv6 ")
        )
        assert debugs[-1] == "debug crypto condition reset"
        for command in debugs[1:-1]:
            assert f"no {command}" in commands[commands.index(command) :]
    assert f"no event manager applet {applet.name}" in applet.undo
    for variable in re.findall(r"^event manager environment (\S+)", text, re.MULTILINE):
        assert f"no event manager environment {variable}" in applet.undo


def assert_parses(applet: Applet) -> None:
    """Our own parser sees an applet with its lines below it, and no configuration of IPsec."""
    tree = read_tree(enumerate(applet.config, 1))
    roots = [" ".join(node.words) for node in tree.roots]
    allowed = ("event manager ", "crypto logging ", "file prompt quiet")
    assert all(root.startswith(allowed) for root in roots), roots
    (node,) = [n for n in tree.roots if n.words[:3] == ["event", "manager", "applet"]]
    assert node.words[3] == applet.name
    below = [line for line in applet.config if line.startswith(" ")]
    assert len(node.children) == len(below)
    assert node.children[0].words[0] == "event"
    assert {child.words[0] for child in node.children[1:]} == {"action"}
    labels = [child.words[1] for child in node.children[1:]]
    assert labels == sorted(set(labels))
    source = Source("applet.cfg", "\n".join(["hostname R1", *applet.config, "end", ""]).encode())
    section = Section(source, "show running-config", 1, source.line_count)
    facts = list(parse(section))
    assert not [f for f in facts if isinstance(f, RecoveryCommand | ConfigSetup)]


@pytest.mark.parametrize("name", CASE_NAMES)
def test_no_applet_of_any_case_can_do_harm(name: str) -> None:
    for applet in applets(sources_of(name), bypass=True, file_prompt_quiet=True).applets:
        assert_harmless(applet)
        assert_parses(applet)


def test_names_on_one_router_are_used_once() -> None:
    for name in CASE_NAMES:
        found = [(a.target.device, a.target.address, a.name) for a in applets(sources_of(name)).applets]
        assert len(found) == len(set(found)), name


HOSTILE = st.text(
    st.characters(blacklist_categories=["Cs"]) | st.sampled_from('"$?|!\n;{}%'), min_size=1, max_size=24
)


@settings(max_examples=60, deadline=None)
@given(name=HOSTILE, interface=HOSTILE)
def test_a_hostile_name_never_reaches_a_router(name: str, interface: str) -> None:
    log = message("0x5E1D0C3A", 1).replace("GigabitEthernet0/0", interface)
    text = f"hostname {name}\n{log}\n{name}#show clock\n"
    for applet in applets([Source("r.txt", text.encode())]).applets:
        assert_harmless(applet)


def test_the_templates_cite_sources_that_are_known() -> None:
    known = set(judge().kb.sources)
    for template in judge().kb.eem.values():
        assert template.cites
        for cite in template.cites:
            source, _, place = cite.source.partition("#")
            assert source in known
            assert place


def test_every_applet_says_what_it_needs_and_what_is_inferred() -> None:
    for applet in applets(case("ios", "ikev1")).applets:
        head = [line for line in applet.config if line.startswith("!")]
        assert any("12.4(22)T" in line and "116005" in line for line in head)
        assert any("Inferred" in line for line in head)


def test_the_same_case_gives_the_same_applets() -> None:
    sources = case("ios-xe", "ikev2")
    assert applets(sources) == applets(sources[::-1])
    assert investigate(sources).document("case").case == "case"
