"""How long two stretches of time have in common."""

from __future__ import annotations

from datetime import datetime, timedelta


def overlap(start: datetime, end: datetime, since: datetime, until: datetime) -> timedelta:
    """Of *start* to *end*, what lies between *since* and *until*; nothing where they do not meet."""
    return max(min(end, until) - max(start, since), timedelta())
