"""Keep a schedule as its definition says."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from django.db import transaction

from broadsheet.access.queries import audience_names
from broadsheet.access.reach import thing
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, dump
from broadsheet.core.document.parameters import ParameterError, resolve
from broadsheet.core.policy import Actor, Reader, may, require, require_somewhere
from broadsheet.core.policy.roles import unscoped
from broadsheet.core.recurrence import RuleError
from broadsheet.delivery import queries as delivery
from broadsheet.reports import queries as reports
from broadsheet.reports.models import Report
from broadsheet.runs.actions.fire import fire_what_is_due
from broadsheet.runs.actions.withdraw import withdraw
from broadsheet.schedules.actions.ask_clocks import EVERY, SOON, asked_clocks
from broadsheet.schedules.audience_rights import columns_of, kept_back
from broadsheet.schedules.calendars import CalendarError, kept
from broadsheet.schedules.conditions.checking import condition_problems
from broadsheet.schedules.conditions.rights import asked_fields
from broadsheet.schedules.definition import AudienceDefinition, ScheduleDefinition, schedule_from
from broadsheet.schedules.firing import forget_the_future, next_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.needs import lacking, told
from broadsheet.schedules.periods import period_calendars
from broadsheet.schedules.planning.history import ahead_seconds
from broadsheet.schedules.queries import require_on, zone_of
from broadsheet.schedules.recipients import calendars_for, file_formats
from broadsheet.schedules.triggers.keeping import keep_triggers, trigger_problems
from broadsheet.sources import queries as sources
from broadsheet.sources.secured.clearance import require_cleared

Change = Literal["added", "changed", "same"]
OWN_ROWS = "Attributes decide which rows somebody gets, and you may not see all rows."
OWN_HOUR = "An hour of their own counts where the rule has one time of day on each recipient's clock."


@transaction.atomic
def save_schedule(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """A new schedule, or a new version of one. Its next firing is counted from *now*.

    Raises DefinitionError with all that is wrong, names of other definitions included.
    """
    require_somewhere(actor, "schedule.edit")
    definition = schedule_from(loaded)
    problems = check_names(actor, definition, loaded, now=now)
    if problems:
        raise DefinitionError(problems)
    require_cleared(unscoped(actor), _shown(actor.organization_id, definition))
    stored = definition.stored()
    personal = definition.on_own_clocks()
    clocks = asked_clocks(actor.organization_id, definition, now=now) if personal else []
    report = Report.objects.get(organization_id=actor.organization_id, name=definition.report)
    mine = Schedule.objects.select_for_update().filter(organization_id=actor.organization_id)
    found = mine.filter(name=loaded.name).first()
    if found is not None:
        require_on(actor, "schedule.edit", found)
    if found is None or found.report_id != report.pk:
        require(actor, "schedule.edit", thing(actor, "report", report.pk, report.name))
    if found is not None and found.definition == stored and found.report_id == report.pk:
        return "same"
    before = dump("schedule", loaded.name, found.definition) if found else ""
    before_when = found.definition.get("when", {}) if found else {}
    if found is not None:
        fire_what_is_due(found.pk, now=now)
        found.refresh_from_db()
        withdraw(found, now=now)
    schedule = found or Schedule(
        organization_id=actor.organization_id, name=loaded.name, version=0, owner_id=actor.user_id, created_at=now
    )
    schedule.title, schedule.report = definition.title or loaded.name, report
    schedule.definition, schedule.version, schedule.updated_at = stored, schedule.version + 1, now
    # A source that did not answer is asked again with the next look.
    schedule.clocks_at = (now if clocks is not None else now - EVERY - SOON) if personal else None
    forget_the_future(schedule, now=now)
    if clocks is not None:
        schedule.clocks = clocks
    floating = definition.policies.floating
    schedule.ahead_seconds = ahead_seconds(definition.policies.ahead, schedule=schedule.pk)
    schedule.offset_seconds = min(schedule.offset_seconds, floating.minutes * 60) if floating else 0
    if found is None or before_when != definition.when:  # what was chosen for a firing is for one of that rule
        schedule.overrides = []
    if definition.policies.weight != "auto":
        schedule.weight = definition.policies.weight
    schedule.aim(None if schedule.paused_at else _next(schedule, definition, now=now))
    schedule.save()
    keep_triggers(schedule, definition, now=now)
    changed = difference(before, dump("schedule", loaded.name, stored))
    record(actor, "schedule.saved", loaded.name, now=now, version=schedule.version, changed=changed)
    return "added" if found is None else "changed"


def _shown(organization_id: int, definition: ScheduleDefinition) -> dict[str, set[str]]:
    """The fields that the schedule sends: its report's, and those of its audience, by dataset."""
    report = Report.objects.get(organization_id=organization_id, name=definition.report)
    found = reports.fields_of(reports.definition_of(reports.latest(report)))
    audience = definition.audience
    if audience.dataset:
        found.setdefault(audience.dataset, set()).update(columns_of(audience))
    for name, fields in asked_fields(definition).items():
        found.setdefault(name, set()).update(fields)
    return found


