"""How far a figure is on its way to a mark that starts a schedule once."""

from __future__ import annotations

from django.db import models


class Milestone(models.Model):
    """``fingerprint`` is of what the definition says of the mark: one row for each, ever, so that what was reached once
    never starts anything again, not even when the mark is taken out and put back. ``current``: the definition names it now.

    ``value`` and ``looked_at`` are of the last look that was answered, ``look_at`` is when the next is due, ``error`` why
    the last was not answered. ``reached_at``: never looked at again. ``before``: it was reached at the first look already,
    so it started nothing.
    """

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    schedule = models.ForeignKey("schedules.Schedule", on_delete=models.CASCADE, related_name="milestones")
    fingerprint = models.CharField(max_length=64)
    current = models.BooleanField(default=True)
    value = models.FloatField(null=True)
    looked_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)
    before = models.BooleanField(default=False)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "fingerprint"], name="one_milestone_of_a_mark")]
        indexes = [
            models.Index(
                fields=["look_at"], name="milestone_due", condition=models.Q(reached_at__isnull=True, current=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id}: {self.fingerprint[:8]}"
