"""Coming firings as iCalendar feeds, to see them in one's own calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.access.actions.feed_address import end_feed_address, make_feed_address
from broadsheet.access.queries import feed_address, language_of
from broadsheet.schedules import queries
from broadsheet.schedules.feed import feed
from broadsheet.schedules.feed_urls import feed_urls
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


class FeedAddressShape(Schema):
    """Whether there is one, without its secret."""

    made_at: datetime | None = Field(description="Null: there is none.")
    used_at: datetime | None = Field(description="When a program last fetched it, to the minute.")


class MadeFeedAddress(FeedAddressShape):
    """A fresh address; what was made before has ended."""

    all: str = Field(description="Of all schedules that the person may see.", examples=["https://reports.example.com/api/v1/feeds/bsf_….ics"])  # fmt: skip
    mine: str = Field(description="Of those that belong to the person.")
    schedule: str = Field(description="Of one schedule: put its name for `{name}`.")


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


@router.get(
    "/feed",
    **told("getFeedAddress", "Is there a feed address?", permission="schedule.read", response=FeedAddressShape),
)
def get_feed_address(request: HttpRequest) -> object:
    """The asker's own secret address, under which calendar programs find their feed without a header. Its secret is
    shown where it is made and on the person's own page, and not here."""
    found = feed_address(asker(request))
    return {"made_at": found.made_at if found else None, "used_at": found.used_at if found else None}


@router.post(
    "/feed",
    **told(
        "makeFeedAddress", "Make a feed address", permission="schedule.read token.edit",
        response={201: MadeFeedAddress},
    ),
)  # fmt: skip
def make_address(request: HttpRequest) -> Status[dict[str, object]]:
    """A fresh secret address of the asker's own; the one before opens nothing any more. Whoever has it reads the coming
    firings that the person may see, and nothing else. A session needs `schedule.read` alone."""
    now = timezone.now()
    urls = feed_urls(make_feed_address(asker(request), now=now))
    found = {"all": urls.all, "mine": urls.mine, "schedule": urls.of("{name}")}
    return Status(201, {"made_at": now, "used_at": None, **found})


@router.delete(
    "/feed", **told("endFeedAddress", "End the feed address", permission="schedule.read", response={204: None})
)
def end_address(request: HttpRequest) -> Status[None]:
    """From this moment on it opens nothing. Doing it twice is as once."""
    end_feed_address(asker(request), now=timezone.now())
    return Status(204, None)


def _answer(
    request: HttpRequest, found: Iterable[Schedule], *, title: str, name: str, language: Language | None
) -> HttpResponse:
    spoken = language or language_of(asker(request))
    answer = ics(request, found, title=title, name=name, language=spoken)
    answer["Vary"] = "Authorization, Cookie"
    return answer


def ics(request: HttpRequest, found: Iterable[Schedule], *, title: str, name: str, language: str) -> HttpResponse:
    """The feed of *found* as an answer."""

    def address(schedule: Schedule) -> str:
        return request.build_absolute_uri(f"/schedules/{quote(schedule.name, safe='')}/")

    text = feed(found, title=title, now=timezone.now(), address=address, language=language)
    return download(text, filename=f"{name}.ics", media_type=f"{MEDIA_TYPE}; charset=utf-8")
