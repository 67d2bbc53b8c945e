"""When a recipient wants it: an hour of their own, and the working hours that a delivery waits for.

Read from texts, kept as texts: which calendar a name stands for is found again whenever hours are reckoned, since it
may have changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.calendars import Calendar
from broadsheet.core.recurrence.working_hours import working_hours

from .calendars import CalendarError

CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
WHOLE_DAYS = "00:00-24:00"  # of who has a calendar and no hours
Calendars = Callable[[str], Calendar]
"""The calendar of a name. Raises CalendarError."""


@dataclass(frozen=True, slots=True)
class OwnTimes:
    """at: naive, instead of a personal rule's time of day; None for the rule's. hours: as `working_hours` reads them,
    empty for any time. calendar: the name of the one whose business days they are of, empty for the usual one."""

    at: time | None = None
    hours: str = ""
    calendar: str = ""


def own_times(at: str, hours: str, calendar: str, *, calendars: Calendars) -> OwnTimes:
    """What the texts say. Raises RuleError for one that is not understood, and for a calendar that is not there."""
    if hours or calendar:
        hours = hours or WHOLE_DAYS
        try:
            working_hours(hours, calendars(calendar))
        except CalendarError as error:
            raise RuleError("calendar", error.message.rstrip("."), error.fix) from error
    return OwnTimes(time_of_day(at) if at else None, hours, calendar)


def time_of_day(text: str) -> time:
    """Raises RuleError (path "at")."""
    found = CLOCK.fullmatch(text.strip())
    try:
        if found:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise RuleError("at", f"“{text}” is not a time of day", "Write it as 08:30")
