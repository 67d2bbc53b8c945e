"""A recipient's working hours, and when they open next.

Written "09:00-17:00", several with commas, each for all business days or for weekdays of its own: "mon-thu 08:00-12:00
13:00-17:00, fri 08:00-13:00". Which days are business days is a calendar's to say; the zone is the recipient's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.naming import WEEKDAY_KEYS, WEEKDAYS, long_date
from broadsheet.core.recurrence.zones import land, zone_named

FURTHEST_DAYS = 370  # a calendar that is closed for longer never opens
LONGEST = 200  # characters of hours as they are written
MIDNIGHT = time()  # as an end: the day's own
DAYS = re.compile(r"([a-z]{3})[a-z]*(?:\s*[-–]\s*([a-z]{3})[a-z]*)?\s+", re.IGNORECASE)
SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})(?:\s+|$)")
EXAMPLE = 'Write for instance "09:00-17:00", or "mon-thu 08:00-17:00, fri 08:00-13:00".'


@dataclass(frozen=True, slots=True)
class Span:
    """On `days` (0 = Monday), from `opens` until right before `closes`, both naive; midnight as an end is the day's."""

    days: frozenset[int]
    opens: time
    closes: time

    def holds(self, moment: time) -> bool:
        return self.opens <= moment and (self.closes == MIDNIGHT or moment < self.closes)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """spans: by weekday and time, at least one. calendar: whose business days they are. text: as they were written."""

    spans: tuple[Span, ...]
    calendar: Calendar = MONDAY_TO_FRIDAY
    text: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """When something may go out: `at`, aware, UTC; and why not before, in short English, empty when it may at once."""

    at: datetime
    reason: str = ""


def working_hours(text: str, calendar: Calendar = MONDAY_TO_FRIDAY) -> WorkingHours:
    """What `text` says. Raises RuleError (path "hours")."""
    if len(text) > LONGEST:
        raise RuleError("hours", "they are too long", f"Write at most {LONGEST} characters.")
    spans = [span for part in text.split(",") for span in _spans(part.strip(), text)]
    return WorkingHours(tuple(spans), calendar, text.strip())


def opening(hours: WorkingHours, zone: str, *, after: datetime) -> Opening | None:
    """When the hours are open from `after` (aware) on, on the clock of `zone`; None where they never are again."""
    where = zone_named(zone)
    local = after.astimezone(where)
    closed = _closed(hours, local)
    if not closed:
        return Opening(after.astimezone(UTC))
    for wall in _openings(hours, local.date()):
        [landing] = land(wall, where, gap="first-valid", overlap="first")
        at = landing.local.astimezone(UTC)
        if at > after:
            return Opening(
                at, f"{closed}; working hours begin {WEEKDAYS[wall.weekday()]} {long_date(wall)} {wall:%H:%M}"
            )
    return None


def _closed(hours: WorkingHours, local: datetime) -> str:
    """Why nothing goes out at that local time; empty when the hours are open."""
    day = local.date()
    if closure := hours.calendar.closure(day):
        return closure
    if any(day.weekday() in span.days and span.holds(local.time()) for span in hours.spans):
        return ""
    return f"{local:%H:%M} is outside {hours.text}"


def _openings(hours: WorkingHours, first: date) -> Iterator[datetime]:
    for number in range(FURTHEST_DAYS):
        day = first + timedelta(days=number)
        if hours.calendar.is_business_day(day):
            opens = sorted(span.opens for span in hours.spans if day.weekday() in span.days)
            yield from (datetime.combine(day, moment) for moment in opens)


def _spans(part: str, text: str) -> Iterator[Span]:
    days, at = frozenset(range(7)), 0
    if match := DAYS.match(part):
        days, at = _days(match), match.end()
    if at == len(part):
        raise RuleError("hours", f'"{text}" has no times of day' if part else "they are empty", EXAMPLE)
    while at < len(part):
        found = SPAN.match(part, at)
        if not found:
            raise RuleError("hours", f'"{part[at:]}" is not understood', EXAMPLE)
        yield Span(days, *_times(found))
        at = found.end()


def _days(match: re.Match[str]) -> frozenset[int]:
    first, last = match[1].lower(), (match[2] or match[1]).lower()
    for name in (first, last):
        if name not in WEEKDAY_KEYS:
            raise RuleError("hours", f'"{name}" is not a weekday', f"Write one of: {', '.join(WEEKDAY_KEYS)}.")
    begin, end = WEEKDAY_KEYS.index(first), WEEKDAY_KEYS.index(last)
    return frozenset((begin + number) % 7 for number in range((end - begin) % 7 + 1))


def _times(found: re.Match[str]) -> tuple[time, time]:
    hour, minute, until, past = map(int, found.groups())
    if (until, past) == (24, 0):
        until = 0
    try:
        opens, closes = time(hour, minute), time(until, past)
    except ValueError:
        raise RuleError("hours", f'"{found[0].strip()}" is not a time of day', EXAMPLE) from None
    if closes != MIDNIGHT and closes <= opens:
        fix = 'Write hours over midnight as two: "22:00-24:00 00:00-06:00".'
        raise RuleError("hours", f'"{found[0].strip()}" ends before it begins', fix)
    return opens, closes
