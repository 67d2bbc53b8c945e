"""Dates counted from events: "2 business days before each board meeting"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broadsheet.core.recurrence.because import both
from broadsheet.core.recurrence.calendars.events import Events
from broadsheet.core.recurrence.phrases import ENGLISH


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
        return both(self.titles(day)) or ENGLISH.phrases.event.format(name=self.events.name)

    def titles(self, day: date) -> list[str]:
        """What the events of that day are called; nothing for those without a title."""
        return [event.title for event in self.events.on(day) if event.title]
