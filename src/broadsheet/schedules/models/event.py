"""Something that happened in the business, told by a person or a machine; and who listens."""

from __future__ import annotations

import uuid

from django.db import models


class Event(models.Model):
    """``key`` makes telling it twice harmless: one row for each key of a name. ``at`` is when it happened, ``received_at``
    when it was told. ``dispatched_at`` is when the runs that it starts were written, with it in one transaction; None:
    not yet, and the next look of any process does it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200, blank=True)
    via = models.CharField(max_length=20, blank=True)
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name", "key"], name="one_event_of_a_key"),
        ]
        indexes = [
            models.Index(fields=["organization", "-received_at"], name="event_newest"),
            models.Index(fields=["received_at"], name="event_waiting", condition=models.Q(dispatched_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"


class Listener(models.Model):
    """A schedule that is started by events of a name, as its definition says: follows from that, so that an event finds
    its schedules without reading all of them."""

    schedule = models.ForeignKey("schedules.Schedule", on_delete=models.CASCADE, related_name="listeners")
    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "event"], name="one_listener_of_an_event")]
        indexes = [models.Index(fields=["organization", "event"], name="listener_of_event")]

    def __str__(self) -> str:
        return f"{self.schedule_id} listens to {self.event}"
