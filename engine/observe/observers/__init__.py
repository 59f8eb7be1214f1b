"""Observers: conditions that the test grammar cannot say, one small function each.

Each takes a subject and returns an observation. docs/rules.md lists them; they should stay few.

    messages    what the invalid SPI messages of a peer say together
    sa_lists    the two SA lists beside each other
    lifetimes   how long SAs live, and how old one is (no observers)
    ike         what the peers say to each other over IKE
    counters    counters read twice, and the log beside them
    events      what happened on a router shortly before the first message
    both_ends   the configurations of both ends beside each other
    nodes       other devices of the case that may be meant
"""

from __future__ import annotations

from collections.abc import Callable

from engine.observe.observers.both_ends import (
    idle_timer_shorter,
    lifetimes_differ,
    sender_sa_older_than_idle,
    sender_sa_outlived,
)
from engine.observe.observers.counters import (
    NOT_FOUND,
    decaps_rising,
    log_without_message,
    spi_not_found_rising,
)
from engine.observe.observers.events import (
    became_active_before,
    clear_logged_before,
    destination_is_virtual,
    group_keys_in_trouble,
    others_after_restart,
    restarted_before,
    session_down_at_sender,
    session_down_before,
    unknown_ike_close,
)
from engine.observe.observers.ike import invalid_syntax_answered, pair_uses_ikev2
from engine.observe.observers.messages import no_setup_takes_source, said_to_repeat, three_spis_apart
from engine.observe.observers.nodes import (
    destination_on_other_node,
    overlay_address_moved,
    spi_on_other_node,
)
from engine.observe.observers.sa_lists import (
    desync_shown,
    lists_fit_in_time,
    lists_too_early,
    sa_shown_younger,
    sender_sa_new,
)
from engine.observe.subject import Observation, Subject

__all__ = [
    "NOT_FOUND",
    "OBSERVERS",
    "Observer",
    "became_active_before",
    "clear_logged_before",
    "decaps_rising",
    "destination_is_virtual",
    "destination_on_other_node",
    "desync_shown",
    "group_keys_in_trouble",
    "idle_timer_shorter",
    "invalid_syntax_answered",
    "lifetimes_differ",
    "lists_fit_in_time",
    "lists_too_early",
    "log_without_message",
    "no_setup_takes_source",
    "others_after_restart",
    "overlay_address_moved",
    "pair_uses_ikev2",
    "restarted_before",
    "sa_shown_younger",
    "said_to_repeat",
    "sender_sa_new",
    "sender_sa_older_than_idle",
    "sender_sa_outlived",
    "session_down_at_sender",
    "session_down_before",
    "spi_not_found_rising",
    "spi_on_other_node",
    "three_spis_apart",
    "unknown_ike_close",
]  # fmt: skip

Observer = Callable[[Subject], Observation]

OBSERVERS: dict[str, Observer] = {
    "said-to-repeat": said_to_repeat,
    "no-setup-takes-source": no_setup_takes_source,
    "three-spis-apart": three_spis_apart,
    "decaps-rising": decaps_rising,
    "sa-shown-younger": sa_shown_younger,
    "sender-sa-new": sender_sa_new,
    "lists-fit-in-time": lists_fit_in_time,
    "lists-too-early": lists_too_early,
    "desync-shown": desync_shown,
    "pair-uses-ikev2": pair_uses_ikev2,
    "invalid-syntax-answered": invalid_syntax_answered,
    "spi-not-found-rising": spi_not_found_rising,
    "log-without-message": log_without_message,
    "restarted-before": restarted_before,
    "others-after-restart": others_after_restart,
    "unknown-ike-close": unknown_ike_close,
    "clear-logged-before": clear_logged_before,
    "session-down-before": session_down_before,
    "session-down-at-sender": session_down_at_sender,
    "became-active-before": became_active_before,
    "destination-is-virtual": destination_is_virtual,
    "group-keys-in-trouble": group_keys_in_trouble,
    "lifetimes-differ": lifetimes_differ,
    "sender-sa-outlived": sender_sa_outlived,
    "idle-timer-shorter": idle_timer_shorter,
    "sender-sa-older-than-idle": sender_sa_older_than_idle,
    "spi-on-other-node": spi_on_other_node,
    "destination-on-other-node": destination_on_other_node,
    "overlay-address-moved": overlay_address_moved,
}
