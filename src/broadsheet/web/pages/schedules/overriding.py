"""Choosing something for a single firing: leave it out, hold it, move it, or take that back."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from broadsheet.core.policy import Actor
from broadsheet.schedules import queries
from broadsheet.schedules.actions import override
from broadsheet.schedules.errors import NotNow
from broadsheet.web import telling
from broadsheet.web.access_rules import member


@require_POST
@member("schedule.edit")
def choose(request: HttpRequest, name: str) -> HttpResponse:
    """``at`` names the firing, ``what`` says what becomes of it; ``to`` is on the reader's clock."""
    queries.schedule(request.actor, name, "schedule.edit")  # type: ignore[attr-defined]  # before what was sent is read
    try:
        said = _chosen(request, name)
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("web:schedule", name=name)


def _chosen(request: HttpRequest, name: str) -> str:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at, why = _instant(request.POST.get("at", "")), request.POST.get("why", "")
    given = {"at": at, "now": request.now}  # type: ignore[attr-defined]
    when = telling.moment(at)
    match request.POST.get("what", ""):
        case "skip":
            override.skip(actor, name, **given, why=why)
            return _("The firing of %(at)s will be left out, and its row in the ledger will say so.") % {"at": when}
        case "hold":
            override.hold(actor, name, **given, why=why)
            return _("The run of %(at)s will be held until somebody releases it.") % {"at": when}
        case "move":
            to = _instant(request.POST.get("to", ""))
            override.move(actor, name, **given, to=to, why=why)
            return _("The firing of %(at)s comes at %(to)s.") % {"at": when, "to": telling.moment(to)}
        case "undo":
            override.undo(actor, name, **given)
            return _("Taken back: that firing comes as its rule says.")
        case _:
            raise NotNow(_("Say what becomes of the firing: move it, hold it or leave it out."))


def _instant(text: str) -> datetime:
    """Raises NotNow for what is no moment."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotNow(_("Say when: a day and a time of day.")) from error
    return found if found.tzinfo else timezone.make_aware(found)
