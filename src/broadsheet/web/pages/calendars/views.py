"""All calendars, one calendar's year, and the acts that need no form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.policy import Actor, may
from broadsheet.schedules.actions.refresh_calendars import refresh_now
from broadsheet.schedules.actions.save_calendar import remove_calendar
from broadsheet.schedules.calendars import Shelf, kept
from broadsheet.schedules.calendars.errors import CalendarError
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.models import Calendar
from broadsheet.web.access_rules import member
from broadsheet.web.pages.settings.subpages import frame

from . import presenting, ready, year

MOST = 30  # ready-made calendars on one page


@require_safe
@member("schedule.read")
def calendars(request: HttpRequest) -> HttpResponse:
    """The organization's calendars, and the ready-made ones: those in use and usual ones, or those that were asked for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today, sought = timezone.localdate(), request.GET.get("q", "").strip()[:100]
    own = list(kept.calendars(actor))
    shelf = kept.shelf_from(own, around=today)
    found = presenting.users(actor.organization_id, shelf)
    offered = list(ready.matching(sought)) if sought else _usual(found)
    offered = [one for one in offered if one.name not in shelf.definitions]
    context = {
        **frame(actor, "settings-calendars"),
        "headline": _("Calendars"),
        "acts": [{"label": _("New calendar"), "href": reverse("web:settings-calendar-new"), "main": True}]
        if may(actor, "schedule.edit") else [],
        "own": [presenting.kept_row(one, shelf, found, today=today) for one in own],
        "ready": [presenting.ready_row(one, shelf, found, today=today) for one in offered[:MOST]],
        "sought": sought,
        "more": max(0, len(offered) - MOST),
    }  # fmt: skip
    return render(request, "pages/calendars.html", context)


def _usual(found: presenting.Users) -> list[ready.Ready]:
    used = [one for name in sorted(found) if (one := ready.named(name))]
    return used + [one for name in ready.OFTEN if (one := ready.named(name)) and one not in used]


@require_safe
@member("schedule.read")
def one(request: HttpRequest, name: str) -> HttpResponse:
    """A calendar's year: kept by the organization, or ready-made."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate()
    own = list(kept.calendars(actor))
    shelf = kept.shelf_from(own, around=today)
    mine = next((each for each in own if each.name == name), None)
    made = None if mine else ready.named(name)
    if mine is None and made is None:
        raise Http404
    number = _year(request, today)
    context = {
        **frame(actor, "settings-calendars"),
        "crumbs": [{"label": _("Calendars"), "href": reverse("web:settings-calendars")}],
        "headline": str(mine) if mine else made.label if made else "",
        "name": name,
        "users": presenting.links(presenting.users(actor.organization_id, shelf).get(name, ())),
        "joined": presenting.joined_from(name, shelf),
        **_shown(shelf, name, number, today),
        **(_of_own(mine, editor=bool(may(actor, "schedule.edit")), today=today) if mine else _of_ready(actor, name)),
    }
    return render(request, "pages/calendar.html", context)


def _year(request: HttpRequest, today: date) -> int:
    asked = request.GET.get("year", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    return min(max(wanted, year.FIRST), year.LAST)


def _shown(shelf: Shelf, name: str, number: int, today: date) -> dict[str, Any]:
    shown: dict[str, Any] = {"year": number, "this_year": today.year}
    shown["previous"] = number - 1 if number > year.FIRST else None
    shown["next"] = number + 1 if number < year.LAST else None
    try:
        found = year.days(shelf.calendar(name), number)
    except CalendarError as error:
        return {**shown, "broken": str(error)}
    shown["months"] = year.months(found, today=today)
    shown["rows"] = [year.row(each, today=today, of=number) for each in year.stretches(found)]
    shown["business_days"] = sum(each.kind not in {year.CLOSED, year.WEEKEND} for each in found)
    return shown


def _of_ready(actor: Actor, name: str) -> dict[str, Any]:
    new = f"{reverse('web:settings-calendar-new')}?from={name}"
    acts = [{"label": _("Make one of your own from it"), "href": new, "outlined": True}]
    return {
        "about": _("Ready-made: rules may name it as it is, and its holidays come with each release."),
        "acts": acts if may(actor, "schedule.edit") else [],
        "facts": [{"term": _("In rules"), "value": f"calendar: {name}"}],
    }


def _of_own(calendar: Calendar, *, editor: bool, today: date) -> dict[str, Any]:
    definition = kept.definition_of(calendar)
    facts = [{"term": _("In rules"), "value": f"calendar: {calendar.name}"}]
    if definition.weekend is not None:
        facts.append({"term": _("Weekend"), "value": presenting.weekend(definition)})
    if definition.fiscal:
        facts.append({"term": _("Fiscal year"), "value": presenting.fiscal_now(definition.fiscal, today)})
    facts.append({"term": _("Version"), "value": str(calendar.version)})
    fetches = bool(definition.events and (definition.events.url or definition.events.file))
    acts = [
        {"label": _("Change"), "href": reverse("web:settings-calendar-edit", args=[calendar.name]), "outlined": True},
        {"label": _("As text"), "href": reverse("web:settings-calendar-text", args=[calendar.name])},
    ]
    return {
        "about": presenting.what(definition),
        "facts": facts,
        "acts": acts if editor else [],
        "fetches": fetches,
        "fetched_at": calendar.fetched_at,
        "trouble": calendar.trouble,
        "refresh": reverse("web:settings-calendar-refresh", args=[calendar.name]) if editor and fetches else "",
        "remove": reverse("web:settings-calendar-remove", args=[calendar.name]) if editor else "",
    }


@require_POST
@member("schedule.edit")
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Take a calendar away that nothing names."""
    try:
        remove_calendar(request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    except NotNow as error:
        messages.error(request, str(error))
        return redirect("web:settings-calendar", name=name)
    messages.success(request, _("“%(name)s” is removed.") % {"name": name})
    return redirect("web:settings-calendars")


@require_POST
@member("schedule.edit")
def refresh(request: HttpRequest, name: str) -> HttpResponse:
    """Fetch a calendar's events now."""
    calendar = kept.calendar(request.actor, name)  # type: ignore[attr-defined]
    events = kept.definition_of(calendar).events
    if events is None or not (events.url or events.file):
        messages.error(request, _("This calendar fetches no events: it has neither an address nor a file."))
        return redirect("web:settings-calendar", name=name)
    refresh_now(calendar, import_string(settings.CALENDAR_FETCHER), now=timezone.now())
    calendar.refresh_from_db()
    if calendar.trouble:
        messages.error(request, calendar.trouble)
    else:
        messages.success(request, _("The events are as they are there now."))
    return redirect("web:settings-calendar", name=name)
