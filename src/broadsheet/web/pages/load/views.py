"""The load to come, what it would be if, and spreading it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.schedules import queries
from broadsheet.schedules.actions.spread_out import spread_out
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.planning.foreseeing import Foresight, WhatIf, foresee, planned
from broadsheet.web.access_rules import member
from broadsheet.web.pages.operations.subpages import frame

from . import asking, presenting


@require_safe
@member("schedule.read")
def load(request: HttpRequest) -> HttpResponse:
    """The load of the schedules that the reader may see, on the organization's clock."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = request.now  # type: ignore[attr-defined]
    given = request.GET
    asked = asking.asked(given, today=queries.today(actor, now=now))
    found, error = _found(actor, asked, now=now)
    edits = bool(may_somewhere(actor, "schedule.edit"))
    proposed = planned(actor, now=now, permission="schedule.edit" if edits else "schedule.read")
    seen = found.then or found.now
    context: dict[str, Any] = {
        **frame(actor, "load"),
        "headline": _("Load"),
        "lead": presenting.sentence(found),
        "fields": asking.fields(given, asked, list(queries.schedules(actor))),
        "otherwise": bool(asked.what_if) or bool(asked.errors) or bool(error),
        "error": error,
        "totals": presenting.totals(found),
        "hours": [f"{hour:02}" for hour in presenting.HOURS],
        "days": presenting.days(found, seen),
        "as_asked": found.then is not None,
        "zone": found.zone,
        "waits": presenting.waits(found, seen),
        "spread": presenting.spreading(proposed, found.titles, zone=found.zone),
        "edits": edits,
        "unread": found.unread,
    }
    return render(request, "pages/load.html", context)


def _found(actor: Actor, asked: asking.Asked, *, now: Any) -> tuple[Foresight, str]:
    """The simulation; where what was asked cannot be, that of how it is, and why."""
    try:
        return foresee(actor, since=asked.since, days=asked.days, what_if=asked.what_if, now=now), ""
    except ScheduleError as error:
        return foresee(actor, since=asked.since, days=asked.days, what_if=WhatIf(), now=now), str(error)


@require_POST
@member("schedule.edit")
def spread(request: HttpRequest) -> HttpResponse:
    """Begins floating schedules where the planner proposes."""
    found = spread_out(request.actor, now=request.now)  # type: ignore[attr-defined]
    number = len(found.moves)
    if number:
        said = ngettext("%(n)d schedule begins elsewhere from its next firing on.", "%(n)d schedules begin elsewhere from their next firings on.", number)  # fmt: skip
        messages.success(request, said % {"n": number})
    else:
        messages.info(request, _("Nothing moves: no floating schedule has a better place within its window."))
    return redirect("web:load")
