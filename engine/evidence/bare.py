"""Bare outputs: what a region without header or prompt looks like.

A region is cut where a new kind of output opens. Inside a configuration only an opener that cannot be
configuration text ends it, so that banners, EEM applets and descriptions do not tear it apart.
"""

from __future__ import annotations

import re

from engine.evidence.source import Section, Source, clean, decode

CONFIG = "show running-config"
SYSLOG = "syslog"
DEBUG = "debug"

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_VERSION_HEADS = (
    "Cisco IOS (?:XE )?Software",
    "Cisco Internetwork Operating System",
    r"IOS \(tm\) ",
    "Cisco Adaptive Security",
    "Cisco Nexus Operating System",
    "Cisco IOS XR Software",
)
_INTERFACES = (
    "GigabitEthernet|TenGigabitEthernet|FastEthernet|Ethernet|Tunnel|Loopback|Vlan|Port-channel|Dialer|Serial"
    "|Virtual-Template|Cellular"
)
_ADDRESS = "[0-9A-Fa-f:.]{2,45}"
_CREATED = r"Tunnel\d+ created \d.*"
_CRYPTO = "map|isakmp|ipsec|ikev2|keyring|dynamic-map|gdoi|pki"
_IPSEC_DROPS = "DenyDrop|IkeIndicate|Input|InvalidSa|Output|TailDrop|TedIndicate"
_GLOBAL = "show platform hardware qfp active statistics drop"
_FEATURE = "show platform hardware qfp active feature ipsec datapath drops"
# (pattern, command, strong): strong openers end even a configuration.
_PATTERNS = [
    (r"Building configuration\.\.\.|Current configuration ?: ?\d+ bytes|version 1\d\.\d+\s*$", CONFIG, True),
    ("|".join(_VERSION_HEADS), "show version", True),
    (r"\s*interface: \S+\s*$", "show crypto ipsec sa", True),
    (r"\s*IPv[46] Crypto ISAKMP SA\s*$|dst +src +state +conn-id", "show crypto isakmp sa", True),
    (r"\s*IPv[46] Crypto IKEv2 +SA\s*$|Tunnel-id +(?:Local|fvrf)", "show crypto ikev2 sa", True),
    (r"Crypto session current status\s*$|Code: C - IKE Configuration mode", "show crypto session", True),
    (r"Legend: Attrb --> S - Static|Interface: \S+, IPv[46] NHRP Details", "show dmvpn", True),
    (
        rf"{_ADDRESS}/\d{{1,3}}(?: \(\S+\))?(?: via {_ADDRESS}(?:,? {_CREATED})?|, {_CREATED})\s*$",
        "show ip nhrp",
        False,
    ),
    (r" *Target +Via +NBMA +Mode +Intfc +Claimed|Intf +NextHop Address +NBMA Address", "show ip nhrp", True),
    (r"Syslog logging: (?:enabled|disabled)", "show logging", True),
    (r"Drop Type +Name +Packets|\s*\d+ +(?:IN|OUT)_[A-Z0-9_]+ +\d+", _FEATURE, True),
    (
        rf"Last clearing of QFP drops|Global Drop Stats +Packets|Ipsec(?:{_IPSEC_DROPS}) +\d+ +\d+",
        _GLOBAL,
        True,
    ),
    (rf"(?:hostname \S+|interface (?:{_INTERFACES})\S*|crypto (?:{_CRYPTO}) \S+.*)$", CONFIG, False),
    (r"(?:ISAKMP(?:-PAK|-ERROR)?: ?\(|IKEv2: ?\(|IPSEC\()", DEBUG, False),
    (rf"(?:<\d{{1,3}}>|[*.]?{_MONTH} +\d|\d{{1,10}}: [*.]?{_MONTH} ).*%[A-Z0-9_]+-", SYSLOG, True),
    (r"(?=.{0,200}%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)?[0-7]-[A-Z0-9_]+:)", SYSLOG, False),
    # A debug line with a time stamp.
    (rf"[*.]?{_MONTH} +\d+ [\d:.]+.*?: (?:ISAKMP|IKEv2|IPSEC\()", DEBUG, False),
]
_FILTER_ROWS = re.compile(r"\s*\d+ +(?:IN|OUT)_|Ipsec[A-Z]")
_CONFIG_END = re.compile(r"end\s*$")
# One pattern for all, the first that fits wins; its group tells which. Inside a configuration only strong ones count.
_ANY = re.compile("|".join(f"(?P<o{i}>{pattern})" for i, (pattern, _, _) in enumerate(_PATTERNS)))
_STRONG = re.compile("|".join(f"(?P<o{i}>{p})" for i, (p, _, strong) in enumerate(_PATTERNS) if strong))
_BY_GROUP = {f"o{i}": (command, strong) for i, (_, command, strong) in enumerate(_PATTERNS)}
# The strong opener of a log, which most lines of a log are; no opener above it begins like this.
_PLAIN_LOG = re.compile(
    rf"(?:<\d{{1,3}}>|[*.]?{_MONTH} +\d|\d{{1,10}}: [*.]?{_MONTH} )[^\n%]*%[A-Z0-9_]+-".encode()
)
# A line that is not empty, and as much of it as an opener needs.
_LINE = re.compile(rb"([^\n]{1,1000})[^\n]*")


def recognise(source: Source, first: int, last: int, *, device: str | None, closed: bool) -> list[Section]:
    """Cut the lines `first` to `last` into sections by what they look like.

    Lines before the first recognised opener, and regions without any, are a section with command "".
    """
    cuts: list[tuple[int, str, bool]] = [(first, "", False)]
    in_config = False
    ended = False
    for line in _LINE.finditer(source.data, source.start(first), source.start(last + 1)):
        if cuts[-1][1] == SYSLOG and _PLAIN_LOG.match(line[1]):
            continue
        text = clean(decode(line[1]))
        if in_config and _CONFIG_END.match(text):
            in_config, ended = False, True
            continue
        opener = _opener(text, in_config=in_config)
        if opener is None:
            continue
        command, strong = opener
        current = cuts[-1][1]
        if command == current and not (command == CONFIG and ended and strong):
            continue
        if current == DEBUG and command == SYSLOG:
            continue  # messages inside a debug capture belong to it; they are found wherever they stand
        if current == "show logging" and command in {SYSLOG, DEBUG}:
            continue
        in_config, ended = command == CONFIG, False
        cuts.append((source.line_at(line.start()), command, bool(_FILTER_ROWS.match(text))))
    return _sections(source, cuts, last, device=device, closed=closed)


def _opener(text: str, *, in_config: bool) -> tuple[str, bool] | None:
    if not text or text[0] == "!":
        return None
    found = (_STRONG if in_config else _ANY).match(text)
    return _BY_GROUP[found.lastgroup] if found and found.lastgroup else None


def _sections(
    source: Source, cuts: list[tuple[int, str, bool]], last: int, *, device: str | None, closed: bool
) -> list[Section]:
    sections = []
    for i, (line, command, filtered) in enumerate(cuts):
        end = cuts[i + 1][0] - 1 if i + 1 < len(cuts) else last
        if end < line:
            continue
        more = i + 1 < len(cuts)
        sections.append(
            Section(source, command, line, end, device=device, closed=more or closed, filtered=filtered)
        )
    return sections
