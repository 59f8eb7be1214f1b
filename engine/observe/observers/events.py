"""What happened on a router shortly before the first message, as its log, clock and uptime tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from engine.facts import ConfigInterface, Hostname, InvSpi, LogMessage, Version
from engine.observe.observers.lifetimes import longest_life
from engine.observe.subject import UNKNOWN, Observation, Subject, places
from engine.parsers.names import interface_name
from engine.relate.devices import DeviceFacts
from engine.relate.timeline import seconds_after, taken
from engine.relate.views import DeviceView, FlowView, Quote
from engine.stamp import Stamp, seconds_between

# A session that goes down, or a router that takes an address over, shows in traffic at once: five and ten minutes are
# generous. IKE and IPsec packets of one sender arrive together: the same second, and a few for the limit on messages.
DOWN_SECONDS = 300.0
TAKEOVER_SECONDS = 600.0
TOGETHER_SECONDS = 5.0
# Group keys are mostly renewed within the hour.
GROUP_SECONDS = 3600.0
# Uptime is printed in minutes, and the clock beside it may have been read some minutes earlier.
UPTIME_SLACK_SECONDS = 600.0
# Enough to find an event beside a message, whatever the length of the log.
_MOST_EVENTS, _MOST_MESSAGES = 500, 50

_RESTARTS = ("SYS-5-RESTART", "SYS-5-RELOAD")
_SESSIONS = ("CRYPTO-5-SESSION_STATUS", "CRYPTO-5-IKEV2_SESSION_STATUS")
_TYPED = ("PARSER-5-CFGLOG_LOGGEDCMD", "HA_EM-6-LOG")
_TAKEOVERS = ("HSRP-5-STATECHANGE", "VRRP-6-STATECHANGE")
_CLEAR = re.compile(r"clear crypto (?:sa|session|ikev2 sa)\b([^|]*)")
# Words by which a clear command reaches less than all SAs; `counters` clears none.
_SCOPES = frozenset({"peer", "remote", "map", "entry", "spi", "counters", "active", "inactive", "standby"})
_ACTIVE = re.compile(r"(\S+) Grp \d+ state \S+ -> (?:Active|Master)\b")
_GROUP = re.compile(r"GDOI-[0-4]-")


def restarted_before(subject: Subject) -> Observation:
    """Whether the router restarted so shortly before the first message that the sender's SA can be older.

    By uptime stamps, by its restart message, else by its uptime and clock. A restart earlier than an SA can live,
    or later than the first message, is a no.
    """
    flow = subject.flow
    found = _since_restart(subject, flow.first) if flow is not None else None
    if flow is None or found is None:
        return UNKNOWN
    seconds, quotes = found
    life = longest_life(flow)
    if 0 <= seconds <= life:
        return Observation(True, (*quotes, *flow.quotes[:1]))
    near = -UPTIME_SLACK_SECONDS <= seconds <= life + UPTIME_SLACK_SECONDS
    return UNKNOWN if near else Observation(False, (*quotes, *flow.quotes[:1]))


def others_after_restart(subject: Subject) -> Observation:
    """Whether packets of further sources too were refused after such a restart: it cost all peers their SAs."""
    flow, receiver = subject.flow, subject.receiver
    if flow is None or receiver is None or not restarted_before(subject).truth:
        return Observation(False)
    others = (m for m in receiver.facts.of(InvSpi) if m.src not in {None, flow.src})
    for message in islice(others, _MOST_MESSAGES):
        found = _since_restart(subject, message.stamp)
        if found is not None and 0 <= found[0] <= longest_life(flow):
            return Observation(True, (*flow.quotes[:1], Quote(message.at)))
    return Observation(False)


def _since_restart(subject: Subject, moment: Stamp | None) -> tuple[float, tuple[Quote, ...]] | None:
    """Seconds from the receiver's last restart to a moment of its log, negative where the restart came later."""
    receiver = subject.receiver
    if receiver is None or moment is None:
        return None
    by_stamp = moment.uptime_seconds()
    if by_stamp is not None:
        return by_stamp, ()
    logged = [
        (apart, (Quote(m.at),))
        for m in _Log(receiver.facts).of(_RESTARTS)
        if m.stamp is not None and (apart := seconds_between(m.stamp, moment)) is not None and apart >= 0
    ]
    by_uptime = _since_boot(subject, receiver, moment)
    # The last restart before that moment counts: the log may hold an older one, and another may have come since.
    known = [*logged, *([by_uptime] if by_uptime is not None and by_uptime[0] >= 0 else [])]
    return min(known, key=lambda entry: entry[0], default=by_uptime)


