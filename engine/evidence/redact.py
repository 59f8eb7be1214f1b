"""Secrets never become evidence text: one function through which every quotation passes.

What is a secret: pre-shared keys, passwords and secrets of every type, SNMP communities, TACACS+/RADIUS keys,
routing and NHRP authentication, HSRP/VRRP authentication, private keys and key strings, and what people write
behind "password:" in a mail. The line stays readable: only the secret is replaced. In doubt more is replaced
than needed, never less.
"""

from __future__ import annotations

import re

MARK = "<redacted>"

# A type digit may stand before a value (0 clear, 6 and 7 reversible, 4, 5, 8, 9 hashes).
_TYPE = r"(?:(?:encrypted|[04-9])\s+)?"
_VALUE = _TYPE + r"(?P<secret>\S.*)"
_WORD = _TYPE + r"(?P<secret>\S+)"
# What can stand before a configuration line: blanks, a prompt, `grep -n`, a mail quotation, a logged command.
_START = r"(?:^|[#>:'\"])\s*"


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_RULES = [
    # crypto isakmp key K address 192.0.2.1 / hostname H ; pre-shared-key address A key K
    _rule(r"\bisakmp key\s+" + _WORD),
    _rule(r"\bpre-shared-key\s+(?:address\s+(?:ipv6\s+)?\S+(?:\s+\d\S*)?|hostname\s+\S+)\s+key\s+" + _VALUE),
    _rule(
        r"\bpre-shared-key\s+(?:local\s+|remote\s+)?(?:hex\s+|ascii\s+)?(?!(?:address|hostname|key-chain)\s)"
        + _VALUE
    ),
    # IKEv2: authentication remote pre-share key K
    _rule(r"\bpre-share\s+key\s+(?:hex\s+)?" + _VALUE),
    _rule(r"\bkey-string\s+" + _VALUE),
    _rule(r"\bset session-key\s+(?:inbound|outbound)\s+(?:esp|ah)\s+\d+\s+(?P<secret>\S.*)"),
    # OSPFv3: authentication ipsec spi 500 sha1 KEY ; encryption ipsec spi 500 esp null sha1 7 KEY
    _rule(r"\b(?:authentication|encryption)\s+ipsec\s+spi\s+\d+\s+(?P<secret>\S.*)"),
    # `password encryption aes` and `mpls ldp password required` are settings.
    _rule(
        r"\b(?:password|passwd|secret|passphrase)(?:\s+level\s+\d+)?\s+(?!encryption\s+aes\b|required\s*$|option\s+\d)"
        + _VALUE
    ),
    _rule(r"\bsnmp-server community\s+" + _WORD),
    _rule(r"\bcommunity-map\s+" + _WORD),
    _rule(r"\bsnmp-server (?:host|user)\s+\S+\s+(?P<secret>\S.*)"),
    _rule(
        r"\b(?:tacacs-server|radius-server|server-private|map-server|server|client)\b.*?\b(?:server-)?key\s+"
        + _VALUE
    ),
    _rule(r"\bserver-key\s+" + _VALUE),
    _rule(_START + r"(?:pac\s+)?key\s+(?!(?:chain|config-key)\s|\d{1,3}\s*$)" + _VALUE),
    _rule(r"\bkey\s+[05-9]\s+(?P<secret>\S.*)"),
    _rule(r"\bkey config-key\s+\S+\s+" + _VALUE),
    _rule(r"\bcrypto\s+(?:key|pki|ca)\s+(?:ex|im)port\b.*?\b(?:3?des|aes|pkcs12\s+\S+)\s+" + _VALUE),
    _rule(r"\bnhrp authentication\s+" + _WORD),
    _rule(r"\b(?:standby|vrrp|glbp)\b.*?\bauthentication\s+(?:(?:text|md5\s+key-string)\s+)?" + _WORD),
    _rule(r"\bauthentication\s+(?:text|key)\s+" + _WORD),
    _rule(r"\b(?:authentication-key|message-digest-key\s+\d+\s+md5)\s+(?!\d+\s+\S+\s+\S)" + _WORD),
    _rule(r"\bntp authentication-key\s+\d+\s+\S+\s+" + _WORD),
    _rule(r"\bgroup\s+\S+\s+key\s+" + _VALUE),  # EzVPN: group NAME key SECRET
    _rule(r"\b(?:shared-secret|pmk|wpa-psk\s+(?:ascii|hex)|psk\s+set-key\s+(?:ascii|hex))\s+" + _VALUE),
    _rule(r"\bsize\s+\d+bit\s+" + _VALUE),  # WEP: encryption key 1 size 128bit 7 SECRET
    # Mail and tickets: "password: X", "PSK = X", "the pre-shared key is X".
    _rule(
        r"(?:passw(?:or)?d|secret|passphrase|community|\bpsk|pre-?shared[- ]key)(?:\s+[04-9])?"
        r"\s*(?:[:=]|\b(?:is|was)\b)\s*(?P<secret>\S.*)"
    ),
    _rule(r"\bpre-?shared\s+key\s+(?!(?:is|was)\s)" + _VALUE),
]
_URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.\-]{1,20}://)[^\s/]+:[^\s/]+@")
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_PRIVATE_KEY_END = re.compile(r"-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_KEY_BODY = re.compile(r"^\s*[A-Za-z0-9+/=]{32,}\s*$")
# Cheap test: a line without any of these words has no secret.
_HINT_WORDS = (
    "key", "pass", "secret", "communit", "snmp-server", "authentication", "encryption", "pkcs12", "psk", "pmk",
    "private", "://",
)  # fmt: skip
_HINT_BLOCK = re.compile(r"[A-Za-z0-9+/=]{32}")
# A longer line with a hint is no device output; what stands behind this is dropped, not shown unread.
_LONGEST_LINE = 4_000


def _may_hold_a_secret(text: str) -> bool:
    """A quick no for most lines: none of the words that stand before a secret, and no block of a key."""
    lower = text.lower()
    return any(word in lower for word in _HINT_WORDS) or _HINT_BLOCK.search(text) is not None


def redact(text: str) -> str:
    """The text with every secret replaced by a mark; lines are treated one by one, their number stays."""
    if not _may_hold_a_secret(text):
        return text
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        if inside:
            inside = not _PRIVATE_KEY_END.search(line)
            lines.append(MARK)
        else:
            inside = bool(_PRIVATE_KEY.search(line)) and not _PRIVATE_KEY_END.search(line)
            lines.append(_line(line))
    return "\n".join(lines)


def _line(text: str) -> str:
    if not _may_hold_a_secret(text):
        return text
    if len(text) > _LONGEST_LINE:
        text = text[:_LONGEST_LINE] + " ..."
    if _PRIVATE_KEY.search(text):
        return _PRIVATE_KEY.split(text)[0] + MARK
    if _KEY_BODY.match(text):
        return MARK
    for rule in _RULES:
        text = _cut(rule, text)
    return _URL.sub(rf"\1{MARK}@", text)


def _cut(rule: re.Pattern[str], text: str) -> str:
    """The text with what one rule finds replaced, wherever it finds it."""
    start = 0
    while (found := rule.search(text, start)) is not None:
        begin, end = found.span("secret")
        # The type digit before the secret stays: it is no secret, and tells whether the key is stored in clear.
        if not found["secret"].startswith((MARK, "<removed>")):
            text = text[:begin] + MARK + text[end:]
            end = begin + len(MARK)
        start = end
    return text
