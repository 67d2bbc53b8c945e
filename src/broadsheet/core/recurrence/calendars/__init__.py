"""Which dates are business days, why the others are not, and arithmetic on them. See docs/reference/calendars.md."""

from broadsheet.core.recurrence.calendars.algebra import AllOf, AnyOf, Except, session_of
from broadsheet.core.recurrence.calendars.arithmetic import add_business_days, business_days_between
from broadsheet.core.recurrence.calendars.base import MONDAY_TO_FRIDAY, SATURDAY, SUNDAY, Calendar, Weekends
from broadsheet.core.recurrence.calendars.business import Business, FixedDays, YearlyDays
from broadsheet.core.recurrence.calendars.days import DaySource, HalfDay, Hours, Session, YearOfDays
from broadsheet.core.recurrence.calendars.events import Event, EventDays, Events
from broadsheet.core.recurrence.calendars.rolls import CONVENTIONS, Convention, rolled
from broadsheet.core.recurrence.calendars.said import closure_of
from broadsheet.core.recurrence.calendars.weeks import broadcast_month, iso_week, iso_weeks_in, week_start

__all__ = [
    "CONVENTIONS",
    "MONDAY_TO_FRIDAY",
    "SATURDAY",
    "SUNDAY",
    "AllOf",
    "AnyOf",
    "Business",
    "Calendar",
    "Convention",
    "DaySource",
    "Event",
    "EventDays",
    "Events",
    "Except",
    "FixedDays",
    "HalfDay",
    "Hours",
    "Session",
    "Weekends",
    "YearOfDays",
    "YearlyDays",
    "add_business_days",
    "broadcast_month",
    "business_days_between",
    "closure_of",
    "iso_week",
    "iso_weeks_in",
    "rolled",
    "session_of",
    "week_start",
]
