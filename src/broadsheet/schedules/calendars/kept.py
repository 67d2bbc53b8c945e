"""The calendars that an organization keeps, and who depends on them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.core.recurrence.calendars import Calendar as Days
from broadsheet.schedules.errors import UnknownCalendar
from broadsheet.schedules.models import Calendar, Schedule

from .building import READY_MADE, Shelf
from .definition import CalendarDefinition
from .errors import CalendarError

KEYS = {"calendar", "fiscal", "events"}  # of a rule, that name calendars
EMPTY = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def calendars(actor: Actor) -> QuerySet[Calendar]:
    """The organization's calendars, by name. Raises Refused."""
    require(actor, "schedule.read")
    return Calendar.objects.filter(organization_id=actor.organization_id)


def calendar(actor: Actor, name: str) -> Calendar:
    """The kept calendar called *name*. Raises UnknownCalendar, which suggests the nearest name."""
    found = calendars(actor).filter(name=name).first()
    if found is None:
        names = list(calendars(actor).values_list("name", flat=True))
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(names) or 'none yet'}."
        raise UnknownCalendar(f"There is no calendar “{name}”. {hint}")
    return found


def any_calendar(actor: Actor, name: str, *, around: date) -> Days:
    """The organization's calendar called *name*, or that of a country or market, built. *around*: see `shelf_of`.

    Raises UnknownCalendar where none can be built, Refused.
    """
    require(actor, "schedule.read")
    try:
        return shelf_of(actor.organization_id, around=around).calendar(name)
    except CalendarError as error:
        raise UnknownCalendar(str(error)) from error


def definition_of(calendar: Calendar) -> CalendarDefinition:
    """What the calendar says now."""
    return CalendarDefinition.model_validate({**calendar.definition, "name": calendar.name})


def shelf_of(organization_id: int, *, around: date) -> Shelf:
    """All calendars of the organization in one query. *around*: today, for events that repeat."""
    return shelf_from(list(Calendar.objects.filter(organization_id=organization_id)), around=around)


def shelf_from(kept: Sequence[Calendar], *, around: date) -> Shelf:
    """As `shelf_of`, of the calendars that are at hand."""
    definitions = {one.name: definition_of(one) for one in kept}
    return Shelf(definitions, {one.name: one.fetched for one in kept if one.fetched}, around)


def names_any(when: Any) -> bool:
    """Whether the rule, or one of several, names a calendar."""
    return bool(KEYS & set(_keys(when)))


def shelf_for(when: Any, organization_id: int) -> Shelf:
    """The shelf that the rule needs: nothing is asked of the database where it names no calendar."""
    if not names_any(when):
        return READY_MADE
    return shelf_of(organization_id, around=timezone.now().date())


def dependents(organization_id: int, name: str, shelf: Shelf) -> Iterator[Schedule]:
    """The schedules whose rule or working hours name the calendar, or one that is joined from it."""
    touched = {one for one in shelf.definitions if name in shelf.names_under(one)} | {name}
    for schedule in Schedule.objects.filter(organization_id=organization_id).order_by("name"):
        if touched & set(words_of(schedule.definition)):
            yield schedule


def words_of(definition: Mapping[str, Any]) -> Iterator[str]:
    """Every text in a schedule's rule, and the calendars of its recipients' working hours."""
    return words_in([definition.get("when"), *_of_hours(definition)])


def _of_hours(definition: Mapping[str, Any]) -> Iterator[str]:
    audience = definition.get("audience", {})
    yield from (one.get("calendar", "") for one in (audience.get("defaults", {}), *audience.get("people", ())))


def words_in(value: Any) -> Iterator[str]:
    """Every text in a rule's mapping, at any depth. Names of calendars are among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from words_in(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from words_in(one)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (key for key in value if isinstance(key, str))
        for one in value.values():
            yield from _keys(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _keys(one)
