"""Which date of a month a monthly rule means."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.naming import MONTHS, WEEKDAYS, ordinal, position

ShortMonth = Literal["clamp", "skip", "next"]
SHORT_MONTHS: tuple[ShortMonth, ...] = ("clamp", "skip", "next")
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOST_BUSINESS_DAYS = 23  # a month of 31 days that starts Monday to Wednesday, with a two-day weekend


class MonthPattern(Protocol):
    """Finds at most one date for a month."""

    @property
    def rolls_over(self) -> bool:
        """Whether the date may fall in the month after the one asked for."""

    def date_in(self, year: int, month: int, /) -> date | None:
        """The date for that month, or None when the month has none."""

    def why(self, day: date, /) -> str:
        """Why one of its dates is one, in short English."""


def length_of(year: int, month: int) -> int:
    """How many days a month has; `calendar.monthrange` looks up the weekday of its first as well, which takes longer."""
    return 29 if month == 2 and isleap(year) else LENGTHS[month - 1]


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day by its number.

    day: 1 to 31.
    short_month: in a month without that day: "clamp" takes its last day, "skip" leaves the month out, "next" takes the
        first of the following month (RFC 7529, section 4.1: SKIP=BACKWARD, OMIT and FORWARD).
    """

    day: int
    short_month: ShortMonth = "clamp"

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 31:
            raise RuleError(
                "on.day", f"{self.day} is no day of a month", 'Write 1 to 31; the last day is "day: 31, short: clamp".'
            )
        if self.short_month not in SHORT_MONTHS:
            raise RuleError("on.short", f'"{self.short_month}" is not known', 'Write "clamp", "skip" or "next".')

    @property
    def rolls_over(self) -> bool:
        return self.short_month == "next" and self.day > 28

    def date_in(self, year: int, month: int, /) -> date | None:
        if self.day <= 28 or self.day <= (length := length_of(year, month)):
            return date(year, month, self.day)
        if self.short_month == "skip":
            return None
        if self.short_month == "clamp":
            return date(year, month, length)
        return date(year + month // 12, month % 12 + 1, 1)

    def why(self, day: date, /) -> str:
        if day.day == self.day:
            return f"{ordinal(self.day)} of the month"
        if self.short_month == "clamp":
            return f"last day of the month: {MONTHS[day.month - 1]} has no {ordinal(self.day)}"
        return f"first of the next month: {MONTHS[day.month - 2]} has no {ordinal(self.day)}"


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth Monday, Tuesday, … of a month; a month without a fifth one is left out.

    nth: 1 to 5 from the start, -1 to -5 from the end.
    weekday: 0 = Monday.
    """

    nth: int
    weekday: int

    def __post_init__(self) -> None:
        if not 1 <= abs(self.nth) <= 5:
            raise RuleError("on.nth", f"no month has a weekday number {self.nth}", "Write 1 to 5, or -1 for the last.")
        if not 0 <= self.weekday <= 6:
            raise RuleError("on.weekday", f"{self.weekday} is no weekday", "Write mon, tue, wed, thu, fri, sat or sun.")

    @property
    def rolls_over(self) -> bool:
        return False

    def date_in(self, year: int, month: int, /) -> date | None:
        length = length_of(year, month)
        day = 1 + (self.weekday - date(year, month, 1).weekday()) % 7  # the first such weekday
        if self.nth > 0:
            day += 7 * (self.nth - 1)
        else:
            day += 7 * ((length - day) // 7 + self.nth + 1)  # from the last such weekday backwards
        return date(year, month, day) if 1 <= day <= length else None

    def why(self, day: date, /) -> str:
        return f"{position(self.nth)} {WEEKDAYS[self.weekday]} of the month"


@dataclass(frozen=True, slots=True)
class NthBusinessDay:
    """The nth business day of a month; a month with fewer is left out.

    nth: 1 to 23 from the start, -1 to -23 from the end.
    calendar: says what a business day is; Monday to Friday unless given.
    """

    nth: int
    calendar: Calendar = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        if not 1 <= abs(self.nth) <= MOST_BUSINESS_DAYS:
            raise RuleError(
                "on.business_day",
                f"no month has a business day number {self.nth}",
                f"Write 1 to {MOST_BUSINESS_DAYS}, or -1 for the last.",
            )

    @property
    def rolls_over(self) -> bool:
        return False

    def date_in(self, year: int, month: int, /) -> date | None:
        length = length_of(year, month)
        is_business_day = self.calendar.is_business_day
        wanted = abs(self.nth)
        for number in range(1, length + 1) if self.nth > 0 else range(length, 0, -1):
            day = date(year, month, number)
            if is_business_day(day):
                wanted -= 1
                if not wanted:
                    return day
        return None

    def why(self, day: date, /) -> str:
        return f"{position(self.nth)} business day of the month"
