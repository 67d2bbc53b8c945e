"""Dates counted from events: "2 business days before each board meeting"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broadsheet.core.recurrence.calendars.events import Events


@dataclass(frozen=True, slots=True)
class OnEvents:
    """The first dates of events. Days before or after them are `Shifted`'s business."""

    events: Events

    def dates_from(self, start: date, /) -> Iterator[date]:
        done = date.min
        for event in self.events.on_or_after(start):
            if event.day > done:
                done = event.day
                yield done

    def why(self, day: date, /) -> str:
        titles = [event.title for event in self.events.on(day) if event.title]
        return " and ".join(dict.fromkeys(titles)) or f"day of {self.events.name}"
