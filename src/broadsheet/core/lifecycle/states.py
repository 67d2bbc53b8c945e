"""The states of a run (an occurrence), its slices and its deliveries, and what deliveries add up to. The ways from one to
another are `machines`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Delivery(StrEnum):
    """One recipient on one channel. ``held``: its content looked wrong, and a person releases or drops it.
    ``unconfirmed``: cut after the message body, so it may have arrived; only a person sends it again. ``suppressed``: the address bounced or unsubscribed, and was not tried."""

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


class Slice(StrEnum):
    """What is made once for all who may see the same rows. ``failed``: it could not be drawn."""

    DUE = "due"
    MADE = "made"
    FAILED = "failed"


class Verdict(StrEnum):
    """What checks said of a slice's content, and a person after them; ``none`` is kept as an empty text."""

    NONE = ""
    PASSED = "passed"
    WARNED = "warned"
    HELD = "held"
    RELEASED = "released"
    DROPPED = "dropped"


_D = Delivery
DELIVERY_OPEN = frozenset({_D.DUE, _D.SENDING, _D.RETRYING, _D.HELD})


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