def check_names(actor: Actor, definition: ScheduleDefinition, loaded: Loaded, *, now: datetime) -> list[Problem]:
    """What the definition names and the actor does not reach, and parameters that the report refuses. Raises Refused."""
    problems, organization_id, actor = [], actor.organization_id, unscoped(actor)
    names = list(reports.reports(actor).values_list("name", flat=True))
    if definition.report not in names:
        fix = near(definition.report, names)
        problems.append(loaded.problem(("report",), f"There is no report “{definition.report}”.", fix))
    else:
        problems += _parameters(organization_id, definition, loaded, now=now)
    channels = list(delivery.channels(actor).values_list("name", flat=True))
    for index, one in enumerate(definition.channels):
        if one.channel not in channels:
            path = ("channels", index, "channel")
            problems.append(loaded.problem(path, f"There is no channel “{one.channel}”.", near(one.channel, channels)))
        problems += _formats(one.formats, loaded, path=("channels", index, "formats"))
    problems += _fallbacks(definition, loaded, channels=channels)
    problems += _formats(definition.audience.defaults.formats, loaded, path=("audience", "defaults", "formats"))
    problems += _calendars(organization_id, definition, loaded)
    problems += _audience(actor, definition, loaded)
    if definition.report in names:  # of one that is out of reach nothing is told
        problems += _needs(organization_id, definition, loaded)
    problems += _own_times(organization_id, definition, loaded, now=now)
    problems += condition_problems(actor, definition, loaded, now=now)
    problems += trigger_problems(actor, definition, loaded)
    return problems + _brand(organization_id, definition, loaded)


def _fallbacks(definition: ScheduleDefinition, loaded: Loaded, *, channels: list[str]) -> list[Problem]:
    policy = definition.policies.fallback
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("policies", "fallback", "channel"), policy.channel if policy else "")
    ]
    named += [
        (("audience", "people", index, "fallback"), one.fallback)
        for index, one in enumerate(definition.audience.people)
    ]
    return [
        loaded.problem(path, f"There is no channel “{name}”.", near(name, channels))
        for path, name in named
        if name and name not in channels
    ]


def _formats(formats: object, loaded: Loaded, *, path: tuple[str | int, ...]) -> list[Problem]:
    if not isinstance(formats, list):
        return []
    known = file_formats()
    return [
        loaded.problem((*path, index), f"There is no format “{one}”.", near(one, known))
        for index, one in enumerate(formats)
        if one not in known
    ]


def _parameters(
    organization_id: int, definition: ScheduleDefinition, loaded: Loaded, *, now: datetime
) -> list[Problem]:
    report = Report.objects.get(organization_id=organization_id, name=definition.report)
    asked = reports.definition_of(reports.latest(report))
    try:
        calendars = period_calendars(organization_id, asked, definition.given, now=now)
        resolve(asked, definition.given, reader=Reader("", ""), now=now, calendars=calendars)
    except ParameterError as error:
        return [loaded.problem(("with",), str(error))]
    return []


def _calendars(organization_id: int, definition: ScheduleDefinition, loaded: Loaded) -> list[Problem]:
    shelf = kept.shelf_for(definition.when, organization_id)
    try:
        definition.timing(zone=zone_of(organization_id), shelf=shelf)
    except RuleError as error:
        path = [int(part) if part.isdecimal() else part for part in re.split(r"[.\[\]]+", error.path) if part]
        return [loaded.problem(("when", *path), f"{error.message}.", error.fix)]
    return []


