"""Take back what was made ahead of firings that are still to come: its schedule was changed or paused meanwhile.

Nothing of such a run has left, so nothing is lost but work. If the schedule, as it is by then, still fires at that time,
it is written and made anew.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.models import Schedule

PAUSED = "The schedule was paused before this run was to begin"


@transaction.atomic
def withdraw(schedule: Schedule, *, now: datetime) -> int:
    """How many runs were taken back. The schedule must be locked, and be aimed anew from *now* afterwards; what is
    changed in it here, its ``fired_wall``, is not saved.

    One that a person must look at stays: whoever lets it go sees what it is. One that has ended already stays as it ended.
    """
    early = Occurrence.objects.filter(
        schedule_id=schedule.pk, kind="scheduled", fire_at__gt=now, finished_at__isnull=True
    ).exclude(state=State.HELD)
    # The lock first: whoever works on one finishes what it writes, and finds the lease gone at its next write.
    found = list(early.select_for_update().values_list("pk", flat=True))
    if found:
        Occurrence.objects.filter(pk__in=found).delete()
        begun = Occurrence.objects.filter(schedule_id=schedule.pk).exclude(wall="").order_by("-fire_at")
        schedule.fired_wall = begun.values_list("wall", flat=True).first() or ""
    return len(found)


def let_pass(schedule: Schedule, *, now: datetime) -> None:
    """Runs of a floating schedule that fired and were to begin later do not begin: it was paused meanwhile. Their rows say
    so. The schedule must be locked."""
    Occurrence.objects.filter(
        schedule_id=schedule.pk, kind="scheduled", state=State.DUE, begun_at__isnull=True, wake_at__gt=now,
        fire_at__lte=now,
    ).update(state=State.SKIPPED, reason=PAUSED, finished_at=now, wake_at=None)  # fmt: skip
