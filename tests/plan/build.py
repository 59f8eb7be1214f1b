"""Small cases for the generators, and the whole way from their text to a plan and to applets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from engine.case import Investigation
from engine.diagnosis.document import Lang
from engine.evidence.open import open_case
from engine.evidence.source import Source
from engine.judge import Judge
from engine.knowledge.load import load
from engine.plan.collection import plan_of
from engine.plan.document import CollectionPlan, EemPlan
from engine.plan.eem import Options, applets_of
from engine.render.words import Words

CASES = Path(__file__).parents[1] / "cases"
HUB, SPOKE = "192.0.2.2", "198.51.100.1"

_IKE = {
    "ikev1": ("crypto isakmp policy 10", "crypto isakmp key Ex4mpleKey address 198.51.100.1"),
    "ikev2": ("crypto ikev2 profile P2", " match identity remote address 198.51.100.1 255.255.255.255"),
}


@cache
def judge() -> Judge:
    return Judge(load())


def words(lang: Lang) -> Words:
    known = {**judge().kb.words, **judge().kb.plan.words}
    return Words(lang, {key: {"en": text.en, "ko": text.ko} for key, text in known.items()})


def message(spi: str, minute: int, *, src: str = SPOKE, dst: str = HUB) -> str:
    return (
        f"Mar  4 10:{minute:02}:07.120: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
        f"destaddr={dst}, prot=50, spi={spi}({int(spi, 16)}), srcaddr={src}, "
        "input interface=GigabitEthernet0/0"
    )


def hub(version: str, ike: str) -> Source:
    """A router with one static peer, whose message repeats; `version` is that of its configuration."""
    lines = [
        "HUB#show running-config",
        "Building configuration...",
        "",
        "Current configuration : 1200 bytes",
        "!",
        f"version {version}",
        "hostname HUB",
        *_IKE[ike],
        "crypto ipsec transform-set TS esp-aes esp-sha-hmac",
        "crypto map CM 10 ipsec-isakmp",
        f" set peer {SPOKE}",
        " set transform-set TS",
        *([" set ikev2-profile P2"] if ike == "ikev2" else []),
        " match address 101",
        "interface GigabitEthernet0/0",
        f" ip address {HUB} 255.255.255.0",
        " crypto map CM",
        "end",
        "",
        "HUB#show logging",
        message("0x5E1D0C3A", 15),
        message("0x5E1D0C3A", 16),
        "HUB#",
    ]
    return Source("hub.txt", "\n".join(lines).encode() + b"\n")


def ios_version(name: str) -> Source:
    """`show version` of a classic IOS router, since its configuration alone does not tell."""
    text = (
        f"{name}#show version\n"
        "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M2, RELEASE SOFTWARE (fc1)\n"
        f"{name} uptime is 3 weeks, 2 days\n{name}#\n"
    )
    return Source("version.txt", text.encode())


def investigate(sources: Sequence[Source], lang: Lang = "en") -> Investigation:
    return Investigation(sources, judge(), lang=lang)


def planned(sources: Sequence[Source], lang: Lang = "en") -> CollectionPlan:
    investigation = investigate(sources, lang)
    return plan_of(investigation, investigation.document("case"))


def applets(sources: Sequence[Source], lang: Lang = "en", **options: bool | str) -> EemPlan:
    investigation = investigate(sources, lang)
    chosen = Options(**options)  # type: ignore[arg-type]
    return applets_of(investigation, investigation.document("case"), chosen)


@cache
def sources_of(case: str) -> tuple[Source, ...]:
    return tuple(open_case([str(CASES / case / "input")]).sources)


def readable_cases() -> list[str]:
    """The cases of tests/cases that can be read at all."""
    names = sorted(p.name for p in CASES.iterdir() if (p / "input").is_dir())
    return [name for name in names if sources_of(name)]
