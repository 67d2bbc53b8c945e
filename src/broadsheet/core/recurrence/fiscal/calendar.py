"""What every fiscal calendar answers, worked out from where its years and months begin."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.fiscal.period import MARKS, UNITS, Period, Unit

MONTHS_OF: dict[Unit, int] = {"period": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Year:
    """The first dates of the twelve months, then the first date of the next year; the same for the weeks."""

    months: tuple[date, ...]
    weeks: tuple[date, ...]


class FiscalCalendar(ABC):
    """Years of twelve months in four quarters and two halves, and weeks. Hashable and pure."""

    __slots__ = ()

    @abstractmethod
    def _months(self, year: int, /) -> tuple[date, ...]:
        """The first dates of the twelve months of that fiscal year."""

    @abstractmethod
    def _weeks(self, first: date, following: date, /) -> tuple[date, ...]:
        """The first dates of the weeks of the year that begins on `first` and ends before `following`."""

    @abstractmethod
    def _guess(self, day: date, /) -> int:
        """The fiscal year of `day`, or one beside it."""

    @abstractmethod
    def _label(self, unit: Unit, year: int, number: int, /) -> str:
        """What people call that period."""

    def year_of(self, day: date) -> int:
        """The number of the fiscal year that holds `day`."""
        year = self._guess(day)
        while day < _year(self, year).months[0]:
            year -= 1
        while day >= _year(self, year).months[-1]:
            year += 1
        return year

    def period(self, day: date, unit: Unit) -> Period:
        """The week, period (fiscal month), quarter, half or year that holds `day`. RuleError for another unit."""
        year = self.year_of(day)
        return self.numbered(unit, year, bisect_right(self.starts(unit, year), day))

    def numbered(self, unit: Unit, year: int, number: int) -> Period:
        """The `number`-th such period of the fiscal year, from 1. RuleError where the year has not that many."""
        starts = self.starts(unit, year)
        if not 1 <= number < len(starts):
            problem = f"the fiscal year {year} has no {unit} {number}"
            raise RuleError("number", problem, f"Write 1 to {len(starts) - 1}.")
        first, last = starts[number - 1], date.fromordinal(starts[number].toordinal() - 1)
        return Period(unit, year, number, first, last, self._label(unit, year, number))

    def starts(self, unit: Unit, year: int) -> tuple[date, ...]:
        """The first dates of the year's periods, ascending, and the first date of the next year."""
        if unit not in UNITS:
            fix = did_you_mean(unit, {one: one for one in UNITS}, otherwise=f"Write one of: {', '.join(UNITS)}.")
            raise RuleError("unit", f'"{unit}" is not known', fix)
        found = _year(self, year)
        return found.weeks if unit == "week" else found.months[:: MONTHS_OF[unit]]

    def previous(self, period: Period, by: int = 1) -> Period:
        """The period `by` before that one, of the same unit."""
        return self.next(period, -by)

    def next(self, period: Period, by: int = 1) -> Period:
        """The period `by` after that one, of the same unit."""
        year, number = period.year, period.number + by
        while number < 1:
            year -= 1
            number += len(self.starts(period.unit, year)) - 1
        while number > (many := len(self.starts(period.unit, year)) - 1):
            year, number = year + 1, number - many
        return self.numbered(period.unit, year, number)

    def weeks_in(self, year: int) -> int:
        """How many weeks the fiscal year has: 52 or 53 where it is made of weeks."""
        return len(self.starts("week", year)) - 1


@lru_cache(maxsize=4096)
def _year(calendar: FiscalCalendar, year: int) -> Year:
    months = (*calendar._months(year), calendar._months(year + 1)[0])
    return Year(months, (*calendar._weeks(months[0], months[-1]), months[-1]))


def marked(unit: Unit, year: str, number: int) -> str:
    """ "FY2026 P03", "FY2026 Q1", "FY2026"."""
    if unit == "year":
        return year
    return f"{year} {MARKS[unit]}{number:02d}" if unit in ("week", "period") else f"{year} {MARKS[unit]}{number}"
