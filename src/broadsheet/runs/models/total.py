"""What was counted since the installation began: for monitoring, which wants numbers that only grow."""

from __future__ import annotations

from django.db import models


class Total(models.Model):
    """``number`` of what ``name`` says, of one organization, for ``labels`` (values in the figure's own order, with tabs between).
    Of a histogram ``sum`` are the seconds in all, and ``buckets`` how many were no longer than each of its bounds."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    labels = models.CharField(max_length=200, blank=True)
    number = models.PositiveBigIntegerField(default=0)
    sum = models.FloatField(default=0)
    buckets = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name", "labels"], name="one_total_each")]

    def __str__(self) -> str:
        return f"{self.name} {self.labels}: {self.number}"


class CountedUntil(models.Model):
    """One row: all that ended until ``at`` is in the totals. Who counts on holds its lock."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"counted until {self.at:%Y-%m-%d %H:%M:%S}"
