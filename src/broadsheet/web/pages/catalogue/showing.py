"""One dataset: what it is, whose, its fields with what stands in them, its rules and joins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.access.queries import people
from broadsheet.core.document.tables import Value
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.runs.actions.glance import samples
from broadsheet.runs.lineage import users_of
from broadsheet.sources import queries
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.definitions import DatasetDefinition
from broadsheet.sources.errors import SourceError
from broadsheet.sources.models import StoredDataset
from broadsheet.web.access_rules import member
from broadsheet.web.pages.rights.things import access_of
from broadsheet.web.telling import cut, day, moment

from .words import crumbs, kinds, made, masks, sensitivities, stored_of

LONGEST = 28  # characters of a sample value


@require_safe
@member("source.read")
def dataset(request: HttpRequest, name: str) -> HttpResponse:
    """Its fields and rules; with ``?samples=1`` also a few values of each dimension, as the asker sees them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    stored = stored_of(request, name)
    definition = queries.definition_of(stored)
    values, error = _samples(request, stored)
    uses = users_of(actor, name)
    context = {
        "section": "data",
        "crumbs": crumbs(),
        "headline": str(stored),
        "facts": _facts(actor, stored, definition),
        "certified": definition.certified,
        "until": reverse("web:data-until", args=[name]) if definition.as_of else "",
        "acts": _acts(actor, stored),
        "about": definition.description,
        "dimensions": [
            {**_dimension(name, one, values), "uses": len(uses.get(one.name, ()))}
            for one in definition.dataset.dimensions.values()
        ],
        "metrics": [
            {**_metric(name, one), "uses": len(uses.get(one.name, ()))} for one in definition.dataset.metrics.values()
        ],
        "joins": _joins(actor, definition.dataset),
        "rules": definition.dataset.rows,
        "inner": [
            {"table": table, "column": rule.column, "attribute": rule.attribute}
            for table, rule in queries.inner_rules(stored)
        ],
        "smallest": definition.dataset.smallest,
        "sampled": values is not None,
        "samples_error": error,
        "samples": f"{request.path}?samples=1",
        "access": access_of(actor, "dataset", name),
    }
    return render(request, "pages/data_set.html", context)


Samples = Mapping[str, tuple[Value, ...]] | None


def _samples(request: HttpRequest, stored: StoredDataset) -> tuple[Samples, str]:
    """They are asked for by the page itself when it is there, so that a slow source does not keep it waiting."""
    if "samples" not in request.GET:
        return None, ""
    try:
        return samples(request.actor, stored, now=timezone.now()), ""  # type: ignore[attr-defined]
    except SourceError as error:
        return {}, str(error)


def _facts(actor: Actor, stored: StoredDataset, definition: DatasetDefinition) -> list[dict[str, Any]]:
    owner = definition.owner
    if "@" in owner and may(actor, "person.read"):
        owner = next((one.user.name for one in people(actor) if one.user.email == owner.lower()), owner) or owner
    return [
        {"term": _("Name"), "value": stored.name},
        {"term": _("Source"), "value": str(stored.source)},
        {"term": _("Owner"), "value": owner or _("nobody yet")},
        {"term": _("Sensitivity"), "value": sensitivities()[definition.sensitivity]},
        {"term": _("Version"), "value": stored.version},
    ]


def _acts(actor: Actor, stored: StoredDataset) -> list[dict[str, Any]]:
    acts: list[dict[str, Any]] = [
        {"label": _("Who uses it"), "href": reverse("web:data-lineage", args=[stored.name])},
    ]
    if may_somewhere(actor, "source.edit"):
        edit = {"label": _("Edit"), "href": reverse("web:settings-dataset-edit", args=[stored.name]), "outlined": True}
        acts.insert(0, edit)
    if may_somewhere(actor, "report.render"):
        acts.append({"label": _("Explore"), "href": reverse("web:data-explore", args=[stored.name]), "main": True})
    return acts


def _dimension(dataset: str, one: Dimension, values: Samples) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "about": one.description, "kind": kinds()[one.kind], "unit": one.unit,
        "sensitivity": sensitivities()[one.sensitivity], "mask": masks()[one.mask.show] if one.mask else "",
        "clear": one.mask.clear if one.mask else "", "href": _lineage(dataset, one.name),
        "values": [_value(value) for value in (values or {}).get(one.name, ())],
    }  # fmt: skip


def _metric(dataset: str, one: Metric) -> dict[str, Any]:
    better = {"up": _("higher is better"), "down": _("lower is better")}.get(one.better, "")
    return {
        "name": one.name, "label": one.label, "about": one.description, "kind": kinds()[one.kind],
        "unit": one.unit or one.currency, "sensitivity": sensitivities()[one.sensitivity],
        "clear": one.mask.clear if one.mask else "", "made": made(one), "code": bool(one.expression and not one.taken),
        "better": better, "additive": one.additive, "href": _lineage(dataset, one.name),
    }  # fmt: skip


def _lineage(dataset: str, field: str) -> str:
    return f"{reverse('web:data-lineage', args=[dataset])}?{urlencode({'field': field})}"


def _joins(actor: Actor, dataset: Dataset) -> list[dict[str, Any]]:
    mine = set(queries.datasets(actor).values_list("name", flat=True)) if dataset.joins else set()
    return [
        {
            "name": join.name, "dataset": join.dataset.name,
            "href": reverse("web:data-set", args=[join.dataset.name]) if join.dataset.name in mine else "",
            "on": ", ".join(f"{here} = {there}" for here, there in join.on),
            "fields": ", ".join(f"{join.name}.{field}" for field in join.dataset.dimensions),
        }
        for join in dataset.joins.values()
    ]  # fmt: skip


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment(value) if value.tzinfo else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return day(value)
    return cut(str(localize(value)), LONGEST)
