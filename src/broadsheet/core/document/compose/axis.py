"""The positions of a chart: which there are, how they read, which of them are weekends.

A time axis has every position of its period, also those that no row speaks of: there, sums are nothing and rates are a
gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from broadsheet.core.document.periods import Period, add_months
from broadsheet.core.document.tables import Column, Value

from .figures import plain
from .making import Making

MOST_POSITIONS = 2_000
MONTHS = {"month": 1, "quarter": 3, "year": 12}
CYCLES = {"weekday": 7, "hour_of_day": 24}
COUNTED = ("hour", "day", "week", *MONTHS)  # fiscal periods are filled where they are asked


@dataclass(frozen=True, slots=True)
class Axis:
    """``keys`` are the raw values, ``texts`` their labels; ``filled`` says that every position is there by right."""

    column: Column
    keys: tuple[Value, ...]
    texts: tuple[str, ...]
    filled: bool = False

    @property
    def timed(self) -> bool:
        return self.column.kind in ("date", "instant")

    @property
    def values(self) -> tuple[str | float, ...]:
        """ISO text for times; nothing for categories."""
        return tuple(key.isoformat() for key in self.keys if isinstance(key, date)) if self.timed else ()

    @property
    def ticks(self) -> tuple[int, ...]:
        """Positions worth a label on an axis of days: the first, then Mondays; empty lets the format decide."""
        if self.column.grain != "day" or len(self.keys) <= 10:
            return ()
        mondays = [index for index, key in enumerate(self.keys) if isinstance(key, date) and key.weekday() == 0]
        return (0, *(index for index in mondays if index > 2)) if len(self.keys) <= 100 else ()

    @property
    def weekends(self) -> tuple[int, ...]:
        if self.column.grain != "day":
            return ()
        return tuple(index for index, key in enumerate(self.keys) if isinstance(key, date) and key.weekday() >= 5)


def axis_of(making: Making, column: Column, values: Sequence[Value], *, period: Period | None) -> Axis:
    """The positions for the *values* found in *column*: in their order, or all those of *period*."""
    keys = tuple(dict.fromkeys(values))
    every = tuple(_every(column.grain, period, until=_known_until(making)))
    if every and set(keys) <= set(every):
        keys = every
    return Axis(column, keys, tuple(plain(making, column, key) for key in keys), filled=bool(every) and keys == every)


def _known_until(making: Making) -> datetime:
    """Wall-clock time of the data's cut-off: nothing is drawn as zero of which nothing can be known yet."""
    return making.context.data_to.astimezone(ZoneInfo(making.reader.zone)).replace(tzinfo=None)


def _every(grain: str | None, period: Period | None, *, until: datetime) -> Iterator[Value]:
    if grain in CYCLES:
        yield from range(CYCLES[grain])
        return
    if period is None or grain not in COUNTED or period.days > MOST_POSITIONS:
        return
    if grain == "hour":
        at = datetime.combine(period.start, datetime.min.time())
        while at < min(until, datetime.combine(period.end, datetime.min.time())):
            yield at
            at += timedelta(hours=1)
        return
    day = _first(grain, period.start)
    while day < period.end and datetime.combine(day, datetime.min.time()) < until:
        yield day
        day = add_months(day, MONTHS[grain]) if grain in MONTHS else day + timedelta(days=1 if grain == "day" else 7)


def _first(grain: str, day: date) -> date:
    """The beginning of the stretch that *day* lies in."""
    match grain:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case _:
            return day
