"""A calendar's year at a glance, and the same in words."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from broadsheet.core.recurrence.calendars import Calendar
from broadsheet.schedules.calendars.listing import day_of

CLOSED, WEEKEND, HALF, EXTRA, OPEN = "closed", "off", "half", "extra", ""
KINDS = {"closed": CLOSED, "weekend": WEEKEND, "half": HALF, "extra": EXTRA, "open": OPEN}
FIRST, LAST = 1990, 2099  # years that a page shows


@dataclass(frozen=True, slots=True)
class Told:
    """One date. kind: one of the five above, which are also classes of the page. why: in words, where there is one."""

    day: date
    kind: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Dates in a row, weekends between them included, of one kind and for one reason."""

    first: date
    last: date
    kind: str
    why: str


def told(calendar: Calendar, day: date, language: str) -> Told:
    """That date in the *language* of the page."""
    one = day_of(calendar, day, language)
    if one.kind == "half" and one.closes:
        return Told(day, HALF, _("%(name)s, until %(time)s") % {"name": one.why, "time": f"{one.closes:%H:%M}"})
    return Told(day, KINDS[one.kind], one.why)


def days(calendar: Calendar, year: int) -> Sequence[Told]:
    """Every date of the year, in the language of the page."""
    return _days(calendar, year, get_language() or "")


@lru_cache(maxsize=128)
def _days(calendar: Calendar, year: int, language: str) -> Sequence[Told]:
    first, many = date(year, 1, 1), 366 if months_of.isleap(year) else 365
    return tuple(told(calendar, first + timedelta(days=offset), language) for offset in range(many))


def stretches(found: Sequence[Told]) -> Iterator[Stretch]:
    """What *found* has beside plain business days and weekends, ascending."""
    run: list[Told] = []
    for one in found:
        if run and one.kind == WEEKEND:
            continue
        if run and (one.kind, one.why) == (run[0].kind, run[0].why):
            run.append(one)
            continue
        if run:
            yield Stretch(run[0].day, run[-1].day, run[0].kind, run[0].why)
        run = [one] if one.kind in {CLOSED, HALF, EXTRA} else []
    if run:
        yield Stretch(run[0].day, run[-1].day, run[0].kind, run[0].why)


def coming(calendar: Calendar, today: date, *, number: int = 3) -> list[Stretch]:
    """The next closures, from *today* into the year that follows."""
    found = [one for one in (*days(calendar, today.year), *days(calendar, today.year + 1)) if one.day >= today]
    return [one for one in stretches(found) if one.kind == CLOSED][:number]


def months(found: Sequence[Told], *, today: date) -> list[dict[str, Any]]:
    """Twelve small pages for `components/months.html`."""
    by_day = {one.day: one for one in found}
    year = found[0].day.year
    names = [format_date(date(2024, 1, 1 + index), "D")[:2] for index in range(7)]
    return [
        {
            "label": format_date(date(year, month, 1), "F"),
            "weekdays": names,
            "weeks": [
                [_cell(by_day.get(date(year, month, number)) if number else None, today) for number in week]
                for week in months_of.Calendar().monthdayscalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _cell(one: Told | None, today: date) -> dict[str, Any]:
    if one is None:
        return {"number": ""}
    return {
        "number": one.day.day,
        "css": one.kind,
        "today": one.day == today,
        "say": "" if one.kind in {WEEKEND, OPEN} else one.why,
    }


def row(one: Stretch, *, today: date, of: int = 0) -> dict[str, Any]:
    """One line of a list. of: the year that the list is about; other years are written out."""
    style = "D j M" if one.first.year == (of or today.year) else "D j M Y"
    words = {CLOSED: _("closed"), HALF: _("half day"), EXTRA: _("open")}
    when = format_date(one.first, style)
    if one.last != one.first:
        when = f"{when} – {format_date(one.last, style)}"
    return {"when": when, "kind": one.kind, "word": words[one.kind], "why": one.why, "past": one.last < today}
