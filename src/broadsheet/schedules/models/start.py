"""What started a run from outside of its rule."""

from __future__ import annotations

from django.db import models


class Start(models.Model):
    """One for each run that an event, a milestone or a call started, written with it in one transaction. ``key`` says
    what for, such as ``event:<id>`` or ``call:<webhook-id>``: one run of a schedule for each, however often and by however
    many it is asked for. ``given`` is what was asked for, so that one key is not used for two different things.
    """

    schedule = models.ForeignKey("schedules.Schedule", on_delete=models.CASCADE, related_name="starts")
    key = models.CharField(max_length=255)
    given = models.JSONField(default=dict)
    event = models.ForeignKey("schedules.Event", null=True, on_delete=models.SET_NULL, related_name="starts")
    occurrence = models.OneToOneField("runs.Occurrence", on_delete=models.CASCADE, related_name="start")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "key"], name="one_start_of_a_key")]

    def __str__(self) -> str:
        return f"{self.schedule_id} by {self.key}"
