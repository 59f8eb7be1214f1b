"""A secret of the evidence is in no output, whatever is quoted around it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.diagnosis.document import Lang
from engine.evidence.source import Section
from engine.parsers import show_version
from tests.evidence.samples import TWICE, hub, message, sources, spoke
from tests.evidence.test_redact import PLACES
from tests.tui.pipeline import diagnosed, explanations, outputs

SECRET = "Zq7fakeSecretW4"
PLANTED = [line.format(s=SECRET) for line in PLACES]
TUNNELS = f"""\
interface Tunnel0
 ip address 10.0.0.1 255.255.255.0
 ip nhrp authentication {SECRET}
 ip nhrp map 10.0.0.7 198.51.100.7
 ip nhrp map multicast dynamic
 tunnel source GigabitEthernet0/0/0
 tunnel mode gre multipoint
 tunnel protection ipsec profile DMVPN
!
crypto ipsec profile DMVPN
 set transform-set TS
!
crypto keyring KR
  pre-shared-key address 198.51.100.7 key {SECRET}
!
crypto ipsec client ezvpn EZ
 group VPN key {SECRET}
 peer 203.0.113.9
 username ops password {SECRET}
!
"""


def assert_hidden(**texts: str) -> None:
    case = sources(**texts)
    languages: tuple[Lang, ...] = ("en", "ko")
    for lang in languages:
        document = diagnosed(case, lang)
        for text in [*outputs(document, lang), *explanations(case, lang)]:
            assert SECRET not in text


def test_every_known_place_in_a_configuration() -> None:
    assert_hidden(hub=hub(*TWICE, top=TUNNELS + "\n".join(PLANTED) + "\n"), spoke=spoke())


@pytest.mark.parametrize("behind", ["crypto map VPN 10 ipsec-isakmp\n", " crypto map VPN\n", "interface Tunnel0\n",
                                    " tunnel mode gre multipoint\n", "interface GigabitEthernet0/0/0\n"])  # fmt: skip
def test_secrets_right_behind_the_lines_that_are_quoted(behind: str) -> None:
    text = hub(*TWICE, top=TUNNELS)
    inner = "".join(f" {line.strip()}\n" for line in PLANTED)
    assert behind in text
    assert_hidden(hub=text.replace(behind, behind + inner), spoke=spoke())


def test_secrets_around_the_messages_of_a_log() -> None:
    logged = [
        f"Mar  4 12:00:00.000: %PARSER-5-CFGLOG_LOGGEDCMD: User:ops  logged command:{p}\n" for p in PLANTED
    ]
    assert_hidden(log="".join([message("12:10:00.100"), *logged, message("12:11:01.200"), *logged]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(PLANTED)), min_size=1, max_size=12))
def test_secrets_anywhere_in_a_capture(planted: list[tuple[int, str]]) -> None:
    lines = (hub(*TWICE, top=TUNNELS) + spoke()).split("\n")
    for at, line in sorted(planted, reverse=True):
        lines.insert(at % len(lines), line)
    for text in outputs(diagnosed(sources(all="\n".join(lines)))):
        assert SECRET not in text


@pytest.mark.parametrize(
    "line", [f"crypto isakmp key {SECRET} address 192.0.2.1", f"bad value: ' key {SECRET}'"]
)
def test_the_message_of_a_parser_that_failed_is_redacted_too(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Section) -> list[object]:
        raise ValueError(line)

    monkeypatch.setattr(show_version, "parse", fail)
    for text in outputs(diagnosed(sources(hub=hub(*TWICE)))):
        assert SECRET not in text
