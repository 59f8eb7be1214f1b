"""Sections: every line in exactly one, under the right command, of the right device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Section, Source
from engine.evidence.split import split
from tests.evidence.samples import (
    HUB,
    ISAKMP_EMPTY,
    SPOKE,
    VERSION,
    config,
    console,
    hub,
    logging,
    message,
    sa_list,
    spoke,
)

DASHES = "-" * 18
HEADERS = [f"{DASHES} show {what} {DASHES}" for what in ("version", "running-config", "crypto ipsec sa")]
PIECES = [
    *hub(message("12:10:00.100")).splitlines(),
    *HEADERS,
    "HUB1>show clock",
    "HUB1(config)#do sh run",
    "SPOKE7#sh cry ips sa",
    "SPOKE7(config-if)#exit",
    "-" * 72,
    "",
    "end",
    "> HUB1#show version",
    "the router HUB1 shows it",
    " --More-- \x08\x08\x08 \x08\x08\x08HUB1#sh ver",
    "\x1b[0mHUB1#sh ver",
]


def cut(text: str) -> list[Section]:
    return split(Source("x.txt", text.encode()))


def commands(text: str) -> list[tuple[str, str | None]]:
    return [(s.command, s.device) for s in cut(text)]


def body(section: Section) -> list[str]:
    return [text for _, text in section.lines()]


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["\n", "\r\n"]))
def test_every_line_is_in_one_section_or_starts_one(lines: list[str], ending: str) -> None:
    source = Source("x.txt", ending.join(lines).encode())
    last = 0
    outside: list[int] = []
    for section in split(source):
        assert section.first_line > last
        assert section.last_line >= section.first_line - 1
        outside.extend(range(last + 1, section.first_line))
        assert section.lines() == [
            (n, source.line(n)) for n in range(section.first_line, section.last_line + 1)
        ]
        last = section.last_line
    outside.extend(range(last + 1, source.line_count + 1))
    for number in outside:
        text = source.line(number)
        assert text.startswith((DASHES, "HUB1", "SPOKE7")), f"line {number} is lost: {text!r}"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_can_be_cut(text: str) -> None:
    sections = cut(text)
    assert all(s.last_line >= s.first_line - 1 for s in sections)


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_line_ends_do_not_change_the_sections(lines: list[str]) -> None:
    def shape(ending: str) -> list[tuple[str, int, int, str | None, bool]]:
        sections = split(Source("x.txt", "".join(line + ending for line in lines).encode()))
        return [(s.command, s.first_line, s.last_line, s.device, s.closed) for s in sections]

    assert shape("\n") == shape("\r\n") == shape("\r\r\n")


def test_a_console_capture_is_cut_at_its_prompts() -> None:
    assert commands(hub()) == [
        ("show clock", "HUB1"),
        ("show version", "HUB1"),
        ("show running-config", "HUB1"),
        ("show crypto isakmp sa", "HUB1"),
        ("show crypto ipsec sa", "HUB1"),
        ("show logging", "HUB1"),
    ]


def test_a_prompt_closes_the_output_above_and_the_end_of_a_file_does_not() -> None:
    text = "HUB1#show version\nCisco IOS\nHUB1#show clock\n12:00:00.000 UTC Mon Mar 4 2024\n"
    assert [s.closed for s in cut(text)] == [True, False]


def test_two_devices_in_one_capture_keep_their_own_outputs() -> None:
    devices = {s.device for s in cut(hub() + spoke())}
    assert devices == {"HUB1", "SPOKE7"}
    lists = [s for s in cut(hub() + spoke()) if s.command == "show crypto ipsec sa"]
    assert [(s.device, SPOKE in body(s)[2]) for s in lists] == [("HUB1", False), ("SPOKE7", True)]


@pytest.mark.parametrize(
    ("prompt", "device"),
    [
        ("HUB1#show version", "HUB1"),
        ("HUB1# show version", "HUB1"),
        ("HUB1>show version", "HUB1"),
        ("HUB1(config)#do show version", "HUB1"),
        ("HUB1(config-if)#do sh ver", "HUB1"),
        ("HUB1(config-crypto-map)#do sho version", "HUB1"),
        ("hub-1.lab_a#sh ver", "hub-1.lab_a"),
        ("7206-core#sh version", "7206-core"),
        ("\x1b[0mHUB1#show version", "HUB1"),
        (" --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08\x08HUB1#sh ver", "HUB1"),
        ("HUB1#shoe\x08w version", "HUB1"),
    ],
)  # fmt: skip
def test_a_prompt_is_known_in_every_mode(prompt: str, device: str) -> None:
    assert commands(f"{prompt}\nuptime\n") == [("show version", device)]


@pytest.mark.parametrize(
    "line",
    [
        "#show version",
        "!#show version",
        "> HUB1#show version",
        "%HUB1#show version",
        "https#//show version",
        " HUB1#show version",
        "I typed HUB1#show version",
        "R&D#show version",
    ],
)
def test_what_only_looks_like_a_prompt_is_text(line: str) -> None:
    assert all(s.device is None for s in cut(f"{line}\nuptime\n"))


def test_a_line_logged_behind_a_prompt_ends_the_output_and_is_not_lost_from_the_source() -> None:
    text = f"HUB1#show clock\n12:00:00.000 UTC Mon Mar 4 2024\nHUB1#{message('12:00:01.000')}more\n"
    assert [(s.command, s.last_line) for s in cut(text)] == [("show clock", 2), ("", 4)]


def test_a_show_tech_is_cut_at_headers_of_eighteen_dashes_only() -> None:
    ruler, sub = "-" * 72, "---- show crypto map ----"
    text = f"{HEADERS[0]}\n{VERSION.format(host='HUB1')}{ruler}\n{sub}\n{'-' * 20} show x {'-' * 20}\n{HEADERS[1]}\n{config()}"
    assert [s.command for s in cut(text)] == ["show version", "show running-config"]
    assert ruler in body(cut(text)[0])
    assert sub in body(cut(text)[0])


def test_a_show_tech_taken_at_a_prompt_is_of_that_device() -> None:
    text = f"HUB1#show tech-support\n\n{HEADERS[0]}\nx\n{HEADERS[1]}\ny\nHUB1#show clock\nz\n"
    assert commands(text) == [
        ("show tech-support", "HUB1"),
        ("show version", "HUB1"),
        ("show running-config", "HUB1"),
        ("show clock", "HUB1"),
    ]


def test_a_capture_appended_to_a_show_tech_of_another_device_is_not_swallowed() -> None:
    text = f"{HEADERS[0]}\nx\n{HEADERS[1]}\ny\n" + spoke()
    assert ("show crypto ipsec sa", "SPOKE7") in commands(text)


def test_a_second_show_tech_is_not_taken_for_one_of_the_first_device() -> None:
    tech = "".join(f"{h}\nx\n\n" for h in HEADERS)
    devices = [s.device for s in cut(f"HUB1#show tech-support\n\n{tech}{tech}")]
    assert devices == ["HUB1"] * 4 + [None] * 3


def test_an_unknown_command_is_kept_under_its_words() -> None:
    assert commands("HUB1#sh foo BAR\nx\n") == [("show foo BAR", "HUB1")]


def test_an_empty_output_is_a_section_without_lines() -> None:
    empty, _ = cut("HUB1#show crypto ikev2 sa\nHUB1#show clock\n12:00:00.000 UTC Mon Mar 4 2024\n")
    assert (empty.first_line, empty.last_line, empty.lines()) == (2, 1, [])


def test_a_command_that_shows_nothing_starts_no_section() -> None:
    assert commands("HUB1#show clock\nx\nHUB1#conf t\nHUB1(config)#exit\nHUB1#\n") == [("show clock", "HUB1")]


def test_pager_prompts_leave_no_trace_and_no_gap() -> None:
    wiped = " --More-- " + "\x08" * 9 + " " * 9 + "\x08" * 9
    plain = hub(message("12:10:00.100"))
    paged = "\n".join(
        (wiped + line if n % 24 == 23 and line else line) for n, line in enumerate(plain.split("\n"))
    )
    assert [(s.command, s.first_line, body(s)) for s in cut(paged)] == [
        (s.command, s.first_line, body(s)) for s in cut(plain)
    ]


BARE = {
    "show running-config": config(),
    "show version": VERSION.format(host="HUB1"),
    "show crypto ipsec sa": sa_list(HUB, SPOKE).lstrip("\n"),
    "show crypto isakmp sa": ISAKMP_EMPTY,
    "show crypto ikev2 sa": " IPv4 Crypto IKEv2  SA \n\n IPv6 Crypto IKEv2  SA \n",
    "show logging": logging(message("12:10:00.100")),
    "syslog": message("12:10:00.100") + message("12:11:00.100"),
    "debug": "ISAKMP:(1001):purging node 12\nISAKMP:(1001):deleting SA\n",
}


@pytest.mark.parametrize("command", BARE)
def test_an_output_without_prompt_is_recognised_by_its_look(command: str) -> None:
    assert commands(BARE[command]) == [(command, None)]


@given(
    st.permutations(["show running-config", "show version", "show crypto isakmp sa", "show crypto ipsec sa"])
)
def test_bare_outputs_in_any_order_are_told_apart(order: list[str]) -> None:
    assert [s.command for s in cut("\n".join(BARE[c] for c in order))] == order


def test_prose_in_front_of_an_output_is_a_section_of_its_own() -> None:
    text = "Hello,\nplease look at this:\n\n" + ISAKMP_EMPTY
    assert [s.command for s in cut(text)] == ["", "show crypto isakmp sa"]


@pytest.mark.parametrize(
    "inside",
    [
        f"banner motd ^C\n{message('12:00:00.000').replace('Mar  4 12:00:00.000: ', '')}^C",
        "banner login ^C\ninterface GigabitEthernet9\nhostname X\n^C",
        (
            'event manager applet A\n event syslog pattern "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps"\n'
            ' action 1 cli command "show crypto isakmp sa"\n action 2 syslog msg "%X-1-Y: z"'
        ),
        "interface Tunnel9\n description ISAKMP: (see wiki) %SYS-5-CONFIG_I: x",
        "alias exec sa show crypto isakmp sa",
    ],
)
def test_nothing_inside_a_configuration_tears_it_apart(inside: str) -> None:
    text = config(top=inside + "\n!\n")
    assert [(s.command, s.last_line) for s in cut(text)] == [("show running-config", text.count("\n"))]


def test_a_log_below_the_end_of_a_configuration_is_a_section_of_its_own() -> None:
    assert [s.command for s in cut(config() + message("12:00:00.000"))] == ["show running-config", "syslog"]


def test_two_configurations_in_a_row_are_two() -> None:
    both = cut(config() + config("SPOKE7", SPOKE, HUB))
    assert [s.command for s in both] == ["show running-config"] * 2
    assert "hostname SPOKE7" in body(both[1])


def test_cutting_takes_time_in_proportion_to_the_size() -> None:
    text = console("HUB1", *[("show clock", "x\n" * 50)] * 2_000)
    assert len(cut(text)) == 2_000
    assert len(cut("A#" * 200_000)) == 1
    assert len(cut("-" * 18 + " " + "a " * 200_000)) == 1
