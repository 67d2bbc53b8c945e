"""Recurrence: rules, the instants at which they fire, and why. See docs/explanation/recurrence.md."""

from broadsheet.core.recurrence.algebra import Difference, Intersection, Union
from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar, Convention, Weekends
from broadsheet.core.recurrence.combined import Combined
from broadsheet.core.recurrence.cron import Cron
from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.definition import timing_from, timing_to
from broadsheet.core.recurrence.engine import firings, next_firing
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.every import Every
from broadsheet.core.recurrence.explain import Explanation, explain
from broadsheet.core.recurrence.month_patterns import DayOfMonth, NthBusinessDay, NthWeekday
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.periodic import InPeriod, Yearly
from broadsheet.core.recurrence.reasons import reason_in
from broadsheet.core.recurrence.recipients import OwnClock, Spread, firings_over, moment_on, next_over, on_clock
from broadsheet.core.recurrence.relative import OnEvents
from broadsheet.core.recurrence.rolled import Rolled, Shifted
from broadsheet.core.recurrence.rrule import RRule, RRuleSet
from broadsheet.core.recurrence.rule import Instants, Moments, Rule
from broadsheet.core.recurrence.timing import Firing, Timing
from broadsheet.core.recurrence.weekly import Weekly
from broadsheet.core.recurrence.words import words
from broadsheet.core.recurrence.written import Dates, WrittenMoments

__all__ = [
    "MONDAY_TO_FRIDAY",
    "Calendar",
    "Combined",
    "Convention",
    "Cron",
    "Daily",
    "Dates",
    "DayOfMonth",
    "Difference",
    "Every",
    "Explanation",
    "Firing",
    "InPeriod",
    "Instants",
    "Intersection",
    "Moments",
    "Monthly",
    "NthBusinessDay",
    "NthWeekday",
    "OnEvents",
    "OwnClock",
    "RRule",
    "RRuleSet",
    "Rolled",
    "Rule",
    "RuleError",
    "Shifted",
    "Spread",
    "Timing",
    "Union",
    "Weekends",
    "Weekly",
    "WrittenMoments",
    "Yearly",
    "explain",
    "firings",
    "firings_over",
    "moment_on",
    "next_firing",
    "next_over",
    "on_clock",
    "reason_in",
    "timing_from",
    "timing_to",
    "words",
]
