"""What a calendar says of one day, and of a year day by day, for pages and for whoever cannot ask the calendar itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from broadsheet.core.recurrence.calendars import AllOf, AnyOf, Business, Calendar, Except, HalfDay
from broadsheet.core.recurrence.calendars.said import closure_of
from broadsheet.core.recurrence.naming import WEEKDAYS

Kind = Literal["open", "closed", "weekend", "half", "extra"]


@dataclass(frozen=True, slots=True)
class DayOf:
    """One date. kind: a business day is open, half (it ends early) or extra (it would be closed but for its definition);
    a weekend is closed for no other reason. why: in words; empty for an open one. closes: local time of a half day's
    end; None where only that it is early is known."""

    date: date
    kind: Kind
    why: str = ""
    closes: time | None = None


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


def day_of(calendar: Calendar, day: date, language: str = "en") -> DayOf:
    """What that date is. language: of `why` (BCP 47), where the calendar knows names in it."""
    reason = calendar.closure(day)
    if reason:
        return DayOf(day, "weekend" if is_weekend(reason) else "closed", closure_of(calendar, day, language))
    if half := half_day(calendar, day, language):
        return DayOf(day, "half", half.name, half.closes)
    opened = calendar.opened(day, language) if isinstance(calendar, Business) else ""
    return DayOf(day, "extra", opened) if opened else DayOf(day, "open")


def days_of(calendar: Calendar, year: int, language: str = "en") -> Iterator[DayOf]:
    """Every date of the *year* (1 to 9999), ascending."""
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        yield day_of(calendar, date.fromordinal(ordinal), language)


def year_of(calendar: Calendar, year: int, *, language: str = "en") -> CalendarYear:
    """*year*: 1 to 9999. *language*: of the names, where they are known in it."""
    days = list(days_of(calendar, year, language))
    shut = [one for one in days if one.kind in ("closed", "weekend")]
    return CalendarYear(
        tuple(one.date for one in days if one.kind not in ("closed", "weekend")),
        tuple(Closure(one.date, one.why, one.kind == "weekend") for one in shut),
        tuple(Half(one.date, one.why, one.closes) for one in days if one.kind == "half"),
    )


def is_weekend(reason: str) -> bool:
    """Whether a closure is nothing but a weekday: “Saturday”, “Friday (Dubai); Friday (Riyadh)”."""
    return all(part.strip().partition(" (")[0] in WEEKDAYS for part in reason.split(";"))


def half_day(calendar: Calendar, day: date, language: str = "en") -> HalfDay | None:
    """How the date ends early. With all of several calendars, when the first one does; with any of them, when all that
    work do, and the last one's end counts."""
    match calendar:
        case Business():
            return calendar.half_day(day, language)
        case AllOf(members=members):
            return min(_halves(members, day, language), key=_end, default=None)
        case AnyOf(members=members):
            working = [member for member in members if member.is_business_day(day)]
            halves = list(_halves(tuple(working), day, language))
            return max(halves, key=_end) if halves and len(halves) == len(working) else None
        case Except(base=base):
            return half_day(base, day, language)
        case _:
            return None


def _halves(members: tuple[Calendar, ...], day: date, language: str) -> Iterator[HalfDay]:
    yield from (half for member in members if (half := half_day(member, day, language)))


def _end(half: HalfDay) -> time:
    return half.closes or time.max
