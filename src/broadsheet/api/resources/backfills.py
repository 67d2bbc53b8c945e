"""Backfills: running a schedule for firings that have passed, seen first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from broadsheet.access.queries import address_of
from broadsheet.runs.actions import backfill as act
from broadsheet.runs.models import Backfill

from ..authentication import asker
from ..paging import Asked, Instant
from ..telling import told

router = Router()


class Range(Asked):
    first: Instant = Field(alias="from", description="Firings from this instant on.")
    last: Instant | None = Field(None, alias="to", description="Up to this instant, included; by default now.")
    again: bool = Field(False, description="Also those that ran already.")
    sending: Literal["recipients", "me", "nobody"] = Field(
        "recipients", description="To its recipients; all of it to the token's owner; or its files are made and kept."
    )


class Starting(Range):
    at_once: int = Field(1, ge=1, le=act.AT_ONCE_MOST, description="So many of its runs go at a time.")
    priority: Literal["highest", "high", "normal", "low", "lowest"] = "low"
    why: str = Field("", max_length=500, description="Stands with the backfill, and in the journal.")


class PastShape(Schema):
    """A firing of the range."""

    fire_at: datetime
    reason: str = Field(description="Why it fires then.")
    was: str = Field(description="The state of its run; empty: it has none.")
    runs: bool = Field(description="Whether the backfill runs it.")


class PlanShape(Schema):
    """What a backfill would do, as the audience is now."""

    firings: list[PastShape]
    runs: int = Field(description="Firings that it would run.")
    recipients: int
    deliveries: int = Field(description="That it would send, over all of its runs.")


class BackfillShape(Schema):
    backfill: UUID
    schedule: str
    first: datetime = Field(serialization_alias="from")
    last: datetime = Field(serialization_alias="to")
    sending: str
    at_once: int
    asked_by: str
    why: str
    created_at: datetime
    runs: dict[str, int] = Field(description="Their number, by state.", examples=[{"accepted": 3, "waiting": 4}])


class Stopped(Schema):
    stopped: int = Field(description="So many of its runs are asked to stop, or were held and are dropped.")


def _facts(one: Backfill) -> dict[str, Any]:
    counted = one.occurrences.order_by().values_list("state").annotate(Count("pk"))
    return {
        "backfill": one.pk, "schedule": one.schedule.name, "first": one.first, "last": one.last,
        "sending": one.sending, "at_once": one.at_once, "asked_by": one.asked_by, "why": one.why,
        "created_at": one.created_at, "runs": dict(counted),
    }  # fmt: skip


@router.post(
    "/schedules/{slug:name}/backfill/plan",
    **told(
        "planBackfill", "See what a backfill would do", permission="schedule.run delivery.read schedule.read",
        response=PlanShape,
    ),
)  # fmt: skip
def plan(request: HttpRequest, name: str, body: Range) -> object:
    """Which firings have passed in the range, which of them ran, and how many deliveries it would send. Nothing is kept."""
    now = timezone.now()
    found = act.plan_backfill(
        asker(request), name, first=body.first, last=body.last or now, again=body.again, sending=body.sending, now=now
    )
    return {
        "firings": [
            {"fire_at": one.at, "reason": one.reason, "was": one.was, "runs": one.runs} for one in found.firings
        ],
        "runs": len(found.chosen), "recipients": found.recipients, "deliveries": found.total,
    }  # fmt: skip


@router.post(
    "/schedules/{slug:name}/backfill",
    **told("startBackfill", "Start a backfill", permission="schedule.run schedule.read", response={202: BackfillShape}),
)
def start(request: HttpRequest, name: str, body: Starting) -> Status[dict[str, Any]]:
    """A run for each firing that has not run, whose periods count from its firing. `me` needs `data.all` as well: each
    recipient's rows come to the token's owner."""
    actor, now = asker(request), timezone.now()
    address = address_of(actor) if body.sending == "me" else ""
    made = act.start_backfill(
        actor, name, first=body.first, last=body.last or now, again=body.again, sending=body.sending, address=address,
        at_once=body.at_once, priority=body.priority, why=body.why, now=now,
    )  # fmt: skip
    return Status(202, _facts(made))


@router.get(
    "/backfills/{uuid:backfill_id}",
    **told("getBackfill", "Get a backfill", permission="schedule.run", response=BackfillShape),
)
def get(request: HttpRequest, backfill_id: UUID) -> object:
    """How far it is: the numbers of its runs, by state."""
    return _facts(act.backfill(asker(request), backfill_id))


@router.post(
    "/backfills/{uuid:backfill_id}/stop",
    **told("stopBackfill", "Stop a backfill", permission="schedule.run", response=Stopped),
)
def stop(request: HttpRequest, backfill_id: UUID) -> object:
    """What was sent stays sent; what has not ended is asked to stop."""
    return {"stopped": act.stop_backfill(asker(request), backfill_id, now=timezone.now())}