def _since_boot(
    subject: Subject, receiver: DeviceView, moment: Stamp
) -> tuple[float, tuple[Quote, ...]] | None:
    for version in reversed(receiver.facts.of(Version)):
        at = taken(receiver.facts, version.at, subject.case.sections)
        later = seconds_after(at.not_before or at.not_after, moment, receiver.facts)
        if version.uptime_seconds is not None and later is not None:
            source = version.at.source
            named = [
                h.at for h in receiver.facts.of(Hostname) if h.basis == "version" and h.at.source == source
            ]
            return version.uptime_seconds - later, places((named or [version.at])[-1], *at.places)
    return None


def unknown_ike_close(subject: Subject) -> Observation:
    """Whether, in the seconds of a message, an IKE message of the source found no SA: it still uses one that is gone."""
    flow, log = subject.flow, _log(subject)
    if flow is None or log is None or flow.src is None:
        return Observation(False)
    stamps = [m.stamp for m in flow.messages[:_MOST_MESSAGES]]
    for message in log.of_peer(flow.src, ("CRYPTO-4-IKMP_NO_SA",)):
        if _close(message.stamp, stamps, TOGETHER_SECONDS):
            return Observation(True, (Quote(message.at),))
    return log.nothing


def clear_logged_before(subject: Subject) -> Observation:
    """Whether the log shows a clear command for all SAs, or for this peer, within an SA's life before the message."""
    flow, log = subject.flow, _log(subject)
    if flow is None or log is None:
        return Observation(False)
    for message in log.of(_TYPED):
        typed = _CLEAR.search(message.text)
        if typed is None or not _within(message.stamp, flow.first, longest_life(flow)):
            continue
        scope = typed[1].split()
        if flow.src in scope or not _SCOPES & set(scope):
            return Observation(True, (Quote(message.at), *flow.quotes[:1]))
    return log.nothing


def session_down_before(subject: Subject) -> Observation:
    """Whether the receiver logged that its session with the source went down, minutes before the first message."""
    flow, log = subject.flow, _log(subject)
    if flow is None or log is None:
        return Observation(False)
    found = _down(log, flow.src, flow.first)
    return Observation(True, (Quote(found.at), *flow.quotes[:1])) if found else log.nothing


def session_down_at_sender(subject: Subject) -> Observation:
    """Whether the sender logged too that its session with the receiver went down at that time."""
    flow = subject.flow
    if flow is None or flow.sender is None:
        return Observation(False)
    found = _down(_Log(flow.sender.facts), flow.dst, flow.first)
    return Observation(True, (Quote(found.at),)) if found else Observation(False)


def became_active_before(subject: Subject) -> Observation:
    """Whether the router became HSRP active or VRRP master minutes before the first message."""
    flow, log = subject.flow, _log(subject)
    if flow is None or log is None:
        return Observation(False)
    found = _takeover(flow, log)
    return Observation(True, (Quote(found[0].at), *flow.quotes[:1])) if found else log.nothing


