"""Cron expressions as the engine walks them: field by field, from the month down."""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Literal

from broadsheet.core.recurrence.clock import Clock, Fields
from broadsheet.core.recurrence.cron.expression import Expression, expression_from
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.rule import LAST_ORDINAL

Days = Literal["either", "both"]
DAYS: tuple[Days, ...] = ("either", "both")
LAST_MONTH = date.fromordinal(LAST_ORDINAL).year * 12 + 11
CYCLE_MONTHS = 4800  # 400 years, after which dates and weekdays repeat


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression.

    expression: five or six fields, or @daily and the like; spaces are made single.
    days: where both day and weekday are given. "either" is what Vixie's cron does: one of them is enough, unless a field
        begins with * or ?; then both must fit. "both": always both.
    """

    expression: str
    days: Days = "either"
    _read: Expression = field(init=False, repr=False, compare=False)
    _clock: Fields = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.days not in DAYS:
            raise RuleError("cron_days", f'"{self.days}" is not known', f"Write one of: {', '.join(DAYS)}.")
        read = expression_from(self.expression)
        object.__setattr__(self, "expression", " ".join(self.expression.split()))
        object.__setattr__(self, "_read", read)
        object.__setattr__(self, "_clock", Fields(read.hours, read.minutes, read.seconds))

    @property
    def has_times(self) -> bool:
        return True

    @property
    def keeps_pace(self) -> bool:
        """Whether it runs on through clock changes, as jobs do whose minute or hour begins with *: crontab(5)."""
        return self._read.every_hour

    def dates_from(self, start: date, /) -> Iterator[date]:
        months, both = self._read.months, self.days == "both"
        month = start.year * 12 + start.month - 1
        first, misses = start.day, 0
        while month <= LAST_MONTH and misses < CYCLE_MONTHS:
            number = month % 12 + 1
            if number not in months:
                index = bisect_left(months, number)
                skipped = months[index] - number if index < len(months) else months[0] + 12 - number
                month, first, misses = month + skipped, 1, misses + skipped
                continue
            days = dates_in_month(self.expression, both, month // 12, number)
            misses = 0 if days else misses + 1
            yield from days[bisect_left(days, start) :] if first > 1 else days
            month, first = month + 1, 1

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        return zip(self.dates_from(start), repeat(self._clock))

    def why(self, day: date, /) -> str:
        return f'by cron "{self.expression}"'


@lru_cache(maxsize=16_384)
def dates_in_month(expression: str, both: bool, year: int, month: int) -> tuple[date, ...]:
    """The dates of a wanted month, ascending. By the expression's text, which is quicker to look up than its fields."""
    read = expression_from(expression)
    first, length = monthrange(year, month)
    by_day = {*read.days, *(length - back for back in read.days_from_last), *_nearest(read, first, length)}
    wanted = {day for day in by_day if 1 <= day <= length}
    fitting = {day for day in range(1, length + 1) if (first + day - 1) % 7 in read.weekdays}
    for nth, weekday in read.nth_weekdays:
        days = range(1 + (weekday - first) % 7, length + 1, 7)
        if nth <= len(days):
            fitting.add(days[nth - 1 if nth > 0 else nth])
    chosen = wanted & fitting if both or read.every_day or read.every_weekday else wanted | fitting
    return tuple(
        day for day in (date(year, month, number) for number in sorted(chosen)) if day.toordinal() <= LAST_ORDINAL
    )


def _nearest(read: Expression, first: int, length: int) -> Iterator[int]:
    """W: the Monday to Friday nearest to a day, inside its month; a day that the month has not gives none."""
    for number in read.nearest:
        day = number or length
        weekday = (first + day - 1) % 7
        if day > length:
            continue
        if weekday == 5:
            yield day - 1 if day > 1 else day + 2
        elif weekday == 6:
            yield day + 1 if day < length else day - 2
        else:
            yield day
