"""Keep a calendar as its definition says, and move what depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from django.db import transaction

from broadsheet.collaboration.calendar_moved import Act
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require_for_all
from broadsheet.core.recurrence import RuleError
from broadsheet.runs.actions.fire import fire_what_is_due
from broadsheet.runs.actions.withdraw import withdraw
from broadsheet.schedules.calendars import kept
from broadsheet.schedules.calendars.building import Shelf
from broadsheet.schedules.calendars.definition import CalendarDefinition, calendar_from
from broadsheet.schedules.calendars.errors import CalendarError
from broadsheet.schedules.calendars.events import MOST_BYTES, events_from
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.firing import carry_overrides, next_of
from broadsheet.schedules.models import Calendar, Schedule
from broadsheet.schedules.moves import Coming, coming
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.files import checked_file

from .save import Change
from .tell_owners import tell_owners

CHECK_YEARS = 1  # of a fetched file: whether it can be read


@dataclass(frozen=True, slots=True)
class Move:
    """A schedule whose next firing a changed calendar moved; aware, None for none."""

    schedule: str
    was: datetime | None
    now: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a calendar did, and which schedules it moved."""

    change: Change
    moves: tuple[Move, ...] = ()


def save_calendar(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """As `save_and_tell`, for those who need not know what moved."""
    return save_and_tell(actor, loaded, now=now).change


def try_calendar(actor: Actor, loaded: Loaded, *, now: datetime) -> Saved:
    """What `save_and_tell` would do; nothing is kept. Raises as it does."""
    with transaction.atomic():
        saved = save_and_tell(actor, loaded, now=now)
        transaction.set_rollback(True)
    return saved


@transaction.atomic
def save_and_tell(actor: Actor, loaded: Loaded, *, now: datetime) -> Saved:
    """A new calendar, or a new version of one. Schedules that name it, or a calendar joined from it, get their next
    firing anew, the journal says what moved, and their owners are told.

    Raises DefinitionError with all that is wrong: names of countries, markets and calendars included.
    """
    require_for_all(actor, "schedule.edit")
    definition = calendar_from(loaded)
    mine = Calendar.objects.select_for_update().filter(organization_id=actor.organization_id)
    found = mine.filter(name=loaded.name).first()
    try:
        fetched = file_text(definition.events.file) if definition.events and definition.events.file else ""
        _check(actor.organization_id, definition, fetched, now=now)
    except CalendarError as error:
        raise DefinitionError([loaded.problem(error.path, error.message, error.fix)]) from error
    stored = definition.stored()
    if found is not None and found.definition == stored and (not fetched or fetched == found.fetched):
        return Saved("same")
    fire_dependents(actor.organization_id, loaded.name, now=now)
    before = coming(actor.organization_id, loaded.name, now=now)
    calendar = found or Calendar(
        organization_id=actor.organization_id, name=loaded.name, version=0, created_at=now, definition={}
    )
    if fetched or calendar.definition.get("events") != stored.get("events"):
        calendar.fetched, calendar.fetched_at, calendar.trouble = fetched, now if fetched else None, ""
        calendar.tried_at = calendar.fetched_at
    calendar.label, calendar.definition = definition.title, stored
    calendar.version, calendar.updated_at = calendar.version + 1, now
    calendar.save()
    record(actor, "calendar.saved", loaded.name, now=now, version=calendar.version)
    change: Literal["added", "changed"] = "added" if found is None else "changed"
    moves = move_dependents(actor, calendar, change, before, now=now)
    return Saved(change, tuple(moves))


@transaction.atomic
def remove_calendar(actor: Actor, name: str, *, now: datetime) -> None:
    """Raises UnknownCalendar, NotNow while a schedule or another calendar names it, and Refused."""
    require_for_all(actor, "schedule.edit")
    calendar = kept.calendar(actor, name)
    shelf = kept.shelf_of(actor.organization_id, around=now.date())
    joined = [one for one in shelf.definitions if one != name and name in shelf.definitions[one].named()]
    users = [*joined, *(one.name for one in kept.dependents(actor.organization_id, name, shelf))]
    if users:
        raise NotNow(f"“{name}” is in use by {', '.join(sorted(set(users)))}. Change these first.")
    calendar.delete()
    record(actor, "calendar.removed", name, now=now)


def keep_events(actor: Actor, name: str, text: str, *, now: datetime) -> list[Move]:
    """New iCalendar text of a calendar's file or address. What cannot be read is noted, and the text before it stays.

    Raises UnknownCalendar, Refused.
    """
    require_for_all(actor, "schedule.edit")
    with transaction.atomic():
        calendar = Calendar.objects.select_for_update().get(pk=kept.calendar(actor, name).pk)
        calendar.trouble = _trouble(kept.definition_of(calendar), text, now=now)
        changed = not calendar.trouble and calendar.fetched != text
        if changed:
            fire_dependents(actor.organization_id, name, now=now)
        before = coming(actor.organization_id, name, now=now) if changed else {}
        if not calendar.trouble:
            calendar.fetched, calendar.fetched_at = text, now
        calendar.save(update_fields=["fetched", "fetched_at", "trouble"])
        if not changed:
            return []
        record(actor, "calendar.refreshed", name, now=now)
        return move_dependents(actor, calendar, "refreshed", before, now=now)


def fire_dependents(organization_id: int, name: str, *, now: datetime) -> None:
    """Write what is due of the schedules that depend on the calendar, by the calendar as it was then."""
    shelf = kept.shelf_of(organization_id, around=now.date())
    for schedule in kept.dependents(organization_id, name, shelf):
        if schedule.next_fire_at is not None and schedule.next_fire_at <= now:
            fire_what_is_due(schedule.pk, now=now)


def note_trouble(actor: Actor, name: str, trouble: str) -> None:
    """The address could not be read; the events before stay in use. Raises UnknownCalendar, Refused."""
    require_for_all(actor, "schedule.edit")
    Calendar.objects.filter(pk=kept.calendar(actor, name).pk).update(trouble=trouble[:500])


def move_dependents(
    actor: Actor, calendar: Calendar, act: Act, before: Mapping[int, Coming], *, now: datetime
) -> list[Move]:
    """Count the next firings anew, from *now*, of all schedules that depend on the calendar, and tell their owners what
    is otherwise than *before*.

    Paused schedules have none. A firing that is due already stays due. What a person chose for one holds at its new time
    too.
    """
    after = coming(actor.organization_id, calendar.name, now=now)
    moves = []
    for found in after.values():
        schedule = found.schedule
        early = _taken_back(schedule, now=now)
        was = early or schedule.next_fire_at
        if schedule.paused_at is not None or (was is not None and was <= now):
            continue
        if found.timing is not None and schedule.overrides:
            carry_overrides(schedule, found.timing, now=now)
            schedule.save(update_fields=["overrides"])
        then = _next(replace(found, firings=()) if early else found, now=now)
        if then != was or early:
            schedule.aim(then)
            schedule.save(update_fields=["next_fire_at", "begin_at", "fired_wall"])
        if then != was:
            moves.append(Move(schedule.name, was, then))
            texts = {"was": was.isoformat() if was else "", "next": then.isoformat() if then else ""}
            record(actor, "schedule.moved", schedule.name, now=now, calendar=calendar.name, **texts)
    tell_owners(actor, calendar, act, before, after, now=now)
    return moves


def _taken_back(schedule: Schedule, *, now: datetime) -> datetime | None:
    """The first firing whose run was made ahead of its time, taken back: the calendar may have moved it. None: there was
    none."""
    begun = schedule.occurrences.filter(kind="scheduled", fire_at__gt=now, finished_at__isnull=True)
    first = begun.order_by("fire_at").values_list("fire_at", flat=True).first()
    return first if first and withdraw(schedule, now=now) else None


def _next(found: Coming, *, now: datetime) -> datetime | None:
    """None too where the rule no longer makes sense over the calendar: the schedule's page then says why."""
    if found.firings or found.timing is None:  # what a run was begun for is not among them
        return found.firings[0].at if found.firings else None
    try:
        return next_of(found.schedule, found.timing, after=now)
    except RuleError:
        return None


def _check(organization_id: int, definition: CalendarDefinition, fetched: str, *, now: datetime) -> None:
    shelf = kept.shelf_of(organization_id, around=now.date())
    texts = {**shelf.fetched}
    texts[definition.name] = fetched or texts.get(definition.name, kept.EMPTY)
    tried = Shelf({**shelf.definitions, definition.name: definition}, texts, now.date())
    tried.calendar(definition.name)
    tried.fiscal(definition.name)
    if definition.events:
        tried.events(definition.name)


def file_text(name: str) -> str:
    """The text of a file on the server. Raises CalendarError for one that may not or cannot be read."""
    path = ("events", "file")
    try:
        file = checked_file(Path(name))
        if file.stat().st_size > MOST_BYTES:
            message = f"{file.name} is larger than {MOST_BYTES // 1000:,} kB."
            raise CalendarError(path, message, "Export a shorter stretch.")
        return file.read_text("utf-8-sig")
    except QueryRefused as error:
        raise CalendarError(path, str(error), "") from error
    except OSError as error:
        raise CalendarError(path, f"“{name}” cannot be read.", "Write its whole path on the server.") from error
    except UnicodeDecodeError as error:
        raise CalendarError(path, f"“{name}” is not UTF-8 text.", "Save it as UTF-8.") from error


def _trouble(definition: CalendarDefinition, text: str, *, now: datetime) -> str:
    zone = definition.events.zone if definition.events else "UTC"
    first = now.date()
    try:
        events_from(
            text,
            name=definition.title,
            zone=zone,
            first=first,
            last=first.replace(day=1, year=first.year + CHECK_YEARS),
        )
    except CalendarError as error:
        return str(error)
    return ""
