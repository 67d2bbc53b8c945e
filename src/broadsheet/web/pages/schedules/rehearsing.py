"""A dry run of a schedule: what its next firing would do, to whom, with how many rows. Nothing is kept or sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.policy import Actor
from broadsheet.runs.actions.dry_run import DryRun, Rehearsed, dry_run
from broadsheet.schedules import queries
from broadsheet.schedules.errors import ScheduleError, UnknownSchedule
from broadsheet.schedules.models import Schedule
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.templatetags.states import state_of

Shown = dict[str, Any]
SHOWN = 200  # recipients; who has more looks at their number, and at the command line for all


@require_safe
@member("schedule.run")
def rehearse(request: HttpRequest, name: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    schedule = queries.schedule(actor, name)
    try:
        found = dry_run(actor, name, now=now)
    except UnknownSchedule:
        raise
    except ScheduleError as error:
        messages.error(request, _("The dry run ends here, as a run would: %(why)s") % {"why": error})
        return redirect("web:schedule", name=name)
    return render(request, "pages/schedule_rehearsed.html", shown(schedule, found))


def shown(schedule: Schedule, found: DryRun) -> Shown:
    """The variables of `pages/schedule_rehearsed.html`."""
    page = reverse("web:schedule", args=[schedule.name])
    rows = [_row(one) for one in found.deliveries[:SHOWN]]
    return {
        "section": "schedules",
        "crumbs": [
            {"label": _("Schedules"), "href": reverse("web:schedules")},
            {"label": schedule.title, "href": page},
        ],
        "headline": _("Dry run of %(title)s") % {"title": schedule.title},
        "lead": _lead(found),
        "facts": _facts(found),
        "counts": [_count(state, number) for state, number in telling.accepted_first(found.states())],
        "empty": _empty(found.empty()),
        "rows": rows,
        "rest": _rest(len(found.deliveries) - len(rows)),
        "invalid": [_invalid(one) for one in found.invalid[:SHOWN]],
        "acts": [
            {"label": _("Run now"), "href": reverse("web:schedule-run", args=[schedule.name]), "outlined": True},
            {"label": _("Back to the schedule"), "href": page},
        ],
    }


def _lead(found: DryRun) -> str:
    return _("What the firing of %(at)s would do with the data of now. Nothing was kept or sent.") % {
        "at": telling.moment(found.fire_at)
    }


def _facts(found: DryRun) -> list[Shown]:
    slices = ngettext("%(n)s slice", "%(n)s slices", found.slices) % {"n": f"{found.slices:,}"}
    files = ngettext("%(n)s file", "%(n)s files", found.files) % {"n": f"{found.files:,}"}
    return [
        {"term": _("Data to"), "value": telling.moment(found.as_of)},
        {"term": _("Files"), "value": f"{slices}, {files}"},
        {"term": _("Report"), "value": _("version %(n)d") % {"n": found.report_version}},
    ]


def _count(state: str, number: int) -> Shown:
    words = _("would be sent") if state == Sent.DUE else state_of(state).word
    return {"state": state, "count": number, "label": f"{number:,} {words}"}


def _empty(number: int) -> str:
    if not number:
        return ""
    words = ngettext("%(n)s recipient would see no rows.", "%(n)s recipients would see no rows.", number)
    return words % {"n": f"{number:,}"}


def _rest(number: int) -> str:
    if number <= 0:
        return ""
    words = ngettext("And %(n)s more delivery.", "And %(n)s more deliveries.", number)
    return words % {"n": f"{number:,}"}


def _row(one: Rehearsed) -> Shown:
    delivery = one.delivery
    at = telling.moment(delivery.due_at, zone=delivery.zone) if delivery.due_at else _("with the run")
    return {
        "who": delivery.recipient_name,
        "address": delivery.address,
        "place": telling.city(delivery.zone),
        "via": str(delivery.channel),
        "formats": ", ".join(name.upper() for name in delivery.formats),
        "state": delivery.state,
        "rows": f"{one.rows:,}",
        "at": at,
        "why": delivery.reason,
    }


def _invalid(one: Any) -> Shown:
    under = _("row %(n)d") % {"n": one.row}
    who = one.who or _("A row without a name")
    return {"state": "conflict", "title": who, "under": under, "text": f"{one.message} {one.fix}", "acts": []}
