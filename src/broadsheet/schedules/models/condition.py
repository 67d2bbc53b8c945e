"""What a run waited for, and what its condition said: of each run once."""

from __future__ import annotations

from django.db import models


class Wait(models.Model):
    """The waiting of one run for its data; ``run`` is the occurrence's key.

    ``lacking`` are sentences on what was not there when it was looked last, at ``looked_at`` for the ``looks``-th time.
    ``until`` is when it is decided without. ``outcome``: waiting, ready, stale (sent nevertheless, and marked), skipped or
    alerted. ``data_to`` is up to when the data goes that was too old; None where that is not known.
    """

    schedule = models.ForeignKey("schedules.Schedule", on_delete=models.CASCADE, related_name="waits")
    run = models.UUIDField(unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    looked_at = models.DateTimeField()
    looks = models.PositiveIntegerField(default=1)
    lacking = models.JSONField(default=list)
    outcome = models.CharField(max_length=16, default="waiting")
    data_to = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["schedule", "-since"], name="wait_newest")]

    def __str__(self) -> str:
        return f"{self.run} {self.outcome}"


class AlarmState(models.Model):
    """Where a schedule's condition stands, as `core.conditions.Alarm` has it. ``condition`` is a hash of what it was about:
    another condition begins anew."""

    schedule = models.OneToOneField("schedules.Schedule", on_delete=models.CASCADE, related_name="alarm")
    condition = models.CharField(max_length=64)
    status = models.CharField(max_length=16, default="ok")
    since = models.DateTimeField(null=True)
    in_a_row = models.PositiveIntegerField(default=0)
    alarmed = models.BooleanField(default=False)
    fired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.status}"


class Evaluation(models.Model):
    """One evaluation of a condition, for the run whose key is ``run``; there is never a second one for it.

    ``period`` is the key of the period that was asked. ``value``, ``before`` (of the period before) and ``measure`` are what
    was compared, None where there is none. ``verdict`` is fire or skip, ``because`` as `core.conditions.Answer` has it.
    ``reason`` says it in a sentence with its figures, ``plainly`` without them, for those who may not see these.
    """

    schedule = models.ForeignKey("schedules.Schedule", on_delete=models.CASCADE, related_name="evaluations")
    run = models.UUIDField(unique=True)
    fire_at = models.DateTimeField()
    at = models.DateTimeField()
    dataset = models.CharField(max_length=100)
    metric = models.CharField(max_length=100)
    period = models.CharField(max_length=60)
    value = models.FloatField(null=True)
    before = models.FloatField(null=True)
    measure = models.FloatField(null=True)
    status = models.CharField(max_length=16)
    in_a_row = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=8)
    because = models.CharField(max_length=16)
    reason = models.TextField()
    plainly = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["schedule", "-fire_at"], name="evaluation_newest")]

    def __str__(self) -> str:
        return f"{self.run} {self.verdict}"
