"""Fetch anew the events of calendars that have an address or a file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from broadsheet.access.queries import system_actor
from broadsheet.schedules.calendars.errors import CalendarError
from broadsheet.schedules.errors import NotFetched
from broadsheet.schedules.models import Calendar

from .save_calendar import file_text, keep_events, note_trouble

log = logging.getLogger(__name__)
EVERY = timedelta(hours=1)
SOON = timedelta(minutes=1)  # a calendar whose events nobody has yet

Fetch = Callable[[str], str]
"""The iCalendar text at an address. Raises NotFetched with what people can do about it."""


def refresh_due(fetch: Fetch, *, now: datetime, limit: int = 20) -> int:
    """Look once at each calendar that was not looked at for an hour, or has no events yet; how many there were.

    Several processes may call this: each calendar is taken by one. What fails is noted with the calendar, and its
    events before stay in use.
    """
    late = Q(tried_at__isnull=True) | Q(tried_at__lt=now - EVERY) | Q(fetched="", tried_at__lt=now - SOON)
    due = Calendar.objects.filter(late, Q(definition__events__has_key="url") | Q(definition__events__has_key="file"))
    done = 0
    for calendar in due.order_by("tried_at")[:limit]:
        mine = Calendar.objects.filter(pk=calendar.pk, tried_at=calendar.tried_at)
        if mine.update(tried_at=now):  # another process was first otherwise
            done += 1
            _refresh(calendar, fetch, now=now)
    return done


def refresh_now(calendar: Calendar, fetch: Fetch, *, now: datetime) -> None:
    """Look at one calendar at once, as a person asks for it."""
    Calendar.objects.filter(pk=calendar.pk).update(tried_at=now)
    _refresh(calendar, fetch, now=now)


def _refresh(calendar: Calendar, fetch: Fetch, *, now: datetime) -> None:
    system = system_actor(calendar.organization_id)
    events = calendar.definition["events"]
    try:
        text = fetch(events["url"]) if events.get("url") else file_text(events["file"])
    except (NotFetched, CalendarError) as error:
        log.warning("events not fetched action=refresh calendar=%s", calendar.pk)
        note_trouble(system, calendar.name, str(error))
        return
    keep_events(system, calendar.name, text, now=now)
