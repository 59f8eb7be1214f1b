"""Log messages, and what IKE debugs and counters say of notifications."""

from __future__ import annotations

from engine.facts.base import Fact
from engine.stamp import Stamp


class InvSpi(Fact, frozen=True, tag="inv-spi"):
    """One `%CRYPTO-4-RECVD_PKT_INV_SPI` message.

    Attributes:
        stamp: the device's own time stamp, None where the line has none.
        host: the device that logged, from the line's head (relay, origin-id), None where it names none.
        src, dst: addresses in canonical text, None where masked or missing.
        protocol: 50 ESP, 51 AH, None where missing.
        spi: 32-bit value, None where missing or masked.
        interface: `input interface=`, None where not printed.
        decimal_disagrees: the decimal in parentheses is not the hexadecimal value (the hexadecimal counts).
        text: the message from `%CRYPTO` on, white space folded, for recognising one message in two sources.
    """

    stamp: Stamp | None
    host: str | None
    src: str | None
    dst: str | None
    protocol: int | None
    spi: int | None
    interface: str | None
    decimal_disagrees: bool
    text: str


class LogMessage(Fact, frozen=True, tag="log-message"):
    """Another syslog message that matters to IPsec (CRYPTO, IKEV2, IPSEC, HSRP, SYS-5-RESTART, ...).

    Attributes:
        stamp: the device's own time stamp, None where the line has none.
        host: as in InvSpi.
        mnemonic: facility, severity and mnemonic as printed, without the percent sign: "CRYPTO-4-IKMP_NO_SA".
        peer: the peer address that the text names, None where it names none.
        text: the message text after the mnemonic.
    """

    stamp: Stamp | None
    host: str | None
    mnemonic: str
    peer: str | None
    text: str


class LogWindow(Fact, frozen=True, tag="log-window"):
    """The stretch of time that one log (buffer or file) of one host covers.

    Attributes:
        host: as in InvSpi; None for a log without host names.
        first, last: stamps of its first and last stamped line, None where no line is stamped.
        lines: stamped or marked messages seen.
        severity: lowest importance that the buffer records, 0 to 7 (`Buffer logging: level informational` is
            6), None where not printed. Below 4 the log cannot show the invalid SPI message.
        rate_limited: messages that the device says it suppressed, None where not printed.
    """

    host: str | None
    first: Stamp | None
    last: Stamp | None
    lines: int
    severity: int | None = None
    rate_limited: int | None = None


class IkeNotify(Fact, frozen=True, tag="ike-notify"):
    """What a debug or the counters of `show crypto ikev2 stats exchange` say of IKE notifications.

    Attributes:
        notify: INVALID_SPI, INVALID_SYNTAX, DELETE.
        direction: received or sent; unknown where no packet line or verb beside it says which way it went.
        peer: canonical address, None where the line names none.
        spi: the SPI that the notification is about, None where not printed.
        spi_size: size in octets as printed, None where not printed.
        outcome: "sent", "ignored-no-ike-sa" (the router had no IKE SA to send it over), None.
        count: cumulative counter where it comes from counters, None for a debug line.
        stamp: of a debug line, None where none.
    """

    notify: str
    direction: str
    peer: str | None
    spi: int | None
    spi_size: int | None
    outcome: str | None
    count: int | None
    stamp: Stamp | None
