"""Whether and when to try again: exponential back-off with jitter, bounded by attempts, by a lifetime and by a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

CAUSES = ("source", "store", "connection", "timeout", "temporary", "fault")
"""What a try can fail for and be tried again: the data's source or the artifact store did not answer; the channel could not
be reached, took too long, or said “later”; something of ours failed."""


@dataclass(frozen=True, slots=True)
class Retry:
    """``attempts`` counts all tries, the first included. The wait before try n + 1 is ``first_seconds × factor^(n-1)``,
    at most ``ceiling_seconds``, of which the share ``jitter`` (0 to 1) is random, so that many do not come at once.
    ``lifetime_seconds`` is counted from the first try; None: no end but the deadline. ``on`` are the causes, of `CAUSES`,
    that are tried again at all."""

    attempts: int = 5
    first_seconds: float = 60.0
    factor: float = 4.0
    ceiling_seconds: float = 3600.0
    jitter: float = 0.2
    lifetime_seconds: float | None = None
    on: tuple[str, ...] = CAUSES


@dataclass(frozen=True, slots=True)
class Again:
    """Try once more at ``at`` (aware)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further try, for ``reason``: ``attempts`` are used up, the next one would pass the ``lifetime`` or the
    ``deadline``, or its ``cause`` is not to be tried again."""

    reason: str


def decide(
    retry: Retry,
    *,
    attempt: int,
    now: datetime,
    random: float,
    deadline: datetime | None = None,
    wait: float = 0.0,
    cause: str = "",
    since: datetime | None = None,
) -> Again | GiveUp:
    """What follows the failed try number *attempt* (from 1).

    ``random`` is a number from 0 to 1 drawn by the caller; ``wait`` are seconds that the other side asked for, which
    are kept even beyond the ceiling. ``cause`` is what it failed for, of `CAUSES`, empty where that is not known;
    ``since`` when the first try began.
    """
    if cause and cause not in retry.on:
        return GiveUp("cause")
    if attempt >= retry.attempts:
        return GiveUp("attempts")
    # The exponent is bounded so that a thousandth try does not overflow before the ceiling is taken.
    base = min(retry.ceiling_seconds, retry.first_seconds * retry.factor ** min(attempt - 1, 50))
    shorter = base * (1 - retry.jitter * random)
    # What the other side asked for is a least: jitter comes on top, else all of a burst would be back at one moment.
    seconds = max(shorter, wait + retry.jitter * random * min(base, wait)) if wait else shorter
    at = now + timedelta(seconds=seconds)
    if retry.lifetime_seconds is not None and at > (since or now) + timedelta(seconds=retry.lifetime_seconds):
        return GiveUp("lifetime")
    if deadline is not None and at > deadline:
        return GiveUp("deadline")
    return Again(at)
