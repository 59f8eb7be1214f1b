"""Large inputs of known truth: a syslog, a show-tech, a hub with many peers. The same seed gives the same bytes.

    python -m benchmarks.generate syslog /tmp/bench --size 500000000
    python -m benchmarks.generate hub /tmp/bench --peers 2000

Addresses are those set aside for documentation (RFC 5737) and, where there are not enough of them, for
benchmarks (198.18.0.0/15, RFC 2544); names are invented.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

OWN = "192.0.2.1"
MINUTES = 3 * 24 * 60


class Expected(NamedTuple):
    """What a diagnosis has to say of one flow; the outcome is None where no configuration is part of the input."""

    messages: int
    first: str
    last: str
    outcome: str | None = None


Truth = dict[str, Expected]
"""What a diagnosis has to say, by the id of the flow."""


class _Flow:
    """Messages of one source, one a minute, and what is to be said of them."""

    def __init__(self, receiver: str, src: str, spi: int, begin: int, count: int) -> None:
        self.receiver, self.src, self.spi = receiver, src, spi
        self.minutes = range(begin, begin + count)

    @property
    def id(self) -> str:
        return f"{self.receiver}/flow/{self.src}/{OWN}/0x{self.spi:08X}"

    def message(self, minute: int) -> str:
        return (
            f"{_stamp(minute)}: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
            f"destaddr={OWN}, prot=50, spi=0x{self.spi:08X}({self.spi}), srcaddr={self.src}, "
            "input interface=GigabitEthernet0/0/0"
        )

    def expected(self, outcome: str | None = None) -> Expected:
        first, last = _iso(self.minutes[0]), _iso(self.minutes[-1])
        return Expected(len(self.minutes), first, last, outcome)


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}:30.125"


def _stamp(minute: int) -> str:
    return f"Sep {2 + minute // 1440:2d} {_clock(minute)}"


def _iso(minute: int) -> str:
    return f"--09-{2 + minute // 1440:02d}T{_clock(minute)}"


def peer(number: int) -> str:
    """The address of a peer: 198.18.0.1 and on."""
    return f"198.{18 + number // 65000}.{number % 65000 // 250}.{number % 250 + 1}"


def _spis(rng: random.Random, count: int) -> list[int]:
    return [0x10000000 + n for n in rng.sample(range(0xD0000000), count)]


# The other messages of a busy router; # stands for a number.
_OTHER = (
    "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/0/#, changed state to up",
    "%SEC-6-IPACCESSLOGP: list OUTSIDE-IN denied tcp 203.0.113.#(#) -> 192.0.2.#(#), 1 packet",
    "%SYS-5-CONFIG_I: Configured from console by operator# on vty0 (192.0.2.#)",
    "%OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.# on Tunnel# from LOADING to FULL, Loading Done",
    "%DUAL-5-NBRCHANGE: EIGRP-IPv4 100: Neighbor 192.0.2.# (Tunnel#) is up: new adjacency",
    "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: operator#] [Source: 192.0.2.#] [localport: 22]",
)


def _other(rng: random.Random) -> str:
    parts = rng.choice(_OTHER).split("#")
    return "".join(
        part + (str(rng.randrange(1, 255)) if n < len(parts) - 1 else "") for n, part in enumerate(parts)
    )


def syslog(
    path: Path, size: int, *, flows: int = 200, messages: int = 2_000, hosts: int = 20, seed: int = 1
) -> Truth:
    """A collected syslog of about `size` bytes: lines of `hosts` routers, and the messages of `flows` among them."""
    rng = random.Random(seed)  # noqa: S311  repeatable data, no secret
    names = [f"edge{n:02d}.example.net" for n in range(1, hosts + 1)]
    each = max(1, messages // flows)
    found = [
        _Flow(names[n % hosts], peer(n), spi, rng.randrange(10, MINUTES - each - 10), each)
        for n, spi in enumerate(_spis(rng, flows))
    ]
    by_minute: dict[int, list[str]] = {}
    for flow in found:
        for minute in flow.minutes:
            by_minute.setdefault(minute, []).append(
                _relayed(rng, flow.receiver, minute, flow.message(minute))
            )
    blocks = list(_blocks(rng, names, size // MINUTES))
    with path.open("wb") as file:
        for minute in range(MINUTES):
            filled = rng.choice(blocks).replace(b"@", _stamp(minute).encode())
            # In the middle of the minute, at the beginning of a line.
            middle = filled.find(b"\n", len(filled) // 2) + 1
            file.write(filled[:middle] + "".join(by_minute.get(minute, ())).encode() + filled[middle:])
    return {flow.id: flow.expected() for flow in found}


def _relayed(rng: random.Random, host: str, minute: int, text: str) -> str:
    return f"<187>{_stamp(minute)[:15]} {host} {rng.randrange(100000, 999999)}: {text}\n"


def _blocks(rng: random.Random, names: list[str], size: int) -> Iterator[bytes]:
    """A minute of lines, several times; `@` stands for the time."""
    for _ in range(8):
        lines: list[str] = []
        length = 0
        while length < size or len(lines) < len(names):
            host = names[len(lines) % len(names)]
            lines.append(f"<189>@ {host} {rng.randrange(100000, 999999)}: @: {_other(rng)}\n")
            length += len(lines[-1]) + 34
        yield "".join(lines).encode()


_VERSION = """\
Cisco IOS XE Software, Version 17.03.04a
Cisco IOS Software [Amsterdam], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.3.4a, RELEASE SOFTWARE (fc3)

