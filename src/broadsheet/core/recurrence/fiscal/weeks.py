"""Fiscal years of whole weeks: 52 of them, and a 53rd every five or six years.

The National Retail Federation's 4-5-4 calendar, the 52/53-week years that US tax law allows (26 CFR 1.441-2), ISO 8601
weeks and the broadcast calendar are all of this kind. They differ in the rule that says where a year ends.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar, marked
from broadsheet.core.recurrence.fiscal.months import NamedBy
from broadsheet.core.recurrence.fiscal.period import Unit
from broadsheet.core.recurrence.naming import WEEKDAYS

Pattern = Literal["4-4-5", "4-5-4", "5-4-4"]
PATTERNS: dict[str, tuple[int, int, int]] = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}
Rule = Literal["last", "nearest"]


@dataclass(frozen=True, slots=True)
class YearEnd:
    """Where a year of weeks ends.

    month, weekday: the last (or nearest) `weekday` (0 = Monday) of the end of calendar month `month`.
    rule: "last" is the last such weekday in the month; "nearest" the one nearest to the month's last day, which may lie
    up to three days into the next month.
    """

    month: int
    weekday: int
    rule: Rule = "last"

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise RuleError("ends.month", f"{self.month} is no month", "Write 1 for January to 12 for December.")
        if not 0 <= self.weekday <= 6:
            raise RuleError("ends.weekday", f"{self.weekday} is no weekday", "Write for instance sat.")
        if self.rule not in ("last", "nearest"):
            raise RuleError("ends.rule", f'"{self.rule}" is not known', 'Write "last" or "nearest".')

    def in_year(self, year: int) -> date:
        """The last day of the fiscal year that ends in (or, by up to three days, after) that calendar year's month."""
        month_end = date(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)
        back = (month_end.weekday() - self.weekday) % 7
        if self.rule == "nearest" and back > 3:
            back -= 7
        return month_end - timedelta(days=back)


@dataclass(frozen=True, slots=True)
class FiscalWeeks(FiscalCalendar):
    """Twelve months of four or five whole weeks each.

    pattern: weeks of the three months of a quarter. The 53rd week goes to month `leap_month`, the last one unless said.
    ends: where the years end.
    named_by: a year has the number of the calendar year in which it ends, or of the one in which it starts (as in US
    retail: the year that ends about 31 January 2024 is 2023).
    prefix: before the year in labels.
    """

    ends: YearEnd
    pattern: Pattern = "4-4-5"
    named_by: NamedBy = "end"
    leap_month: int = 12
    prefix: str = "FY"

    def __post_init__(self) -> None:
        if self.pattern not in PATTERNS:
            known = {one: one for one in PATTERNS}
            fix = did_you_mean(self.pattern, known, otherwise=f"Write one of: {', '.join(PATTERNS)}.")
            raise RuleError("pattern", f'"{self.pattern}" is not known', fix)
        if not 1 <= self.leap_month <= 12:
            raise RuleError("leap_month", f"{self.leap_month} is no month of a year", "Write 1 to 12.")

    @property
    def week_starts(self) -> int:
        return (self.ends.weekday + 1) % 7

    def describe(self) -> str:
        """ "4-5-4 weeks, years end on the Saturday nearest to the end of month 1"."""
        which = "nearest to the end" if self.ends.rule == "nearest" else "that is the last"
        return (
            f"{self.pattern} weeks, years end on the {WEEKDAYS[self.ends.weekday]} {which} of month {self.ends.month}"
        )

    def _first(self, year: int) -> date:
        ends_in = year if self.named_by == "end" else year + 1
        return self.ends.in_year(ends_in - 1) + timedelta(days=1)

    def _months(self, year: int, /) -> tuple[date, ...]:
        starts, following = [self._first(year)], self._first(year + 1)
        leap = ((following - starts[0]).days // 7) - 52
        for month in range(1, 12):
            weeks = PATTERNS[self.pattern][(month - 1) % 3] + (leap if month == self.leap_month else 0)
            starts.append(starts[-1] + timedelta(weeks=weeks))
        return tuple(starts)

    def _weeks(self, first: date, following: date, /) -> tuple[date, ...]:
        return tuple(first + timedelta(days=days) for days in range(0, (following - first).days, 7))

    def _guess(self, day: date, /) -> int:
        return day.year

    def _label(self, unit: Unit, year: int, number: int, /) -> str:
        if not self.prefix and unit == "week":
            return f"{year}-W{number:02d}"
        return marked(unit, f"{self.prefix}{year}", number)


@dataclass(frozen=True, slots=True)
class Broadcast(FiscalCalendar):
    """The broadcast calendar: weeks from Monday, months that end on the last Sunday of the calendar month."""

    def _months(self, year: int, /) -> tuple[date, ...]:
        return tuple(_monday_of(date(year, month, 1)) for month in range(1, 13))

    def _weeks(self, first: date, following: date, /) -> tuple[date, ...]:
        return tuple(first + timedelta(days=days) for days in range(0, (following - first).days, 7))

    def _guess(self, day: date, /) -> int:
        return day.year

    def _label(self, unit: Unit, year: int, number: int, /) -> str:
        return marked(unit, str(year), number)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


# An ISO year ends on the Sunday nearest to 31 December: its weeks have their Thursday in the year (ISO 8601).
ISO = FiscalWeeks(YearEnd(12, 6, "nearest"), prefix="")
BROADCAST = Broadcast()
