"""When each recipient of a run is to get it: with the run, on their own clock, or when their working hours begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.core.recurrence import MONDAY_TO_FRIDAY, OwnClock, RuleError, moment_on
from broadsheet.core.recurrence.working_hours import opening, working_hours
from broadsheet.runs.actions.fire import ON_TIME
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.calendars import CalendarError
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.own_times import Calendars, OwnTimes

ANY_TIME = OwnTimes()
ON_ITS_OWN = ("scheduled", "event", "call", "milestone")  # kinds of runs that no person started
NOT_MADE_UP = "Nothing ran then, and this schedule does not make up for it."
TOO_LATE = "Nothing ran when their own clock showed the time, and that is longer ago than this schedule makes up for."
NEVER_OPEN = "Their working hours never begin: the calendar is closed for a year. Mend the hours or the calendar."


@dataclass(frozen=True, slots=True)
class Due:
    """at: aware; None with the run, which may be made ahead of its firing and waits for that. deadline: when sending to them ends; None with the run's. times: the working hours
    that every try waits for. reason: why not with the run. ended: "skipped" or "failed" for who does not get it."""

    at: datetime | None = None
    deadline: datetime | None = None
    times: OwnTimes = ANY_TIME
    reason: str = ""
    ended: str = ""


class Moments:
    """The moments of one run. Only what the schedule, or what it listens to, starts waits for anybody: what a person
    starts goes out at once."""

    def __init__(self, occurrence: Occurrence, definition: ScheduleDefinition) -> None:
        self._occurrence = occurrence
        self._policies = definition.policies
        self._timing = definition.bare_timing()
        self._wall = datetime.fromisoformat(occurrence.wall) if occurrence.wall else None

    def now_in(self, zone: str) -> datetime:
        """The instant that a reader in *zone* counts periods from: “today” is the day on their own clock."""
        if self._wall is None:
            return self._occurrence.fire_at
        return moment_on(self._timing, self._wall, OwnClock(zone)).at

    def due(self, zone: str, times: OwnTimes | None, *, calendars: Calendars, now: datetime) -> Due:
        """When a recipient in *zone* with *times* of their own is to get it; *now* is when that is decided."""
        times = times or ANY_TIME
        at = self._occurrence.fire_at
        if self._occurrence.kind not in ON_ITS_OWN:
            return Due()
        if self._wall is None and not times.hours:
            return Due(at) if at > now else Due()  # made ahead of its firing, it waits for it
        if self._wall is not None:
            at = moment_on(self._timing, self._wall, OwnClock(zone, times.at)).at
            late = self._occurrence.created_at - at
            if self._policies.misfire == "skip" and late > ON_TIME:
                return Due(at, reason=NOT_MADE_UP, ended="skipped")
            if late > max(timedelta(hours=self._policies.catch_up_hours), ON_TIME):
                return Due(at, reason=TOO_LATE, ended="skipped")
        opens, reason = held(zone, times, calendars=calendars, at=max(at, now) if times.hours else at)
        if opens is None:
            return Due(reason=NEVER_OPEN, ended="failed")
        return Due(opens, opens + timedelta(hours=self._policies.deadline_hours), times, reason)


def held(zone: str, times: OwnTimes, *, calendars: Calendars, at: datetime) -> tuple[datetime | None, str]:
    """The first moment from *at* on that is inside the working hours, and what it waits for; None when none is.

    Where their calendar is gone, they hold from Monday to Friday.
    """
    if not times.hours:
        return at, ""
    try:
        days = calendars(times.calendar)
    except (RuleError, CalendarError):
        days = MONDAY_TO_FRIDAY
    found = opening(working_hours(times.hours, days), zone, after=at)
    if found is None:
        return None, ""
    return found.at, f"Held: {found.reason}." if found.reason else ""
