"""What was done, by whom and by which way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from broadsheet.compliance import queries
from broadsheet.compliance.models import Entry

from ..authentication import asker
from ..paging import Instant, Order, Page, Paging, integer, page
from ..telling import told

router = Router()


class EntryShape(Schema):
    """One act, as it was done."""

    at: datetime
    actor: str = Field(examples=["Mara Lindqvist (nightly export)"])
    person_id: int | None = Field(description="Null for the system itself.")
    via: str = Field(description="page, api, cli, file, mail or system.")
    action: str = Field(examples=["schedule.paused"])
    object: str = Field(examples=["buyers-monday"])
    detail: dict[str, Any]


class Filters(Schema):
    action: str = Field("", max_length=64, description="An act, or the start of several.", examples=["delivery."])
    object: str = Field("", max_length=200, description="What it was done to.")
    by: str = Field("", max_length=200, description="Part of the actor's name.")
    since: Instant | None = None
    until: Instant | None = Field(None, description="Not included.")


def facts(one: Entry) -> dict[str, Any]:
    return {
        "at": one.at, "actor": one.actor, "person_id": one.user_id, "via": one.via, "action": one.action,
        "object": one.object, "detail": one.detail,
    }  # fmt: skip


@router.get("/journal", **told("listJournal", "Read the journal", permission="journal.read", response=Page[EntryShape]))
def list_journal(request: HttpRequest, paging: Query[Paging], filters: Query[Filters]) -> object:
    """The newest act first."""
    found = queries.entries(
        asker(request), action=filters.action, subject=filters.object, by=filters.by, since=filters.since,
        until=filters.until,
    )  # fmt: skip
    return page(found, paging, order=(Order("pk", descending=True, read=integer),), shape=facts)
