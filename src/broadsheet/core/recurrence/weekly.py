"""Weekly rules: chosen weekdays, every N weeks counted from an anchor week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.naming import WEEKDAYS, ordinal
from broadsheet.core.recurrence.rule import LAST_ORDINAL, check_interval


@dataclass(frozen=True, slots=True)
class Weekly:
    """Chosen weekdays of every `interval`-th week.

    weekdays: 0 = Monday to 6 = Sunday, at least one.
    interval: 1 or more, in ISO weeks (ISO 8601: Monday first).
    anchor: a local date in a week that counts; needed when interval > 1. The count runs both ways from it.
    """

    weekdays: frozenset[int]
    interval: int = 1
    anchor: date | None = None

    def __post_init__(self) -> None:
        check_interval(self.interval, anchor=self.anchor)
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise RuleError("on", "a weekly rule needs weekdays from Monday to Sunday", 'Write "on: [mon, thu]".')

    def dates_from(self, start: date, /) -> Iterator[date]:
        first = start.toordinal()
        week = _week_number(start)
        if self.anchor is not None:
            week += (_week_number(self.anchor) - week) % self.interval
        offsets = sorted(self.weekdays)
        while (monday := week * 7 + 1) + 6 <= LAST_ORDINAL:
            for offset in offsets:
                if monday + offset >= first:
                    yield date.fromordinal(monday + offset)
            week += self.interval

    def why(self, day: date, /) -> str:
        name = WEEKDAYS[day.weekday()]
        return f"every {name}" if self.interval == 1 else f"{name} of every {ordinal(self.interval)} week"


def _week_number(day: date) -> int:
    """Whole ISO weeks since 1 January of the year 1, which is a Monday."""
    return (day.toordinal() - 1) // 7
