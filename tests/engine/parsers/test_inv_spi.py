from __future__ import annotations

import re
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.source import Place, Source
from engine.facts import InvSpi
from engine.parsers.inv_spi import scan

BODY = (
    "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, "
    "spi=0x1A2B3C4D(439041101), srcaddr=198.51.100.7"
)
LINE = f"Sep  2 13:36:47.287: {BODY}"


def messages(text: str, skip: list[tuple[int, int]] | None = None) -> list[InvSpi]:
    return scan(Source("r1.txt", text.encode()), skip or [])


def only(text: str) -> InvSpi:
    found = messages(text)
    assert len(found) == 1, found
    return found[0]


def test_a_plain_message_gives_every_field() -> None:
    fact = only(f"{LINE}, input interface=GigabitEthernet0/0\n")
    assert (fact.src, fact.dst, fact.protocol, fact.spi) == ("198.51.100.7", "192.0.2.1", 50, 0x1A2B3C4D)
    assert fact.interface == "GigabitEthernet0/0"
    assert fact.stamp is not None
    assert fact.stamp.iso() == "--09-02T13:36:47.287"
    assert fact.host is None
    assert not fact.decimal_disagrees
    assert fact.text == f"{BODY}, input interface=GigabitEthernet0/0"
    assert fact.at == Place("r1.txt", 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        LINE.replace("spi for ", "spi for\n"),
        LINE.replace("packet has", "packet\n   has").replace(", srcaddr", ", \n   srcaddr"),
        LINE.replace("spi for ", "spi for\n\n"),
        LINE.replace("IPSEC packet", "IPSEC\npacket").replace("50, spi", "50,\nspi"),
        LINE.replace(" ", "\n", 2).replace("srcaddr", "\n\t\nsrcaddr"),
        "\n".join("> " + part for part in LINE.replace("spi for ", "spi for\n").split("\n")),
        LINE.replace("spi for ", "spi for\r\n"),
        LINE.replace("spi for ", "spi for\r\n --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08        \r\n"),
    ],
)
def test_a_wrapped_message_reads_as_an_unwrapped_one(text: str) -> None:
    wrapped, plain = only(text), only(LINE)
    assert msgspec.structs.replace(wrapped, at=plain.at) == plain
    assert wrapped.at.line == 1
    assert wrapped.at.last_line == text.count("\n") + 1


def test_an_interface_may_stand_on_the_next_line() -> None:
    assert only(f"{LINE}, input\n interface=Tunnel10\n").interface == "Tunnel10"
    assert only(f"{LINE},\ninput interface=Tunnel10\n").interface == "Tunnel10"
    assert (
        only(LINE.replace("=198.51.100.7", "= 198.51.100.7 ") + "\n, input interface=Tunnel10").interface
        == "Tunnel10"
    )


def test_a_record_ends_where_the_next_begins() -> None:
    first, second = messages(f"{LINE}\nSep  2 13:37:48.039: {BODY}, input interface=Tunnel1\n")
    assert first.at == Place("r1.txt", 1, 1)
    assert (first.interface, second.interface) == (None, "Tunnel1")


def test_the_lines_of_another_message_are_not_joined() -> None:
    fact = only(
        "Sep  2 13:36:47: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for\n"
        "destaddr=, prot=50, spi=0x1A2B3C4D(439041101),\n"
        "Sep  2 13:36:48: %CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet, srcaddr=203.0.113.9\n"
    )
    assert (fact.src, fact.dst) == (None, None)
    assert fact.at.last_line == 2


def test_a_prompt_ends_a_record() -> None:
    fact = only(LINE.partition(", srcaddr")[0] + ",\nR1#show logging | include srcaddr=203.0.113.9\n")
    assert fact.src is None
    assert fact.at.last_line == 1


