"""What “fiscal” and “business” mean in the periods of an organization's reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from broadsheet.core.document.definition.parameters import PeriodSpec
from broadsheet.core.document.definition.report import ReportDefinition
from broadsheet.core.document.parameters import ParameterError, ParameterProblem
from broadsheet.core.document.periods import PLAIN, PeriodCalendars
from broadsheet.core.recurrence.fiscal import CALENDAR_YEAR, FiscalCalendar

from .calendars import CalendarError, Shelf, kept

FISCAL, DEFAULT = "fiscal", "default"  # names of the calendars that count


def period_calendars(
    organization_id: int, definition: ReportDefinition, given: Mapping[str, str], *, now: datetime
) -> PeriodCalendars:
    """The fiscal years of the organization's calendar `fiscal` and the business days of its calendar `default`; calendar
    years, and Monday to Friday, where there are none. Nothing is asked of the database where no period needs them.

    Raises ParameterError for a calendar that cannot be built now.
    """
    periods = {name: spec.default for name, spec in definition.parameters.items() if isinstance(spec, PeriodSpec)}
    asking = next((name for name in periods if _needs(given.get(name) or periods[name])), "")
    if not asking:
        return PLAIN
    try:
        return calendars_of(organization_id, given.get(asking) or periods[asking], now=now)
    except CalendarError as error:
        raise ParameterError([ParameterProblem(asking, error.message, error.fix)]) from error


def calendars_of(organization_id: int, period: str, *, now: datetime) -> PeriodCalendars:
    """What *period* needs of them; nothing is asked of the database where that is nothing. Raises CalendarError."""
    return _named(kept.shelf_of(organization_id, around=now.date())) if _needs(period) else PLAIN


def fiscal_calendar(organization_id: int, *, around: date) -> FiscalCalendar:
    """The fiscal years of the organization's calendar `fiscal`, else calendar years. Raises CalendarError."""
    shelf = kept.shelf_of(organization_id, around=around)
    return shelf.fiscal(FISCAL) if FISCAL in shelf.definitions else CALENDAR_YEAR


def _needs(period: str) -> bool:
    words = period.lower()
    return "fiscal" in words or "business" in words


def _named(shelf: Shelf) -> PeriodCalendars:
    known = shelf.definitions
    return PeriodCalendars(
        shelf.fiscal(FISCAL) if FISCAL in known else PLAIN.fiscal,
        shelf.calendar(DEFAULT) if DEFAULT in known else PLAIN.business,
    )
