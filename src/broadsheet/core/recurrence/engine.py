"""Walks a timing forward from an instant. Pure: no clock is read, the same question has the same answer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from broadsheet.core.recurrence.rule import LAST_ORDINAL
from broadsheet.core.recurrence.timing import Firing, Timing
from broadsheet.core.recurrence.zones import land, zone_named

ONE_DAY = timedelta(days=1)
EARLIEST = datetime(1, 1, 3, tzinfo=UTC)  # room for any zone's offset inside the years 1 to 9999
LATEST = datetime(9999, 12, 29, tzinfo=UTC)


def firings(
    timing: Timing, *, after: datetime, limit: int | None = None, until: datetime | None = None
) -> Iterator[Firing]:
    """The firings strictly after `after`, ascending, no two at one instant.

    after, until: aware; `until` is included. limit: at most so many.
    Always ends: at `limit`, at `until`, at the timing's own end, when the rule can never fire again, or in the year
    9999. Two times of day that a clock change brings to one instant give one firing, the earlier one's. The cost of
    the first firing does not depend on how long ago the rule's anchor or the timing's start lies.
    Raises ValueError at once for naive datetimes.
    """
    if after.tzinfo is None or (until is not None and until.tzinfo is None):
        raise ValueError("firings needs datetimes with a zone, e.g. datetime.now(UTC)")
    return islice(_between(timing, after, until), limit)


def next_firing(timing: Timing, *, after: datetime) -> Firing | None:
    """The first firing strictly after `after` (aware), or None when there is none."""
    return next(firings(timing, after=after), None)


def firings_on(timing: Timing, day: date) -> list[Firing]:
    """The firings that one local date of the rule gives rise to, ascending; whether it is such a date is not asked."""
    zone = zone_named(timing.zone)
    reason = timing.rule.why(day)
    found = [
        Firing(
            landing.local.astimezone(UTC),
            landing.local,
            f"{reason}; {landing.note}" if landing.note else reason,
            landing.moved_from,
        )
        for moment in timing.times
        for landing in land(datetime.combine(day, moment), zone, gap=timing.gap, overlap=timing.overlap)
    ]
    if len(found) > 1:
        found.sort(key=lambda firing: firing.at)
    return found


def _between(timing: Timing, after: datetime, until: datetime | None) -> Iterator[Firing]:
    last = after
    days = _days(timing, min(max(after, EARLIEST), LATEST), zone_named(timing.zone))
    for batch in _batches(timing, days):
        for firing in batch:
            if until is not None and firing.at > until:
                return
            if firing.at > last:
                last = firing.at
                yield firing


def _days(timing: Timing, after: datetime, zone: ZoneInfo) -> Iterator[date]:
    """The rule's dates inside the timing's limits, from the first that can still fire after `after`.

    With overlap "first" a wall time is past as soon as the wall clock has once shown it or jumped over it. With the
    other choices yesterday's late times may come again after midnight.
    """
    local = after.astimezone(zone)
    start = local.date()
    if timing.overlap != "first":
        start -= ONE_DAY
    elif local.time() >= timing.times[-1]:
        start += ONE_DAY
    if timing.starts is not None and timing.starts > start:
        start = timing.starts
    for day in timing.rule.dates_from(start):
        if day.toordinal() > LAST_ORDINAL or (timing.until is not None and day > timing.until):
            return
        yield day


def _batches(timing: Timing, days: Iterator[date]) -> Iterator[list[Firing]]:
    """The firings of successive dates; each batch ascending, and none before the end of the batch before it.

    Dates overlap in time only where a second pass counts and the clock goes back across midnight (St John's until 2011:
    00:01 to 23:01). So only then is a date held back until the next one is known.
    """
    if timing.overlap == "first":
        for day in days:
            yield firings_on(timing, day)
        return
    held: list[Firing] = []
    for day in days:
        if batch := firings_on(timing, day):
            yield [firing for firing in held if firing.at < batch[0].at]
            later = [firing for firing in held if firing.at >= batch[0].at]
            held = sorted(later + batch, key=lambda firing: firing.at)
    yield held
