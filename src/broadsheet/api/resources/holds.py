"""What is held, and deciding on it: hold, release and drop runs, and deliveries whose content looked wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.runs.actions import release as act
from broadsheet.runs.actions.decide import Verdict, decide
from broadsheet.runs.held import held_runs, what_goes
from broadsheet.runs.models import Occurrence

from ..authentication import asker
from ..paging import Asked
from ..telling import told
from .runs import RunShape, run_facts

router = Router()
MOST = 200  # held runs in one answer


class Why(Asked):
    why: str = Field(
        "", max_length=500, description="Goes into the journal.", examples=["Looked at: the month is short."]
    )


class Runs(Why):
    ids: list[UUID] = Field(min_length=1, max_length=1000, description="Runs by their id.")


class Deliveries(Why):
    ids: list[UUID] = Field(min_length=1, max_length=10_000, description="Deliveries by their id.")


class Decided(Schema):
    decided: int = Field(
        description="How many were released or dropped: runs, and deliveries of runs that go on otherwise."
    )


class HeldShape(RunShape):
    """A run that is held, or of which deliveries are, and what would go out of it."""

    held_for: str = Field(description="hand, content, quarantine or restored; empty where only deliveries are held.")
    held_reason: str
    held_at: datetime | None
    held_deliveries: int
    goes: dict[str, int] = Field(
        description="What would go out when it is released, by channel.", examples=[{"Mail": 40}]
    )
    foreseen: bool = Field(description="Its audience was not read yet, so `goes` is what the last run had.")
    unsure: int = Field(description="Deliveries that may have arrived; they do not go again.")
    late: bool = Field(description="Its deadline has passed; a released run gets a new one.")


@router.get("/holds", **told("listHolds", "List what is held", permission="delivery.read", response=list[HeldShape]))
def list_holds(request: HttpRequest) -> object:
    """The longest held first, with what would go out of each; at most 200."""
    actor, now = asker(request), timezone.now()
    keys = list(held_runs(actor).values_list("pk", flat=True)[:MOST])
    found = what_goes(actor, runs_of=keys, deliveries=(), now=now)
    facts = {one["run"]: one for one in run_facts([one.run for one in found])}
    return [
        {
            **facts[one.run.pk], "held_for": one.run.held_for, "held_reason": one.run.held_reason, "held_at": one.run.held_at,
            "held_deliveries": one.run.waiting, "goes": one.deliveries, "foreseen": one.foreseen, "unsure": one.unsure,  # type: ignore[attr-defined]
            "late": one.late,
        }
        for one in found
    ]  # fmt: skip


def _one(run: Occurrence) -> dict[str, Any]:
    return run_facts([run])[0]


def _decided(request: HttpRequest, verdict: Verdict, keys: list[UUID], why: str) -> int:
    done = decide(asker(request), verdict, runs=keys, now=timezone.now(), why=why)
    return done.runs + done.deliveries


def _decided_one(request: HttpRequest, verdict: Verdict, key: UUID, why: str) -> dict[str, Any]:
    """The run as it is then: who may decide on it may see that."""
    _decided(request, verdict, [key], why)
    return _one(Occurrence.objects.select_related("schedule__report", "report_version").get(pk=key))


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
    """It goes on, and what held it holds it no more; its deadline counts anew. Where only deliveries of it are held, they go.
    409 when nothing of it is held."""
    return _decided_one(request, "release", run_id, body.why)


@router.post(
    "/runs/{uuid:run_id}/drop",
    **told("dropRun", "Drop a held run", permission="schedule.run", response=RunShape, conflict=True),
)
def drop_run(request: HttpRequest, run_id: UUID, body: Why) -> object:
    """It ends, and what was not sent is skipped. Where only deliveries of it are held, they are. 409 when nothing of it is
    held."""
    return _decided_one(request, "drop", run_id, body.why)


@router.post(
    "/runs/release",
    **told(
        "releaseRuns", "Release held runs", permission="schedule.run", response=Decided, conflict=True, missing=True
    ),
)
def release_runs(request: HttpRequest, body: Runs) -> object:
    """All of them, or none where nothing of one is held; of a run that goes on otherwise its held deliveries go."""
    return {"decided": _decided(request, "release", body.ids, body.why)}


@router.post(
    "/runs/drop",
    **told("dropRuns", "Drop held runs", permission="schedule.run", response=Decided, conflict=True, missing=True),
)
def drop_runs(request: HttpRequest, body: Runs) -> object:
    """All of them, or none where nothing of one is held; of a run that goes on otherwise its held deliveries are skipped."""
    return {"decided": _decided(request, "drop", body.ids, body.why)}


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
