"""The figure of a milestone, asked of its dataset. Unrestricted, as an audience is: who kept it was entitled to all rows."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from broadsheet.access.models import Organization
from broadsheet.core.document.periods import PLAIN, PeriodError, parse
from broadsheet.core.document.tables import Ask, Filter, Span
from broadsheet.core.policy import Reader
from broadsheet.schedules.calendars import CalendarError
from broadsheet.schedules.periods import calendars_of
from broadsheet.schedules.triggers.definition import MilestoneDefinition
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.errors import SourceError

KEY = "milestone"


class NoFigure(Exception):
    """There is no figure to compare; the message says why. Worth another look later."""


def span_of(asked: MilestoneDefinition, *, organization_id: int, now: datetime | None = None) -> Span | None:
    """The span that counts, in the organization's zone; None: all that there is. Raises PeriodError."""
    now = now or timezone.now()
    if not asked.over and asked.since is None:
        return None
    zone = _zone(organization_id)
    if asked.since is not None:
        start = datetime.combine(asked.since, time(), ZoneInfo(zone))
        return Span(min(start, now).astimezone(UTC), now)
    try:
        calendars = calendars_of(organization_id, asked.over, now=now)
    except CalendarError:
        calendars = PLAIN
    return parse(asked.over, now=now, zone=zone, calendars=calendars).span


def measured(asked: MilestoneDefinition, *, organization_id: int, now: datetime) -> float:
    """The figure now; nothing at all counts as 0. Raises NoFigure."""
    try:
        span = span_of(asked, organization_id=organization_id, now=now)
        ask = Ask(
            asked.dataset,
            (asked.metric,),
            span=span,
            filters=tuple(Filter(name, "=", value) for name, value in asked.where.items()),
            zone=_zone(organization_id),
        )
        everybody = Reader("milestone", "", unrestricted=True)
        table = answer_all(organization_id, [Request(KEY, ask, everybody)], as_of=now)[KEY]
    except (SourceError, PeriodError) as error:
        raise NoFigure(str(error)) from error
    if table.withheld:
        raise NoFigure(f"The figure is held back, since it is of fewer than {table.least}.")
    if not table.rows:
        return 0.0
    value = table.values(asked.metric)[0]
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise NoFigure(f"“{asked.metric}” of “{asked.dataset}” is no number. Choose another metric.")
    return float(value)


def _zone(organization_id: int) -> str:
    return Organization.objects.values_list("zone", flat=True).get(pk=organization_id)
