"""What a run waits, or waited, for, as the run's page shows it; and letting it go without."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.runs.actions.go_ahead import go_ahead
from broadsheet.runs.errors import NotWaiting
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.conditions.queries import wait_of
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import Wait
from broadsheet.schedules.queries import may_on
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.pages.schedules.condition_words import OTHERWISE

Shown = dict[str, Any]


def waiting(actor: Actor, run: Occurrence) -> list[Shown]:
    """What it waits for, since when and until when, with the act; that it was sent with older data; or nothing. As
    `partials/needs.html` lists it."""
    wait = wait_of(run.pk)
    if wait is None:
        return []
    if run.state == State.WAITING:
        title = _("It waits for its data")
        return [{"state": "due", "title": title, "text": _waits(run, wait), "acts": _acts(actor, run)}]
    if wait.outcome == "stale":
        title = _("Its data was older than it should be, and it says so")
        return [{"state": "stale", "title": title, "text": " ".join(wait.lacking), "acts": []}]
    return []


def _waits(run: Occurrence, wait: Wait) -> str:
    looked = ngettext("looked once", "looked %(n)d times", wait.looks) % {"n": wait.looks}
    said = _("Since %(since)s, %(looked)s, the last time %(at)s. Until %(until)s; then %(then)s.") % {
        "since": telling.moment(wait.since), "looked": looked, "at": telling.moment(wait.looked_at),
        "until": telling.moment(wait.until), "then": OTHERWISE[_otherwise(run)],
    }  # fmt: skip
    return " ".join([*wait.lacking, said])


def _otherwise(run: Occurrence) -> str:
    ready = ScheduleDefinition.model_validate({**run.definition, "name": run.schedule.name}).ready
    assert ready is not None  # else it would not wait
    return ready.otherwise


def _acts(actor: Actor, run: Occurrence) -> list[Shown]:
    if not may_on(actor, "schedule.run", run.schedule):
        return []
    action = reverse("web:run-go-ahead", args=[run.pk])
    return [{"label": _("Send it without waiting"), "action": action, "outlined": True}]


@require_POST
@member("schedule.run")
def go(request: HttpRequest, key: UUID) -> HttpResponse:
    """It goes on at once, and says that its data is older."""
    try:
        go_ahead(request.actor, key, now=request.now)  # type: ignore[attr-defined]
    except NotWaiting as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It goes on without waiting. What it sends says that its data is older."))
    return redirect("web:run", key=key)
