"""Maintenance: windows in which no run begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.operations import maintenance as queries
from broadsheet.operations.actions import maintenance as actions
from broadsheet.runs.models import Maintenance

from ..authentication import asker
from ..paging import Instant, Order, Page, Paging, instant, integer, page
from ..problems import problem
from ..telling import told
from .people import bounded

router = Router()


class WindowShape(Schema):
    """A window in which no run begins."""

    id: int
    starts_at: datetime
    ends_at: datetime | None = Field(description="Null: until somebody ends it.")
    ended_at: datetime | None = Field(description="When somebody ended it, or called it off.")
    reason: str
    source: str = Field(description="Only runs that ask this source; empty for all.")
    everywhere: bool = Field(description="Of the whole installation.")
    drain_seconds: int = Field(description="How long runs that go on then have until they are put down.")
    state: str = Field(description="coming, open or over.")
    created_by: str


class Planned(Schema):
    starts_at: Instant | None = Field(None, description="Now where it is left out.")
    ends_at: Instant | None = Field(None, description="Until somebody ends it where it is left out.")
    reason: str = Field(max_length=300, description="Those whose reports come late are told it.")
    source: str = Field("", max_length=100, description="Only runs that ask this source; empty for all.")
    drain_seconds: int = Field(300, ge=0, le=86_400)


class Past(Schema):
    past: bool = Field(False, description="Also those that are over, the latest first.")


def facts(one: Maintenance, *, now: datetime) -> dict[str, Any]:
    over = one.over_at is not None and one.over_at <= now
    return {
        "id": one.pk, "starts_at": one.starts_at, "ends_at": one.ends_at, "ended_at": one.ended_at,
        "reason": one.reason, "source": one.source, "everywhere": one.organization_id is None,
        "drain_seconds": one.drain_seconds, "state": "over" if over else "open" if one.starts_at <= now else "coming",
        "created_by": one.created_by if one.organization_id else "",
    }  # fmt: skip


@router.get(
    "/maintenance",
    **told("listMaintenance", "List maintenance windows", permission="schedule.read", response=Page[WindowShape]),
)
def list_windows(request: HttpRequest, paging: Query[Paging], which: Query[Past]) -> object:
    """Those that go on and that are to come, the next first."""
    now = timezone.now()
    back = which.past
    order = (Order("starts_at", descending=back, read=instant), Order("pk", descending=back, read=integer))
    found = queries.windows(asker(request), past=back)
    return page(found, paging, order=order, shape=lambda one: facts(one, now=now))


@router.post(
    "/maintenance",
    **told("planMaintenance", "Plan maintenance", permission="operation.steer", response={201: WindowShape}),
)
def plan_window(request: HttpRequest, body: Planned) -> object:
    """No run begins from its start to its end; whoever owns a schedule that is late by it is told."""
    now = timezone.now()
    made = actions.plan(
        asker(request), starts_at=body.starts_at or now, ends_at=body.ends_at, reason=body.reason, source=body.source,
        drain=timedelta(seconds=body.drain_seconds), now=now,
    )  # fmt: skip
    return Status(201, facts(made, now=now))


@router.post(
    "/maintenance/{int:window_id}/end",
    **told("endMaintenance", "End maintenance", permission="operation.steer schedule.read", response={204: None}, conflict=True),
)  # fmt: skip
def end_window(request: HttpRequest, window_id: int) -> object:
    """End one that goes on, or call off one that is to come. 409 when it is over already."""
    if not actions.end(asker(request), bounded(window_id), now=timezone.now()):
        return problem(409, "It is over already.")
    return Status(204, None)
