"""What `--set` understands, what follows from one supposition, and lines put into a configuration."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Source
from engine.whatif.config import with_line
from engine.whatif.settings import SettingError, implied, parse_setting
from tests.plan.build import hub, investigate, judge, message
from tui.app.words import word


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("release=16.12.5", "release", "16.12.5"),
        ("release=17.03.04a", "release", "17.3.4a"),
        ("release=15.6(3)M2", "release", "15.6(3)M2"),
        ("os=ios-xe", "os", "ios-xe"),
        ("config:crypto isakmp invalid-spi-recovery", "config", "crypto isakmp invalid-spi-recovery"),
        ("config:no crypto isakmp keepalive", "config", "no crypto isakmp keepalive"),
        ("ike-sa=absent", "condition", "absent"),
        ("recovery-configured=no", "condition", "no"),
    ],
)
def test_a_supposition_is_read(text: str, kind: str, value: str) -> None:
    setting = parse_setting(text, judge().kb)
    assert (setting.kind, setting.value, setting.text) == (kind, value, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "NAME=VALUE"),
        ("release=seventeen", "no release"),
        ("os=junos", "os is one of"),
        ("ike-sb=absent", "ike-sa"),
        ("ike-sa=maybe", "ike-sa is one of present, absent"),
        ("spi-repeats=unknown", "yes, no"),
        ("config:", "one line"),
        ("config:interface Tunnel0 / ", "one line"),
        ("config:a\nb", "one line"),
    ],
)
def test_what_is_no_supposition_is_said_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(SettingError) as caught:
        parse_setting(text, judge().kb)
    error = caught.value
    for lang in ("en", "ko"):
        sentence = word(lang, f"errors.{error.key}", **error.values) + error.near
        assert all(value in sentence for value in error.values.values())
        assert lang == "ko" or said in sentence


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(SettingError):
        assert parse_setting(text, judge().kb).text == text


def test_conditions_on_one_field_go_together() -> None:
    kb = judge().kb
    assert implied(kb, "ike-sa", "absent")["ike-sa-shown"] == "no"
    assert implied(kb, "ike-sa", "present")["ike-sa-shown"] == "yes"
    assert implied(kb, "sender-dpd", "periodic")["sender-dpd-shown-on"] == "yes"
    assert implied(kb, "sender-dpd", "off")["sender-dpd-shown-on"] == "no"
    assert implied(kb, "source-named", "no")["source-shown-unknown"] == "yes"
    assert implied(kb, "ike-sa-shown", "yes")["ike-sa"] == "present"


def test_a_no_that_leaves_open_what_it_is_instead_says_nothing_of_others() -> None:
    kb = judge().kb
    assert implied(kb, "ike-sa-shown", "no") == {"ike-sa-shown": "no"}
    assert implied(kb, "receiver-is-ios-xe", "no") == {"receiver-is-ios-xe": "no"}


def changed(sources: list[Source], text: str) -> str:
    device = next(iter(investigate(sources).case.devices.values()))
    found = with_line(sources, device, parse_setting(text, judge().kb))
    return bytes(found[-1].data).decode()


def test_a_line_is_put_before_the_end_of_the_configuration() -> None:
    text = changed([hub("17.3", "ikev1")], "config:crypto isakmp invalid-spi-recovery")
    assert "\ncrypto isakmp invalid-spi-recovery\nend\n" in text


def test_a_line_below_a_mode_is_put_there_with_its_mode() -> None:
    text = changed([hub("17.3", "ikev1")], "config:interface GigabitEthernet0/0 / shutdown")
    assert "\ninterface GigabitEthernet0/0\n shutdown\nend\n" in text


def test_a_line_is_taken_out_with_what_stands_below_it() -> None:
    text = changed([hub("17.3", "ikev1")], "config:no crypto map CM 10")
    assert "set peer" not in text
    assert " crypto map CM\n" in text  # on the interface: another line
    assert "no crypto map" not in text


def test_a_line_below_a_mode_is_taken_out_there_only() -> None:
    text = changed([hub("17.3", "ikev1")], "config:no interface GigabitEthernet0/0 / crypto map CM")
    assert "interface GigabitEthernet0/0" in text
    text = changed([hub("17.3", "ikev1")], "config:interface GigabitEthernet0/0 / no crypto map CM")
    assert " crypto map CM\n" not in text
    assert "crypto map CM 10 ipsec-isakmp" in text


def test_a_no_form_is_written_where_there_is_nothing_to_take_out() -> None:
    text = changed([hub("17.3", "ikev1")], "config:no crypto isakmp invalid-spi-recovery")
    assert "\nno crypto isakmp invalid-spi-recovery\nend\n" in text


def test_without_a_configuration_the_line_alone_is_shown_as_a_part() -> None:
    log = f"R1#show logging\n{message('0x5E1D0C3A', 1)}\nR1#\n"
    sources = [Source("r1.txt", log.encode())]
    device = investigate(sources).case.devices["R1"]
    for text in ("config:crypto isakmp invalid-spi-recovery", "config:crypto isakmp keepalive 30 5"):
        sources = with_line(sources, device, parse_setting(text, judge().kb))
    assert len(sources) == 2
    investigation = investigate(sources)
    assert investigation.case.devices["R1"].recovery is True
    assert not investigation.case.devices["R1"].complete_config
