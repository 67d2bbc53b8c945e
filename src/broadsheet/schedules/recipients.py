"""Who a schedule sends to, now: its audience's query asked, or its list read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from broadsheet.access import queries as access
from broadsheet.core.document.tables import Ask, Filter, Grouping
from broadsheet.core.policy import Reader
from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar
from broadsheet.reports.ports import FORMATS
from broadsheet.schedules.audience import Audience, Fields, Invalid, audience
from broadsheet.schedules.calendars import kept
from broadsheet.schedules.definition import AudienceDefinition
from broadsheet.schedules.own_times import Calendars
from broadsheet.schedules.periods import DEFAULT
from broadsheet.sources.actions.ask import Request, answer_all

LISTED = (
    "key",
    "name",
    "address",
    "language",
    "zone",
    "currency",
    "formats",
    "at",
    "hours",
    "calendar",
    "fallback",
    "fallback_address",
)


def recipients(organization_id: int, definition: AudienceDefinition, *, as_of: datetime) -> Audience:
    """Readers and invalid rows. The query runs unrestricted: it is the owner's list, and no row of it is sent.

    Raises the errors of `sources.errors`.
    """
    calendars = calendars_for(organization_id, definition, around=as_of.date())
    if definition.dataset:
        rows, fields = _asked(organization_id, definition, as_of=as_of), definition.fields()
    else:
        rows = [*_listed(definition), *_known(organization_id, definition)]
        fields = _list_fields(rows)
    found = audience(
        rows, fields, defaults=definition.recipient_defaults(), formats=file_formats(), calendars=calendars
    )
    return _without_the_gone(organization_id, found)


def _without_the_gone(organization_id: int, found: Audience) -> Audience:
    """*found* without members who are deactivated, by whatever way they are named; they are invalid rows instead."""
    gone = access.deactivated(organization_id)
    if not gone:
        return found
    stay = tuple(one for one in found.readers if one.address.lower() not in gone)
    fallbacks = {key: (name, "" if at.lower() in gone else at) for key, (name, at) in found.fallbacks.items()}
    fix = "Take them off the audience, or let them back in."
    left = [
        Invalid(found.rows.get(one.key, 0), one.name, f"{one.name} is a member who is deactivated.", fix)
        for one in found.readers
        if one.address.lower() in gone
    ]
    return replace(
        found,
        readers=stay,
        fallbacks=fallbacks,
        invalid=tuple(sorted([*found.invalid, *left], key=lambda one: one.row)),
    )


def file_formats() -> list[str]:
    """Ids of the installed formats that make files; bodies of messages are not among them."""
    return [one for one in FORMATS.ids() if "body" not in FORMATS.get(one).descriptor.capabilities]


def calendars_for(organization_id: int, definition: AudienceDefinition, *, around: date) -> Calendars:
    """The calendars that working hours may name; one without a name is the organization's `default`, else Monday to
    Friday. Nothing is asked of the database where nobody has working hours."""
    written = [(definition.hours, definition.calendar), (definition.defaults.hours, definition.defaults.calendar)]
    if not any(map(any, [*written, *((one.hours, one.calendar) for one in definition.people)])):
        return lambda name: MONDAY_TO_FRIDAY
    shelf = kept.shelf_of(organization_id, around=around)
    usual = shelf.calendar(DEFAULT) if DEFAULT in shelf.definitions else MONDAY_TO_FRIDAY

    def named(name: str) -> Calendar:
        return shelf.calendar(name) if name else usual

    return cache(named)


def _asked(organization_id: int, definition: AudienceDefinition, *, as_of: datetime) -> list[dict[str, Any]]:
    fields = definition.fields()
    ask = Ask(
        definition.dataset,
        by=tuple(Grouping(name) for name in fields.columns()),
        filters=tuple(Filter(name, "=", value) for name, value in definition.where.items()),
        rows=True,
    )
    owner = Reader("audience", "", unrestricted=True)
    table = answer_all(organization_id, [Request("audience", ask, owner)], as_of=as_of)["audience"]
    return list(table.records())


def _listed(definition: AudienceDefinition) -> list[dict[str, Any]]:
    return [
        {
            **one.attributes,
            "key": one.key or one.address or one.name,
            "name": one.name, "address": one.address, "language": one.language, "zone": one.zone,
            "currency": one.currency, "formats": ",".join(one.formats),
            "at": one.at, "hours": one.hours, "calendar": one.calendar,
            "fallback": one.fallback, "fallback_address": one.fallback_address,
        }
        for one in definition.people
    ]  # fmt: skip


def _known(organization_id: int, definition: AudienceDefinition) -> list[dict[str, Any]]:
    """Contacts, and the members and contacts of teams, each once whatever they were named by. Who is not active is left
    out."""
    if not definition.contacts and not definition.teams:
        return []
    contacts = access.contacts_of(organization_id, keys=definition.contacts, teams=definition.teams)
    members = access.members_of_teams(organization_id, definition.teams)
    rows = [
        {
            **one.attributes, "key": one.name, "name": one.label, "address": one.address, "language": one.language,
            "zone": one.zone, "currency": one.currency, "formats": ",".join(one.formats),
        }
        for one in contacts
    ]  # fmt: skip
    return rows + [
        {
            **one.attributes, "key": f"user:{one.user_id}", "name": one.user.name, "address": one.user.email,
            "language": one.user.language, "zone": one.user.zone,
        }
        for one in members
    ]  # fmt: skip


def _list_fields(rows: list[dict[str, Any]]) -> Fields:
    names = dict.fromkeys(name for row in rows for name in row if name not in LISTED)
    address = "address" if any(row.get("address") for row in rows) else ""
    return Fields(
        "key",
        "name",
        address,
        "language",
        "zone",
        "currency",
        "formats",
        tuple(names),
        "at",
        "hours",
        "calendar",
        "fallback",
        "fallback_address",
    )