@pytest.mark.parametrize("sign", ["%", "%>"])
def test_two_messages_on_one_line_are_two(sign: str) -> None:
    other = BODY.replace("0x1A2B3C4D(439041101)", "0x00000999(2457)").replace("%", sign)
    first, second = messages(f"{LINE}, input interface=Vlan2 Sep  2 13:40:00.1: {other}\n")
    assert (first.spi, second.spi) == (0x1A2B3C4D, 0x999)
    assert first.interface == "Vlan2"
    assert second.stamp is not None
    assert second.stamp.iso() == "--09-02T13:40:00.1"
    assert second.text.startswith("%CRYPTO-4-")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("decaps:", "decaps"),
        ("rec'd", "rec`d"),
        ("rec'd", "rec\u2019d"),
        ("1A2B3C4D", "1a2b3c4d"),
        ("=192.0.2.1,", "= 192.0.2.1 ,"),
        ("198.51.100.7", "198.51.100.7 (#2) "),
        ("198.51.100.7", "198.51.100.7.!!!!"),
        ("198.51.100.7", '198.51.100.7"'),
        ("%CRYPTO", "R1#%CRYPTO"),
    ],
)
def test_variants_of_the_text_read_alike(old: str, new: str) -> None:
    fact = only(LINE.replace(old, new))
    assert (fact.src, fact.dst, fact.spi) == ("198.51.100.7", "192.0.2.1", 0x1A2B3C4D)
    assert fact.host is None


def test_a_quote_in_windows_1252_does_not_hide_a_message() -> None:
    assert len(scan(Source("r1.txt", LINE.replace("'", "\u2019").encode("cp1252")))) == 1


def test_ah_and_ipv6_are_read() -> None:
    fact = only(
        LINE.replace("prot=50", "prot=51")
        .replace("198.51.100.7", "2001:DB8:0:0::7")
        .replace("192.0.2.1", "2001:db8::1")
    )
    assert (fact.protocol, fact.src, fact.dst) == (51, "2001:db8::7", "2001:db8::1")


@pytest.mark.parametrize("masked", ["x.x.x.x", "A.A.A.A", "<redacted>", "[removed]", "192.0.2.xxx", ""])
def test_masked_addresses_are_none(masked: str) -> None:
    fact = only(LINE.replace("192.0.2.1", masked).replace("198.51.100.7", masked))
    assert (fact.src, fact.dst, fact.spi) == (None, None, 0x1A2B3C4D)


@pytest.mark.parametrize("masked", ["0x1A2B****", "0xXXXXXXXX(XXXX)", "<spi>", "0x1A2B3C4D5(1)"])
def test_a_masked_spi_is_none_but_the_message_counts(masked: str) -> None:
    assert only(LINE.replace("0x1A2B3C4D(439041101)", masked)).spi is None


def test_the_hexadecimal_counts_where_the_decimal_disagrees() -> None:
    fact = only(LINE.replace("439041101", "439041100"))
    assert fact.spi == 0x1A2B3C4D
    assert fact.decimal_disagrees


def test_a_short_hexadecimal_is_the_same_number() -> None:
    fact = only(LINE.replace("0x1A2B3C4D(439041101)", "0xFF12(65298)"))
    assert fact.spi == 0x0000FF12
    assert not fact.decimal_disagrees


def test_the_oldest_form_has_no_source() -> None:
    fact = only(LINE.partition(", srcaddr")[0] + "\nNothing of interest\n")
    assert (fact.src, fact.spi, fact.at.last_line) == (None, 0x1A2B3C4D, 1)


@pytest.mark.parametrize("interface", ["...", "", '"'])
def test_an_interface_that_is_no_name_is_none(interface: str) -> None:
    assert only(f"{LINE}, input interface={interface}\n").interface is None


@pytest.mark.parametrize(
    "text",
    [
        (
            "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=[IP_address], "
            "prot=[dec], spi=[hex]([dec])"
        ),
        'event syslog pattern "CRYPTO-4-RECVD_PKT_INV_SPI"',
        'event syslog pattern ".*CRYPTO-4-RECVD_PKT_INV_SPI.*spi=0x1A2B3C4D.*"',
        "R1#show logging | include RECVD_PKT_INV_SPI",
        "CRYPTO RECVD_PKT_INV_SPI 4 12 Sep  2 13:36:47 spi=0x1A2B3C4D",
        "We see %CRYPTO-4-RECVD_PKT_INV_SPI all day.\nIPSEC(key_engine): spi= 0x1A2B3C4D(439041101), conn_id= 0",
        "%CRYPTO-4-RECVD_PKT_INV_SPI",
        "",
    ],
)
def test_a_mention_of_the_message_is_no_message(text: str) -> None:
    assert messages(text) == []


def test_lines_to_skip_are_skipped() -> None:
    text = f"{LINE}\n!\n{LINE}\n"
    assert [f.at.line for f in messages(text, [(2, 3)])] == [1]


