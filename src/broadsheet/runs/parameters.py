"""Whether parameters for one run fit its report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from broadsheet.core.document.parameters import resolve
from broadsheet.core.policy import Reader
from broadsheet.reports import queries as reports
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.periods import period_calendars


def check_given(schedule: Schedule, definition: ScheduleDefinition, given: Mapping[str, str], *, now: datetime) -> None:
    """Raises ParameterError with all that is wrong with the schedule's parameters and *given* over them, at *now*."""
    merged = {**definition.given, **given}
    asked = reports.definition_of(reports.latest(schedule.report))
    calendars = period_calendars(schedule.organization_id, asked, merged, now=now)
    resolve(asked, merged, reader=Reader("", ""), now=now, calendars=calendars)