def _audience(actor: Actor, definition: ScheduleDefinition, loaded: Loaded) -> list[Problem]:
    audience = definition.audience
    if not audience.dataset:
        return _contacts(actor, audience, loaded)
    known = {one.name: one for one in sources.datasets(actor)}
    if audience.dataset not in known:
        fix = near(audience.dataset, list(known))
        return [loaded.problem(("audience", "dataset"), f"There is no dataset “{audience.dataset}”.", fix)]
    told = kept_back(actor, known[audience.dataset], columns_of(audience))
    if told and not _as_it_was(actor.organization_id, definition):
        fix = "Choose contacts, teams or another dataset, or ask somebody who may see all rows."
        return [loaded.problem(("audience", "dataset"), told, fix)]
    dimensions = sources.definition_of(known[audience.dataset]).dataset.dimensions
    named = {field: getattr(audience, field) for field in ("key", "name", "address", "language", "zone", "currency", "formats", "at", "hours", "calendar")}  # fmt: skip
    wanted: list[tuple[tuple[str | int, ...], str]] = [((field,), column) for field, column in named.items() if column]
    wanted += [(("attributes", index), column) for index, column in enumerate(audience.attributes)]
    wanted += [(("where", column), column) for column in audience.where]
    return [
        loaded.problem(("audience", *path), f"Dataset “{audience.dataset}” has no dimension “{column}”.", near(column, list(dimensions)))
        for path, column in wanted
        if column not in dimensions
    ]  # fmt: skip


def _as_it_was(organization_id: int, definition: ScheduleDefinition) -> bool:
    """Whether the schedule has this audience already, which somebody else gave it."""
    mine = Schedule.objects.filter(organization_id=organization_id, name=definition.name)
    before = mine.values_list("definition", flat=True).first() or {}
    return bool(before.get("audience") == definition.stored().get("audience"))


def _contacts(actor: Actor, audience: AudienceDefinition, loaded: Loaded) -> list[Problem]:
    """Contacts and teams that are not there, and attributes that the actor may not hand out. Raises Refused for who may not
    know contacts."""
    if not may(actor, "data.all"):
        given = [index for index, one in enumerate(audience.people) if one.attributes]
        if given:
            fix = "Choose contacts, teams or a dataset, or ask somebody who may see all rows."
            return [loaded.problem(("audience", "people", given[0], "attributes"), OWN_ROWS, fix)]
    if not audience.contacts and not audience.teams:
        return []
    require(actor, "contact.read")
    contacts, teams = audience_names(actor.organization_id)
    named = [("contacts", "contact", audience.contacts, contacts), ("teams", "team", audience.teams, teams)]
    return [
        loaded.problem(("audience", key, index), f"There is no {noun} “{one}”.", near(one, known))
        for key, noun, names, known in named
        for index, one in enumerate(names)
        if one not in known
    ]


def _needs(organization_id: int, definition: ScheduleDefinition, loaded: Loaded) -> list[Problem]:
    lacks = lacking(organization_id, report=definition.report, audience=definition.audience)
    path = ("audience", "attributes") if definition.audience.dataset else ("audience", "people")
    return [loaded.problem(path, *told(lacks))] if lacks else []


def _own_times(organization_id: int, definition: ScheduleDefinition, loaded: Loaded, *, now: datetime) -> list[Problem]:
    """An hour of one's own that would count for nothing, and a calendar that is not there."""
    audience, problems = definition.audience, []
    try:
        calendars_for(organization_id, audience, around=now.date())(audience.defaults.calendar)
    except CalendarError as error:
        problems.append(loaded.problem(("audience", "defaults", "calendar"), error.message, error.fix))
    path: tuple[str | int, ...] = ("audience", "at") if audience.at else ("audience", "defaults", "at")
    if not audience.at and not audience.defaults.at:
        named = [index for index, one in enumerate(audience.people) if one.at]
        if not named:
            return problems
        path = ("audience", "people", named[0], "at")
    if not definition.has_own_hours():
        fix = "Write “zone: recipient” and one time in the rule, or leave at out."
        problems.append(loaded.problem(path, OWN_HOUR, fix))
    return problems


def _brand(organization_id: int, definition: ScheduleDefinition, loaded: Loaded) -> list[Problem]:
    names = reports.brand_names(organization_id)
    if not definition.brand or definition.brand in names:
        return []
    return [loaded.problem(("brand",), f"There is no brand “{definition.brand}”.", near(definition.brand, names))]


def _next(schedule: Schedule, definition: ScheduleDefinition, *, now: datetime) -> datetime | None:
    shelf = kept.shelf_for(definition.when, schedule.organization_id)
    return next_of(schedule, definition.timing(zone=zone_of(schedule.organization_id), shelf=shelf), after=now)
