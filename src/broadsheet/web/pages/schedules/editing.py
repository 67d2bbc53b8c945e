"""Make and change a schedule by the form: what is wrong stands beside its field, and the definition is what is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.loading import DefinitionError, dump, load
from broadsheet.core.policy import Actor
from broadsheet.reports import queries as reports
from broadsheet.reports.errors import UnknownReport
from broadsheet.schedules import queries
from broadsheet.schedules.models import Schedule
from broadsheet.web.access_rules import member

from . import drafts, fields, starting
from .keeping import head, kept, overtaken
from .previewing import previewed
from .written import FILE


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def new(request: HttpRequest) -> HttpResponse:
    """A schedule that is not there yet; ``?report=`` chooses its report."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """The next version of a schedule."""
    return _form(request, queries.schedule(request.actor, name))  # type: ignore[attr-defined]


def _form(request: HttpRequest, saved: Schedule | None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    offered = starting.offer(actor)
    zone = request.organization.zone  # type: ignore[attr-defined]
    errors: Mapping[str, list[Any]] = {}
    notices: list[dict[str, Any]] = []
    if request.method == "POST":
        post = request.POST.copy()
        _take_fix(post)
        if not {"fix", "preview"} & set(request.POST):
            response, errors, notices = _saved(request, post, saved)
            if response is not None:
                return response
    elif saved is not None:
        post = starting.posted(saved.definition, name=saved.name, zone=zone)
    else:
        post = starting.fresh(offered, report=request.GET.get("report", ""), zone=zone)
    report = _report(actor, post.get("report", ""))
    status = 422 if errors or notices else 200
    return render(
        request,
        "pages/schedule_form.html",
        {
            **head(saved),
            **fields.shown(post, offered, errors, new=saved is None),
            "parameters": fields.parameters(report, post, errors, now=request.now),  # type: ignore[attr-defined]
            "notices": notices,
            "version": post.get("version", saved.version if saved else ""),
            **previewed(request, post, saved),
        },
        status=status,
    )


def _saved(
    request: HttpRequest, post: QueryDict, saved: Schedule | None
) -> tuple[HttpResponse | None, Mapping[str, list[Any]], list[dict[str, Any]]]:
    """Saved and on to its page; or what is wrong, by field, and notices of the whole."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    name = saved.name if saved else post.get("name", "").strip()
    report = _report(actor, post.get("report", ""))
    before = saved.definition if saved else {}
    data, errors = drafts.data_from(post, before=before, report=report, now=request.now)  # type: ignore[attr-defined]
    _check_name(actor, name, errors, new=saved is None)
    others: list[str] = []
    if not errors:
        late = overtaken(post, saved)
        if late:
            return None, {}, [late]
        try:
            [loaded] = load(dump(FILE, name, data), file=FILE)
            return kept(request, loaded), {}, []
        except DefinitionError as error:
            errors, others = drafts.by_field(error.problems, data)
    title = _("Not saved yet")
    points = others or [_("What is to mend stands beside its field.")]
    return None, errors, [{"state": "failed", "title": title, "points": points}]


def _check_name(actor: Actor, name: str, errors: drafts.Errors, *, new: bool) -> None:
    if not new:
        return
    problem = drafts.name_problem(name)
    better = slugify(name)
    if problem:
        fix = (
            {"label": _("Use %(name)s") % {"name": better}, "name": "fix", "value": f"name={better}"}
            if better
            else None
        )
        errors["name"].append({"text": problem, "fix": fix})  # type: ignore[arg-type]
    elif queries.schedules(actor).filter(name=name).exists():
        errors["name"].append(
            _("There is a schedule “%(name)s” already. Choose another name, or change that one.") % {"name": name}
        )


def _take_fix(post: QueryDict) -> None:
    """A fix's button sends the form with the field that it mends."""
    field, equals, value = post.get("fix", "").partition("=")
    if equals and field in post:
        post[field] = value


def _report(actor: Actor, name: str) -> ReportDefinition | None:
    try:
        return reports.definition_of(reports.latest(reports.report(actor, name)))
    except UnknownReport:
        return None
