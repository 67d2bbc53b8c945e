"""What a run has used, in sum: what pages, the REST API and the command line tell of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Sum

from broadsheet.runs.models import Occurrence, RunUse, SliceUse


@dataclass(frozen=True, slots=True)
class Used:
    """``queries`` asked or answered from what was kept, the ``rows`` and ``bytes`` that they gave, ``seconds`` on the clock:
    of the last time that it was worked on. ``cpu_seconds`` of processor time over all slices, and ``peak_megabytes`` of the
    slice that took the most memory."""

    queries: int
    rows: int
    bytes: int
    seconds: float
    cpu_seconds: float
    peak_megabytes: float


def used_by(run: Occurrence) -> Used | None:
    """None for a run of which nothing was made yet."""
    whole = RunUse.objects.filter(occurrence=run).first()
    if whole is None:
        return None
    drawn = SliceUse.objects.filter(slice__occurrence=run).aggregate(cpu=Sum("cpu_seconds"), peak=Max("peak_megabytes"))
    return Used(
        whole.queries, whole.rows, whole.bytes, whole.seconds, round(drawn["cpu"] or 0.0, 3), drawn["peak"] or 0.0
    )
