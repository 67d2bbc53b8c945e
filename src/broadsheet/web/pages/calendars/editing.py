"""Make and change a calendar by its form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.document.loading import NAME, DefinitionError, dump
from broadsheet.core.policy import Actor
from broadsheet.schedules.calendars import kept as shelves
from broadsheet.schedules.models import Calendar
from broadsheet.web.access_rules import member
from broadsheet.web.definitions import one_document

from . import drafts, fields, keeping, ready
from .texting import TURN, text_page, turned

KIND = "calendar"


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def new(request: HttpRequest) -> HttpResponse:
    """A new calendar; ``?from=us`` starts with those holidays."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """The next version of a calendar."""
    return _form(request, shelves.calendar(request.actor, name))  # type: ignore[attr-defined]


def _form(request: HttpRequest, calendar: Calendar | None) -> HttpResponse:
    if request.method != "POST":
        post = drafts.post_of(calendar.definition, calendar.name) if calendar else _start(request)
        return _page(request, calendar, post)
    if TURN in request.POST:
        return _from_text(request, calendar)
    if request.POST.get("act") == "find" or (request.POST.get("act") == "enter" and request.POST.get("find")):
        return _page(request, calendar, request.POST, status=200)
    return _sent(request, calendar)


def _start(request: HttpRequest) -> QueryDict:
    made = ready.named(request.GET.get("from", "")[:20])
    if made is None:
        return drafts.post_of({})
    key, word = ("markets", "market") if made.kind == "market" else ("countries", "country")
    return drafts.post_of({key: [{word: made.name.upper()}], "label": made.label}, f"our-{made.name}")


def _from_text(request: HttpRequest, calendar: Calendar | None) -> HttpResponse:
    """From text to form, with what was written; what cannot be read stays text."""
    written = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        loaded = one_document(written, kind=KIND, name=calendar.name if calendar else "")
        post = drafts.post_of(turned(loaded), loaded.name)
    except DefinitionError as error:
        return text_page(request, calendar, written, error=error)
    return _page(request, calendar, post, status=200)


def _sent(request: HttpRequest, calendar: Calendar | None) -> HttpResponse:
    name = calendar.name if calendar else request.POST.get("name", "").strip()
    data, wrong = drafts.data_from(
        request.POST, before=calendar.definition if calendar else {}, zone=timezone.get_current_timezone_name()
    )
    if calendar is None and (fault := _name_fault(request.actor, name)):  # type: ignore[attr-defined]
        wrong["name"] = [fault]
    if wrong:
        return _page(request, calendar, request.POST, wrong=wrong)
    if late := keeping.overtaken(request, calendar):
        return _page(request, calendar, request.POST, notices=[late])
    try:
        return keeping.kept(request, one_document(dump(KIND, name, data), kind=KIND, name=name))
    except DefinitionError as error:
        return _page(request, calendar, request.POST, wrong=drafts.wrong_from(error))


def _name_fault(actor: Actor, name: str) -> str:
    if not NAME.fullmatch(name):
        return _("Use up to 100 small letters, digits, hyphens and underscores.")
    if shelves.calendars(actor).filter(name=name).exists():
        return _("There is a calendar “%(name)s” already. Choose another name.") % {"name": name}
    if ready.named(name):
        return _("“%(name)s” is a ready-made calendar. Choose another name.") % {"name": name}
    return ""


def _page(
    request: HttpRequest,
    calendar: Calendar | None,
    post: QueryDict,
    *,
    wrong: drafts.Wrong | None = None,
    notices: Sequence[dict[str, Any]] = (),
    status: int = 0,
) -> HttpResponse:
    faults = wrong or {}
    others = (
        [{"state": "failed", "title": _("Nothing is saved yet"), "points": faults[drafts.OTHERS]}]
        if drafts.OTHERS in faults
        else []
    )
    context = {
        **keeping.head(request.actor, calendar),  # type: ignore[attr-defined]
        "fields": fields.fields(post, faults, new=calendar is None),
        "places": fields.places(post, faults),
        "find": post.get("find", ""),
        "notices": [*notices, *others],
        "faults": sum(map(len, faults.values())),
    }
    return render(request, "pages/calendar_form.html", context, status=status or (422 if wrong or notices else 200))
