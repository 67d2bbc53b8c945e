"""Daily rules: every day, every weekday, every N days, every N weekdays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broadsheet.core.recurrence.naming import ordinal
from broadsheet.core.recurrence.rule import LAST_ORDINAL, check_interval


@dataclass(frozen=True, slots=True)
class Daily:
    """Every `interval` days.

    interval: 1 or more. With `weekdays_only` it counts weekdays: 2 from a Monday is Mon, Wed, Fri, Tue, Thu.
    weekdays_only: Saturdays and Sundays are neither fired on nor counted. Holidays are not looked at.
    anchor: a local date that counts as number 0; needed when interval > 1. The count runs both ways from it, so it is
        no start (`Timing.starts` is). A weekend anchor under `weekdays_only` means the Monday after it.
    """

    interval: int = 1
    weekdays_only: bool = False
    anchor: date | None = None

    def __post_init__(self) -> None:
        check_interval(self.interval, anchor=self.anchor)

    def dates_from(self, start: date, /) -> Iterator[date]:
        to_day, to_number = (_weekday_ordinal, _weekday_number) if self.weekdays_only else (int, date.toordinal)
        number = to_number(start)
        if self.anchor is not None:
            number += (to_number(self.anchor) - number) % self.interval
        while (day := to_day(number)) <= LAST_ORDINAL:
            yield date.fromordinal(day)
            number += self.interval

    def why(self, day: date, /) -> str:
        unit = "weekday" if self.weekdays_only else "day"
        return f"every {unit}" if self.interval == 1 else f"every {ordinal(self.interval)} {unit}"


def _weekday_number(day: date) -> int:
    """How many weekdays lie before `day`; a weekend day has the number of the Monday after it."""
    weeks, weekday = divmod(day.toordinal() - 1, 7)  # ordinal 1, 1 January of the year 1, is a Monday
    return weeks * 5 + min(weekday, 5)


def _weekday_ordinal(number: int) -> int:
    """The day ordinal of the weekday with that number."""
    weeks, weekday = divmod(number, 5)
    return weeks * 7 + weekday + 1
