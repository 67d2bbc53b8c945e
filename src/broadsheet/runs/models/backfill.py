"""Runs of firings that have passed, asked for by a person for a range."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import models

RECIPIENTS: Final = "recipients"
ME: Final = "me"
NOBODY: Final = "nobody"


class Backfill(models.Model):
    """Of *schedule*, firings from ``first`` to ``last``. ``sending`` says to whom: recipients, me (``address``) or nobody,
    whose files are made and kept. ``at_once`` of its runs go at a time. ``why`` is in the words of who asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    schedule = models.ForeignKey("schedules.Schedule", on_delete=models.CASCADE, related_name="backfills")
    first = models.DateTimeField()
    last = models.DateTimeField()
    sending = models.CharField(max_length=16, default=RECIPIENTS)
    address = models.CharField(max_length=320, blank=True)
    at_once = models.PositiveSmallIntegerField(default=1)
    asked_by = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["schedule", "-created_at"], name="backfill_newest")]

    def __str__(self) -> str:
        return f"{self.schedule_id} from {self.first:%Y-%m-%d} to {self.last:%Y-%m-%d}"
