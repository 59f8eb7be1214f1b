"""Interface names in full, so that `Gi0/0`, `gig 0/0` and `GigabitEthernet0/0` are one interface."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["interface_name"]

# Most wanted first: where a beginning fits several types, the earlier one is meant ("Po1" is a port-channel).
_TYPES = (
    "Ethernet", "FastEthernet", "GigabitEthernet", "TenGigabitEthernet", "Tunnel", "Loopback", "Vlan",
    "Port-channel", "Serial", "Dialer", "Cellular", "Virtual-Access", "Virtual-Template", "VirtualPortGroup",
    "Virtual-PPP", "BDI", "BVI", "ATM", "Multilink", "TwoGigabitEthernet", "TwentyFiveGigE",
    "FiveGigabitEthernet", "FortyGigabitEthernet", "HundredGigE", "POS", "MFR", "NVI", "Async", "Null",
    "Group-Async", "Embedded-Service-Engine", "AppGigabitEthernet", "Wlan-GigabitEthernet", "Dot11Radio",
    "LISP", "nve", "pseudowire",
)  # fmt: skip
# Show output prints these; they are no beginnings of the full name.
_SHORT = {"vt": "Virtual-Template", "vp": "VirtualPortGroup", "twe": "TwentyFiveGigE"}
# A name that is in full already; Dot11Radio has a digit of its own.
_FULL = re.compile(rf"(?:{'|'.join(map(re.escape, _TYPES))})\d")
_NAME = re.compile(r"([A-Za-z][A-Za-z-]*[A-Za-z]|[A-Za-z])(\d.*)")


@lru_cache(maxsize=4096)
def interface_name(text: str) -> str:
    """The full name of an interface: "Tunnel0" for `tu0`, "GigabitEthernet0/0.10" for `Gi 0/0.10`.

    Blanks are taken out. A name of no known type, such as an ASA's `outside`, is returned as written.
    """
    name = "".join(text.split())
    split = _NAME.fullmatch(name)
    if not split:
        return name
    kind, number = split[1].lower(), split[2]
    if _FULL.match(name):
        return name
    full = _SHORT.get(kind) or next((t for t in _TYPES if t.lower().startswith(kind)), None)
    return f"{full}{number}" if full else name
