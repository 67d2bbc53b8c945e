"""Walks a timing forward from an instant. Pure: no clock is read, the same question has the same answer."""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from typing import Any

from broadsheet.core.recurrence.because import Because, ClockChange
from broadsheet.core.recurrence.clock import DAY_SECONDS
from broadsheet.core.recurrence.combined import Combined
from broadsheet.core.recurrence.rule import LAST_ORDINAL, is_instants, origin_of
from broadsheet.core.recurrence.timing import Firing, Timing
from broadsheet.core.recurrence.wallclock import BEGIN, NAIVE_BEGIN, Stretch, seconds_of, stretch_at, stretches
from broadsheet.core.recurrence.zones import land, zone_named

EARLIEST = datetime(1, 1, 3, tzinfo=UTC)  # room for any zone's offset inside the years 1 to 9999
LATEST = datetime(9999, 12, 29, tzinfo=UTC)
EARLIEST_SECOND, LATEST_SECOND = seconds_of(EARLIEST), seconds_of(LATEST)
LAST_SECOND = LAST_ORDINAL * DAY_SECONDS
CYCLE_SECONDS = 146_097 * DAY_SECONDS  # 400 years: what clocks have skipped for so long, they always skip
Landed = tuple[int, int, date, ClockChange | None]  # instant and wall time in seconds, the date meant, and the change


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
    last = LAST_SECOND if until is None else seconds_of(until)
    found = _between(timing, after, last)
    return found if limit is None else islice(found, limit)


def next_firing(timing: Timing, *, after: datetime) -> Firing | None:
    """The first firing strictly after `after` (aware), or None when there is none."""
    if after.tzinfo is None:
        raise ValueError("next_firing needs a datetime with a zone, e.g. datetime.now(UTC)")
    return next(_between(timing, after, LAST_SECOND), None)


def firings_on(timing: Timing, day: date) -> list[Firing]:
    """The firings that one local date of the rule gives rise to, ascending; whether it is such a date is not asked."""
    zone = zone_named(timing.zone)
    midnight = datetime.combine(day, datetime.min.time())
    found = []
    for second in _seconds_on(timing, day):
        wall = midnight + timedelta(seconds=second)
        for landing in land(wall, zone, gap=timing.gap, overlap=timing.overlap):
            meant = _moved_from(timing.rule, day, wall) or landing.moved_from
            because = Because(timing.rule, day, landing.change)
            found.append(Firing(landing.local.astimezone(UTC), landing.local, because, meant))
    return sorted({firing.at: firing for firing in reversed(found)}.values(), key=lambda firing: firing.at)


def _seconds_on(timing: Timing, day: date) -> Iterator[int]:
    rule: Any = timing.rule
    if timing.times:
        return timing.clock.seconds_from(0)
    found, clock = next(rule.days_from(day), (None, None))
    return clock.seconds_from(0) if clock is not None and found == day else iter(())


def _between(timing: Timing, after: datetime, until: int) -> Iterator[Firing]:
    """The firings after `after`, up to the second `until` (as `seconds_of`)."""
    rule: Any = timing.rule
    if isinstance(rule, Combined):
        yield from _limited(timing, rule.firings(after, until, _between))
        return
    zone, last = zone_named(timing.zone), seconds_of(after)
    moves = hasattr(rule, "origin")
    if is_instants(rule):
        landed = _instants(timing, last)
    else:
        wall, stretch = _first_wall(timing, after, last)
        walls = _walls(timing, wall)
        usual = stretch.kind == "plain" and timing.gap != "shift" and not moves
        if usual and EARLIEST_SECOND <= last <= LATEST_SECOND:
            # Up to the next change of clocks, a subtraction is all there is to it.
            end, shift = stretch.end, stretch.after
            for wall, day in walls:
                if wall >= end:
                    walls = chain(((wall, day),), walls)
                    break
                if (instant := wall - shift) > until:
                    return
                at = BEGIN + timedelta(0, instant)
                yield Firing(at, at.astimezone(zone), Because(rule, day), None)
                last = instant
            else:
                return
        landed = _landed(timing, walls)
    for instant, wall, day, change in landed:
        if instant > until:
            return
        if instant <= last:
            continue
        last = instant
        at = BEGIN + timedelta(0, instant)
        moved_from = None
        if moves or change:
            meant = NAIVE_BEGIN + timedelta(0, wall)
            moved_from = _moved_from(rule, day, meant)
            if change and change.kind == "forward":
                moved_from = moved_from or meant
        yield Firing(at, at.astimezone(zone), Because(rule, day, change), moved_from)


def _limited(timing: Timing, found: Iterator[Firing]) -> Iterator[Firing]:
    """Firings of several timings, inside the limits of the one that holds them and on its clock."""
    zone = zone_named(timing.zone)
    for firing in found:
        local = firing.at.astimezone(zone)
        if timing.until is not None and local.date() > timing.until:
            return
        if timing.starts is None or local.date() >= timing.starts:
            yield firing if firing.local.tzinfo is zone else firing._replace(local=local)


