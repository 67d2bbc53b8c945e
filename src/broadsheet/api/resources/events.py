"""Business events: told here, they start the schedules that listen to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Header, Query, Router, Schema, Status

from broadsheet.schedules.actions.send_event import send_event
from broadsheet.schedules.events_seen import event as event_of
from broadsheet.schedules.events_seen import events
from broadsheet.schedules.models import Event

from ..authentication import asker
from ..paging import Asked, Instant, Order, Page, Paging, instant, page
from ..telling import told

router = Router()
NEWEST = (Order("received_at", descending=True, read=instant), Order("pk", read=UUID))


class StartedShape(Schema):
    """A run that an event started, or the row that says why it did not."""

    schedule: str
    run: UUID
    state: str
    reason: str


class EventShape(Schema):
    """Something that happened."""

    event: UUID = Field(description="Its id.")
    name: str = Field(examples=["import.finished"])
    key: str = Field(description="One event for each key of a name.")
    payload: dict[str, Any]
    at: datetime = Field(description="When it happened.")
    received_at: datetime
    sent_by: str
    dispatched_at: datetime | None = Field(description="When its runs were written; null: they follow within a minute.")
    started: list[StartedShape]


class Telling(Asked):
    """Something that happened."""

    name: str = Field(max_length=100, examples=["import.finished"])
    payload: dict[str, Any] = Field({}, description="What schedules compare and take parameters from; at most 32,768 bytes.", examples=[{"source": "acme", "rows": 812}])  # fmt: skip
    key: str = Field("", max_length=200, description="Telling it again with the same key changes nothing. `Idempotency-Key` may stand for it.")  # fmt: skip
    at: Instant | None = Field(None, description="When it happened; by default now. Periods such as “yesterday” count from it.")  # fmt: skip


class EventFilters(Schema):
    name: str = Field("", max_length=100, description="Of this name alone.")
    schedule: str = Field("", max_length=100, description="That started this schedule.")


def facts(one: Event) -> dict[str, Any]:
    return {
        "event": one.pk, "name": one.name, "key": one.key, "payload": one.payload, "at": one.at,
        "received_at": one.received_at, "sent_by": one.sent_by, "dispatched_at": one.dispatched_at,
        "started": [
            {
                "schedule": start.schedule.name, "run": start.occurrence_id, "state": start.occurrence.state,
                "reason": start.occurrence.error or start.occurrence.reason,
            }
            for start in one.starts.all()
        ],
    }  # fmt: skip


@router.post(
    "/events",
    **told("sendEvent", "Tell of an event", permission="schedule.run", response={202: EventShape}),
)
def post_event(
    request: HttpRequest,
    response: HttpResponse,
    body: Telling,
    key: str = Header("", alias="Idempotency-Key", max_length=200, description="As `key` of the body, which counts where both are there."),  # type: ignore[type-arg]  # it is a function, too
) -> Status[dict[str, Any]]:  # fmt: skip
    """Starts every schedule that listens to it and whose conditions hold, each once. `Idempotency-Replayed: true` says
    that it was told before."""
    actor = asker(request)
    made, new = send_event(
        actor, body.name, payload=body.payload, key=body.key or key, at=body.at, now=timezone.now()
    )  # fmt: skip
    if not new:
        response["Idempotency-Replayed"] = "true"
    return Status(202, facts(event_of(actor, made.pk)))


@router.get("/events", **told("listEvents", "List events", permission="schedule.run", response=Page[EventShape]))
def list_events(request: HttpRequest, paging: Query[Paging], filters: Query[EventFilters]) -> object:
    """The newest first, each with what it started."""
    found = events(asker(request), name=filters.name, schedule=filters.schedule)
    return page(found, paging, order=NEWEST, shape=facts)


@router.get(
    "/events/{uuid:event_id}",
    **told("getEvent", "Get an event", permission="schedule.run", response=EventShape),
)
def get_event(request: HttpRequest, event_id: UUID) -> object:
    """One event, its payload and what it started."""
    return facts(event_of(asker(request), event_id))
