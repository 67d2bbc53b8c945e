"""What a calendar is, and the one without holidays. Holidays are `business`'s, their algebra `algebra`'s."""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from broadsheet.core.recurrence.naming import WEEKDAYS, weekday_name

SATURDAY, SUNDAY = 5, 6


class Calendar(Protocol):
    """Anything that knows its business days. Must be hashable, and answer the same for the same date."""

    @property
    def name(self) -> str:
        """What people call it: “Monday to Friday”, “New York”."""

    def is_business_day(self, day: date, /) -> bool:
        """True when business is done on that local date."""

    def closure(self, day: date, /) -> str:
        """Why no business is done on that date, in short English: “Saturday”, “Thanksgiving Day (US)”. Empty for a
        business day. A calendar that knows other languages has a `closure_in(day, language)` as well (`said.closure_of`)."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Weekends:
    """A calendar without holidays: every date is a business day except the weekend.

    days_off: weekdays without business, 0 = Monday.
    name: what people call it; left out of comparisons, since it changes no date.
    """

    days_off: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", _week_words(self.days_off))

    def is_business_day(self, day: date, /) -> bool:
        return day.weekday() not in self.days_off

    def closure(self, day: date, /) -> str:
        return WEEKDAYS[day.weekday()] if day.weekday() in self.days_off else ""

    def closure_in(self, day: date, language: str) -> str:
        """`closure` in that language (BCP 47)."""
        return weekday_name(day.weekday(), language) if day.weekday() in self.days_off else ""


def _week_words(days_off: frozenset[int]) -> str:
    """ "Monday to Friday" for a run of days in a row, round the week's end too; else the days one by one."""
    days_on = [weekday for weekday in range(7) if weekday not in days_off]
    starts = [weekday for weekday in days_on if (weekday - 1) % 7 in days_off]
    if len(starts) == 1 and len(days_on) > 1:
        return f"{WEEKDAYS[starts[0]]} to {WEEKDAYS[(starts[0] + len(days_on) - 1) % 7]}"
    if not days_on:
        return "no day"
    return ", ".join(WEEKDAYS[weekday] for weekday in days_on) if days_off else "every day"


MONDAY_TO_FRIDAY = Weekends()
