"""Roll conventions: where a date goes that is no business day.

As in ISDA 2006 Definitions, section 4.12 (business day conventions), of which following, preceding, modified following
and nearest are the four that markets use; “skip” leaves the date out.
"""

from datetime import date
from typing import Literal

from broadsheet.core.recurrence.calendars.base import Calendar
from broadsheet.core.recurrence.calendars.table import LAST_ORDINAL, MASK, SHIFT, Blocks, blocks_of
from broadsheet.core.recurrence.errors import RuleError, did_you_mean

Convention = Literal["following", "preceding", "modified-following", "modified-preceding", "nearest", "skip"]
CONVENTIONS: tuple[Convention, ...] = (
    "following", "preceding", "modified-following", "modified-preceding", "nearest", "skip",
)  # fmt: skip
FARTHEST = 366  # days; a closure that lasts longer than a year is no reason to send a year later


def rolled(day: date, calendar: Calendar, convention: Convention = "following") -> date | None:
    """`day` itself when it is a business day, else where the convention moves it.

    following: the next business day. preceding: the one before. modified-following: the next, unless that lies in
    another month; then the one before. modified-preceding: the mirror of it. nearest: the closer of both, the later one
    of two equally close. None for “skip”, and when there is no business day within a year.
    """
    blocks = blocks_of(calendar)
    ordinal = day.toordinal()
    if blocks[ordinal >> SHIFT][ordinal & MASK]:
        return day
    match convention:
        case "following":
            return _date(_search(blocks, ordinal, 1))
        case "preceding":
            return _date(_search(blocks, ordinal, -1))
        case "modified-following":
            return _modified(blocks, day, 1)
        case "modified-preceding":
            return _modified(blocks, day, -1)
        case "nearest":
            return _nearest(blocks, ordinal)
        case "skip":
            return None
    fix = did_you_mean(
        convention, {one: one for one in CONVENTIONS}, otherwise=f"Write one of: {', '.join(CONVENTIONS)}."
    )
    raise RuleError("roll", f'"{convention}" is not known', fix)


def _search(blocks: Blocks, ordinal: int, step: int) -> int | None:
    """The nearest business day after (1) or before (-1) `ordinal`."""
    for _ in range(FARTHEST):
        ordinal += step
        if not 1 <= ordinal <= LAST_ORDINAL:
            return None
        if blocks[ordinal >> SHIFT][ordinal & MASK]:
            return ordinal
    return None


def _modified(blocks: Blocks, day: date, step: int) -> date | None:
    first = _date(_search(blocks, day.toordinal(), step))
    if first is not None and (first.month, first.year) == (day.month, day.year):
        return first
    return _date(_search(blocks, day.toordinal(), -step)) or first


def _nearest(blocks: Blocks, ordinal: int) -> date | None:
    after, before = _search(blocks, ordinal, 1), _search(blocks, ordinal, -1)
    if after is None or before is None:
        return _date(after or before)
    return date.fromordinal(before if ordinal - before < after - ordinal else after)


def _date(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)
