"""The periods that conditions ask: by the rule's clock, seen at the firing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from broadsheet.access.models import Organization
from broadsheet.core.document.parameters import ParameterError, resolve
from broadsheet.core.document.periods import Period, PeriodError, parse
from broadsheet.core.policy import Reader
from broadsheet.core.recurrence import RuleError, timing_from
from broadsheet.reports import queries as reports
from broadsheet.reports.models import Report
from broadsheet.schedules.calendars import CalendarError, any_names
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.periods import calendars_of, period_calendars
from broadsheet.sources.errors import QueryRefused

USUAL = "yesterday"


def zone_for(definition: ScheduleDefinition, organization_id: int) -> str:
    """The clock that the rule goes by (IANA); the organization's where it names none, or each recipient's own counts."""
    own = Organization.objects.values_list("zone", flat=True).get(pk=organization_id)
    if not definition.when:
        return own
    try:
        timing = timing_from(definition.when, default_zone=own, **any_names())
    except RuleError:
        return own
    return own if timing.personal else timing.zone


def period_for(text: str, organization_id: int, *, at: datetime, zone: str) -> Period:
    """The period that *text* names, seen *at* (aware). Raises QueryRefused."""
    try:
        return parse(text, now=at, zone=zone, calendars=calendars_of(organization_id, text, now=at))
    except (PeriodError, CalendarError) as error:
        raise QueryRefused(f"The condition’s period cannot be read. {error}") from error


def report_period(
    definition: ScheduleDefinition, organization_id: int, given: Mapping[str, str], *, at: datetime, zone: str
) -> Period:
    """The period that the schedule's report shows, seen *at* (aware); yesterday where it has none. Raises QueryRefused."""
    report = Report.objects.filter(organization_id=organization_id, name=definition.report).first()
    if report is not None:
        asked, merged = reports.definition_of(reports.latest(report)), {**definition.given, **given}
        try:
            calendars = period_calendars(organization_id, asked, merged, now=at)
            found = resolve(asked, merged, reader=Reader("", "", zone=zone), now=at, calendars=calendars).period()
        except ParameterError as error:
            raise QueryRefused(f"The report’s period cannot be read. {error}") from error
        if found is not None:
            return found
    return period_for(USUAL, organization_id, at=at, zone=zone)
