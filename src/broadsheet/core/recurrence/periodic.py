"""Quarterly, yearly and other rules by period: a date counted from the start or the end of each."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar, add_business_days
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar
from broadsheet.core.recurrence.fiscal.months import CALENDAR_YEAR
from broadsheet.core.recurrence.month_patterns import MonthPattern
from broadsheet.core.recurrence.naming import MONTHS, WEEKDAYS, listed, ordinal, position
from broadsheet.core.recurrence.rule import LAST_ORDINAL, check_interval

PeriodUnit = Literal["period", "quarter", "half", "year"]
UNITS: tuple[PeriodUnit, ...] = ("period", "quarter", "half", "year")
PER_YEAR: dict[PeriodUnit, int] = {"period": 12, "quarter": 4, "half": 2, "year": 1}
MOST_DAYS: dict[PeriodUnit, int] = {"period": 42, "quarter": 105, "half": 196, "year": 378}  # with a 53rd week
CYCLE_YEARS = 400
KEPT = 512  # periods whose date a rule remembers
LAST_YEAR = date.fromordinal(LAST_ORDINAL).year - 1  # a fiscal year may end in the year after its own
Count = Literal["day", "weekday", "business_day"]


@dataclass(frozen=True, slots=True)
class InPeriod:
    """The nth day, weekday or business day of every `interval`-th period; a period without it is left out.

    unit: quarter, half or year of `fiscal`, or "period", its month.
    nth: from 1 from the start, from -1 from the end.
    count: what is counted. weekday: which one, 0 = Monday, for "weekday" alone.
    calendar: says what a business day is. fiscal: says where periods begin; the calendar year unless given.
    interval, anchor: every how many periods, and a local date in one that counts.
    """

    unit: PeriodUnit
    nth: int
    count: Count = "day"
    weekday: int | None = None
    calendar: Calendar = MONDAY_TO_FRIDAY
    fiscal: FiscalCalendar = CALENDAR_YEAR
    interval: int = 1
    anchor: date | None = None
    _kept: dict[int, date | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kept", {})
        check_interval(self.interval, anchor=self.anchor)
        most = MOST_DAYS[self.unit] if self.count == "day" else MOST_DAYS[self.unit] * 5 // 7 + 2
        most = MOST_DAYS[self.unit] // 7 if self.count == "weekday" else most
        if not 1 <= abs(self.nth) <= most:
            fix = f"Write 1 to {most}, or -1 for the last."
            raise RuleError(f"on.{_KEYS[self.count]}", f"no {self.unit} has a number {self.nth}", fix)
        if (self.weekday is not None) != (self.count == "weekday"):
            raise RuleError(
                "on.weekday", "a weekday belongs to nth, and nth to a weekday", "Write {nth: 1, weekday: mon}."
            )

        if self.count != "business_day":
            object.__setattr__(self, "calendar", MONDAY_TO_FRIDAY)  # it is not asked, and so makes no difference

    def dates_from(self, start: date, /) -> Iterator[date]:
        per_year, misses = PER_YEAR[self.unit], 0
        if max(start, self.anchor or start).year > LAST_YEAR:  # the year of such a day has no end that is a date
            return
        number = self._number(start)
        if self.anchor is not None:
            number += (self._number(self.anchor) - number) % self.interval
        while number // per_year <= LAST_YEAR and misses <= CYCLE_YEARS * per_year:
            day = self._kept[number] if number in self._kept else self._remembered(number)
            misses = misses + 1 if day is None else 0
            if day is not None and day >= start:
                yield day
            number += self.interval

    def why(self, day: date, /) -> str:
        fiscal = "" if self.fiscal == CALENDAR_YEAR else "fiscal "
        unit = "month" if self.unit == "period" else self.unit
        every = "" if self.interval == 1 else f", every {ordinal(self.interval)} {unit}"
        label = self.label_of(day)
        return f"{position(self.nth)} {self.counted} of the {fiscal}{unit}{every}{f' ({label})' if label else ''}"

    def label_of(self, day: date) -> str:
        """What the fiscal period is called that one of the rule's dates is in: "FY2026 Q3"; "" for calendar years."""
        return "" if self.fiscal == CALENDAR_YEAR else self.fiscal.period(day, self.unit).label

    @property
    def counted(self) -> str:
        """ "day", "business day", "Friday"."""
        return {"day": "day", "business_day": "business day", "weekday": WEEKDAYS[self.weekday or 0]}[self.count]

    def _number(self, day: date) -> int:
        year = self.fiscal.year_of(day)
        return year * PER_YEAR[self.unit] + bisect_right(self.fiscal.starts(self.unit, year), day) - 1

    def _remembered(self, number: int) -> date | None:
        if len(self._kept) >= KEPT:
            self._kept.clear()
        return self._kept.setdefault(number, self._date(number))

    def _date(self, number: int) -> date | None:
        year, index = divmod(number, PER_YEAR[self.unit])
        starts = self.fiscal.starts(self.unit, year)
        first, end = starts[index].toordinal(), starts[index + 1].toordinal()
        nth = self.nth
        if self.count == "business_day":
            found = _business(first - 1 if nth > 0 else end, nth, self.calendar)
        elif self.count == "day":
            found = first + nth - 1 if nth > 0 else end + nth
        else:
            day = first + ((self.weekday or 0) - (first - 1)) % 7
            found = day + 7 * (nth - 1) if nth > 0 else day + 7 * ((end - 1 - day) // 7 + nth + 1)
        return date.fromordinal(found) if first <= found < end else None


@dataclass(frozen=True, slots=True)
class Yearly:
    """A pattern of a month, in named months of every `interval`-th year.

    on: as for `Monthly`. months: 1 to 12, at least one.
    anchor: a local date in a year that counts; needed when interval > 1.
    """

    on: MonthPattern
    months: tuple[int, ...]
    interval: int = 1
    anchor: date | None = None

    def __post_init__(self) -> None:
        check_interval(self.interval, anchor=self.anchor)
        object.__setattr__(self, "months", tuple(sorted(set(self.months))))
        if not self.months or not set(self.months) <= set(range(1, 13)):
            raise RuleError("months", "months from 1 to 12 are needed", "Write months: [mar, sep].")

    def dates_from(self, start: date, /) -> Iterator[date]:
        year = start.year - (1 if self.on.rolls_over and start.year > 1 else 0)
        if self.anchor is not None:
            year += (self.anchor.year - year) % self.interval
        misses = 0
        while year <= LAST_YEAR and misses <= CYCLE_YEARS:
            misses += 1
            for month in self.months:
                day = self.on.date_in(year, month)
                if day is not None:
                    misses = 0
                    if day >= start:
                        yield day
            year += self.interval

    def why(self, day: date, /) -> str:
        every = "" if self.interval == 1 else f", every {ordinal(self.interval)} year"
        return f"{self.on.why(day)} in {listed([MONTHS[month - 1] for month in self.months])}{every}"


_KEYS = {"day": "day", "weekday": "nth", "business_day": "business_day"}


def _business(ordinal: int, nth: int, calendar: Calendar) -> int:
    """The ordinal of the nth business day after (or before) an ordinal; 0 when there is none."""
    found = add_business_days(date.fromordinal(max(ordinal, 1)), nth, calendar)
    return found.toordinal() if found else 0
