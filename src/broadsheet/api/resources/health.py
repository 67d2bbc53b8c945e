"""How schedules do, and whether the installation is well."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.operations.checks import MAY, check_for
from broadsheet.operations.health import LAST, Health, Spread, health

from ..authentication import asker
from ..telling import told

router = Router()


class QuantilesShape(Schema):
    """Spans in seconds; null where there is none."""

    p50: float | None
    p95: float | None
    trend: str = Field(description="worse or better lately; empty where neither is felt.")
    values: list[float | None] = Field(description="Of each run, from older to newer.")


class HealthShape(Schema):
    """How the last runs of a schedule went."""

    schedule: str
    runs: int = Field(description="How many are counted.")
    success: float | None = Field(description="The share that was accepted whole, of those that were to run.")
    outcomes: dict[str, int] = Field(description="Their number, by state.")
    lateness: QuantilesShape = Field(description="From when the first delivery was due to when it was handed over.")
    wait: QuantilesShape = Field(description="From the run's row to its begin.")
    duration: QuantilesShape = Field(description="From its begin to its end.")
    last_at: datetime | None


class Asked(Schema):
    schedule: str = Field("", max_length=100, description="Of this schedule alone.")
    last: int = Field(LAST, ge=1, le=200, description="So many runs of each.")


class FindingShape(Schema):
    check: str
    verdict: str = Field(description="ok, warn or bad.")
    message: str
    fix: str


def _seconds(one: timedelta | None) -> float | None:
    return None if one is None else round(one.total_seconds(), 3)


def spread_facts(one: Spread) -> dict[str, Any]:
    return {
        "p50": _seconds(one.p50), "p95": _seconds(one.p95), "trend": one.trend, "values": [_seconds(each) for each in one.values],
    }  # fmt: skip


def facts(one: Health) -> dict[str, Any]:
    return {
        "schedule": one.schedule.name, "runs": one.runs, "success": one.success, "outcomes": one.outcomes,
        "lateness": spread_facts(one.lateness), "wait": spread_facts(one.wait), "duration": spread_facts(one.duration),
        "last_at": one.last_at,
    }  # fmt: skip


@router.get(
    "/health",
    **told("listHealth", "See how schedules do", permission="delivery.read", response=list[HealthShape], missing=True),
)
def list_health(request: HttpRequest, asked: Query[Asked]) -> object:
    """Of those that ran, the ones in trouble first."""
    return [facts(one) for one in health(asker(request), schedule=asked.schedule, last=asked.last)]


@router.post("/checks", **told("runChecks", "Check the installation", permission=MAY, response=list[FindingShape]))
def run_checks(request: HttpRequest) -> object:
    """Database, clock, broker, processes, disk, store, formats, and the organization's sources and channels. Takes some
    seconds: sources and channels are asked."""
    found = check_for(asker(request), now=timezone.now())
    return [{"check": one.check, "verdict": one.verdict, "message": one.message, "fix": one.fix} for one in found]
