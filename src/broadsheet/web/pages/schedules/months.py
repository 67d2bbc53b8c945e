"""This month and those after it, with a schedule's firings and the closed days of its calendar."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from broadsheet.core.recurrence import MONDAY_TO_FRIDAY, Firing, Spread, Timing
from broadsheet.core.recurrence.calendars import AllOf, Calendar
from broadsheet.schedules.calendars import CalendarError, Shelf
from broadsheet.schedules.firing import firings_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.periods import DEFAULT
from broadsheet.web import telling
from broadsheet.web.pages.calendars import year

from .rule.choices import calendars_in

Shown = dict[str, Any]
MOST = 3000  # firings of these months: beyond, every day has one


def calendar_for(when: Any, shelf: Shelf) -> Calendar:
    """The calendar of the rule, all of them where it names several; the organization's `default` where it names none,
    and Monday to Friday where there is none either."""
    names = list(dict.fromkeys(calendars_in(when))) or [name for name in (DEFAULT,) if name in shelf.definitions]
    found = []
    for name in names:
        try:
            found.append(shelf.calendar(name))
        except CalendarError:
            continue  # the page says elsewhere that it is gone
    return AllOf(tuple(found)) if len(found) > 1 else found[0] if found else MONDAY_TO_FRIDAY


def months(schedule: Schedule, timing: Timing, calendar: Calendar, *, now: datetime, number: int = 3) -> list[Shown]:
    """For `components/months.html`."""
    today = telling.local(now, zone=timing.zone).date()
    firsts = [today.replace(day=1)]
    while len(firsts) < number:
        firsts.append((firsts[-1] + timedelta(days=32)).replace(day=1))
    end = datetime.combine(firsts[-1] + timedelta(days=32), time(), now.tzinfo)
    fired = {_day(one) for one in firings_of(schedule, timing, after=now, until=end, limit=MOST)}
    return [_month(first, calendar, fired, today) for first in firsts]


def _day(firing: Firing | Spread) -> date:
    return firing.wall.date() if isinstance(firing, Spread) else firing.local.date()


def _month(first: date, calendar: Calendar, fired: Collection[date], today: date) -> Shown:
    weeks = months_of.Calendar().monthdayscalendar(first.year, first.month)
    return {
        "label": format_date(first, "F Y"),
        "weekdays": [format_date(date(2024, 1, 1 + index), "D")[:2] for index in range(7)],
        "weeks": [
            [_cell(first.replace(day=day), calendar, fired, today) if day else {"number": ""} for day in week]
            for week in weeks
        ],
    }


def _cell(day: date, calendar: Calendar, fired: Collection[date], today: date) -> Shown:
    told = year.told(calendar, day, get_language() or "en")
    said = [_("fires")] * (day in fired)
    if told.kind not in (year.WEEKEND, year.OPEN):
        said.append(told.why)
    return {
        "number": day.day,
        "css": " ".join(filter(None, ["fires" if day in fired else "", told.kind])),
        "today": day == today,
        "say": "; ".join(said),
    }
