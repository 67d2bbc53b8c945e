"""The states of a delivery and of an occurrence, and the only ways from one to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Delivery(StrEnum):
    """One recipient on one channel. ``unconfirmed``: cut after the message body, so it may have arrived; only a
    person sends it again. ``suppressed``: the address bounced or unsubscribed, and was not tried."""

    DUE = "due"
    SENDING = "sending"
    RETRYING = "retrying"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"
    EXPIRED = "expired"


class Occurrence(StrEnum):
    """One firing of a schedule. One that did not run has a row too: missed, skipped or suppressed, with its reason."""

    DUE = "due"
    RUNNING = "running"
    ACCEPTED = "accepted"
    PARTIAL = "partial"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"
    MISSED = "missed"
    EXPIRED = "expired"


class InvalidTransition(ValueError):
    """A change that must not happen: a fault of ours, or a stale worker's late word that is rightly refused."""


_D = Delivery
DELIVERY_NEXT: dict[Delivery, frozenset[Delivery]] = {
    _D.DUE: frozenset({_D.SENDING, _D.SUPPRESSED, _D.SKIPPED, _D.EXPIRED, _D.FAILED}),
    # back to DUE: its worker died before anything could have been accepted
    _D.SENDING: frozenset({_D.ACCEPTED, _D.RETRYING, _D.FAILED, _D.UNCONFIRMED, _D.DUE}),
    _D.RETRYING: frozenset({_D.SENDING, _D.SUPPRESSED, _D.SKIPPED, _D.EXPIRED, _D.FAILED}),
    # a person may send these again; accepted is final
    _D.FAILED: frozenset({_D.DUE}),
    _D.UNCONFIRMED: frozenset({_D.DUE, _D.ACCEPTED}),
    _D.SUPPRESSED: frozenset({_D.DUE}),
    _D.SKIPPED: frozenset({_D.DUE}),
    _D.EXPIRED: frozenset({_D.DUE}),
    _D.ACCEPTED: frozenset(),
}
DELIVERY_OPEN = frozenset({_D.DUE, _D.SENDING, _D.RETRYING})


def moved(state: Delivery, to: Delivery) -> Delivery:
    """*to*, when it may follow *state*. Raises InvalidTransition."""
    if to not in DELIVERY_NEXT[state]:
        raise InvalidTransition(f"A delivery that is {state} cannot become {to}.")
    return to


def outcome(states: Iterable[Delivery]) -> Occurrence:
    """What an occurrence's deliveries add up to; nothing that failed is shown as success.

    No delivery at all is ``skipped``: there was nobody to send to. While one is open it is ``running``.
    """
    count = Counter(states)
    if not count:
        return Occurrence.SKIPPED
    if any(count[state] for state in DELIVERY_OPEN):
        return Occurrence.RUNNING
    if len(count) == 1:
        return Occurrence(next(iter(count)).value)
    if count[_D.ACCEPTED]:
        return Occurrence.PARTIAL
    return Occurrence.UNCONFIRMED if count[_D.UNCONFIRMED] else Occurrence.FAILED
