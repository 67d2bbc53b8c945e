"""The load to come: simulated, as it would be if, and spread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.core.planning import Spread, peak
from broadsheet.core.policy import Actor
from broadsheet.schedules import queries
from broadsheet.schedules.actions.spread_out import spread_out
from broadsheet.schedules.planning.foreseeing import MOST_DAYS, Foresight, Seen, WhatIf, foresee

from ..authentication import asker
from ..telling import told

router = Router()
MOST_WAITS = 100


class Asked(Schema):
    """What is asked to be otherwise; left out: as things are."""

    since: date | None = Field(None, description="The first day, on the organization's clock; by default today.")
    days: int = Field(7, ge=1, le=MOST_DAYS)
    add: dict[str, int] = Field({}, description="Schedules by name, and how many more like each.", examples=[{"buyers-monday": 20}])  # fmt: skip
    move: dict[str, int] = Field({}, description="Schedules by name, and how many minutes later each fires.")
    workers: int | None = Field(None, ge=1, le=10_000, description="Runs at once; null: as there are workers and limits for.")  # fmt: skip
    heavy: int | None = Field(None, ge=1, le=10_000, description="Heavy runs among them; null: as it is.")
    closed: list[date] = Field([], description="Days on which every calendar is closed besides.")
    spread: bool = Field(False, description="Floating schedules begin where the planner would put them.")


class Busiest(Schema):
    day: date
    hour: int


class TotalShape(Schema):
    """A simulation in figures."""

    runs: int
    busy_seconds: int
    most_at_once: int
    workers: int = Field(description="Runs that can go on at once.")
    waited: int = Field(description="Runs that would wait for a place.")
    longest_wait_seconds: int
    busiest: Busiest | None = Field(description="The hour with most work, on the organization's clock.")


class HourShape(Schema):
    """An hour in which anything would go on, on the organization's clock."""

    day: date
    hour: int
    runs: int = Field(description="That begin to be due in it.")
    busy_seconds: int = Field(description="Of all workers.")
    most_at_once: int
    longest_wait_seconds: int


class WaitShape(Schema):
    """A run that would wait."""

    schedule: str
    at: datetime
    waits_seconds: int


class SeenShape(TotalShape):
    hours: list[HourShape]
    waits: list[WaitShape] = Field(description=f"Those that would wait longest, {MOST_WAITS} at most.")


class LoadShape(Schema):
    """Only schedules that the asker may see are counted."""

    since: datetime
    until: datetime
    zone: str
    now: SeenShape = Field(description="As things are.")
    then: SeenShape | None = Field(description="As they would be; null where nothing is asked to be otherwise.")
    unread: list[str] = Field(description="Schedules whose rule cannot be read, and which are left out.")


class Spreading(Schema):
    dry_run: bool = Field(False, description="Say what would move, and move nothing.")


class MoveShape(Schema):
    """A floating schedule that begins elsewhere in its window."""

    schedule: str
    was_minutes: int = Field(description="After its firing.")
    now_minutes: int


class SpreadShape(Schema):
    peak_before: int = Field(description="Units at once, over the coming month: a light run is one, a heavy one two.")
    peak_after: int
    moves: list[MoveShape]


@router.post("/load", **told("simulateLoad", "Simulate", permission="schedule.read", response=LoadShape, missing=True))
def simulate_load(request: HttpRequest, body: Asked) -> object:
    """What all schedules would do over some days, who would wait how long, and how that would be otherwise. Nothing is
    kept."""
    return load_facts(seen_by(asker(request), body.model_dump()))


@router.post(
    "/load/spread",
    **told("spreadLoad", "Spread", permission="schedule.edit schedule.read", response=SpreadShape),
)
def spread_load(request: HttpRequest, body: Spreading) -> object:
    """Begins floating schedules where the planner proposes, so that fewer runs go on at once; those that the asker may
    change."""
    return spread_facts(spread_out(asker(request), now=timezone.now(), dry_run=body.dry_run))


def seen_by(actor: Actor, asked: Mapping[str, Any]) -> Foresight:
    """The simulation that *asked* describes, as `Asked` has it. Raises as `foresee`."""
    now = timezone.now()
    what_if = WhatIf(
        tuple(asked["add"].items()), asked["workers"], asked["heavy"], tuple(asked["move"].items()),
        tuple(asked["closed"]), asked["spread"],
    )  # fmt: skip
    since = asked["since"] or queries.today(actor, now=now)
    return foresee(actor, since=since, days=asked["days"], what_if=what_if, now=now)


def load_facts(found: Foresight) -> dict[str, Any]:
    return {
        "since": found.since.astimezone(UTC), "until": found.until.astimezone(UTC), "zone": found.zone,
        "now": _seen(found.now), "then": _seen(found.then) if found.then else None, "unread": list(found.unread),
    }  # fmt: skip


def spread_facts(found: Spread) -> dict[str, Any]:
    return {
        "peak_before": peak(found.before),
        "peak_after": peak(found.after),
        "moves": [
            {"schedule": one.key, "was_minutes": one.was // 60, "now_minutes": one.now // 60} for one in found.moves
        ],
    }


def _seen(one: Seen) -> dict[str, Any]:
    return {
        **one.facts(),
        "hours": [
            {
                "day": day, "hour": hour, "runs": cell.runs, "busy_seconds": round(cell.busy),
                "most_at_once": cell.most, "longest_wait_seconds": round(cell.waited),
            }
            for (day, hour), cell in sorted(one.cells.items())
        ],
        "waits": [
            {"schedule": ran.key, "at": datetime.fromtimestamp(ran.at, UTC), "waits_seconds": round(ran.waited)}
            for ran in one.waits[:MOST_WAITS]
        ],
    }  # fmt: skip
