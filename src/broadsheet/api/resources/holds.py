"""What is held, and deciding on it: hold, release and drop runs, and deliveries whose content looked wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.runs.actions import release as act
from broadsheet.runs.models import Occurrence

from ..authentication import asker
from ..paging import Asked
from ..telling import told
from .runs import RunShape, run_facts

router = Router()


class Why(Asked):
    why: str = Field(
        "", max_length=500, description="Goes into the journal.", examples=["Looked at: the month is short."]
    )


class Runs(Why):
    ids: list[UUID] = Field(min_length=1, max_length=1000, description="Runs by their id.")


class Deliveries(Why):
    ids: list[UUID] = Field(min_length=1, max_length=10_000, description="Deliveries by their id.")


class Decided(Schema):
    decided: int = Field(description="How many were released or dropped.")


def _one(run: Occurrence) -> dict[str, Any]:
    return run_facts([run])[0]


@router.post(
    "/runs/{uuid:run_id}/hold",
    **told("holdRun", "Hold a run", permission="schedule.run", response=RunShape, conflict=True),
)
def hold_run(request: HttpRequest, run_id: UUID, body: Why) -> object:
    """One that has not begun waits until somebody releases or drops it."""
    return _one(act.hold_run(asker(request), run_id, now=timezone.now(), why=body.why))


@router.post(
    "/runs/{uuid:run_id}/release",
    **told("releaseRun", "Release a held run", permission="schedule.run", response=RunShape, conflict=True),
)
def release_run(request: HttpRequest, run_id: UUID, body: Why) -> object:
    """It goes on, and what held it holds it no more; its deadline counts anew. 409 when it is not held."""
    return _one(act.release(asker(request), run_id, now=timezone.now(), why=body.why))


@router.post(
    "/runs/{uuid:run_id}/drop",
    **told("dropRun", "Drop a held run", permission="schedule.run", response=RunShape, conflict=True),
)
def drop_run(request: HttpRequest, run_id: UUID, body: Why) -> object:
    """It ends, and what was not sent is skipped. 409 when it is not held."""
    return _one(act.drop(asker(request), run_id, now=timezone.now(), why=body.why))


@router.post(
    "/runs/release",
    **told(
        "releaseRuns", "Release held runs", permission="schedule.run", response=Decided, conflict=True, missing=True
    ),
)
def release_runs(request: HttpRequest, body: Runs) -> object:
    """All of them, or none where one is not held."""
    return {"decided": act.release_many(asker(request), body.ids, now=timezone.now(), why=body.why)}


@router.post(
    "/runs/drop",
    **told("dropRuns", "Drop held runs", permission="schedule.run", response=Decided, conflict=True, missing=True),
)
def drop_runs(request: HttpRequest, body: Runs) -> object:
    """All of them, or none where one is not held."""
    return {"decided": act.drop_many(asker(request), body.ids, now=timezone.now(), why=body.why)}


@router.post(
    "/deliveries/release",
    **told(
        "releaseDeliveries", "Release held deliveries", permission="schedule.run", response=Decided, conflict=True,
        missing=True,
    ),
)  # fmt: skip
def release_deliveries(request: HttpRequest, body: Deliveries) -> object:
    """Exactly these go, or none where one is not held; their likes stay held."""
    return {"decided": act.release_deliveries(asker(request), body.ids, now=timezone.now(), why=body.why)}


@router.post(
    "/deliveries/drop",
    **told(
        "dropDeliveries", "Drop held deliveries", permission="schedule.run", response=Decided, conflict=True,
        missing=True,
    ),
)  # fmt: skip
def drop_deliveries(request: HttpRequest, body: Deliveries) -> object:
    """Exactly these are skipped, or none where one is not held."""
    return {"decided": act.drop_deliveries(asker(request), body.ids, now=timezone.now(), why=body.why)}
