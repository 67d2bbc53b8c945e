"""Make and change a calendar as text: errors with their lines, and what would move before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.document.loading import DefinitionError, Loaded, dump
from broadsheet.schedules.actions.save_calendar import try_calendar
from broadsheet.schedules.calendars import calendar_from
from broadsheet.schedules.calendars import kept as shelves
from broadsheet.schedules.calendars.definition import arranged
from broadsheet.schedules.models import Calendar
from broadsheet.web.access_rules import member
from broadsheet.web.definitions import one_document, problem_row

from . import drafts, keeping

KIND, TURN, UNNAMED = "calendar", "turn", "our-days"


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def new_text(request: HttpRequest) -> HttpResponse:
    """A new calendar as text."""
    return _text(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def text(request: HttpRequest, name: str) -> HttpResponse:
    """The next version of a calendar, as text."""
    return _text(request, shelves.calendar(request.actor, name))  # type: ignore[attr-defined]


def _text(request: HttpRequest, calendar: Calendar | None) -> HttpResponse:
    if request.method != "POST":
        if calendar is None:
            example = {"label": "", "countries": [{"country": "US"}], "closed": [{"every": "12-24", "name": ""}]}
            return text_page(request, None, dump(KIND, UNNAMED, example))
        return text_page(request, calendar, dump(KIND, calendar.name, arranged(calendar.definition)))
    if TURN in request.POST:
        return _from_form(request, calendar)
    written = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        return _sent(request, calendar, written)
    except DefinitionError as error:
        return text_page(request, calendar, written, error=error)


def _sent(request: HttpRequest, calendar: Calendar | None, written: str) -> HttpResponse:
    loaded = one_document(written, kind=KIND, name=calendar.name if calendar else "")
    if calendar is None and shelves.calendars(request.actor).filter(name=loaded.name).exists():  # type: ignore[attr-defined]
        message = _("There is a calendar “%(name)s” already.") % {"name": loaded.name}
        raise DefinitionError([loaded.problem((), message, _("Choose another name."))])
    if "check" in request.POST:
        saved = try_calendar(request.actor, loaded, now=timezone.now())  # type: ignore[attr-defined]
        return text_page(request, calendar, written, moves=keeping.moves(request, saved, conditional=True))
    if late := keeping.overtaken(request, calendar):
        return text_page(request, calendar, written, notices=[late])
    return keeping.kept(request, loaded)


def _from_form(request: HttpRequest, calendar: Calendar | None) -> HttpResponse:
    """From form to text, with what was typed; lines that cannot be read are named."""
    before = calendar.definition if calendar else {}
    data, wrong = drafts.data_from(request.POST, before=before, zone=timezone.get_current_timezone_name())
    name = calendar.name if calendar else request.POST.get("name", "").strip() or UNNAMED
    points = [each for one in wrong.values() for each in one]
    lost = [{"state": "conflict", "title": _("Not in the text, since it cannot be read"), "points": points}]
    return text_page(request, calendar, dump(KIND, name, data), notices=lost if points else (), status=200)


def turned(loaded: Loaded) -> dict[str, Any]:
    """The definition in the form that is stored. Raises DefinitionError."""
    return calendar_from(loaded).stored()


def text_page(
    request: HttpRequest,
    calendar: Calendar | None,
    written: str,
    *,
    error: DefinitionError | None = None,
    moves: Sequence[str] | None = None,
    notices: Sequence[dict[str, Any]] = (),
    status: int = 0,
) -> HttpResponse:
    """The page with *written* in it. moves: what saving would move, after “Check”."""
    context = {
        **keeping.head(request.actor, calendar, as_text=True),  # type: ignore[attr-defined]
        "field": {
            "name": "text", "label": _("Definition"), "kind": "code", "value": written, "required": True,
            "attrs": {"rows": min(40, max(18, written.count("\n") + 3)), "autocapitalize": "off", "autocomplete": "off"},
        },
        "problems": [problem_row(one, written) for one in error.problems] if error else [],
        "checked": moves is not None,
        "moves": moves or (),
        "notices": notices,
    }  # fmt: skip
    return render(request, "pages/calendar_text.html", context, status=status or (422 if error or notices else 200))
