"""A rule made ready to be walked: what its start adds is filled in, and each period's moments are found once."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import product
from math import gcd
from typing import Any

from broadsheet.core.recurrence.clock import DAY_SECONDS, Clock, Fields, Listed, Stepped
from broadsheet.core.recurrence.rrule.dates import dates_in_month, dates_in_week, dates_in_year, dates_limited
from broadsheet.core.recurrence.rrule.parts import SUB_DAILY, Parts
from broadsheet.core.recurrence.rule import LAST_ORDINAL

UNITS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
CYCLE = {
    "YEARLY": 400,
    "MONTHLY": 4800,
    "WEEKLY": 20_871,
}  # periods of 400 years, after which dates and weekdays repeat
CYCLE_MONTHS = 4800
KEPT = 6000  # periods; more than a cycle of months
Pairs = tuple[tuple[date, Clock], ...]


@lru_cache(maxsize=4096)
def plan_of(parts: Parts, start: datetime | None) -> "Plan":
    return Plan(parts, start)


class Plan:
    """All moments that the BY parts give, on and on in both directions; COUNT, UNTIL and the start are not looked at.

    The answers are remembered, which changes none of them.
    """

    def __init__(self, parts: Parts, start: datetime | None) -> None:
        self.parts = filled(parts, start)
        self.start = start
        self.anchor = start.toordinal() if start else 1
        self.barren = self._never_aligned()
        self._kept: dict[int, Pairs] = {}
        self._lasts: dict[int, tuple[date, int] | None] = {}
        self._within = self._chosen_seconds()
        self.barren = self.barren or next(self._within.seconds_from(0), None) is None
        freq = self.parts.freq
        self._step = self.parts.interval if freq in CYCLE else 1
        self._most = CYCLE.get(freq, CYCLE_MONTHS)
        self._last_period = self._period_of(date.fromordinal(LAST_ORDINAL))
        self._anchor_period = self._period_of(date.fromordinal(self.anchor))
        self._dates: Callable[[int], list[int]]
        if freq == "YEARLY":
            self._dates = lambda year: dates_in_year(self.parts, year)
        elif freq == "WEEKLY":
            self._dates = lambda week: dates_in_week(self.parts, week * 7 + 1 + self.parts.week_start)
        elif freq == "MONTHLY":
            self._dates = lambda month: dates_in_month(self.parts, month // 12, month % 12 + 1)
        else:
            self._dates = lambda month: dates_limited(self.parts, month // 12, month % 12 + 1)

    def __reduce__(self) -> tuple[Any, ...]:
        return plan_of, (self.parts, self.start)

    def pairs_from(self, start: date) -> Iterator[tuple[date, Clock]]:
        """Dates on or after `start`, ascending, each once, with their moments."""
        if self.barren:
            return
        period, step, last, most = self._first_period(start), self._step, self._last_period, self._most
        misses, done = 0, date.min
        key = (start,)
        while period <= last:
            pairs = self._kept.get(period)
            if pairs is None:
                pairs = self._pairs(period)
            if not pairs:
                misses += 1
                if misses > most:
                    self.barren = True
                    return
            else:
                misses = 0
                for pair in pairs[bisect_left(pairs, key) :] if pairs[0][0] < start else pairs:
                    if pair[0] > done:
                        done = pair[0]
                        yield pair
            period += step

    def last(self, count: int) -> tuple[date, int] | None:
        """The date and second of the `count`-th moment on or after the start; None when there are fewer."""
        if count not in self._lasts:
            self._lasts[count] = self._counted(count)
        return self._lasts[count]

    def _counted(self, count: int) -> tuple[date, int] | None:
        assert self.start is not None  # checked by RRule: COUNT needs a start
        if (parts := self.parts) and parts.freq in UNITS and not self._limits() and not parts.by_set_pos:
            seconds = (count - 1) * parts.interval * UNITS[parts.freq]
            if seconds > DAY_SECONDS * LAST_ORDINAL:
                return None
            days, second = divmod(_second_of(self.start) + seconds, DAY_SECONDS)
            return (date.fromordinal(self.anchor + days), second) if self.anchor + days <= LAST_ORDINAL else None
        first = _second_of(self.start)
        for day, clock in self.pairs_from(self.start.date()):
            if (size := _size(clock)) is None or day == self.start.date() or size >= count:
                for second in clock.seconds_from(first if day == self.start.date() else 0):
                    count -= 1
                    if not count:
                        return day, second
            else:
                count -= size
        return None

    def _limits(self) -> bool:
        """Whether a rule of hours, minutes or seconds is more than its start and a step."""
        parts, start = self.parts, self.start
        assert start is not None  # as in `_counted`
        limits: list[object] = [parts.by_month, parts.by_year_day, parts.by_month_day, parts.by_day, parts.by_hour]
        limits.append(parts.by_minute != (start.minute,) if parts.freq == "HOURLY" else parts.by_minute)
        limits.append(parts.by_second != (start.second,) if parts.freq != "SECONDLY" else parts.by_second)
        return any(limits)

    def _period_of(self, day: date) -> int:
        freq = self.parts.freq
        if freq == "YEARLY":
            return day.year
        if freq == "WEEKLY":
            return (day.toordinal() - 1 - self.parts.week_start) // 7
        return day.year * 12 + day.month - 1

    def _first_period(self, start: date) -> int:
        period = self._period_of(start)
        if self.parts.skip == "FORWARD" and start.year > 1:
            period -= 1  # its last day may have been moved into ours
        return period if self._step == 1 else period + (self._anchor_period - period) % self._step

    def _pairs(self, period: int) -> Pairs:
        days = self._dates(period)
        freq, parts = self.parts.freq, self.parts
        if freq in SUB_DAILY:
            found = [(date.fromordinal(day), clock) for day in days if (clock := self._stepped(day)) is not None]
        elif freq == "DAILY":
            found = [(date.fromordinal(day), self._within) for day in days if (day - self.anchor) % parts.interval == 0]
        elif parts.by_set_pos:
            found = self._positions(days)
        else:
            found = [(date.fromordinal(day), self._within) for day in days]
        pairs: Pairs = tuple(pair for pair in found if pair[0].toordinal() <= LAST_ORDINAL)
        if len(self._kept) >= KEPT:
            self._kept.clear()
        self._kept[period] = pairs
        return pairs

    def _positions(self, days: list[int]) -> list[tuple[date, Clock]]:
        """BYSETPOS: numbered moments of the period, counted over all its dates and times of day."""
        times = list(self._within.seconds_from(0))
        size = len(days) * len(times)
        chosen: dict[int, list[int]] = {}
        for place in sorted({pos - 1 if pos > 0 else size + pos for pos in self.parts.by_set_pos if abs(pos) <= size}):
            day, time = divmod(place, len(times))
            chosen.setdefault(days[day], []).append(times[time])
        return [(date.fromordinal(day), Listed(tuple(seconds))) for day, seconds in chosen.items()]

    def _chosen_seconds(self) -> Clock:
        """For DAILY and longer: the times of day. For shorter ones: the seconds in each hour, minute or second."""
        parts = self.parts
        seconds = tuple(sorted({min(second, 59) for second in parts.by_second}))
        if parts.freq in UNITS:
            minutes = parts.by_minute if parts.freq == "HOURLY" else (0,)
            within = [m * 60 + s for m in minutes for s in (seconds if parts.freq != "SECONDLY" else (0,))]
            return Listed(_at(within, parts.by_set_pos))
        if parts.freq == "DAILY" and parts.by_set_pos:
            return Listed(_at(list(Fields(parts.by_hour, parts.by_minute, seconds).seconds_from(0)), parts.by_set_pos))
        return Fields(parts.by_hour, parts.by_minute, seconds)

    def _stepped(self, day: int) -> Clock | None:
        """The moments of one day for HOURLY and shorter; None when the interval passes over the whole day."""
        parts, unit = self.parts, UNITS[self.parts.freq]
        per_day = DAY_SECONDS // unit
        begin = self.anchor * per_day + (_second_of(self.start) // unit if self.start else 0)
        first = (begin - day * per_day) % parts.interval
        if first >= per_day:
            return None
        within = self._within
        assert isinstance(within, Listed)
        clock = Stepped(
            unit,
            first,
            parts.interval,
            frozenset(parts.by_hour) or None,
            frozenset(parts.by_minute) or None if unit < 3600 else None,
            within.seconds,
            frozenset(min(second, 59) for second in parts.by_second) or None if unit == 1 else None,
        )
        return None if parts.interval > 1 and next(clock.seconds_from(0), None) is None else clock

    def _never_aligned(self) -> bool:
        """Whether an interval in hours, minutes or seconds can never meet the hours, minutes and seconds wanted."""
        parts = self.parts
        if parts.freq not in UNITS or parts.interval == 1:
            return False
        unit = UNITS[parts.freq]
        common = gcd(parts.interval, DAY_SECONDS // unit)
        begin = (_second_of(self.start) // unit if self.start else 0) % common
        hours = parts.by_hour or range(24)
        minutes = (parts.by_minute or range(60)) if unit < 3600 else (0,)
        seconds = (parts.by_second or range(60)) if unit == 1 else (0,)
        return all(
            (h * 3600 + m * 60 + min(s, 59)) // unit % common != begin for h, m, s in product(hours, minutes, seconds)
        )


def filled(parts: Parts, start: datetime | None) -> Parts:
    """The parts with what DTSTART tells (section 3.3.10: "derived from the DTSTART property") written into them."""
    moment = start or datetime(1, 1, 1)
    more: dict[str, object] = {}
    if parts.freq == "WEEKLY" and not parts.by_day:
        more["by_day"] = ((0, moment.weekday()),)
    if parts.freq in ("MONTHLY", "YEARLY") and not (parts.by_day or parts.by_month_day or parts.by_year_day):
        if parts.by_week_no:
            more["by_day"] = ((0, moment.weekday()),)
        else:
            more["by_month_day"] = (moment.day,)
            if parts.freq == "YEARLY" and not parts.by_month:
                more["by_month"] = (moment.month,)
    if parts.freq not in SUB_DAILY and not parts.by_hour:
        more["by_hour"] = (moment.hour,)
    if parts.freq not in ("MINUTELY", "SECONDLY") and not parts.by_minute:
        more["by_minute"] = (moment.minute,)
    if parts.freq != "SECONDLY" and not parts.by_second:
        more["by_second"] = (moment.second,)
    return replace(parts, **more) if more else parts  # type: ignore[arg-type]


def _at(moments: list[int], positions: tuple[int, ...]) -> tuple[int, ...]:
    if not positions:
        return tuple(moments)
    size = len(moments)
    return tuple(moments[p] for p in sorted({p - 1 if p > 0 else size + p for p in positions if abs(p) <= size}))


def _size(clock: Clock) -> int | None:
    if isinstance(clock, Listed):
        return len(clock.seconds)
    return len(clock.hours) * len(clock.minutes) * len(clock.seconds) if isinstance(clock, Fields) else None


def _second_of(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
