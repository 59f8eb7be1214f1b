"""How long SAs live as configured, and how old one is by what remains of its lifetime."""

from __future__ import annotations

from engine.facts import ConfigSetup, IpsecSa, RunningConfig
from engine.relate.views import DeviceView, FlowView, SetupView

# IOS default of `crypto ipsec security-association lifetime seconds`, as show crypto map prints it.
DEFAULT_LIFETIME_SECONDS = 3600


def lifetime(device: DeviceView, tag: str | None) -> int | None:
    """The configured lifetime of an SA's setup, the global one, or the default where the whole configuration was seen."""
    for setup in device.facts.of(ConfigSetup):
        tagged = tag is not None and setup.name is not None and setup.name.split()[0] == tag
        tunnel = (
            tag is not None and setup.interface is not None and tag.startswith(f"{setup.interface}-head-")
        )
        if (tagged or tunnel) and setup.lifetime_seconds is not None:
            return setup.lifetime_seconds
    config = next(iter(device.facts.of(RunningConfig)), None)
    if config is not None and config.lifetime_seconds is not None:
        return config.lifetime_seconds
    return DEFAULT_LIFETIME_SECONDS if config is not None and config.whole else None


def most_age(device: DeviceView, sa: IpsecSa) -> float | None:
    """The age that an SA has at most: its lifetime, at most the configured one, less what remains.

    Without a configuration the default is taken where what remains fits into it: this only ever lowers a verdict.
    """
    if sa.remaining_seconds is None:
        return None
    life = lifetime(device, sa.tag) or DEFAULT_LIFETIME_SECONDS
    return float(life - sa.remaining_seconds) if sa.remaining_seconds <= life else None


def least_age(flow: FlowView, sa: IpsecSa) -> float | None:
    """The age that an SA has at least: IKEv1 settles on the lower lifetime of both, so both have to be known."""
    if sa.remaining_seconds is None or flow.sender is None or flow.receiver is None:
        return None
    lives = [lifetime(flow.sender, sa.tag), flow.setup.lifetime_seconds if flow.setup else None]
    lives[1] = lives[1] if lives[1] is not None else lifetime(flow.receiver, None)
    known = [life for life in lives if life is not None]
    return float(min(known) - sa.remaining_seconds) if len(known) == 2 else None


def life_of(setup: SetupView | None) -> int | None:
    """The lifetime configured for a setup, own, global or the default; None where the configuration does not tell."""
    if setup is None:
        return None
    if setup.lifetime_seconds is not None:
        return setup.lifetime_seconds
    return lifetime(setup.device, None)


def longest_life(flow: FlowView) -> int:
    """How long an SA of the two ends can live: the longer known lifetime, the default where none is known."""
    known = [life for life in (life_of(flow.setup), life_of(flow.sender_setup)) if life is not None]
    return max(known, default=DEFAULT_LIFETIME_SECONDS)


def idle_of(setup: SetupView | None) -> int | None:
    """The idle time configured for a setup in seconds; 0 for none; None where the configuration does not tell."""
    fact = fact_of(setup)
    if fact is not None and fact.idle_seconds is not None:
        return fact.idle_seconds
    return 0 if setup is not None and setup.device.complete_config else None


def fact_of(setup: SetupView | None) -> ConfigSetup | None:
    """What the configuration says of a setup; None for one that no configuration holds."""
    if setup is None:
        return None
    facts = setup.device.facts.where(ConfigSetup, "interface", setup.interface)
    return next((f for f in facts if (f.kind, f.name) == (setup.kind, setup.name)), None)
