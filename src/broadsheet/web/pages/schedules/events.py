"""Business events on pages: what was told, with its payload and what it started; and telling of one by hand."""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.policy import Actor
from broadsheet.schedules.actions.send_event import send_event
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.events_seen import events as found_events
from broadsheet.schedules.models import Event, Listener
from broadsheet.schedules.triggers.payloads import WrongPayload, read
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet

Shown = dict[str, Any]
LENGTH = 50
MADE_UP = re.compile("[0-9a-f]{32}")  # a key that the sender did not give says nothing to anybody


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.run")
def events(request: HttpRequest) -> HttpResponse:
    """The newest first; ``?name=`` or ``?schedule=`` narrows them. POST tells of one."""
    if request.method != "POST":
        return _page(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    name, key = request.POST.get("name", "").strip(), request.POST.get("key", "").strip()
    try:
        payload = read(request.POST.get("payload", ""))
        made, new = send_event(actor, name, payload=payload, key=key, now=request.now)  # type: ignore[attr-defined]
    except WrongPayload as error:
        return _page(request, errors={"payload": [str(error)]})
    except ScheduleError as error:
        return _page(request, errors={"name": [str(error)]})
    count = made.starts.count()
    if not new:
        messages.info(
            request, _("“%(name)s” was told with this key before; nothing was started again.") % {"name": name}
        )
    elif count:
        messages.success(request, _("“%(name)s” is told. Runs written: %(n)d.") % {"name": name, "n": count})
    else:
        messages.success(
            request, _("“%(name)s” is told. No schedule listens to it, or no conditions hold.") % {"name": name}
        )
    return redirect("web:events")


def _page(request: HttpRequest, *, errors: dict[str, list[str]] | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    name = request.GET.get("name", "").replace("\0", "").strip()
    schedule = request.GET.get("schedule", "").replace("\0", "")
    found = sheet(request, found_events(actor, name=name, schedule=schedule), length=LENGTH)
    given = request.POST if errors else {}
    heard = Listener.objects.filter(organization_id=actor.organization_id)
    known = sorted(set(heard.values_list("event", flat=True)))
    context = {
        "section": "schedules",
        "headline": _("Events"),
        "crumbs": [{"label": _("Schedules"), "href": reverse("web:schedules")}],
        "events": [event_row(one) for one in found.rows],
        "pager": found.pager,
        "narrowed": name or schedule,
        "all": reverse("web:events"),
        "known": known,
        "form": {
            "action": reverse("web:events"),
            "fields": _fields(given, errors or {}),
            "save_label": _("Tell"),
            "busy": _("Telling"),
        },
    }
    return render(request, "pages/events.html", context, status=422 if errors else 200)


def _fields(given: Any, errors: dict[str, list[str]]) -> list[Shown]:
    return [
        {
            "name": "name", "label": _("Name"), "value": given.get("name", ""), "required": True,
            "errors": errors.get("name", []), "hint": _("Such as import.finished."),
            "attrs": {"maxlength": 100, "autocomplete": "off", "list": "known-events"},
        },
        {
            "name": "key", "label": _("Key"), "value": given.get("key", ""),
            "hint": _("May be empty. Telling it again with the same key changes nothing."),
            "attrs": {"maxlength": 200, "autocomplete": "off"},
        },
        {
            "name": "payload", "label": _("Payload"), "kind": "code", "value": given.get("payload", "{}"),
            "errors": errors.get("payload", []), "hint": _("One JSON object: what schedules compare and take parameters from."),
            "attrs": {"rows": 6},
        },
    ]  # fmt: skip


def event_row(one: Event, *, schedule: str = "") -> Shown:
    """A line of the list; *schedule*: of what it started this one's run alone."""
    starts = [start for start in one.starts.all() if not schedule or start.schedule.name == schedule]
    return {
        "name": one.name,
        "key": "" if MADE_UP.fullmatch(one.key) else one.key,
        "at": one.at,
        "by": one.sent_by,
        "payload": json.dumps(one.payload, ensure_ascii=False, indent=2) if one.payload else "",
        "brief": telling.cut(json.dumps(one.payload, ensure_ascii=False), 90) if one.payload else "",
        "waits": one.dispatched_at is None,
        "started": [
            {
                "label": start.schedule.title,
                "href": reverse("web:run", args=[start.occurrence_id]),
                "state": start.occurrence.state,
                "why": start.occurrence.error
                or (start.occurrence.reason if start.occurrence.state == "skipped" else ""),
            }
            for start in starts
        ],
    }
