"""Which runs fall into time that the database lost: it was restored, and does not know what ran then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs.models import LostTime, Occurrence

ROUND_THE_WORLD = timedelta(hours=27)  # a firing on each reader's own clock begins so long before its last one


def hold_lost(rows: Iterable[Occurrence], *, now: datetime, since: datetime | None = None) -> list[Occurrence]:
    """Of *rows*, which are about to be written, those that may have run in lost time; they wait for a person now, whatever
    was decided of them. What began them may have been so *since* then; None: since they fire."""
    found = [one for one in rows if one.state in (State.DUE, State.MISSED)]
    if not found:
        return []
    first = since or min(one.fire_at for one in found)
    lost = list(LostTime.objects.filter(end__gte=first).order_by("begin"))
    held = []
    for row in found if lost else ():
        within = next((one for one in lost if _latest(row) >= one.begin and (since or row.fire_at) <= one.end), None)
        if within is not None:
            row.state, row.held_for, row.held_reason = State.HELD, "restored", because(within)
            row.held_at, row.finished_at, row.wake_at = now, None, None
            held.append(row)
    return held


def because(lost: LostTime) -> str:
    """Why a run is held, as its page tells."""
    begin, end = (one.astimezone(UTC) for one in (lost.begin, lost.end))
    return (
        f"The database was restored: it does not know what ran from {begin:%d %b %H:%M} to {end:%d %b %H:%M} UTC. "
        "This may have been sent then. Ask a recipient, then release or drop it."
    )


def _latest(row: Occurrence) -> datetime:
    """When the firing came to whoever got it last."""
    return row.fire_at + ROUND_THE_WORLD if row.wall else row.fire_at
