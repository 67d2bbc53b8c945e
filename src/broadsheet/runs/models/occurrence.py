"""One firing of a schedule: a row under a unique key, written before any work is done for it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from broadsheet.core.lifecycle import OCCURRENCE
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.lifecycle.ageing import turn_at
from broadsheet.core.lifecycle.spans import overlap

from .backfill import ME
from .stateful import Machines, Stateful


class TurnField(models.DateTimeField):  # type: ignore[type-arg]
    """The place in the queue, taken when the row is written: by `core.lifecycle.ageing`, from then on."""

    def pre_save(self, model_instance: models.Model, add: bool) -> datetime | None:
        if add and getattr(model_instance, self.attname) is None:
            created, priority = (getattr(model_instance, name) for name in ("created_at", "priority"))
            setattr(model_instance, self.attname, turn_at(created, priority=priority))
        found: datetime | None = getattr(model_instance, self.attname)
        return found


class Occurrence(Stateful):
    """``kind``: scheduled, manual or test. ``reason`` says why it fired then, or why it did not run. ``wall`` is what each
    recipient's own clock shows when they get it, as `schedules.firing.wall_of` writes it; empty where ``fire_at`` is
    everybody's.

    ``given`` are parameters that a person set for this run alone. The versions and ``as_of`` (the data cut-off) are
    fixed when it is planned, so that a run that goes on after a crash makes what it would have made.
    The lease: ``owner`` holds it until ``lease_until`` on the database's clock; ``fence`` grows with every claim, and a
    claimant whose fence is not the row's has lost it. ``wake_at`` is when there is something to do again: a retry.
    ``tries`` counts those that failed since it last got on, ``deaths`` the processes that died over it. ``begun_at`` is
    when it was first claimed, ``rung_at`` when workers were last told of it.

    ``priority`` is from 1 (first) to 5, ``turn_at`` the place in the queue that follows from it, ``weight`` light or heavy. ``held_for`` says what holds it, as
    `runs.holding` names it, ``held_reason`` why, in a sentence; ``let_go_at`` when a person let the last hold of the whole run go; ``waived`` are the kinds of holds that a person has let pass for this run.
    ``findings`` are what checks of its content found over all, ``newest`` the newest moment in each dataset, ISO, when it
    was asked. ``moved_from`` is the firing of the rule that a person moved to ``fire_at``; ``backfill`` what it is part of.
    """

    MACHINES: ClassVar[Machines] = {"state": OCCURRENCE}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    schedule = models.ForeignKey("schedules.Schedule", on_delete=models.CASCADE, related_name="occurrences")
    fire_at = models.DateTimeField()
    wall = models.CharField(max_length=19, blank=True)
    kind = models.CharField(max_length=16, default="scheduled")
    state = models.CharField(max_length=16, default=State.DUE)
    reason = models.TextField(blank=True)
    error = models.TextField(blank=True)
    requested_by = models.CharField(max_length=200, blank=True)
    given = models.JSONField(default=dict)
    definition = models.JSONField(default=dict)
    schedule_version = models.PositiveIntegerField(default=1)
    report_version = models.ForeignKey("reports.ReportVersion", null=True, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField(null=True)
    invalid = models.JSONField(default=list)
    created_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)
    wake_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    priority = models.PositiveSmallIntegerField(default=3)
    turn_at = TurnField(null=True)
    weight = models.CharField(max_length=8, default="light")
    held_for = models.CharField(max_length=16, blank=True)
    held_reason = models.TextField(blank=True)
    held_at = models.DateTimeField(null=True)
    let_go_at = models.DateTimeField(null=True)
    waived = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    newest = models.JSONField(default=dict)
    moved_from = models.DateTimeField(null=True)
    backfill = models.ForeignKey("runs.Backfill", null=True, on_delete=models.PROTECT, related_name="occurrences")
    stop_asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "fire_at"],
                condition=models.Q(backfill__isnull=True),
                name="one_occurrence_of_a_firing",
            ),
            models.UniqueConstraint(fields=["backfill", "fire_at"], name="one_occurrence_of_a_backfill"),
            models.UniqueConstraint(
                fields=["schedule", "wall"], condition=~models.Q(wall=""), name="one_occurrence_of_a_wall_time"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-fire_at"], name="occurrence_newest"),
            models.Index(fields=["organization", "finished_at"], name="occurrence_ended"),
            models.Index(fields=["schedule", "-fire_at"], name="occurrence_of_schedule"),
            models.Index(
                fields=["schedule"],
                name="occurrence_in_work",
                condition=models.Q(state=State.RUNNING, finished_at__isnull=True),
            ),
            models.Index(
                fields=["turn_at", "fire_at", "id"],
                name="occurrence_turns",
                condition=models.Q(finished_at__isnull=True),
            ),
        ]

    def held_within(self, since: datetime, until: datetime) -> timedelta:
        """How long of that time all of the run was held: its last hold, which no work of it lasted through."""
        end = until if self.state == State.HELD else self.let_go_at
        return overlap(self.held_at, end, since, until) if self.held_at and end else timedelta()

    def made_in(self) -> timedelta | None:
        """How long its files took, without the time that it was held; None until all are made."""
        if self.planned_at is None or self.made_at is None:
            return None
        return self.made_at - self.planned_at - self.held_within(self.planned_at, self.made_at)

    @property
    def goes_to_asker(self) -> bool:
        """Whether who asked for it gets what it makes, and nobody else: a test, or a backfill that was asked for so."""
        return self.kind == "test" or (self.backfill is not None and self.backfill.sending == ME)

    def __str__(self) -> str:
        return f"{self.schedule_id} at {self.fire_at:%Y-%m-%d %H:%M}"