def _moved_from(rule: Any, day: date, wall: datetime) -> datetime | None:
    """The wall time meant, where a calendar moved it from another date."""
    origin = origin_of(rule, day)
    return None if origin == day else datetime.combine(origin, wall.time())


def _first_wall(timing: Timing, after: datetime, instant: int) -> tuple[int, Stretch]:
    """The first wall time that can still fire after `after`, and the stretch that clocks are in then.

    A wall time is past as soon as the clock has shown it or jumped over it, except those that come again or are put off:
    then from the first of these.
    """
    if not EARLIEST_SECOND <= instant <= LATEST_SECOND:
        after = EARLIEST if instant < EARLIEST_SECOND else LATEST
        instant = seconds_of(after)
    local = after.astimezone(zone_named(timing.zone))
    offset = local.utcoffset()
    assert offset is not None  # a ZoneInfo always knows its offset
    wall = instant + offset.days * DAY_SECONDS + offset.seconds
    stretch = stretch_at(timing.zone, wall, local.year)
    if stretch.kind == "overlap":
        return stretch.start, stretch
    if timing.gap == "shift":
        starts, found = stretches(timing.zone, local.year)
        index = starts.index(stretch.start)
        before = found[index - 1]
        if index and before.kind == "gap" and wall < stretch.start + before.end - before.start:
            return before.start, before
    return wall + 1, stretch


def _walls(timing: Timing, wall: int) -> Iterator[tuple[int, date]]:
    """The rule's wall times on or after `wall`, inside the timing's limits, ascending; each with its date."""
    rule: Any = timing.rule
    number, second = divmod(wall, DAY_SECONDS)
    start, until = date.fromordinal(number + 1), timing.until
    if timing.starts is not None and timing.starts > start:
        start, second = timing.starts, 0
    if timing.times:
        clock = timing.clock
        for day in rule.dates_from(start):
            if until is not None and day > until:
                return
            begin = (day.toordinal() - 1) * DAY_SECONDS
            for moment in clock.seconds_from(second if day == start else 0):
                yield begin + moment, day
        return
    for day, clock in rule.days_from(start):
        if until is not None and day > until:
            return
        begin = (day.toordinal() - 1) * DAY_SECONDS
        for moment in clock.seconds_from(second if day == start else 0):
            yield begin + moment, day


def _landed(timing: Timing, walls: Iterator[tuple[int, date]]) -> Iterator[Landed]:
    """Where wall times come down, ascending. Those that come later than their successors wait their turn."""
    waiting: deque[Landed] = deque()
    zone, end, shift, plain, heard = timing.zone, -1, 0, True, 0
    for wall, day in walls:
        if wall >= end:
            stretch = stretch_at(zone, wall, day.year)
            end, shift, plain = stretch.end, stretch.after, stretch.kind == "plain"
        if plain:
            instant, heard = wall - shift, wall
            while waiting and waiting[0][0] <= instant:
                yield waiting.popleft()
            yield instant, wall, day, None
        elif stretch.kind == "overlap":
            if timing.overlap != "second":
                yield wall - stretch.before, wall, day, ClockChange("first", _clock(wall))
            if timing.overlap != "first":
                waiting.append((wall - stretch.after, wall, day, ClockChange("second", _clock(wall))))
        elif timing.gap == "first-valid":
            yield stretch.start - stretch.before, wall, day, ClockChange("forward", _clock(stretch.end))
        elif timing.gap == "shift":
            instant = wall - stretch.before
            moved = _clock(instant + stretch.after)
            waiting.append((instant, wall, day, ClockChange("forward", moved)))
        elif wall - (heard := heard or wall) > CYCLE_SECONDS:
            return
    yield from waiting


def _instants(timing: Timing, after: int) -> Iterator[Landed]:
    """The instants of a rule that no clock moves, inside the timing's limits of local dates."""
    rule: Any = timing.rule
    zone = zone_named(timing.zone)
    if timing.starts is not None:
        midnight = datetime.combine(timing.starts - timedelta(days=1), datetime.min.time(), tzinfo=UTC)
        after = max(after, seconds_of(midnight) - 1)
    for instant in rule.instants_after(after, timing.zone):
        local = (BEGIN + timedelta(0, instant)).astimezone(zone)
        day = local.date()
        if timing.starts is not None and day < timing.starts:
            continue
        if timing.until is not None and day > timing.until:
            return
        yield instant, seconds_of(local.replace(tzinfo=None)), day, None


def _clock(wall: int) -> str:
    return f"{wall // 3600 % 24:02}:{wall // 60 % 60:02}"
