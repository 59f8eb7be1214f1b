"""What every fact has, and what a device says of itself."""

from __future__ import annotations

import msgspec

from engine.evidence.source import Place
from engine.stamp import Stamp


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something a device printed.

    Attributes:
        at: where it stands.
    """

    at: Place


class Coverage(Fact, frozen=True, tag="coverage"):
    """A list or configuration was seen, and how much of it.

    Attributes:
        family: what was listed: ipsec-sa, isakmp-sa, ikev2-sa, session, nhrp-peer, running-config, log,
            qfp-global-drops, qfp-feature-drops.
        whole: True where everything the command prints was seen: its head, its natural end, no filter. Only
            then does a missing entry mean that it is absent.
        toward: the peer address to which the command was limited (`peer 192.0.2.1`), None where to none. A
            whole listing toward a peer proves absence for that peer only.
    """

    family: str
    whole: bool
    toward: str | None = None


class Hostname(Fact, frozen=True, tag="hostname"):
    """A device named itself.

    Attributes:
        name: as printed.
        basis: prompt, configuration (`hostname`), version (`NAME uptime is`), relay (head of a syslog line).
    """

    name: str
    basis: str


class Version(Fact, frozen=True, tag="version"):
    """`show version`.

    Attributes:
        os: ios, ios-xe, asa, nx-os, ios-xr, other; None where the text does not tell.
        release: normalised release (`engine.release`), "17.3.4a", "15.6(3)M2", "3.16.5S"; None for developer
            builds and what cannot be compared.
        ios_release: on IOS XE, the IOS number of the same image ("15.5(3)S5", "17.3.4a"), None where not printed.
        printed: the version as printed, padding and all.
        platform: hardware model ("ISR4331/K9"), None where not printed.
        uptime_seconds: None where not printed.
        reload_reason: text after `Last reload reason:` or `System returned to ROM by`, None where not printed.
        hostname: NAME of the line `NAME uptime is`.
        special: an image made for one customer (`CUST-SPECIAL`): its number does not say what is in it.
    """

    os: str | None
    release: str | None
    ios_release: str | None
    printed: str | None
    platform: str | None
    uptime_seconds: int | None
    reload_reason: str | None
    hostname: str | None
    special: bool = False


class Clock(Fact, frozen=True, tag="clock"):
    """The device's clock, from `show clock`, or from `Time source is ...` before an output.

    Attributes:
        stamp: with year and zone.
        source: NTP, hardware calendar, user configuration, ... ; None where not printed.
    """

    stamp: Stamp
    source: str | None = None
