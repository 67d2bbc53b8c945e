"""The states of a delivery and of an occurrence, and the only ways from one to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Delivery(StrEnum):
    """One recipient on one channel. ``held``: its content looked wrong, and a person releases or drops it. ``unconfirmed``: cut after the message body, so it may have arrived; only a
    person sends it again. ``suppressed``: the address bounced or unsubscribed, and was not tried."""

    DUE = "due"
    SENDING = "sending"
    RETRYING = "retrying"
    HELD = "held"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"
    EXPIRED = "expired"


class Occurrence(StrEnum):
    """One firing of a schedule. ``waiting``: what it depends on is not there yet, and it looks again by itself. ``held``: a
    person must release or drop it. One that did not run has a row too: missed, skipped or suppressed, with its reason."""

    DUE = "due"
    WAITING = "waiting"
    HELD = "held"
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
    _D.DUE: frozenset({_D.SENDING, _D.HELD, _D.SUPPRESSED, _D.SKIPPED, _D.EXPIRED, _D.FAILED}),
    # back to DUE: its worker died before anything could have been accepted
    _D.SENDING: frozenset({_D.ACCEPTED, _D.RETRYING, _D.FAILED, _D.UNCONFIRMED, _D.DUE}),
    _D.RETRYING: frozenset({_D.SENDING, _D.SUPPRESSED, _D.SKIPPED, _D.EXPIRED, _D.FAILED}),
    _D.HELD: frozenset({_D.DUE, _D.SKIPPED, _D.EXPIRED, _D.FAILED}),
    # a person may send these again; accepted is final
    _D.FAILED: frozenset({_D.DUE}),
    _D.UNCONFIRMED: frozenset({_D.DUE, _D.ACCEPTED}),
    _D.SUPPRESSED: frozenset({_D.DUE}),
    _D.SKIPPED: frozenset({_D.DUE}),
    _D.EXPIRED: frozenset({_D.DUE}),
    _D.ACCEPTED: frozenset(),
}
DELIVERY_OPEN = frozenset({_D.DUE, _D.SENDING, _D.RETRYING, _D.HELD})

_O = Occurrence
OCCURRENCE_ENDS = frozenset({_O.ACCEPTED, _O.PARTIAL, _O.FAILED, _O.UNCONFIRMED, _O.SUPPRESSED, _O.SKIPPED, _O.EXPIRED})
OCCURRENCE_NEXT: dict[Occurrence, frozenset[Occurrence]] = {
    _O.DUE: frozenset({_O.WAITING, _O.RUNNING, _O.HELD, _O.SKIPPED, _O.FAILED, _O.EXPIRED}),
    _O.WAITING: frozenset({_O.WAITING, _O.RUNNING, _O.HELD, _O.SKIPPED, _O.FAILED, _O.EXPIRED}),
    _O.RUNNING: frozenset({_O.WAITING, _O.HELD, *OCCURRENCE_ENDS}),
    _O.HELD: frozenset({_O.DUE, _O.RUNNING, *OCCURRENCE_ENDS}),
    _O.MISSED: frozenset(),
    # sending again what failed makes a run go on
    **{end: frozenset({_O.RUNNING}) for end in OCCURRENCE_ENDS},
}


def moved(state: Delivery, to: Delivery) -> Delivery:
    """*to*, when it may follow *state*. Raises InvalidTransition."""
    if to not in DELIVERY_NEXT[state]:
        raise InvalidTransition(f"A delivery that is {state} cannot become {to}.")
    return to


def outcome(states: Iterable[Delivery]) -> Occurrence:
    """What an occurrence's deliveries add up to; nothing that failed is shown as success.

    No delivery at all is ``skipped``: there was nobody to send to. While one is open it is ``running``, and ``held`` when
    all that are open wait for a person. Who is not written to any more, since they left or their address bounced, spoils
    no run: ``suppressed`` is its end only where everybody is.
    """
    count = Counter(states)
    if count[_D.SUPPRESSED] < count.total():
        del count[_D.SUPPRESSED]
    if not count:
        return Occurrence.SKIPPED
    if any(count[state] for state in DELIVERY_OPEN - {_D.HELD}):
        return Occurrence.RUNNING
    if count[_D.HELD]:
        return Occurrence.HELD
    if len(count) == 1:
        return Occurrence(next(iter(count)).value)
    if count[_D.ACCEPTED]:
        return Occurrence.PARTIAL
    return Occurrence.UNCONFIRMED if count[_D.UNCONFIRMED] else Occurrence.FAILED
