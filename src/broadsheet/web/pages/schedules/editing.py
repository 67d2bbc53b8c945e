"""Make and change a schedule by the form or as text. Both become one definition, and are saved by one act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.access.models import Organization
from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, dump, load
from broadsheet.core.policy import Actor
from broadsheet.core.recurrence import RuleError, Timing, timing_from
from broadsheet.reports import queries as reports
from broadsheet.reports.errors import UnknownReport
from broadsheet.schedules import queries
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.calendars import kept
from broadsheet.schedules.definition import schedule_from
from broadsheet.schedules.models import Schedule
from broadsheet.web.access_rules import member
from broadsheet.web.definitions import problem_row

from . import drafts, fields, firings, reading

FILE = "schedule"
LONGEST = 200_000  # characters of a definition


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


@require_POST
@member("schedule.edit")
def preview(request: HttpRequest) -> HttpResponse:
    """The firings of a draft, asked while it is typed: nothing is kept. ``?of=`` names the schedule that it changes."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    of = request.GET.get("of", "")
    saved = queries.schedule(actor, of) if of else None
    return render(request, "partials/firings.html", _preview(request, request.POST, saved))


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


def _form(request: HttpRequest, saved: Schedule | None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    offered = fields.offer(actor)
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
        post = fields.posted(saved.definition, name=saved.name, zone=zone)
    else:
        post = fields.fresh(offered, report=request.GET.get("report", ""), zone=zone)
    report = _report(actor, post.get("report", ""))
    status = 422 if errors or notices else 200
    return render(
        request,
        "pages/schedule_form.html",
        {
            **_head(saved),
            **fields.shown(post, offered, errors, new=saved is None),
            "parameters": fields.parameters(report, post, errors, now=request.now),  # type: ignore[attr-defined]
            "notices": notices,
            "version": post.get("version", saved.version if saved else ""),
            **_preview(request, post, saved),
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
        overtaken = _overtaken(post, saved)
        if overtaken:
            return None, {}, [overtaken]
        try:
            [loaded] = load(dump(FILE, name, data), file=FILE)
            return _kept(request, loaded), {}, []
        except DefinitionError as error:
            errors, others = drafts.by_field(error.problems, data)
    title = _("Not saved yet")
    points = others or [_("What is to mend stands beside its field.")]
    return None, errors, [{"state": "failed", "title": title, "points": points}]


def _kept(request: HttpRequest, loaded: Loaded) -> HttpResponse:
    effect = save_schedule(request.actor, loaded, now=request.now)  # type: ignore[attr-defined]
    said = {
        "added": _("Saved. It fires by its rule from now on."),
        "changed": _("Saved as a new version. The next firing goes by it."),
        "same": _("Nothing differs from what it was, so it stays."),
    }
    (messages.info if effect == "same" else messages.success)(request, said[effect])
    return redirect("web:schedule", name=loaded.name)


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


def _overtaken(post: QueryDict, saved: Schedule | None) -> dict[str, Any] | None:
    """Somebody saved in the meantime: said once; the form then carries the new version and may be saved over it."""
    if saved is None or post.get("version") == str(saved.version):
        return None
    post["version"] = str(saved.version)
    title = _("Version %(n)d was saved in the meantime") % {"n": saved.version}
    text = _("Nothing is saved yet. Look at it in another tab; saving again puts yours in its place.")
    return {"state": "conflict", "title": title, "text": text}


def _preview(request: HttpRequest, post: QueryDict, saved: Schedule | None) -> dict[str, Any]:
    """The variables of `partials/firings.html` for what is typed, compared with what is saved."""
    zone = request.organization.zone  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    try:
        draft = _draft(post, saved, organization=request.organization)  # type: ignore[attr-defined]
    except (RuleError, DefinitionError, _NotYet) as error:
        return {"error": {"state": "conflict", "title": _("No firings to show yet"), "text": _said(error)}}
    before = reading.timing(saved, zone=zone) if saved else None
    return firings.compared(draft, before, after=now)


class _NotYet(ValueError):
    """What is typed is not complete enough for firings."""


def _draft(post: QueryDict, saved: Schedule | None, *, organization: Organization) -> Timing:
    if "text" in post:
        [loaded] = _one(str(post["text"]), saved)
        return _timing(loaded.data.get("when", {}), organization)
    errors: drafts.Errors = drafts.Errors(list)
    before = saved.definition.get("when", {}) if saved else {}
    when = drafts.when_from(post, before=before, errors=errors)
    if errors:
        raise _NotYet(" ".join(str(text) for texts in errors.values() for text in texts))
    return _timing(when, organization)


def _timing(when: Any, organization: Organization) -> Timing:
    return timing_from(when, default_zone=organization.zone, **kept.shelf_for(when, organization.pk).names())


def _said(error: Exception) -> str:
    if isinstance(error, RuleError):
        return f"{error.message[:1].upper()}{error.message[1:]}. {error.fix}"
    if isinstance(error, DefinitionError):
        problem = error.problems[0]
        return _("Line %(n)d: %(what)s") % {"n": problem.line, "what": f"{problem.message} {problem.fix}"}
    return str(error)


def _report(actor: Actor, name: str) -> ReportDefinition | None:
    try:
        return reports.definition_of(reports.latest(reports.report(actor, name)))
    except UnknownReport:
        return None


def _text(request: HttpRequest, saved: Schedule | None) -> HttpResponse:
    written = request.POST.get("text", "").replace("\r\n", "\n") if request.method == "POST" else _start(request, saved)
    post = QueryDict(mutable=True)
    post.update({"text": written, "version": request.POST.get("version", str(saved.version) if saved else "")})
    problems: list[dict[str, Any]] = []
    checked = False
    notices: list[dict[str, Any]] = []
    if request.method == "POST":
        try:
            [loaded] = _one(written, saved)
            overtaken = None if "check" in request.POST else _overtaken(post, saved)
            if overtaken:
                notices = [overtaken]
            elif "check" in request.POST:
                checked = _checks(request.actor, loaded, now=request.now)  # type: ignore[attr-defined]
            else:
                return _kept(request, loaded)
        except DefinitionError as error:
            problems = [problem_row(one, written) for one in error.problems]
    return render(
        request,
        "pages/schedule_text.html",
        {
            **_head(saved, as_text=True),
            "field": {
                "name": "text", "label": _("Definition"), "kind": "code", "value": written, "required": True,
                "attrs": {"rows": min(40, max(18, written.count("\n") + 3)), "autocapitalize": "off", "autocomplete": "off"},
            },
            "problems": problems,
            "checked": checked,
            "notices": notices,
            "version": post["version"],
            **_preview(request, post, saved),
        },
        status=422 if problems or notices else 200,
    )  # fmt: skip


def _start(request: HttpRequest, saved: Schedule | None) -> str:
    if saved is not None:
        return reading.text(saved)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    offered = fields.offer(actor)
    zone = request.organization.zone  # type: ignore[attr-defined]
    post = fields.fresh(offered, report=request.GET.get("report", ""), zone=zone)
    post.setlist("channels", [name for name, _label in offered.channels[:1]])
    if post["audience"] == drafts.PEOPLE:
        post["people"] = f"{actor.name} <{request.user.email}>"  # type: ignore[union-attr]
    data, _errors = drafts.data_from(post, before={}, report=None, now=request.now)  # type: ignore[attr-defined]
    return dump(FILE, "new-schedule", data)


def _one(written: str, saved: Schedule | None) -> list[Loaded]:
    """The one schedule in *written*, of the name that is being changed. Raises DefinitionError."""
    if len(written) > LONGEST:
        raise DefinitionError([Problem(FILE, 1, "", "This text is too long.", f"At most {LONGEST:,} characters.")])
    documents = load(written, file=FILE)
    if len(documents) != 1:
        fix = "Write one document that begins with “schedule: name”."
        raise DefinitionError([Problem(FILE, 1, "", f"There are {len(documents)} definitions here.", fix)])
    [loaded] = documents
    if saved is not None and (loaded.kind, loaded.name) != (FILE, saved.name):
        fix = f"Begin with “schedule: {saved.name}”; for another schedule, choose New schedule."
        raise DefinitionError([loaded.problem((), f"This is {loaded.kind} “{loaded.name}”.", fix)])
    if loaded.kind == FILE and drafts.name_problem(loaded.name):
        raise DefinitionError([loaded.problem((FILE,), drafts.name_problem(loaded.name))])
    return documents


def _checks(actor: Actor, loaded: Loaded, *, now: datetime) -> bool:
    """Everything that saving checks, without saving. Raises DefinitionError."""
    from broadsheet.schedules.actions.save import check_names

    problems = check_names(actor.organization_id, schedule_from(loaded), loaded, now=now)
    if problems:
        raise DefinitionError(problems)
    return True


def _head(saved: Schedule | None, *, as_text: bool = False) -> dict[str, Any]:
    crumbs = [{"label": _("Schedules"), "href": reverse("web:schedules")}]
    if saved is None:
        face = reverse("web:schedule-new" if as_text else "web:schedule-new-text")
        preview = reverse("web:schedule-preview")
        headline, cancel = _("New schedule"), reverse("web:schedules")
        save_label = _("Save")
    else:
        page = reverse("web:schedule", args=[saved.name])
        crumbs.append({"label": saved.title, "href": page})
        face = reverse("web:schedule-edit" if as_text else "web:schedule-text", args=[saved.name])
        preview = f"{reverse('web:schedule-preview')}?of={saved.name}"
        headline, cancel = _("Change %(title)s") % {"title": saved.title}, page
        save_label = _("Save as version %(n)d") % {"n": saved.version + 1}
    return {
        "section": "schedules",
        "crumbs": crumbs,
        "headline": headline,
        "acts": [{"label": _("By the form") if as_text else _("As text"), "href": face}],
        "action": "",
        "preview": preview,
        "cancel": cancel,
        "save_label": save_label,
        "saved": _("Runs that have begun go on as they were."),
    }
