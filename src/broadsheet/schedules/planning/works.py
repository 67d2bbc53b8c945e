"""Schedules as the planner sees them: when each fires, for how long it is busy, and how far it may float."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from broadsheet.core.planning import Work
from broadsheet.core.recurrence import RuleError, Timing
from broadsheet.core.recurrence.calendars import AllOf, Business, Calendar, FixedDays
from broadsheet.schedules.calendars import READY_MADE, CalendarError, Shelf, kept
from broadsheet.schedules.definition import PRIORITIES
from broadsheet.schedules.firing import firings_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.queries import definition_of, zone_of

UNKNOWN_SECONDS = 30.0  # of a schedule that has not run yet
MOST = 50_000  # firings of one schedule in the time that is looked at: one a minute for a month


class Closed(Shelf):
    """The calendars of *shelf*, all of them closed on some days besides: to see what that would do."""

    def __init__(self, shelf: Shelf, days: Collection[date]) -> None:
        super().__init__(shelf.definitions, shelf.fetched, shelf.around)
        closed = FixedDays(closed=tuple((day, "closed") for day in sorted(days)))
        object.__setattr__(self, "_besides", Business("closed besides", days_off=frozenset(), own=(closed,)))

    def calendar(self, name: str) -> Calendar:
        besides: Calendar = self._besides  # type: ignore[attr-defined]
        return AllOf((super().calendar(name), besides))


@dataclass(slots=True)
class Foreseen:
    """works: of the schedules that fire at all, by name. unread: names of those whose rule cannot be read now."""

    works: list[Work]
    unread: list[str]


class Works:
    """For one look at schedules of one organization, from *since* up to *until* (aware); *closed* are days on which every
    calendar is closed besides. What is the same for several schedules is reckoned once."""

    def __init__(
        self, organization_id: int, *, since: datetime, until: datetime, closed: Collection[date] = ()
    ) -> None:
        self._organization_id = organization_id
        self._since, self._until, self._closed = since, until, closed
        self._zone = zone_of(organization_id)
        self._shelf: Shelf | None = None
        self._timings: dict[str, Timing] = {}
        self._fires: dict[tuple[str, str, str], tuple[float, ...]] = {}

    def of(self, schedules: Iterable[Schedule], seconds: Mapping[int, float]) -> Foreseen:
        """Of those that are not paused; *seconds* is how long each is busy, by its key."""
        found = Foreseen([], [])
        for schedule in schedules:
            if schedule.paused_at is not None:
                continue
            try:
                fires = self._fires_of(schedule)
            except (RuleError, CalendarError):  # its page says what is wrong with it
                found.unread.append(schedule.name)
                continue
            found.works.append(_work(schedule, fires, seconds.get(schedule.pk, UNKNOWN_SECONDS)))
        return found

    def _fires_of(self, schedule: Schedule) -> tuple[float, ...]:
        when = json.dumps(schedule.definition.get("when"), sort_keys=True)
        key = (when, json.dumps(schedule.clocks), schedule.fired_wall)
        if key not in self._fires:
            timing = self._timing(when, schedule)
            found = firings_of(schedule, timing, after=self._since, until=self._until, limit=MOST)
            self._fires[key] = tuple(one.at.timestamp() for one in found)
        return self._fires[key]

    def _timing(self, when: str, schedule: Schedule) -> Timing:
        if when not in self._timings:
            self._timings[when] = self._read(schedule)
        return self._timings[when]

    def _read(self, schedule: Schedule) -> Timing:
        definition = definition_of(schedule)
        shelf = READY_MADE
        if kept.names_any(definition.when):
            self._shelf = self._shelf or self._kept()
            shelf = self._shelf
        return definition.timing(zone=self._zone, shelf=shelf)

    def _kept(self) -> Shelf:
        shelf = kept.shelf_of(self._organization_id, around=self._since.date())
        return Closed(shelf, self._closed) if self._closed else shelf


def _work(schedule: Schedule, fires: tuple[float, ...], seconds: float) -> Work:
    policies = schedule.definition.get("policies", {})
    ahead = schedule.ahead_seconds
    return Work(
        schedule.name,
        seconds,
        tuple(at - ahead for at in fires) if ahead else fires,
        weight=schedule.weight,
        priority=PRIORITIES[policies.get("priority", "normal")],
        window=policies.get("float", {}).get("minutes", 0) * 60,
        offset=schedule.offset_seconds,
        at_once=policies.get("at_once", 1),
    )
