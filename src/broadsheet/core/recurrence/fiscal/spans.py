"""Spans of dates that follow from a day: what “last closed period” or “month to date” means today.

“Today” is an argument: the local date in the zone of whoever asks.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar, add_business_days
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar
from broadsheet.core.recurrence.fiscal.months import CALENDAR_YEAR
from broadsheet.core.recurrence.fiscal.period import Period, Unit
from broadsheet.core.recurrence.naming import long_date


@dataclass(frozen=True, slots=True)
class Span:
    """first, last: local dates, both included. label: what to print: "FY2026 Q2", "1 to 24 November 2026"."""

    first: date
    last: date
    label: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise RuleError("span", f"{self.last} is before {self.first}", "Write a later end.")


def last_closed(
    today: date,
    unit: Unit,
    *,
    calendar: FiscalCalendar = CALENDAR_YEAR,
    close_days: int = 0,
    business: Calendar = MONDAY_TO_FRIDAY,
) -> Period:
    """The latest period that is closed on `today`.

    A period is over when its last day is. It is closed `close_days` business days later: with 3, a month that ended on
    Friday the 31st is closed from Wednesday the 5th on (the third business day has passed).
    """
    found = calendar.previous(calendar.period(today, unit))
    while not is_closed(found, today, close_days=close_days, business=business):
        found = calendar.previous(found)
    return found


def is_closed(period: Period, today: date, *, close_days: int = 0, business: Calendar = MONDAY_TO_FRIDAY) -> bool:
    """Whether the period, and the business days that its closing takes, lie before `today`."""
    if close_days < 0:
        raise RuleError("close_days", f"{close_days} is below 0", "Write how many business days closing takes.")
    if close_days == 0:
        return period.last < today
    done = add_business_days(period.last, close_days, business)
    return done is not None and done < today


def current_period(today: date, unit: Unit, *, calendar: FiscalCalendar = CALENDAR_YEAR) -> Period:
    """The period that holds `today`, whole."""
    return calendar.period(today, unit)


def period_to_date(
    today: date, unit: Unit, *, calendar: FiscalCalendar = CALENDAR_YEAR, with_today: bool = True
) -> Span | None:
    """From the period's first day to `today`, or to yesterday; None for yesterday on the period's first day."""
    first = calendar.period(today, unit).first
    last = today if with_today else today - timedelta(days=1)
    return Span(first, last, _dates(first, last)) if first <= last else None


def same_period_last_year(period: Period, *, calendar: FiscalCalendar = CALENDAR_YEAR) -> Period:
    """The period of the same number a year before; a 53rd week has the last week of a year that has none."""
    many = len(calendar.starts(period.unit, period.year - 1)) - 1
    return calendar.numbered(period.unit, period.year - 1, min(period.number, many))


def previous_business_day(today: date, *, calendar: Calendar = MONDAY_TO_FRIDAY) -> Span | None:
    """The business day before `today`, as a span of one date; None where the calendar has none."""
    return _one(add_business_days(today, -1, calendar))


def next_business_day(today: date, *, calendar: Calendar = MONDAY_TO_FRIDAY) -> Span | None:
    """The business day after `today`, as a span of one date; None where the calendar has none."""
    return _one(add_business_days(today, 1, calendar))


def last_days(today: date, number: int, *, calendar: Calendar | None = None) -> Span | None:
    """The `number` days (business days of `calendar`, where one is given) before `today`."""
    if number < 1:
        raise RuleError("days", f"{number} is below 1", "Write how many days.")
    last = today - timedelta(days=1)
    first: date | None = today - timedelta(days=number)
    if calendar is not None:
        first = add_business_days(today, -number, calendar)
    return Span(first, last, _dates(first, last)) if first else None


def _one(day: date | None) -> Span | None:
    return Span(day, day, long_date(day)) if day else None


def _dates(first: date, last: date) -> str:
    """ "1 to 24 November 2026", with as much of the first date as differs."""
    if first == last:
        return long_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {long_date(last)}"
    return f"{long_date(first)} to {long_date(last)}"
