"""Schedules that an actor may see, and their coming firings."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from broadsheet.access.models import Organization
from broadsheet.access.reach import schedule_thing, thing, within_schedules
from broadsheet.core.policy import Actor, Decision, may, require_somewhere
from broadsheet.core.policy.roles import Refused
from broadsheet.core.recurrence import Firing, Spread, Timing, timing_from
from broadsheet.schedules.asked import Form, one_rule, over, when_of
from broadsheet.schedules.calendars import Shelf, kept
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.errors import UnknownSchedule
from broadsheet.schedules.firing import firings_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.triggers.wording import started_words


def schedules(actor: Actor, permission: str = "schedule.read") -> QuerySet[Schedule]:
    """The organization's schedules on which the actor holds *permission*, by name. Raises Refused."""
    mine = Schedule.objects.filter(within_schedules(actor, permission), organization_id=actor.organization_id)
    return mine.select_related("report", "owner")


def schedule(actor: Actor, name: str, permission: str = "schedule.read") -> Schedule:
    """The schedule called *name*, to do with it what *permission* says. Raises UnknownSchedule, which suggests the nearest
    name, and Refused where the actor may read it and not do that."""
    found = schedules(actor).filter(name=name).first()
    if found is not None and permission != "schedule.read":
        require_on(actor, permission, found)
    if found is None:
        names = list(schedules(actor).values_list("name", flat=True))
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(names) or 'none yet'}."
        raise UnknownSchedule(f"There is no schedule “{name}”. {hint}")
    return found


def require_on(actor: Actor, permission: str, schedule: Schedule) -> None:
    """Raise Refused unless *actor* holds *permission* on the schedule of their organization."""
    decision = may_on(actor, permission, schedule)
    if not decision:
        raise Refused(decision)


def may_on(actor: Actor, permission: str, schedule: Schedule) -> Decision:
    """Whether *actor* holds *permission* on the schedule of their organization."""
    report = thing(actor, "report", schedule.report_id, schedule.name)
    return may(actor, permission, schedule_thing(report, schedule.pk, schedule.name, schedule.owner_id))


def definition_of(schedule: Schedule) -> ScheduleDefinition:
    """What the schedule says now."""
    return ScheduleDefinition.model_validate({**schedule.definition, "name": schedule.name})


def timing_of(schedule: Schedule, *, shelf: Shelf | None = None) -> Timing:
    """Its rule, in the organization's zone where it names none, over the organization's calendars (*shelf*)."""
    definition = definition_of(schedule)
    shelf = shelf or kept.shelf_for(definition.when, schedule.organization_id)
    return definition.timing(zone=zone_of(schedule.organization_id), shelf=shelf)


def words_of(schedule: Schedule, language: str) -> str:
    """What starts the schedule, as a sentence: its rule, events, calls, a milestone. Raises RuleError."""
    return started_words(definition_of(schedule), timing_of(schedule), language)


def zone_of(organization_id: int) -> str:
    return Organization.objects.values_list("zone", flat=True).get(pk=organization_id)


def coming(schedule: Schedule, *, after: datetime, limit: int) -> Iterator[Firing | Spread]:
    """The next firings after *after* (aware), each with its reason; a firing that will be skipped is among them."""
    return firings_of(schedule, timing_of(schedule), after=after, limit=limit)


def tried(
    actor: Actor,
    when: Mapping[str, Any] | list[Any] | str,
    *,
    form: Form = "text",
    zone: str,
    calendar: str = "",
    at: Sequence[str] = (),
) -> Timing:
    """A rule that no schedule has yet: its mapping, a list of them, or text in *form*. *zone* where it names none, empty for the
    organization's; *calendar* where it names none; *at*: times of day of an RRULE that has none. Raises RuleError, Refused."""
    require_somewhere(actor, "schedule.read")
    zone = zone or zone_of(actor.organization_id)
    rule = when_of(form, when, zone=zone, at=at) if isinstance(when, str) else when
    one = one_rule(rule)
    shelf = kept.shelf_for({**one, "calendar": calendar} if calendar else one, actor.organization_id)
    return timing_from(over(one, calendar, shelf) if calendar else rule, default_zone=zone, **shelf.names())


def today(actor: Actor, *, now: datetime) -> date:
    """The date in the organization's zone."""
    return now.astimezone(ZoneInfo(zone_of(actor.organization_id))).date()
