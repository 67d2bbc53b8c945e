"""The coming firings of schedules as an iCalendar feed (RFC 5545), for people's own calendars to subscribe to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import icalendar

from broadsheet.core.recurrence import Firing, RuleError, Spread, reason_in
from broadsheet.core.recurrence.naming import tongue
from broadsheet.schedules import queries
from broadsheet.schedules.firing import firings_of, meant_of, override_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import overrides_from
from broadsheet.schedules.triggers.wording import started_words

AHEAD = timedelta(days=90)
MOST = 500  # firings of one schedule: beyond, a calendar shows nothing but it
REFRESH = timedelta(hours=1)
LABELS = {  # what stands before the wall time that was meant, and before the report's title
    "en": ("Moved from", "Report:"),
    "de": ("Verschoben von", "Bericht:"),
    "es": ("Trasladado desde", "Informe:"),
    "fr": ("Reporté du", "Rapport\u00a0:"),
}

Address = Callable[[Schedule], str]


def feed(found: Iterable[Schedule], *, title: str, now: datetime, address: Address, language: str = "en") -> bytes:
    """The firings of the next 90 days, at most 500 of each schedule; none of paused ones, and those to be left out as
    cancelled. *address* says where a schedule's page is; *now* is aware; rules and reasons are in *language*. The same firings give the same UIDs, and
    nothing in the feed depends on when it was asked for but the firings themselves."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Broadsheet//Schedules//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, title)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for schedule in found:
        for event in _events(schedule, now, address(schedule), language):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(schedule: Schedule, now: datetime, address: str, language: str) -> Iterator[icalendar.Event]:
    """None for a schedule whose rule its calendars no longer fit: its page says why."""
    if schedule.paused_at is not None:
        return
    try:
        timing = queries.timing_of(schedule)
        coming = list(firings_of(schedule, timing, after=now, until=now + AHEAD, limit=MOST))
    except RuleError:
        return
    rule = started_words(queries.definition_of(schedule), timing, language)
    for firing in coming:
        yield _event(schedule, firing, rule, address, language)


def _event(schedule: Schedule, firing: Firing | Spread, rule: str, address: str, language: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{meant_of(firing)}-{schedule.name}@{schedule.organization.slug}.broadsheet")
    event.add("dtstamp", schedule.updated_at.astimezone(UTC))
    event.add("dtstart", firing.at)
    event.add("summary", schedule.title or schedule.name)
    moved, report = LABELS.get(tongue(language), LABELS["en"])
    reason = reason_in(firing, language)
    whence = f"\n{moved} {firing.moved_from:%Y-%m-%d %H:%M}." if firing.moved_from else ""
    event.add("description", f"{reason[:1].upper()}{reason[1:]}.{whence}\n\n{rule}.\n{report} {schedule.report.title}")
    event.add("url", address)
    chosen = override_of(overrides_from(schedule.overrides), firing)
    status = {"skip": "CANCELLED", "hold": "TENTATIVE"}.get(chosen.kind if chosen else "", "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # nobody is busy then
    event.add("status", status)
    return event
