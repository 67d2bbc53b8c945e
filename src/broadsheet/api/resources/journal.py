"""What was done, by whom and by which way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.compliance import audit, queries
from broadsheet.compliance.actions.record import record
from broadsheet.compliance.models import Entry
from broadsheet.web.downloads import stream

from ..authentication import asker
from ..paging import Instant, Order, Page, Paging, integer, page
from ..telling import told

router = Router()
MEDIA_TYPE = "application/x-ndjson"
LINES: dict[str, Any] = {
    "200": {"description": "Lines of JSON.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


class EntryShape(Schema):
    """One act, as it was done."""

    at: datetime
    actor: str = Field(examples=["Mara Lindqvist (nightly export)"])
    person_id: int | None = Field(description="Null for the system itself.")
    via: str = Field(description="page, api, cli, file, mail or system.")
    action: str = Field(examples=["schedule.paused"])
    object: str = Field(examples=["buyers-monday"])
    address: str = Field(description="Where the asker was on the network; empty where that cannot be told.")
    detail: dict[str, Any]
    seq: int | None = Field(description="Its number in the chain; null until it is sealed, moments after the act.")
    hash: str = Field(description="Over the entry and the hash before it.")


class VerdictShape(Schema):
    """Whether the journal is what was written."""

    whole: bool
    entries: int = Field(description="So many hold, from the first on.")
    head: str = Field(
        description="The hash of the last one that holds. Note it: it shows later whether the end was cut off."
    )
    fault: str = Field(description="What is wrong behind it; empty when all is well.")


class Known(Schema):
    head: str = Field(
        "",
        max_length=64,
        pattern="^([0-9a-f]{64})?$",
        description="A hash that was noted earlier: it must be among them.",
    )


class Filters(Schema):
    action: str = Field("", max_length=64, description="An act, or the start of several.", examples=["delivery."])
    object: str = Field("", max_length=200, description="What it was done to.")
    by: str = Field("", max_length=200, description="Part of the actor's name.")
    since: Instant | None = None
    until: Instant | None = Field(None, description="Not included.")


def facts(one: Entry) -> dict[str, Any]:
    return {
        "at": one.at, "actor": one.actor, "person_id": one.user_id, "via": one.via, "address": one.address, "action": one.action,
        "object": one.object, "detail": one.detail, "seq": one.seq,
        "hash": one.hash,
    }  # fmt: skip


@router.get("/journal", **told("listJournal", "Read the journal", permission="journal.read", response=Page[EntryShape]))
def list_journal(request: HttpRequest, paging: Query[Paging], filters: Query[Filters]) -> object:
    """The newest act first."""
    found = queries.entries(
        asker(request), action=filters.action, subject=filters.object, by=filters.by, since=filters.since,
        until=filters.until,
    )  # fmt: skip
    return page(found, paging, order=(Order("pk", descending=True, read=integer),), shape=facts)


@router.get(
    "/journal/verdict",
    **told("verifyJournal", "Verify the journal", permission="journal.read", response=VerdictShape),
)
def verify_journal(request: HttpRequest, known: Query[Known]) -> object:
    """Walks the whole chain: no entry was changed, taken out or put in."""
    found = audit.checked(asker(request), now=timezone.now(), known=known.head)
    return {"whole": found.whole, "entries": found.count, "head": found.head, "fault": found.fault}


@router.get(
    "/journal/export",
    **told("exportJournal", "Export the journal", permission="journal.read", response={200: None}, responses=LINES),
)
def export_journal(request: HttpRequest) -> StreamingHttpResponse:
    """The whole journal, oldest first, one JSON object a line: number, hash, and the record that the hash is over."""
    actor, now = asker(request), timezone.now()
    record(actor, "journal.exported", "journal", now=now)
    return stream(audit.exported(actor, now=now), filename="journal.jsonl", media_type=MEDIA_TYPE)
