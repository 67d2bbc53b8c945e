"""Conditions of schedules: where they stand, what they said, what they say now; and runs that go without waiting."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from broadsheet.runs import queries as runs
from broadsheet.runs.actions.go_ahead import go_ahead
from broadsheet.schedules import queries
from broadsheet.schedules.actions.ask_conditions import conditions_now
from broadsheet.schedules.conditions.queries import evaluation_of, standing, wait_of

from ..authentication import asker
from ..telling import told
from .runs import RunShape, run_facts

router = Router()


class EvaluationShape(Schema):
    """What the condition said of one run."""

    run: UUID
    fire_at: datetime
    at: datetime = Field(description="When it was asked.")
    value: float | None = Field(description="The figure; null also for who may not see it.")
    status: str = Field(description="ok, firing, no_data or error.")
    verdict: str = Field(description="fire or skip.")
    because: str = Field(description="met, not_met, in_a_row, cooling, still, no_data or error.")
    reason: str


class ConditionStanding(Schema):
    """Where the condition of a schedule stands."""

    status: str = Field(description="ok, firing, no_data or error.")
    since: datetime | None = Field(description="Null: it was never evaluated.")
    in_a_row: int = Field(description="So many evaluations found it so without a break.")
    fired_at: datetime | None = Field(description="The last firing that it let go on.")
    figures: bool = Field(description="Whether the asker may see the figures.")
    evaluations: list[EvaluationShape] = Field(description="The newest thirty, newest first.")


class ConditionsShape(Schema):
    ready: dict[str, Any] | None = Field(description="As the definition has it; null: it waits for nothing.")
    only_if: dict[str, Any] | None = Field(description="As the definition has it; null: it depends on no figure.")
    standing: ConditionStanding | None


class ProbeShape(Schema):
    holds: bool
    text: str


class PointShape(Schema):
    start: date = Field(description="The first day of its period.")
    value: float | None


class FigureNow(Schema):
    verdict: str = Field(description="fire, skip or retry.")
    because: str
    reason: str
    value: float | None
    series: list[PointShape] = Field(description="Up to thirty values, oldest first.")


class NowShape(Schema):
    """What the conditions of a firing would say now."""

    fire_at: datetime
    asked_at: datetime
    would_fire: bool
    ready: list[ProbeShape] = Field(description="Each probe; empty: it waits for nothing.")
    broken: str = Field(description="Why a probe cannot be asked at all.")
    otherwise: str = Field(description="wait, stale, skip or alert: what becomes of a run whose data does not come.")
    only_if: FigureNow | None


class WaitShape(Schema):
    """What a run waits, or waited, for."""

    since: datetime
    until: datetime = Field(description="When it is decided without the data.")
    looked_at: datetime
    looks: int
    lacking: list[str] = Field(description="What was not there at the last look.")
    outcome: str = Field(description="waiting, ready, stale (sent, and marked), skipped or alerted.")
    data_to: datetime | None


class RunConditions(Schema):
    wait: WaitShape | None
    evaluation: EvaluationShape | None


@router.get(
    "/schedules/{slug:name}/conditions",
    **told("getConditions", "Conditions", permission="schedule.read", response=ConditionsShape),
)
def get_conditions(request: HttpRequest, name: str) -> object:
    """What the schedule waits for and depends on, where that stands, and what it said of its last firings."""
    actor = asker(request)
    schedule = queries.schedule(actor, name)
    return {
        "ready": schedule.definition.get("ready"), "only_if": schedule.definition.get("only_if"),
        "standing": standing(actor, schedule, queries.definition_of(schedule)),
    }  # fmt: skip


@router.post(
    "/schedules/{slug:name}/conditions/check",
    **told("checkConditions", "Ask the conditions now", permission="schedule.run schedule.read", response=NowShape),
)
def check_conditions(request: HttpRequest, name: str) -> object:
    """Whether a firing would go on with the data of now. Nothing is kept or sent."""
    return conditions_now(asker(request), name, now=timezone.now()).facts()


@router.get(
    "/runs/{uuid:run_id}/conditions",
    **told("getRunConditions", "What a run waits for", permission="delivery.read", response=RunConditions),
)
def run_conditions(request: HttpRequest, run_id: UUID) -> object:
    """What the run waits or waited for, and what the schedule's condition said of it; null where there was none."""
    actor = asker(request)
    found = runs.run(actor, run_id)
    definition = queries.definition_of(found.schedule)
    return {"wait": wait_of(found.pk), "evaluation": evaluation_of(actor, found.pk, definition)}


@router.post(
    "/runs/{uuid:run_id}/go-ahead",
    **told("goAhead", "Go without waiting", permission="schedule.run", response={202: RunShape}, conflict=True),
)
def go_without(request: HttpRequest, run_id: UUID) -> Status[dict[str, Any]]:
    """A run that waits for its data goes on without it; what it sends says that the data is older than it should be."""
    made = go_ahead(asker(request), run_id, now=timezone.now())
    return Status(202, run_facts([made])[0])