def test_what_an_eem_applet_repeats_counts_once() -> None:
    echo = f"Sep  2 13:36:47.290: %HA_EM-6-LOG: inv_spi: {LINE}"
    assert [f.at.line for f in messages(f"{LINE}\n{echo}\n")] == [1]
    assert [f.at.line for f in messages(f"{echo}\n")] == [1]


@pytest.mark.parametrize(
    ("head", "host", "iso"),
    [
        ("Sep  2 13:36:48 r1 123: Sep  2 13:36:47.287: ", "r1", "--09-02T13:36:47.287"),
        ("R1: *Sep  2 13:36:47.287: ", "R1", "--09-02T13:36:47.287"),
        ("<188>91: *Sep 02 13:36:47: r1.example.net ", "r1.example.net", "--09-02T13:36:47"),
        ("<188>1 2024-09-02T13:36:47.287Z r1 - - - - ", "r1", "2024-09-02T13:36:47.287Z"),
        ("<188>91: 43w2d: ", None, "43w2d"),
        ("Sep  2 13:36:47.287 KST: : ", None, "--09-02T13:36:47.287"),
        ("", None, None),
    ],
)
def test_host_and_stamp_come_from_the_head(head: str, host: str | None, iso: str | None) -> None:
    fact = only(head + BODY)
    assert (fact.host, fact.stamp.iso() if fact.stamp else None) == (host, iso)


def test_a_line_above_that_is_no_head_gives_no_stamp() -> None:
    fact = only(f"Sep  2 13:36:40.000: %SYS-5-CONFIG_I: Configured from console\n{BODY}")
    assert fact.stamp is None
    assert fact.at.line == 2


def test_an_empty_stamped_line_above_is_not_part_of_the_record() -> None:
    assert only(f"Sep  2 13:36:40.000:\n{LINE}").at.line == 2


def test_a_word_with_a_colon_above_is_no_host() -> None:
    fact = only(f"Excerpt:\n{LINE}")
    assert (fact.host, fact.at.line) == (None, 2)


HEADS = [
    "Sep  2 13:36:47.287: ",
    "*Sep 12 13:36:47 UTC: ",
    "<188>1207: .Sep  2 2024 13:36:47: ",
    "Sep  2 13:36:48 r1.example.net 1207: *Sep  2 13:36:47.287: ",
    "<188>1 2024-09-02T13:36:47.287Z r1 - - - - ",
    "",
]


@given(
    st.sampled_from(HEADS),
    st.sampled_from(["", ", input interface=GigabitEthernet0/0"]),
    st.sets(st.integers(0, 40), min_size=1, max_size=3),
    st.sampled_from(["\n", "\r\n", "\n   ", " \n\t", "\n\n"]),
)
def test_wrapping_at_any_white_space_changes_no_field(
    head: str, tail: str, where: set[int], wrap: str
) -> None:
    text = head + BODY + tail
    blanks = [m.span() for m in re.finditer(r" +", text)]
    for index in sorted({i % len(blanks) for i in where}, reverse=True):
        begin, end = blanks[index]
        text = text[:begin] + wrap + text[end:]
    wrapped, plain = only(text), only(head + BODY + tail)
    assert msgspec.structs.replace(wrapped, at=plain.at) == plain


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_bytes_around_a_hit_raise(before: bytes, after: bytes) -> None:
    scan(Source("x", before + b"RECVD_PKT_INV_SPI" + after))
    scan(Source("x", before + BODY.encode()[:70] + after))


@given(st.binary(max_size=200))
def test_noise_on_other_lines_hides_no_message(noise: bytes) -> None:
    data = noise.replace(b"%", b"") + b"\n" + LINE.encode() + b"\n" + noise.replace(b"%", b"")
    assert any(f.spi == 0x1A2B3C4D and f.src == "198.51.100.7" for f in scan(Source("x", data)))


def test_the_cost_grows_with_the_size_and_not_with_its_square() -> None:
    data = (LINE + " ").encode() * 5000 + b"RECVD_PKT_INV_SPI" * 20000 + b" " * 1_000_000
    begin = time.perf_counter()
    assert len(scan(Source("x", data))) == 5000
    assert time.perf_counter() - begin < 20  # a second or so; a quadratic scan takes hours
