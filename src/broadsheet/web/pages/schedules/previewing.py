"""The firings of a draft, asked while it is typed, by the form or as text: nothing is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.policy import Actor
from broadsheet.core.recurrence import RuleError, Timing, timing_from
from broadsheet.schedules import queries
from broadsheet.schedules.calendars import kept
from broadsheet.schedules.models import Schedule
from broadsheet.web.access_rules import member

from . import drafts, firings, reading
from .written import one_schedule


@require_POST
@member("schedule.edit")
def preview(request: HttpRequest) -> HttpResponse:
    """The firings of a draft, asked while it is typed: ``?of=`` names the schedule that it changes."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    of = request.GET.get("of", "")
    saved = queries.schedule(actor, of) if of else None
    return render(request, "partials/firings.html", previewed(request, request.POST, saved))


def previewed(request: HttpRequest, post: QueryDict, saved: Schedule | None) -> dict[str, Any]:
    """The variables of `partials/firings.html` for what is typed, compared with what is saved."""
    zone = request.organization.zone  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    try:
        draft = _draft(post, saved, zone=zone, organization_id=request.actor.organization_id)  # type: ignore[attr-defined]
    except (RuleError, DefinitionError, _NotYet) as error:
        return {"error": {"state": "conflict", "title": _("No firings to show yet"), "text": _said(error)}}
    before = reading.timing(saved, zone=zone) if saved else None
    return firings.compared(draft, before, after=now)


class _NotYet(ValueError):
    """What is typed is not complete enough for firings."""


def _draft(post: QueryDict, saved: Schedule | None, *, zone: str, organization_id: int) -> Timing:
    if "text" in post:
        loaded = one_schedule(str(post["text"]), saved)
        return _timing(loaded.data.get("when", {}), zone, organization_id)
    errors: drafts.Errors = drafts.Errors(list)
    before = saved.definition.get("when", {}) if saved else {}
    when = drafts.when_from(post, before=before, errors=errors)
    if errors:
        raise _NotYet(" ".join(str(text) for texts in errors.values() for text in texts))
    return _timing(when, zone, organization_id)


def _timing(when: Any, zone: str, organization_id: int) -> Timing:
    return timing_from(when, default_zone=zone, **kept.shelf_for(when, organization_id).names())


def _said(error: Exception) -> str:
    if isinstance(error, RuleError):
        return f"{error.message[:1].upper()}{error.message[1:]}. {error.fix}"
    if isinstance(error, DefinitionError):
        problem = error.problems[0]
        return _("Line %(n)d: %(what)s") % {"n": problem.line, "what": f"{problem.message} {problem.fix}"}
    return str(error)
