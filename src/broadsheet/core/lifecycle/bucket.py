"""At most so many in any minute, hour or day: a window that slides, kept as a few counts.

A bucket that fills drop by drop lets twice its size through in one period, full at its start and filled again until its
end; a provider that blocks senders over 100 an hour counts those 200. So what was let through is counted in slots, a
sixtieth of the period each, and a slot is forgotten only when all of it is older than the period. Never more than the
limit in any period, wherever it begins; in return a place is free again up to a sixtieth of the period later than it
could be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SLOTS = 60
FAR_AHEAD_SECONDS = 3600  # no database's clock is set back so far while it is right

Used = Mapping[int, int]
"""How many were let through in each slot, by its number since the epoch."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` in any ``seconds``."""

    most: int
    seconds: int

    @property
    def slot_seconds(self) -> float:
        return self.seconds / SLOTS


@dataclass(frozen=True, slots=True)
class Taken:
    """There was a place; ``used`` is what to keep."""

    used: dict[int, int]


@dataclass(frozen=True, slots=True)
class Full:
    """There is none; the first will be free in ``seconds``, unless somebody else takes it."""

    seconds: float


def take(limit: Limit, used: Used, *, at: float) -> Taken | Full:
    """One place *at* seconds since the epoch. A clock that goes back gives nothing free twice."""
    used = _credible(limit, used, at=at)
    slot = _slot(limit, used, at=at)
    live = {number: count for number, count in used.items() if number >= slot - SLOTS}
    if sum(live.values()) < limit.most:
        return Taken({**live, slot: live.get(slot, 0) + 1})
    return Full(_free_at(limit, live) - at)


def left(limit: Limit, used: Used, *, at: float) -> int:
    """How many places there are *at* that moment; 0 too where a limit was lowered below what is used."""
    used = _credible(limit, used, at=at)
    slot = _slot(limit, used, at=at)
    return max(0, limit.most - sum(count for number, count in used.items() if number >= slot - SLOTS))


def _credible(limit: Limit, used: Used, *, at: float) -> Used:
    """*used*; what a clock that was far ahead has counted counts as of now, so that no place stays taken until that clock
    would have been right."""
    now = int(at // limit.slot_seconds)
    last = now + SLOTS + int(FAR_AHEAD_SECONDS // limit.slot_seconds)
    beyond = sum(count for number, count in used.items() if number > last)
    if not beyond:
        return used
    near = {number: count for number, count in used.items() if number <= last}
    return {**near, now: near.get(now, 0) + beyond}


def _slot(limit: Limit, used: Used, *, at: float) -> int:
    return max([int(at // limit.slot_seconds), *used])


def _free_at(limit: Limit, live: Used) -> float:
    """When enough slots are forgotten for one more."""
    over = sum(live.values()) - limit.most
    for number in sorted(live):
        over -= live[number]
        if over < 0:
            return (number + SLOTS + 1) * limit.slot_seconds
    raise ValueError("A limit of less than one lets nothing through.")
