"""Step 3: sections become facts. One module per command family; each is imported when its command is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from engine.evidence.source import Section
from engine.facts import Fact

# Longest command first where one begins another.
_FAMILIES = (
    ("show version", "show_version"),
    ("show running-config", "running_config"),
    ("show crypto ipsec sa", "ipsec_sa"),
    ("show crypto isakmp sa", "isakmp_sa"),
    ("show crypto ikev2 sa", "ikev2_sa"),
    ("show crypto ikev2 stats exchange", "ike_notify"),
    ("show crypto session", "crypto_session"),
    ("show dmvpn", "dmvpn"),
    ("show ip nhrp", "nhrp"),
    ("show ipv6 nhrp", "nhrp"),
    ("show logging", "show_logging"),
    ("syslog", "show_logging"),
    ("debug", "show_logging"),
    ("show platform hardware qfp active statistics drop", "qfp_drops"),
    ("show platform hardware qfp active feature ipsec datapath drops", "qfp_drops"),
    ("show clock", "clock"),
)


def parser_for(command: str) -> Callable[[Section], Iterable[Fact]] | None:
    """The parser of a command in full words, None where nothing of it is read yet."""
    for prefix, module in _FAMILIES:
        if command == prefix or command.startswith(prefix + " "):
            parse: Callable[[Section], Iterable[Fact]] = import_module(f"engine.parsers.{module}").parse
            return parse
    return None
