"""Wall clocks and UTC for whole arrays: offsets of a zone by hour, and the hours at which people ask for offers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
EPOCH = date(1970, 1, 1)

# Leads by hour of the day: the evening peak of working days, the flat day of weekends.
WORKDAY_HOURS = (1, 1, 1, 0.4, 0.5, 1, 3, 5.2, 7.4, 9.8, 11.6, 12, 12, 11.6, 9.6, 9, 9, 10.4, 13, 15.6, 15, 11, 6.2, 3)
WEEKEND_HOURS = (1, 1, 1, 0.4, 0.4, 1, 1, 2, 4, 6.5, 8.5, 9, 9, 7.5, 8, 7.5, 7.5, 7, 7, 7.5, 7.5, 5.5, 3.5, 2)


def epoch_day(day: date) -> int:
    """Days from 1970-01-01 to *day*."""
    return (day - EPOCH).days


def micros(instant: datetime) -> int:
    """Microseconds from the epoch to *instant* (aware)."""
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def draw_times(rng: np.random.Generator, *, weekend: NDArray[np.bool_]) -> Ints:
    """Microseconds after local midnight, one for each element of *weekend*, by the profile of its kind of day."""
    hours = np.where(
        weekend,
        _draw_hours(rng.random(weekend.size), profile=WEEKEND_HOURS),
        _draw_hours(rng.random(weekend.size), profile=WORKDAY_HOURS),
    )
    return hours * HOUR_US + rng.integers(0, HOUR_US, weekend.size)


def _draw_hours(uniform: Floats, *, profile: tuple[float, ...]) -> Ints:
    edges = np.cumsum(profile) / np.sum(profile)
    hours: Ints = np.minimum(np.searchsorted(edges, uniform, side="right"), 23).astype(np.int64)
    return hours


class ZoneTable:
    """Offsets of one zone, hour by hour in UTC, over the days *first* to *last* and two days on either side.

    Exact for zones that change their offset on the full hour of UTC, as all zones of the sample do.
    """

    def __init__(self, zone: str, *, first: date, last: date) -> None:
        self._start = (epoch_day(first) - 2) * 24
        hours = (epoch_day(last) - epoch_day(first) + 5) * 24
        begin = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=self._start)
        self._offsets = np.fromiter(
            (_offset_us(begin + timedelta(hours=hour), ZoneInfo(zone)) for hour in range(hours)), np.int64, hours
        )

    def to_local(self, utc: Ints) -> Ints:
        """Wall-clock microseconds, counted as if the wall clock were UTC."""
        local: Ints = utc + self._offsets[utc // HOUR_US - self._start]
        return local

    def to_utc(self, local: Ints) -> Ints:
        """The instant of a wall-clock moment; one inside a change of clocks may move by the hour of the change."""
        guess = local - self._offsets[local // HOUR_US - self._start]
        instant: Ints = local - self._offsets[guess // HOUR_US - self._start]
        return instant


def _offset_us(instant: datetime, zone: ZoneInfo) -> int:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None  # a ZoneInfo always has one
    return int(offset / timedelta(microseconds=1))
