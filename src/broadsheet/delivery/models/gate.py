"""What lets deliveries through a channel: its breaker, and counts of what went."""

from __future__ import annotations

from django.db import models

from .channel import StoredChannel


class Gate(models.Model):
    """The breaker of one channel, shared by all processes; its row is locked by who decides. The fields up to ``trials`` are
    those of `core.lifecycle.breaker.Breaker`, on the database's clock. ``last_word`` is why it opened or stayed open.
    A channel that never failed and has no limits has no row."""

    channel = models.OneToOneField(StoredChannel, on_delete=models.CASCADE, related_name="gate")
    recent = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField(null=True)
    trial_at = models.DateTimeField(null=True)
    trial_until = models.DateTimeField(null=True)
    trials = models.PositiveIntegerField(default=0)
    last_word = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.channel_id}: {'open' if self.opened_at else 'closed'}"


class Meter(models.Model):
    """How many tries went through a channel lately, to one ``domain`` (empty: to all), for the limit over ``seconds``.
    ``used`` is that of `core.lifecycle.bucket`, its keys as text."""

    channel = models.ForeignKey(StoredChannel, on_delete=models.CASCADE, related_name="meters")
    domain = models.CharField(max_length=255, blank=True)
    seconds = models.PositiveIntegerField()
    used = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "domain", "seconds"], name="one_meter_each")]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.domain or 'all'} per {self.seconds} s"
