"""Secrets never become evidence text: one function through which every quotation passes.

What is a secret: pre-shared keys, passwords and secrets of every type, SNMP communities, TACACS+/RADIUS keys,
routing and NHRP authentication, HSRP/VRRP authentication, private keys and key strings. The line stays readable:
only the secret is replaced.
"""

from __future__ import annotations

import re

MARK = "<redacted>"

# A value may follow a type digit (0 clear, 5, 6, 7 reversible, 8, 9).
_VALUE = r"(?:\d{1,2}\s+)?(?P<secret>\S.*)"
_WORD = r"(?:\d{1,2}\s+)?(?P<secret>\S+)"
_RULES = [
    # crypto isakmp key K address 192.0.2.1 / hostname H ; pre-shared-key address A key K
    re.compile(r"\bcrypto isakmp key\s+" + _WORD, re.IGNORECASE),
    re.compile(
        r"\bpre-shared-key\s+(?:address\s+\S+(?:\s+\d\S*)?|hostname\s+\S+)\s+key\s+" + _VALUE, re.IGNORECASE
    ),
    re.compile(
        r"\bpre-shared-key\s+(?:local\s+|remote\s+)?(?:hex\s+)?(?!address\b|hostname\b)" + _WORD,
        re.IGNORECASE,
    ),
    re.compile(r"\bkey-string\s+" + _VALUE, re.IGNORECASE),
    re.compile(
        r"\bset session-key\s+(?:inbound|outbound)\s+(?:esp|ah)\s+\d+\s+(?P<secret>.*)", re.IGNORECASE
    ),
    re.compile(r"\b(?:password|passwd|secret)(?:\s+(?:encrypted|level\s+\d+))?\s+" + _VALUE, re.IGNORECASE),
    re.compile(r"\bsnmp-server community\s+" + _WORD, re.IGNORECASE),
    re.compile(r"\bsnmp-server (?:host|user)\s+\S+\s+(?P<secret>\S.*)", re.IGNORECASE),
    re.compile(r"\b(?:tacacs-server|radius-server|server-private)\b.*?\bkey\s+" + _VALUE, re.IGNORECASE),
    re.compile(r"^\s*key\s+(?!chain\b|config-key\b|\d+\s*$)" + _VALUE, re.IGNORECASE),
    re.compile(r"\bkey config-key\s+\S+\s+" + _VALUE, re.IGNORECASE),
    re.compile(r"\b(?:ip|ipv6) nhrp authentication\s+" + _WORD, re.IGNORECASE),
    re.compile(
        r"\b(?:standby|vrrp|glbp)\b.*?\bauthentication\s+(?:(?:text|md5\s+key-string)\s+)?" + _WORD,
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:authentication-key|message-digest-key\s+\d+\s+md5)\s+(?!\d+\s+\S+\s+\S)" + _WORD, re.IGNORECASE
    ),
    re.compile(r"\bneighbor\s+\S+\s+password\s+" + _VALUE, re.IGNORECASE),
    re.compile(
        r"\b(?:ppp (?:chap|pap)\b.*?|username\s+\S+\s+.*?)\b(?:password|secret)\s+" + _VALUE, re.IGNORECASE
    ),
    re.compile(r"\bgroup\s+\S+\s+key\s+" + _VALUE, re.IGNORECASE),  # EzVPN: group NAME key SECRET
    re.compile(
        r"\b(?:shared-secret|wpa-psk\s+(?:ascii|hex)|psk\s+set-key\s+(?:ascii|hex))\s+" + _VALUE,
        re.IGNORECASE,
    ),
    re.compile(r"\bntp authentication-key\s+\d+\s+\S+\s+" + _WORD, re.IGNORECASE),
    re.compile(
        r"\bpre-share\s+key\s+" + _VALUE, re.IGNORECASE
    ),  # IKEv2: authentication remote pre-share key K
    re.compile(r"\b(?:ftp|tftp|scp|sftp|https?|ssh)://(?P<secret>[^\s/@]+:[^\s/@]+)@", re.IGNORECASE),
]
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_KEY_BODY = re.compile(r"^\s*[A-Za-z0-9+/=]{32,}\s*$")
# Cheap test: a line without any of these words has no secret.
_HINT = re.compile(
    r"key|pass|secret|communit|snmp-server|authentication|PRIVATE|://|[A-Za-z0-9+/=]{32}", re.IGNORECASE
)


def redact(text: str) -> str:
    """The text with every secret replaced by a mark; lines are treated one by one, their number stays."""
    if not _HINT.search(text):
        return text
    if "\n" in text:
        return "\n".join(redact(line) for line in text.split("\n"))
    if _PRIVATE_KEY.search(text):
        return _PRIVATE_KEY.split(text)[0] + MARK
    if _KEY_BODY.match(text):
        return MARK
    for rule in _RULES:
        text = _cut(rule, text)
    return text


def _cut(rule: re.Pattern[str], text: str) -> str:
    found = rule.search(text)
    if found is None or found["secret"] is None or found["secret"].startswith((MARK, "<removed>")):
        return text
    start, end = found.span("secret")
    # The type digit before the secret stays: it is no secret, and tells whether the key is stored in clear.
    return text[:start] + MARK + text[end:]
