"""Make and change a schedule by the form: what is wrong stands beside its field, and the definition is what is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.document.loading import DefinitionError, dump, load
from broadsheet.core.policy import Actor
from broadsheet.schedules import queries
from broadsheet.schedules.calendars import kept as kept_calendars
from broadsheet.schedules.definition import schedule_from
from broadsheet.schedules.models import Schedule
from broadsheet.web.access_rules import member
from broadsheet.web.definitions import problem_row

from . import drafts, fields, starting
from .condition_fields import conditions_from
from .counting import calendars_for
from .details.folds import MORE
from .details.looking_back import ANSWER, ASK, looked_back
from .keeping import head, kept, overtaken
from .placing import by_field, unseen
from .previewing import previewed
from .proposing import propose
from .rule import choices
from .rule.numbers import Errors
from .rule.parts import KEPT
from .rule.settling import settle, step, today_in
from .rule.showing import is_rule
from .starting import report_named
from .texting import text_page
from .turning import TURN, UNNAMED, form_of_text
from .written import FILE, one_schedule


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
    if request.method == "POST" and TURN in request.POST:
        written = request.POST.get("text", "").replace("\r\n", "\n")
        try:
            post, notices = form_of_text(request, one_schedule(written, saved), saved)
        except DefinitionError as error:
            problems = [problem_row(one, written) for one in error.problems]
            return text_page(request, saved, written, problems=problems)
        post["version"] = request.POST.get("version", "")
    elif request.method == "POST":
        post = request.POST.copy()
        _take_fix(post)
        choices.by_name(post, actor.organization_id)
        _propose(actor, post, offered, new=saved is None)
        if not {"fix", "preview", MORE} & set(request.POST):
            response, errors, notices = _saved(request, post, saved)
            if response is not None:
                return response
    elif saved is not None:
        post = starting.posted(saved.definition, name=saved.name, zone=zone)
    else:
        post = starting.fresh(actor, offered, report=request.GET.get("report", ""), zone=zone)
    if request.method != "POST" or TURN in request.POST:
        _propose(actor, post, offered, new=False)
    _in_step(request, post)
    report = report_named(actor, post.get("report", ""))
    calendars = calendars_for(actor.organization_id, report, post, now=request.now)  # type: ignore[attr-defined]
    shelf = kept_calendars.shelf_of(actor.organization_id, around=request.now.date())  # type: ignore[attr-defined]
    chosen = choices.choices(shelf, fiscal=post.get("fiscal", ""), events=post.get("events", ""))
    status = 422 if TURN not in request.POST and (errors or notices) else 200
    preview = previewed(request, post, saved)
    said = {one["name"]: one["text"] for one in preview["set"]}
    shown = fields.shown(post, offered, errors, new=saved is None, chosen=chosen, said=said, told=_told(request, post))
    parameters = fields.parameters(report, post, errors, now=request.now, calendars=calendars)  # type: ignore[attr-defined]
    seen = fields.on_the_page(shown, parameters, audience=post.get("audience", ""))
    return render(
        request,
        "pages/schedule_form.html",
        {
            **head(saved),
            **shown,
            "parameters": parameters,
            "parameters_of": post.get("report", ""),
            "notices": _with_unseen(notices, errors, seen),
            "drafted": request.method == "POST",
            "version": post.get("version", saved.version if saved else ""),
            **preview,
            **({"understood": {}} if errors.get("words") else {}),  # they stand at the field
        },
        status=status,
    )


def _told(request: HttpRequest, post: QueryDict) -> dict[str, Any] | None:
    """When the draft's figure would have let it go on, where that was asked."""
    if request.POST.get(ASK) != ANSWER:
        return None
    _ready, only_if = conditions_from(post, {}, defaultdict(list))
    zone = request.organization.zone  # type: ignore[attr-defined]
    return looked_back(request.actor, only_if, zone=zone, now=request.now)  # type: ignore[attr-defined]


def _with_unseen(
    notices: list[dict[str, Any]], errors: Mapping[str, list[Any]], seen: set[str]
) -> list[dict[str, Any]]:
    """What is wrong with a field that is not on the page stands in the notice: nothing is refused without a word."""
    points = unseen(errors, seen)
    if not points or not notices:
        return notices
    text = notices[-1]["text"] if any(errors.get(name) for name in seen) else ""
    return [*notices[:-1], {**notices[-1], "text": text, "points": [*notices[-1].get("points", ()), *points]}]


def _in_step(request: HttpRequest, post: QueryDict) -> None:
    """Words and parts of a form that is shown say one thing, unless what was typed cannot be read."""
    zone = request.organization.zone  # type: ignore[attr-defined]
    settled = settle(post, zone=zone, today=today_in(zone, now=request.now))  # type: ignore[attr-defined]
    if not settled.errors and is_rule(settled.when, zone=zone):
        step(post, settled.when, zone=zone, by="words" if settled.by == "words" else "")


def _propose(actor: Actor, post: QueryDict, offered: starting.Offer, *, new: bool) -> None:
    """Fill what follows from other fields, where nobody wrote anything else."""
    if new and not post.get("name", "").strip():
        post["name"] = slugify(post.get("title", ""))
    columns = offered.datasets.get(post.get("audience", ""), ())
    propose(actor, post, report_named(actor, post.get("report", "")), columns)


def _saved(
    request: HttpRequest, post: QueryDict, saved: Schedule | None
) -> tuple[HttpResponse | None, Mapping[str, list[Any]], list[dict[str, Any]]]:
    """Saved and on to its page; or what is wrong, by field, and notices of the whole."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    name = saved.name if saved else post.get("name", "").strip()
    report = report_named(actor, post.get("report", ""))
    before = saved.definition if saved else {}
    now, zone = request.now, request.organization.zone  # type: ignore[attr-defined]
    calendars = calendars_for(actor.organization_id, report, post, now=now)
    data, errors = drafts.data_from(post, before=before, report=report, now=now, zone=zone, calendars=calendars)
    _check_name(actor, name, errors, new=saved is None)
    others: list[str] = []
    late = None if errors else overtaken(post, saved)
    if late:
        return None, {}, [late]
    try:
        [loaded] = load(dump(FILE, UNNAMED if "name" in errors else name, data), file=FILE)
        if not errors:
            return kept(request, loaded), {}, []
        schedule_from(loaded)  # so that all there is to mend is said at once
    except DefinitionError as error:
        today = today_in(zone, now=now)
        in_words = settle(post, zone=zone, today=today).by == "words" or post.get("every") == KEPT
        found, others = by_field(error.problems, data, post=post, in_words=in_words, today=today)
        if errors.get("people") or errors.get("column-key"):  # what follows from that is no second mistake
            found.pop("audience", None)
        errors = found | {field: texts for field, texts in errors.items() if texts}
    beside = "" if others else _("What is to mend stands beside its field.")
    return None, errors, [{"state": "failed", "title": _("Not saved yet"), "text": beside, "points": others}]


def _check_name(actor: Actor, name: str, errors: Errors, *, new: bool) -> None:
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
        errors["name"].append({"text": problem, "fix": fix})
    elif queries.schedules(actor).filter(name=name).exists():
        errors["name"].append(
            _("There is a schedule “%(name)s” already. Choose another name, or change that one.") % {"name": name}
        )


def _take_fix(post: QueryDict) -> None:
    """A fix's button sends the form with the field that it mends."""
    field, equals, value = post.get("fix", "").partition("=")
    if equals and field in post:
        post[field] = value
