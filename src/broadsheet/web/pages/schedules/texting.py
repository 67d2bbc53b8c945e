"""Make and change a schedule as text: errors with their lines, firings beside it, and the same act that saves the form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.document.loading import DefinitionError, Loaded, dump
from broadsheet.core.policy import Actor
from broadsheet.schedules import queries
from broadsheet.schedules.actions.save import check_names
from broadsheet.schedules.definition import schedule_from
from broadsheet.schedules.models import Schedule
from broadsheet.web.access_rules import member
from broadsheet.web.definitions import problem_row

from . import drafts, reading, starting
from .keeping import head, kept, overtaken
from .previewing import previewed
from .turning import TURN, UNNAMED, text_of_form
from .written import FILE, one_schedule


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def new_text(request: HttpRequest) -> HttpResponse:
    """A new schedule as text; it starts with the form's own proposal."""
    return _text(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def text(request: HttpRequest, name: str) -> HttpResponse:
    """The next version of a schedule, as text."""
    return _text(request, queries.schedule(request.actor, name))  # type: ignore[attr-defined]


def _text(request: HttpRequest, saved: Schedule | None) -> HttpResponse:
    if request.method != "POST":
        return text_page(request, saved, _start(request, saved))
    if TURN in request.POST:
        written, notices = text_of_form(request, saved)
        return text_page(request, saved, written, notices=notices, status=200)
    return _sent(request, saved, request.POST.get("text", "").replace("\r\n", "\n"))


def _sent(request: HttpRequest, saved: Schedule | None, written: str) -> HttpResponse:
    """Saved, or the same text with what is wrong with it."""
    post = request.POST.copy()
    try:
        loaded = one_schedule(written, saved)
        if "check" in request.POST:
            _check(request.actor, loaded, now=request.now)  # type: ignore[attr-defined]
            return text_page(request, saved, written, checked=True)
        late = overtaken(post, saved)
        if late:
            return text_page(request, saved, written, notices=[late], version=str(post["version"]))
        return kept(request, loaded)
    except DefinitionError as error:
        return text_page(request, saved, written, problems=[problem_row(one, written) for one in error.problems])


def text_page(
    request: HttpRequest,
    saved: Schedule | None,
    written: str,
    *,
    problems: Sequence[dict[str, Any]] = (),
    notices: Sequence[dict[str, Any]] = (),
    checked: bool = False,
    version: str = "",
    status: int = 0,
) -> HttpResponse:
    """The page with *written* in it. version: what it began as, if not what was sent; status: if not by its problems."""
    post = QueryDict(mutable=True)
    began = version or request.POST.get("version", str(saved.version) if saved else "")
    post.update({"text": written, "version": began})
    return render(
        request,
        "pages/schedule_text.html",
        {
            **head(saved, as_text=True),
            "field": {
                "name": "text", "label": _("Definition"), "kind": "code", "value": written, "required": True,
                "attrs": {"rows": min(40, max(18, written.count("\n") + 3)), "autocapitalize": "off", "autocomplete": "off"},
            },
            "problems": problems,
            "checked": checked,
            "notices": notices,
            "version": post["version"],
            **previewed(request, post, saved),
        },
        status=status or (422 if problems or notices else 200),
    )  # fmt: skip


def _start(request: HttpRequest, saved: Schedule | None) -> str:
    if saved is not None:
        return reading.text(saved)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    offered = starting.offer(actor)
    zone = request.organization.zone  # type: ignore[attr-defined]
    post = starting.fresh(actor, offered, report=request.GET.get("report", ""), zone=zone)
    post.setlist("channels", [name for name, _label in offered.channels[:1]])
    if post["audience"] == drafts.PEOPLE:
        post["people"] = f"{actor.name}, {request.user.email}"  # type: ignore[union-attr]
    data, _errors = drafts.data_from(post, before={}, report=None, now=request.now, zone=zone)  # type: ignore[attr-defined]
    return dump(FILE, UNNAMED, data)


def _check(actor: Actor, loaded: Loaded, *, now: datetime) -> None:
    """Everything that saving checks, without saving. Raises DefinitionError."""
    problems = check_names(actor, schedule_from(loaded), loaded, now=now)
    if problems:
        raise DefinitionError(problems)
