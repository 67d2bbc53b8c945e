"""Business days as tables of 512 dates, made when first asked for: what makes a calendar cheap to ask a million times.

A power of two parts an ordinal by shift and mask; a block is about 17 months. Blocks are made from `decide`, which may
be slow: it is asked once per date.
"""

from bisect import bisect_left
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from broadsheet.core.recurrence.calendars.base import Calendar

SHIFT = 9
SIZE = 1 << SHIFT
MASK = SIZE - 1
LAST_ORDINAL = date.max.toordinal()
LAST_BLOCK = LAST_ORDINAL >> SHIFT


class Blocks(dict[int, tuple[bool, ...]]):
    """Block number -> whether each of its 512 dates is a business day. Missing blocks make themselves."""

    def __init__(self, decide: Callable[[date], bool]) -> None:
        super().__init__()
        self._decide = decide
        self._days: dict[int, list[int]] = {}

    def __missing__(self, number: int) -> tuple[bool, ...]:
        first = number << SHIFT
        decide, from_ordinal = self._decide, date.fromordinal
        made = tuple(
            1 <= ordinal <= LAST_ORDINAL and decide(from_ordinal(ordinal)) for ordinal in range(first, first + SIZE)
        )
        self[number] = made
        return made

    def days(self, number: int) -> list[int]:
        """The ordinals of the block's business days, ascending."""
        found = self._days.get(number)
        if found is None:
            first = number << SHIFT
            found = self._days[number] = [first + offset for offset, open_ in enumerate(self[number]) if open_]
        return found

    def before(self, ordinal: int) -> int:
        """How many business days of its block lie before `ordinal`."""
        return bisect_left(self.days(ordinal >> SHIFT), ordinal)


def blocks_of(calendar: Calendar) -> Blocks:
    """The calendar's own table where it keeps one, else one kept for it here."""
    own = getattr(calendar, "blocks", None)
    return own if isinstance(own, Blocks) else _kept(calendar)


@lru_cache(maxsize=256)
def _kept(calendar: Calendar) -> Blocks:
    return Blocks(calendar.is_business_day)
