"""Times of day as seconds since midnight of the wall clock, in order and found field by field."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import takewhile
from typing import Protocol

DAY_SECONDS = 86_400


class Clock(Protocol):
    """Some seconds of a day."""

    def seconds_from(self, second: int, /) -> Iterator[int]:
        """Those on or after `second`, ascending, each once; 0 is midnight, 86,399 the day's last."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Seconds written out: ascending, each once."""

    seconds: tuple[int, ...]

    def seconds_from(self, second: int, /) -> Iterator[int]:
        if not second:
            return iter(self.seconds)
        return iter(self.seconds[bisect_left(self.seconds, second) :])


@dataclass(frozen=True, slots=True)
class Fields:
    """Every combination of hours, minutes and seconds; each ascending and not empty."""

    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    seconds: tuple[int, ...]

    def seconds_from(self, second: int, /) -> Iterator[int]:
        """The first is found field by field: whatever the fields, three steps."""
        hour, rest = divmod(second, 3600)
        hours = self.hours
        for index in range(bisect_left(hours, hour), len(hours)):
            start = hours[index] * 3600
            yield from self._in_hour(start, rest if hours[index] == hour else 0)

    def _in_hour(self, start: int, rest: int) -> Iterator[int]:
        minute, second = divmod(rest, 60)
        minutes, seconds = self.minutes, self.seconds
        for index in range(bisect_left(minutes, minute), len(minutes)):
            begin = start + minutes[index] * 60
            first = bisect_left(seconds, second) if second and minutes[index] == minute else 0
            for number in range(first, len(seconds)):
                yield begin + seconds[number]


@dataclass(frozen=True, slots=True)
class Stepped:
    """Every `step`-th unit of a day from `first`, where hour and minute are wanted, and in each the seconds `within`.

    unit: seconds of a unit: 3600, 60 or 1. first, step: in units, first below the number of units in a day.
    hours, minutes: those wanted; None for all. within: seconds after the unit's start, ascending.
    """

    unit: int
    first: int
    step: int
    hours: frozenset[int] | None
    minutes: frozenset[int] | None
    within: tuple[int, ...]
    seconds: frozenset[int] | None = None

    def seconds_from(self, second: int, /) -> Iterator[int]:
        unit, step = self.unit, self.step
        number = self.first + max(0, -((self.first - second // unit) // step)) * step
        last = DAY_SECONDS // unit
        while number < last:
            start = number * unit
            jump = self._unwanted_until(start)
            if jump:
                number += -((number - jump // unit) // step) * step
                continue
            for offset in self.within:
                if start + offset >= second:
                    yield start + offset
            number += step

    def _unwanted_until(self, start: int) -> int:
        """The next moment worth a look when `start` is not wanted; 0 when it is."""
        hour, rest = divmod(start, 3600)
        if self.hours is not None and hour not in self.hours:
            return (hour + 1) * 3600
        if self.unit < 3600 and self.minutes is not None and rest // 60 not in self.minutes:
            return start - start % 60 + 60
        if self.seconds is not None and start % 60 not in self.seconds:
            return start - start % 60 + min((one for one in self.seconds if one > start % 60), default=60)
        return 0


@dataclass(frozen=True, slots=True)
class Between:
    """A clock's seconds from `low` to `high`, both included."""

    clock: Clock
    low: int
    high: int

    def seconds_from(self, second: int, /) -> Iterator[int]:
        high = self.high
        return takewhile(lambda moment: moment <= high, self.clock.seconds_from(max(second, self.low)))


@dataclass(frozen=True, slots=True)
class AnyClock:
    """Seconds of at least one of several clocks, without those of `but`."""

    clocks: tuple[Clock, ...]
    but: frozenset[int] = frozenset()

    def seconds_from(self, second: int, /) -> Iterator[int]:
        last = -1
        for moment in merge(*(clock.seconds_from(second) for clock in self.clocks)):
            if moment != last and moment not in self.but:
                yield moment
            last = moment
