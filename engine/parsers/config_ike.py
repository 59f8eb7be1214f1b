"""How the keys of a setup are agreed: IKE versions, DPD mode, lifetime, idle time.

An IPsec profile or crypto-map entry uses IKEv2 where it names an IKEv2 profile, else IKEv1. DPD is that of the
IKE profile, else the global one, and off where neither is configured. All of this can be told only from lines
that were seen: an IPsec profile that is not in the text tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.parsers.config_crypto import Crypto, IkeProfile, Keying, Timer
from engine.parsers.config_interfaces import Line
from engine.parsers.config_tree import after

__all__ = ["IKEV1", "IKEV2", "Agreement", "agree", "protection"]

IKEV1 = "ikev1"
IKEV2 = "ikev2"


class Agreement:
    """The answer for one setup; fields as in `ConfigSetup`."""

    __slots__ = ("dpd", "idle", "ike", "lifetime")

    def __init__(
        self, ike: tuple[str, ...], dpd: str, lifetime: Timer | None, idle: Timer | None = None
    ) -> None:
        self.ike = ike
        self.dpd = dpd
        self.lifetime = lifetime
        self.idle = idle


def agree(
    crypto: Crypto,
    keyings: Iterable[Keying],
    *,
    whole: bool,
    isakmp: Iterable[str] = (),
    ikev2: Iterable[str] = (),
) -> Agreement:
    """What the profiles and map entries of one setup agree on.

    Args:
        crypto: all crypto objects of the configuration.
        keyings: the IPsec profile, map entry or dynamic-map entries of the setup; none where they are not in
            the text.
        whole: the configuration was seen whole, so that what is not in it is not configured.
        isakmp: ISAKMP profiles named for the setup elsewhere (on the tunnel, for the whole map).
        ikev2: IKEv2 profiles likewise.
    """
    keyings = list(keyings)
    v1 = _names([*isakmp, *(k.isakmp_profile for k in keyings)])
    v2 = _names([*ikev2, *(k.ikev2_profile for k in keyings)])
    ike = ((IKEV1,) if v1 else ()) + ((IKEV2,) if v2 else ())
    # An entry without an IKEv2 profile is keyed by ISAKMP; it must be seen, and ISAKMP beside it.
    if not ike and keyings and crypto.isakmp_configured:
        ike = (IKEV1,)
    modes = set()
    if IKEV1 in ike:
        # Without a named profile, the one that matches the peer's identity may still bring its keepalive.
        silent = whole and (bool(v1) or not crypto.isakmp_profile_dpd)
        modes.add(_dpd(v1, crypto.isakmp_profiles, crypto.isakmp_dpd, whole=silent))
    if IKEV2 in ike:
        modes.add(_dpd(v2, crypto.ikev2_profiles, crypto.ikev2_dpd, whole=whole))
    lifetime = next((k.lifetime for k in keyings if k.lifetime is not None), crypto.lifetime)
    idle = next((k.idle for k in keyings if k.idle is not None), crypto.idle)
    return Agreement(ike, modes.pop() if len(modes) == 1 else "unknown", lifetime, idle)


def protection(
    crypto: Crypto, line: Line, *, whole: bool, isakmp: Iterable[str] = (), ikev2: Iterable[str] = ()
) -> Agreement:
    """What `tunnel protection ipsec profile P [shared] [isakmp-profile X]` agrees on."""
    name, options = line.rest[0], line.rest[1:]
    keyings = [crypto.ipsec_profiles[name]] if name in crypto.ipsec_profiles else []
    v1, v2 = [*isakmp, *_option(options, "isakmp-profile")], [*ikev2, *_option(options, "ikev2-profile")]
    # IKEv2 smart defaults: the built-in IPsec profile `default` uses the IKEv2 profile `default`.
    named = any(k.isakmp_profile or k.ikev2_profile for k in keyings)
    if name == "default" and not named and "default" in crypto.ikev2_profiles:
        v2.append("default")
    return agree(crypto, keyings, whole=whole, isakmp=v1, ikev2=v2)


def _option(words: Sequence[str], option: str) -> Sequence[str]:
    for i in range(len(words) - 1):
        found = after(words[i:], option)
        if found:
            return found[:1]
    return ()


def _names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(n for n in names if n))


def _dpd(names: list[str], profiles: dict[str, IkeProfile], everywhere: str, *, whole: bool) -> str:
    """The DPD mode of the named IKE profiles; `whole` is False where silence does not mean off."""
    fallback = everywhere or ("off" if whole else "unknown")
    modes = {(profiles[n].dpd if n in profiles else "") or fallback for n in names} or {fallback}
    return modes.pop() if len(modes) == 1 else "unknown"
