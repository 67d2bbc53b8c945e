"""Leave alone a channel that fails: after enough failures nothing is tried but one message now and then, until one arrives.

What counts as a failure is the channel's word (`delivery.ports.Receipt.whole`): a refusal that concerns one recipient
says that the channel works.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WINDOW = 20  # last tries that the share is counted over
LOOK = timedelta(seconds=5)  # until the others ask how the trial went: most take a second
TRIAL = timedelta(seconds=180)  # as long as a delivery's lease: whoever made the trial has died by then
GOOD, BAD = "+", "-"


@dataclass(frozen=True, slots=True)
class Trip:
    """Opens after ``failures`` in a row, or when of the last 20 tries the share ``share`` (0 to 1) failed. The trial comes
    after ``wait_seconds``, and after each failed trial ``factor`` times as long, at most ``ceiling_seconds``."""

    failures: int = 5
    share: float = 0.5
    wait_seconds: float = 60.0
    factor: float = 2.0
    ceiling_seconds: float = 1800.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """``recent``: the last tries since one failed, "+" or "-" each, the newest last; empty while all is well.
    ``opened_at``: since when it is open; None: closed. ``trial_at``: when the next trial may be made; ``trial_until``: until
    when one is thought to be under way. ``trials``: how many failed since it opened."""

    recent: str = ""
    opened_at: datetime | None = None
    trial_at: datetime | None = None
    trial_until: datetime | None = None
    trials: int = 0

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None

    def state(self, *, now: datetime) -> str:
        """closed, open, or half-open: a trial is due or under way."""
        if self.opened_at is None or self.trial_at is None:
            return "closed"
        return "open" if now < self.trial_at else "half-open"


@dataclass(frozen=True, slots=True)
class Admitted:
    """It may be tried, as the ``trial`` or like any other; ``breaker`` is what to keep."""

    breaker: Breaker
    trial: bool


@dataclass(frozen=True, slots=True)
class Shut:
    """Not now: look again at ``until``."""

    until: datetime


def admit(breaker: Breaker, *, now: datetime) -> Admitted | Shut:
    """Whether one more try may be made at *now*."""
    if breaker.opened_at is None or breaker.trial_at is None:
        return Admitted(breaker, trial=False)
    if now < breaker.trial_at:
        return Shut(breaker.trial_at)
    if breaker.trial_until is not None and now < breaker.trial_until:
        return Shut(min(breaker.trial_until, now + LOOK))
    return Admitted(replace(breaker, trial_until=now + TRIAL), trial=True)


def heard(breaker: Breaker, trip: Trip, *, good: bool, trial: bool, now: datetime) -> Breaker:
    """What is known after a try. While it is open only the trial counts: the others were begun before."""
    if breaker.is_open:
        if not trial:
            return breaker
        return Breaker() if good else _shut(replace(breaker, trials=breaker.trials + 1), trip, now=now)
    if good and not breaker.recent:
        return breaker
    recent = (breaker.recent + (GOOD if good else BAD))[-WINDOW:]
    if BAD not in recent:
        return Breaker()
    seen = Breaker(recent)
    return _shut(replace(seen, opened_at=now), trip, now=now) if not good and _trips(recent, trip) else seen


def _trips(recent: str, trip: Trip) -> bool:
    in_a_row = len(recent) - len(recent.rstrip(BAD))
    return in_a_row >= trip.failures or (len(recent) == WINDOW and recent.count(BAD) >= trip.share * WINDOW)


def _shut(breaker: Breaker, trip: Trip, *, now: datetime) -> Breaker:
    # The exponent is bounded so that a long outage does not overflow before the ceiling is taken.
    seconds = min(trip.ceiling_seconds, trip.wait_seconds * trip.factor ** min(breaker.trials, 50))
    return replace(breaker, trial_at=now + timedelta(seconds=seconds), trial_until=None)
