"""Fiscal years of whole calendar months."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar, marked
from broadsheet.core.recurrence.fiscal.period import Unit

NamedBy = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class FiscalMonths(FiscalCalendar):
    """Twelve months from the first of `start`.

    start: 1 to 12. named_by: whether the year has the number of the calendar year in which it ends (the US government's)
    or of the one in which it starts (Japan's companies); without effect for January.
    week_starts: 0 = Monday. Weeks run from the year's first day to the next such weekday and on; the first and the last
    may be shorter.
    """

    start: int = 1
    named_by: NamedBy = "end"
    week_starts: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.start <= 12:
            raise RuleError("start", f"{self.start} is no month", "Write 1 for January to 12 for December.")
        if self.named_by not in ("start", "end"):
            raise RuleError("named_by", f'"{self.named_by}" is not known', 'Write "start" or "end".')

    def _months(self, year: int, /) -> tuple[date, ...]:
        begins = year if self.start == 1 or self.named_by == "start" else year - 1
        return tuple(
            date(begins + (self.start - 1 + offset) // 12, (self.start - 1 + offset) % 12 + 1, 1)
            for offset in range(12)
        )

    def _weeks(self, first: date, following: date, /) -> tuple[date, ...]:
        weeks = [first]
        day = first + timedelta(days=(self.week_starts - first.weekday() - 1) % 7 + 1)
        while day < following:
            weeks.append(day)
            day += timedelta(days=7)
        return tuple(weeks)

    def _guess(self, day: date, /) -> int:
        return day.year

    def _label(self, unit: Unit, year: int, number: int, /) -> str:
        if self.start == 1 and unit == "period":
            return f"{year}-{number:02d}"
        return marked(unit, str(year) if self.start == 1 else f"FY{year}", number)


CALENDAR_YEAR = FiscalMonths()
