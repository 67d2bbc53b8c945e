"""When a schedule fires: by its rule, on the clocks of those who get it where each one's own counts.

`Schedule.clocks` are the zones, and hours of their own, that its audience had when it was last asked (`actions.ask_clocks`); the
first of them begins a firing for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from broadsheet.core.recurrence import Firing, OwnClock, Spread, Timing, firings_over
from broadsheet.schedules.audience import Audience
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.own_times import time_of_day

MOST_CLOCKS = 500  # kept of one schedule; more zones there are not, only hours of one's own


def firings_of(
    schedule: Schedule, timing: Timing, *, after: datetime, until: datetime | None = None, limit: int | None = None
) -> Iterator[Firing | Spread]:
    """The firings after *after*, each in its turn; of a personal rule those that were not begun on another clock."""
    past = datetime.fromisoformat(schedule.fired_wall) if schedule.fired_wall else None
    return firings_over(timing, clocks_of(schedule), after=after, until=until, limit=limit, past=past)


def next_of(schedule: Schedule, timing: Timing, *, after: datetime) -> datetime | None:
    """The instant of the first of `firings_of`, or None when it never fires again."""
    return next((one.at for one in firings_of(schedule, timing, after=after, limit=1)), None)


def wall_of(firing: Firing | Spread) -> str:
    """The wall time that each recipient's clock shows, naive, in ISO form; empty where one instant is everybody's."""
    return firing.wall.isoformat(timespec="seconds") if isinstance(firing, Spread) else ""


def clocks_of(schedule: Schedule) -> tuple[OwnClock, ...]:
    """As they are kept; () before the audience was ever asked."""
    return tuple(OwnClock(zone, time_of_day(at) if at else None) for zone, at in schedule.clocks)


def clocks_in(audience: Audience) -> list[list[str]]:
    """The clocks of an audience's readers as a schedule keeps them, each once, in order."""
    hours = {key: f"{times.at:%H:%M}" for key, times in audience.times.items() if times.at}
    found = sorted({(reader.zone, hours.get(reader.key, "")) for reader in audience.readers})
    return [list(one) for one in found[:MOST_CLOCKS]]
