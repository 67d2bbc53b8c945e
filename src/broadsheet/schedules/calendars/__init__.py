"""Calendars built from data: holidays of countries, days of markets, events of files, and definitions that join them."""

from .building import Shelf, calendar_of, fiscal_of
from .definition import CalendarDefinition, calendar_from, calendar_schema
from .errors import CalendarError
from .events import events_from
from .public import countries, country_calendar, subdivisions

__all__ = [
    "CalendarDefinition",
    "CalendarError",
    "Shelf",
    "calendar_from",
    "calendar_of",
    "calendar_schema",
    "countries",
    "country_calendar",
    "events_from",
    "fiscal_of",
    "subdivisions",
]
