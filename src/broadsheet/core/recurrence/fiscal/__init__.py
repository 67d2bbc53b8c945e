"""Fiscal calendars and the spans of time that reports ask for. See docs/reference/calendars.md."""

from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar
from broadsheet.core.recurrence.fiscal.months import CALENDAR_YEAR, FiscalMonths
from broadsheet.core.recurrence.fiscal.period import UNITS, Period, Unit
from broadsheet.core.recurrence.fiscal.spans import (
    Span,
    current_period,
    last_closed,
    last_days,
    next_business_day,
    period_to_date,
    previous_business_day,
    same_period_last_year,
)
from broadsheet.core.recurrence.fiscal.weeks import BROADCAST, ISO, PATTERNS, FiscalWeeks, YearEnd

__all__ = [
    "BROADCAST",
    "CALENDAR_YEAR",
    "ISO",
    "PATTERNS",
    "UNITS",
    "FiscalCalendar",
    "FiscalMonths",
    "FiscalWeeks",
    "Period",
    "Span",
    "Unit",
    "YearEnd",
    "current_period",
    "last_closed",
    "last_days",
    "next_business_day",
    "period_to_date",
    "previous_business_day",
    "same_period_last_year",
]
