"""What every run takes from its schedule, whoever begins it: a run by hand keeps its schedule's place in the queue, too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from broadsheet.runs.models import Occurrence
from broadsheet.schedules.definition import PRIORITIES
from broadsheet.schedules.models import Schedule


def row_of(schedule: Schedule, *, fire_at: datetime, now: datetime, **fields: Any) -> Occurrence:
    """An occurrence of the schedule as it is now, not kept. *fields* are further ones, or stand for what follows from it."""
    usual = {
        "definition": schedule.definition,
        "schedule_version": schedule.version,
        "priority": PRIORITIES[schedule.definition.get("policies", {}).get("priority", "normal")],
        "weight": schedule.weight,
    }
    of = {"organization_id": schedule.organization_id, "schedule": schedule, "fire_at": fire_at, "created_at": now}
    return Occurrence(**{**usual, **of, **fields})
