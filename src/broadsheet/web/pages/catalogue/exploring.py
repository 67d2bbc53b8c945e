"""Explore: metrics by dimensions, chosen in a form, shown as table and chart with the asker's own rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core.markup import fragment
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.reports.errors import ReportError
from broadsheet.runs.actions.explore import USUAL, Wanted, conditions
from broadsheet.runs.actions.explore_report import Explored, explored
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.errors import SourceError
from broadsheet.sources.queries import definition_of
from broadsheet.web.access_rules import member
from broadsheet.web.pages.reports.looks import script_fingerprint, sheet

from .words import crumbs, stored_of

MAIN_COLUMN = 1100  # px at 1440: charts are drawn for it
MOST_METRICS = 12
USUAL_PERIOD = "last 90 days"


@require_safe
@member("source.read", "report.render")
def explore(request: HttpRequest, name: str) -> HttpResponse:
    """``?metric=`` (several), ``?by=``, ``?then=``, ``?period=``, ``?where=`` (one condition a line), ``?fill=``."""
    stored = stored_of(request, name)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = definition_of(stored)
    asked = request.GET if request.GET else None
    given = _given(request, found.dataset)
    context: dict[str, Any] = {
        "section": "data",
        "crumbs": crumbs(stored),
        "headline": _("Explore %(name)s") % {"name": stored},
        "fields": _fields(found.dataset, given),
        "metrics": _metrics(found.dataset, given),
        "about": found.description if asked is None else "",
        "new_report": reverse("web:report-new") if may_somewhere(actor, "report.edit") else "",
    }
    try:
        answer = explored(actor, name, _wanted(found.dataset, given), total=_("All"), now=timezone.now())
        context |= _shown(answer)
    except (SourceError, ReportError) as error:
        context["error"] = {"state": "failed", "title": _("It cannot be answered"), "text": str(error)}
    return render(request, "pages/data_explore.html", context, status=422 if context.get("error") else 200)


def _given(request: HttpRequest, of: Dataset) -> dict[str, Any]:
    """What the form holds; at first a metric over time, or by the first dimension."""
    get = request.GET
    if not get:
        by = "month" if of.time else next(iter(of.dimensions), "")
        metrics = list(of.metrics)[:1]
        return {
            "metrics": metrics,
            "by": by,
            "then": "",
            "period": USUAL_PERIOD if of.time else "",
            "where": "",
            "fill": "",
        }
    return {
        "metrics": get.getlist("metric")[:MOST_METRICS],
        **{key: get.get(key, "").replace("\0", "").strip() for key in ("by", "then", "period", "where", "fill")},
    }


def _wanted(of: Dataset, given: dict[str, Any]) -> Wanted:
    by = tuple(dict.fromkeys(one for one in (given["by"], given["then"]) if one))
    metrics = tuple(given["metrics"])
    timed = bool(by) and (":" in by[0] or by[0] not in of.askable)
    order = (f"-{metrics[0]}",) if by and metrics and not timed else ()
    return Wanted(
        metrics, by, conditions(given["where"].splitlines()), given["period"], order, USUAL, bool(given["fill"])
    )  # fmt: skip


def _shown(answer: Explored) -> dict[str, Any]:
    _css, fingerprint = sheet(answer.shown.theme)
    html = fragment(answer.shown.document, theme=answer.shown.theme, width=MAIN_COLUMN, head=False)
    return {
        "fragment": mark_safe(html),  # core.markup escapes all that comes from definitions and data
        "report_css": reverse("web:report-css", args=[fingerprint]),
        "report_js": reverse("web:report-js", args=[script_fingerprint()]),
        "problems": answer.shown.document.problems,
        "text": answer.text,
        "empty": not answer.table.rows,
    }


def _metrics(of: Dataset, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "metric", "label": _("Metrics"), "kind": "checks", "value": given["metrics"],
        "choices": [(one.name, one.label, one.unit) for one in of.metrics.values()],
    }  # fmt: skip


def _fields(of: Dataset, given: dict[str, Any]) -> list[dict[str, Any]]:
    groups = _groups(of)
    fields: list[dict[str, Any]] = [
        {"name": "by", "label": _("Grouped by"), "kind": "select", "value": given["by"], **groups},
        {"name": "then", "label": _("and by"), "kind": "select", "value": given["then"], **groups},
    ]
    if of.time:
        fields.append(
            {
                "name": "period", "label": _("Period"), "value": given["period"],
                "hint": _("last month, 2026-10, this year; empty: all times"),
                "attrs": {"autocapitalize": "off", "maxlength": 100},
            }
        )  # fmt: skip
    where = {
        "name": "where", "label": _("Only where"), "kind": "textarea", "value": given["where"],
        "hint": _("one condition a line: source = Web, cost >= 5"), "attrs": {"rows": 2, "autocapitalize": "off"},
    }  # fmt: skip
    gaps = {"name": "fill", "label": _("Periods without rows, too"), "kind": "checkbox", "value": bool(given["fill"])}
    return [*fields, where, *([gaps] if of.time else [])]


def _groups(of: Dataset) -> dict[str, Any]:
    """The choices of what to group by: dimensions first, then stretches of time."""
    grains = {
        "day": _("day"), "week": _("week"), "month": _("month"), "quarter": _("quarter"), "year": _("year"),
        "weekday": _("day of the week"), "fiscal_month": _("fiscal month"), "fiscal_quarter": _("fiscal quarter"),
        "fiscal_year": _("fiscal year"), "fiscal_week": _("fiscal week"),
    }  # fmt: skip
    plain = [
        (one.name, f"{one.label} ({one.name})" if one.join else one.label)
        for one in of.askable.values()
        if one.kind not in ("instant",)
    ]
    found: dict[str, Any] = {"choices": [("", _("nothing")), *plain]}
    if of.time:
        found["more"] = {"label": _("Time"), "choices": list(grains.items())}
    return found
