"""Counting in business days. Each block of the table is passed at once, so that ten years cost eight steps."""

from datetime import date

from broadsheet.core.recurrence.calendars.base import Calendar
from broadsheet.core.recurrence.calendars.table import LAST_BLOCK, SHIFT, Blocks, blocks_of

EMPTY_BLOCKS = 12  # in a row, some 17 years: a calendar that has ended, not one that pauses


def add_business_days(day: date, number: int, calendar: Calendar) -> date | None:
    """The `number`-th business day after `day`, or before it for a negative number.

    `day` need not be a business day: 1 after a Saturday is Monday, 1 before it is Friday. 0 is `day` itself when it is
    one, else the next. None when the calendar has not that many.
    """
    blocks = blocks_of(calendar)
    ordinal = day.toordinal()
    if number > 0:
        return _nth(blocks, ordinal + 1, number - 1)
    if number == 0:
        return _nth(blocks, ordinal, 0)
    return _nth_back(blocks, ordinal, -number - 1)


def business_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many business days lie in `start` <= day < `end`; negative when `end` is before `start`."""
    if end < start:
        return -business_days_between(end, start, calendar)
    blocks = blocks_of(calendar)
    first, last = start.toordinal(), end.toordinal()
    whole = sum(len(blocks.days(number)) for number in range(first >> SHIFT, last >> SHIFT))
    return whole - blocks.before(first) + blocks.before(last)


def _nth(blocks: Blocks, ordinal: int, skip: int) -> date | None:
    """The business day on or after `ordinal` that has `skip` others before it."""
    block, empty = ordinal >> SHIFT, 0
    wanted = skip + blocks.before(ordinal)
    while block <= LAST_BLOCK and empty < EMPTY_BLOCKS:
        days = blocks.days(block)
        if wanted < len(days):
            return date.fromordinal(days[wanted])
        wanted -= len(days)
        block, empty = block + 1, 0 if days else empty + 1
    return None


def _nth_back(blocks: Blocks, ordinal: int, skip: int) -> date | None:
    """The business day before `ordinal` that has `skip` others after it."""
    block, empty = ordinal >> SHIFT, 0
    wanted = blocks.before(ordinal) - 1 - skip
    while wanted < 0 and block > 0 and empty < EMPTY_BLOCKS:
        block -= 1
        days = blocks.days(block)
        wanted += len(days)
        empty = 0 if days else empty + 1
    return date.fromordinal(blocks.days(block)[wanted]) if wanted >= 0 else None
