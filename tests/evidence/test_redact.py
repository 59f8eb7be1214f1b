"""No secret gets through `redact`, and nothing that an engineer needs gets lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.evidence.redact import MARK, redact

SECRET = "Zq7fakeSecretW4"
HEX = "0A1B2C3D4E5F60718293"

# {s} is where the secret stands.
PLACES = """\
crypto isakmp key {s} address 192.0.2.1
crypto isakmp key 0 {s} address 192.0.2.1 255.255.255.0 no-xauth
crypto isakmp key 6 {s} hostname peer.example.net
crypto isakmp key {s} address ipv6 2001:db8::1/128
isakmp key {s} address 192.0.2.1 netmask 255.255.255.255
 pre-shared-key address 192.0.2.1 key {s}
 pre-shared-key address 192.0.2.1 255.255.255.0 key 6 {s}
 pre-shared-key address ipv6 2001:db8::/64 key {s}
 pre-shared-key hostname spoke.example.net key 0 {s}
 pre-shared-key {s}
 pre-shared-key 6 {s}
 pre-shared-key local {s}
 pre-shared-key remote 6 {s}
 pre-shared-key hex {s}
 pre-shared-key local hex {s}
 pre-shared-key ascii 0 {s}
 ikev1 pre-shared-key {s}
 ikev2 remote-authentication pre-shared-key {s}
 authentication remote pre-share key {s}
 authentication local pre-share key 6 {s}
 authentication remote pre-share key hex {s}
 key {s}
 key 7 {s}
 key 0 {s} and more
 key-string {s}
 key-string 7 {s}
username admin password 7 {s}
username admin password {s}
username admin privilege 15 secret 9 {s}
username admin view V secret 5 {s}
username admin algorithm-type sha256 secret {s}
enable secret 5 {s}
enable secret 8 {s}
enable secret 4 {s}
enable secret level 3 5 {s}
enable password {s}
enable algorithm-type scrypt secret {s}
 password 7 {s}
 password {s}
snmp-server community {s} RO 10
snmp-server host 192.0.2.9 {s}
snmp-server host 192.0.2.9 vrf MGMT version 2c {s}
snmp-server host 2001:db8::9 informs version 2c {s} udp-port 162
snmp-server user mon GRP v3 auth sha {s} priv aes 128 {s}
snmp mib community-map {s} engineid 80
tacacs-server key 7 {s}
tacacs-server host 192.0.2.5 single-connection key {s}
radius-server key {s}
radius-server host 192.0.2.6 auth-port 1812 acct-port 1813 key 7 {s}
 server-private 192.0.2.5 auth-port 1812 key {s}
 client 192.0.2.10 server-key 7 {s}
 server-key {s}
 pac key 7 {s}
 ip ospf authentication-key 7 {s}
 ip ospf message-digest-key 1 md5 {s}
 ip ospf message-digest-key 1 md5 7 {s}
 area 1 virtual-link 192.0.2.3 message-digest-key 1 md5 {s}
 ipv6 ospf authentication ipsec spi 500 md5 {s}
 ospfv3 encryption ipsec spi 1001 esp aes-cbc 128 {s} sha1 {s}
 area 0 encryption ipsec spi 500 esp null sha1 7 {s}
 neighbor 192.0.2.7 password 7 {s}
 neighbor PEERS password {s}
 isis password {s} level-2
 area-password {s}
 ip nhrp authentication {s}
 ipv6 nhrp authentication {s}
 standby 1 authentication {s}
 standby 1 authentication text {s}
 standby 1 authentication md5 key-string 7 {s} timeout 30
 vrrp 1 authentication md5 key-string {s}
 glbp 1 authentication text {s}
 authentication text {s}
 ppp chap password 7 {s}
 ppp pap sent-username u password 0 {s}
ntp authentication-key 1 md5 {s} 7
ntp authentication-key 2 hmac-sha2-256 {s}
 group VPN key {s}
 group VPN key 6 {s}
 username ezuser password 6 {s}
key config-key password-encrypt {s}
crypto key export rsa K pem terminal 3des {s}
crypto pki import TP pkcs12 terminal {s}
 set session-key inbound esp 256 cipher {s} authenticator {s}
 set session-key outbound ah 256 {s}
 wpa-psk ascii 0 {s}
 security wpa psk set-key ascii 0 {s}
 encryption key 1 size 128bit 7 {s} transmit-key
 shared-secret {s}
 ipv4 etr map-server 192.0.2.1 key 7 {s}
mpls ldp neighbor 192.0.2.3 password {s}
ip ftp password 7 {s}
cts manual sap pmk {s}
copy ftp://backup:{s}@192.0.2.8/x ftp://backup:{s}@192.0.2.9/y
 path scp://backup:{s}@192.0.2.8/$h
 url https://u:p@{s}@files.example.net/x