HUB1 uptime is 5 weeks, 1 day, 2 hours, 3 minutes
System returned to ROM by Reload Command
Last reload reason: Reload Command

cisco ISR4331/K9 (1RU) processor with 1795979K/6147K bytes of memory.
"""


def _config(peers: int) -> str:
    maps = "".join(
        f"crypto map VPN {10 + n} ipsec-isakmp\n set peer {peer(n)}\n set transform-set TS\n match address VPN-{n}\n"
        for n in range(peers)
    )
    lists = "".join(
        f"ip access-list extended VPN-{n}\n permit ip 10.0.0.0 0.0.255.255 10.{n // 250 + 1}.{n % 250}.0 0.0.0.255\n"
        for n in range(peers)
    )
    keys = "".join(f"crypto isakmp key Ex4mpleKey{n} address {peer(n)}\n" for n in range(peers))
    return (
        "Building configuration...\n\nCurrent configuration : 99999 bytes\n!\nversion 17.3\n"
        "service timestamps log datetime msec\n!\nhostname HUB1\n!\n"
        f"crypto isakmp policy 10\n authentication pre-share\n{keys}!\n"
        "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode tunnel\n!\n"
        f"{maps}!\ninterface GigabitEthernet0/0/0\n ip address {OWN} 255.255.255.0\n crypto map VPN\n!\n{lists}!\nend\n"
    )


def _sa_block(number: int, inbound: int, outbound: int) -> str:
    def sas(spi: int) -> str:
        return (
            f"      spi: 0x{spi:08X}({spi})\n        transform: esp-256-aes esp-sha256-hmac ,\n"
            "        in use settings ={Tunnel, }\n"
            f"        conn id: {2000 + number}, flow_id: HW:{number}, sibling_flags 80000040, crypto map: VPN\n"
            "        sa timing: remaining key lifetime (k/sec): (4231770/1800)\n        IV size: 16 bytes\n"
            "        replay detection support: Y\n        Status: ACTIVE(ACTIVE)\n\n"
        )

    return (
        "\n   protected vrf: (none)\n   local  ident (addr/mask/prot/port): (10.0.0.0/255.255.0.0/0/0)\n"
        f"   remote ident (addr/mask/prot/port): (10.{number // 250 + 1}.{number % 250}.0/255.255.255.0/0/0)\n"
        f"   current_peer {peer(number)} port 500\n     PERMIT, flags={{origin_is_acl,}}\n"
        f"    #pkts encaps: {number}, #pkts encrypt: {number}, #pkts digest: {number}\n"
        f"    #pkts decaps: {number}, #pkts decrypt: {number}, #pkts verify: {number}\n"
        "    #pkts compressed: 0, #pkts decompressed: 0\n    #send errors 0, #recv errors 0\n\n"
        f"     local crypto endpt.: {OWN}, remote crypto endpt.: {peer(number)}\n"
        "     plaintext mtu 1438, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet0/0/0\n"
        f"     current outbound spi: 0x{outbound:08X}({outbound})\n     PFS (Y/N): N, DH group: none\n\n"
        f"     inbound esp sas:\n{sas(inbound)}     inbound ah sas:\n\n     inbound pcp sas:\n\n"
        f"     outbound esp sas:\n{sas(outbound)}     outbound ah sas:\n\n     outbound pcp sas:\n"
    )


def _sa_list(rng: random.Random, peers: int) -> str:
    spis = _spis(rng, 2 * peers)
    blocks = "".join(_sa_block(n, spis[2 * n], spis[2 * n + 1]) for n in range(peers))
    return f"\ninterface: GigabitEthernet0/0/0\n    Crypto map tag: VPN, local addr {OWN}\n{blocks}"


def _ike_list(peers: int) -> str:
    """Every second peer has an IKE SA."""
    rows = "".join(f"{OWN:<16}{peer(n):<16}QM_IDLE           {1000 + n} ACTIVE\n" for n in range(1, peers, 2))
    return (
        "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n"
        f"{rows}\nIPv6 Crypto ISAKMP SA\n\n"
    )


def _log(rng: random.Random, flows: list[_Flow], others: int) -> str:
    lines = [(minute, flow.message(minute)) for flow in flows for minute in flow.minutes]
    lines += [
        (minute, f"{_stamp(minute)}: {_other(rng)}") for minute in (rng.randrange(600) for _ in range(others))
    ]
    lines.sort()
    return (
        "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns)\n\n"
        "    Buffer logging:  level debugging, 9999 messages logged, xml disabled,\n"
        "                    filtering disabled\n\nLog Buffer (8192000 bytes):\n\n"
        + "".join(f"{text}\n" for _, text in lines)
    )


def hub(path: Path, peers: int, *, seed: int = 1) -> Truth:
    """A console capture of a hub; every fourth peer sends with an SPI that the hub does not have, three times."""
    rng = random.Random(seed)  # noqa: S311  repeatable data, no secret
    flows = [
        _Flow("HUB1", peer(n), spi, rng.randrange(500), 3)
        for n, spi in zip(range(0, peers, 4), _spis(rng, peers), strict=False)
    ]
    outputs = (
        ("show clock", "18:00:00.000 UTC Mon Sep 2 2024\n"),
        ("show version", _VERSION),
        ("show running-config", _config(peers)),
        ("show crypto isakmp sa", _ike_list(peers)),
        ("show crypto ipsec sa", _sa_list(rng, peers)),
        ("show logging", _log(rng, flows, 20 * peers)),
    )
    text = "".join(f"HUB1#{command}\n{output}" for command, output in outputs) + "HUB1#\n"
    path.write_text(text)
    return {flow.id: flow.expected("no_effect") for flow in flows}


# Outputs of a show-tech that say nothing of IPsec: command, head, and a row that is repeated.
_IRRELEVANT = {
    "show interfaces": (
        "",
        (
            "GigabitEthernet0/0/{n} is up, line protocol is up\n"
            "  Hardware is ISR4331-3x1GE, address is 0000.5e00.53{n:02x}\n"
            "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,\n"
            "     reliability 255/255, txload 1/255, rxload 1/255\n"
            "  5 minute input rate {n}000 bits/sec, {n} packets/sec\n"
            "     {n} packets input, {n}00 bytes, 0 no buffer\n"
        ),
    ),
    "show processes memory": (
        (
            "Processor Pool Total:  1839083520 Used:  247812344 Free: 1591271176\n"
            " PID TTY  Allocated      Freed    Holding    Getbufs    Retbufs Process\n"
        ),
        "{n:4}   0     {n}1236      {n}844      56{n}          0          0 Some Process {n}\n",
    ),
    "show ip route": (
        "Gateway of last resort is 192.0.2.254 to network 0.0.0.0\n\n",
        "O        10.{n}.0.0/16 [110/2] via 192.0.2.{n}, 1w2d, GigabitEthernet0/0/{n}\n",
    ),
    "show buffers": (
        "Buffer elements:\n     1118 in free list (500 max allowed)\n",
        (
            "Small buffers, {n} bytes (total 50, permanent 50):\n"
            "     49 in free list (20 min, 150 max allowed)\n     {n} hits, 0 misses, 0 trims, 0 created\n"
        ),
    ),
    "show platform software status control-processor": (
        "RP0: online, statistics updated 5 seconds ago\n",
        (
            "  CPU{n}: CPU Utilization (percentage of time spent)\n"
            "    User:  0.{n}0, System:  0.80, Nice:  0.00, Idle: 97.90\n"
        ),
    ),
}


def show_tech(path: Path, size: int = 5_000_000, *, seed: int = 1) -> Truth:
    """A show-tech of an IOS XE router with 20 peers; nearly all of it says nothing of IPsec."""
    rng = random.Random(seed)  # noqa: S311  repeatable data, no secret
    flows = [_Flow("HUB1", peer(2 * n), spi, 100 + n, 5) for n, spi in enumerate(_spis(rng, 4))]
    outputs = [
        ("show clock", "18:00:00.000 UTC Mon Sep 2 2024\n"),
        ("show version", _VERSION),
        ("show running-config", _config(20)),
    ]
    for command, (head, row) in list(_IRRELEVANT.items()) * 12:
        rows = "".join(row.format(n=n % 250) for n in range(size // 60 // len(row)))
        outputs.append((command, head + rows))
    outputs += [
        ("show crypto isakmp sa", _ike_list(20)),
        ("show crypto ipsec sa", _sa_list(rng, 20)),
        ("show logging", _log(rng, flows, 500)),
    ]
    path.write_text("".join(f"\n{'-' * 18} {command} {'-' * 18}\n\n{output}" for command, output in outputs))
    return {flow.id: flow.expected("no_effect") for flow in flows}


def main(argv: list[str] | None = None) -> int:
    """Write one input and print its truth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("kind", choices=["syslog", "show-tech", "hub"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=5_000_000, help="bytes of a syslog or show-tech")
    parser.add_argument("--peers", type=int, default=250, help="peers of a hub")
    options = parser.parse_args(argv)
    path = options.folder / f"{options.kind}.txt"
    if options.kind == "hub":
        truth = hub(path, options.peers)
    else:
        truth = (syslog if options.kind == "syslog" else show_tech)(path, options.size)
    for flow, expected in truth.items():
        print(flow, *expected)
    return 0


if __name__ == "__main__":
    sys.exit(main())
