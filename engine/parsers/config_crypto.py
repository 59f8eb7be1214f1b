"""The crypto objects of a configuration: profiles, crypto maps, EzVPN and FlexVPN clients, global settings.

::

    crypto isakmp keepalive 30 5 periodic
    crypto isakmp profile PARTNERS
       keepalive 10 retry 3
    crypto ipsec profile P
     set security-association lifetime seconds 28800
     set security-association idle-time 1800
     set ikev2-profile HUB
    crypto dynamic-map DYN 10
     set transform-set TS
    crypto map CM 10 ipsec-isakmp
     set peer 198.51.100.1
    crypto map CM 65535 ipsec-isakmp dynamic DYN
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from engine.parsers.config_interfaces import Line, port_name
from engine.parsers.config_tree import Commands, Node, after

__all__ = [
    "Crypto", "CryptoMap", "Ezvpn", "FlexvpnClient", "IkeProfile", "Keying", "MapEntry", "Timer", "read_crypto",
]  # fmt: skip


class Timer(NamedTuple):
    """A lifetime or idle time in seconds, and the line that sets it."""

    seconds: int
    node: Node


class Keying:
    """What an IPsec profile, a crypto-map entry or a dynamic-map entry says of its keys.

    Attributes:
        isakmp_profile, ikev2_profile: profile names, "" where not set.
        lifetime, idle: of the SAs, None where not set.
        peers: `set peer` lines.
    """

    __slots__ = ("idle", "ikev2_profile", "isakmp_profile", "lifetime", "node", "peers")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.isakmp_profile = ""
        self.ikev2_profile = ""
        self.lifetime: Timer | None = None
        self.idle: Timer | None = None
        self.peers: list[Line] = []


class MapEntry(Keying):
    """One sequence of a crypto map.

    Attributes:
        kind: isakmp, dynamic, gdoi, manual, or "" where the line that says it is not in the text.
        dynamic_map: the dynamic map that it calls, "" for none.
        ipv6: `crypto map ipv6 ...`.
    """

    __slots__ = ("dynamic_map", "ipv6", "kind", "name", "sequence")

    def __init__(self, node: Node, name: str, sequence: str, *, ipv6: bool) -> None:
        super().__init__(node)
        self.name = name
        self.sequence = sequence
        self.ipv6 = ipv6
        self.kind = ""
        self.dynamic_map = ""


class CryptoMap:
    """A crypto map: its entries by sequence, and the lines that hold for all of them."""

    __slots__ = ("entries", "isakmp_profile", "local_address")

    def __init__(self) -> None:
        self.entries: dict[str, MapEntry] = {}
        self.local_address: Line | None = None
        self.isakmp_profile = ""


class IkeProfile:
    """An ISAKMP or IKEv2 profile: its DPD mode ("" where not set) and the virtual template that it clones."""

    __slots__ = ("dpd", "virtual_template")

    def __init__(self) -> None:
        self.dpd = ""
        self.virtual_template = ""


class Ezvpn:
    """A `crypto ipsec client ezvpn` definition."""

    __slots__ = ("local_address", "node", "peers", "virtual_interface")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.peers: list[Line] = []
        self.virtual_interface = ""
        self.local_address = ""


class FlexvpnClient:
    """A `crypto ikev2 client flexvpn` definition: its peers and the tunnel that it connects."""

    __slots__ = ("interface", "peers")

    def __init__(self) -> None:
        self.peers: list[Line] = []
        self.interface = ""


class Crypto:
    """All crypto objects by name.

    Attributes:
        isakmp_configured: an ISAKMP policy, key or profile, or a keyring, is in the text.
        isakmp_profile_dpd: some ISAKMP profile has a keepalive.
        isakmp_dpd, ikev2_dpd: global DPD mode, "" where not set.
        lifetime, idle: global SA lifetime and idle time, None where not set.
        asa_lines: crypto map lines in the syntax of an ASA (`crypto map M 10 set peer ...`).
    """

    def __init__(self) -> None:
        self.ipsec_profiles: dict[str, Keying] = {}
        self.isakmp_profiles: dict[str, IkeProfile] = {}
        self.ikev2_profiles: dict[str, IkeProfile] = {}
        self.maps: dict[str, CryptoMap] = {}
        self.dynamic_maps: dict[str, list[Keying]] = {}
        self.ezvpn: dict[str, Ezvpn] = {}
        self.flexvpn: list[FlexvpnClient] = []
        self.isakmp_configured = False
        self.isakmp_profile_dpd = False
        self.isakmp_dpd = ""
        self.ikev2_dpd = ""
        self.lifetime: Timer | None = None
        self.idle: Timer | None = None
        self.asa_lines = 0


def read_crypto(roots: Iterable[Node]) -> Crypto:
    """The crypto objects defined at the root of a configuration."""
    crypto = Crypto()
    for node in roots:
        _ROOT.read(crypto, node)
    crypto.isakmp_profile_dpd = any(p.dpd for p in crypto.isakmp_profiles.values())
    return crypto


def dpd_mode(rest: Sequence[str]) -> str:
    """The DPD mode of `30 5 periodic`; on-demand is the default where the mode is not written."""
    return "periodic" if any(len(w) > 1 and "periodic".startswith(w.lower()) for w in rest) else "on-demand"


def seconds(rest: Sequence[str]) -> int | None:
    """Seconds of `seconds 3600`, `days 1` or `kilobytes 4608000 seconds 3600`; None where no time is given."""
    for unit, number in pairwise(rest):
        if number.isdecimal() and len(number) < 11:
            if after([unit], "seconds") is not None:
                return int(number)
            if after([unit], "days") is not None:
                return int(number) * 86400
    return None


def _idle_timer(node: Node, rest: Sequence[str]) -> Timer | None:
    """The timer of `1800` or `1800 default`; None where it is taken back or no number is given."""
    given = not node.negated and bool(rest) and rest[0].isdecimal() and len(rest[0]) < 11
    return Timer(int(rest[0]), node) if given else None


def _set_isakmp_profile(keying: Keying, node: Node, rest: Sequence[str]) -> None:
    keying.isakmp_profile = "" if node.negated or not rest else rest[0]


def _set_ikev2_profile(keying: Keying, node: Node, rest: Sequence[str]) -> None:
    keying.ikev2_profile = "" if node.negated or not rest else rest[0]


def _set_lifetime(keying: Keying, node: Node, rest: Sequence[str]) -> None:
    found = seconds(rest)
    if found is not None:
        keying.lifetime = None if node.negated else Timer(found, node)


def _set_idle(keying: Keying, node: Node, rest: Sequence[str]) -> None:
    keying.idle = _idle_timer(node, rest)


def _set_peer(keying: Keying, node: Node, rest: Sequence[str]) -> None:
    if not rest:
        return
    if node.negated:
        keying.peers = [p for p in keying.peers if p.rest[0] != rest[0]]
    else:
        keying.peers.append(Line(node, rest))


_SETTINGS: Commands[Keying] = Commands(
    {
        "set isakmp-profile": _set_isakmp_profile,
        "set ikev2-profile": _set_ikev2_profile,
        "set security-association lifetime": _set_lifetime,
        "set security-association idle-time": _set_idle,
        "set peer": _set_peer,
    }
)


def _settle(keying: Keying, node: Node) -> None:
    for child in node.children:
        _SETTINGS.read(keying, child)


def _ipsec_profile(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    if rest and not node.negated:
        _settle(crypto.ipsec_profiles.setdefault(rest[0], Keying(node)), node)


def _dynamic_map(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    if len(rest) > 1 and not node.negated:
        keying = Keying(node)
        _settle(keying, node)
        crypto.dynamic_maps.setdefault(rest[0], []).append(keying)


def _crypto_map(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    ipv6 = len(rest) > 1 and rest[0] == "ipv6" and not rest[1].isdigit()
    rest = rest[1:] if ipv6 else rest
    if len(rest) < 2:
        if rest and node.negated:
            crypto.maps.pop(rest[0], None)
        return
    name, option, arguments = rest[0], rest[1], rest[2:]
    if not option.isdigit():
        _map_option(crypto, node, name, rest[1:])
    elif arguments and (after(arguments, "set") or after(arguments, "match")):
        crypto.asa_lines += 1
    elif node.negated:
        if name in crypto.maps and not arguments:
            crypto.maps[name].entries.pop(option, None)
    else:
        entries = crypto.maps.setdefault(name, CryptoMap()).entries
        entry = entries.setdefault(option, MapEntry(node, name, option, ipv6=ipv6))
        _entry_kind(entry, arguments)
        _settle(entry, node)


def _map_option(crypto: Crypto, node: Node, name: str, words: Sequence[str]) -> None:
    """`crypto map CM local-address Loopback0`, `crypto map CM isakmp-profile P`, ASA `crypto map CM interface X`."""
    if after(words, "interface"):
        crypto.asa_lines += 1
    elif local := after(words, "local-address"):
        crypto.maps.setdefault(name, CryptoMap()).local_address = None if node.negated else Line(node, local)
    elif profile := after(words, "isakmp-profile"):
        crypto.maps.setdefault(name, CryptoMap()).isakmp_profile = "" if node.negated else profile[0]


def _entry_kind(entry: MapEntry, words: Sequence[str]) -> None:
    if after(words, "gdoi") is not None:
        entry.kind = "gdoi"
    elif after(words, "ipsec-manual") is not None and not _is_isakmp(words):
        entry.kind = "manual"
    elif _is_isakmp(words):
        entry.kind = "isakmp"
        if dynamic := after(words[1:], "dynamic"):
            entry.kind = "dynamic"
            entry.dynamic_map = dynamic[0]
        elif profile := after(words[1:], "profile"):
            entry.isakmp_profile = profile[0]


def _is_isakmp(words: Sequence[str]) -> bool:
    return after(words, "ipsec-isakmp") is not None


def _isakmp_profile(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    if node.negated or not rest:
        return
    crypto.isakmp_configured = True
    profile = crypto.isakmp_profiles.setdefault(rest[0], IkeProfile())
    for child in node.children:
        _ike_child(profile, child, "keepalive")


def _ikev2_profile(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    if node.negated or not rest:
        return
    profile = crypto.ikev2_profiles.setdefault(rest[0], IkeProfile())
    for child in node.children:
        _ike_child(profile, child, "dpd")


def _ike_child(profile: IkeProfile, child: Node, dpd: str) -> None:
    if (rest := after(child.words, dpd)) is not None:
        profile.dpd = "" if child.negated else dpd_mode(rest)
    elif template := after(child.words, "virtual-template"):
        profile.virtual_template = template[0]


def _isakmp_configured(crypto: Crypto, node: Node, _rest: Sequence[str]) -> None:
    crypto.isakmp_configured = crypto.isakmp_configured or not node.negated


def _isakmp_keepalive(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    crypto.isakmp_dpd = "" if node.negated else dpd_mode(rest)


def _ikev2_dpd(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    crypto.ikev2_dpd = "" if node.negated else dpd_mode(rest)


def _lifetime(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    found = seconds(rest)
    if found is not None:
        crypto.lifetime = None if node.negated else Timer(found, node)


def _idle(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    crypto.idle = _idle_timer(node, rest)


def _ezvpn(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    if not rest or node.negated:
        return
    client = crypto.ezvpn.setdefault(rest[0], Ezvpn(node))
    for child in node.children:
        if child.negated:
            continue
        if peer := after(child.words, "peer"):
            client.peers.append(Line(child, peer))
        elif template := after(child.words, "virtual-interface"):
            client.virtual_interface = template[0]
        elif local := after(child.words, "local-address"):
            client.local_address = port_name(local)


def _flexvpn(crypto: Crypto, node: Node, rest: Sequence[str]) -> None:
    if not rest or node.negated:
        return
    client = FlexvpnClient()
    crypto.flexvpn.append(client)
    for child in node.children:
        peer = after(child.words, "peer")
        # `peer 1 192.0.2.1`, `peer 1 fqdn hub.example.com dynamic`; `peer reactivate` names none.
        if peer and len(peer) > 1 and peer[0].isdigit() and not child.negated:
            name = peer[2:] if peer[1].lower() == "fqdn" else peer[1:]
            client.peers.append(Line(child, name))
        elif tunnel := after(child.words, "client connect"):
            client.interface = port_name(tunnel)


_ROOT: Commands[Crypto] = Commands(
    {
        "crypto ipsec profile": _ipsec_profile,
        "crypto ipsec security-association lifetime": _lifetime,
        "crypto ipsec security-association idle-time": _idle,
        "crypto ipsec client ezvpn": _ezvpn,
        "crypto dynamic-map": _dynamic_map,
        "crypto map": _crypto_map,
        "crypto isakmp profile": _isakmp_profile,
        "crypto isakmp policy": _isakmp_configured,
        "crypto isakmp keepalive": _isakmp_keepalive,
        "crypto isakmp key": _isakmp_configured,
        "crypto ikev2 profile": _ikev2_profile,
        "crypto ikev2 client flexvpn": _flexvpn,
        "crypto ikev2 dpd": _ikev2_dpd,
        "crypto keyring": _isakmp_configured,
    }
)
