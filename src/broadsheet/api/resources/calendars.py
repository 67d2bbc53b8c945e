"""Calendars: business days, closures, fiscal years and events, which rules of schedules name."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.schedules import queries
from broadsheet.schedules.actions.save_calendar import remove_calendar, save_calendar
from broadsheet.schedules.calendars import kept
from broadsheet.schedules.calendars.listing import year_of
from broadsheet.schedules.models import Calendar

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .recurrence import Language
from .sources import BY_NAME

router = Router()


class CalendarShape(Schema):
    """Which local dates are business days, and why the others are not."""

    name: str = Field(examples=["new-york"])
    label: str
    version: int
    fetched_at: datetime.datetime | None = Field(description="When the events of its file or address were last read.")
    trouble: str = Field(description="Why they could not be read anew; those before stay in use.")
    updated_at: datetime.datetime


class CalendarWhole(CalendarShape):
    definition: dict[str, Any] = Field(description="As a definition file has it, without the name.")


class ClosureShape(Schema):
    date: datetime.date
    name: str = Field(description="Why nothing is done then.", examples=["Thanksgiving Day"])
    weekend: bool = Field(description="It is nothing but a day of the weekend.")


class HalfDayShape(Schema):
    date: datetime.date
    name: str
    closes: str | None = Field(description="Local time; null where only that it is early is known.", examples=["13:00"])


class YearShape(Schema):
    """Each date of the year once, as a business day or a closure."""

    name: str
    label: str
    year: int
    business_days: list[datetime.date]
    closures: list[ClosureShape]
    half_days: list[HalfDayShape] = Field(description="Business days that end early.")


class Year(Schema):
    year: int | None = Field(None, ge=1980, le=2200, description="By default this year, in the organization's zone.")
    language: Language = Field("en", description="Of names, where they are known in it.")


def facts(one: Calendar) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "version": one.version, "fetched_at": one.fetched_at,
        "trouble": one.trouble, "updated_at": one.updated_at,
    }  # fmt: skip


@router.get(
    "/calendars", **told("listCalendars", "List calendars", permission="schedule.read", response=Page[CalendarShape])
)
def list_calendars(request: HttpRequest, paging: Query[Paging]) -> object:
    """The organization's own calendars by name. Those of countries and markets (us, nyse) need not be defined."""
    return page(kept.calendars(asker(request)), paging, order=BY_NAME, shape=facts)


@router.get(
    "/calendars/{slug:name}",
    **told("getCalendar", "Get a calendar", permission="schedule.read", response=CalendarWhole),
)
def get_calendar(request: HttpRequest, name: str) -> object:
    """One calendar with its definition."""
    found = kept.calendar(asker(request), name)
    return {**facts(found), "definition": found.definition}


@router.put(
    "/calendars/{slug:name}", **told("putCalendar", "Define a calendar", permission="schedule.edit", response=Kept)
)
def put_calendar(request: HttpRequest, name: str, body: Definition) -> object:
    """Adds it, or makes it what the definition says. Schedules that depend on it get their next firing anew."""
    effect = save_calendar(asker(request), loaded("calendar", name, body), now=timezone.now())
    return {"kind": "calendar", "name": name, "effect": effect}


@router.delete(
    "/calendars/{slug:name}",
    **told(
        "removeCalendar", "Remove a calendar", permission="schedule.edit schedule.read", response={204: None},
        conflict=True,
    ),
)  # fmt: skip
def delete_calendar(request: HttpRequest, name: str) -> Status[None]:
    """Only one that neither a schedule nor another calendar names."""
    remove_calendar(asker(request), name, now=timezone.now())
    return Status(204, None)


@router.get(
    "/calendars/{slug:name}/days",
    **told("getCalendarDays", "Get the days of a year", permission="schedule.read", response=YearShape),
)
def days(request: HttpRequest, name: str, asked: Query[Year]) -> object:
    """Business days, closures with their names, and half days; of countries and markets (us, nyse) as well."""
    actor = asker(request)
    today = queries.today(actor, now=timezone.now())
    calendar = kept.any_calendar(actor, name, around=today)
    year = asked.year or today.year
    found = year_of(calendar, year, language=asked.language)
    return {
        "name": name, "label": calendar.name, "year": year, "business_days": list(found.business_days),
        "closures": [{"date": one.date, "name": one.name, "weekend": one.weekend} for one in found.closures],
        "half_days": [
            {"date": one.date, "name": one.name, "closes": f"{one.closes:%H:%M}" if one.closes else None}
            for one in found.half_days
        ],
    }  # fmt: skip
