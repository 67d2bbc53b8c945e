"""Coming firings as iCalendar feeds, to see them in one's own calendar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.access.queries import language_of
from broadsheet.schedules import queries
from broadsheet.schedules.feed import feed
from broadsheet.schedules.models import Schedule
from broadsheet.web.downloads import download

from ..authentication import asker
from ..telling import told
from .recurrence import Language

router = Router()
MEDIA_TYPE = "text/calendar"
FEED: dict[str, Any] = {
    "200": {"description": "iCalendar (RFC 5545).", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


class Spoken(Schema):
    language: Language | None = Field(None, description="Of rules and reasons; by default that of whoever asks.")


class Whose(Spoken):
    mine: bool = Field(False, description="Only schedules that belong to whoever asks.")


@router.get(
    "/schedules.ics",
    **told(
        "getScheduleFeed", "Feed of all schedules", permission="schedule.read", response={200: None}, responses=FEED
    ),
)
def all_schedules(request: HttpRequest, whose: Query[Whose]) -> HttpResponse:
    """The firings of the next 90 days, each with its reason, as events with lasting UIDs.

    Paused schedules have none; a firing to be left out is cancelled. Calendars look anew every hour.
    """
    actor = asker(request)
    found = queries.schedules(actor)
    if whose.mine:
        found = found.filter(owner_id=actor.user_id)
    found = found.select_related("organization").order_by("name")
    return _answer(request, found, title="Broadsheet", name="schedules", language=whose.language)


@router.get(
    "/schedules/{slug:name}/calendar.ics",
    **told("getCalendarFeed", "Feed of a schedule", permission="schedule.read", response={200: None}, responses=FEED),
)
def one_schedule(request: HttpRequest, name: str, spoken: Query[Spoken]) -> HttpResponse:
    """The firings of the next 90 days, each with its reason, as events with lasting UIDs; none while it is paused."""
    found = queries.schedule(asker(request), name)
    return _answer(request, [found], title=found.title or found.name, name=found.name, language=spoken.language)


def _answer(
    request: HttpRequest, found: Iterable[Schedule], *, title: str, name: str, language: Language | None
) -> HttpResponse:
    def address(schedule: Schedule) -> str:
        return request.build_absolute_uri(f"/schedules/{quote(schedule.name, safe='')}/")

    spoken = language or language_of(asker(request))
    text = feed(found, title=title, now=timezone.now(), address=address, language=spoken)
    answer = download(text, filename=f"{name}.ics", media_type=f"{MEDIA_TYPE}; charset=utf-8")
    answer["Vary"] = "Authorization, Cookie"
    return answer
