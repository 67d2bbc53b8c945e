"""What a zone's clocks do, in whole seconds: stretches of wall time that run on, are missing, or come twice.

`zones.land` answers the same for one wall time. This table answers for a walk over many: a stretch is looked up once,
and every moment in it costs one subtraction. Seconds are counted from 1 January of the year 1, 00:00, on the wall clock
for walls and in UTC for instants, so that an instant is its wall minus the offset.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from broadsheet.core.recurrence.clock import DAY_SECONDS
from broadsheet.core.recurrence.zones import zone_named

BEGIN = datetime(1, 1, 1, tzinfo=UTC)
NAIVE_BEGIN = datetime(1, 1, 1)
SECOND = timedelta(seconds=1)
FIRST_YEAR = 2  # before it no zone changes, and looking a day back would leave the calendar
LOOK_DAYS = 6  # Boa Vista's two changes of October 2000, a week apart, are the closest of any zone since 1950
LOOK = LOOK_DAYS * DAY_SECONDS
LAST_LOOK = (date.max.toordinal() - 2) * DAY_SECONDS
Kind = Literal["plain", "gap", "overlap"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Wall times from `start` to before `end`.

    before: the offset of the zone in seconds, in a gap or overlap the one before the change. after: the one after it.
    """

    start: int
    end: int
    kind: Kind
    before: int
    after: int


def seconds_of(moment: datetime) -> int:
    """Whole seconds since the year 1, rounded down; of an aware datetime in UTC, of a naive one as it stands."""
    apart = moment - (BEGIN if moment.tzinfo else NAIVE_BEGIN)
    return apart.days * DAY_SECONDS + apart.seconds


@lru_cache(maxsize=8192)
def stretches(zone: str, year: int) -> tuple[tuple[int, ...], tuple[Stretch, ...]]:
    """The stretches of a zone that together cover a year of wall time, and their starts.

    Changes are found by looking every `LOOK_DAYS` and halving.
    """
    info = zone_named(zone)
    begin = seconds_of(datetime(year, 1, 1))
    end = seconds_of(datetime(year + 1, 1, 1)) if year < 9999 else begin + 365 * DAY_SECONDS
    if year < FIRST_YEAR:
        offset = _offset(info, 3 * DAY_SECONDS)
        return (begin,), (Stretch(begin, end, "plain", offset, offset),)
    looks = range(begin - 2 * DAY_SECONDS, min(end + 2 * DAY_SECONDS + LOOK, LAST_LOOK), LOOK)
    offsets = [_offset(info, look) for look in looks]
    found, low, current = [], begin, offsets[0]
    for index in range(1, len(looks)):
        before, after = offsets[index - 1], offsets[index]
        if before == after:
            continue
        change = _change(info, looks[index - 1], looks[index], before)
        first, last = sorted((change + before, change + after))
        if first >= end:
            break
        if last > begin:
            if low < first:
                found.append(Stretch(low, first, "plain", before, before))
            found.append(Stretch(first, last, "gap" if after > before else "overlap", before, after))
            low = last
        current = after
    if low < end:
        found.append(Stretch(low, end, "plain", current, current))
    return tuple(stretch.start for stretch in found), tuple(found)


def stretch_at(zone: str, wall: int, year: int) -> Stretch:
    """The stretch that a wall time of that year lies in."""
    starts, found = stretches(zone, year)
    return found[max(bisect_right(starts, wall) - 1, 0)]


def _offset(info: ZoneInfo, instant: int) -> int:
    offset = (BEGIN + timedelta(seconds=instant)).astimezone(info).utcoffset()
    assert offset is not None  # a ZoneInfo always knows its offset
    return offset.days * DAY_SECONDS + offset.seconds


def _change(info: ZoneInfo, low: int, high: int, before: int) -> int:
    """The first instant after `low`, `high` at the latest, that has not the offset `before`."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(info, middle) == before:
            low = middle
        else:
            high = middle
    return high
