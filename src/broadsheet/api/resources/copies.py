"""Sources that are copied: brought up to date, counted by the other side, and given a dataset to begin with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.core.document.loading import dump
from broadsheet.sources.actions.starter import make_starter, starter_of
from broadsheet.sources.actions.statistics import statistics
from broadsheet.sources.actions.sync import sync_source
from broadsheet.sources.copying import Statistics
from broadsheet.sources.models import SourceCopy
from broadsheet.sources.secured.counted import rows_of

from ..authentication import asker
from ..definition import Kept
from ..telling import told

router = Router()


class CopyShape(Schema):
    """How it stands with the copy of a source."""

    rows: int = Field(description="Events held.")
    first_at: datetime | None = Field(description="When the first of them was made.")
    last_at: datetime | None = Field(description="When the last of them was made.")
    size: int = Field(description="Bytes on the disk.")
    synced_at: datetime | None = Field(description="When all was fetched last.")
    tried_at: datetime | None
    due_at: datetime | None = Field(description="When it is looked after next.")
    said: str = Field(description="What went wrong the last time; empty: nothing.")


class SyncShape(Schema):
    new: int = Field(description="How many events came.")
    whole: bool = Field(description="Whether nothing is left to fetch; else the rest comes by itself.")
    copy_: CopyShape = Field(alias="copy")


class StatisticsQuery(Schema):
    """What to count, in the other side's own words."""

    type: list[str] = Field([], description="Types of event.")
    group_by: list[str] = Field([], description="Fields, such as source or lead.state.")
    interval: str = Field("", description="minutely, hourly, daily, weekly, monthly or yearly; empty: none.")
    timezone: str = Field("", description="IANA name, or seconds from UTC.")
    start: str = Field("", description="A date or an instant; by default today.")
    end: str = Field("", description="A date or an instant; by default today.")
    column: list[str] = Field([], description="What to count, such as source-success.")
    by_lead: bool = Field(True, description="Count each lead once.")


class CountsShape(Schema):
    columns: list[str]
    rows: list[dict[str, Any]] = Field(description="By column: texts, numbers, and instants in UTC.")


class StarterShape(Schema):
    name: str
    definition: str = Field(description="YAML text.")


def copy_facts(copy: SourceCopy) -> dict[str, Any]:
    return {
        "rows": copy.rows, "first_at": copy.first_at, "last_at": copy.last_at, "size": copy.size,
        "synced_at": copy.synced_at, "tried_at": copy.tried_at, "due_at": copy.due_at, "said": copy.said,
    }  # fmt: skip


@router.post(
    "/sources/{slug:name}/sync", **told("syncSource", "Sync a source", permission="source.edit", response=SyncShape)
)
def sync(request: HttpRequest, name: str) -> object:
    """Fetches what came since, for some twenty seconds; what is left then comes by itself. It also runs by itself every
    quarter of an hour, or as the source's settings say."""
    done = sync_source(asker(request), name, now=timezone.now())
    return {"new": done.new, "whole": done.whole, "copy": copy_facts(done.copy)}


@router.get(
    "/sources/{slug:name}/statistics",
    **told("getSourceStatistics", "Ask for statistics", permission="source.read", response=CountsShape),
)
def get_statistics(request: HttpRequest, name: str, asked: Query[StatisticsQuery]) -> object:
    """The other side's own counts of the whole account, at most a minute old. Groupings that may tell of single persons
    need `data.confidential` too, sources with rules on who sees what `data.all`."""
    wanted = Statistics(
        types=tuple(asked.type), group_by=tuple(asked.group_by), interval=asked.interval, zone=asked.timezone,
        start=asked.start, end=asked.end, columns=tuple(asked.column), by_lead=asked.by_lead,
    )  # fmt: skip
    found = statistics(asker(request), name, wanted)
    return {"columns": found.column_names, "rows": rows_of(found)}


@router.get(
    "/sources/{slug:name}/starter",
    **told("getStarter", "Get a dataset to begin with", permission="source.read", response=StarterShape),
)
def get_starter(request: HttpRequest, name: str) -> object:
    """The definition of the dataset that the source would begin with. Nothing is kept."""
    found = starter_of(asker(request), name)
    return {"name": found.name, "definition": dump("dataset", found.name, found.data)}


@router.post(
    "/sources/{slug:name}/starter",
    **told("makeStarter", "Make the dataset to begin with", permission="source.edit source.read", response=Kept),
)
def post_starter(request: HttpRequest, name: str) -> object:
    """Keeps it, unless a dataset of that name is there already: then that stays as it is."""
    found, effect = make_starter(asker(request), name, now=timezone.now())
    return {"kind": "dataset", "name": found.name, "effect": effect}
