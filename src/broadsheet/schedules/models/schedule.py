"""A report paired with a rule, an audience and channels."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from .override import overrides_from


class Schedule(models.Model):
    """``definition`` is what `schedules.definition` writes: the truth of the schedule. The other fields follow from it
    or say where it stands.

    ``next_fire_at`` is the first firing that has no occurrence yet; None when it is paused or never fires again.
    ``overrides`` are what persons chose for single firings, as `models.override` reads them. ``begin_at`` is when that firing's occurrence is written,
    ``ahead_seconds`` before it, so that what takes long to make is there on time; `aim` keeps the two in step.
    ``offset_seconds`` is how long after its firing a floating schedule begins, as the planner spread it. ``weight`` is light or heavy, of its runs to come.
    ``clocks`` are the zones of its recipients and the hours of their own, [zone, "08:30" or ""] each, as they were at
    ``clocks_at``: they count where the rule is on each recipient's own clock. ``fired_wall`` is the wall time of its last
    firing then, as `schedules.firing.wall_of` writes it.
    """

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="schedules")
    definition = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    paused_at = models.DateTimeField(null=True)
    next_fire_at = models.DateTimeField(null=True)
    overrides = models.JSONField(default=list)
    begin_at = models.DateTimeField(null=True)
    ahead_seconds = models.PositiveIntegerField(default=0)
    offset_seconds = models.PositiveIntegerField(default=0)
    weight = models.CharField(max_length=8, default="light")
    clocks = models.JSONField(default=list)
    clocks_at = models.DateTimeField(null=True)
    fired_wall = models.CharField(max_length=19, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_schedule_of_a_name")]
        indexes = [models.Index(fields=["begin_at"], name="schedule_due", condition=models.Q(begin_at__isnull=False))]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title

    def aim(self, at: datetime | None) -> None:
        """The next firing is at *at*; None: there is none. Does not save."""
        self.next_fire_at = at
        # What a person chose for it can be undone until its time, so it is not made before.
        chosen = at is not None and any(one.comes_at == at for one in overrides_from(self.overrides))
        ahead = 0 if chosen else self.ahead_seconds
        self.begin_at = at - timedelta(seconds=ahead) if at else None
