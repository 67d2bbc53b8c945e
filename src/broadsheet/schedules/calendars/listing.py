"""A year of a calendar, day by day, for whoever cannot ask the calendar itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from broadsheet.core.recurrence.calendars import AllOf, AnyOf, Business, Calendar, Except, HalfDay
from broadsheet.core.recurrence.naming import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Closure:
    """A date without business and why. weekend: that it is nothing but a day of the weekend."""

    date: date
    name: str
    weekend: bool


@dataclass(frozen=True, slots=True)
class Half:
    """A business day that ends early. closes: local time; None where only that it is early is known."""

    date: date
    name: str
    closes: time | None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """Each date of a year once, ascending, as a business day or a closure; half days are business days too."""

    business_days: tuple[date, ...]
    closures: tuple[Closure, ...]
    half_days: tuple[Half, ...]


def year_of(calendar: Calendar, year: int) -> CalendarYear:
    """*year*: 1 to 9999."""
    days = [date.fromordinal(one) for one in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)]
    business = tuple(day for day in days if calendar.is_business_day(day))
    closures = tuple(_closure(calendar, day) for day in days if not calendar.is_business_day(day))
    halves = tuple(Half(day, half.name, half.closes) for day in business if (half := half_day(calendar, day)))
    return CalendarYear(business, closures, halves)


def half_day(calendar: Calendar, day: date) -> HalfDay | None:
    """How the date ends early. With all of several calendars, when the first one does; with any of them, when all that
    work do, and the last one's end counts."""
    match calendar:
        case Business():
            return calendar.half_day(day)
        case AllOf(members=members):
            return min(_halves(members, day), key=_end, default=None)
        case AnyOf(members=members):
            working = [member for member in members if member.is_business_day(day)]
            halves = list(_halves(tuple(working), day))
            return max(halves, key=_end) if halves and len(halves) == len(working) else None
        case Except(base=base):
            return half_day(base, day)
        case _:
            return None


def _halves(members: tuple[Calendar, ...], day: date) -> Iterator[HalfDay]:
    yield from (half for member in members if (half := half_day(member, day)))


def _end(half: HalfDay) -> time:
    return half.closes or time.max


def _closure(calendar: Calendar, day: date) -> Closure:
    name = calendar.closure(day)
    return Closure(day, name, name.partition(" (")[0] == WEEKDAYS[day.weekday()])
