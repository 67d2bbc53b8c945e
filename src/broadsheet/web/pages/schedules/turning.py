"""From the form to the text and back without losing what was typed: the two show one draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from broadsheet.core.document.loading import DefinitionError, Loaded, dump, load
from broadsheet.schedules.calendars import kept
from broadsheet.schedules.definition import ScheduleDefinition, schedule_from
from broadsheet.schedules.models import Schedule

from . import drafts, starting
from .counting import calendars_for
from .starting import report_named
from .written import FILE

TURN = "turn"  # the name of the button that shows the draft the other way
UNNAMED = "new-schedule"
Notices = list[dict[str, Any]]


def text_of_form(request: HttpRequest, saved: Schedule | None) -> tuple[str, Notices]:
    """What stands in the form that was sent, as text; and what of it could not be read."""
    post = request.POST
    name = saved.name if saved else post.get("name", "").strip()
    before = saved.definition if saved else {}
    report = report_named(request.actor, post.get("report", ""))  # type: ignore[attr-defined]
    now, zone = request.now, request.organization.zone  # type: ignore[attr-defined]
    calendars = calendars_for(request.actor.organization_id, report, post, now=now)  # type: ignore[attr-defined]
    data, errors = drafts.data_from(post, before=before, report=report, now=now, zone=zone, calendars=calendars)
    points = [one["text"] if isinstance(one, dict) else str(one) for texts in errors.values() for one in texts]
    title = _("Not everything could be taken along")
    return dump(FILE, name or UNNAMED, data), [
        {"state": "conflict", "title": title, "points": points}
    ] if points else []


def form_of_text(request: HttpRequest, loaded: Loaded, saved: Schedule | None) -> tuple[QueryDict, Notices]:
    """The fields that say what *loaded* does; and a warning where it says more than they can. Raises DefinitionError."""
    zone = request.organization.zone  # type: ignore[attr-defined]
    meant = schedule_from(loaded)
    post = starting.posted(meant.stored(), name=loaded.name, zone=zone)
    report = report_named(request.actor, str(post["report"]))  # type: ignore[attr-defined]
    before = saved.definition if saved else {}
    organization_id: int = request.actor.organization_id  # type: ignore[attr-defined]
    calendars = calendars_for(organization_id, report, post, now=request.now)  # type: ignore[attr-defined]
    data, errors = drafts.data_from(post, before=before, report=report, now=request.now, zone=zone, calendars=calendars)  # type: ignore[attr-defined]
    if not errors and _same(meant, dump(FILE, loaded.name, data), zone=zone, organization_id=organization_id):
        return post, []
    text = _("Saving here would leave that out. Save it as text to keep it.")
    return post, [{"state": "conflict", "title": _("The text says more than the form can show"), "text": text}]


def _same(meant: ScheduleDefinition, written: str, *, zone: str, organization_id: int) -> bool:
    try:
        [loaded] = load(written, file=FILE)
        again = schedule_from(loaded)
    except DefinitionError:
        return False
    apart = {"when"}  # which may be written in several ways
    equal = meant.model_dump(exclude=apart) == again.model_dump(exclude=apart)
    shelf = kept.shelf_for([meant.when, again.when], organization_id)
    return equal and meant.timing(zone=zone, shelf=shelf) == again.timing(zone=zone, shelf=shelf)
