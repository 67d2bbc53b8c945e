"""Which dates are business days. Holidays and their algebra come from whoever implements `Calendar`."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

SATURDAY, SUNDAY = 5, 6


class Calendar(Protocol):
    """Anything that knows its business days. Must be hashable, and answer the same for the same date."""

    def is_business_day(self, day: date, /) -> bool:
        """True when business is done on that local date."""


@dataclass(frozen=True, slots=True)
class Weekends:
    """A calendar without holidays: every date is a business day except the weekend.

    days_off: weekdays without business, 0 = Monday.
    """

    days_off: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def is_business_day(self, day: date, /) -> bool:
        return day.weekday() not in self.days_off


MONDAY_TO_FRIDAY = Weekends()
