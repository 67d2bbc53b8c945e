"""Where a dataset, or one field of it, comes from, and which reports, blocks and schedules use it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core.policy import Actor
from broadsheet.runs.lineage import BlockUse, Lineage, ReportUse, ScheduleUse
from broadsheet.runs.lineage import lineage as follow
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.queries import datasets, definition_of
from broadsheet.web.access_rules import member

from .words import crumbs, stored_of


@require_safe
@member("source.read")
def lineage(request: HttpRequest, name: str) -> HttpResponse:
    """Of the whole dataset, or of ``?field=``; a field that is not there counts as none."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    stored = stored_of(request, name)
    of = definition_of(stored).dataset
    field = request.GET.get("field", "")
    field = field if field in of.metrics or field in of.askable else ""
    found = follow(actor, name, field)
    label = _label(of, field)
    context = {
        "section": "data",
        "crumbs": crumbs(stored),
        "headline": _("Who uses %(name)s") % {"name": label or str(stored)},
        "facts": [{"term": _("Used by"), "value": _used(found)}],
        "field": _field(of, field),
        "action": request.path,
        "label": label or str(stored),
        "found": found,
        "around": _around(actor, found),
        "reports": [_report(one) for one in found.reports],
        "schedules": [_schedule(one) for one in found.schedules],
    }
    return render(request, "pages/data_lineage.html", context)


def _label(of: Dataset, field: str) -> str:
    if not field:
        return ""
    return of.metrics[field].label if field in of.metrics else of.dimension(field).label


def _used(found: Lineage) -> str:
    """“2 reports and 3 schedules”."""
    return _("reports: %(reports)d, schedules: %(schedules)d") % {
        "reports": len(found.reports), "schedules": len(found.schedules),
    }  # fmt: skip


def _field(of: Dataset, field: str) -> dict[str, Any]:
    return {
        "name": "field", "label": _("Field"), "kind": "select", "value": field,
        "choices": [("", _("the whole dataset"))],
        "more": {
            "label": _("Fields"),
            "choices": [(name, name) for name in (*of.dimensions, *of.metrics)],
        },
    }  # fmt: skip


def _around(actor: Actor, found: Lineage) -> list[dict[str, Any]]:
    """Datasets that it joins, or that join it; linked where the asker may read them."""
    mine = set(datasets(actor).values_list("name", flat=True)) if found.joins or found.joined_by else set()
    told = [*((_("joins"), name) for name in found.joins), *((_("joined by"), name) for name in found.joined_by)]
    return [
        {"how": how, "name": name, "href": reverse("web:data-set", args=[name]) if name in mine else ""}
        for how, name in told
    ]


def _report(one: ReportUse) -> dict[str, Any]:
    return {
        "title": one.title, "href": reverse("web:report", args=[one.name]),
        "requests": [
            {
                "name": request.name, "line": request.line, "used": ", ".join(request.used), "dataset": request.dataset,
                "blocks": [_block(block) for block in request.blocks],
            }
            for request in one.requests
        ],
    }  # fmt: skip


def _block(one: BlockUse) -> dict[str, Any]:
    words = {"metrics": _("figures"), "chart": _("chart"), "table": _("table"), "text": _("text")}
    return {"kind": words.get(one.kind, one.kind), "title": one.title, "line": one.line, "used": ", ".join(one.used)}


def _schedule(one: ScheduleUse) -> dict[str, Any]:
    return {
        "title": one.title, "href": reverse("web:schedule", args=[one.name]), "report": one.report,
        "audience": ", ".join(one.audience), "conditions": ", ".join(one.conditions), "channels": ", ".join(one.channels),
        "deliveries": f"{reverse('web:deliveries')}?schedule={one.name}",
    }  # fmt: skip
