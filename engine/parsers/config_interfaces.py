"""The interfaces of a configuration: addresses, VRF, state, and the tunnel and crypto lines that they carry.

::

    interface GigabitEthernet0/0
     vrf forwarding OUTSIDE
     ip address 192.0.2.2 255.255.255.0
     standby 1 ip 192.0.2.1
     crypto map CM
    !
    interface Tunnel0
     ip nhrp map 10.0.0.1 198.51.100.1
     tunnel source GigabitEthernet0/0
     tunnel mode gre multipoint
     tunnel protection ipsec profile P
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.parsers.addresses import canonical
from engine.parsers.config_tree import Commands, Node, after, is_interface_header
from engine.parsers.names import interface_name

__all__ = ["Interface", "Line", "is_up", "port_name", "read_interfaces", "usable"]

_DYNAMIC_V4 = frozenset({"dhcp", "negotiated", "pool"})
# `ip unnumbered` may point at an unnumbered interface; a longer chain than this is a loop.
_MAX_CHAIN = 8


class Line:
    """One command with its argument words, remembered with the node that it came from."""

    __slots__ = ("node", "rest")

    def __init__(self, node: Node, rest: Sequence[str]) -> None:
        self.node = node
        self.rest = rest


class Interface:
    """An interface, all its stanzas taken together; of repeated commands the last one counts.

    Attributes:
        name: in full.
        node: the header line of its first stanza.
        addresses: own addresses in order, virtual ones (HSRP, VRRP, GLBP, redundancy group) included.
        primary: the last IPv4 address that is neither secondary nor virtual, None where there is none.
        dynamic: an address comes by DHCP, negotiation or autoconfiguration.
        borrowed: the interface named by `ip unnumbered` or `ipv6 unnumbered`, "" for none.
        vrf, shutdown: as printed.
        mode: `tunnel mode`, None for the default.
        nhrp: lines below `ip nhrp` or `ipv6 nhrp`, in order.
        maps: applied crypto maps.
        ezvpn: applied EzVPN clients.
    """

    __slots__ = (
        "addresses", "borrowed", "destination", "dynamic", "ezvpn", "fvrf", "maps", "mode", "name", "nhrp", "node",
        "policy", "primary", "profile", "shutdown", "source", "vrf",
    )  # fmt: skip

    def __init__(self, name: str, node: Node) -> None:
        self.name = name
        self.node = node
        self.addresses: list[str] = []
        self.primary: str | None = None
        self.dynamic = False
        self.borrowed = ""
        self.vrf: str | None = None
        self.shutdown = False
        self.source: Line | None = None
        self.destination: Line | None = None
        self.mode: Line | None = None
        self.fvrf: str | None = None
        self.profile: Line | None = None
        self.policy: Line | None = None
        self.nhrp: list[Line] = []
        self.maps: list[Line] = []
        self.ezvpn: list[Line] = []

    @property
    def protected(self) -> Line | None:
        """The `tunnel protection ipsec` line, None for none."""
        return self.profile or self.policy

    @property
    def virtual_template(self) -> str | None:
        """N of Virtual-TemplateN, None for other interfaces."""
        number = self.name.removeprefix("Virtual-Template")
        return number if number != self.name else None

    def own(self, address: str | None) -> None:
        """Take an address, once; None is ignored."""
        if address is not None and address not in self.addresses:
            self.addresses.append(address)


def read_interfaces(roots: Iterable[Node]) -> dict[str, Interface]:
    """The interfaces by full name, in the order of their first stanzas."""
    interfaces: dict[str, Interface] = {}
    for node in roots:
        if not is_interface_header(node.words):
            continue
        name = port_name(after(node.words, "interface") or ())
        if node.negated:
            interfaces.pop(name, None)
            continue
        interface = interfaces.setdefault(name, Interface(name, node))
        for child in node.children:
            _COMMANDS.read(interface, child)
    for interface in interfaces.values():
        _borrow(interfaces, interface)
    return interfaces


def is_up(interfaces: dict[str, Interface], name: str) -> bool:
    """Whether neither an interface nor its parent is shut down; true for an interface that is not in the text."""
    return not any(n in interfaces and interfaces[n].shutdown for n in (name, name.partition(".")[0]))


def usable(addresses: Iterable[str], *, ipv6: bool) -> tuple[str, ...]:
    """The addresses of one family."""
    return tuple(a for a in addresses if (":" in a) == ipv6)


def _borrow(interfaces: dict[str, Interface], interface: Interface) -> None:
    lender = interface
    for _ in range(_MAX_CHAIN):
        if not lender.borrowed:
            break
        found = interfaces.get(lender.borrowed)
        if found is None:
            return
        lender = found
    if lender is not interface:
        for address in lender.addresses:
            interface.own(address)
        interface.primary = interface.primary or lender.primary
        interface.dynamic = interface.dynamic or lender.dynamic


def _ip_address(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    if node.negated:
        if not rest:
            interface.addresses = [a for a in interface.addresses if ":" in a]
            interface.primary = None
        return
    if not rest:
        return
    if rest[0].lower() in _DYNAMIC_V4:
        interface.dynamic = True
        return
    address = canonical(rest[0])
    interface.own(address)
    if rest[-1].lower() != "secondary":
        interface.primary = address


def _ipv6_address(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    if node.negated or not rest:
        return
    address = canonical(rest[0])
    # An EUI-64 suffix and a general prefix complete the address at run time.
    if address is None or rest[-1].lower() == "eui-64":
        interface.dynamic = True
    else:
        interface.own(address)


def _unnumbered(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    interface.borrowed = "" if node.negated or not rest else port_name(rest)


def _virtual(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    """`standby 1 ip 192.0.2.1`, `vrrp 1 ip ...`, `glbp 1 ipv6 ...`, `redundancy group 1 ip ... exclusive`."""
    if node.negated:
        return
    words = [w for w in rest if not w.isdigit()]
    if len(words) > 1 and words[0].lower() in {"ip", "ipv6"}:
        interface.own(canonical(words[1]))
    # VRRPv3: `vrrp 1 address-family ipv4` with `address 192.0.2.1 primary` below it.
    for child in node.children:
        arguments = after(child.words, "address")
        if arguments:
            interface.own(canonical(arguments[0]))


def _vrf(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    interface.vrf = None if node.negated or not rest else rest[0]


def _fvrf(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    interface.fvrf = None if node.negated or not rest else rest[0]


def _shutdown(interface: Interface, node: Node, _rest: Sequence[str]) -> None:
    interface.shutdown = not node.negated


def _last(name: str) -> Callable[[Interface, Node, Sequence[str]], None]:
    """A reader that keeps the last line of its command; the `no` form takes it away."""

    def read(interface: Interface, node: Node, rest: Sequence[str]) -> None:
        setattr(interface, name, None if node.negated or not rest else Line(node, rest))

    return read


def _unprotect(interface: Interface, node: Node, _rest: Sequence[str]) -> None:
    if node.negated:
        interface.profile = interface.policy = None


def _nhrp(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    if not node.negated and rest:
        interface.nhrp.append(Line(node, rest))


def _crypto_map(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    # `crypto map ipv6 CM` is said where `ipv6 crypto map CM` is not.
    rest = rest[1:] if len(rest) > 1 and rest[0] == "ipv6" else rest
    if node.negated:
        interface.maps = [m for m in interface.maps if rest and m.rest[0] != rest[0]]
    elif rest:
        interface.maps.append(Line(node, rest))


def _ezvpn(interface: Interface, node: Node, rest: Sequence[str]) -> None:
    if node.negated:
        interface.ezvpn = []
    elif rest:
        interface.ezvpn.append(Line(node, rest))


def port_name(rest: Sequence[str]) -> str:
    """The interface that argument words name: `Loopback0`, `Loopback 0`, `Loopback0 poll`."""
    return interface_name("".join([*rest[:1], *(w for w in rest[1:2] if w[0].isdigit())]))


_COMMANDS: Commands[Interface] = Commands(
    {
        "ip address": _ip_address,
        "ip unnumbered": _unnumbered,
        "ip vrf forwarding": _vrf,
        "ip nhrp": _nhrp,
        "ipv6 address": _ipv6_address,
        "ipv6 unnumbered": _unnumbered,
        "ipv6 nhrp": _nhrp,
        "ipv6 crypto map": _crypto_map,
        "vrf forwarding": _vrf,
        "shutdown": _shutdown,
        "standby": _virtual,
        "vrrp": _virtual,
        "glbp": _virtual,
        "redundancy group": _virtual,
        "tunnel source": _last("source"),
        "tunnel destination": _last("destination"),
        "tunnel mode": _last("mode"),
        "tunnel vrf": _fvrf,
        "tunnel protection ipsec profile": _last("profile"),
        "tunnel protection ipsec policy": _last("policy"),
        "tunnel protection": _unprotect,
        "crypto map": _crypto_map,
        "crypto ipsec client ezvpn": _ezvpn,
    }
)
