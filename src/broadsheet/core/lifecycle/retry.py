"""Whether and when to try again: exponential back-off with jitter, bounded by attempts and by a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Retry:
    """``attempts`` counts all tries, the first included. The wait before try n + 1 is ``first_seconds × factor^(n-1)``,
    at most ``ceiling_seconds``, of which the share ``jitter`` (0 to 1) is random, so that many do not come at once."""

    attempts: int = 5
    first_seconds: float = 60.0
    factor: float = 4.0
    ceiling_seconds: float = 3600.0
    jitter: float = 0.2


@dataclass(frozen=True, slots=True)
class Again:
    """Try once more at ``at`` (aware)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further try, for ``reason``: ``attempts`` are used up, or the next one would pass the ``deadline``."""

    reason: str


def decide(
    retry: Retry, *, attempt: int, now: datetime, random: float, deadline: datetime | None = None, wait: float = 0.0
) -> Again | GiveUp:
    """What follows the failed try number *attempt* (from 1).

    ``random`` is a number from 0 to 1 drawn by the caller; ``wait`` are seconds that the other side asked for, which
    are kept even beyond the ceiling.
    """
    if attempt >= retry.attempts:
        return GiveUp("attempts")
    # The exponent is bounded so that a thousandth try does not overflow before the ceiling is taken.
    base = min(retry.ceiling_seconds, retry.first_seconds * retry.factor ** min(attempt - 1, 50))
    seconds = max(wait, base * (1 - retry.jitter * random))
    at = now + timedelta(seconds=seconds)
    if deadline is not None and at > deadline:
        return GiveUp("deadline")
    return Again(at)
