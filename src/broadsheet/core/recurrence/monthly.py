"""Monthly rules: one date in every N-th month, found by a pattern."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broadsheet.core.recurrence.month_patterns import MonthPattern
from broadsheet.core.recurrence.naming import ordinal
from broadsheet.core.recurrence.rule import LAST_ORDINAL, check_interval

LAST_MONTH = date.fromordinal(LAST_ORDINAL).year * 12 + 10  # November 9999: a pattern may roll into the next month
GREGORIAN_CYCLE_MONTHS = 4800  # 400 years are 146,097 days, a whole number of weeks: then everything repeats


@dataclass(frozen=True, slots=True)
class Monthly:
    """One date in every `interval`-th month.

    on: which date of the month: `DayOfMonth`, `NthWeekday` or `NthBusinessDay`.
    interval: 1 or more, in months.
    anchor: a local date in a month that counts; needed when interval > 1. The count runs both ways from it.
    """

    on: MonthPattern
    interval: int = 1
    anchor: date | None = None

    def __post_init__(self) -> None:
        check_interval(self.interval, anchor=self.anchor)

    def dates_from(self, start: date, /) -> Iterator[date]:
        """As `Rule.dates_from`. A rule such as 30 February ends after one Gregorian cycle of misses."""
        month = self._first_month(start)
        misses = 0
        while month <= LAST_MONTH and misses < GREGORIAN_CYCLE_MONTHS:
            day = self.on.date_in(month // 12, month % 12 + 1)
            misses = misses + 1 if day is None else 0
            if day is not None and day >= start:
                yield day
            month += self.interval

    def _first_month(self, start: date) -> int:
        """The first counted month whose date can be on or after `start`, as months since the year 0."""
        month = _month_number(start)
        if self.on.rolls_over and month > 12:
            month -= 1
        if self.anchor is not None:
            month += (_month_number(self.anchor) - month) % self.interval
        return month

    def why(self, day: date, /) -> str:
        reason = self.on.why(day)
        return reason if self.interval == 1 else f"{reason}, every {ordinal(self.interval)} month"


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
