"""A calendar that schedules name."""

from __future__ import annotations

from django.db import models


class Calendar(models.Model):
    """``definition`` is what `schedules.calendars` reads. ``fetched`` is the iCalendar text of its file or address, as
    it was at ``fetched_at``; ``tried_at`` is the last time that somebody looked, and ``trouble`` says why that failed: the
    text before it stays in use."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    label = models.CharField(max_length=200)
    definition = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    fetched = models.TextField(blank=True)
    fetched_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_calendar_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label
