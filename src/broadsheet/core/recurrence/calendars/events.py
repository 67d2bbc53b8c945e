"""Events to count from: board meetings, releases, closings. Where they come from is the caller's business."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from broadsheet.core.recurrence.calendars.days import YearOfDays


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happens on one or more dates.

    day: first local date. until: last one, included. title: what it is.
    starts: “14:00”, on the wall clock of whoever read the list; empty for whole days.
    """

    day: date
    title: str = ""
    until: date = field(default=date.min)
    starts: str = ""

    def __post_init__(self) -> None:
        if self.until < self.day:
            object.__setattr__(self, "until", self.day)


@dataclass(frozen=True, slots=True)
class Events:
    """A named list of events, by date. `covers`: last date that the list claims to know; None where it is open."""

    name: str
    items: tuple[Event, ...]
    covers: date | None = None
    _days: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(sorted(set(self.items))))
        object.__setattr__(self, "_days", tuple(event.day for event in self.items))

    def on_or_after(self, day: date) -> Iterator[Event]:
        """The events that begin on or after `day`, ascending."""
        yield from self.items[bisect_left(self._days, day) :]

    def before(self, day: date) -> Iterator[Event]:
        """The events that begin before `day`, the nearest first."""
        yield from reversed(self.items[: bisect_left(self._days, day)])

    def on(self, day: date) -> tuple[Event, ...]:
        """The events that begin on that date."""
        return self.items[bisect_left(self._days, day) : bisect_right(self._days, day)]


@dataclass(frozen=True, slots=True)
class EventDays:
    """Events as a source of closures: every date of each event is closed, under its title."""

    events: Events

    def days_in(self, year: int, /) -> YearOfDays:
        closed: dict[date, str] = {}
        for event in self.events.items:
            if event.day.year <= year <= event.until.year:
                first = max(event.day, date(year, 1, 1)).toordinal()
                last = min(event.until, date(year, 12, 31)).toordinal()
                closed |= {date.fromordinal(ordinal): event.title or "closed" for ordinal in range(first, last + 1)}
        return YearOfDays(closed=closed)
