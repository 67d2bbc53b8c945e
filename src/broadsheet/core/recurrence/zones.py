"""From wall-clock times to instants: what a zone's clock changes do to them.

Ambiguous and missing wall times are told apart by `fold` (PEP 495). RFC 5545, section 3.3.5, takes the first of two
equal wall times and, for a missing one, the offset before the gap (02:30 becomes 03:30: "shift"). We keep the first
rule and differ in the second: a missing time fires at the first instant that exists (03:00), as "not before 02:30"
promises and as Debian's cron(8) does with jobs inside a skipped interval. Zone data is Python's `zoneinfo`; which copy
is the host's business. What one wall time comes to is said here; what a walk over many does, in `wallclock`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from broadsheet.core.recurrence.because import ClockChange
from broadsheet.core.recurrence.errors import RuleError, did_you_mean

Gap = Literal["first-valid", "skip", "shift"]
Overlap = Literal["first", "second", "both"]
GAPS: tuple[Gap, ...] = ("first-valid", "skip", "shift")
OVERLAPS: tuple[Overlap, ...] = ("first", "second", "both")

SECOND = timedelta(seconds=1)


@cache
def zone_names() -> frozenset[str]:
    """IANA names of all zones that this machine knows, read once: asking the file system takes 30 ms each time."""
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a wall-clock time came down.

    local: aware, in the zone.
    moved_from: the naive wall time asked for, when a gap moved it; else None.
    change: what a clock change did to it; None when none did.
    """

    local: datetime
    moved_from: datetime | None
    change: ClockChange | None


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone with that IANA name. RuleError (path "zone") with the nearest name when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fix = did_you_mean(name, _zone_suggestions(), otherwise='Write an IANA name such as "Europe/London".')
        raise RuleError("zone", f'there is no time zone "{name}"', fix) from None


def land(wall: datetime, zone: ZoneInfo, *, gap: Gap, overlap: Overlap) -> tuple[Landing, ...]:
    """The instants at which `wall` (naive) happens in `zone`, ascending: one, two for "both", none for a skipped gap."""
    first = wall.replace(tzinfo=zone)
    second = wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    assert before is not None and after is not None  # a ZoneInfo always knows its offset
    if before == after:
        return (Landing(first, None, None),)
    if before < after:
        if gap == "shift":
            local = (wall - before).replace(tzinfo=UTC).astimezone(zone)
            return (Landing(local, wall, ClockChange("forward", f"{local:%H:%M}")),)
        return (_after_gap(wall, zone, before=before, after=after),) if gap == "first-valid" else ()
    passes = (
        Landing(first, None, ClockChange("first", f"{wall:%H:%M}")),
        Landing(second, None, ClockChange("second", f"{wall:%H:%M}")),
    )
    return {"first": passes[:1], "second": passes[1:], "both": passes}[overlap]


def _after_gap(wall: datetime, zone: ZoneInfo, *, before: timedelta, after: timedelta) -> Landing:
    """The instant of the change, by bisection: it lies after `wall - after` and no later than `wall - before`."""
    utc = wall.replace(tzinfo=UTC)
    low, high = utc - after, utc - before
    while high - low > SECOND:
        middle = low + (high - low) // 2 // SECOND * SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    local = high.replace(microsecond=0).astimezone(zone)
    return Landing(local, wall, ClockChange("forward", f"{local:%H:%M}"))


@lru_cache(maxsize=1)
def _zone_suggestions() -> dict[str, str]:
    """Every zone by its full name, and by its city alone: people write "New York"."""
    names = sorted(zone_names())
    return {**{name.rpartition("/")[2]: name for name in names if "/" in name}, **{name: name for name in names}}
