"""Calendars built from data: holidays of countries, days of markets, events of files, and definitions that join them."""

from .building import READY_MADE, Shelf, any_names, calendar_of, fiscal_of
from .definition import CalendarDefinition, calendar_from, calendar_schema
from .errors import CalendarError
from .events import events_from
from .order import named_first
from .public import countries, country_calendar, subdivisions

__all__ = [
    "READY_MADE",
    "CalendarDefinition",
    "CalendarError",
    "Shelf",
    "any_names",
    "calendar_from",
    "calendar_of",
    "calendar_schema",
    "countries",
    "country_calendar",
    "events_from",
    "fiscal_of",
    "named_first",
    "subdivisions",
]
