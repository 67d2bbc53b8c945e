"""By which calendars the periods of a report are counted."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.parameters import ParameterError
from broadsheet.core.document.periods import PLAIN, PeriodCalendars
from broadsheet.schedules.periods import period_calendars

from .drafts import PARAMETER


def calendars_for(
    organization_id: int, report: ReportDefinition | None, post: QueryDict, *, now: datetime
) -> PeriodCalendars:
    """The organization's fiscal years and business days, where a period of *report* asks for them; calendar years, and
    Monday to Friday, where they cannot be worked out: saving then says so."""
    if report is None:
        return PLAIN
    given = {name: str(post.get(f"{PARAMETER}{name}", "")) for name in report.parameters}
    try:
        return period_calendars(organization_id, report, given, now=now)
    except ParameterError:
        return PLAIN
