"""What a run used: of its sources by its queries, and of this machine by its drawings."""

from __future__ import annotations

from django.db import models

from .occurrence import Occurrence
from .slice import Slice


class RunUse(models.Model):
    """``queries`` asked, or answered from what was kept; the ``rows`` and ``bytes`` that they gave in sum; ``seconds`` on the
    clock from the first query to the last drawing. All of the last time that it was worked on."""

    occurrence = models.OneToOneField(Occurrence, on_delete=models.CASCADE, related_name="use")
    queries = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"{self.rows} rows, {self.bytes} bytes"


class SliceUse(models.Model):
    """Of drawing one slice: ``cpu_seconds`` of processor time, and the ``peak_megabytes`` that it added to its process. Where
    it went past a bound, ``ended_by`` says which, as `runs.rendering.RenderLimit` names them."""

    slice = models.OneToOneField(Slice, on_delete=models.CASCADE, related_name="use")
    cpu_seconds = models.FloatField(default=0)
    peak_megabytes = models.FloatField(default=0)
    ended_by = models.CharField(max_length=8, blank=True)

    def __str__(self) -> str:
        return f"{self.cpu_seconds} s, {self.peak_megabytes} MB"
