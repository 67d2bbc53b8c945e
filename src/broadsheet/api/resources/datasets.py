"""What can be asked: a query with named dimensions, metrics and row rules."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.sources import queries
from broadsheet.sources.actions.save import save_dataset
from broadsheet.sources.models import StoredDataset

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .sources import BY_NAME

router = Router()


class DatasetShape(Schema):
    """A dataset over a source."""

    name: str = Field(examples=["lead-events"])
    label: str
    source: str = Field(examples=["leads"])
    version: int
    updated_at: datetime
    description: str
    owner: str = Field(description="A member's address, or words; empty: nobody.")
    sensitivity: Literal["public", "internal", "confidential", "restricted"]
    certified: bool


class DimensionShape(Schema):
    """Something to group or filter by."""

    name: str
    label: str
    kind: str = Field(description="text, integer, number, date, instant or flag.")
    unit: str
    description: str
    sensitivity: str = Field(description="public, internal, confidential or restricted.")
    join: str = Field(description="The join that it comes by, where it is another dataset's; else empty.")


class MetricShape(Schema):
    """Something to count, sum or average."""

    name: str
    label: str
    kind: str = Field(description="integer, number, money or percent; percent values are fractions.")
    unit: str
    better: str = Field(description="up, down, or empty for neither.")
    description: str
    sensitivity: str
    additive: bool = Field(description="Whether figures of several rows may be added up.")
    made_of: list[str] = Field(description="Other metrics that it is worked out from.")


class DatasetDefined(Definition):
    """What a dataset's file says."""

    force: bool = Field(False, description="Keep it even where something that depends on it breaks.")


class DatasetWhole(DatasetShape):
    dimensions: list[DimensionShape]
    metrics: list[MetricShape]
    time: str = Field(description="The dimension that periods apply to; empty: none.")
    definition: str = Field(description="YAML text.")


def facts(one: StoredDataset) -> dict[str, object]:
    found = queries.definition_of(one)
    return {
        "description": found.description, "owner": found.owner, "sensitivity": found.sensitivity,
        "certified": found.certified,
        "name": one.name, "label": one.label, "source": one.source.name, "version": one.version,
        "updated_at": one.updated_at,
    }  # fmt: skip


@router.get("/datasets", **told("listDatasets", "List datasets", permission="source.read", response=Page[DatasetShape]))
def list_datasets(request: HttpRequest, paging: Query[Paging]) -> object:
    """Datasets by name."""
    return page(queries.datasets(asker(request)), paging, order=BY_NAME, shape=facts)


@router.get(
    "/datasets/{slug:name}", **told("getDataset", "Get a dataset", permission="source.read", response=DatasetWhole)
)
def get_dataset(request: HttpRequest, name: str) -> object:
    """One dataset: what can be asked of it, and its definition."""
    found = queries.dataset(asker(request), name)
    dataset = queries.definition_of(found).dataset
    dimensions = [
        {"name": d.name, "label": d.label, "kind": d.kind, "unit": d.unit, "description": d.description,
         "sensitivity": d.sensitivity, "join": d.join}
        for d in dataset.askable.values()
    ]  # fmt: skip
    metrics = [
        {"name": m.name, "label": m.label, "kind": m.kind, "unit": m.unit, "better": m.better,
         "description": m.description, "sensitivity": m.sensitivity, "additive": m.additive, "made_of": list(m.parts)}
        for m in dataset.metrics.values()
    ]  # fmt: skip
    whole = {"dimensions": dimensions, "metrics": metrics, "time": dataset.time, "definition": found.definition}
    return {**facts(found), **whole}


@router.put("/datasets/{slug:name}", **told("putDataset", "Define a dataset", permission="source.edit", response=Kept))
def put_dataset(request: HttpRequest, name: str, body: DatasetDefined) -> object:
    """Adds it, or makes it what the definition says. Refused with 422 where reports, audiences or other datasets need what
    it would have no longer, unless `force` says that this is known."""
    effect = save_dataset(asker(request), loaded("dataset", name, body), now=timezone.now(), force=body.force)
    return {"kind": "dataset", "name": name, "effect": effect}
