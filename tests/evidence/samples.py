"""Small realistic device texts, invented: two routers, HUB1 (192.0.2.1) and SPOKE7 (198.51.100.7)."""

from __future__ import annotations

from engine.evidence.open import Opened
from engine.evidence.source import Source

HUB = "192.0.2.1"
SPOKE = "198.51.100.7"
SPI = 0x5E1D0C3A

VERSION = """\
Cisco IOS XE Software, Version 17.03.04a
Cisco IOS Software [Amsterdam], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.3.4a, RELEASE SOFTWARE (fc3)

{host} uptime is 5 weeks, 1 day, 2 hours, 3 minutes
System returned to ROM by Reload Command
Last reload reason: Reload Command

cisco ISR4331/K9 (1RU) processor with 1795979K/6147K bytes of memory.
"""

CONFIG = """\
Building configuration...

Current configuration : 2048 bytes
!
version 17.3
service timestamps log datetime msec
!
hostname {host}
!
{top}crypto isakmp policy 10
 authentication pre-share
crypto isakmp key Ex4mpleKey address {peer}
!
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode tunnel
!
crypto map VPN 10 ipsec-isakmp
 set peer {peer}
 set transform-set TS
 match address VPN-10
!
interface GigabitEthernet0/0/0
 ip address {own} 255.255.255.0
 crypto map VPN
!
end
"""

ISAKMP_EMPTY = """\
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status

IPv6 Crypto ISAKMP SA

"""

ISAKMP_UP = f"""\
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
{HUB:<16}{SPOKE:<16}QM_IDLE           1001 ACTIVE

IPv6 Crypto ISAKMP SA

"""

LOG_HEAD = """\
Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)

    Console logging: disabled
    Monitor logging: level debugging, 0 messages logged, xml disabled,
                     filtering disabled
    Buffer logging:  level debugging, 12 messages logged, xml disabled,
                    filtering disabled

Log Buffer (8192 bytes):

"""


def config(host: str = "HUB1", own: str = HUB, peer: str = SPOKE, top: str = "") -> str:
    """A whole running-config with one static crypto map; `top` is put before the crypto lines."""
    return CONFIG.format(host=host, own=own, peer=peer, top=top)


def message(at: str, *, spi: int = SPI, src: str = SPOKE, dst: str = HUB) -> str:
    """One log line, stamped `Mar  4 <at>`."""
    return (
        f"Mar  4 {at}: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr={dst}, "
        f"prot=50, spi=0x{spi:08X}({spi}), srcaddr={src}, input interface=GigabitEthernet0/0/0\n"
    )


def logging(*lines: str) -> str:
    """`show logging` with these lines in its buffer."""
    return LOG_HEAD + "".join(lines)


def clock(at: str) -> str:
    """`show clock`, UTC and synchronised, on the day of `message`."""
    return f"{at} UTC Mon Mar 4 2024\n"


def sa_list(
    local: str, peer: str, *, inbound: int | None = None, outbound: int | None = None, remaining: int = 1800
) -> str:
    """`show crypto ipsec sa` with one pair of identities, and an SA in each direction where an SPI is given."""

    def sas(spi: int | None) -> str:
        if spi is None:
            return ""
        return (
            f"      spi: 0x{spi:08X}({spi})\n"
            "        transform: esp-256-aes esp-sha256-hmac ,\n"
            "        in use settings ={Tunnel, }\n"
            "        conn id: 2011, flow_id: HW:11, sibling_flags 80000040, crypto map: VPN\n"
            f"        sa timing: remaining key lifetime (k/sec): (4231770/{remaining})\n"
            "        IV size: 16 bytes\n"
            "        replay detection support: Y\n"
            "        Status: ACTIVE(ACTIVE)\n"
        )

    current = f"0x{outbound:08X}({outbound})" if outbound else "0x0(0)"
    return (
        "\ninterface: GigabitEthernet0/0/0\n"
        f"    Crypto map tag: VPN, local addr {local}\n\n"
        "   protected vrf: (none)\n"
        "   local  ident (addr/mask/prot/port): (10.1.0.0/255.255.0.0/0/0)\n"
        "   remote ident (addr/mask/prot/port): (10.2.0.0/255.255.0.0/0/0)\n"
        f"   current_peer {peer} port 500\n"
        "     PERMIT, flags={origin_is_acl,}\n"
        "    #pkts encaps: 10, #pkts encrypt: 10, #pkts digest: 10\n"
        "    #pkts decaps: 10, #pkts decrypt: 10, #pkts verify: 10\n\n"
        f"     local crypto endpt.: {local}, remote crypto endpt.: {peer}\n"
        "     plaintext mtu 1438, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet0/0/0\n"
        f"     current outbound spi: {current}\n"
        "     PFS (Y/N): N, DH group: none\n\n"
        f"     inbound esp sas:\n{sas(inbound)}\n"
        "     inbound ah sas:\n\n"
        "     inbound pcp sas:\n\n"
        f"     outbound esp sas:\n{sas(outbound)}\n"
        "     outbound ah sas:\n\n"
        "     outbound pcp sas:\n"
    )


def console(host: str, *outputs: tuple[str, str]) -> str:
    """A console capture: each command behind the prompt of its device, its output below, a last prompt."""
    return "".join(f"{host}#{command}\n{output}" for command, output in outputs) + f"{host}#\n"


def hub(*log: str, top: str = "", at: str = "12:30:00.000", isakmp: str = ISAKMP_EMPTY) -> str:
    """What one collects on HUB1: version, configuration, IKE and IPsec lists, log."""
    return console(
        "HUB1",
        ("show clock", clock(at)),
        ("show version", VERSION.format(host="HUB1")),
        ("show running-config", config(top=top)),
        ("show crypto isakmp sa", isakmp),
        ("show crypto ipsec sa", sa_list(HUB, SPOKE)),
        ("show logging", logging(*log)),
    )


def spoke(*, outbound: int | None = SPI, at: str = "12:31:00.000") -> str:
    """What one collects on SPOKE7, which still sends with the SPI."""
    return console(
        "SPOKE7",
        ("show clock", clock(at)),
        ("show version", VERSION.format(host="SPOKE7")),
        ("show running-config", config("SPOKE7", SPOKE, HUB)),
        ("show crypto ipsec sa", sa_list(SPOKE, HUB, inbound=0x0A0B0C0D, outbound=outbound)),
    )


TWICE = (message("12:10:00.100"), message("12:11:01.200"))


def sources(**texts: str) -> list[Source]:
    """Sources named as the keywords, with `.txt` behind."""
    return [Source(f"{name}.txt", text.encode()) for name, text in texts.items()]


def opened(**texts: str) -> Opened:
    """The same as an opened case."""
    return Opened("case", sources(**texts), [])
