"""Whose turn it is: five levels of priority with ageing, so that what came long ago is never passed by for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

LEVELS = range(1, 6)  # 1 is first
AGEING = timedelta(minutes=10)  # who waits so long stands where the level above stands


def turn_at(ready_at: datetime, *, priority: int) -> datetime:
    """The place in the queue of what was ready at *ready_at*: the earliest is next.

    It depends on nothing that changes while it waits, so a queue can be kept in this order: the lowest level goes before
    the highest that came 40 minutes later. Raises ValueError for what is no level.
    """
    if priority not in LEVELS:
        raise ValueError(f"There is no priority {priority}. Use 1 (first) to 5 (last).")
    return ready_at + (priority - 1) * AGEING
