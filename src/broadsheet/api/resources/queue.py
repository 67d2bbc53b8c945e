"""The queue: what is in work, what waits and why; and the processes that do it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from broadsheet.core.policy.roles import require
from broadsheet.runs.actions.reprioritize import MAY, set_priority, take_next
from broadsheet.runs.nodes import nodes
from broadsheet.runs.queue import Queued, in_plain_words, queue
from broadsheet.schedules.definition import PRIORITIES

from ..authentication import asker
from ..telling import told

router = Router()
LEVELS = {number: name for name, number in PRIORITIES.items()}


class QueuedShape(Schema):
    """A run that has not ended."""

    run: UUID
    schedule: str
    fire_at: datetime
    state: str
    priority: str = Field(description="highest, high, normal, low or lowest.")
    weight: str = Field(description="light or heavy.")
    why: str = Field(
        description="works, place, overlap, limit, installation, source, maintenance, wake, retry, condition, held, stop."
    )
    text: str = Field(description="The same in words.")
    at: datetime | None = Field(description="When that may change, where it is known.")


class QueueShape(Schema):
    """Every part in its order; the first 200 of each."""

    working: list[QueuedShape]
    waiting: list[QueuedShape] = Field(description="In the order in which they are taken.")
    sleeping: list[QueuedShape] = Field(description="By when they wake.")
    held: list[QueuedShape] = Field(description="A person releases or drops them.")
    numbers: dict[str, int] = Field(description="How many there are of each part.")
    depth: dict[str, int] = Field(description="How many wait, by priority.")


class NodeShape(Schema):
    """A process of the installation."""

    name: str
    kind: str = Field(description="all, web, scheduler or worker.")
    host: str
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime
    gone: bool = Field(description="Not seen for 90 seconds.")
    draining: bool = Field(description="It finishes what it has and takes nothing new.")
    places: int = Field(description="Runs at once, at most.")
    in_hand: int


class Priority(Schema):
    priority: Literal["highest", "high", "normal", "low", "lowest"]


def facts(one: Queued) -> dict[str, Any]:
    run = one.run
    return {
        "run": run.pk, "schedule": run.schedule.name, "fire_at": run.fire_at, "state": run.state,
        "priority": LEVELS[run.priority], "weight": run.weight, "why": one.why, "text": in_plain_words(one), "at": one.at,
    }  # fmt: skip


@router.get("/queue", **told("getQueue", "See the queue", permission="delivery.read", response=QueueShape))
def get_queue(request: HttpRequest) -> object:
    """Runs that have not ended, of the schedules that the asker may read."""
    found = queue(asker(request), now=timezone.now())
    parts = {name: [facts(one) for one in getattr(found, name)] for name in ("working", "waiting", "sleeping", "held")}
    return {**parts, "numbers": found.numbers, "depth": {LEVELS[key]: count for key, count in found.depth.items()}}


@router.post(
    "/runs/{uuid:run_id}/priority",
    **told("setPriority", "Raise or lower a run", permission="operation.steer delivery.read", response={204: None}),
)
def put_priority(request: HttpRequest, run_id: UUID, body: Priority) -> object:
    """For this run alone; the schedule's own priority stays."""
    set_priority(asker(request), run_id, body.priority, now=timezone.now())
    return Status(204, None)


@router.post(
    "/runs/{uuid:run_id}/next",
    **told("takeNext", "Take a run next", permission="operation.steer delivery.read", response={204: None}),
)
def put_next(request: HttpRequest, run_id: UUID) -> object:
    """Before all others of the organization, and at once where it slept until a retry."""
    take_next(asker(request), run_id, now=timezone.now())
    return Status(204, None)


@router.get("/nodes", **told("listNodes", "List processes", permission=MAY, response=list[NodeShape]))
def list_nodes(request: HttpRequest) -> object:
    """Those that are there, and those that went without a word since yesterday."""
    require(asker(request), MAY)
    return [
        {
            "name": one.node.name, "kind": one.node.kind, "host": one.node.host, "pid": one.node.pid,
            "version": one.node.version, "started_at": one.node.started_at, "seen_at": one.node.seen_at, "gone": one.gone,
            "draining": one.node.draining, "places": one.node.places, "in_hand": one.in_hand,
        }
        for one in nodes()
    ]  # fmt: skip
