"""What persons chose for single firings of a schedule: left out, held, or moved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.schedules import queries
from broadsheet.schedules.actions import override as act
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import overrides_from

from ..authentication import asker
from ..paging import Asked, Instant
from ..telling import told

router = Router()


class OverrideShape(Schema):
    """What was chosen for one firing to come."""

    what: str = Field(description="skip: left out; hold: its run waits for a person; move: it comes at another time.")
    fire_at: datetime = Field(description="Its instant by the rule.")
    to: datetime | None = Field(description="Where it was moved to; null: nowhere.")
    by: str
    at: datetime = Field(description="When that was chosen.")
    why: str


class Named(Asked):
    at: Instant | None = Field(None, description="The firing: its time, or the one by its rule. By default the next.")


class Chosen(Named):
    why: str = Field("", max_length=500, description="Stands with its run, and in the journal.")


class Moved(Chosen):
    to: Instant = Field(description="When it comes instead, and what its periods count from.")


def _facts(schedule: Schedule) -> list[dict[str, Any]]:
    return [
        {"what": one.kind, "fire_at": one.fire_at, "to": one.to, "by": one.by, "at": one.at, "why": one.why}
        for one in overrides_from(schedule.overrides)
    ]


NEEDS = "schedule.edit schedule.read"


@router.get(
    "/schedules/{slug:name}/overrides",
    **told("listOverrides", "Chosen for single firings", permission="schedule.read", response=list[OverrideShape]),
)
def list_overrides(request: HttpRequest, name: str) -> object:
    """What persons chose for firings to come, by their time; what is over is with the runs."""
    return _facts(queries.schedule(asker(request), name))


@router.post(
    "/schedules/{slug:name}/skip",
    **told("skipFiring", "Leave out a firing", permission=NEEDS, response=list[OverrideShape], conflict=True),
)
def skip(request: HttpRequest, name: str, body: Chosen) -> object:
    """When its time comes it is written as skipped, with who chose so and why. 409 where it does not fire then."""
    return _facts(act.skip(asker(request), name, at=body.at, why=body.why, now=timezone.now()))


@router.post(
    "/schedules/{slug:name}/hold",
    **told("holdFiring", "Hold a firing", permission=NEEDS, response=list[OverrideShape], conflict=True),
)
def hold(request: HttpRequest, name: str, body: Chosen) -> object:
    """Its run is written at its time, and begins when somebody releases it. 409 where it does not fire then."""
    return _facts(act.hold(asker(request), name, at=body.at, why=body.why, now=timezone.now()))


@router.post(
    "/schedules/{slug:name}/move",
    **told("moveFiring", "Move a firing", permission=NEEDS, response=list[OverrideShape], conflict=True),
)
def move(request: HttpRequest, name: str, body: Moved) -> object:
    """This one alone comes at another time. 409 where it does not fire then, or fires at the new time already."""
    return _facts(act.move(asker(request), name, at=body.at, to=body.to, why=body.why, now=timezone.now()))


@router.post(
    "/schedules/{slug:name}/undo",
    **told("undoOverride", "Take back what was chosen", permission=NEEDS, response=list[OverrideShape], conflict=True),
)
def undo(request: HttpRequest, name: str, body: Named) -> object:
    """The firing comes as its rule says again. By default the first for which something was chosen."""
    return _facts(act.undo(asker(request), name, at=body.at, now=timezone.now()))
