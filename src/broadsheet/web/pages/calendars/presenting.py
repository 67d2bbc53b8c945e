"""Calendars in words, and who depends on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.recurrence.naming import WEEKDAY_KEYS
from broadsheet.schedules.actions.save_calendar import Move
from broadsheet.schedules.calendars import Shelf, fiscal_of, kept
from broadsheet.schedules.calendars.definition import CalendarDefinition, Country, FiscalDefinition
from broadsheet.schedules.calendars.errors import CalendarError
from broadsheet.schedules.models import Calendar, Schedule
from broadsheet.web.telling import moment

from . import ready, year

Users = Mapping[str, Sequence[Schedule]]


def users(organization_id: int, shelf: Shelf) -> Users:
    """Name of a calendar, kept or ready-made -> the schedules that depend on it, in one query."""
    found: dict[str, list[Schedule]] = {}
    for schedule in Schedule.objects.filter(organization_id=organization_id).order_by("name"):
        words = {word.casefold() for word in kept.words_of(schedule.definition)}
        for name in {under for word in words for under in shelf.names_under(word)}:
            found.setdefault(name, []).append(schedule)
    return found


def links(schedules: Iterable[Schedule]) -> list[dict[str, str]]:
    return [{"label": one.title, "href": reverse("web:schedule", args=[one.name])} for one in schedules]


def joined_from(name: str, shelf: Shelf) -> list[dict[str, str]]:
    """The kept calendars that name this one."""
    return [
        {"label": each.title, "href": reverse("web:settings-calendar", args=[other])}
        for other, each in sorted(shelf.definitions.items())
        if other != name and name in each.named()
    ]


def kept_row(calendar: Calendar, shelf: Shelf, found: Users, *, today: date) -> dict[str, Any]:
    return {
        **_row(calendar.name, str(calendar), shelf, found, today=today),
        "what": what(kept.definition_of(calendar)),
        "trouble": calendar.trouble or _trouble(calendar.name, shelf),
    }


def ready_row(one: ready.Ready, shelf: Shelf, found: Users, *, today: date) -> dict[str, Any]:
    kinds = {"country": _("public holidays"), "part": _("public holidays"), "market": _("days of a market")}
    return {**_row(one.name, one.label, shelf, found, today=today), "what": kinds[one.kind]}


def _row(name: str, label: str, shelf: Shelf, found: Users, *, today: date) -> dict[str, Any]:
    try:
        closures = [year.row(one, today=today) for one in year.coming(shelf.calendar(name), today, number=2)]
    except CalendarError:
        closures = []
    href = reverse("web:settings-calendar", args=[name])
    return {"name": name, "label": label, "href": href, "closures": closures, "users": links(found.get(name, ()))}


def _trouble(name: str, shelf: Shelf) -> str:
    try:
        shelf.calendar(name)
    except CalendarError as error:
        return str(error)
    return ""


def what(definition: CalendarDefinition) -> str:
    """ "United States; United Kingdom, England; 2 closed days of its own; fiscal year from April"."""
    parts = [place(one) for one in definition.countries]
    parts += [ready.MARKETS.get(one.market.casefold(), one.market.upper()) for one in definition.markets]
    if definition.all_of:
        parts.append(_("open when all of these are: %(names)s") % {"names": ", ".join(definition.all_of)})
    if definition.union:
        parts.append(_("open when any of these is: %(names)s") % {"names": ", ".join(definition.union)})
    if definition.except_:
        parts.append(_("without the days of %(names)s") % {"names": ", ".join(definition.except_)})
    own = len(definition.closed)
    if own:
        parts.append(ngettext("%(n)d closure of its own", "%(n)d closures of its own", own) % {"n": own})
    if definition.events:
        parts.append(_("events"))
    if definition.fiscal:
        parts.append(fiscal_words(definition.fiscal))
    return "; ".join(parts) or _("weekends only")


def place(one: Country) -> str:
    name = f"{one.country}-{one.subdivision}" if one.subdivision else one.country
    found = ready.named(name)
    return found.label if found else name.upper()


def fiscal_words(fiscal: FiscalDefinition) -> str:
    if fiscal.pattern == "months":
        return _("fiscal year from %(month)s") % {"month": format_date(date(2024, fiscal.start, 1), "F")}
    names = {"iso": _("ISO weeks"), "broadcast": _("broadcast weeks")}
    return names.get(fiscal.pattern) or _("fiscal weeks %(pattern)s") % {"pattern": fiscal.pattern}


def fiscal_now(fiscal: FiscalDefinition, today: date) -> str:
    """ "FY2026 from 1 Apr 2025 to 31 Mar 2026"."""
    period = fiscal_of(fiscal).period(today, "year")
    first, last = (format_date(day, "j M Y") for day in (period.first, period.last))
    return _("%(label)s from %(first)s to %(last)s") % {"label": period.label, "first": first, "last": last}


def weekend(definition: CalendarDefinition) -> str:
    """The weekend that is written; empty where its places say it."""
    if definition.weekend is None:
        return ""
    return ", ".join(weekday(WEEKDAY_KEYS.index(one)) for one in definition.weekend) or _("none")


def weekday(index: int, style: str = "l") -> str:
    return format_date(date(2024, 1, 1 + index), style)


def moved(moves: Sequence[Move], titles: Mapping[str, str], *, conditional: bool = False) -> list[str]:
    """A line for each schedule that a saved calendar moved, or would move; *titles* by name."""
    if conditional:
        whence, ends = _("%(title)s would go from %(was)s to %(now)s."), _("%(title)s would have no firing any more.")
    else:
        whence, ends = _("%(title)s goes from %(was)s to %(now)s."), _("%(title)s has no firing any more.")
    nothing = _("no firing")
    return [
        (whence if one.now else ends)
        % {
            "title": titles.get(one.schedule, one.schedule),
            "was": moment(one.was) if one.was else nothing,
            "now": moment(one.now) if one.now else nothing,
        }
        for one in moves
    ]