def destination_is_virtual(subject: Subject) -> Observation:
    """Whether the packets went to an address that the interface of that takeover has beside its own first one."""
    flow, receiver = subject.flow, subject.receiver
    found = _takeover(flow, _Log(receiver.facts)) if flow is not None and receiver is not None else None
    if found is None or flow is None or receiver is None or flow.dst is None:
        return UNKNOWN
    for interface in receiver.facts.where(ConfigInterface, "name", found[1]):
        if interface.addresses:
            return Observation(flow.dst in interface.addresses[1:], (Quote(interface.at),))
    return UNKNOWN


def group_keys_in_trouble(subject: Subject) -> Observation:
    """Whether the router logged trouble with its group keys (GDOI, severity 0 to 4) within an hour of a message."""
    flow, receiver = subject.flow, subject.receiver
    if flow is None or receiver is None or flow.setup is None or flow.setup.kind != "getvpn":
        return Observation(False)
    stamps = [m.stamp for m in flow.messages[:_MOST_MESSAGES]]
    messages = (m for m in receiver.facts.of(LogMessage) if _GROUP.match(m.mnemonic))
    for message in islice(messages, _MOST_EVENTS):
        if _close(message.stamp, stamps, GROUP_SECONDS):
            return Observation(True, (Quote(message.at),))
    return Observation(False)


class _Log:
    """The log messages of one device, or of the sources that hold a flow's messages where nobody names the device."""

    def __init__(self, facts: DeviceFacts, sources: frozenset[str] | None = None) -> None:
        self._facts = facts
        self._sources = sources
        # Beside a message without a name, an event that is not found may stand in a log that is not at hand.
        self.nothing = Observation(False) if sources is None else UNKNOWN

    def of(self, mnemonics: Iterable[str]) -> Iterator[LogMessage]:
        """Messages with one of these mnemonics."""
        for mnemonic in mnemonics:
            yield from self._first(self._facts.where(LogMessage, "mnemonic", mnemonic))

    def of_peer(self, peer: str, mnemonics: tuple[str, ...]) -> Iterator[LogMessage]:
        """Messages with one of these mnemonics that name a peer."""
        return self._first(m for m in self._facts.where(LogMessage, "peer", peer) if m.mnemonic in mnemonics)

    def _first(self, messages: Iterable[LogMessage]) -> Iterator[LogMessage]:
        held = (m for m in messages if self._sources is None or m.at.source in self._sources)
        return islice(held, _MOST_EVENTS)


def _log(subject: Subject) -> _Log | None:
    """The log that the subject's messages stand in; None where there is neither a device nor a message."""
    if subject.receiver is not None:
        return _Log(subject.receiver.facts)
    if subject.flow is None or not subject.flow.messages:
        return None
    return _Log(subject.case.nameless, frozenset(m.at.source for m in subject.flow.messages))


def _takeover(flow: FlowView, log: _Log) -> tuple[LogMessage, str] | None:
    """The last such message before the first one, and the interface that it names."""
    found = None
    for message in log.of(_TAKEOVERS):
        active = _ACTIVE.match(message.text)
        if active and _within(message.stamp, flow.first, TAKEOVER_SECONDS):
            found = message, interface_name(active[1])
    return found


def _down(log: _Log, peer: str | None, first: Stamp | None) -> LogMessage | None:
    if peer is None:
        return None
    for message in log.of_peer(peer, _SESSIONS):
        if " DOWN" in message.text and _within(message.stamp, first, DOWN_SECONDS):
            return message
    return None


def _within(event: Stamp | None, first: Stamp | None, seconds: float) -> bool:
    """Whether an event came before the first message, by at most so much."""
    apart = None if event is None or first is None else seconds_between(event, first)
    return apart is not None and 0 <= apart <= seconds


def _close(event: Stamp | None, stamps: Iterable[Stamp | None], seconds: float) -> bool:
    """Whether an event is at most so far from one of these moments."""
    for stamp in stamps:
        apart = None if event is None or stamp is None else seconds_between(event, stamp)
        # Across a new year only one order can be compared.
        apart = seconds_between(stamp, event) if apart is None and stamp and event else apart
        if apart is not None and abs(apart) <= seconds:
            return True
    return False
