"""Schedules: what they say, when they fire, and steering them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.access.queries import address_of
from broadsheet.runs.actions.dry_run import dry_run
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.actions.run_test import run_test
from broadsheet.schedules import queries
from broadsheet.schedules.actions.remove import remove
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.actions.steer import pause, resume, skip_next
from broadsheet.schedules.actions.take_over import take_over
from broadsheet.schedules.firing import left_out_at
from broadsheet.schedules.models import Schedule

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Asked, Instant, Page, Paging, page
from ..telling import told
from .conditions import NowShape
from .deliveries import RecipientShape
from .recurrence import FiringShape, Language, firing_facts
from .runs import InvalidRow, RunShape, run_facts
from .sources import BY_NAME

router = Router()


class ScheduleShape(Schema):
    """A report with a rule, an audience and channels."""

    name: str = Field(examples=["buyers-monday"])
    title: str
    report: str
    rule: str = Field(description="When it fires, in words.", examples=["every week on Monday at 08:00, New York time"])
    owner: str | None = Field(description="Name of the person it belongs to.")
    version: int
    paused_at: datetime | None = Field(description="Null: it fires.")
    next_fire_at: datetime | None = Field(description="Null: paused, or it never fires again.")
    skip_at: datetime | None = Field(description="A firing that somebody chose to leave out.")
    updated_at: datetime


class ScheduleWhole(ScheduleShape):
    definition: dict[str, Any] = Field(description="As a definition file has it, without the name.")


class Spoken(Schema):
    language: Language = Field("en", description="Of rules and reasons.")


class Upcoming(Spoken):
    after: Instant | None = Field(None, description="Firings after this instant; by default after now.")
    count: int = Field(10, ge=1, le=500)


class Skipping(Asked):
    undo: bool = Field(False, description="Take the skip back.")


class RunRequest(Asked):
    """A run by hand."""

    at: Instant | None = Field(
        None, description="The instant that periods such as “last month” are counted from, and the run's key: asking "
        "twice for one instant gives one run. By default now."
    )  # fmt: skip
    given: dict[str, str] = Field({}, alias="with", description="Parameters for this run alone.", examples=[{"period": "last week"}])  # fmt: skip


def facts(one: Schedule, *, language: str = "en") -> dict[str, Any]:
    return {
        "name": one.name, "title": one.title, "report": one.report.name,
        "rule": queries.words_of(one, language),
        "owner": str(one.owner) if one.owner else None, "version": one.version, "paused_at": one.paused_at,
        "next_fire_at": one.next_fire_at, "skip_at": left_out_at(one), "updated_at": one.updated_at,
    }  # fmt: skip


@router.get(
    "/schedules", **told("listSchedules", "List schedules", permission="schedule.read", response=Page[ScheduleShape])
)
def list_schedules(request: HttpRequest, paging: Query[Paging], spoken: Query[Spoken]) -> object:
    """Schedules by name, each with its next firing."""
    return page(
        queries.schedules(asker(request)), paging, order=BY_NAME, shape=partial(facts, language=spoken.language)
    )


@router.get(
    "/schedules/{slug:name}",
    **told("getSchedule", "Get a schedule", permission="schedule.read", response=ScheduleWhole),
)
def get_schedule(request: HttpRequest, name: str, spoken: Query[Spoken]) -> object:
    """One schedule with its definition."""
    found = queries.schedule(asker(request), name)
    return {**facts(found, language=spoken.language), "definition": found.definition}


@router.put(
    "/schedules/{slug:name}", **told("putSchedule", "Define a schedule", permission="schedule.edit", response=Kept)
)
def put_schedule(request: HttpRequest, name: str, body: Definition) -> object:
    """Adds it, or makes it what the definition says. Its next firing is counted from now."""
    effect = save_schedule(asker(request), loaded("schedule", name, body), now=timezone.now())
    return {"kind": "schedule", "name": name, "effect": effect}


@router.delete(
    "/schedules/{slug:name}",
    **told(
        "removeSchedule",
        "Remove a schedule",
        permission="schedule.edit schedule.read",
        response={204: None},
        conflict=True,
    ),
)
def delete_schedule(request: HttpRequest, name: str) -> Status[None]:
    """Only one that never ran: what was sent stays accounted for. Pause the others."""
    remove(asker(request), name, now=timezone.now())
    return Status(204, None)


@router.post(
    "/schedules/{slug:name}/pause",
    **told("pauseSchedule", "Pause", permission="schedule.edit schedule.read", response=ScheduleShape),
)
def pause_schedule(request: HttpRequest, name: str) -> object:
    """Nothing fires until it is resumed; firings that pass meanwhile are not made up for."""
    return facts(pause(asker(request), name, now=timezone.now()))


@router.post(
    "/schedules/{slug:name}/resume",
    **told("resumeSchedule", "Resume", permission="schedule.edit schedule.read", response=ScheduleShape),
)
def resume_schedule(request: HttpRequest, name: str) -> object:
    """It fires again, from now on."""
    return facts(resume(asker(request), name, now=timezone.now()))


@router.post(
    "/schedules/{slug:name}/take-over",
    **told(
        "takeOverSchedule", "Take over", permission="schedule.edit schedule.read", response=ScheduleShape, conflict=True
    ),
)
def take_over_schedule(request: HttpRequest, name: str) -> object:
    """The asker owns it from now on. Whether it is paused stays as it is."""
    return facts(take_over(asker(request), name, now=timezone.now()))


@router.post(
    "/schedules/{slug:name}/skip-next",
    **told(
        "skipNextFiring",
        "Skip the next firing",
        permission="schedule.edit schedule.read",
        response=ScheduleShape,
        conflict=True,
    ),
)
def skip(request: HttpRequest, name: str, body: Skipping) -> object:
    """When its time comes it is written as skipped, with who chose so. `undo` takes that back."""
    return facts(skip_next(asker(request), name, now=timezone.now(), undo=body.undo))


@router.get(
    "/schedules/{slug:name}/upcoming",
    **told("listUpcomingFirings", "Upcoming firings", permission="schedule.read", response=list[FiringShape]),
)
def upcoming(request: HttpRequest, name: str, asked: Query[Upcoming]) -> object:
    """The next firings by the rule, each with its reason; a pause or skip does not change what the rule says."""
    schedule = queries.schedule(asker(request), name)
    return [
        firing_facts(one, language=asked.language)
        for one in queries.coming(schedule, after=asked.after or timezone.now(), limit=asked.count)
    ]


class RehearsedShape(Schema):
    """A delivery as it would be."""

    recipient: RecipientShape
    channel: str
    formats: list[str]
    state: str = Field(description="due: it would be sent; suppressed, skipped or failed: it would not.")
    reason: str
    due_at: datetime | None = Field(description="When it would leave; null: with the run.")
    rows: int = Field(description="Lines of data that the recipient would see, over all that the report asks.")


class DryRunShape(Schema):
    """What the next firing would do."""

    fire_at: datetime
    reason: str = Field(description="Why it fires then.")
    as_of: datetime = Field(description="The cut-off of the data.")
    report_version: int
    slices: int
    files: int
    states: dict[str, int] = Field(description="How many deliveries would begin in each state.")
    empty: int = Field(description="How many recipients would see no row.")
    deliveries: list[RehearsedShape]
    invalid: list[InvalidRow] = Field(description="Rows of the audience that would get nothing.")
    conditions: NowShape | None = Field(description="What its conditions say now; null: it has none.")


@router.post(
    "/schedules/{slug:name}/dry-run",
    **told("rehearseSchedule", "Dry run", permission="schedule.run delivery.read schedule.read", response=DryRunShape),
)
def rehearse(request: HttpRequest, name: str) -> object:
    """What its next firing would do with the data of now, to whom, with how many rows. Nothing is kept or sent."""
    return dry_run(asker(request), name, now=timezone.now()).facts()


class TestRequest(Schema):
    recipient: str = Field("", description="Key or address of whose report to send; empty: the first of the audience.")


@router.post(
    "/schedules/{slug:name}/test",
    **told("testSchedule", "Send a test", permission="schedule.run data.all schedule.read", response={202: RunShape}),
)
def test(request: HttpRequest, name: str, body: TestRequest) -> Status[dict[str, Any]]:
    """Sends what one recipient would get now to the token's owner alone; folders and webhooks get nothing."""
    actor = asker(request)
    made = run_test(actor, name, recipient=body.recipient, address=address_of(actor), now=timezone.now())
    return Status(202, run_facts([made])[0])


@router.post(
    "/schedules/{slug:name}/run",
    **told("runSchedule", "Run now", permission="schedule.run schedule.read", response={202: RunShape}),
)
def run(request: HttpRequest, name: str, body: RunRequest) -> Status[dict[str, Any]]:
    """Asks for a run by hand and answers at once; look at the run for how it goes."""
    made = run_now(asker(request), name, now=timezone.now(), at=body.at, given=body.given)
    return Status(202, run_facts([made])[0])
