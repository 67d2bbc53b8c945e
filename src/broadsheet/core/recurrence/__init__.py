"""Recurrence: rules, the instants at which they fire, and why. See docs/explanation/recurrence.md."""

from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar, Weekends
from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.definition import timing_from, timing_to
from broadsheet.core.recurrence.engine import firings, next_firing
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.explain import Explanation, explain
from broadsheet.core.recurrence.month_patterns import DayOfMonth, NthBusinessDay, NthWeekday
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.rule import Rule
from broadsheet.core.recurrence.timing import Firing, Timing
from broadsheet.core.recurrence.weekly import Weekly
from broadsheet.core.recurrence.words import words

__all__ = [
    "MONDAY_TO_FRIDAY",
    "Calendar",
    "Daily",
    "DayOfMonth",
    "Explanation",
    "Firing",
    "Monthly",
    "NthBusinessDay",
    "NthWeekday",
    "Rule",
    "RuleError",
    "Timing",
    "Weekends",
    "Weekly",
    "explain",
    "firings",
    "next_firing",
    "timing_from",
    "timing_to",
    "words",
]
