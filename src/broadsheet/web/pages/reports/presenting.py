"""Rows of the database and problems of definitions as the templates' plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.document.parameters import ParameterField
from broadsheet.reports import queries
from broadsheet.reports.models import ReportVersion
from broadsheet.web.templatetags.broadsheet import instant


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the library, and the small letters that a filter looks into."""

    row: dict[str, Any]
    searched: str


def listed(version: ReportVersion, *, senders: int, editor: bool) -> Listed:
    """One report of the list; *senders* counts the schedules that send it."""
    report = version.report
    datasets = dict.fromkeys(request.dataset for request in queries.definition_of(version).data.values())
    meta = [
        ngettext("%(n)d schedule sends it", "%(n)d schedules send it", senders) % {"n": senders}
        if senders
        else _("no schedule sends it"),
        _("reads %(datasets)s") % {"datasets": ", ".join(datasets)},
        _("version %(n)d") % {"n": version.number},
        _("changed by %(who)s") % {"who": version.made_by},
        instant(version.made_at, "day"),
    ]
    row = {
        "name": report.title,
        "href": reverse("web:report", args=[report.name]),
        "about": report.description,
        "meta": meta,
        "acts": [{"label": _("Edit"), "href": reverse("web:report-edit", args=[report.name])}] if editor else [],
    }
    return Listed(row, " ".join((report.title, report.name, report.description, *datasets)).lower())


def parameter_field(field: ParameterField, *, errors: Iterable[str] = ()) -> dict[str, Any]:
    """A control of the parameter bar; see `templatetags.fields.as_field`."""
    shaped: dict[str, Any] = {
        "name": field.name, "label": field.label, "value": field.value, "errors": list(errors),
    }  # fmt: skip
    match field.kind:
        case "choice":
            return shaped | {"kind": "select", "choices": field.choices}
        case "flag":
            return shaped | {"kind": "select", "choices": [("true", _("Yes")), ("false", _("No"))]}
        case "period":
            known = dict(field.choices)
            chosen = known.get(field.value)
            label = f"{chosen}: {field.text}" if chosen and chosen != field.text else field.text
            others = [(value, text) for value, text in field.choices if value != field.value]
            return shaped | {"kind": "select", "choices": [(field.value, label), *others]}
        case "number":
            bounds = {"min": field.least, "max": field.most}
            attrs = {"step": "any", **{name: f"{bound:g}" for name, bound in bounds.items() if bound is not None}}
            return shaped | {"kind": "number", "attrs": attrs}
        case _:
            return shaped
