"""Runs: every firing of every schedule, those that did not run among them, and how each ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.delivery.actions.resend import resend_failed
from broadsheet.delivery.queries import counts
from broadsheet.runs import queries
from broadsheet.runs.actions.run_now import stop
from broadsheet.runs.models import Occurrence, SliceFile
from broadsheet.runs.progress import Part, Progress, progress_of
from broadsheet.runs.used import used_by

from ..authentication import asker
from ..paging import Instant, Order, Page, Paging, instant, page
from ..problems import problem
from ..telling import told
from ..waiting import LONGEST, wait_until

router = Router()


class RunShape(Schema):
    """One firing of a schedule."""

    run: UUID = Field(description="Its id.")
    schedule: str
    fire_at: datetime
    wall: str = Field(
        description="What each recipient's own clock shows when they get it, without a zone; empty where all get it at once.",
        examples=["2026-11-30T08:00:00"],
    )
    kind: str = Field(description="scheduled, event, call, milestone, manual or test.")
    state: str = Field(
        description="due, waiting, held, running; accepted, partial, failed, unconfirmed, suppressed, skipped, missed or expired."
    )
    reason: str = Field(description="Why it fired then, or why it did not run.")
    error: str
    requested_by: str
    deliveries: dict[str, int] = Field(description="Their number, by state.", examples=[{"accepted": 39, "failed": 1}])
    created_at: datetime
    finished_at: datetime | None


class InvalidRow(Schema):
    """A row of the audience that nothing could be sent to."""

    row: int
    who: str
    message: str
    fix: str


class UsedShape(Schema):
    """What a run used, beside what its schedule's `policies.limits` bound."""

    queries: int = Field(description="Asked, or answered from what was kept.")
    rows: int = Field(description="That its queries gave, in sum.")
    bytes: int
    seconds: float = Field(description="On the clock, from its first query to its last drawing.")
    cpu_seconds: float = Field(description="Of processor time for drawing, over all slices.")
    peak_megabytes: float = Field(description="Memory of the slice that took the most; 0 where it was not measured.")


class PartShape(Schema):
    done: int
    total: int
    a_second: float | None = Field(description="How many a second lately; null where too few are done to say.")


class ProgressShape(Schema):
    """How far it is."""

    stage: str = Field(description="waits, reads (its audience), makes, sends, sleeps, held or ended.")
    slices: PartShape
    deliveries: PartShape
    seconds_left: float | None = Field(description="Null where that is not known.")


class RunWhole(RunShape):
    progress: ProgressShape
    given: dict[str, str] = Field(serialization_alias="with", description="Parameters for this run alone.")
    report_version: int | None
    as_of: datetime | None = Field(description="The cut-off of its data.")
    slices: int = Field(description="Groups of recipients who may see the same, each made once.")
    artifacts: int = Field(description="Files made.")
    held_for: str = Field(description="What holds it: hand, content, quarantine or restored; empty: nothing does.")
    held_reason: str = Field(description="Why, in a sentence.")
    held_at: datetime | None = Field(description="When it, or the first of its deliveries, was held last.")
    waived: list[str] = Field(description="The kinds of holds that a person has let pass for it.")
    findings: list[dict[str, Any]] = Field(
        description="What checks found over all of it: check, do (hold or warn), figures, and text, a sentence."
    )
    moved_from: datetime | None = Field(description="The firing of its rule that a person moved; null: none did.")
    backfill: UUID | None = Field(description="The backfill that it is part of.")
    invalid: list[InvalidRow]
    used: UsedShape | None = Field(None, description="None before anything was made.")


class RunFilters(Schema):
    schedule: str = Field("", max_length=100, description="Of this schedule alone.")
    since: Instant | None = Field(None, description="Fired at this instant or later.")


class Waiting(Schema):
    wait: float = Field(0, ge=0, le=LONGEST, description="Seconds to wait for the end of a run that goes on.")


class Due(Schema):
    due: int = Field(description="So many are due again.")


