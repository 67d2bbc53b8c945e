"""Make and change a schedule as text: errors with their lines, firings beside it, and the same act that saves the form."""

from __future__ import annotations

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
    written = request.POST.get("text", "").replace("\r\n", "\n") if request.method == "POST" else _start(request, saved)
    post = QueryDict(mutable=True)
    post.update({"text": written, "version": request.POST.get("version", str(saved.version) if saved else "")})
    problems: list[dict[str, Any]] = []
    checked = False
    notices: list[dict[str, Any]] = []
    if request.method == "POST":
        try:
            loaded = one_schedule(written, saved)
            late = None if "check" in request.POST else overtaken(post, saved)
            if late:
                notices = [late]
            elif "check" in request.POST:
                checked = _checks(request.actor, loaded, now=request.now)  # type: ignore[attr-defined]
            else:
                return kept(request, loaded)
        except DefinitionError as error:
            problems = [problem_row(one, written) for one in error.problems]
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
        status=422 if problems or notices else 200,
    )  # fmt: skip


def _start(request: HttpRequest, saved: Schedule | None) -> str:
    if saved is not None:
        return reading.text(saved)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    offered = starting.offer(actor)
    zone = request.organization.zone  # type: ignore[attr-defined]
    post = starting.fresh(offered, report=request.GET.get("report", ""), zone=zone)
    post.setlist("channels", [name for name, _label in offered.channels[:1]])
    if post["audience"] == drafts.PEOPLE:
        post["people"] = f"{actor.name} <{request.user.email}>"  # type: ignore[union-attr]
    data, _errors = drafts.data_from(post, before={}, report=None, now=request.now)  # type: ignore[attr-defined]
    return dump(FILE, "new-schedule", data)


def _checks(actor: Actor, loaded: Loaded, *, now: datetime) -> bool:
    """Everything that saving checks, without saving. Raises DefinitionError."""
    problems = check_names(actor.organization_id, schedule_from(loaded), loaded, now=now)
    if problems:
        raise DefinitionError(problems)
    return True
