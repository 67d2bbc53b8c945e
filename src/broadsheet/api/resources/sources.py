"""Where data lives. Secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import SecretStr

from broadsheet.sources import queries
from broadsheet.sources.actions.check import check_source
from broadsheet.sources.actions.save import save_source
from broadsheet.sources.errors import UnknownSource
from broadsheet.sources.models import Source

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Order, Page, Paging, page
from ..telling import told
from .copies import CopyShape, copy_facts

router = Router()
BY_NAME = (Order("name"),)


class SourceShape(Schema):
    """A connection to where data lives."""

    name: str = Field(examples=["leads"])
    label: str
    engine: str = Field(examples=["duckdb"])
    settings: dict[str, Any]
    has_secrets: bool
    datasets: list[str]
    ok: bool | None = Field(description="The last check's verdict; null: not checked since it was changed.")
    verdict: str
    checked_at: datetime | None
    updated_at: datetime


class SourceWhole(SourceShape):
    definition: str = Field(description="YAML text.")
    copy_: CopyShape | None = Field(
        None, alias="copy", description="How it stands with its copy; null: it is asked where its data lives."
    )


class SourceDefinitionBody(Definition):
    secrets: dict[str, SecretStr] = Field(
        {}, description="By name. Those given are replaced, others stay. Needs `source.secrets`."
    )


def facts(one: Source) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "engine": one.engine, "settings": one.settings,
        "has_secrets": bool(one.sealed), "datasets": [dataset.name for dataset in one.datasets.all()],
        "ok": one.ok, "verdict": one.verdict, "checked_at": one.checked_at, "updated_at": one.updated_at,
    }  # fmt: skip


@router.get("/sources", **told("listSources", "List sources", permission="source.read", response=Page[SourceShape]))
def list_sources(request: HttpRequest, paging: Query[Paging]) -> object:
    """Sources by name, each with the datasets over it."""
    return page(queries.sources(asker(request)), paging, order=BY_NAME, shape=facts)


@router.get("/sources/{slug:name}", **told("getSource", "Get a source", permission="source.read", response=SourceWhole))
def get_source(request: HttpRequest, name: str) -> object:
    """One source with its definition."""
    found = queries.sources(asker(request)).select_related("copy").filter(name=name).first()
    if found is None:
        raise UnknownSource(f"There is no source “{name}” here. Look at the list of sources.")
    copy = getattr(found, "copy", None)
    return {**facts(found), "definition": found.definition, "copy": copy_facts(copy) if copy else None}


@router.put("/sources/{slug:name}", **told("putSource", "Define a source", permission="source.edit", response=Kept))
def put_source(request: HttpRequest, name: str, body: SourceDefinitionBody) -> object:
    """Adds it, or makes it what the definition says. Check it afterwards: it is
    asked now only where it has rules on its tables, to see that they hold. These, and where a source lives once any has
    rules, are changed by whoever holds `source.rules`."""
    document = loaded("source", name, body)
    secrets = {key: value.get_secret_value() for key, value in body.secrets.items()}
    effect = save_source(asker(request), document, now=timezone.now(), secrets=secrets)
    return {"kind": "source", "name": name, "effect": effect}


@router.post(
    "/sources/{slug:name}/check",
    **told("checkSource", "Check a source", permission="source.edit", response=SourceShape),
)
def check(request: HttpRequest, name: str) -> object:
    """Connects and looks which tables are there. The verdict is kept."""
    return facts(check_source(asker(request), name, now=timezone.now()))
