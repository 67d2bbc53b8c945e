"""The rules of many schedules at once: what is the same for several of them is read once.

A scheduler that fires thousands in a second reads each rule's text once, an organization's zone and calendars once for
each look.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache

from broadsheet.core.recurrence import Timing, timing_from
from broadsheet.core.recurrence.never import never
from broadsheet.schedules.calendars import READY_MADE, Shelf, kept
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.queries import zone_of


class Timings:
    """For one look at schedules of any organization; *today* is what calendars with repeating events are built around."""

    def __init__(self, *, today: date) -> None:
        self._today = today
        self._zones: dict[int, str] = {}
        self._shelves: dict[int, Shelf] = {}

    def of(self, schedule: Schedule) -> Timing:
        """The schedule's rule. Raises RuleError, CalendarError."""
        key, when = schedule.organization_id, schedule.definition.get("when")
        if key not in self._zones:
            self._zones[key] = zone_of(key)
        if not when:
            return never(self._zones[key])
        if not kept.names_any(when):
            return _plain(json.dumps(when, sort_keys=True), self._zones[key])
        if key not in self._shelves:
            self._shelves[key] = kept.shelf_of(key, around=self._today)
        return timing_from(when, default_zone=self._zones[key], **self._shelves[key].names())


@lru_cache(maxsize=10_000)
def _plain(when: str, zone: str) -> Timing:
    return timing_from(json.loads(when), default_zone=zone, **READY_MADE.names())
