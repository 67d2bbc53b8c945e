"""A report as text: written, checked, and kept as a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.core.policy import Actor
from broadsheet.reports import queries
from broadsheet.reports.actions.check import Checked, check_report
from broadsheet.reports.actions.save import save_report
from broadsheet.reports.errors import UnknownReport
from broadsheet.reports.models import ReportVersion
from broadsheet.web.access_rules import member
from broadsheet.web.definitions import one_document, problem_row

from .starter import starter


@require_http_methods(["GET", "HEAD", "POST"])
@member("report.edit")
def new(request: HttpRequest) -> HttpResponse:
    """A report that is not there yet; the text starts with one over the first dataset."""
    text = request.POST.get("text") if request.method == "POST" else starter(request.actor)  # type: ignore[attr-defined]
    return _answer(request, text or "", version=None)


@require_http_methods(["GET", "HEAD", "POST"])
@member("report.edit")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """The latest version's text; keeping it makes the next."""
    try:
        version = queries.latest(queries.report(request.actor, name))  # type: ignore[attr-defined]
    except UnknownReport as error:
        raise Http404 from error
    text = request.POST.get("text", "") if request.method == "POST" else version.definition
    return _answer(request, text, version=version)


def _answer(request: HttpRequest, text: str, *, version: ReportVersion | None) -> HttpResponse:
    text = text.replace("\r\n", "\n")
    context: dict[str, Any] = {}
    if request.method == "POST":
        keep = "check" not in request.POST
        base = request.POST.get("base", "")
        if keep and version is not None and base != str(version.number):
            keep, context["overtaken"] = False, version
        try:
            loaded = one_document(text, kind="report", name=version.report.name if version else "")
            if keep:
                return _kept(request, loaded)
            context["checked"] = _checked(request.actor, loaded)  # type: ignore[attr-defined]
        except DefinitionError as error:
            context["problems"] = [problem_row(problem, text) for problem in error.problems]
    status = 422 if context.get("problems") else 200
    return render(request, "pages/definition_form.html", {**_page(version, text), **context}, status=status)


def _kept(request: HttpRequest, loaded: Loaded) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    effect = save_report(actor, loaded, now=timezone.now())
    kept = queries.report(actor, loaded.name)
    if effect == "same":
        messages.info(request, _("Nothing differs from version %(n)d, so it stays.") % {"n": kept.latest})
    else:
        undo = reverse("web:report-restore", args=[kept.name, kept.latest - 1]) if kept.latest > 1 else ""
        said = _("Kept as version %(n)d. Runs use it from now on.") % {"n": kept.latest}
        messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
    return redirect("web:report", name=kept.name)


def _checked(actor: Actor, loaded: Loaded) -> dict[str, Any]:
    checked: Checked = check_report(actor, loaded)
    return {"effect": checked.effect, "difference": checked.difference}


def _page(version: ReportVersion | None, text: str) -> dict[str, Any]:
    crumbs = [{"label": _("Reports"), "href": reverse("web:reports")}]
    if version is not None:
        crumbs.append({"label": version.report.title, "href": reverse("web:report", args=[version.report.name])})
    return {
        "section": "reports",
        "crumbs": crumbs,
        "headline": _("Edit %(title)s") % {"title": version.report.title} if version else _("New report"),
        "field": {
            "name": "text", "label": _("Definition"), "kind": "code", "value": text, "required": True,
            "attrs": {"rows": min(40, max(16, text.count("\n") + 3)), "autocapitalize": "off", "autocomplete": "off"},
        },
        "base": version.number if version else "",
        "cancel": reverse("web:report", args=[version.report.name]) if version else reverse("web:reports"),
    }  # fmt: skip
