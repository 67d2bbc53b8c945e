"""Run a schedule by hand: first the question, which names whom it reaches and when they last had it; then the run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.policy import Actor, Reader, may, may_somewhere
from broadsheet.delivery.queries import channels, deliveries, suppressed
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.queries import runs
from broadsheet.schedules import queries
from broadsheet.schedules.errors import ScheduleError, UnknownSchedule
from broadsheet.schedules.models import Schedule
from broadsheet.sources.errors import SourceError
from broadsheet.web import telling
from broadsheet.web.access_rules import member

from . import audiences, reading

Shown = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.run")
def run(request: HttpRequest, name: str) -> HttpResponse:
    """Asked for, what it would do; sent, it is made, and the run's page shows how far it is."""
    if request.method != "POST":
        found = queries.schedule(request.actor, name)  # type: ignore[attr-defined]
        context = question(request.actor, found, now=request.now)  # type: ignore[attr-defined]
        return render(request, "pages/schedule_run.html", context)
    try:
        made = run_now(request.actor, name, now=request.now)  # type: ignore[attr-defined]
    except UnknownSchedule:
        raise
    except ScheduleError as error:
        messages.error(request, str(error))
        return redirect("web:schedule", name=name)
    return redirect("web:run", key=made.pk)


def question(actor: Actor, schedule: Schedule, *, now: datetime) -> Shown:
    """The variables of `pages/schedule_run.html`."""
    definition = reading.definition(schedule)
    page = reverse("web:schedule", args=[schedule.name])
    labels = {one.name: str(one) for one in channels(actor)} if may_somewhere(actor, "channel.read") else {}
    by = _(" and ").join(labels.get(one.channel, one.channel) for one in definition.channels)
    try:
        found = audiences.audience_of(schedule, definition, now=now)
    except SourceError as error:
        audience, reached, why = None, None, str(error)
    else:
        audience, reached, why = found, _reached(schedule, found.readers), ""
    return {
        "section": "schedules",
        "crumbs": [
            {"label": _("Schedules"), "href": reverse("web:schedules")},
            {"label": schedule.title, "href": page},
        ],
        "headline": _headline(reached, by=by, title=schedule.title),
        "lead": _last_time(actor, schedule, now=now),
        "points": _points(actor, schedule, audience, reached, now=now),
        "uncounted": why,
        "choices": _choices(actor, schedule, reached, page=page),
    }


def _reached(schedule: Schedule, readers: tuple[Reader, ...]) -> int:
    barred = suppressed(schedule.organization_id, schedule.pk)
    return sum(one.address.lower() not in barred for one in readers)


def _headline(reached: int | None, *, by: str, title: str) -> str:
    if reached is None:
        return _("Run “%(title)s” by %(channels)s?") % {"title": title, "channels": by}
    if not reached:
        return _("There is nobody to send to")
    words = ngettext("Send to %(n)s person by %(channels)s?", "Send to %(n)s people by %(channels)s?", reached)
    return words % {"n": f"{reached:,}", "channels": by}


def _last_time(actor: Actor, schedule: Schedule, *, now: datetime) -> str:
    """When recipients last had it; tests, which only the asker gets, do not count."""
    if not may_somewhere(actor, "delivery.read"):
        return ""
    had = deliveries(actor, schedule=schedule.name, state=str(Sent.ACCEPTED)).exclude(occurrence__kind="test")
    last = had.filter(settled_at__isnull=False).order_by("-settled_at").first()
    if last is None or last.settled_at is None:
        return _("They never had it before.")
    return _("They last had it %(at)s.") % {"at": _moment(last.settled_at, now=now)}


def _moment(at: datetime, *, now: datetime) -> str:
    apart = timezone.localtime(now).date() - timezone.localtime(at).date()
    if apart == timedelta():
        return _("today %(time)s") % {"time": telling.clock(at)}
    if apart == timedelta(days=1):
        return _("yesterday %(time)s") % {"time": telling.clock(at)}
    return telling.moment(at)


def _points(actor: Actor, schedule: Schedule, audience: Any, reached: int | None, *, now: datetime) -> list[str]:
    """What else there is to know before pressing."""
    said = []
    if audience is not None and len(audience.readers) != reached:
        held = len(audience.readers) - (reached or 0)
        words = ngettext(
            "%(n)d is suppressed and gets nothing.", "%(n)d are suppressed and get nothing.", held
        )  # fmt: skip
        said.append(words % {"n": held})
    if audience is not None and audience.invalid:
        number = len(audience.invalid)
        words = ngettext(
            "%(n)d row of the audience is to mend and gets nothing.",
            "%(n)d rows of the audience are to mend and get nothing.",
            number,
        )
        said.append(words % {"n": number})
    unfinished = runs(actor, schedule=schedule.name).filter(finished_at__isnull=True).exclude(kind="test")
    going = unfinished.order_by("-fire_at").first()
    if going is not None:
        said.append(_("A run of %(at)s is still going.") % {"at": _moment(going.fire_at, now=now)})
    return said


def _choices(actor: Actor, schedule: Schedule, reached: int | None, *, page: str) -> list[Shown]:
    here, found = reverse("web:schedule-run", args=[schedule.name]), []
    if reached is None:
        found.append({"label": _("Run it all the same"), "action": here, "outlined": True, "busy": _("Starting")})
    elif reached:
        label = _("Send to %(n)s") % {"n": f"{reached:,}"}
        found.append({"label": label, "action": here, "main": True, "busy": _("Starting")})
    if reached and may(actor, "data.all"):
        test = reverse("web:schedule-as-recipient", args=[schedule.name])
        found.append({"label": _("Send a test to me"), "action": test, "outlined": True, "busy": _("Sending")})
    rehearsal = {"label": _("Dry run"), "href": reverse("web:schedule-dry-run", args=[schedule.name]), "outlined": True}
    back = {
        "label": _("Backfill a range"),
        "href": reverse("web:schedule-backfill", args=[schedule.name]),
        "outlined": True,
    }
    return [*found, rehearsal, back, {"label": _("Send nothing"), "href": page}]
