"""The library: every report with what it reads and who sends it."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core.policy import may_somewhere
from broadsheet.reports import queries
from broadsheet.schedules.queries import schedules
from broadsheet.web.access_rules import member
from broadsheet.web.paging import words_of

from .presenting import Listed, listed


@require_safe
@member("report.read")
def reports(request: HttpRequest) -> HttpResponse:
    """By title; ``?q=`` looks into titles, descriptions and names of datasets."""
    actor, words = request.actor, words_of(request)  # type: ignore[attr-defined]
    senders = {}
    if may_somewhere(actor, "schedule.read"):
        senders = dict(schedules(actor).order_by().values_list("report_id").annotate(number=Count("pk")))
    editor = bool(may_somewhere(actor, "report.edit"))
    found = [
        listed(version, senders=senders.get(version.report_id, 0), editor=editor)
        for version in queries.latest_versions(actor)
    ]
    shown = [one for one in found if _matches(one, words)]
    new = {"label": _("New report"), "href": reverse("web:report-new"), "main": True}
    context = {
        "section": "reports",
        "acts": [new] if editor else [],
        "filters": {
            "action": request.path, "q": words, "placeholder": _("Filter by title, description or dataset"),
        },
        "reports": [one.row for one in shown],
        "empty_acts": [new] if editor and not words else [],
    }  # fmt: skip
    return render(request, "pages/reports.html", context)


def _matches(one: Listed, words: str) -> bool:
    return all(word in one.searched for word in words.lower().split())
