"""A planned standstill: from when to when no run begins, and whose."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models


class Maintenance(models.Model):
    """``organization`` None: of the whole installation. ``source``: only runs that ask the source of this name; empty for
    all. It lasts from ``starts_at`` to ``ends_at``; None until a person ends it, which ``ended_at`` records, and also that
    it was called off before it began. What runs when it starts goes on for ``drain_seconds`` and is then put down.

    ``settled_at`` is when runs that had waited were let go on: until then it holds, so that none begins before its
    deadline was moved. ``told`` are those who were told of it, [organization, person] each, by their ids.
    """

    organization = models.ForeignKey("access.Organization", null=True, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    drain_seconds = models.PositiveIntegerField(default=300)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told = models.JSONField(default=list)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["starts_at"], name="maintenance_open", condition=models.Q(settled_at__isnull=True))
        ]
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"maintenance from {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def over_at(self) -> datetime | None:
        """When it is or was over; None while nobody knows."""
        return self.ended_at or self.ends_at

    @property
    def drained_at(self) -> datetime:
        """From when on what still runs is put down."""
        return self.starts_at + timedelta(seconds=self.drain_seconds)
