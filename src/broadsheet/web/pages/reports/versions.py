"""What a report was: its versions, what each changed, and taking one up again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.reports import queries
from broadsheet.reports.actions.save import save_report
from broadsheet.reports.errors import UnknownReport
from broadsheet.reports.models import ReportVersion
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet


@require_safe
@member("report.read")
def versions(request: HttpRequest, name: str) -> HttpResponse:
    """Newest first, with how many lines each added and took out."""
    try:
        found = sheet(request, queries.versions(request.actor, name), length=25)  # type: ignore[attr-defined]
        report = queries.report(request.actor, name)  # type: ignore[attr-defined]
    except UnknownReport as error:
        raise Http404 from error
    rows = []
    listed: list[ReportVersion] = list(found.rows)
    for one, before in zip(listed, [*listed[1:], None], strict=True):
        rows.append(
            {
                "number": one.number,
                "href": reverse("web:report-version", args=[name, one.number]),
                "at": one.made_at,
                "by": one.made_by,
                "change": _change(before.definition, one.definition) if before else _first(one.number),
                "current": one.number == report.latest,
            }
        )
    context = {
        "section": "reports",
        "crumbs": _crumbs(report.title, name),
        "headline": _("Versions of %(title)s") % {"title": report.title},
        "versions": rows,
        "pager": found.pager,
    }
    return render(request, "pages/report_versions.html", context)


@require_safe
@member("report.read")
def version(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One version's text, and what it changed of the one before."""
    try:
        shown = queries.version(request.actor, name, number)  # type: ignore[attr-defined]
        before = queries.version(request.actor, name, number - 1).definition if number > 1 else ""  # type: ignore[attr-defined]
    except UnknownReport as error:
        raise Http404 from error
    latest = shown.report.latest
    restore = {
        "label": _("Make this the version in use"), "action": reverse("web:report-restore", args=[name, number]),
        "outlined": True, "busy": _("Keeping"),
    }  # fmt: skip
    context = {
        "section": "reports",
        "crumbs": [
            *_crumbs(shown.report.title, name),
            {"label": _("Versions"), "href": reverse("web:report-versions", args=[name])},
        ],
        "headline": _("Version %(n)d of %(title)s") % {"n": number, "title": shown.report.title},
        "acts": [restore] if number != latest and queries.may_on(request.actor, "report.edit", shown.report) else [],  # type: ignore[attr-defined]
        "shown": shown,
        "difference": difference(before, shown.definition) if before else "",
        "in_use": number == latest,
    }
    return render(request, "pages/report_version.html", context)


@require_POST
@member("report.edit")
def restore(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Keep an old version's text as the next version: what was in between stays in the list."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        old = queries.version(actor, name, number)
        before = old.report.latest
        [loaded] = load(old.definition, file=f"version {number}")
        effect = save_report(actor, loaded, now=timezone.now())
    except UnknownReport as error:
        raise Http404 from error
    except DefinitionError as error:
        said = _("Version %(n)d does not fit any more, so nothing has changed.") % {"n": number}
        messages.error(request, f"{said} {error.problems[0].message} {error.problems[0].fix}")
        return redirect("web:report-version", name=name, number=number)
    if effect == "same":
        messages.info(request, _("It is in use already."))
    else:
        undo = reverse("web:report-restore", args=[name, before])
        said = _("Version %(n)d is in use again, as version %(next)d.") % {"n": number, "next": before + 1}
        messages.success(request, said, extra_tags=f"undo:{undo}")
    return redirect("web:report", name=name)


def _crumbs(title: str, name: str) -> list[dict[str, str]]:
    return [
        {"label": _("Reports"), "href": reverse("web:reports")},
        {"label": title, "href": reverse("web:report", args=[name])},
    ]


def _change(old: str, new: str) -> str:
    lines = difference(old, new).splitlines()
    added, taken = sum(one.startswith("+") for one in lines), sum(one.startswith("-") for one in lines)
    return _("+%(added)d −%(taken)d lines") % {"added": added, "taken": taken}


def _first(number: int) -> str:
    return _("the first") if number == 1 else ""