HUB1(config)#crypto isakmp key {s} address 192.0.2.1
HUB1(config-server-tacacs)#key {s}
> key {s}
hub1.cfg:12: key {s}
Mar  4 12:00:00: %PARSER-5-CFGLOG_LOGGEDCMD: User:ops  logged command: key {s}
Mar  4 12:00:00: %PARSER-5-CFGLOG_LOGGEDCMD: User:ops  logged command:username ops secret {s}
Password: {s}
password={s}
PSK = {s}
the pre-shared key is {s}
Pre-shared key: {s}
community: {s}
""".splitlines()

NO_SECRETS = """\
tunnel key 12345
key chain OSPF-KEYS
 key 1
 ip rip authentication key-chain RIP-KEYS
 mka pre-shared-key key-chain MKA-KEYS
 authentication key-management wpa version 2
crypto key generate rsa modulus 2048
crypto keyring KR vrf INTERNET
 authentication pre-share
 authentication remote pre-share
 ip ospf authentication message-digest
 tunnel protection ipsec profile DMVPN shared
 match identity remote address 192.0.2.1 255.255.255.255
service password-encryption
password encryption aes
security passwords min-length 10
mpls ldp password required
snmp-server location Rack 12
snmp-server enable traps ipsec tunnel start
        sa timing: remaining key lifetime (k/sec): (4231770/1284)
        conn id: 2011, flow_id: Onboard VPN:11, sibling_flags 80000040, crypto map: HQ
     current outbound spi: 0x5E1D0C3A(1578961978)
ISAKMP:(0):Looking for a matching key for 198.51.100.7 in default
IPSEC(key_engine): got a queue event with 1 KMI message(s)
Mar  4 12:00:00: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, spi=0x5E1D0C3A(1578961978), srcaddr=198.51.100.7
 path scp://backup@192.0.2.8/$h
Technical Support: http://www.cisco.com/techsupport
""".splitlines()

TYPED = ("", "0 ", "6 ", "7 ")


@pytest.mark.parametrize("line", PLACES)
@pytest.mark.parametrize("secret", [SECRET, HEX])
def test_a_secret_never_stays_in_its_line(line: str, secret: str) -> None:
    shown = redact(line.format(s=secret))
    assert secret not in shown
    assert MARK in shown


@pytest.mark.parametrize("line", PLACES)
def test_the_words_in_front_of_a_secret_stay(line: str) -> None:
    words = line.split("{s}", maxsplit=1)[0].split()[:1]
    assert all(word.split("://")[0] in redact(line.format(s=SECRET)) for word in words)


@pytest.mark.parametrize("line", NO_SECRETS)
def test_a_line_without_a_secret_stays_as_it_is(line: str) -> None:
    assert redact(line) == line


@given(
    st.sampled_from(PLACES),
    st.text(
        st.characters(max_codepoint=0x17F, exclude_categories=["C", "Z"], exclude_characters="@/:<"),
        min_size=8,
    ),
)
@example("crypto isakmp key {s} address 192.0.2.1", "12345678")
@example(" key {s}", "chain-of-fools")
@example(" key {s}", "00000000")
def test_any_secret_is_found_in_any_known_place(line: str, secret: str) -> None:
    shown = redact(line.format(s=secret))
    assert secret not in shown.replace(line.split("{s}", maxsplit=1)[0], "")


@given(st.sampled_from([*PLACES, *NO_SECRETS]), st.text(max_size=60))
def test_redacting_twice_changes_nothing_more(line: str, tail: str) -> None:
    once = redact(line.format(s=SECRET) + tail)
    assert redact(once) == once


@given(st.lists(st.sampled_from([*PLACES, *NO_SECRETS]), max_size=8))
def test_lines_keep_their_number_and_are_redacted_one_by_one(lines: list[str]) -> None:
    text = "\n".join(line.format(s=SECRET) for line in lines)
    shown = redact(text)
    assert shown.count("\n") == text.count("\n")
    assert shown == "\n".join(redact(line.format(s=SECRET)) for line in lines)


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "ENCRYPTED "])
def test_a_private_key_is_gone_from_its_first_to_its_last_line(kind: str) -> None:
    body = ["MIIEpAIBAAKCAQEA1c7FakeFakeFakeFakeFakeFakeFake", "c2hvcnQ="]
    text = "\n".join(
        [f"-----BEGIN {kind}PRIVATE KEY-----", *body, f"-----END {kind}PRIVATE KEY-----", "interface Tunnel0"]
    )
    shown = redact(text)
    assert not any(part in shown for part in body)
    assert shown.count("\n") == 4
    assert shown.endswith("interface Tunnel0")


def test_a_line_of_a_private_key_is_recognised_alone() -> None:
    assert redact("MIIEpAIBAAKCAQEA1c7FakeFakeFakeFakeFakeFakeFake") == MARK


def test_several_secrets_of_one_line_are_all_found() -> None:
    assert SECRET not in redact(f"standby 1 authentication {SECRET} ; standby 2 authentication {SECRET}")


@pytest.mark.parametrize("word", ["server ", "username a ", "standby ", "crypto key export "])
def test_a_line_made_to_be_slow_is_cut_and_stays_fast(word: str) -> None:
    assert len(redact(word * 200_000 + "key")) < 10_000


@pytest.mark.parametrize("typed", TYPED)
def test_the_type_digit_of_a_key_stays_readable(typed: str) -> None:
    assert redact(f"crypto isakmp key {typed}{SECRET} address 192.0.2.1") == (
        f"crypto isakmp key {typed}{MARK} address 192.0.2.1"
    )