def run_facts(runs: Sequence[Occurrence]) -> list[dict[str, Any]]:
    """The shapes of *runs*, with one query for the numbers of all of them."""
    numbers = counts([one.pk for one in runs])
    return [
        {
            "run": one.pk, "schedule": one.schedule.name, "fire_at": one.fire_at, "wall": one.wall, "kind": one.kind,
            "state": one.state, "reason": one.reason, "error": one.error, "requested_by": one.requested_by,
            "deliveries": numbers.get(one.pk, {}), "created_at": one.created_at, "finished_at": one.finished_at,
        }
        for one in runs
    ]  # fmt: skip


def progress_facts(found: Progress) -> dict[str, Any]:
    def part(one: Part) -> dict[str, Any]:
        return {"done": one.done, "total": one.total, "a_second": round(one.rate, 3) if one.rate else None}

    left = round(found.left.total_seconds(), 1) if found.left is not None else None
    return {
        "stage": found.stage,
        "slices": part(found.slices),
        "deliveries": part(found.deliveries),
        "seconds_left": left,
    }


@router.get("/runs", **told("listRuns", "List runs", permission="delivery.read", response=Page[RunShape]))
def list_runs(request: HttpRequest, paging: Query[Paging], filters: Query[RunFilters]) -> object:
    """The newest firing first."""
    order = (
        Order("fire_at", descending=True, read=instant), Order("created_at", descending=True, read=instant),
        Order("pk", descending=True, read=UUID),
    )  # fmt: skip
    found = queries.runs(asker(request), schedule=filters.schedule, since=filters.since)
    part = page(found, paging, order=order, shape=lambda one: one)
    return {**part, "items": run_facts(part["items"])}  # type: ignore[arg-type]


@router.get(
    "/runs/{uuid:run_id}",
    **told("getRun", "Get a run", permission="delivery.read", response=RunWhole),
)
def get_run(request: HttpRequest, run_id: UUID, waiting: Query[Waiting]) -> object:
    """One run: its state, the numbers of its deliveries, slices and files, and the rows that were not valid. With `wait` the
    answer comes when the run has ended, or after so many seconds; look at `finished_at`."""
    actor = asker(request)
    one = queries.run(actor, run_id)
    if waiting.wait and one.finished_at is None:
        ended = Occurrence.objects.filter(pk=one.pk, finished_at__isnull=False)
        wait_until(ended.exists, seconds=waiting.wait)
        one = queries.run(actor, run_id)
    files = SliceFile.objects.filter(slice__occurrence=one).exclude(format="mail")
    return {
        **run_facts([one])[0],
        "progress": progress_facts(progress_of(one, now=timezone.now())),
        "given": one.given,
        "report_version": one.report_version.number if one.report_version else None,
        "as_of": one.as_of,
        "slices": one.slices.count(),
        "artifacts": files.values("artifact").distinct().count(),
        "held_for": one.held_for,
        "held_reason": one.held_reason,
        "held_at": one.held_at,
        "waived": one.waived,
        "findings": one.findings,
        "moved_from": one.moved_from,
        "backfill": one.backfill_id,
        "invalid": one.invalid,
        "used": None if (used := used_by(one)) is None else asdict(used),
    }


@router.post(
    "/runs/{uuid:run_id}/stop",
    **told("stopRun", "Stop a run", permission="schedule.run", response={204: None}, conflict=True),
)
def stop_run(request: HttpRequest, run_id: UUID) -> object:
    """What was not sent yet is skipped. 409 when the run has ended already."""
    if not stop(asker(request), run_id, now=timezone.now()):
        return problem(409, "The run has ended already.")
    return Status(204, None)


@router.post(
    "/runs/{uuid:run_id}/resend-failed",
    **told("resendFailed", "Resend what failed", permission="delivery.resend", response=Due, conflict=True),
)
def resend(request: HttpRequest, run_id: UUID) -> object:
    """All deliveries of the run that failed or expired become due again, and none that may have arrived."""
    return {"due": resend_failed(asker(request), run_id, now=timezone.now())}
